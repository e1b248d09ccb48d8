# 问效：make run 启动演示，make test 全部检验。需要 Python 3.11 与 make。
#   make run PORT=8600 HOST=0.0.0.0

PORT = 8501
HOST = 127.0.0.1
DEMO = build/demo
STAMP = .venv/installed
SPARK_STAMP = .venv/installed-spark
# Debian names it python3.11, other systems may only have python3; PYTHON=... chooses by hand.
PYTHON =
MACHINE =

.PHONY: run test torture browser spark nginx audit pictures bundle lock clean

run: $(STAMP)
	@test -d $(DEMO) || { echo "正在建立演示数据（只在首次进行，约一分钟）……"; rm -rf $(DEMO).new && .venv/bin/wenxiao demo $(DEMO).new && mv $(DEMO).new $(DEMO); }
	@exec .venv/bin/wenxiao serve --workspace $(DEMO) --host $(HOST) --port $(PORT)

test: $(STAMP) browser spark nginx
	.venv/bin/ruff check .
	.venv/bin/mypy
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; export WENXIAO_TESTS_FOLDER="$$folder"; \
	.venv/bin/pytest --numprocesses 2 --dist loadfile --ignore tests/browser \
	&& .venv/bin/pytest --numprocesses 2 --dist loadfile tests/browser

# The long forms of the tests of faults, hostile files and the bundle, about two hours; their figures stand in README.md.
torture: $(STAMP)
	.venv/bin/python -m tests.faults.killing --kills 300
	.venv/bin/python -m tests.faults.loading --readers 200 --writers 20 --seconds 600
	WENXIAO_HOSTILE_FILES=5000 .venv/bin/pytest tests/security/test_hostile_files.py
	@MACHINE=$(MACHINE) .ci/bundle
	bash tests/offline_trial.sh build/bundle

# Everything that is installed is named, with its hash, in the lock; a changed lock is installed again.
$(STAMP): requirements.lock pyproject.toml
	@python=""; \
	for name in $(PYTHON) python3.11 python3 python; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then \
	    python="$$name"; break; \
	  fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "需要 Python 3.11，没有找到（`python3 --version 2>/dev/null || echo 没有 python3`）。请先安装，或写明位置：make run PYTHON=/opt/python3.11/bin/python3.11" >&2; \
	  exit 2; \
	fi; \
	if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then \
	  rm -rf .venv; \
	  "$$python" -m venv .venv || { \
	    echo "不能建立 .venv：Debian 上请先安装 python3.11-venv，再重新执行。" >&2; rm -rf .venv; exit 2; }; \
	fi
	@echo "正在安装依赖（只在首次和依赖变动时进行）……"
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# Browser tests need Debian's Chromium and a Chinese font; without Chromium they are skipped and named.
browser: $(STAMP)
	@.ci/browser

# The tests on a Spark cluster need PySpark and Java; without Java they are skipped and named. make run needs neither.
spark: $(SPARK_STAMP)
	@.ci/java

# The tests of deploy/nginx.conf need nginx; without it they are skipped and named.
nginx:
	@.ci/nginx

$(SPARK_STAMP): requirements-spark.lock $(STAMP)
	@echo "正在安装 PySpark（只在首次和依赖变动时进行，约一分钟）……"
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --no-build-isolation \
	  -r requirements-spark.lock
	@touch $(SPARK_STAMP)

# The pictures of README.md, taken anew from a fresh demonstration.
pictures: $(STAMP) browser
	.venv/bin/python tests/browser/take_pictures.py

# Known vulnerabilities of what the lock names, as the package index tells of them.
audit: $(STAMP)
	@.ci/audit

# All that a machine without any network installs from: build/bundle; MACHINE=aarch64 for another processor.
bundle: $(STAMP)
	@MACHINE=$(MACHINE) .ci/bundle

lock:
	@.venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install -qq uv
	.venv/bin/python -m uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --python-version 3.11 --custom-compile-command 'make lock' --quiet --output-file requirements.lock
	.venv/bin/python -m uv pip compile pyproject.toml --constraints requirements.lock --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --python-version 3.11 --custom-compile-command 'make lock' --quiet --no-annotate --output-file requirements-serve.lock
	.venv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"], sep="\n")' \
	| .venv/bin/python -m uv pip compile - --constraints requirements.lock --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --python-version 3.11 --custom-compile-command 'make lock' --quiet --no-annotate --output-file requirements-spark.lock
	echo 'pip-audit>=2.10' | .venv/bin/python -m uv pip compile - --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --python-version 3.11 --custom-compile-command 'make lock' --quiet --no-annotate --output-file requirements-audit.lock

clean:
	rm -rf .venv build

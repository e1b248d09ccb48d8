"""The wheel carries all that the program reads, and the installer says what is wrong before it changes anything."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("dashboard", "data", "metrics")
NOT_READ = "dashboard/static/pictures/"      # README's own
PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.M)


def tracked() -> set[str]:
    """The files of the rooms; without git (a copy of the sources) whatever lies there."""
    listed = subprocess.run(["git", "ls-files", "-z", *ROOMS], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return set(listed.stdout.decode().strip("\0").split("\0"))
    return {
        path.relative_to(ROOT).as_posix() for room in ROOMS for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Wenxiao's wheel, built as .ci/bundle builds it."""
    sources, out = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel")
    for room in ROOMS:
        shutil.copytree(ROOT / room, sources / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", build, out], cwd=sources, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return zipfile.ZipFile(next(out.glob("wenxiao-*.whl")))


def test_the_wheel_carries_every_file_of_the_rooms(wheel):
    wanted = {name for name in tracked() if not name.startswith(NOT_READ)}
    held = {name for name in wheel.namelist() if name.startswith(ROOMS)}

    assert held - wanted == set() and wanted - held == set()
    assert {"dashboard/streamlit.toml", "dashboard/rights.csv"} <= held
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel.namelist())


def test_streamlit_s_own_place_leads_to_the_settings():
    assert (ROOT / ".streamlit" / "config.toml").resolve() == ROOT / "dashboard" / "streamlit.toml"


def test_a_server_installs_what_was_tested():
    tested = dict(PINNED.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    served = dict(PINNED.findall((ROOT / "requirements-serve.lock").read_text(encoding="utf-8")))

    assert served and served.items() <= tested.items()
    assert not {"pytest", "mypy", "playwright", "setuptools"} & served.keys()


def bundle(folder: Path) -> Path:
    """A bundle without any wheel but a false one."""
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "wenxiao-9.9-py3-none-any.whl").write_bytes(b"no wheel")
    (folder / "requirements.lock").write_text(f"wenxiao==9.9 --hash=sha256:{'0' * 64}\n")
    (folder / "machine").write_text(f"{platform.machine()}\n")
    shutil.copy(ROOT / "deploy" / "install.sh", folder)
    summed = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    (folder / "SHA256SUMS").write_text("".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder)}\n" for path in summed
    ))
    return folder


def install(folder: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(folder / "install.sh"), str(target)], capture_output=True, encoding="utf-8", check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHON": sys.executable},
    )


def test_a_changed_file_is_not_installed(tmp_path):
    folder = bundle(tmp_path / "bundle")
    (folder / "wheels" / "wenxiao-9.9-py3-none-any.whl").write_bytes(b"another")
    done = install(folder, tmp_path / "opt")

    assert done.returncode == 2 and "缺失或被改动" in done.stderr
    assert not (tmp_path / "opt").exists()


def test_another_processor_is_said(tmp_path):
    folder = bundle(tmp_path / "bundle")
    sums = (folder / "SHA256SUMS").read_text()
    (folder / "machine").write_text("riscv64\n")
    (folder / "SHA256SUMS").write_text(re.sub(r".*\./machine\n", "", sums))
    done = install(folder, tmp_path / "opt")

    assert done.returncode == 2 and "riscv64" in done.stderr and "MACHINE=" in done.stderr


def test_a_failed_installation_leaves_the_old_one_in_use(tmp_path):
    folder, target = bundle(tmp_path / "bundle"), tmp_path / "opt"
    (target / "venv-0.1").mkdir(parents=True)
    (target / ".venv").symlink_to(target / "venv-0.1")
    done = install(folder, target)

    assert done.returncode == 2 and "原来的版本没有动" in done.stderr
    assert [path.name for path in sorted(target.iterdir())] == [".venv", "venv-0.1"]
    assert (target / ".venv").resolve() == target / "venv-0.1"


def test_the_readme_of_the_bundle_is_short_and_names_what_is_there():
    text = (ROOT / "deploy" / "README.txt").read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 15
    named = set(re.findall(r"[\w-]+\.(?:service|timer|conf)", text)) - {"wenxiao.conf"}
    assert named and all((ROOT / "deploy" / name).exists() for name in named)

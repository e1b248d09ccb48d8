#!/bin/sh
# Installs Wenxiao from this folder, without any network: sh install.sh [FOLDER]
# Each release gets an environment of its own; FOLDER/.venv points to the one in use, so that a failure changes nothing.
set -eu
target=${1:-/opt/wenxiao}
cd "$(dirname "$0")"

python=""
for name in ${PYTHON:-} python3.11 python3 python; do
  if "$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    python=$name
    break
  fi
done
if [ -z "$python" ]; then
  echo "需要 Python 3.11，没有找到：请先安装，或写明位置：PYTHON=/opt/python3.11/bin/python3.11 sh install.sh" >&2
  exit 2
fi
if ! sha256sum --quiet -c SHA256SUMS >&2; then
  echo "安装文件夹里有文件缺失或被改动，没有安装：请重新复制整个文件夹。" >&2
  exit 2
fi
if [ "$(uname -m)" != "$(cat machine)" ]; then
  echo "这个文件夹是给 $(cat machine) 处理器的，这台机器是 $(uname -m)：请用 make bundle MACHINE=$(uname -m) 重新制作。" >&2
  exit 2
fi

version=$(sed -n 's/^wenxiao==\([^ ]*\) .*/\1/p' requirements.lock)
mkdir -p "$target" || { echo "不能在 $target 安装：请换一个目录，或以 root 执行。" >&2; exit 2; }
target=$(cd "$target" && pwd)
made=$target/venv-$version-$(date +%Y%m%d%H%M%S)
failed() {
  rm -rf "$made"
  echo "$1" >&2
  exit 2
}
"$python" -m venv "$made" || failed "不能建立 Python 环境：Debian 上请先安装 python3.11-venv，再重新执行。"
"$made/bin/python" -m pip install -q --disable-pip-version-check --isolated --no-cache-dir --no-index \
  --find-links wheels --no-deps --require-hashes -r requirements.lock \
  || failed "没有装成，原来的版本没有动：要 Linux、glibc 2.28 以上（ldd --version），上面的英文说明是哪一个装不上。"
"$made/bin/wenxiao" version >/dev/null || failed "装上的程序不能运行，原来的版本没有动。"

# One step: whoever starts the service now gets the old environment or the new one whole.
ln -sfn "$made" "$target/.venv.new"
mv -T "$target/.venv.new" "$target/.venv"
echo "问效 $version 已装在 $target/.venv。试一试：$target/.venv/bin/wenxiao demo 演示 && $target/.venv/bin/wenxiao serve --workspace 演示"

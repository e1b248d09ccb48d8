#!/usr/bin/env bash
# Installs a bundle where there is no network at all, and serves from it; minutes, so not part of the tests:
#   make bundle && bash tests/offline_trial.sh build/bundle
# Needs the right to make a network namespace (root). Prints 「离线安装：通过」, or what failed.
set -euo pipefail

bundle=$(cd "$1" && pwd)
if [ -z "${INSIDE:-}" ]; then
  exec env -i PATH="$PATH" LANG=C.UTF-8 INSIDE=1 unshare -n bash "$(cd "$(dirname "$0")" && pwd)/$(basename "$0")" "$bundle"
fi

folder=$(mktemp -d)
server=""
end() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap end EXIT
fail() {
  echo "离线安装：$1" >&2
  exit 1
}
ip link set lo up
mkdir "$folder/home"
export HOME=$folder/home
cp -r "$bundle" "$folder/bundle"
cd "$HOME"
if (exec 3<>/dev/tcp/192.0.2.1/443) 2>/dev/null; then fail "这里有网络，试不出来"; fi

sh "$folder/bundle/install.sh" "$folder/opt"
wenxiao=$folder/opt/.venv/bin/wenxiao
"$wenxiao" demo "$folder/demo"
"$wenxiao" serve --workspace "$folder/demo" --port 0 >"$folder/told" 2>&1 &
server=$!
for _ in $(seq 600); do
  address=$(sed -n 's/.*请用浏览器打开：//p' "$folder/told")
  [ -z "$address" ] || break
  kill -0 "$server" 2>/dev/null || fail "服务没有启动：$(cat "$folder/told")"
  sleep 0.5
done
[ "$(curl -s -o /dev/null -w '%{http_code}' "$address/healthz")" = 200 ] || fail "/healthz 不是 200"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$address/login")" = 200 ] || fail "登录页打不开"
kill -TERM "$server"
wait "$server" || fail "没有正常停止：$(cat "$folder/told")"
server=""
[ -z "$(ls -A "$HOME")" ] || fail "在主目录里留下了东西：$(ls -A "$HOME")"
echo "离线安装：通过"

"""A real nginx on loopback with the files of deploy/, in front of servers that run."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

DEPLOY = Path(__file__).parent.parent / "deploy"
NAME, LOOKING_NAME = "wenxiao.example.gov.cn", "kan.example.gov.cn"
NGINX = os.environ.get("WENXIAO_NGINX") or shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or ""
# As their first lines say; nginx reads them in the order of their names.
INSTALLED_AS = {"nginx.conf": "wenxiao.conf", "nginx_replica.conf": "wenxiao_replica.conf"}

MAIN = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    include {folder}/conf.d/*.conf;
}}
"""


def lacking() -> str:
    """Why there can be no gateway here; empty if there can."""
    if not NGINX:
        return "本机没有 nginx：apt-get install nginx-light"
    return "" if shutil.which("openssl") else "本机没有 openssl"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Gateway:
    """Where nginx listens, and the certificate that it shows."""

    folder: Path
    https: int
    http: int

    def trust(self) -> ssl.SSLContext:
        """What a browser trusts that knows the certificate."""
        return ssl.create_default_context(cafile=str(self.folder / "wenxiao.crt"))

    def browser(self, name: str = NAME, address: str = "127.0.0.1") -> httpx.Client:
        """A client that keeps cookies, comes from an address of loopback and asks for a host by its name."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https}", headers={"Accept": "text/html", "Host": self.host(name)},
            timeout=60, transport=httpx.HTTPTransport(verify=self.trust(), local_address=address),
        )

    def host(self, name: str = NAME) -> str:
        """The host as a browser says it."""
        return f"{name}:{self.https}"


def _conf(name: str, made: Gateway, main: int, replica: int) -> str:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for shipped, here in (
        ("listen 80;", f"listen 127.0.0.1:{made.http};"), ("listen 443 ssl", f"listen 127.0.0.1:{made.https} ssl"),
        ("/etc/nginx/wenxiao.", f"{made.folder}/wenxiao."), ("/var/log/nginx/", f"{made.folder}/"),
        ("127.0.0.1:8501", f"127.0.0.1:{main}"), ("127.0.0.1:8502", f"127.0.0.1:{replica}"),
    ):
        # Only what this machine must have otherwise is put in its place; it has to be there.
        assert shipped in text or (name, shipped) == ("nginx.conf", "127.0.0.1:8502"), shipped
        text = text.replace(shipped, here)
    return text


@contextmanager
def gateway(folder: Path, main: int, replica: int = 0) -> Iterator[Gateway]:
    """Run nginx with our files in front of a main server's port, and of a replica's where one is named."""
    made = Gateway(folder, free_port(), free_port())
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-keyout", folder / "wenxiao.key", "-out", folder / "wenxiao.crt", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME},DNS:{LOOKING_NAME},IP:127.0.0.1"],
        check=True, capture_output=True,
    )  # fmt: skip
    (folder / "conf.d").mkdir()
    for name, placed in INSTALLED_AS.items():
        if replica or name == "nginx.conf":
            (folder / "conf.d" / placed).write_text(_conf(name, made, main, replica), encoding="utf-8")
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")
    with subprocess.Popen([NGINX, "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.PIPE) as process:
        try:
            _await(process, made.https)
            yield made
        finally:
            process.terminate()
            process.wait(20)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < until, process.stderr and process.stderr.read()
            time.sleep(0.05)

"""One process: Streamlit's ASGI application behind our middleware and beside our routes."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from streamlit.starlette import App
from streamlit.web import bootstrap

from dashboard import service_log
from dashboard.auth.desk import Desk
from dashboard.auth.gate import Gate
from dashboard.auth.html import ASSETS, style_route
from dashboard.auth.oidc import oidc_routes, warn_of_readable_secret, ways
from dashboard.auth.own_pages import OwnPages
from dashboard.auth.sessions import Sessions
from dashboard.auth.setup import invitation, setup_routes
from dashboard.auth.sign_in_pages import SignInPages
from dashboard.chrome import ChinesePage, chrome_routes, warn_of_untested_release
from dashboard.compressed import CompressedFiles
from dashboard.gauges import Gauges
from dashboard.headers import SecurityHeaders
from dashboard.kept import MEMORY
from dashboard.live_pages import keeping_up
from dashboard.messages.sender import posting
from dashboard.remote import RunningServer, announced, new_token
from dashboard.replica import elsewhere_routes
from dashboard.request_log import RequestLog
from data.apart import keep_ready
from data.errors import WenxiaoError
from data.store import Store

APP_SCRIPT = Path(__file__).parent / "app.py"

_LOG = logging.getLogger("wenxiao")


class PortError(WenxiaoError):
    """The address cannot be listened on."""


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def load_settings() -> None:
    """Give Streamlit the project's settings, whatever folder the process runs in; ``.streamlit/`` links to them."""
    text = (Path(__file__).parent / "streamlit.toml").read_text(encoding="utf-8")
    bootstrap.load_config_options(dict(_flat(tomllib.loads(text))))


def _health_route(store: Callable[[], Store]) -> Route:
    def answer() -> dict[str, str]:
        store().ping()
        return {"status": "ok"}     # anybody may ask: nothing more is said

    async def healthz(_request: object) -> JSONResponse:
        try:
            return JSONResponse(await run_in_threadpool(answer))
        except Exception:
            _LOG.exception("数据库没有应答")
            return JSONResponse({"status": "failed", "sentence": "数据库没有应答，请看服务日志。"}, 503)

    return Route("/healthz", healthz)


def build_app(
    script: Path, store: Callable[[], Store], routes: Sequence[BaseRoute] = (), names: Sequence[str] = (),
    sessions: Callable[[], Sessions] | None = None, other_ways: Callable[[], Sequence[tuple[str, str]]] = tuple,
    gauges: Gauges | None = None,
) -> App:
    """The whole application: Streamlit at ``/``, our routes first, the gate around everything.

    ``routes`` are further ones; without a session only those under the gate's open paths answer. ``names`` are
    the host names that people reach it by besides localhost and addresses. ``sessions`` are the process's; the
    pages must share them. ``other_ways`` are further ways in that the sign-in page offers: words and address.
    """
    load_settings()
    warn_of_untested_release()
    sessions = sessions or cache(lambda: Sessions(store()))
    desk = Desk(store, sessions, other_ways)
    all_routes = [
        *routes, *SignInPages(desk).routes(), *OwnPages(desk).routes(), style_route(), *chrome_routes(),
        _health_route(store),
    ]
    return App(
        script,
        lifespan=lambda _app: keeping_up(store),
        routes=all_routes,
        middleware=[
            Middleware(RequestLog),
            *([Middleware(gauges.counted)] if gauges else []),
            Middleware(SecurityHeaders, names=names),
            Middleware(Gate, sessions=sessions, routes=all_routes, assets=ASSETS),
            Middleware(CompressedFiles),
            Middleware(ChinesePage),
        ],
    )


def workspace_app(local_token: str, names: Sequence[str] = ()) -> App:
    """The application of the workspace that this process serves, with every route that there is.

    ``local_token`` is what the machine's owner shows at the command line.
    """
    from dashboard import session
    from dashboard.api.door import machine_routes

    gauges = Gauges()
    desk = Desk(lambda: session.workspace().store, session.sessions)
    return build_app(
        APP_SCRIPT, lambda: session.workspace().store, names=names, sessions=session.sessions, gauges=gauges,
        routes=[
            *machine_routes(session.workspace, gauges, local_token, session.sessions),
            *setup_routes(desk), *oidc_routes(desk, session.workspace().folder),
        ],
        other_ways=lambda: ways(session.workspace().folder),
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; port 0 takes a free one.

    Raises: PortError with a sentence if it is taken or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except (OSError, OverflowError) as error:
        listening.close()
        number = getattr(error, "errno", None)
        if number == errno.EADDRINUSE:
            raise PortError(f"端口 {port} 已被占用：请换一个，例如 make run PORT={port + 1}。") from error
        if number == errno.EACCES:
            raise PortError(f"没有权限使用端口 {port}：请换一个 1024 以上的端口。") from error
        raise PortError(f"不能在地址 {host}、端口 {port} 上提供服务：请核对地址和端口。") from error
    return listening


def open_address(host: str, port: int) -> str:
    """The address that a person on this machine types into the browser."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{port}"


def _announce(address: str, stopped: threading.Event, more: str = "") -> None:
    """Print the address, and what else there is to say, once the whole application answers there."""
    # The machine's proxy settings must not stand between the server and itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while not stopped.is_set():
        try:
            with opener.open(f"{address}/healthz", timeout=5):
                pass
            # Streamlit is started before the first request is taken; its pages are behind the gate.
            with opener.open(f"{address}/login", timeout=5):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    if not stopped.is_set():
        sys.stdout.write(f"问效已启动（按 Ctrl+C 停止）。请用浏览器打开：{address}\n{more}")
        sys.stdout.flush()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run_app(
    app: App, listening: socket.socket, host: str, more: str = "", trusted_proxies: Sequence[str] = ()
) -> int:
    """Serve until Ctrl+C or SIGTERM; 0 when it ended as asked, 1 when it could not start.

    ``more`` is printed below the address: what to do first. ``trusted_proxies`` are the addresses or networks of
    gateways that are believed when they say for whom, and whether over https, they ask.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            # Python's own loop lets go of the interpreter for every message that it sends, and waits to get it back
            # for every thread that computes: pages would trickle out while boards are made.
            loop="uvloop",
            log_level="warning",
            log_config=None,        # its lines go where all go
            access_log=False,
            use_colors=False,
            server_header=False,
            lifespan="on",
            ws_max_size=64 * 1024 * 1024,
            # Believed from nobody else: anybody could claim any address in the log, or another for each guess.
            proxy_headers=bool(trusted_proxies),
            forwarded_allow_ips=list(trusted_proxies),
            # Open pages hold their websocket for ever; they reconnect by themselves.
            timeout_graceful_shutdown=2,
        )
    )
    stopped = threading.Event()
    port = listening.getsockname()[1]
    address = open_address(host, port)
    # uvicorn hands a caught signal on to the handler that stood before: an ordinary stop either way.
    previous = signal.signal(signal.SIGTERM, _interrupt)
    announcer = threading.Thread(target=_announce, args=(address, stopped, more), daemon=True)
    announcer.start()
    _LOG.info("服务启动", extra={service_log.FIELDS: {"version": version("wenxiao"), "port": port}})
    try:
        server.run(sockets=[listening])
    except (KeyboardInterrupt, asyncio.CancelledError):
        pass
    finally:
        stopped.set()
        signal.signal(signal.SIGTERM, previous)
        _LOG.info("服务停止")
    return 0 if server.started else 1


@contextmanager
def _warmed() -> Iterator[None]:
    """Load now what the first page would load, and keep the collector off it while the block runs."""
    for name in ("dashboard.charts", "dashboard.service_state"):     # the second notes when the server was started
        import_module(name)
    keep_ready()
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        MEMORY.clear()
        gc.unfreeze()  # else DuckDB's module reports everything that is left as leaked


def serve(
    workspace: Path, host: str, port: int, names: Sequence[str] = (), trusted_proxies: Sequence[str] = ()
) -> int:
    """Serve a workspace until stopped; the exit status. ``trusted_proxies`` as ``run_app``.

    Raises: WenxiaoError if the folder cannot be used, the port is taken, or another process holds the store.
    """
    _prepare(workspace, service_log.FILE_NAME)
    with closing(listen(host, port)) as listening:
        from dashboard import session

        store = session.workspace().store
        running = RunningServer(open_address(host, listening.getsockname()[1]), new_token())
        warn_of_readable_secret(session.workspace().folder)
        with _warmed(), closing(store):
            app = workspace_app(running.token, names)
            first_start = invitation(store, running.address)
            with (
                announced(session.workspace().folder, running), posting(session.workspace),
                session.doctor().on_duty(),
            ):
                return run_app(app, listening, host, first_start, trusted_proxies)


def serve_replica(
    workspace: Path, host: str, port: int, names: Sequence[str] = (), trusted_proxies: Sequence[str] = ()
) -> int:
    """Serve copies of the workspace that a main server on this machine holds; the exit status.

    Raises: WenxiaoError if no main server runs on the workspace or the port is taken.
    """
    # A file of its own: two processes that rotate one would lose each other's lines.
    _prepare(workspace, f"replica-{port}.log")
    with closing(listen(host, port)) as listening:
        from dashboard import session

        os.environ[session.REPLICA_VARIABLE] = "1"
        follower = session.follower()
        assert follower is not None
        with _warmed():
            app = build_app(
                APP_SCRIPT, lambda: session.workspace().store, elsewhere_routes(follower), names, session.sessions,
            )
            with follower.following():
                return run_app(app, listening, host, "这是只读副本，登录和办理都在主服务。\n", trusted_proxies)


def _prepare(workspace: Path, log_name: str) -> None:
    os.environ["WENXIAO_WORKSPACE"] = str(workspace.resolve())
    service_log.begin(workspace.resolve() / service_log.FOLDER_NAME / log_name)
    # The store is opened before Streamlit runs, so that a fault is said at once; Streamlit remarks on that.
    logging.getLogger("streamlit.runtime.caching.cache_data_api").addFilter(
        lambda record: "No runtime found" not in record.getMessage()
    )

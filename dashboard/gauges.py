"""What the process says of itself in Prometheus text: requests, actions, open pages, size. No names, no amounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.kept import MEMORY
from data.store import Store

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ROUTE = "counted_route"     # where the door for programs notes which of its routes answered
# The address space is open; what is counted by is not.
_FOLDERS = ("api", "_stcore", "static", "media", "component", "wenxiao", "login", "me", "oidc", "setup", "healthz",
            "metrics")


class Gauges:
    """The counters of one running server, in a registry of their own."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "wenxiao_requests", "HTTP requests by route and status", ["route", "status"], registry=self._registry
        )
        self._open = Gauge("wenxiao_open_websockets", "Open pages", registry=self._registry)

    def counted(self, app: ASGIApp) -> ASGIApp:
        """The application with its requests counted."""

        async def count(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                await self._http(app, scope, receive, send)
            elif scope["type"] == "websocket":
                with self._open.track_inprogress():
                    await app(scope, receive, send)
            else:
                await app(scope, receive, send)

        return count

    async def _http(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        status = 500
        scope.setdefault("state", {})

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, noting)
        finally:
            self._requests.labels(route_of(scope), str(status)).inc()

    def text(self, store: Store) -> bytes:
        """Everything as Prometheus text; the store is asked now."""
        return generate_latest(self._registry) + generate_latest(_of_store(store))

    async def answer(self, request: Request) -> Response:
        """The route for Prometheus; who may ask is decided before."""
        store = request.state.caller.workspace.store
        return Response(await run_in_threadpool(self.text, store), media_type=CONTENT_TYPE)


def route_of(scope: Scope) -> str:
    """What a request is counted under: a route of the interface, a folder that is known, or a page."""
    if found := scope.get("state", {}).get(ROUTE):
        return str(found)
    first = scope["path"].strip("/").partition("/")[0]
    return f"/{first}" if first in _FOLDERS else "page"


class _StoreCollector(Collector):
    """What the store knows: counted from the log, so that a restart loses nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterator[Metric]:
        actions = CounterMetricFamily("wenxiao_actions", "Actions on record", labels=["action"])
        for row in self._store.query("action_counts").to_dict("records"):
            actions.add_metric([row["action_name"]], float(row["action_count"]))
        yield actions
        yield _gauge("wenxiao_sessions", "Sessions that were begun and not ended",
                     len(self._store.query("web_sessions")))
        yield _gauge("wenxiao_data_version", "Grows with every change since the start", self._store.data_version)
        yield _gauge("wenxiao_shown_version", "The data version that pages show at least", MEMORY.shown(self._store))
        yield _gauge("wenxiao_store_bytes", "Size of the store on disk", self._store.byte_count)


def _gauge(name: str, words: str, value: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=float(value))


def _of_store(store: Store) -> Any:
    registry = CollectorRegistry()
    registry.register(_StoreCollector(store))
    return registry

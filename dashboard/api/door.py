"""The application under ``/api/v1`` and the route for Prometheus, each behind its token."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Mount, Route, request_response

from dashboard.api import boards, calendars, faults, inquiries, issued, writes
from dashboard.api.callers import LOCAL, Authenticated, Caller, caller_for
from dashboard.api.replicas import replica_router
from dashboard.auth.sessions import Sessions
from dashboard.gauges import Gauges
from dashboard.remote import packed
from dashboard.workspace import Workspace
from dashboard.workspace_commands import carry_out

_DESCRIPTION = (
    "与页面同一套口径、权限和办理步骤。请求头写 Authorization: Bearer 令牌。金额和小数是文字，缺少的是 null，"
    "时间是当地时间。有误时返回 {\"error\": {\"code\", \"sentence\", \"issues\"}}。"
)
_REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"description": "令牌不对、到期、撤销，或账号停用"},
    403: {"description": "令牌没有这项用途，或角色、单位无权"},
    404: {"description": "没有这份文件、轮次或表"},
    409: {"description": "按规则不能办理，或防重键已用于别的请求"},
    413: {"description": "内容太大"},
    422: {"description": "请求或文件有误，issues 逐处列出"},
    429: {"description": "试错令牌太多，暂时锁定"},
    500: {"description": "程序出错"},
}

local = APIRouter(prefix="/local", include_in_schema=False)


@local.post("/{name}")
async def run_command(request: Request, name: str, caller: Annotated[Caller, caller_for(LOCAL)]) -> Response:
    """A command of the machine's owner, who could open the store if this server did not hold it."""
    content, parameters = await request.body(), dict(request.query_params)
    carried = await run_in_threadpool(carry_out, caller.workspace, caller.actor.name, name, content, parameters)
    return Response(packed(carried), media_type="application/octet-stream")


def build_api(sessions: Callable[[], Sessions] | None = None) -> FastAPI:
    """The application itself; who asks is found before it is reached. ``sessions`` are told to replicas."""
    app = FastAPI(
        title="问效接口", version=metadata.version("wenxiao"), description=_DESCRIPTION, docs_url=None, redoc_url=None,
        responses=_REFUSALS, generate_unique_id_function=lambda route: route.name,
    )
    for router in (boards.router, calendars.router, issued.router, writes.router, inquiries.router, local):
        app.include_router(router)
    if sessions:
        app.include_router(replica_router(sessions))
    faults.install(app)
    return app


def machine_routes(
    workspace: Callable[[], Workspace], gauges: Gauges | None = None, local_token: str = "",
    sessions: Callable[[], Sessions] | None = None,
) -> list[BaseRoute]:
    """The routes that programs ask: no session, but a token. ``local_token`` is the command line's own.

    ``sessions`` are what read replicas of this server are told of; without, there are none.
    """
    measured = gauges or Gauges()
    return [
        Mount("/api/v1", app=Authenticated(build_api(sessions), workspace, local_token)),
        Route("/metrics", Authenticated(request_response(measured.answer), workspace, scope="metrics")),
    ]

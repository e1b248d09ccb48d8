"""What a program is told when something is refused: a status, a stable code, one Chinese sentence; no traceback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from dashboard.actions.tokens import TokenError
from dashboard.auth.lockout import LockedError
from dashboard.cli import error_as_json
from dashboard.rights import NotAllowedError
from data.errors import (
    BusyStoreError,
    CalendarError,
    FileError,
    IntakeError,
    NotFoundError,
    RefusedError,
    UnwrittenError,
    WenxiaoError,
)

# The first that fits counts.
_STATUSES: tuple[tuple[type[WenxiaoError], int], ...] = (
    (LockedError, 429), (TokenError, 401), (NotAllowedError, 403), (NotFoundError, 404), (IntakeError, 422),
    (FileError, 422), (CalendarError, 409), (BusyStoreError, 503), (UnwrittenError, 503), (RefusedError, 409),
)
_HTTP_SENTENCES = {
    404: "没有这个地址，请核对路径。", 405: "这个地址不接受这种请求方法。", 413: "请求内容太大。",
    400: "请求的内容读不出来，请核对格式和编码。",
}
_KINDS = (
    ("missing", "缺少"), ("extra_forbidden", "不认识"), ("json_invalid", "请求内容不是 JSON："),
    ("too_long", "太多："), ("too_short", "太少："), ("string_too_long", "太长："),
)


class UsageError(WenxiaoError):
    """The request is written wrongly; the sentence says how to write it."""


class ConflictError(WenxiaoError):
    """The same key was used for something else, or nobody knows what came of it."""


def status_of(error: WenxiaoError) -> int:
    """The HTTP status of a fault that a person would be told in one sentence."""
    if isinstance(error, ConflictError):
        return 409
    return next((status for kind, status in _STATUSES if isinstance(error, kind)), 422)


def refusal(error: WenxiaoError) -> JSONResponse:
    """A fault as an answer."""
    status = status_of(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(error_as_json(error), status, headers)


def install(app: FastAPI) -> None:
    """Answer every fault of an application in the same form."""
    app.add_exception_handler(WenxiaoError, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WenxiaoError)
    return refusal(error)


async def _unreadable(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    issues = [_issue(found) for found in error.errors()]
    sentence = f"请求有 {len(issues)} 处不对，没有办理：{issues[0]['sentence']}"
    return JSONResponse({"error": {"code": "usage-error", "sentence": sentence, "issues": issues}}, 422)


def _issue(found: dict[str, Any]) -> dict[str, str]:
    place = _place(found["loc"])
    said = str(found.get("ctx", {}).get("error", ""))
    kind = next((words for kind, words in _KINDS if found["type"] == kind), "")
    if said and not said.isascii():      # our own validators speak Chinese
        sentence = f"{place}：{said}"
    else:
        sentence = f"{kind} {place}。" if kind else f"{place} 的写法不对，请按接口说明填写。"
    return {"code": str(found["type"]).replace("_", "-"), "place": place, "sentence": sentence}


def _place(steps: Sequence[Any]) -> str:
    """Where in the request: rows[3].amount_yuan."""
    named = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps[1:]]
    return "".join(named).removeprefix(".") or "请求内容"


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    sentence = _HTTP_SENTENCES.get(error.status_code, "这个请求不能办理。")
    payload = {"error": {"code": "http-error", "sentence": sentence}}
    return JSONResponse(payload, error.status_code, error.headers)


async def _broken(_: Request, _error: Exception) -> JSONResponse:
    # It is raised on and logged with the request, see dashboard/request_log.py.
    sentence = "程序出错，没有办理：请把时间告诉维护人员，服务日志里有详情。"
    return JSONResponse({"error": {"code": "internal-error", "sentence": sentence}}, 500)

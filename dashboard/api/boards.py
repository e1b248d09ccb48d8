"""Reading: every board that the token's role reaches, through the same scope as the pages."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from importlib import import_module
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Query, Request

from dashboard.api.as_json import as_json
from dashboard.api.callers import Caller, caller_for
from dashboard.api.faults import UsageError
from dashboard.rights import NOTHING, UNIT_ROLES, NotAllowedError, reach, read_board
from data.errors import NotFoundError
from metrics.boards.basis import board_definitions
from metrics.boards.definition import BoardDefinition, Scope
from metrics.boards.log import LogSearch
from metrics.boards.papers import notices
from metrics.boards.reporting import rounds

router = APIRouter(tags=["读取"])
Reader = Annotated[Caller, caller_for("read")]

# What a program says where a board takes something made of it, or of the workspace's own.
_WORDS = {
    "scope": ("document_number", "round_id", "as_of"),
    "today": ("as_of",),
    "search": tuple(field.name for field in fields(LogSearch)),
    "region_code": (),
}
# Shorter addresses of what programs ask for most.
ALIASES = {
    "notices": "papers.notices", "rounds": "reporting.rounds", "targets": "targets.matrix",
    "scores": "standing.scores", "receipts": "timeliness.receipts", "duties": "reporting.duties",
    "deadlines": "duties.timeline",
}


def board_function(name: str) -> Callable[..., Any]:
    """The board of a name: standing.scores.

    Raises: NotFoundError if there is none.
    """
    if name not in {definition.name for definition in board_definitions()}:
        raise NotFoundError(f"没有“{name[:60]}”这张表：GET /api/v1/boards 列出全部名称。")
    module, _, function = name.partition(".")
    found: Callable[..., Any] = getattr(import_module(f"metrics.boards.{module}"), function)
    return found


def board_parameters(board: Callable[..., Any]) -> list[str]:
    """What a program can say when it asks for a board; the region is the workspace's own."""
    return [word for name in _arguments(board) for word in _WORDS.get(name, (name,))]


def _arguments(board: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """What a board takes after the store, with its types."""
    return dict(list(inspect.signature(board, eval_str=True).parameters.items())[1:])


@router.get("/boards", summary="可读的表")
def list_boards(caller: Reader) -> dict[str, Any]:
    """列出这个令牌的角色可以读取的每一张表：名称、标题、回答的问题、口径和参数。"""
    reached = [
        _described(definition) for definition in board_definitions()
        if reach(caller.actor.role, "board", definition.name) != NOTHING
    ]
    return {"boards": reached}


def _described(definition: BoardDefinition) -> dict[str, Any]:
    return {
        "name": definition.name, "page": definition.page, "title": definition.title, "asks": definition.asks,
        "formula": definition.formula, "parameters": board_parameters(board_function(definition.name)),
    }


@router.get("/boards/{name}", summary="读取一张表")
def get_board(
    request: Request,
    caller: Reader,
    name: str,
    document_number: Annotated[str, Query(title="文号")] = "",
    round_id: Annotated[str, Query(title="轮次", description="不写时取最近一轮")] = "",
    as_of: Annotated[date | None, Query(title="统计截止日", description="不写时取今天")] = None,
    recipient_id: Annotated[str, Query(title="单位编码", description="只要这个单位的行")] = "",
    indicator_no: Annotated[int | None, Query(title="指标序号", ge=0, le=10_000)] = None,
) -> dict[str, Any]:
    """按页面同样的口径和权限读取，其他参数见 /boards 所列。整数是数字，金额和小数是文字（不丢位），缺少的是 null。"""
    asked = {
        **request.query_params, "document_number": document_number, "round_id": round_id, "as_of": as_of,
        "recipient_id": recipient_id, "indicator_no": indicator_no,
    }
    return answer(caller, name, asked, request.query_params.keys())


def answer(caller: Caller, name: str, asked: Mapping[str, Any], written: Any) -> dict[str, Any]:
    """A board as the caller may see it, with its definition and what it was asked with.

    Raises: UsageError for parameters that the board does not have or lacks; NotFoundError for a notice or a
    round that is not there; NotAllowedError for what the caller's role or unit does not reach.
    """
    board = board_function(name)
    if reach(caller.actor.role, "board", name) == NOTHING:      # before any word about what is there
        read_board(caller.workspace.store, caller.actor, board)
    known = board_parameters(board)
    unknown = [word for word in written if word not in (*known, "recipient_id")]
    if unknown:
        listed = "、".join((*known, "recipient_id"))
        raise UsageError(f"“{name}”没有参数 {'、'.join(unknown)[:80]}：可用 {listed}。")
    values = _resolved(caller, known, asked)
    arguments = [_argument(caller, each, values) for each in _arguments(board).values()]
    result = read_board(caller.workspace.store, caller.actor, board, *arguments)
    recipient_id = asked.get("recipient_id")
    if recipient_id and "recipient_id" not in known:
        result = _of_unit(caller, name, result, recipient_id)
        values = {**values, "recipient_id": recipient_id}
    (definition,) = (found for found in board_definitions() if found.name == name)
    return {
        "board": name, "page": definition.page, "title": definition.title, "asks": definition.asks,
        "formula": definition.formula, "parameters": as_json(values),
        "is_demonstration": caller.workspace.settings.is_demonstration,
        "data_version": caller.workspace.store.data_version,
        "rows" if isinstance(result, pd.DataFrame) else "value": as_json(result),
    }


def _resolved(caller: Caller, known: list[str], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The board's parameters, with the same defaults as on the pages."""
    values = {word: asked.get(word) for word in known}
    store, actor = caller.workspace.store, caller.actor
    number = values.get("document_number", "") or ""
    if "document_number" in values:
        if not number:
            raise UsageError("缺少参数 document_number（文号）：GET /api/v1/notices 列出已发布的文件。")
        if number not in set(read_board(store, actor, notices)["document_number"]):
            raise NotFoundError(f"没有发布过文号为“{number[:60]}”的文件。")
    if "round_id" in values:
        opened = list(read_board(store, actor, rounds, number)["round_id"])
        if values["round_id"] and values["round_id"] not in opened:
            raise NotFoundError(f"{number} 没有轮次“{values['round_id'][:40]}”。")
        values["round_id"] = values["round_id"] or next(iter(opened), "")
    if "as_of" in values:
        today = caller.workspace.settings.today()
        if values["as_of"] and values["as_of"] > today:
            raise UsageError(f"统计截止日不能晚于今天（{today:%Y-%m-%d}）。")
        values["as_of"] = values["as_of"] or today
    return values


def _argument(caller: Caller, parameter: inspect.Parameter, values: Mapping[str, Any]) -> Any:
    if parameter.name == "scope":
        return Scope(values["document_number"], values["round_id"], values["as_of"])
    if parameter.name == "region_code":
        return caller.workspace.settings.region_code
    if parameter.name == "today":
        return values["as_of"]
    if parameter.name == "search":
        said = {field.name: _typed(field.name, field.type, values[field.name]) for field in fields(LogSearch)
                if values[field.name]}
        return LogSearch(**said)
    value = values[parameter.name]
    if value in (None, "") and parameter.default is inspect.Parameter.empty:
        raise UsageError(f"缺少参数 {parameter.name}。")
    return parameter.default if value in (None, "") else _typed(parameter.name, parameter.annotation, value)


def _typed(name: str, kind: Any, value: Any) -> Any:
    """A word of the address as what the board takes."""
    try:
        if kind in (int, "int"):
            return int(value)
        return date.fromisoformat(value) if kind in (date, "date") else value
    except ValueError:
        raise UsageError(f"参数 {name} 的写法不对：数字写成 123，日期写成 2021-12-27。") from None


def _of_unit(caller: Caller, name: str, result: Any, recipient_id: str) -> pd.DataFrame:
    if caller.actor.role in UNIT_ROLES and caller.actor.recipient_id != recipient_id:
        raise NotAllowedError("只能查看本单位的数据。")
    if not isinstance(result, pd.DataFrame) or "recipient_id" not in result:
        raise UsageError(f"“{name}”不按单位分行，不能写 recipient_id。")
    return result[result["recipient_id"] == recipient_id]


def _alias(path: str, name: str) -> None:
    def read(
        request: Request, caller: Reader,
        document_number: Annotated[str, Query(title="文号")] = "",
        round_id: Annotated[str, Query(title="轮次", description="不写时取最近一轮")] = "",
        as_of: Annotated[date | None, Query(title="统计截止日", description="不写时取今天")] = None,
        recipient_id: Annotated[str, Query(title="单位编码", description="只要这个单位的行")] = "",
    ) -> dict[str, Any]:
        asked = {"document_number": document_number, "round_id": round_id, "as_of": as_of,
                 "recipient_id": recipient_id}
        return answer(caller, name, asked, request.query_params.keys())

    (definition,) = (found for found in board_definitions() if found.name == name)
    router.add_api_route(
        f"/{path}", read, methods=["GET"], summary=definition.title, operation_id=f"get_{path}",
        description=f"同 /boards/{name}：{definition.asks}。", name=f"get_{path}",
    )


for _path, _name in ALIASES.items():
    _alias(_path, _name)

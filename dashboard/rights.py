"""Who may do and see what: one table, ``rights.csv``, asked by every action, every board and the menu.

A cell is ``all`` (every unit's), ``own`` (the person's own unit's only) or empty (nothing).
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from data.audit import Actor
from data.errors import RefusedError
from data.store import Store

LEADER = "leader"
COUNTY_REPORTER = "county_reporter"
COUNTY_APPROVER = "county_approver"
PREFECTURE_OFFICER = "prefecture_officer"
REVIEWER = "reviewer"
ADMINISTRATOR = "administrator"
AUDITOR = "auditor"

ROLE_NAMES = {
    LEADER: "领导", COUNTY_REPORTER: "县市填报", COUNTY_APPROVER: "县市审核", PREFECTURE_OFFICER: "州级经办",
    REVIEWER: "州级复核", ADMINISTRATOR: "系统管理员", AUDITOR: "审计",
}
UNIT_ROLES = frozenset({COUNTY_REPORTER, COUNTY_APPROVER})

ALL, OWN, NOTHING = "all", "own", ""

_LOG = logging.getLogger("wenxiao")


class NotAllowedError(RefusedError):
    """The person's role, or their unit, does not reach what was asked for."""


@dataclass(frozen=True)
class Right:
    """One row of the table: what it is about, and how far each role reaches."""

    kind: str
    name: str
    title: str
    reach: dict[str, str]


@cache
def rights() -> dict[tuple[str, str], Right]:
    """The whole table by kind (action, board, page) and name."""
    text = resources.files("dashboard").joinpath("rights.csv").read_text(encoding="utf-8")
    return {
        (row["kind"], row["name"]): Right(
            row["kind"], row["name"], row["title"], {role: row[role] for role in ROLE_NAMES}
        )
        for row in csv.DictReader(text.splitlines())
    }


def reach(role: str, kind: str, name: str) -> str:
    """How far a role reaches: all, own or nothing; what the table does not name is nothing."""
    right = rights().get((kind, name))
    return right.reach.get(role, NOTHING) if right else NOTHING


def action_title(name: str) -> str:
    """An action's name in Chinese, as the log shows it; the name itself where the table has none."""
    right = rights().get(("action", name))
    return right.title if right else name


def doers(action_name: str) -> str:
    """Who may take a step, by role, as a sentence names them: 「县市审核、州级经办」."""
    return "、".join(name for role, name in ROLE_NAMES.items() if reach(role, "action", action_name) != NOTHING)


def _refused(actor: Actor, what: str, unit: str | None, sentence: str) -> NotAllowedError:
    """A refusal, noted in the server's log: which account tried what, about which unit."""
    # Whatever else is asked for in a unit's place may be anybody's name or number.
    about = unit if not unit or re.fullmatch(r"[a-z][a-z0-9-]{0,40}", unit) else "？"
    _LOG.warning(
        "无权：账号 %r 角色 %r 单位 %r 从 %r 要 %s 单位 %r", actor.account_id, actor.role, actor.recipient_id,
        actor.origin, what, about,
    )
    return NotAllowedError(sentence)


def require(actor: Actor, action_name: str, recipient_id: str = "", *, needs_name: bool = True) -> None:
    """Let the action go on only if the actor's role may do it, and for this unit.

    ``needs_name`` is false for looking only: what writes has a name beside it.

    Raises: RefusedError with the reason; an action without a row in the table is refused.
    """
    if needs_name and not actor.name.strip():
        raise RefusedError("没有办事人姓名，不能办理这一步，请重新登录。")
    allowed = reach(actor.role, "action", action_name)
    if allowed == NOTHING:
        sentence = f"{ROLE_NAMES.get(actor.role, '当前身份')}不能办理这一步，请由有权限的人员办理。"
        raise _refused(actor, action_name, recipient_id, sentence)
    if allowed == OWN and (not actor.recipient_id or actor.recipient_id != recipient_id):
        raise _refused(actor, action_name, recipient_id, "只能办理本单位的事项。")


def read_board(store: Store, actor: Actor, board: Callable[..., Any], *arguments: Any) -> Any:
    """A board's result, as far as the actor may see it.

    Raises: RefusedError if the actor's role does not reach the board, or it asks for another unit.
    """
    require_board(actor, board, *arguments)
    return of_actor(actor, board, arguments, board(store, *arguments))


def board_name(board: Callable[..., Any]) -> str:
    """The name of a board in the table: standing.scores."""
    return f"{board.__module__.rpartition('.')[2]}.{board.__name__}"


def require_board(actor: Actor, board: Callable[..., Any], *arguments: Any) -> None:
    """Let a person read a board, and one that asks about a unit only about a unit in reach.

    Raises: RefusedError as ``read_board``.
    """
    name = board_name(board)
    allowed = reach(actor.role, "board", name)
    if allowed == NOTHING:
        sentence = f"{ROLE_NAMES.get(actor.role, '当前身份')}看不到这部分内容。"
        raise _refused(actor, name, asked_unit(board, arguments), sentence)
    if allowed == OWN:
        asked = asked_unit(board, arguments)
        if not actor.recipient_id or asked not in (None, "", actor.recipient_id):
            raise _refused(actor, name, asked, "只能查看本单位的数据。")


def asked_unit(board: Callable[..., Any], arguments: tuple[Any, ...]) -> str | None:
    """The unit that a board is asked about; None for a board of all units."""
    code = board.__code__
    names = code.co_varnames[1:code.co_argcount]     # the store is not among the arguments
    return dict(zip(names, arguments, strict=False)).get("recipient_id")


def of_actor(actor: Actor, board: Callable[..., Any], arguments: tuple[Any, ...], result: Any) -> Any:
    """What an actor may see of a board's result: all of it, or the rows of the own unit.

    Raises: TypeError for a result that belongs to units and cannot be cut; nobody sees it then.
    """
    return result if sees_whole(actor, board, arguments) else _of_unit(result, actor.recipient_id)


def sees_whole(actor: Actor, board: Callable[..., Any], arguments: tuple[Any, ...]) -> bool:
    """Whether an actor who may read a board sees all of its result: everybody's, or what was asked of the own unit."""
    is_own = asked_unit(board, arguments) == actor.recipient_id != ""
    return is_own or reach(actor.role, "board", board_name(board)) == ALL


def _of_unit(result: Any, recipient_id: str) -> Any:
    """The rows of one unit: of a frame, or of the frames of a dataclass, without its lists of other units' names."""
    if isinstance(result, pd.DataFrame):
        # A receipt of what somebody did belongs to whom it was done for, also where it names others or nobody.
        owner = "actor_recipient_id" if "actor_recipient_id" in result else "recipient_id"
        return result[result[owner] == recipient_id].reset_index(drop=True)
    if is_dataclass(result) and not isinstance(result, type):
        values = {field.name: getattr(result, field.name) for field in fields(result)}
        cut: dict[str, Any] = {
            name: _of_unit(value, recipient_id) for name, value in values.items() if isinstance(value, pd.DataFrame)
        }
        if cut:
            return replace(result, **cut, **{name: () for name, value in values.items() if isinstance(value, tuple)})
    raise TypeError(type(result).__name__)

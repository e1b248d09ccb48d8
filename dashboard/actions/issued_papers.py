"""Hand out papers and tables; what was handed out, and the hash of each file, is on record."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.papers.catalogue import INQUIRY, REGION, UNIT, Order, PaperKind, compose, kind_of, write
from dashboard.papers.content import Paper, safe_name
from dashboard.papers.facts import Facts
from dashboard.papers.fixed_bytes import pack
from dashboard.rights import require
from dashboard.workspace import Settings
from data.audit import Actor, LogEntry, append, stamp
from data.errors import RefusedError, WenxiaoError
from data.store import Store
from metrics.boards.definition import Scope

ACTIONS = {UNIT: "issue_unit_paper", REGION: "issue_region_paper", INQUIRY: "issue_inquiry_paper"}
FAILURES_NAME = "没有出具的单位.txt"
_TRIES = 3
_NAME_LENGTH = 50     # leaves room for a unit's id


@dataclass(frozen=True)
class Desk:
    """What a paper takes from the workspace: its settings, and the bureau's red head where it has one."""

    settings: Settings
    template: bytes = b""


@dataclass(frozen=True)
class IssuedPaper:
    """A paper as handed out; ``failures`` are the units of a batch that have none, each with why."""

    file_name: str
    content: bytes
    entry: LogEntry
    failures: tuple[tuple[str, str], ...] = ()

    @property
    def sha256(self) -> str:
        """The hash of the file, as the log has it."""
        return hashlib.sha256(self.content).hexdigest()


def require_order(actor: Actor, order: Order) -> PaperKind:
    """Let a person look at what a paper would say only if they may have it.

    Raises: NotAllowedError; RefusedError if there is no such paper.
    """
    kind = kind_of(order)
    require(actor, ACTIONS[kind.about], order.recipient_id if kind.about == UNIT else "", needs_name=False)
    return kind


def draft_paper(store: Store, actor: Actor, order: Order, settings: Settings) -> Paper:
    """What a paper would say, for the page to show; nothing is handed out.

    Raises: as ``require_order``; RefusedError or NotFoundError where it cannot be composed.
    """
    require_order(actor, order)
    return compose(_facts(store, actor, order, settings), order)


def issue_unit_paper(
    store: Store, actor: Actor, at: datetime, recipient_id: str, order: Order, desk: Desk
) -> IssuedPaper:
    """A paper about one unit.

    Raises: RefusedError or NotFoundError with the reason; FileError for a red head that cannot be filled in.
    """
    require(actor, "issue_unit_paper", recipient_id)
    return _issue(store, actor, at, replace(order, recipient_id=recipient_id), desk, UNIT)


def issue_region_paper(store: Store, actor: Actor, at: datetime, order: Order, desk: Desk) -> IssuedPaper:
    """A paper about all units; raises as ``issue_unit_paper``."""
    require(actor, "issue_region_paper")
    return _issue(store, actor, at, replace(order, recipient_id=""), desk, REGION)


def issue_inquiry_paper(store: Store, actor: Actor, at: datetime, order: Order, desk: Desk) -> IssuedPaper:
    """A paper about one 问效单; raises as ``issue_unit_paper``."""
    require(actor, "issue_inquiry_paper")
    return _issue(store, actor, at, replace(order, recipient_id=""), desk, INQUIRY)


def issue_paper(store: Store, actor: Actor, at: datetime, order: Order, desk: Desk) -> IssuedPaper:
    """Any paper, by what it is about; raises as ``issue_unit_paper``."""
    about = kind_of(order).about
    if about == UNIT:
        return issue_unit_paper(store, actor, at, order.recipient_id, order, desk)
    issue = issue_region_paper if about == REGION else issue_inquiry_paper
    return issue(store, actor, at, order, desk)


def issue_batch(
    store: Store, actor: Actor, at: datetime, order: Order, desk: Desk,
    told: Callable[[str, int, int], None] = lambda name, done, all_count: None,
) -> IssuedPaper:
    """One paper for every unit of the notice, in one zip; a unit that has none is named, the others are there.

    ``told`` hears the name of each unit that is done, how many are, and of how many.

    Raises: RefusedError if no unit could be given its paper.
    """
    require(actor, "issue_batch")
    kind = _of_kind(order, UNIT)
    _require_day(order, at)
    files, failures = _batch(store, actor, order, desk, told)
    if not files:
        raise RefusedError("一个单位也没有出具成。" + "".join(f"{name}：{why}" for name, why in failures[:3]))
    name = f"{safe_name(kind.title, order.document_number, order.round_id)}.zip"
    parts = dict(files)
    if failures:
        parts[FAILURES_NAME] = "".join(f"{unit}：{why}\r\n" for unit, why in failures).encode("utf-8-sig")
    content = pack(parts)
    entry = _note(store, actor, at, "issue_batch", order, kind, {
        "file": name, "sha256": hashlib.sha256(content).hexdigest(), "byte_count": len(content),
        "files": {file: hashlib.sha256(made).hexdigest() for file, made in files.items()},
        "failures": [unit for unit, _ in failures],
    })
    return IssuedPaper(name, content, entry, tuple(failures))


def _batch(
    store: Store, actor: Actor, order: Order, desk: Desk, told: Callable[[str, int, int], None]
) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    for _ in range(_TRIES):
        version = store.data_version
        facts = _facts(store, actor, order, desk.settings)
        made: list[tuple[str, str, bytes]] = []
        failures: list[tuple[str, str]] = []
        units = facts.units.to_dict("records")
        for number, unit in enumerate(units, start=1):
            name = str(unit["recipient_name"])
            try:
                own = replace(order, recipient_id=str(unit["recipient_id"]))
                paper = compose(facts, own)
                made.append((own.recipient_id, paper.file_name, write(paper, order.form, desk.template)))
            except WenxiaoError as error:
                failures.append((name, str(error)))
            except Exception as error:      # one unit's odd data must not cost the others their papers
                failures.append((name, f"程序出错（{type(error).__name__}），请把单位和文号告诉维护人员。"))
            told(name, number, len(units))
        if store.data_version == version:
            return _by_name(made, order.form), failures
    raise _moving()


def _by_name(made: list[tuple[str, str, bytes]], form: str) -> dict[str, bytes]:
    """Every unit's file by its name; units of one name are told apart by their ids, so that none takes another's."""
    counts = Counter(name for _, name, _ in made)
    names = [
        f"{name if counts[name] == 1 else safe_name(name[:_NAME_LENGTH], recipient_id)}.{form}"
        for recipient_id, name, _ in made
    ]
    files = {name: content for name, (_, _, content) in zip(names, made, strict=True)}
    if len(files) < len(made):
        raise RefusedError("有两个单位的文件同名，没有出具，以免缺少一份。请核对单位名称。")
    return files


def _issue(store: Store, actor: Actor, at: datetime, order: Order, desk: Desk, about: str) -> IssuedPaper:
    kind = _of_kind(order, about)
    _require_day(order, at)
    for _ in range(_TRIES):
        version = store.data_version
        paper = compose(_facts(store, actor, order, desk.settings), order)
        if store.data_version == version:
            break
    else:
        raise _moving()
    content, name = write(paper, order.form, desk.template), f"{paper.file_name}.{order.form}"
    entry = _note(store, actor, at, ACTIONS[about], order, kind, {
        "file": name, "sha256": hashlib.sha256(content).hexdigest(), "byte_count": len(content),
    })
    return IssuedPaper(name, content, entry)


def _note(
    store: Store, actor: Actor, at: datetime, action_name: str, order: Order, kind: PaperKind, after: dict[str, object]
) -> LogEntry:
    asked = {"round_id": order.round_id, "as_of_on": order.as_of_on.isoformat()}
    if order.inquiry_no:
        asked["inquiry_no"] = str(order.inquiry_no)
    with store.transaction(is_shown=False) as cursor:
        return append(cursor, actor, stamp(cursor, at), action_name, order.document_number, {
            "paper": kind.title, "recipient_id": order.recipient_id, **asked, "before": None, "after": after,
        })


def _of_kind(order: Order, about: str) -> PaperKind:
    kind = kind_of(order)
    if kind.about != about:
        raise RefusedError(f"{kind.title}不能这样出具：请核对是哪一种公文报表。")
    return kind


def _require_day(order: Order, at: datetime) -> None:
    if order.as_of_on > at.date():
        raise RefusedError(f"统计截止日不能晚于今天（{at:%Y-%m-%d}）。")


def _facts(store: Store, actor: Actor, order: Order, settings: Settings) -> Facts:
    return Facts(store, Scope(order.document_number, order.round_id, order.as_of_on), settings, actor)


def _moving() -> RefusedError:
    return RefusedError("出具的时候数据正在变动，没有出具，以免各处数字不一致。请稍后再试。")

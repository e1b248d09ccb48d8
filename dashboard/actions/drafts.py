"""A unit's draft: what its people have typed so far, right or wrong, kept until it is submitted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard import labels
from dashboard.actions.received_files import keep_file
from dashboard.actions.report_events import newest_version, require_open
from dashboard.actions.report_values import kept_values, version_cells
from dashboard.rights import require
from data.audit import Actor, append, stamp
from data.errors import RefusedError
from data.intake.cells import (
    FILLED_BY,
    MAX_CELL_LENGTH,
    PAID,
    STATEMENT,
    Cells,
    Key,
    changed_keys,
    form_place,
    from_json,
    row_keys,
    starting_cells,
    to_json,
)
from data.intake.form import FilledReport, ReportForm, unit_key, unit_words
from data.store import Cursor, Store, sql_text

MAX_NAMED = 8     # cells that a sentence names before it counts the rest


@dataclass(frozen=True)
class ReceivedFile:
    """A workbook that a draft was read from."""

    file_name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The fingerprint of the bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Draft:
    """A kept draft; ``draft_no`` grows with each save and never returns. Its file is the workbook it still equals.

    ``base_report_id`` is the version that its cells go on from; empty before the first.
    """

    draft_no: int
    cells: Mapping[Key, str]
    file_name: str
    file_sha256: str
    base_report_id: str
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True)
class Start:
    """What a form without a draft starts from, and the newest version of its report; ``newest`` is None before one."""

    cells: Mapping[Key, str]
    newest: Mapping[str, Any] | None

    @property
    def report_id(self) -> str:
        """The version that the cells go on from; empty before the first."""
        return str(self.newest["report_id"]) if self.newest else ""


class DraftConflictError(RefusedError):
    """Somebody saved in between; ``draft`` is theirs, None if it was submitted or discarded."""

    def __init__(self, sentence: str, draft: Draft | None) -> None:
        """Keep the draft that would have been overwritten."""
        super().__init__(sentence)
        self.draft = draft


def open_draft(store: Store, actor: Actor, form: ReportForm) -> Draft | None:
    """The draft of a unit and round; None if nothing is kept.

    Raises: RefusedError if the actor may not work on the unit's report.
    """
    require(actor, "save_draft", form.recipient_id, needs_name=False)
    with store.reading() as cursor:
        return kept_draft(cursor, **unit_key(form))


def start_of(store: Store, actor: Actor, form: ReportForm) -> Start:
    """What a form without a draft starts from: the newest version to correct, else last year's values."""
    require(actor, "save_draft", form.recipient_id, needs_name=False)
    with store.reading() as cursor:
        newest = newest_version(cursor, form.document_number, form.round_id, form.recipient_id)
        if newest is None:
            return Start(starting_cells(form), None)
        said = version_cells(newest, kept_values(cursor, newest["report_id"]))
        # A last year's value that came to be known later is still written beforehand.
        return Start({**starting_cells(form), **said}, newest)


def save_draft(
    store: Store, actor: Actor, at: datetime, form: ReportForm, cells: Cells, *, seen_draft_no: int,
    base_report_id: str, file: ReceivedFile | None = None,
) -> Draft:
    """Keep what was typed, right or wrong, as the draft of the unit and round.

    ``seen_draft_no`` is the draft that the person's cells come from, 0 for none: whoever saved in between is
    never overwritten. ``base_report_id`` is the version that the person has before them, empty for none: it is held
    against the newest on submission. ``file`` is the workbook that the cells were read from. Nothing changed writes
    nothing.

    Raises: DraftConflictError naming who saved when and which cells differ; RefusedError if the report is
            accepted or locked, or if the cells are not of this form.
    """
    require(actor, "save_draft", form.recipient_id)
    given = {key: text for key, text in cells.items() if text.strip()}
    _require_of_form(form, given)
    with store.reading() as cursor:
        is_first = kept_draft(cursor, **unit_key(form)) is None
    with store.transaction(is_shown=is_first) as cursor:     # a board shows that there is a draft, not which
        kept = kept_draft(cursor, **unit_key(form))
        _require_seen(kept, given, seen_draft_no)
        require_open(newest_version(cursor, form.document_number, form.round_id, form.recipient_id))
        before, old_base = (kept.cells, kept.base_report_id) if kept else ({}, "")
        changed = changed_keys(before, given)
        is_same_file = file is None or (kept is not None and file.sha256 == kept.file_sha256)
        if kept and not changed and is_same_file and base_report_id == old_base:
            return kept
        at = stamp(cursor, at)
        moved = {"before": {"base_report_id": old_base}, "after": {"base_report_id": base_report_id}}
        entry = append(cursor, actor, at, "save_draft", unit_words(form), {
            "changed": {form_place(key): [before.get(key, ""), given.get(key, "")] for key in changed},
            **(moved if base_report_id != old_base else {}),
            **({"file": file.file_name, "sha256": file.sha256} if file else {}),
        })
        name, sha256 = (file.file_name, file.sha256) if file else ("", "")
        if kept and not changed and is_same_file:
            name, sha256 = kept.file_name, kept.file_sha256
        draft = Draft(entry.entry_no, given, name, sha256, base_report_id, at, actor.name)
        if file:
            keep_file(cursor, actor, at, file.file_name, file.content)
        cursor.run(sql_text("data", "writes/drop_draft"), unit_key(form))
        cursor.insert("report_draft", [{
            **unit_key(form), "draft_no": draft.draft_no, "cells_json": to_json(given), "file_name": draft.file_name,
            "file_sha256": draft.file_sha256, "base_report_id": base_report_id, "saved_at": at, "saved_by": actor.name,
        }])
    return draft


def discard_draft(store: Store, actor: Actor, at: datetime, form: ReportForm, *, seen_draft_no: int) -> None:
    """Take the draft out; what was typed stays readable in the log.

    Raises: DraftConflictError if somebody saved in between; RefusedError if there is none.
    """
    require(actor, "discard_draft", form.recipient_id)
    with store.transaction() as cursor:
        kept = kept_draft(cursor, **unit_key(form))
        if kept is None:
            raise RefusedError("没有草稿可以清除，请刷新页面。")
        _require_seen(kept, {}, seen_draft_no)
        drop_draft(cursor, actor, stamp(cursor, at), form, kept)


def require_current(
    cursor: Cursor, report: FilledReport, seen_draft_no: int, newest: Mapping[str, Any] | None
) -> Draft:
    """The draft that a submission is made of, inside the caller's transaction, if nothing came in between.

    Raises: DraftConflictError if somebody saved, submitted or discarded it; RefusedError if a version was submitted
            that its cells do not go on from.
    """
    kept = kept_draft(cursor, **unit_key(report))
    if kept is None or kept.draft_no != seen_draft_no:
        who = f"{kept.saved_by}刚才又保存了草稿" if kept else "草稿已经报送或清除"
        raise DraftConflictError(f"{who}，没有报送。请刷新页面，核对后再报送。", kept)
    if newest and newest["report_id"] != kept.base_report_id:
        raise RefusedError(
            f"{version_words(newest)}，这份草稿是在那以前填的，没有报送。请刷新页面，与那一版核对后再报送。"
        )
    return kept


def version_words(newest: Mapping[str, Any]) -> str:
    """Who submitted a version when, as a sentence begins: 赵敏在 12月26日 10:00 报送了第 1 版."""
    return f"{newest['submitted_by']}在 {labels.moment(newest['submitted_at'])} 报送了第 {newest['report_version']} 版"


def drop_draft(cursor: Cursor, actor: Actor, at: datetime, of: ReportForm | FilledReport, kept: Draft) -> None:
    """Take out a draft inside the caller's transaction; the log says what it held."""
    cursor.run(sql_text("data", "writes/drop_draft"), unit_key(of))
    append(cursor, actor, at, "discard_draft", unit_words(of), {
        "draft_no": kept.draft_no, "saved_by": kept.saved_by,
        "changed": {form_place(key): [text, ""] for key, text in kept.cells.items()},
    })


def kept_draft(cursor: Cursor, document_number: str, round_id: str, recipient_id: str) -> Draft | None:
    """The draft of a unit and round, inside a transaction."""
    rows = cursor.rows(sql_text("data", "queries/report_draft"), {
        "document_number": document_number, "round_id": round_id, "recipient_id": recipient_id,
    })
    if not rows:
        return None
    row = rows[0]
    return Draft(
        row["draft_no"], from_json(row["cells_json"]), row["file_name"], row["file_sha256"], row["base_report_id"],
        row["saved_at"], row["saved_by"],
    )


def named_places(keys: list[Key]) -> str:
    """Cells as a sentence names them: 第4项·分子、第6项·本年值等 12 处."""
    shown = "、".join(form_place(key) for key in keys[:MAX_NAMED])
    return shown + (f"等 {len(keys)} 处" if len(keys) > MAX_NAMED else "")


def _require_seen(kept: Draft | None, given: Cells, seen_draft_no: int) -> None:
    if (kept.draft_no if kept else 0) == seen_draft_no:
        return
    if kept is None:
        raise DraftConflictError(
            "这份草稿已经报送或清除，您刚才的改动没有保存。请重新打开本页，核对后再填。", None
        )
    differing = changed_keys(kept.cells, given) if given else []
    where = f"不同之处：{named_places(differing)}。" if differing else ""
    raise DraftConflictError(
        f"{kept.saved_by}在 {labels.moment(kept.saved_at)} 保存了这份草稿，"
        f"您刚才的改动没有保存，也没有覆盖对方的内容。{where}请载入对方的草稿后再改。", kept,
    )


def _require_of_form(form: ReportForm, cells: Cells) -> None:
    known = {PAID, FILLED_BY, STATEMENT, *(key for row in form.rows for key in row_keys(row))}
    unknown = [key for key in cells if key not in known]
    if unknown:
        raise RefusedError(f"有 {len(unknown)} 格不是本单位本轮填报表里的，没有保存。请重新打开本页再填。")
    long = [key for key in cells if len(cells[key]) > MAX_CELL_LENGTH]
    if long:
        raise RefusedError(f"{named_places(long)}超过 {MAX_CELL_LENGTH} 字，没有保存，请精简。")


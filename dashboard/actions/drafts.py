"""A unit's draft: what its people have typed so far, right or wrong, kept until it is submitted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
from data.intake.form import ReportForm
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
    """A kept draft; ``draft_no`` grows with each save and never returns. Its file is the workbook it still equals."""

    draft_no: int
    cells: Mapping[Key, str]
    file_name: str
    file_sha256: str
    saved_at: datetime
    saved_by: str


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
        return kept_draft(cursor, **_key(form))


def first_cells(store: Store, actor: Actor, form: ReportForm) -> dict[Key, str]:
    """What a form without a draft starts from: the newest version to correct, else last year's values."""
    require(actor, "save_draft", form.recipient_id, needs_name=False)
    with store.reading() as cursor:
        newest = newest_version(cursor, form.document_number, form.round_id, form.recipient_id)
        if newest is None:
            return starting_cells(form)
        # A last year's value that came to be known later is still written beforehand.
        return {**starting_cells(form), **version_cells(newest, kept_values(cursor, newest["report_id"]))}


def save_draft(
    store: Store, actor: Actor, at: datetime, form: ReportForm, cells: Cells, *, seen_draft_no: int,
    file: ReceivedFile | None = None,
) -> Draft:
    """Keep what was typed, right or wrong, as the draft of the unit and round.

    ``seen_draft_no`` is the draft that the person's cells come from, 0 for none: whoever saved in between is
    never overwritten. ``file`` is the workbook that the cells were read from. Nothing changed writes nothing.

    Raises: DraftConflictError naming who saved when and which cells differ; RefusedError if the report is
            accepted or locked, or if the cells are not of this form.
    """
    require(actor, "save_draft", form.recipient_id)
    given = {key: text for key, text in cells.items() if text.strip()}
    _require_of_form(form, given)
    with store.reading() as cursor:
        is_first = kept_draft(cursor, **_key(form)) is None
    with store.transaction(is_shown=is_first) as cursor:     # a board shows that there is a draft, not which
        kept = kept_draft(cursor, **_key(form))
        _require_seen(kept, given, seen_draft_no)
        require_open(newest_version(cursor, form.document_number, form.round_id, form.recipient_id))
        before = kept.cells if kept else {}
        changed = changed_keys(before, given)
        if kept and not changed and (file is None or file.sha256 == kept.file_sha256):
            return kept
        at = stamp(cursor, at)
        entry = append(cursor, actor, at, "save_draft", _subject(form), {
            "changed": {form_place(key): [before.get(key, ""), given.get(key, "")] for key in changed},
            **({"file": file.file_name, "sha256": file.sha256} if file else {}),
        })
        draft = Draft(
            entry.entry_no, given, file.file_name if file else "", file.sha256 if file else "", at, actor.name
        )
        if file:
            keep_file(cursor, actor, at, file.file_name, file.content)
        cursor.run(sql_text("data", "writes/drop_draft"), _key(form))
        cursor.insert("report_draft", [{
            **_key(form), "draft_no": draft.draft_no, "cells_json": to_json(given), "file_name": draft.file_name,
            "file_sha256": draft.file_sha256, "saved_at": at, "saved_by": actor.name,
        }])
    return draft


def discard_draft(store: Store, actor: Actor, at: datetime, form: ReportForm, *, seen_draft_no: int) -> None:
    """Take the draft out; what was typed stays readable in the log.

    Raises: DraftConflictError if somebody saved in between; RefusedError if there is none.
    """
    require(actor, "discard_draft", form.recipient_id)
    with store.transaction() as cursor:
        kept = kept_draft(cursor, **_key(form))
        if kept is None:
            raise RefusedError("没有草稿可以清除，请刷新页面。")
        _require_seen(kept, {}, seen_draft_no)
        at = stamp(cursor, at)
        cursor.run(sql_text("data", "writes/drop_draft"), _key(form))
        append(cursor, actor, at, "discard_draft", _subject(form), {
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
        row["draft_no"], from_json(row["cells_json"]), row["file_name"], row["file_sha256"], row["saved_at"],
        row["saved_by"],
    )


def keep_file(cursor: Cursor, actor: Actor, at: datetime, file_name: str, content: bytes) -> str:
    """Keep the bytes of a received file once, inside the caller's transaction; its fingerprint."""
    sha256 = hashlib.sha256(content).hexdigest()
    if cursor.query("received_file_name", file_sha256=sha256).empty:
        cursor.insert("received_file", [{
            "file_sha256": sha256, "file_name": file_name, "content": content, "received_at": at,
            "received_by": actor.name,
        }])
    return sha256


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
        f"{kept.saved_by}在 {kept.saved_at.month}月{kept.saved_at.day}日 {kept.saved_at:%H:%M} 保存了这份草稿，"
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


def _key(form: ReportForm) -> dict[str, Any]:
    return {
        "document_number": form.document_number, "round_id": form.round_id, "recipient_id": form.recipient_id,
    }


def _subject(form: ReportForm) -> str:
    return f"{form.document_number} {form.round_id} {form.recipient_id}"

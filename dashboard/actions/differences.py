"""Say why a difference between two sources is right as it stands, or take that back."""

from __future__ import annotations

from datetime import datetime

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.docking.person_words import holds_number
from data.errors import RefusedError
from data.intake.columns import MAX_TEXT_LENGTH
from data.store import Store


def explain_difference(
    store: Store, actor: Actor, at: datetime, difference_no: int, note: str, reason: str = ""
) -> LogEntry:
    """Keep the explanation of a difference; earlier ones stay readable. An empty note takes it back, with a reason.

    An explanation holds for exactly this difference: when amounts or texts change, another one opens without it.

    Raises: RefusedError if the difference is unknown or mended, the note unchanged or too long, or taken back without
    a reason.
    """
    require(actor, "explain_difference", actor.recipient_id)
    note, reason = note.strip(), reason.strip()
    with store.reading() as cursor:
        found = cursor.query("difference_to_explain", difference_no=difference_no)
    require(actor, "explain_difference", "" if found.empty else str(found["recipient_id"].iloc[0]))
    if found.empty:
        raise RefusedError(f"没有第 {difference_no} 处差异，请刷新页面后重新选择。")
    if len(note) > MAX_TEXT_LENGTH or len(reason) > MAX_TEXT_LENGTH:
        raise RefusedError(f"说明和理由各不能超过 {MAX_TEXT_LENGTH} 字，请缩短后再保存。")
    require_no_numbers(note, reason)
    with store.transaction() as cursor:
        at = stamp(cursor, at)
        held = cursor.query("difference_to_explain", difference_no=difference_no).iloc[0]
        if held["mended_at"] == held["mended_at"] and held["mended_at"] is not None:
            raise RefusedError(f"第 {difference_no} 处差异已经更正，不需要再说明。")
        if note == held["note_text"]:
            raise RefusedError("说明没有变化，没有需要保存的内容。" if note else "请写明两边不一致的原因。")
        if not note and not reason:
            raise RefusedError("收回说明请写明理由。")
        cursor.insert("difference_note", [{
            "note_no": int(held["newest_note_no"]) + 1, "difference_no": difference_no, "note_text": note,
            "noted_at": at, "noted_by": actor.name,
        }])
        return append(
            cursor, actor, at, "explain_difference", f"{held['document_number']} {held['recipient_id']}", {
                "difference_no": difference_no, "before": held["note_text"], "after": note, "reason": reason,
            },
        )


def require_no_numbers(*words: str) -> None:
    """Raises: RefusedError if what is to be kept holds a number of a person or a mobile telephone."""
    if any(map(holds_number, words)):
        raise RefusedError("说明和理由里不能写证件号码或手机号码：请改写为人员代号或人数后再保存。")

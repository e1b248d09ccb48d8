"""审核填报: which reports wait, what each of their values says, and what was done with them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.store import Store, sql_text, with_relations
from metrics.boards.definition import Scope, board
from metrics.checked_values import QUESTIONED, RETURNED, checked_values, checked_values_sql, newest_report
from metrics.explain import explain
from metrics.kept_scores import exact_scores
from metrics.reported import show_previous, show_reported

_OF_SCORE = (
    "target_text", "state", "weight_micro", "claimed_micro", "score_micro", "reviewed_micro", "final_micro",
    "deviation_reason", "improvement_measure",
)
_VALUE_COLUMNS = (
    "recipient_id", "report_id", "report_version", "indicator_no", "short_name", "reported_text", "previous_text",
    *_OF_SCORE, "sentence", "evidence_text", "evidence_count", "evidence_nos_text", "is_evidence_changed", "is_changed",
    "is_withdrawn", "check_no", "verdict", "check_reason", "checked_at", "checked_by", "previous_question",
)
_MICRO_COLUMNS = [name for name in _VALUE_COLUMNS if name.endswith("_micro")]
_RETURNED_COLUMNS = (
    "recipient_id", "report_id", "report_version", "indicator_no", "short_name", "reported_text", "check_reason",
    "checked_at", "checked_by",
)


@board(
    page="审核填报",
    title="待审填报",
    asks="哪些单位的填报等着审核，等了几天，每份核对到哪一步",
    formula="每个单位一行，看最新一版：待审核的在前，等得最久的最先；其后依次为重新开放、已退回、未填报、已通过、已锁定。"
    "等待天数＝统计截止日－报送日（日历日）。填报项数含累计支付和注明不适用的指标；"
    "数据、佐证说明和佐证材料都没有变的，原来的“属实”继续有效，其余要重新核对。退回不改变得分：原数照常计分，直到单位更正。",
)
def inbox(store: Store, scope: Scope) -> pd.DataFrame:
    """How far the review of each unit's report has come, what waits the longest first.

    Shape: one row per recipient of the notice.
    Unit:  counts of values; calendar days.
    Empty: ``report_state`` is empty before the first report; ``waiting_days`` is empty where nothing waits.
    """
    sql = with_relations(
        sql_text("data", "queries/checking_inbox"),
        {"duties": sql_text("data", "queries/duties"), "checked_value": checked_values_sql()},
    )
    with store.reading() as cursor:
        return cursor.frame(sql, scope.key).astype({"report_version": "Int64", "waiting_days": "Int64"})


@board(
    page="审核填报",
    title="逐项核对",
    asks="这个单位最新一版每一项报了什么，上一版是什么，得多少分，核对过没有",
    formula="退回时存疑的和变了的排在前面。与上一版逐项精确比较所填数据和佐证说明，有一处不同即为“有变化”，上一版有而这一版没有的为“已撤回”；"
    "没有变化的，原来的“属实”继续有效；核对后本项或整份填报的佐证材料有增减的，以及原来存疑的，重新报送后要再看。"
    "累计支付列在最前一项。",
)
def values(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """Every value of the newest version beside the version before, what changed first.

    Shape: one row per value that was filled in or withdrawn; ``indicator_no`` 0 is the money paid.
    Unit:  micro-points; ``reported_text`` and ``previous_text`` as typed.
    Empty: no rows before the first report; ``verdict`` is empty and ``check_no`` 0 where nobody has checked the value
           as it stands; ``evidence_nos_text`` names the files beside it and beside the whole report.
    """
    with store.reading() as cursor:
        scores = {row["indicator_no"]: row for row in exact_scores(cursor, scope, recipient_id)}
        rows = checked_values(cursor, scope, recipient_id)
    rows = [_with_words(row, scores.get(row["indicator_no"])) for row in rows]
    rows.sort(key=lambda row: (not row["previous_question"], not row["is_changed"], row["indicator_no"]))
    return pd.DataFrame(rows, columns=list(_VALUE_COLUMNS)).astype(dict.fromkeys(_MICRO_COLUMNS, "Int64"))


@board(
    page="审核填报",
    title="退回要改的",
    asks="州级退回了哪几项，为什么",
    formula="只列最新一版被退回时存疑的各项和审核人的话；整份退回的理由列在最前。单位重新报送后不再列出。",
)
def returned_values(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """What a unit has to correct, with the reviewer's words, while its newest version stands returned.

    Shape: one row per questioned value (``indicator_no`` 0 is the money paid), and before them one with the reason
           for the whole report where there is one.
    Empty: no rows unless the report is returned; ``indicator_no`` is <NA> for the whole report.
    """
    with store.reading() as cursor:
        newest = newest_report(cursor, scope, recipient_id)
        if newest is None or newest["report_state"] != RETURNED:
            rows: list[dict[str, Any]] = []
        else:
            asked = [row for row in checked_values(cursor, scope, recipient_id) if row["verdict"] == QUESTIONED]
            rows = [*_whole_report(newest), *({**row, "reported_text": show_reported(row)} for row in asked)]
    return pd.DataFrame(rows, columns=list(_RETURNED_COLUMNS)).astype({"indicator_no": "Int64"})


@board(
    page="审核填报",
    title="办理经过",
    asks="这份填报谁在什么时候报送、退回、通过、锁定、重新开放，为什么",
    formula="每次各一行，不改不删；最近的在前。",
)
def event_log(store: Store, scope: Scope, recipient_id: str) -> pd.DataFrame:
    """What happened to every version of one unit's report, the newest first."""
    with store.reading() as cursor:
        return cursor.frame(sql_text("data", "queries/report_events"), {**scope.key, "recipient_id": recipient_id})


def _with_words(row: dict[str, Any], score: dict[str, Any] | None) -> dict[str, Any]:
    """A value with its score, its sentence and its figures in words; a score of another version says nothing here."""
    mine = score if score is not None and score["report_id"] == row["report_id"] else None
    return {
        **row,
        **{name: mine[name] if mine else None for name in _OF_SCORE},
        "target_text": score["target_text"] if score else "",
        "deviation_reason": mine["deviation_reason"] if mine else "",
        "improvement_measure": mine["improvement_measure"] if mine else "",
        "sentence": explain(mine) if mine else "",
        "reported_text": show_reported(row),
        "previous_text": show_previous(row),
    }


def _whole_report(newest: dict[str, Any]) -> list[dict[str, Any]]:
    if not newest["event_reason"]:
        return []
    return [{
        "recipient_id": newest["recipient_id"], "report_id": newest["report_id"],
        "report_version": newest["report_version"], "short_name": "整份填报", "check_reason": newest["event_reason"],
        "checked_at": newest["happened_at"], "checked_by": newest["done_by"],
    }]

"""疑点核查: what the check catalogue finds in both systems' exports and in the reports; a person decides."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.checks import Check
from data.store import Store, sql_text
from metrics import law
from metrics.boards.definition import Scope, board
from metrics.check_inputs import days_of, exports_of, region_steps_of
from metrics.findings import CheckRun, limits_of, run_checks, sources_of
from metrics.indicators import REGION_ID
from metrics.law import TRUST_LABELS, Trust, citation, trust_label
from metrics.limits import Limit, limit_values

SEVERITIES = ("fatal", "warning", "note")
STATES = ("found", "not_checked", "passed")
REGION_NAME = "州本级"
# Payment and payout: money that has left comes before what is booked or reported otherwise.
MONEY_FAMILIES = frozenset("PF")
UNVERIFIED = TRUST_LABELS[Trust.UNVERIFIED]
FOUND_COLUMNS = (
    "recipient_id", "recipient_name", "code", "title", "severity", "subject_text", "stated_text", "expected_text",
    "amount_yuan", "found_count", "place_text", "says",
)
CHECKED_COLUMNS = (
    "recipient_id", "recipient_name", "code", "title", "severity", "says", "source_text", "trust", "check_state",
    "missing_exports", "gapped_exports",
)


@dataclass(frozen=True)
class Judged:
    """What all checks came to: ``found`` one row per thing found, ``checked`` one row per check and unit."""

    found: pd.DataFrame
    checked: pd.DataFrame


@board(
    page="疑点核查",
    title="疑点",
    asks="登录、支付、发放和填报里有哪些疑点，各在哪个单位、哪个文件哪一行，涉及多少钱，要办什么；哪些检查通过，哪些没有核查",
    formula="逐条运行检查目录。每条检查有编号、依据和轻重，列出不符合的行；所读的导出还没有载入、或者缺了所需的一段日子的单位记为“未核查”，不算通过。"
    "只算统计截止日仍有效的导出，被更正或撤回的不算。同一笔钱可能同时出现在几条检查里，金额不能相加。程序只提出疑点，由人认定。",
    sources=(law.SAME_DATA_SOURCE, law.SEPARATE_FUND_SOURCE, law.ONE_CARD_SOURCE),
)
def judged(store: Store, scope: Scope) -> Judged:
    """Every check of the catalogue, run once over what is docked and reported by the day.

    Shape:  ``found``: the gravest first, of these money that has left, then the most money, units in printed order.
            ``checked``: in the order of the codes, a row for each unit of the notice; ``check_state`` is one of
            ``STATES``.
    Unit:   元, exact.
    Empty:  ``amount_yuan`` is None where no money is at stake; ``missing_exports`` (never loaded) and
            ``gapped_exports`` (without some of the days that the check needs) are () unless not checked.
    """
    with store.snapshot() as cursor:
        runs = run_checks(cursor, scope.document_number, scope.as_of)
        units = cursor.rows("SELECT recipient_id, recipient_name, display_no FROM unit_money ORDER BY display_no")
        docked = cursor.rows("SELECT recipient_id, system_name, record_kind FROM unit_export")
        steps = [row["receipt_step"] for row in cursor.rows("SELECT receipt_step FROM region_step")]
        gaps = {
            (row["recipient_id"], row["need_name"], row["system_name"], row["record_kind"])
            for row in cursor.rows(sql_text("data", "queries/check_gap"))
        }
        limits = limit_values(cursor, scope.as_of_on)
    names = {unit["recipient_id"]: unit["recipient_name"] for unit in units}
    loaded = {(row["recipient_id"], row["system_name"], row["record_kind"]) for row in docked}
    loaded |= {(recipient_id, REGION_ID, step) for recipient_id in names for step in steps}
    return Judged(_found(runs, names), _checked(runs, names, loaded, gaps, limits))


def _found(runs: list[CheckRun], names: dict[str, str]) -> pd.DataFrame:
    places = {recipient_id: place for place, recipient_id in enumerate(names)}
    findings = sorted(
        (finding for run in runs for finding in run.findings),
        key=lambda one: (
            SEVERITIES.index(one.check.severity), one.check.code[0] not in MONEY_FAMILIES, -(one.amount_yuan or 0),
            places.get(one.recipient_id, -1), one.check.code, one.place_text or "", one.subject_text,
        ),
    )
    return pd.DataFrame([
        {
            "recipient_id": one.recipient_id or "",
            "recipient_name": names.get(one.recipient_id, REGION_NAME),
            "code": one.check.code,
            "title": one.check.title,
            "severity": one.check.severity,
            "subject_text": one.subject_text,
            "stated_text": one.stated_text or "",
            "expected_text": one.expected_text or "",
            "amount_yuan": one.amount_yuan,
            "found_count": one.found_count,
            "place_text": one.place_text or "",
            "says": one.check.says,
        }
        for one in findings
    ], columns=list(FOUND_COLUMNS), dtype=object)


def _checked(
    runs: list[CheckRun], names: dict[str, str], loaded: set[tuple[str, str, str]],
    gaps: set[tuple[str, str, str, str]], limits: dict[str, int],
) -> pd.DataFrame:
    rows = []
    for run in runs:
        words, trust = _source_words(run.check, limits)
        has_found = {finding.recipient_id for finding in run.findings}
        for recipient_id, name in names.items():
            missing = tuple(
                given for given in (*exports_of(run.check), *region_steps_of(run.check))
                if (recipient_id, *given) not in loaded
            )
            gapped = tuple(
                export for need, export in days_of(run.check)
                if export not in missing and (recipient_id, need, *export) in gaps
            )
            lacks = bool(missing or gapped)
            state = "found" if recipient_id in has_found else "not_checked" if lacks else "passed"
            rows.append((
                recipient_id, name, run.check.code, run.check.title, run.check.severity, run.check.says, words, trust,
                state, missing, gapped,
            ))
    return pd.DataFrame(rows, columns=list(CHECKED_COLUMNS), dtype=object)


def _source_words(check: Check, limits: dict[str, int]) -> tuple[str, str]:
    """What a check rests on, rules first and then the bureau's own limits as they stand; the weakest trust mark."""
    sources, own = sources_of(check), limits_of(check)
    words = [citation(source) for source in sources] + [_limit_words(limit, limits[limit.key]) for limit in own]
    marks = [trust_label(source) for source in sources]
    if UNVERIFIED in marks or any(UNVERIFIED in limit.note for limit in own):
        return "；".join(words), UNVERIFIED
    return "；".join(words), marks[0] if marks else ""


def _limit_words(limit: Limit, value: int) -> str:
    doubt = f"，{UNVERIFIED}" if UNVERIFIED in limit.note else ""
    whose = "全国规定" if limit.is_fixed else "本单位设定，可以修改"
    return f"{limit.name} {value} {limit.unit}（{whose}{doubt}）"

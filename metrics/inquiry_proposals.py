"""What the rules propose to ask units, each with the fact in one sentence; a person decides on every one.

Limitations: a proposal is what a rule says now. What is raised, upheld and not upheld is counted of what persons
             opened or dismissed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from data.store import Cursor, Store, sql_text, with_relations
from metrics.boards.findings import judged
from metrics.boards.payout import beside_claims
from metrics.clocks import clock_sql
from metrics.explain import explain, show_day, show_number, show_points
from metrics.inquiries import CLOSED, RULES, WHOLE_UNIT, inquiries_key, retired_rules
from metrics.kept_scores import exact_scores, scores_sql
from metrics.payout_claims import MORE
from metrics.rollup import effect_sql, unit_standing_sql
from metrics.rounds import round_before
from metrics.scope import Scope

Row = dict[str, Any]
# Of the findings of a unit, so many kinds are named; the page 疑点核查 has them all.
MOST_KINDS = 3


@dataclass(frozen=True)
class Proposal:
    """What one rule would ask one unit, about one indicator (0: the unit as a whole), on which facts.

    ``facts_key`` holds the figures that the fact rests on, without the passing of time: the same key is the same
    proposal, so that what was opened or dismissed comes back only when its facts are others.
    """

    rule_key: str
    recipient_id: str
    indicator_no: int
    fact_text: str
    facts_key: str

    @property
    def place(self) -> tuple[str, int]:
        """Unit and indicator: at most one inquiry of a notice is open there."""
        return self.recipient_id, self.indicator_no


@dataclass(frozen=True)
class Proposed:
    """The proposals that wait for a decision, and those whose unit and indicator already have an open inquiry."""

    waiting: tuple[Proposal, ...]
    held: tuple[tuple[Proposal, int], ...]


def propose(
    store: Store, scope: Scope, region_code: str, rule_keys: Collection[str], names: dict[str, str]
) -> Proposed:
    """What some rules propose by the day, without what was opened or dismissed on the same facts.

    Reads: ``names`` the units of the notice by their keys, in printed order.
    Shape: in the order of the units, of the rules and of the indicators.
    """
    with store.reading() as cursor:
        used = [key for key in RULES if key in set(rule_keys) - retired_rules(cursor, scope)]
        seen, open_at = _handled(cursor, scope)
    found = [
        proposal
        for make, keys in _MAKERS
        if set(keys) & set(used)
        for proposal in make(store, scope, region_code, names)
        if proposal.rule_key in used and proposal.recipient_id in names and _mark(proposal) not in seen
    ]
    places = {key: place for place, key in enumerate(names)}
    order = {key: place for place, key in enumerate(RULES)}
    found.sort(key=lambda one: (places[one.recipient_id], order[one.rule_key], one.indicator_no))
    return Proposed(
        tuple(one for one in found if one.place not in open_at),
        tuple((one, open_at[one.place]) for one in found if one.place in open_at),
    )


def _mark(proposal: Proposal) -> tuple[str, str, int, str]:
    return proposal.rule_key, proposal.recipient_id, proposal.indicator_no, proposal.facts_key


def _handled(cursor: Cursor, scope: Scope) -> tuple[set[tuple[str, str, int, str]], dict[tuple[str, int], int]]:
    """What was opened or dismissed by the day, by rule, place and facts; and the open inquiry of each place."""
    opened = cursor.rows(
        sql_text("data", "queries/inquiry_now"), inquiries_key(scope.as_of, document_number=scope.document_number)
    )
    dismissed = cursor.rows(
        sql_text("data", "queries/inquiry_dismissals"),
        {"document_number": scope.document_number, "as_of": scope.as_of},
    )
    seen = {
        (row["rule_key"], row["recipient_id"], row["indicator_no"], row["facts_key"]) for row in (*opened, *dismissed)
    }
    return seen, {
        (row["recipient_id"], row["indicator_no"]): row["inquiry_no"]
        for row in opened if row["inquiry_state"] != CLOSED
    }


def open_inquiry_no(cursor: Cursor, scope: Scope, recipient_id: str, indicator_no: int) -> int | None:
    """The inquiry that is open about an indicator of a unit in one notice; None where there is none."""
    opened = cursor.rows(
        sql_text("data", "queries/inquiry_now"),
        inquiries_key(scope.as_of, document_number=scope.document_number, recipient_id=recipient_id),
    )
    return next((
        row["inquiry_no"] for row in opened
        if row["indicator_no"] == indicator_no and row["inquiry_state"] != CLOSED
    ), None)


def _made(rule_key: str, row: Mapping[Any, Any], scope: Scope, fact: str, facts: Iterable[Any]) -> Proposal:
    round_id = scope.round_id if RULES[rule_key].is_of_round else ""
    key = "|".join([round_id, *("" if part is None or part != part else str(part) for part in facts)])
    return Proposal(rule_key, row["recipient_id"], int(row["indicator_no"]), fact, key)


def _of_effect(store: Store, scope: Scope, region_code: str, names: dict[str, str]) -> list[Proposal]:
    effect = effect_sql(unit_standing_sql(), sql_text("data", "queries/rule"))
    sql = with_relations(sql_text("metrics", "inquiry_effect"), {"effect": effect})
    with store.reading() as cursor:
        rows = cursor.rows(sql, scope.key)
    return [
        _made(row["rule_key"], row, scope, _effect_fact(names.get(row["recipient_id"], ""), row), (
            row["paid_yuan"], row["after_yuan"], row["score_micro"], row["scored_weight_micro"],
        ))
        for row in rows
    ]


def _effect_fact(name: str, row: Row) -> str:
    paid, after = row["paid_yuan"], row["after_yuan"]
    score, weight = row["score_micro"], row["scored_weight_micro"]
    return (
        f"{name}累计支付 {_wan(paid)} 万元，执行率 {_percent(paid, after)}（÷调整后 {_wan(after)} 万元），"
        f"序时进度 {_percent(row['elapsed_days'], row['year_days'])}；已评指标得 {show_points(score, weight)}/"
        f"{show_points(weight, weight)} 分，得分率 {_percent(score, weight)}：{RULES[row['rule_key']].name}。"
    )


def _of_scores(store: Store, scope: Scope, region_code: str, names: dict[str, str]) -> list[Proposal]:
    with store.reading() as cursor:
        earlier = round_before(cursor, scope)
        cursor.lend("lent_earlier_score", cursor.arrow(scores_sql(), {**scope.key, "round_id": earlier}))
        rows = cursor.rows(with_relations(sql_text("metrics", "inquiry_missed"), {
            "score_of_round": scores_sql(), "earlier_score": "SELECT * FROM lent_earlier_score",
        }), scope.key)
        scores = {(row["recipient_id"], row["indicator_no"]): row for row in exact_scores(cursor, scope)}
        before = {
            (row["recipient_id"], row["indicator_no"]): row
            for row in (exact_scores(cursor, Scope(scope.document_number, earlier, scope.as_of_on)) if earlier else ())
        }
    found = []
    for row in rows:
        place = (row["recipient_id"], row["indicator_no"])
        score = scores[place]
        fact = f"{score['recipient_name']}{score['short_name']}：{explain(score)}"
        facts = [row["achieved"], row["required"]]
        if row["rule_key"] == "missed_twice":
            fact += f"上一轮：{explain(before[place])}"
            facts += [row["earlier_achieved"], row["earlier_required"]]
        found.append(_made(row["rule_key"], row, scope, fact, facts))
    return found


def _of_reports(store: Store, scope: Scope, region_code: str, names: dict[str, str]) -> list[Proposal]:
    sql = with_relations(
        sql_text("metrics", "inquiry_not_reported"), {"duties": sql_text("data", "queries/duties")}
    )
    with store.reading() as cursor:
        rows = cursor.rows(sql, scope.key) if scope.round_id else []
    return [
        _made("not_reported", row, scope, (
            f"{names.get(row['recipient_id'], '')}{row['round_name']}的数据应在 {show_day(row['due_on'])}前报送，"
            "到期没有报送。"
        ), [row["due_on"]])
        for row in rows
    ]


def _of_imports(store: Store, scope: Scope, region_code: str, names: dict[str, str]) -> list[Proposal]:
    sql = with_relations(sql_text("metrics", "inquiry_import"), {
        "clock": clock_sql(), "deadline_indicator": sql_text("data", "queries/deadline_indicator"),
    })
    with store.reading() as cursor:
        rows = cursor.rows(sql, {
            "document_number": scope.document_number, "region_code": region_code, "as_of": scope.as_of,
        })
    return [
        _made(row["rule_key"], row, scope, _import_fact(names.get(row["recipient_id"], ""), row), (
            row["due_on"],
            *((row["imported_yuan"], row["imported_marker"]) if row["rule_key"] == "import_wrong" else ()),
        ))
        for row in rows
    ]


def _import_fact(name: str, row: Row) -> str:
    head = f"{name}应在 {show_day(row['due_on'])}前把 {_wan(row['after_yuan'])} 万元指标和标识全部导入监控系统，"
    if row["clock_state"] == "late":
        return f"{head}{show_day(row['done_on'])}才全部导入，逾期 {row['late_days']} 个工作日。"
    if row["clock_state"] == "overdue":
        return f"{head}到期没有导入。"
    if row["clock_state"] == "on_time_empty":
        return f"{head}按期登记了导入，导入金额为 0。"
    marker = row["imported_marker"] or "空"
    return (
        f"{head}按期登记导入 {_wan(row['imported_yuan'])} 万元、标识“{marker}”，"
        f"与文件的 {_wan(row['after_yuan'])} 万元、“{row['marker_text']}”不同。"
    )


def _of_claims(store: Store, scope: Scope, region_code: str, names: dict[str, str]) -> list[Proposal]:
    if not scope.round_id:
        return []
    claims = beside_claims(store, scope)
    return [
        _made("claim_above_evidence", row, scope, row["sentence"], (row["measure_key"], *(
            row[name] for name in (
                "claimed_numerator", "claimed_denominator", "claimed_rate", "computed_numerator",
                "computed_denominator",
            )
        )))
        for row in claims[claims["claim_state"] == MORE].to_dict("records")
    ]


def _of_findings(store: Store, scope: Scope, region_code: str, names: dict[str, str]) -> list[Proposal]:
    found = judged(store, scope).found
    proposals = []
    for recipient_id, rows in found[found["severity"] == "fatal"].groupby("recipient_id", sort=False):
        kinds = [(code, list(of_kind.to_dict("records"))) for code, of_kind in rows.groupby("code", sort=False)]
        told = "、".join(f"{code} {of_kind[0]['title']} {len(of_kind)} 处" for code, of_kind in kinds[:MOST_KINDS])
        most = max((row["amount_yuan"] for row in rows.to_dict("records") if row["amount_yuan"]), default=None)
        stake = "" if most is None else f"，涉及最多的一处 {_wan(most)} 万元"
        more = f"等 {len(kinds)} 类" if len(kinds) > MOST_KINDS else ""
        facts = [
            f"{code}:{len(of_kind)}:{sum((row['amount_yuan'] or Decimal(0) for row in of_kind), Decimal(0))}"
            for code, of_kind in sorted(kinds)
        ]
        proposals.append(_made(
            "fatal_findings", {"recipient_id": recipient_id, "indicator_no": WHOLE_UNIT}, scope,
            f"{names.get(str(recipient_id), '')}有 {len(rows)} 处严重疑点：{told}{more}{stake}。由人认定。",
            facts,
        ))
    return proposals


def _of_adjustments(store: Store, scope: Scope, region_code: str, names: dict[str, str]) -> list[Proposal]:
    sql = with_relations(sql_text("metrics", "inquiry_rectification"), {
        "audit_line": sql_text("data", "queries/audit_line"),
        "unit_money_change": sql_text("data", "queries/allocation_units"),
    })
    with store.reading() as cursor:
        rows = cursor.rows(sql, {"document_number": scope.document_number})
    return [
        _made("audit_rectification", row, scope, _adjustment_fact(names.get(row["recipient_id"], ""), row), [
            row["adjustment_yuan"], row["after_yuan"],
        ])
        for row in rows
    ]


def _adjustment_fact(name: str, row: Row) -> str:
    cut, before = -row["adjustment_yuan"], row["before_yuan"]
    share = f"，减 {_percent(cut, before)}" if before else ""
    return (
        f"文件第 {row['audit_line_no']} 行写明为审计整改调整分配方案：{name}由 {_wan(before)} 万元"
        f"调减 {_wan(cut)} 万元，调整后 {_wan(row['after_yuan'])} 万元{share}。"
    )


def _wan(yuan: Decimal | None) -> str:
    return "0" if yuan is None else show_number(Decimal(yuan) / 10_000)


def _percent(part: Any, whole: Any) -> str:
    """A share with one decimal, cut off: 0.8996 must not read 90%."""
    if part is None or not whole:
        return "—"
    return f"{(Decimal(part) * 100 / Decimal(whole)).quantize(Decimal('0.1'), ROUND_FLOOR)}%"


_MAKERS: tuple[tuple[Callable[[Store, Scope, str, dict[str, str]], list[Proposal]], tuple[str, ...]], ...] = (
    (_of_effect, ("both_behind", "money_without_effect", "effect_ahead_of_money")),
    (_of_scores, ("off", "missed_twice")),
    (_of_reports, ("not_reported",)),
    (_of_imports, ("import_late", "import_empty", "import_wrong")),
    (_of_claims, ("claim_above_evidence",)),
    (_of_findings, ("fatal_findings",)),
    (_of_adjustments, ("audit_rectification",)),
)


def find_proposal(
    store: Store, scope: Scope, region_code: str, rule_key: str, recipient_id: str, indicator_no: int
) -> Proposal | None:
    """What one rule proposes about one place as known now; None where it proposes nothing there any more."""
    units = store.query("allocation_units", document_number=scope.document_number)
    names = dict(zip(units["recipient_id"], units["recipient_name"], strict=True))
    found = propose(store, scope, region_code, (rule_key,), names)
    everything = (*found.waiting, *(one for one, _ in found.held))
    return next((one for one in everything if one.place == (recipient_id, indicator_no)), None)


def is_handled(cursor: Cursor, scope: Scope, proposal: Proposal) -> bool:
    """Whether the same proposal on the same facts was opened or dismissed."""
    return _mark(proposal) in _handled(cursor, scope)[0]

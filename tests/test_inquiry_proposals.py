"""What the rules propose: each on planted facts, each once, and how often each was right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from builders import (
    NUMBER,
    OFFICER,
    REGION,
    ROUND,
    clerk,
    contents,
    demo_store,
    entry,
    founding,
    import_all,
    opened_store,
    plan,
    publish,
    receive,
    rows,
    submit,
    upload,
)
from inquiry_builders import AT, SCOPE, answer, inquiry_plan, newest_step, order, outcome, refer

from dashboard.actions import inquiries as actions
from dashboard.actions.inquiries import dismiss_proposal, open_inquiry
from dashboard.actions.inquiry_rules import decide_inquiry_rule
from dashboard.actions.inquiry_steps import find_normal
from dashboard.actions.limits import change_limit
from dashboard.actions.rounds import open_round
from data.errors import NotFoundError, RefusedError
from data.store import Store
from metrics import law
from metrics.boards import inquiries as boards
from metrics.inquiries import RULES, rule_name
from metrics.rounds import round_before
from metrics.scope import Scope

NOW = datetime(2021, 12, 28, 10)
BEFORE_DUE = Scope(NUMBER, ROUND, date(2021, 12, 27))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = opened_store(tmp_path)
    yield opened
    opened.close()


def proposed(store: Store, rule_key: str, scope: Scope = SCOPE, recipient_id: str = "luntai") -> list[dict[str, Any]]:
    """What a rule proposes to ask one unit."""
    board = boards.doubt_proposals if RULES[rule_key].is_slow else boards.proposals
    table = board(store, scope, REGION)
    table = table[(table["rule_key"] == rule_key) & (table["recipient_id"] == recipient_id)]
    return table.to_dict("records")


def facts(store: Store, rule_key: str, **where: Any) -> list[str]:
    return [row["fact_text"] for row in proposed(store, rule_key, **where)]


def as_plan(row: dict[str, Any], **changes: Any) -> Any:
    names = ("round_id", "recipient_id", "indicator_no", "rule_key", "facts_key", "question_text")
    return inquiry_plan(**{name: row[name] for name in names}, fact_text="", **changes)


# Every rule.

@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_says_what_it_is_and_asks_without_accusing(rule):
    assert rule.severity in {"fatal", "warning"} and rule.source in law.ALL_SOURCES.values()
    assert rule.question.endswith("。") and rule.note.endswith("。") and "说明" in rule.question + rule.note
    assert "本单位设定" in rule.note


def test_what_is_due_and_not_reported(store):
    assert facts(store, "not_reported") == ["轮台县2021年12月的数据应在 2021年12月27日前报送，到期没有报送。"]
    assert facts(store, "not_reported", scope=BEFORE_DUE) == []
    submit(store, upload(paid_wan=100))
    assert facts(store, "not_reported") == []


def test_an_indicator_far_off_and_one_missed_a_little(store):
    submit(store, upload(
        entry(12, numerator=6777, denominator=8335), entry(4, numerator=71, denominator=100),
        entry(5, numerator=90, denominator=100),
    ))

    # 81.3 % of 90 % is slightly off, 71 % of 90 % is off, 90 % meets 85 %.
    (row,) = proposed(store, "off")
    assert (row["indicator_no"], row["indicator_short_name"], row["severity"]) == (4, "儿童保障覆盖率", "warning")
    assert row["fact_text"].startswith("轮台县儿童保障覆盖率：目标≥90%，实际 71/100＝71%")
    assert row["fact_text"].endswith("低于目标 19 个百分点。")
    assert proposed(store, "missed_twice") == []


def test_an_indicator_missed_in_two_rounds_running(store):
    open_round(store, OFFICER, datetime(2021, 12, 22, 17), NUMBER, plan(
        round_id="2021-09", round_name="2021年9月", period_end_on=date(2021, 9, 30), opens_on=date(2021, 12, 22),
    ), REGION)
    submit(store, upload(
        entry(12, numerator=88, denominator=100), entry(4, numerator=95, denominator=100), round_id="2021-09",
    ))
    submit(store, upload(entry(12, numerator=81, denominator=100), entry(4, numerator=71, denominator=100)))

    (twice,) = proposed(store, "missed_twice")
    assert twice["indicator_no"] == 12
    assert "实际 81/100＝81%" in twice["fact_text"] and "上一轮：目标≥90%，实际 88/100＝88%" in twice["fact_text"]
    assert [row["indicator_no"] for row in proposed(store, "off")] == [4]
    assert proposed(store, "missed_twice", Scope(NUMBER, "2021-09", SCOPE.as_of_on)) == []


def test_the_round_before_is_one_that_was_opened_by_the_day(store):
    for round_id, opened_on in (("2021-09", 22), ("2021-10", 28)):
        open_round(store, OFFICER, datetime(2021, 12, opened_on, 17), NUMBER, plan(
            round_id=round_id, round_name=round_id, period_end_on=date(2021, int(round_id[5:]), 30),
            opens_on=date(2021, 12, opened_on), due_on=date(2021, 12, 31),
        ), REGION)

    with store.reading() as cursor:
        before = [
            round_before(cursor, Scope(NUMBER, round_id, date(2021, 12, day)))
            for day, round_id in ((27, ROUND), (28, ROUND), (28, "2021-09"), (27, "2021-10"))
        ]
    assert before == ["2021-09", "2021-10", "", ""]


@pytest.mark.parametrize(
    ("story", "rule_key", "said"),
    [
        ((), "import_late", "到期没有导入"),
        (({"happened_at": datetime(2021, 12, 28, 9)},), "import_late", "2021年12月28日才全部导入，逾期 1 个工作日"),
        (({"happened_at": datetime(2021, 12, 27, 9), "wan": 0},), "import_empty", "导入金额为 0"),
        (({"happened_at": datetime(2021, 12, 27, 9), "wan": 2900},), "import_wrong",
         "登记导入 2,900 万元、标识“01 中央直达资金”，与文件的 2,939 万元、“01 中央直达资金”不同"),
        (({"happened_at": datetime(2021, 12, 27, 9), "marker": ""},), "import_wrong", "标识“空”"),
        (({"happened_at": datetime(2021, 12, 27, 9)},), "", ""),
    ],
)
def test_an_import_late_empty_or_wrong(store, story, rule_key, said):
    receive(store)
    for step in story:
        import_all(store, **step)

    rules = ("import_late", "import_empty", "import_wrong")
    found = {key: proposed(store, key) for key in rules}
    assert [key for key in rules if found[key]] == ([rule_key] if rule_key else [])
    if rule_key:
        (row,) = found[rule_key]
        assert row["indicator_no"] == 11 and said in row["fact_text"]


def test_money_taken_back_in_a_notice_for_an_audit(store):
    (row,) = proposed(store, "audit_rectification", recipient_id="zhou-jiuzhuzhan")

    assert row["is_audit_rectification"]
    assert row["fact_text"] == (
        "文件第 11 行写明为审计整改调整分配方案：州救助站由 787 万元调减 530 万元，调整后 257 万元，减 67.3%。"
    )
    assert boards.proposals(store, SCOPE, REGION)["is_audit_rectification"].sum() == 1


def test_a_notice_that_is_not_for_an_audit_takes_money_back_without_a_question(tmp_path):
    store = Store(tmp_path / "other.duckdb")
    publish(store, founding(("审计整改工作", "发放工作")))

    assert facts(store, "audit_rectification", recipient_id="zhou-jiuzhuzhan") == []
    store.close()


@pytest.mark.parametrize(
    ("rule_key", "recipient_id", "said"),
    [
        ("both_behind", "hejing", "执行率 66.0%（÷调整后 4,155 万元），序时进度 98.3%"),
        ("money_without_effect", "yanqi", "钱到效未到"),
        ("effect_ahead_of_money", "heshuo", "效先于钱"),
        ("claim_above_evidence", "luntai", "自报 96%（2,821.44/2,939万元），支付信息算得 93%（2,733.27/2,939万元）"),
        ("claim_above_evidence", "qiemo", "自报高出 7.25 个百分点、605 人次"),
        ("fatal_findings", "qiemo", "2 处严重疑点：F07 死亡以后仍在发放 1 处、R07 预算指标没有导入监控系统 1 处，"
         "涉及最多的一处 66 万元"),
    ],
)
def test_what_docked_rows_and_the_five_states_propose(rule_key, recipient_id, said):
    """Over the demonstration, where some of them are opened already."""
    board = boards.doubt_proposals if RULES[rule_key].is_slow else boards.proposals
    found = pd.concat([board(demo_store(), SCOPE, REGION), boards.register(demo_store(), SCOPE)])
    of_unit = found[(found["rule_key"] == rule_key) & (found["recipient_id"] == recipient_id)]

    assert [said in fact for fact in of_unit["fact_text"]] == [True]


# One proposal, one decision.

def test_what_was_dismissed_comes_back_only_on_other_facts(store):
    submit(store, upload(entry(4, numerator=71, denominator=100)))
    (row,) = proposed(store, "off")
    dismiss_proposal(store, OFFICER, NOW, as_plan(row), "台账已核，分母含已迁出儿童", REGION)

    assert proposed(store, "off") == []
    assert proposed(store, "off", BEFORE_DUE) != []        # as it was known then
    submit(store, upload(entry(4, numerator=71, denominator=100), entry(5, numerator=1, denominator=1)), at=NOW)
    assert [row["indicator_no"] for row in proposed(store, "off")] == []
    submit(store, upload(entry(4, numerator=70, denominator=100)), at=NOW)
    assert [row["indicator_no"] for row in proposed(store, "off")] == [4]
    (kept,) = boards.dismissals(store, SCOPE).to_dict("records")
    assert (kept["dismissal_reason"], kept["dismissed_by"]) == ("台账已核，分母含已迁出儿童", OFFICER.name)


def test_time_that_passes_is_no_other_fact(store):
    receive(store)
    (row,) = proposed(store, "import_late")
    dismiss_proposal(store, OFFICER, NOW, as_plan(row), "监控系统停机", REGION)

    assert proposed(store, "import_late", Scope(NUMBER, ROUND, date(2021, 12, 31))) == []


def test_what_was_opened_is_not_proposed_again_and_holds_others_of_its_place(store):
    submit(store, upload(entry(4, numerator=71, denominator=100)))
    (row,) = proposed(store, "off")
    made = open_inquiry(store, OFFICER, NOW, as_plan(row, answer_days=2), REGION)
    assert proposed(store, "off") == []
    kept = boards.register(store, SCOPE).iloc[0]
    assert (kept["rule_key"], kept["rule_name"], kept["fact_text"]) == ("off", "指标明显偏差", row["fact_text"])

    submit(store, upload(entry(4, numerator=70, denominator=100)), at=NOW)
    (held,) = proposed(store, "off")
    assert held["open_inquiry_no"] == made.inquiry_no
    with pytest.raises(RefusedError, match="已有没销号的问效单第1号"):
        open_inquiry(store, OFFICER, NOW, as_plan(held), REGION)


def test_a_decision_is_about_the_facts_that_were_seen(store):
    submit(store, upload(entry(4, numerator=71, denominator=100)))
    (row,) = proposed(store, "off")
    submit(store, upload(entry(4, numerator=69, denominator=100)), at=NOW)
    before = contents(store)

    for decide in (
        lambda: open_inquiry(store, OFFICER, NOW, as_plan(row), REGION),
        lambda: dismiss_proposal(store, OFFICER, NOW, as_plan(row), "已核", REGION),
    ):
        with pytest.raises(RefusedError, match="指标明显偏差：这条提议依据的数已经变了"):
            decide()
    assert contents(store) == before


@pytest.mark.parametrize("is_opening", [True, False])
def test_facts_that_change_while_a_person_decides_are_judged_anew(store, monkeypatch, is_opening):
    submit(store, upload(entry(4, numerator=71, denominator=100)))
    (row,) = proposed(store, "off")
    judge = actions.find_proposal

    def then_report(*given: Any) -> Any:
        monkeypatch.setattr(actions, "find_proposal", judge)
        found = judge(*given)
        submit(store, upload(entry(4, numerator=100, denominator=100)), at=NOW)
        return found

    monkeypatch.setattr(actions, "find_proposal", then_report)
    with pytest.raises(RefusedError, match="指标明显偏差：这条提议依据的数已经变了"):
        if is_opening:
            open_inquiry(store, OFFICER, NOW, as_plan(row), REGION)
        else:
            dismiss_proposal(store, OFFICER, NOW, as_plan(row), "已核", REGION)
    assert rows(store, "SELECT (SELECT COUNT(*) FROM inquiry) + (SELECT COUNT(*) FROM inquiry_dismissal) AS n") == [
        {"n": 0},
    ]


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [({}, " ", "没有写理由"), ({"rule_key": "nothing"}, "已核", "没有名为“nothing”的提议规则"),
     ({"indicator_no": 7}, "已核", "已经不成立")],
)
def test_a_bad_dismissal_is_refused_with_a_sentence(store, changes, reason, said):
    submit(store, upload(entry(4, numerator=71, denominator=100)))
    (row,) = proposed(store, "off")

    with pytest.raises((RefusedError, NotFoundError), match=said):
        dismiss_proposal(store, OFFICER, NOW, as_plan({**row, **changes}), reason, REGION)


def test_a_proposal_is_dismissed_once(store):
    (row,) = proposed(store, "not_reported")
    dismiss_proposal(store, OFFICER, NOW, as_plan(row), "已核", REGION)

    with pytest.raises(RefusedError, match="不成立"):
        dismiss_proposal(store, OFFICER, NOW, as_plan(row), "已核", REGION)


# Rules.

def record_of(store: Store, rule_key: str) -> dict[str, Any]:
    table = boards.rule_records(store, SCOPE)
    (row,) = table[table["rule_key"] == rule_key].to_dict("records")
    return row


def raise_some(store: Store, *, upheld: int, normal: int, dismissed: int, waiting: int = 0) -> None:
    """Decide that many proposals of the rule of reports."""
    table = boards.proposals(store, SCOPE, REGION)
    units = table[table["rule_key"] == "not_reported"].to_dict("records")
    for place, row in enumerate(units[:upheld + normal + waiting], start=1):
        made = open_inquiry(store, OFFICER, NOW, as_plan(row), REGION)
        if place > upheld + normal:
            continue
        answer(store, NOW, actor=clerk(row["recipient_id"]), inquiry_no=made.inquiry_no)
        if place <= upheld:
            order(store, NOW, inquiry_no=made.inquiry_no)
        else:
            find_normal(store, OFFICER, NOW, made.inquiry_no, words="正常",
                        seen_step_no=newest_step(store, made.inquiry_no))
    for row in units[upheld + normal + waiting:upheld + normal + waiting + dismissed]:
        dismiss_proposal(store, OFFICER, NOW, as_plan(row), "已核", REGION)


@pytest.mark.parametrize(
    ("upheld", "normal", "dismissed", "is_below"),
    [(2, 1, 2, True), (2, 0, 2, False), (3, 1, 2, False), (0, 0, 5, True), (0, 0, 4, False)],
)
def test_a_rule_below_its_bar_after_enough_judged_ones_asks_for_its_retirement(
    store, upheld, normal, dismissed, is_below
):
    raise_some(store, upheld=upheld, normal=normal, dismissed=dismissed, waiting=1)

    row = record_of(store, "not_reported")
    assert {name: row[name] for name in (
        "raised_count", "upheld_count", "not_upheld_count", "waiting_count", "is_below_bar", "is_active",
        "is_up_for_decision",
    )} == {
        "raised_count": upheld + normal + dismissed + 1, "upheld_count": upheld, "not_upheld_count": normal + dismissed,
        "waiting_count": 1, "is_below_bar": is_below, "is_active": True, "is_up_for_decision": is_below,
    }


def test_who_is_referred_unheard_neither_proves_nor_disproves_the_rule(store):
    (row,) = proposed(store, "not_reported")
    made = open_inquiry(store, OFFICER, NOW, as_plan(row, answer_days=1), REGION)
    late = datetime(2021, 12, 30, 9)
    refer(store, late, inquiry_no=made.inquiry_no)
    outcome(store, late, inquiry_no=made.inquiry_no)

    found = boards.rule_records(store, Scope(NUMBER, ROUND, late.date())).set_index("rule_key").loc["not_reported"]
    assert [found[f"{name}_count"] for name in ("raised", "judged", "upheld", "waiting")] == [1, 0, 0, 0]


def test_a_rule_is_retired_kept_and_restored_by_a_person(store):
    raise_some(store, upheld=0, normal=0, dismissed=5)
    decide_inquiry_rule(store, OFFICER, NOW, "not_reported", "keep", reason="补报高峰，再看一轮")
    assert record_of(store, "not_reported")["is_up_for_decision"] is False
    raise_some(store, upheld=0, normal=0, dismissed=1)
    assert record_of(store, "not_reported")["is_up_for_decision"] is True     # more has been judged since
    decide_inquiry_rule(store, OFFICER, NOW, "not_reported", "retire", reason="催报已有时钟")
    row = record_of(store, "not_reported")
    assert (row["is_active"], row["decided_text"], row["decided_by"]) == (False, "催报已有时钟", OFFICER.name)
    assert "not_reported" not in set(boards.proposals(store, SCOPE, REGION)["rule_key"])
    decide_inquiry_rule(store, OFFICER, NOW, "not_reported", "restore", reason="下一轮再用")
    assert "not_reported" in set(boards.proposals(store, SCOPE, REGION)["rule_key"])


@pytest.mark.parametrize(
    ("decision", "reason", "said"),
    [
        ("restore", "要用", "规则“到期未填报”正在使用，不需要恢复"),
        ("keep", "要用", "规则“到期未填报”没有提请停用"),
        ("retire", "", "没有写理由"),
        ("delete", "不要", "只能停用、继续使用、恢复使用"),
    ],
)
def test_a_decision_about_a_rule_changes_something_and_has_a_reason(store, decision, reason, said):
    with pytest.raises(RefusedError, match=said):
        decide_inquiry_rule(store, OFFICER, NOW, "not_reported", decision, reason=reason)


def test_an_unknown_rule_is_not_decided_about(store):
    with pytest.raises(NotFoundError, match="没有名为“nothing”的提议规则"):
        decide_inquiry_rule(store, OFFICER, NOW, "nothing", "retire", reason="不要")
    assert rule_name("nothing") == "自行开出"


def test_the_bar_is_the_bureau_s(store):
    raise_some(store, upheld=2, normal=0, dismissed=2)
    change_limit(store, OFFICER, AT, "inquiry_least_judged", 4, "按本局制度", date(2021, 12, 1))
    assert record_of(store, "not_reported")["is_below_bar"] is False       # two of four is the bar itself
    change_limit(store, OFFICER, AT, "inquiry_bar_percent", 51, "按本局制度", date(2021, 12, 1))
    assert record_of(store, "not_reported")["is_below_bar"] is True


def test_what_a_person_asks_freely_belongs_to_no_rule(store):
    open_inquiry(store, OFFICER, NOW, inquiry_plan(), REGION)

    assert boards.rule_records(store, SCOPE)["raised_count"].sum() == 0


def test_proposals_stand_in_the_order_of_units_and_say_where_they_come_from(store):
    table = boards.proposals(store, SCOPE, REGION)

    assert len(table) and table["trust"].isin({"已见原文", "出处待核"}).all()
    assert all("本单位设定" in text for text in table["source_text"])
    places = {unit: place for place, unit in enumerate(pd.unique(table["recipient_id"]))}
    assert list(table["recipient_id"].map(places)) == sorted(table["recipient_id"].map(places))
    assert set(table["open_inquiry_no"]) == {0}

"""Adopting a version of the rule book: kept with who and why, for new rounds only."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from decimal import Decimal

import pytest
from builders import (
    NUMBER,
    OFFICER,
    REGION,
    ROUND,
    clerk,
    contents,
    demo_folder,
    entry,
    is_whole_log,
    opened_store,
    plan,
    rows,
    submit,
    upload,
)

from dashboard.actions.reports import prepare_form
from dashboard.actions.rounds import open_round
from dashboard.actions.rules import adopt_rules
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.errors import RefusedError
from data.store import Store
from metrics.rule_changes import RuleChange
from metrics.rulebook import versions

AT = datetime(2021, 12, 26, 9)
STRICTER = {
    "weight-output": Decimal(40), "weight-outcome": Decimal(40), "slightly-off-from": Decimal("0.95"),
    "over-from": Decimal("1.05"),
}
ABOUT_RULES = {"rule_version", "rule_value", "audit_log"}


def stricter(on: date = date(2021, 12, 1), **changes) -> RuleChange:
    return RuleChange(**{
        "base": "2021-1", "changed": STRICTER, "effective_on": on, "reason": "按州里意见从严", **changes
    })


def apart_from_rules(store: Store) -> dict:
    return {name: table for name, table in contents(store).items() if name not in ABOUT_RULES}


def test_a_version_is_kept_with_who_when_and_why(tmp_path):
    store = opened_store(tmp_path)

    name = adopt_rules(store, OFFICER, AT, stricter())

    newest, shipped = versions(store)
    assert (name, newest.version, shipped.version) == ("2021-2", "2021-2", "2021-1")
    assert (newest.adopted_by, newest.adopted_at, newest.effective_on) == ("阿依古丽", AT, date(2021, 12, 1))
    assert newest.change_reason == "按州里意见从严"
    assert dict(newest.values) == {**shipped.values, **STRICTER}
    (line,) = rows(store, "SELECT * FROM audit_log WHERE action_name = 'adopt_rules'")
    detail = json.loads(line["detail_json"])
    assert (line["actor_name"], line["subject_text"], detail["base"]) == ("阿依古丽", "2021-2", "2021-1")
    assert detail["changed"] == {
        "weight-output": ["50", "40"], "weight-outcome": ["30", "40"], "slightly-off-from": ["0.8", "0.95"],
        "over-from": ["1.3", "1.05"],
    }
    assert is_whole_log(store)


def test_nothing_but_the_rules_and_the_log_changes(tmp_path):
    store = Store(shutil.copy(demo_folder() / STORE_NAME, tmp_path / STORE_NAME))
    before = apart_from_rules(store)

    adopt_rules(store, OFFICER, datetime(2021, 12, 28, 9), stricter())

    assert len(before["score"]) >= 3 * 12 * 20
    assert apart_from_rules(store) == before


def test_a_report_in_an_old_round_is_scored_by_the_old_version(tmp_path):
    """The same reports at the same moments, once with a stricter version adopted between them, once without."""
    def lived_through(folder, *, is_adopted: bool) -> dict:
        folder.mkdir()
        store = opened_store(folder)
        submit(store, upload(entry(4, numerator=90, denominator=100), paid_wan=2000))
        if is_adopted:
            adopt_rules(store, OFFICER, AT, stricter())
        submit(store, upload(entry(4, numerator=85, denominator=100), entry(5, numerator=130, denominator=120),
                             paid_wan=2100), at=datetime(2021, 12, 27, 9))
        submit(store, upload(entry(4, numerator=85, denominator=100), recipient_id="bohu"),
               at=datetime(2021, 12, 27, 10))
        return apart_from_rules(store)

    with_it, without = lived_through(tmp_path / "a", is_adopted=True), lived_through(tmp_path / "b", is_adopted=False)

    assert with_it == without
    assert len(with_it["score"]) > 240


def test_a_round_opened_later_takes_the_version_of_its_last_day(tmp_path):
    store = opened_store(tmp_path)
    adopt_rules(store, OFFICER, AT, stricter(date(2022, 3, 1)))
    key = {"numerator": 85, "denominator": 100}                # ≥90%: 94.4% of the target
    for round_id, ends in (("2022-02", date(2022, 2, 28)), ("2022-03", date(2022, 3, 1))):
        open_round(store, OFFICER, AT, NUMBER, plan(
            round_id=round_id, round_name=round_id, period_end_on=ends, opens_on=ends, due_on=ends,
        ), REGION)
    for round_id in (ROUND, "2022-02", "2022-03"):
        submit(store, upload(entry(4, **key), round_id=round_id), at=datetime(2022, 3, 1, 10))

    found = {row["round_id"]: row for row in rows(
        store, "SELECT r.round_id, r.rule_version, s.rule_version AS scored_by, s.state, w.weights "
        "FROM round AS r JOIN score AS s ON s.round_id = r.round_id AND s.recipient_id = 'luntai' "
        "AND s.indicator_no = 4 AND s.valid_to > TIMESTAMP '9000-01-01' "
        "JOIN (SELECT round_id, SUM(w.weight_micro) AS weights FROM round_weight AS w JOIN indicator AS i "
        "ON i.indicator_no = w.indicator_no WHERE i.dimension = '产出指标' GROUP BY round_id) AS w "
        "ON w.round_id = r.round_id",
    )}
    assert {round_id: row["rule_version"] for round_id, row in found.items()} == {
        ROUND: "2021-1", "2022-02": "2021-1", "2022-03": "2022-1",
    }
    assert all(row["scored_by"] == row["rule_version"] for row in found.values())
    assert {round_id: row["state"] for round_id, row in found.items()} == {
        ROUND: "slightly_off", "2022-02": "slightly_off", "2022-03": "off",
    }
    assert {round_id: int(row["weights"]) for round_id, row in found.items()} == {
        ROUND: 50_000_000, "2022-02": 50_000_000, "2022-03": 40_000_000,
    }


def test_the_form_of_a_round_offers_the_bands_of_its_own_version(tmp_path):
    store = opened_store(tmp_path)
    adopt_rules(store, OFFICER, AT, stricter(changed={"band-reached-from": Decimal("0.9")}))
    day = date(2021, 12, 31)
    open_round(store, OFFICER, AT, NUMBER, plan(round_id="2021-12b", round_name="年末", period_end_on=day), REGION)

    old, new = (prepare_form(store, NUMBER, round_id, "luntai").band_limits for round_id in (ROUND, "2021-12b"))
    assert (old[1], old[2]) == ((80, 100), (60, 80))
    assert (new[1], new[2]) == ((90, 100), (60, 90))


def test_faults_are_said_all_at_once_and_nothing_is_kept(tmp_path):
    store = opened_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError) as refused:
        adopt_rules(store, OFFICER, AT, stricter(
            date(2020, 1, 1), changed={"weight-output": Decimal(40), "over-from": Decimal(1)}, reason="",
        ))

    assert len(str(refused.value).split("\n\n")) == 4
    assert contents(store) == before


def test_adopting_twice_is_refused_the_second_time(tmp_path):
    store = opened_store(tmp_path)
    adopt_rules(store, OFFICER, AT, stricter())
    before = contents(store)

    with pytest.raises(RefusedError, match="没有改动：从 2021-12-01 起本来就按 2021-2 版计算"):
        adopt_rules(store, OFFICER, AT, stricter())
    assert contents(store) == before


def test_versions_adopted_in_the_same_second_stay_in_their_order(tmp_path):
    store = opened_store(tmp_path)
    for good in range(70, 80):
        adopt_rules(store, OFFICER, AT, stricter(changed={"grade-good-from": Decimal(good)}))

    assert [rules.version for rules in versions(store)][:2] == ["2021-11", "2021-10"]
    assert versions(store)[0].values["grade-good-from"] == 79


@pytest.mark.parametrize("actor", [clerk("luntai"), Actor("", OFFICER.role), Actor("某人", "")])
def test_only_a_named_officer_of_the_prefecture_adopts(tmp_path, actor):
    store = opened_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError):
        adopt_rules(store, actor, AT, stricter())
    assert contents(store) == before

"""Decomposing targets: what it writes and re-scores, what it leaves, what it refuses."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from builders import (
    NUMBER,
    OFFICER,
    OPENED_AT,
    PLAN,
    REGION,
    ROUND,
    UNITS,
    clerk,
    contents,
    entry,
    founding,
    is_whole_log,
    opened_store,
    plan,
    publish,
    rows,
    score_of,
    submit,
    upload,
)

from dashboard import target_tables
from dashboard.actions.rounds import open_round
from dashboard.actions.targets import (
    Decomposed,
    TargetPlan,
    decompose_targets,
    prepare_sheet,
    read_sheet,
    rehearse_decomposition,
    sheet_name,
    sheet_workbook,
    suggested_start,
)
from data.audit import Actor
from data.errors import IntakeError, NotFoundError, RefusedError
from data.intake.decomposition import SHEET_NAME
from data.store import Store
from metrics.boards import targets as boards
from metrics.boards.definition import Scope
from metrics.boards.region import region_scores
from metrics.explain import explain
from metrics.kept_scores import exact_scores

CHANGED_AT = datetime(2021, 12, 26, 15)
BEFORE, AFTER = datetime(2021, 12, 26, 12), datetime(2021, 12, 26, 16)
NAMED = Actor("王处长", OFFICER.role)
SEPTEMBER = plan(round_id="2021-09", round_name="2021年9月", period_end_on=date(2021, 9, 30))
# 5,000 人次 of the region: ten units of 480, 救助站 200, 福利院 none.
PARTS = {(2, unit): "480" for unit in UNITS[:10]} | {(2, "zhou-jiuzhuzhan"): "200", (2, "zhou-fuliyuan"): "不承担"}


def planned(texts: dict[tuple[int, str], str], **changes: Any) -> TargetPlan:
    given: dict[str, Any] = {
        "valid_from_on": date(2021, 12, 1), "reason": "按上年人次分解", "approval_text": "会议纪要〔2021〕8号",
    }
    return TargetPlan(NUMBER, texts, **{**given, **changes})


def decompose(store: Store, texts: dict[tuple[int, str], str], at: datetime = CHANGED_AT, **changes: Any) -> Decomposed:
    return decompose_targets(store, NAMED, at, planned(texts, **changes), REGION)


@pytest.fixture
def counted(tmp_path) -> Store:
    """The founding notice with 临时救助 as a total of 5,000 人次, two rounds open, 轮台县 reported on both."""
    store = Store(tmp_path / "store.duckdb")
    publish(store, founding(("适度提高", "≥5000人次")))
    for each in (PLAN, SEPTEMBER):
        open_round(store, OFFICER, OPENED_AT, NUMBER, each, REGION)
        submit(store, upload(
            entry(2, value=360), entry(4, numerator=93, denominator=100), round_id=each.round_id
        ), at=datetime(2021, 12, 26, 10))
    return store


def versions(store: Store) -> list[tuple[int, str, int, str]]:
    found = rows(store, "SELECT * FROM target WHERE target_version > 1 ORDER BY indicator_no, recipient_id")
    return [(row["indicator_no"], row["recipient_id"], row["target_version"], row["target_text"]) for row in found]


def test_only_what_changed_becomes_a_new_version_with_who_why_and_by_whose_approval(tmp_path):
    store = opened_store(tmp_path)
    before = rows(store, "SELECT * FROM target")

    done = decompose(store, {(4, "luntai"): "95", (4, "bohu"): "≥90%", (15, "luntai"): ""})

    assert done == Decomposed("decomposed", 1, ("2021年12月",))
    assert versions(store) == [(4, "luntai", 2, "≥95%")]
    (row,) = rows(store, "SELECT * FROM target WHERE target_version = 2")
    assert (row["bound"], row["scored_kind"], row["scale"], row["target_unit"]) == (95, "at_least", 100, "%")
    assert (row["valid_from_on"], row["changed_at"], row["changed_by"]) == (date(2021, 12, 1), CHANGED_AT, "王处长")
    assert (row["change_reason"], row["approval_text"]) == ("按上年人次分解", "会议纪要〔2021〕8号")
    assert [old for old in before if old not in rows(store, "SELECT * FROM target")] == [], "nothing is overwritten"


def test_a_total_scores_nobody_until_it_is_decomposed_and_everybody_by_his_part_afterwards(counted):
    """轮台县 did 360 of its 480: 75%."""
    before = score_of(counted, 2, BEFORE)
    decompose(counted, PARTS)
    after = score_of(counted, 2, AFTER)

    assert (before["state"], before["score_micro"], before["target_version"]) == ("needs_review", None, 1)
    assert (after["state"], after["attainment_micro"], after["target_version"]) == ("off", 750_000, 2)
    assert after["score_micro"] == round(after["weight_micro"] * 0.75)


def test_scores_before_the_change_and_rounds_before_its_first_day_stay(counted):
    """93% held against ≥90%, then against ≥95% from October on; September keeps ≥90%."""
    september = rows(counted, "SELECT * FROM score WHERE round_id = '2021-09' ORDER BY ALL")

    done = decompose(counted, {(4, "luntai"): "≥95%"}, valid_from_on=date(2021, 10, 1))

    assert done.rounds == ("2021年12月",)
    assert (score_of(counted, 4, BEFORE)["state"], score_of(counted, 4, AFTER)["state"]) == ("met", "slightly_off")
    assert score_of(counted, 4, AFTER, round_id="2021-09")["state"] == "met"
    assert rows(counted, "SELECT * FROM score WHERE round_id = '2021-09' ORDER BY ALL") == september
    assert score_of(counted, 4, AFTER, recipient_id="bohu")["target_version"] == 1


def test_the_first_day_itself_is_reached(counted):
    done = decompose(counted, {(4, "luntai"): "≥95%"}, valid_from_on=date(2021, 9, 30))

    assert done.rounds == ("2021年9月", "2021年12月")
    assert score_of(counted, 4, AFTER, round_id="2021-09")["state"] == "slightly_off"


def test_a_unit_without_a_part_is_not_judged_by_it_whatever_it_reports(counted):
    """Not by a bound of 0, which would be full marks for nothing."""
    submit(counted, upload(entry(2, value=5), recipient_id="zhou-fuliyuan"))
    decompose(counted, PARTS)

    with counted.reading() as cursor:
        (row,) = [each for each in exact_scores(cursor, Scope(NUMBER, ROUND, date(2021, 12, 26)), "zhou-fuliyuan")
                  if each["indicator_no"] == 2]
    assert (row["state"], row["score_micro"], row["final_micro"]) == ("not_applicable", None, None)
    assert explain(row) == "目标不承担，区域总量目标没有分给本单位，不计分。"
    assert score_of(counted, 2, AFTER, recipient_id="zhou-jiuzhuzhan")["state"] == "not_due"


def test_a_part_can_be_taken_back_and_given_to_another(counted):
    decompose(counted, PARTS)
    done = decompose(
        counted, {(2, "zhou-fuliyuan"): "200", (2, "zhou-jiuzhuzhan"): "不承担"}, at=datetime(2021, 12, 26, 17)
    )

    assert done.change_count == 2
    assert score_of(counted, 2, datetime(2021, 12, 26, 18), recipient_id="zhou-jiuzhuzhan")["state"] == "not_applicable"
    assert score_of(counted, 2, datetime(2021, 12, 26, 18), recipient_id="zhou-fuliyuan")["state"] == "not_due"


def test_the_regions_own_target_changes_together_with_its_parts(counted):
    decompose(counted, PARTS)
    with pytest.raises(RefusedError, match="区域目标 ≥5200人次，少 200 人次"):
        decompose(counted, {(2, "region"): "5200"}, at=datetime(2021, 12, 26, 17))

    decompose(counted, {(2, "region"): "5200", (2, "luntai"): "680"}, at=datetime(2021, 12, 26, 17))

    assert score_of(counted, 2, datetime(2021, 12, 26, 18))["required"] == Decimal(680)
    (region,) = rows(counted, "SELECT * FROM target WHERE recipient_id = 'region' AND target_version = 2")
    assert (region["target_text"], region["bound"]) == ("≥5200人次", 5200)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (PARTS | {(2, "luntai"): "460"}, "各单位合计 4,980 人次，区域目标 ≥5000人次，少 20 人次"),
        ({(2, "luntai"): "5000"}, "还没有分解到 库尔勒市、"),
        ({(4, "luntai"): "≥85%"}, "轮台县目标 ≥85%，宽于区域目标 ≥90%，低 5 个百分点"),
        ({(4, "region"): "≥95%"}, "宽于区域目标 ≥95%"),
        ({(4, "luntai"): "≤95%"}, "不是同一类要求"),
        ({(4, "luntai"): "不承担"}, "只有各单位相加的总量目标可以不承担"),
        ({(4, "region"): "不承担"}, "只有各单位相加的总量目标可以不承担"),
    ],
)
def test_what_does_not_hold_is_refused_and_nothing_is_written(counted, texts, words):
    before = contents(counted)

    with pytest.raises(RefusedError, match=words):
        decompose(counted, texts)
    assert contents(counted) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "请写明分解或调整的理由"),
        ({"approval_text": ""}, "请写明批准依据"),
        ({"reason": "字" * 201}, "理由有 201 字"),
        ({"valid_from_on": date(2020, 12, 31)}, "不在这笔资金的年度内"),
        ({"valid_from_on": date(2023, 1, 1)}, "不在这笔资金的年度内"),
    ],
)
def test_a_change_needs_reason_approval_and_a_day_of_the_fund(counted, changes, words):
    before = contents(counted)

    with pytest.raises(RefusedError, match=words):
        decompose(counted, {(4, "luntai"): "≥95%"}, **changes)
    assert contents(counted) == before


def test_a_change_does_not_reach_back_behind_an_earlier_one(counted):
    """Else a period between the two days would mix parts that nobody proved together."""
    decompose(counted, PARTS, valid_from_on=date(2021, 10, 1))

    with pytest.raises(RefusedError, match="早于这些指标上一次调整的生效日 2021-10-01"):
        decompose(counted, {(2, "luntai"): "470", (2, "bohu"): "490"}, valid_from_on=date(2021, 9, 30))
    assert decompose(counted, {(4, "luntai"): "≥95%"}, valid_from_on=date(2021, 9, 1)).change_count == 1


def test_the_regions_figure_keeps_the_target_that_was_known_then(counted):
    at = datetime(2021, 12, 27, 9)
    decompose(counted, {(4, "region"): "≥95%", **{(4, unit): "≥95%" for unit in UNITS}}, at=at)

    texts = {
        day: region_scores(counted, Scope(NUMBER, ROUND, date(2021, 12, day)), REGION).set_index("indicator_no")
        .loc[4, "target_text"] for day in (26, 27)
    }
    assert texts == {26: "≥90%", 27: "≥95%"}


def test_a_paper_whose_targets_were_changed_is_not_replaced_as_a_whole(tmp_path):
    store = opened_store(tmp_path)
    decompose(store, {(4, "luntai"): "≥95%"})

    with pytest.raises(RefusedError, match="目标已经分解或调整过"):
        publish(store, founding(("≥88%", "≥89%")), at=datetime(2021, 12, 28))
    assert rows(store, "SELECT COUNT(*) AS n FROM target WHERE target_version > 1") == [{"n": 1}]


def test_only_the_prefecture_decomposes(counted):
    before = contents(counted)

    with pytest.raises(RefusedError, match="不能办理这一步"):
        decompose_targets(counted, clerk("luntai"), CHANGED_AT, planned(PARTS), REGION)
    with pytest.raises(RefusedError, match="没有办事人姓名"):
        decompose_targets(counted, Actor("", OFFICER.role), CHANGED_AT, planned(PARTS), REGION)
    assert contents(counted) == before


@pytest.mark.parametrize("key", [(99, "luntai"), (4, "wulumuqi"), (11, "luntai")])
def test_a_target_that_is_not_there_is_a_sentence(counted, key):
    with pytest.raises(NotFoundError, match="没有找到要分解的指标或单位"):
        decompose(counted, {key: "≥95%"})


def test_the_log_says_what_was_done(counted):
    decompose(counted, PARTS)

    (line,) = rows(counted, "SELECT * FROM audit_log WHERE action_name = 'decompose_targets'")
    detail = json.loads(line["detail_json"])
    assert (line["actor_name"], line["subject_text"]) == ("王处长", NUMBER)
    assert (detail["changes"], detail["approval"], detail["rounds"]) == (12, "会议纪要〔2021〕8号", [ROUND])
    assert is_whole_log(counted)


# By sheet.

def sheet(store: Store, **cells: Any) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(sheet_workbook(prepare_sheet(store, NUMBER))))
    for address, value in cells.items():
        workbook[SHEET_NAME][address] = value
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def by_sheet(store: Store, content: bytes) -> TargetPlan:
    file = read_sheet(prepare_sheet(store, NUMBER), content, "分解表.xlsx")
    return planned(dict(file.filled.texts), file=file)


ALL_PARTS = {f"{letter}6": 480 for letter in "EFGHIJKLMN"} | {"O6": 200, "P6": "不承担"}


def test_a_sheet_is_kept_with_what_it_changed_and_the_same_again_changes_nothing(counted):
    content = sheet(counted, **ALL_PARTS, G8="95%")

    first = decompose_targets(counted, NAMED, CHANGED_AT, by_sheet(counted, content), REGION)
    before = contents(counted)
    again = decompose_targets(counted, NAMED, datetime(2021, 12, 27), by_sheet(counted, content), REGION)

    assert (first.outcome, first.change_count) == ("decomposed", 13)
    assert again == Decomposed("nothing_changed", 0, ())
    assert contents(counted) == before
    (kept,) = rows(counted, "SELECT * FROM received_file WHERE file_name = '分解表.xlsx'")
    assert (bytes(kept["content"]), kept["received_by"]) == (content, "王处长")


def test_the_next_sheet_shows_the_parts(counted):
    decompose(counted, PARTS)
    form = prepare_sheet(counted, NUMBER)

    assert form.rows[1].texts["luntai"] == "≥480人次"
    assert form.rows[1].texts["zhou-fuliyuan"] == "不承担"
    assert sheet_name(form) == f"{NUMBER}_目标分解表.xlsx"


def test_every_fault_of_cells_and_words_is_listed_at_once_by_cell(counted):
    content = sheet(counted, G6="0", G8="=1+1", H8="≤5%", B9="别的")

    with pytest.raises(IntakeError) as refused:
        rehearse_decomposition(counted, NAMED, CHANGED_AT, by_sheet(counted, content))
    places = sorted(issue.place.removeprefix("「目标分解」!") for issue in refused.value.issues)
    assert places == ["B9", "G6", "G8", "H8"]
    assert all(issue.sentence.startswith(issue.place) for issue in refused.value.issues)


def test_a_rehearsal_says_what_would_change_and_keeps_nothing(counted):
    before = contents(counted)
    found = rehearse_decomposition(counted, Actor("", OFFICER.role), CHANGED_AT, planned(
        PARTS | {(15, "luntai"): "明显提升"}, reason="", approval_text=""
    ))

    assert contents(counted) == before
    assert (len(found.changes), found.refusals, found.rounds) == (13, (), ("2021年12月",))
    assert found.proved == ("第2项“临时救助人次”：各单位合计 5,000 人次，区域目标 ≥5000人次。",)
    assert len(found.remarks) == 1
    assert rehearse_decomposition(counted, NAMED, CHANGED_AT, planned({(4, "luntai"): "≥85%"})).refusals != ()


@pytest.mark.parametrize(
    ("first_day", "words"), [(date(2019, 1, 1), "不在这笔资金的年度内"), (date(2023, 1, 1), "不在这笔资金的年度内")]
)
def test_a_rehearsal_refuses_the_start_that_the_decomposition_would_refuse(counted, first_day, words):
    given = planned({(4, "luntai"): "≥95%"}, valid_from_on=first_day)

    for act in (lambda: rehearse_decomposition(counted, NAMED, CHANGED_AT, given),
                lambda: decompose_targets(counted, NAMED, CHANGED_AT, given, REGION)):
        with pytest.raises(RefusedError, match=words):
            act()


def test_a_rehearsal_knows_what_already_begins_later(counted):
    decompose(counted, {(4, "luntai"): "≥95%"}, valid_from_on=date(2021, 12, 20))

    with pytest.raises(RefusedError, match="早于这些指标上一次调整的生效日 2021-12-20"):
        rehearse_decomposition(counted, NAMED, CHANGED_AT, planned({(4, "luntai"): "≥96%"}))
    assert rehearse_decomposition(counted, NAMED, CHANGED_AT, planned({(12, "luntai"): "≥96%"})).refusals == ()


def test_new_targets_begin_in_the_year_of_the_money(counted):
    january = date(2022, 1, 12)

    assert suggested_start(counted, NUMBER, january) == date(2021, 1, 1), "a total waits for its parts"
    decompose(counted, PARTS, valid_from_on=date(2021, 1, 1))
    assert suggested_start(counted, NUMBER, january) == date(2021, 12, 31)
    assert suggested_start(counted, NUMBER, date(2021, 12, 26)) == date(2021, 12, 26)
    assert suggested_start(counted, NUMBER, date(2020, 12, 1)) == date(2021, 1, 1)


def test_a_notice_without_targets_has_no_sheet():
    with pytest.raises(NotFoundError, match="没有可以分解的绩效指标"):
        prepare_sheet(Store(None), NUMBER)


# The boards.

def scope(day: int) -> Scope:
    return Scope(NUMBER, ROUND, date(2021, 12, day))


def test_the_proof_says_which_totals_wait_and_what_is_proved(counted):
    waiting = boards.proof(counted, scope(26))
    decompose(counted, PARTS | {(4, "luntai"): "≥95%"}, at=datetime(2021, 12, 27, 9))
    done = boards.proof(counted, scope(27)).set_index("indicator_no")

    assert target_tables.proof_sentence(waiting) == (
        "19 项可分解的指标：9 项已由数字证明；9 项是文字目标，与区域目标原文相同；1 项总量尚未分解：临时救助人次。"
    )
    assert (done.loc[2, "proof_state"], done.loc[2, "computed_words"]) == ("proved", "5,000 人次")
    assert (done.loc[4, "proof_state"], done.loc[4, "computed_words"]) == ("proved", "90%"), "the laxest of them"
    assert list(boards.proof(counted, scope(26))["proof_state"]) == list(waiting["proof_state"]), "as it was known then"


def test_the_matrix_marks_what_is_not_decomposed(counted):
    before = target_tables.matrix(boards.matrix(counted, scope(26)))
    decompose(counted, PARTS, at=datetime(2021, 12, 27, 9))
    after = target_tables.matrix(boards.matrix(counted, scope(27))).set_index("序号")

    assert list(before.columns[:4]) == ["序号", "指标", "区域目标", "库尔勒"]
    assert before.set_index("序号").loc["2", "轮台"] == "☆ 尚未分解"
    assert (after.loc["2", "轮台"], after.loc["2", "福利院"], after.loc["2", "区域目标"]) == (
        "≥480人次", "不承担", "≥5000人次"
    )
    assert "11" not in after.index, "what runs by receipt is not decomposed"


def test_a_target_that_is_yet_to_begin_is_no_target_in_force(counted):
    """5,000 in twelve parts from the 28th on, laid down on the 26th; ≥95% for 轮台县 from the 26th on."""
    decompose(counted, PARTS, valid_from_on=date(2021, 12, 28))
    decompose(counted, {(4, "luntai"): "≥95%"}, at=AFTER, valid_from_on=date(2021, 12, 26))

    early = target_tables.matrix(boards.matrix(counted, scope(27))).set_index("序号")
    assert (early.loc["2", "轮台"], early.loc["4", "轮台"], early.loc["4", "博湖"]) == ("☆ 尚未分解", "≥95%", "≥90%")
    assert boards.proof(counted, scope(27)).set_index("indicator_no").loc[2, "proof_state"] == "not_decomposed"
    shown = target_tables.coming(boards.coming(counted, scope(27)))
    assert len(shown) == 12
    assert shown[shown["单位"] == "轮台县"].values.tolist() == [
        ["2 临时救助人次", "轮台县", "尚未分解", "≥480人次", "将于 2021-12-28 起生效"]
    ]

    late = target_tables.matrix(boards.matrix(counted, scope(28))).set_index("序号")
    assert late.loc["2", "轮台"] == "≥480人次"
    assert boards.proof(counted, scope(28)).set_index("indicator_no").loc[2, "proof_state"] == "proved"
    assert boards.coming(counted, scope(28)).empty
    assert boards.coming(counted, scope(25)).empty, "nobody had laid it down"
    # Whoever edits goes on from the newest words.
    assert target_tables.editor(prepare_sheet(counted, NUMBER), 2).loc["luntai", "目标"] == "≥480人次"


def test_the_history_says_from_what_to_what(counted):
    decompose(counted, PARTS | {(4, "luntai"): "≥95%"}, at=datetime(2021, 12, 26, 15))
    decompose(counted, {(4, "luntai"): "≥96%"}, at=datetime(2021, 12, 27, 9), reason="再提高", approval_text="批示")

    shown = target_tables.history(boards.history(counted, scope(27)))
    assert list(shown.iloc[0]) == [
        "2021-12-27 09:00", "王处长", "4 儿童保障覆盖率", "轮台县", "≥95%", "≥96%", "2021-12-01", "再提高", "批示",
    ]
    assert set(shown.loc[shown["指标"] == "2 临时救助人次", "原目标"]) == {"尚未分解"}
    assert (len(shown), len(boards.history(counted, scope(26))), len(boards.history(counted, scope(25)))) == (14, 13, 0)


def test_what_was_typed_in_the_editor_is_what_changed(counted):
    form = prepare_sheet(counted, NUMBER)
    before = target_tables.editor(form, 4)
    after = before.copy()
    after.loc["luntai", "目标"] = " 95 "
    after.loc["bohu", "目标"] = None

    assert list(before["单位"][:2]) == ["区域目标", "库尔勒市"]
    assert target_tables.edited_texts(4, before, after) == {(4, "luntai"): "95"}
    assert set(target_tables.editor(form, 2)["目标"]) == {"≥5000人次", ""}

"""A decomposition sheet out and in, what a unit's words mean beside the region's, and the proof by SQL."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import NUMBER, UNITS, contents, founding, publish, published_store
from hypothesis import given
from hypothesis import strategies as st

from dashboard.actions.targets import prepare_sheet, read_sheet, sheet_workbook
from data.errors import IntakeError
from data.intake.decomposition import FIRST_ROW, SHEET_NAME, DecompositionForm
from data.store import Store
from data.target_checks import TargetProof, proof_sentence, prove_targets
from metrics.decomposition import NOT_ASSIGNED_TEXT, plan_changes, unit_row
from metrics.indicators import target_row

TOTAL = ("适度提高", "≥5000人次")     # indicator 2, 临时救助人次, becomes a total of the region
CURRENT = datetime(2021, 12, 31)
INDICATOR = {
    "indicator_name": "救助人次", "measure": "数量指标", "entry_kind": "value", "rollup_method": "sum",
}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("counted") / "store.duckdb")
    publish(store, founding(TOTAL))
    return store


@pytest.fixture(scope="module")
def form(counted: Store) -> DecompositionForm:
    return prepare_sheet(counted, NUMBER)


def filled(form: DecompositionForm, change: Callable[[Any], None] | None = None) -> bytes:
    """The sheet as handed out, changed by hand."""
    workbook = openpyxl.load_workbook(io.BytesIO(sheet_workbook(form)))
    if change:
        change(workbook[SHEET_NAME])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def cell_of(form: DecompositionForm, indicator_no: int, recipient_id: str) -> str:
    """The address of a target: C and E to P are the region and the units."""
    row_no = FIRST_ROW + [row.indicator_no for row in form.rows].index(indicator_no)
    letter = "C" if recipient_id == "region" else "EFGHIJKLMNOP"[list(form.units).index(recipient_id)]
    return f"{letter}{row_no}"


def codes(form: DecompositionForm, change: Callable[[Any], None]) -> list[tuple[str, str]]:
    """Every fault of a changed sheet: its code and its cell."""
    read = read_sheet(form, filled(form, change), "分解表.xlsx")
    return [(issue.code, issue.place.removeprefix("「目标分解」!")) for issue in read.filled.issues]


# The sheet.

def test_the_sheet_has_a_row_for_each_indicator_that_people_decompose(form):
    sheet = openpyxl.load_workbook(io.BytesIO(sheet_workbook(form)))[SHEET_NAME]
    heads = [cell.value for cell in sheet[4]]

    assert heads[:6] == ["序号", "三级指标", "区域目标", "怎样汇总", "库尔勒市", "库尔勒经济技术开发区"]
    assert len(heads) == 4 + 12
    assert [sheet.cell(row, 1).value for row in range(5, 24)] == [no for no in range(1, 21) if no != 11]
    assert [sheet["C6"].value, sheet["D6"].value] == ["≥5000人次", "各单位相加"]
    assert {sheet.cell(6, column).value for column in range(5, 17)} == {None}, "a total has no parts yet"
    assert sheet["E8"].value == "≥90%"
    assert (sheet["E8"].protection.locked, sheet["B8"].protection.locked) == (False, True)


def test_the_sheet_as_handed_out_says_what_stands(form):
    read = read_sheet(form, filled(form), "分解表.xlsx").filled

    assert read.issues == ()
    assert len(read.texts) == 19 * 13 - 12
    assert read.texts[4, "luntai"] == "≥90%"
    assert (2, "luntai") not in read.texts
    assert read.places[2, "luntai"] == "「目标分解」!G6"


@pytest.mark.parametrize(
    ("typed", "number_format", "text"),
    [(120, "General", "120"), (120.0, "General", "120"), (0.95, "0%", "95%"), (0.955, "0.0%", "95.5%"),
     (12.5, "General", "12.5"), (" ≥90% ", "@", "≥90%"), ("≥１２０人次", "@", "≥１２０人次"),
     (100000, "#,##0", "100000")],
)
def test_a_stored_number_is_read_as_people_see_it(form, typed, number_format, text):
    def change(sheet):
        address = cell_of(form, 2, "bohu")
        sheet[address] = typed
        sheet[address].number_format = number_format

    read = read_sheet(form, filled(form, change), "分解表.xlsx").filled
    assert (read.texts[2, "bohu"], read.issues) == (text, ())


def test_an_emptied_cell_changes_nothing(form):
    def change(sheet):
        sheet[cell_of(form, 4, "bohu")] = None

    assert (4, "bohu") not in read_sheet(form, filled(form, change), "分解表.xlsx").filled.texts


def test_moved_columns_and_rows_are_found_again(form):
    def change(sheet):
        for row in range(4, 24):
            sheet[f"E{row}"].value, sheet[f"F{row}"].value = sheet[f"F{row}"].value, sheet[f"E{row}"].value
        sheet["E8"] = "≥91%"
        for column in range(1, 17):
            one, two = sheet.cell(5, column), sheet.cell(6, column)
            one.value, two.value = two.value, one.value

    read = read_sheet(form, filled(form, change), "分解表.xlsx").filled
    assert read.issues == ()
    assert read.texts[4, "kuerle-kaifaqu"] == "≥91%"
    assert read.texts[1, "kuerle"] == "应保尽保"


@pytest.mark.parametrize(
    ("address", "value", "code"),
    [
        ("E8", "=1+1", "formula"),
        ("E8", True, "not-a-target"),
        ("E8", datetime(2021, 1, 1), "not-a-target"),
        ("E8", "字" * 101, "text-too-long"),
        ("E8", "#N/A", "error-value"),
        ("B8", "别的指标", "indicator-changed"),
        ("D8", "各单位相加", "indicator-changed"),
        ("A8", 77, "unknown-indicator"),
        ("E4", "乌鲁木齐市", "unknown-unit"),
        ("Q4", "乌鲁木齐市", "unknown-unit"),
        ("Q9", "多写的", "unknown-unit"),
        ("F4", "库尔勒市", "duplicate-unit"),
    ],
)
def test_a_fault_is_named_by_its_cell(form, address, value, code):
    def change(sheet):
        sheet[address] = value

    found = codes(form, change)
    assert (code, "Q4" if address == "Q9" else address) in found
    assert {each for each, _ in found} <= {code, "missing-row", "missing-unit"}


def test_an_indicator_that_stands_twice_is_named(form):
    def change(sheet):
        sheet["A8"], sheet["B8"], sheet["D8"] = sheet["A9"].value, sheet["B9"].value, sheet["D9"].value

    assert codes(form, change) == [("duplicate-indicator", "A9"), ("missing-row", "A5")]


def test_all_faults_are_listed_at_once(form):
    def change(sheet):
        sheet["E8"], sheet["F9"], sheet["B10"], sheet["P4"] = "=1", "#REF!", "别的", "别处"

    assert {each for each, _ in codes(form, change)} == {
        "formula", "error-value", "indicator-changed", "unknown-unit", "missing-unit"
    }


@pytest.mark.parametrize(
    ("address", "value", "code"),
    [("B1", "新财社〔2021〕1号", "other-notice"), ("A1", "", "wrong-workbook"), ("C4", "目标", "head-changed")],
)
def test_another_sheet_is_refused_whole(form, address, value, code):
    def change(sheet):
        sheet[address] = value

    with pytest.raises(IntakeError) as refused:
        read_sheet(form, filled(form, change), "分解表.xlsx")
    assert [issue.code for issue in refused.value.issues] == [code]


def test_a_workbook_without_the_sheet_is_refused(form):
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)

    with pytest.raises(IntakeError, match="没有工作表「目标分解」"):
        read_sheet(form, buffer.getvalue(), "别的.xlsx")


# A unit's words beside the region's.

@pytest.mark.parametrize(
    ("region", "typed", "text", "kind", "bound"),
    [
        ("≥5000人次", "120", "≥120人次", "at_least", "120"),
        ("≥5000人次", "120人次", "≥120人次", "at_least", "120"),
        ("≥5000人次", "1,200", "≥1200人次", "at_least", "1200"),
        ("≥5000人次", "不少于120人次", "不少于120人次", "at_least", "120"),
        ("≥5000人次", "≥120", "≥120人次", "at_least", "120"),
        ("63人", "20", "20人", "at_least", "20"),
        ("63人", "≥20人", "≥20人", "at_least", "20"),
        ("≤100万元", "12.5", "≤12.5万元", "at_most", "12.5"),
        ("不超过100万元", "0", "不超过0万元", "at_most", "0"),
        ("≥90%", "95%", "≥95%", "at_least", "95"),
        ("≥90%", "95", "≥95%", "at_least", "95"),
        ("有所提升", "明显提升", "明显提升", "qualitative", None),
        ("应保尽保", "应保尽保", "应保尽保", "full_coverage", None),
        ("比上年增长5%", "比上年增长6%", "比上年增长6%", "increase_over_last_year", "6"),
    ],
)
def test_a_number_takes_direction_and_unit_of_the_region(region, typed, text, kind, bound):
    row = unit_row(INDICATOR, target_row(INDICATOR, region), typed, is_total=True)

    assert not isinstance(row, str), row
    assert (row["target_text"], row["scored_kind"]) == (text, kind)
    assert row["bound"] == (None if bound is None else Decimal(bound))


@pytest.mark.parametrize(
    ("region", "typed", "why"),
    [
        ("≥5000人次", "-120", "是负数"),
        ("≥5000人次", "≤120人次", "不是同一类要求"),
        ("≥5000人次", ">120人次", "不是同一类要求"),
        ("≥5000人次", "120人", "计量单位是“人”"),
        ("≥5000人次", "120万人次", "计量单位"),
        ("≥5000人次", "0", "请填“不承担”"),
        ("≥5000人次", "尽量多", "与区域目标“≥5000人次”"),
        ("≥5000人次", "100-200人次", "不是同一类要求"),
        ("≥5000人次", "12.34567", "读不成"),
        ("≤5%", "≥3%", "不是同一类要求"),
        ("应保尽保", "100", "不是同一类要求"),
        ("不低于上年", "≥90%", "与区域目标“不低于上年”"),
    ],
)
def test_words_of_another_kind_are_a_fault(region, typed, why):
    row = unit_row(INDICATOR, target_row(INDICATOR, region), typed, is_total=True)

    assert isinstance(row, str)
    assert why in row


@given(st.integers(1, 10**9))
def test_any_whole_part_of_a_total_is_read_back_exactly(number):
    row = unit_row(INDICATOR, target_row(INDICATOR, "≥5000人次"), str(number), is_total=True)

    assert not isinstance(row, str)
    assert (row["scored_kind"], row["bound"], row["target_unit"]) == ("at_least", number, "人次")


def test_only_a_total_can_be_not_assigned():
    region = target_row(INDICATOR, "≥5000人次")
    row = unit_row(INDICATOR, region, NOT_ASSIGNED_TEXT, is_total=True)

    assert not isinstance(row, str)
    assert (row["scored_kind"], row["bound"], row["target_text"]) == ("not_assigned", None, "不承担")
    assert "只有各单位相加的总量目标" in str(unit_row(INDICATOR, region, NOT_ASSIGNED_TEXT, is_total=False))


def test_what_is_already_so_is_no_change(counted):
    with counted.reading() as cursor:
        current = current_targets(cursor)
    changes, faults = plan_changes(current, {
        (4, "luntai"): "90", (4, "bohu"): "≥95%", (15, "luntai"): "有所提升", (2, "luntai"): "", (4, "region"): "≥90%",
    })

    assert faults == []
    assert [(change.key, change.old_text, change.row["target_text"]) for change in changes] == [
        ((4, "bohu"), "≥90%", "≥95%")
    ]


def test_a_changed_region_is_asked_of_the_units_that_keep_their_words(counted):
    """The region may say it in other words of the same kind; of another kind it may not."""
    with counted.reading() as cursor:
        current = current_targets(cursor)

    changes, faults = plan_changes(current, {(4, "region"): "不低于92%"})
    assert ([change.key for change in changes], faults) == ([(4, "region")], [])
    changes, faults = plan_changes(current, {(4, "region"): "≤92%"})
    assert (changes, [fault.key for fault in faults]) == ([], [(4, "region")])


def current_targets(cursor: Any) -> list[dict[str, Any]]:
    sql = Path(__file__).parent.parent / "data" / "sql" / "queries" / "targets_of_notice.sql"
    return cursor.rows(sql.read_text(encoding="utf-8"), {
        "document_number": NUMBER, "as_of": CURRENT, "in_force_on": date.max,
    })


# The proof.

def proofs(store: Store, texts: dict[tuple[int, str], str], number: str = NUMBER) -> list[TargetProof]:
    """What the checks would say of the targets after a change, without keeping it."""
    with store.rehearsal() as cursor:
        changes, faults = plan_changes(current_targets(cursor), texts)
        assert faults == []
        cursor.insert("target", [
            {"document_number": NUMBER, "indicator_no": change.indicator_no, "recipient_id": change.recipient_id,
             "target_version": change.target_version + 1,
             **{name: value for name, value in change.row.items() if name in {
                 "target_text", "target_kind", "scored_kind", "kind_reason", "bound", "upper_bound", "scale",
                 "target_unit"}},
             "target_due_on": None, "valid_from_on": date(2021, 1, 1), "changed_at": CURRENT,
             "changed_by": "", "change_reason": "", "approval_text": ""}
            for change in changes
        ])
        return prove_targets(cursor, number, CURRENT)


def failing(found: list[TargetProof]) -> list[tuple[str, int, str, Decimal | None]]:
    return [(p.check.code, p.indicator_no, p.recipient_id, p.difference_value) for p in found if not p.holds]


def parts(**other: str) -> dict[tuple[int, str], str]:
    """5,000 in twelve parts: ten of 480, 救助站 200, 福利院 has none; some of it changed."""
    texts = dict.fromkeys(UNITS[:10], "480") | {"zhou-jiuzhuzhan": "200", "zhou-fuliyuan": "不承担"}
    return {(2, unit.replace("_", "-")): text for unit, text in (texts | other).items()}


def test_the_targets_as_printed_hold_and_a_total_claims_nothing_yet(counted):
    found = proofs(counted, {})

    assert failing(found) == []
    assert {p.check.code for p in found} == {"T02", "T03"}
    assert (len([p for p in found if p.check.code == "T02"]), len([p for p in found if p.check.code == "T03"])) == (
        9 * 12, 9 * 12
    )


def test_parts_that_add_up_exactly_prove_the_total(counted):
    found = proofs(counted, parts())

    assert failing(found) == []
    (total,) = [p for p in found if p.check.code == "T01"]
    assert (total.stated_value, total.computed_value, total.missing_names) == (5000, 5000, "")


@pytest.mark.parametrize(("part", "difference", "words"), [
    ("460", -20, "各单位合计 4,980 人次，区域目标 ≥5000人次，少 20 人次。"),
    ("481", 1, "各单位合计 5,001 人次，区域目标 ≥5000人次，多 1 人次。"),
])
def test_parts_that_do_not_add_up_are_named_with_the_difference(counted, part, difference, words):
    found = proofs(counted, parts(luntai=part))

    assert failing(found) == [("T01", 2, "", difference)]
    assert [proof_sentence(p) for p in found if not p.holds] == [f"第2项“临时救助人次”：{words}"]


def test_a_total_in_part_decomposed_names_the_units_that_have_none(counted):
    """Even where what is there adds up."""
    given = {key: text for key, text in parts(luntai="680").items() if key[1] not in ("zhou-jiuzhuzhan", "bohu")}
    found = proofs(counted, given | {(2, "kuerle"): "960"})

    assert failing(found) == [("T01", 2, "", 0)]
    (sentence,) = [proof_sentence(p) for p in found if not p.holds]
    assert "还没有分解到 博湖县、州救助站" in sentence


@pytest.mark.parametrize(
    ("unit", "difference"), [("≥89.5%", "-0.5"), ("90", None), ("≥95%", None)]
)
def test_a_rate_may_be_stricter_and_never_laxer(counted, unit, difference):
    found = proofs(counted, {(4, "luntai"): unit})

    assert failing(found) == ([] if difference is None else [("T02", 4, "luntai", Decimal(difference))])


def test_a_ceiling_is_laxer_above_and_stricter_below(tmp_path):
    store = Store(tmp_path / "store.duckdb")
    publish(store, founding(("≥88%", "≤88%")))

    below, above = proofs(store, {(20, "luntai"): "≤80%"}), proofs(store, {(20, "luntai"): "≤90%"})

    assert failing(below) == []
    assert failing(above) == [("T02", 20, "luntai", 2)]
    (sentence,) = [proof_sentence(p) for p in above if not p.holds]
    assert sentence == (
        "第20项“救助满意度”：轮台县目标 ≤90%，宽于区域目标 ≤88%，高 2 个百分点，请改为不宽于区域目标。"
    )


def test_other_words_of_the_same_kind_are_a_remark(counted):
    found = proofs(counted, {(15, "luntai"): "明显提升"})

    (remark,) = [p for p in found if not p.holds]
    assert (remark.check.code, remark.check.severity, remark.recipient_name) == ("T03", "note", "轮台县")
    assert "是否更严由人判断" in proof_sentence(remark)


def test_checks_mind_their_own_notice_only(counted):
    assert failing(proofs(counted, parts(luntai="1"))) != []
    assert proofs(counted, parts(luntai="1"), number="新财社〔2021〕1号") == []


def test_a_rehearsal_leaves_nothing_behind(tmp_path):
    store = published_store(tmp_path)
    before = contents(store)

    proofs(store, {(4, "luntai"): "≥99%"})

    assert contents(store) == before

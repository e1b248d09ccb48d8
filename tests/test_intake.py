"""The report form: out as a workbook, back as values, and every fault named with its cell."""

from __future__ import annotations

import io
import random
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import FileError, IntakeError
from data.intake.cells import FILLED_BY, PAID, form_place, from_json, starting_cells, to_json
from data.intake.columns import COLUMNS, FILLED_BY_CELL, FIRST_ROW, PAID_CELL, asked_fields, cell
from data.intake.filled import check_cells, read_cells, read_filled
from data.intake.form import BAND_LABELS, EntryKind, FilledReport, FormRow, ReportForm
from data.intake.template import RECEIPT_TEXT, write_template

BANDS = {1: (Decimal(80), Decimal(100)), 2: (Decimal(60), Decimal(80)), 3: (Decimal(0), Decimal(60))}


def form_row(no: int, entry: EntryKind, **changes) -> FormRow:
    row = {
        "indicator_no": no, "dimension": "产出指标", "measure": "数量指标", "name": f"指标{no}", "short_name": "",
        "target_text": "≥90%", "unit": "%", "entry": entry, "weight_micro": 4_545_455, **changes,
    }
    return FormRow(**row)


ROWS = (
    form_row(1, EntryKind.COVERAGE, name="低保对象人数", target_text="应保尽保", unit="人",
             numerator_label="实保人数", denominator_label="应保人数"),
    form_row(2, EntryKind.RATIO, name="按时发放率", numerator_label="按时发放人次（人次）",
             denominator_label="应发放人次（人次）", prior_round_text="1,000/1,100＝90.91%"),
    form_row(3, EntryKind.VALUE, name="临时救助人次", target_text="适度提高", unit="人次"),
    form_row(4, EntryKind.VERSUS_PRIOR, name="城乡低保标准", target_text="不低于上年", unit="元/月",
             prior_value=Decimal("640.5")),
    form_row(5, EntryKind.QUALITATIVE, name="困难群众生活水平情况", target_text="有所提升", unit=""),
    form_row(6, EntryKind.FROM_RECEIPT, name="全部导入监控系统", target_text="3个工作日内", unit="工作日"),
    form_row(7, EntryKind.VALUE, name="救助对象满意度", target_text="≥88%", unit="%"),
)
FORM = ReportForm(
    "巴财社〔2021〕96号", "2021-Q3", "2021年第三季度", date(2021, 9, 30), "luntai", "轮台县",
    "困难群众救助补助资金", Decimal("29390000.00"), ROWS, BANDS,
)


def changed(**values) -> ReportForm:
    return ReportForm(**{**FORM.__dict__, **values})


def row_of(no: int) -> int:
    return FIRST_ROW + no - 1


def at(no: int, field: str) -> str:
    return cell(field, row_of(no))


def filled(tmp_path, cells=(), change=None, form=FORM):
    """The template with cells typed into it, saved under a person's name."""
    buffer = io.BytesIO()
    write_template(buffer, form)
    book = openpyxl.load_workbook(io.BytesIO(buffer.getvalue()))
    for address, value in dict(cells).items():
        book["填报表"][address] = value
    if change:
        change(book)
    path = tmp_path / "轮台县.xlsx"
    book.save(path)
    return path


def report(tmp_path, cells=(), **more) -> FilledReport:
    return read_filled(filled(tmp_path, cells, **more), FORM)


def faults(tmp_path, cells=(), change=None) -> list[tuple[str, str]]:
    with pytest.raises(IntakeError) as refused:
        read_filled(filled(tmp_path, cells, change), FORM)
    for issue in refused.value.issues:
        assert issue.sentence.endswith("。") and issue.sentence.count("。") == 1
        assert issue.place in issue.sentence or issue.code in ("wrong-workbook", "missing-row")
    return [(issue.code, issue.place) for issue in refused.value.issues]


def test_an_untouched_form_is_a_report_of_nothing(tmp_path):
    empty = report(tmp_path)

    assert (empty.paid_yuan, empty.filled_by) == (None, "")
    assert [entry.indicator_no for entry in empty.entries] == [1, 2, 3, 4, 5, 6, 7]
    assert all(entry.is_blank for entry in empty.entries)
    assert empty.entries[3].prior_value == Decimal("640.5")


def test_values_come_back_as_they_were_typed(tmp_path):
    got = report(tmp_path, {
        PAID_CELL: 1709.5, FILLED_BY_CELL: " 张三 ",
        at(1, "numerator"): 1102, at(1, "denominator"): 1250, at(1, "deviation_reason"): "新增对象未办结",
        at(2, "numerator"): 0, at(2, "denominator"): 0,
        at(4, "value"): 650.25,
        at(5, "band"): "部分达成", at(5, "band_share"): 60, at(5, "evidence_text"): "入户核查 30 户",
        at(7, "value"): 88.16,
    })

    first, second, third, fourth, fifth, sixth, seventh = got.entries
    assert (got.document_number, got.round_id, got.recipient_id) == ("巴财社〔2021〕96号", "2021-Q3", "luntai")
    assert (got.paid_yuan, got.filled_by) == (Decimal(17_095_000), "张三")
    assert (first.numerator, first.denominator, first.is_blank) == (1102, 1250, False)
    assert first.deviation_reason == "新增对象未办结"
    assert first.places["numerator"] == "「填报表」!I8"
    assert (second.numerator, second.denominator, second.is_blank) == (0, 0, False)
    assert (third.value, third.is_blank) == (None, True)
    assert (fourth.value, fourth.prior_value) == (Decimal("650.25"), Decimal("640.5"))
    assert (fifth.band, fifth.band_share, fifth.evidence_text) == (2, 60, "入户核查 30 户")
    assert (sixth.is_blank, dict(sixth.places)) == (True, {})
    assert seventh.value == Decimal("88.16")


def test_money_stays_exact_to_the_cent(tmp_path):
    assert report(tmp_path, {PAID_CELL: 0.1 + 0.2}).paid_yuan == Decimal(3000)
    assert report(tmp_path, {PAID_CELL: 1709.123456}).paid_yuan == Decimal("17091234.56")
    assert report(tmp_path, {PAID_CELL: "１，７０９．５万元"}).paid_yuan == Decimal(17_095_000)
    assert report(tmp_path, {PAID_CELL: 0}).paid_yuan == 0
    assert faults(tmp_path, {PAID_CELL: 1709.1234567}) == [("too-many-decimals", "「填报表」!K4")]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (1102, "1102"), (1102.0, "1102"), ("1102", "1102"), ("1,102", "1102"), ("1，102", "1102"),
        ("１１０２", "1102"), (" 1102 人", "1102"), ("1102人", "1102"), ("12.50", "12.50"), ("0", "0"),
        ("1,234,567", "1234567"), ("  ", None), (None, None),
    ],
)
def test_numbers_as_people_write_them(tmp_path, typed, expected):
    cells = {at(1, "numerator"): typed, at(1, "denominator"): 9_999_999}
    if expected is None:
        cells = {at(1, "numerator"): typed}

    assert report(tmp_path, cells).entries[0].numerator == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("88.16%", "percent-in-count-cell", "现为百分比“88.16%”"),
        ("八百", "text-in-number-cell", "应填数字，现为“八百”"),
        ("1102户", "text-in-number-cell", "现为“1102户”"),
        ("1,10", "text-in-number-cell", "现为“1,10”"),
        ("约1102", "text-in-number-cell", "现为“约1102”"),
        ("1e3", "text-in-number-cell", "现为“1e3”"),
        (True, "text-in-number-cell", "现为“TRUE”"),
        (-3, "negative-number", "是负数“-3”"),
        ("－３", "negative-number", "是负数“-3”"),
        (datetime(2021, 9, 30), "date-in-number-cell", "现为日期或时间“2021-09-30”"),
        ("#DIV/0!", "error-value", "是公式错误值“#DIV/0!”"),
        ("=1+1", "formula-without-value", "没有计算结果的公式"),
        ("9" * 30, "number-too-long", "位数过多"),
    ],
)
def test_what_is_no_number_is_named_with_its_cell(tmp_path, typed, code, words):
    path = filled(tmp_path, {at(1, "numerator"): typed, at(1, "denominator"): 2000})

    with pytest.raises(IntakeError) as refused:
        read_filled(path, FORM)

    (issue,) = refused.value.issues
    assert (issue.code, issue.place) == (code, "「填报表」!I8")
    assert issue.sentence.startswith("「填报表」!I8 第1项“低保对象人数”的分子")
    assert words in issue.sentence


def test_a_cell_shown_as_a_percentage_is_read_as_it_is_shown(tmp_path):
    def as_percent(address):
        def change(book):
            book["填报表"][address].number_format = "0.00%"
        return change

    cells = {at(7, "value"): 0.8816}
    assert report(tmp_path, cells, change=as_percent(at(7, "value"))).entries[6].value == Decimal("88.16")
    assert report(tmp_path, {at(7, "value"): "88.16％"}).entries[6].value == Decimal("88.16")
    assert faults(
        tmp_path, {at(1, "numerator"): 0.8816, at(1, "denominator"): 1}, as_percent(at(1, "numerator"))
    ) == [("percent-in-count-cell", "「填报表」!I8")]


def test_the_unit_in_a_label_may_be_typed_too(tmp_path):
    got = report(tmp_path, {at(2, "numerator"): "90人次", at(2, "denominator"): "100人次"})

    assert (got.entries[1].numerator, got.entries[1].denominator) == (90, 100)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({at(1, "numerator"): 5}, [("denominator-missing", "「填报表」!J8")]),
        ({at(2, "denominator"): 5}, [("numerator-missing", "「填报表」!I9")]),
        (
            {at(1, "numerator"): "五"},
            [("text-in-number-cell", "「填报表」!I8"), ("denominator-missing", "「填报表」!J8")],
        ),
        ({at(1, "numerator"): 6, at(1, "denominator"): 5}, [("numerator-above-denominator", "「填报表」!I8")]),
        ({at(1, "numerator"): 1, at(1, "denominator"): 0}, [("numerator-above-denominator", "「填报表」!I8")]),
        ({at(4, "prior_value"): 1}, [("value-missing", "「填报表」!K11")]),
        (
            {at(5, "band"): "很好", at(5, "band_share"): 90, at(5, "evidence_text"): "有"},
            [("unknown-band", "「填报表」!M12")],
        ),
        ({at(5, "band"): "达成预期", at(5, "evidence_text"): "有"}, [("band-share-missing", "「填报表」!N12")]),
        ({at(5, "band_share"): 90}, [("band-missing", "「填报表」!M12")]),
        ({at(5, "band"): "达成预期", at(5, "band_share"): 90}, [("evidence-missing", "「填报表」!O12")]),
        ({at(3, "numerator"): 5}, [("cell-not-asked", "「填报表」!I10")]),
        ({at(1, "evidence_text"): "长" * 2001}, [("text-too-long", "「填报表」!O8")]),
        ({at(1, "evidence_text"): "#REF!"}, [("error-value", "「填报表」!O8")]),
    ],
)
def test_half_filled_and_impossible_rows(tmp_path, cells, expected):
    assert faults(tmp_path, cells) == expected


@pytest.mark.parametrize(
    ("band", "share", "fits"),
    [
        (1, 100, True), (1, 80, True), (1, 79.99, False), (1, 100.01, False),
        (2, 80, False), (2, 79.99, True), (2, 60, True), (2, 59.99, False),
        (3, 60, False), (3, 0, True), (3, 59.99, True),
    ],
)
def test_a_share_lies_inside_its_band(tmp_path, band, share, fits):
    cells = {at(5, "band"): BAND_LABELS[band], at(5, "band_share"): share, at(5, "evidence_text"): "有"}

    if fits:
        assert report(tmp_path, cells).entries[4].band_share == Decimal(str(share))
    else:
        assert faults(tmp_path, cells) == [("share-outside-band", "「填报表」!N12")]


def test_both_numbers_stand_in_the_sentence(tmp_path):
    with pytest.raises(IntakeError, match=r"分子 1,250 大于分母 1,102"):
        report(tmp_path, {at(1, "numerator"): 1250, at(1, "denominator"): 1102})


def test_all_faults_come_at_once(tmp_path):
    assert faults(tmp_path, {
        PAID_CELL: "很多", at(1, "numerator"): -1, at(1, "denominator"): 5, at(3, "value"): "无",
        at(5, "band_share"): 50,
    }) == [
        ("text-in-number-cell", "「填报表」!K4"),
        ("negative-number", "「填报表」!I8"),
        ("text-in-number-cell", "「填报表」!K10"),
        ("band-missing", "「填报表」!M12"),
    ]


def test_rows_lost_doubled_invented_or_renamed(tmp_path):
    def change(book):
        sheet = book["填报表"]
        sheet[at(2, "indicator_no")] = 1
        sheet[at(3, "name")] = "别的指标"
        sheet["A20"] = 99
        sheet["D21"] = "自己加的"

    assert faults(tmp_path, change=change) == [
        ("duplicate-indicator", "「填报表」!A9"),
        ("indicator-changed", "「填报表」!D10"),
        ("unknown-indicator", "「填报表」!A20"),
        ("unknown-indicator", "「填报表」!D21"),
        ("missing-row", "「填报表」"),
    ]


def test_a_changed_head_stops_the_reading(tmp_path):
    def change(book):
        sheet = book["填报表"]
        sheet["I7"] = "完成率"
        sheet["P6"] = None
        sheet[at(1, "numerator")] = "不会被看到"

    assert faults(tmp_path, change=change) == [("head-changed", "「填报表」!I7"), ("head-changed", "「填报表」!P6")]


@pytest.mark.parametrize(
    ("other", "code", "words"),
    [
        ({"recipient_id": "yuli", "recipient_name": "尉犁县"}, "other-recipient", "“尉犁县”，而本次填报的是“轮台县”"),
        ({"round_id": "2021-Q2", "round_name": "2021年第二季度"}, "other-round", "填报轮次是“2021年第二季度”"),
        ({"document_number": "巴财社〔2021〕3号"}, "other-notice", "文号是“巴财社〔2021〕3号”"),
    ],
)
def test_a_form_for_somebody_else_is_refused(tmp_path, other, code, words):
    path = filled(tmp_path, form=changed(**other))

    with pytest.raises(IntakeError, match=words) as refused:
        read_filled(path, FORM)
    assert [issue.code for issue in refused.value.issues] == [code]


def test_another_workbook_is_refused(tmp_path):
    def renamed(book):
        book["填报表"].title = "表1"

    def unmarked(book):
        book["填报表"]["A1"] = None

    assert faults(tmp_path, change=renamed) == [("no-report-sheet", "《轮台县.xlsx》")]
    assert faults(tmp_path, change=unmarked) == [("wrong-workbook", "「填报表」!A1")]


def test_the_guards_run_first(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"MZ\x90\x00" + b"\x00" * 99)
    with pytest.raises(FileError, match=r"《轮台县\.xlsx》.*可执行程序"):
        read_filled(path, FORM, "轮台县.xlsx")
    with pytest.raises(FileError, match=r"请上传 \.xlsx 文件"):
        read_filled(path, FORM, "轮台县.csv")


def test_only_what_is_asked_is_open():
    buffer = io.BytesIO()
    write_template(buffer, FORM)
    sheet = openpyxl.load_workbook(io.BytesIO(buffer.getvalue()))["填报表"]

    opened = {
        address.coordinate
        for row in sheet.iter_rows() for address in row
        if not address.protection.locked and type(address).__name__ == "Cell"
    }
    expected = {
        cell(field, row_of(row.indicator_no))
        for row in ROWS if asked_fields(row.entry)
        for field in (*asked_fields(row.entry), "not_applicable")
    }
    assert opened == expected | {PAID_CELL, FILLED_BY_CELL}
    assert sheet.protection.sheet
    assert sheet.row_dimensions[1].hidden
    assert sheet.freeze_panes == f"E{FIRST_ROW}"
    assert sheet["I13"].value == RECEIPT_TEXT
    assert sheet[at(4, "prior_value")].value == 640.5
    assert {str(rule.sqref) for rule in sheet.data_validations.dataValidation} == opened


NUMBERS = st.decimals(0, 10**9, places=2)
COUNTS = st.integers(0, 10**7)
# What XML 1.0 cannot carry, a person cannot type into a cell; '=' would begin a formula.
WORDS = st.text(st.characters(categories=["L", "N", "P"]), max_size=30).filter(
    lambda text: not text.startswith(("=", "#")) and text == text.strip()
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    paid=st.none() | st.decimals(0, 2939, places=2), coverage=st.none() | st.tuples(COUNTS, COUNTS),
    value=st.none() | NUMBERS,
    prior=NUMBERS, band=st.none() | st.sampled_from([1, 2, 3]), part=st.integers(0, 99), words=WORDS,
)
def test_round_trip(tmp_path, paid, coverage, value, prior, band, part, words):
    pair = sorted(coverage) if coverage else [None, None]
    share = None
    cells = {
        PAID_CELL: paid, at(1, "numerator"): pair[0], at(1, "denominator"): pair[1], at(3, "value"): value,
        at(4, "prior_value"): prior, at(4, "value"): prior, at(2, "improvement_measure"): words,
    }
    if band:
        low, high = BANDS[band]
        share = low + (high - low) * part / 100
        cells |= {at(5, "band"): BAND_LABELS[band], at(5, "band_share"): share, at(5, "evidence_text"): "有"}

    got = report(tmp_path, {address: value for address, value in cells.items() if value is not None})

    assert got.paid_yuan == (None if paid is None else paid * 10_000)
    assert [got.entries[0].numerator, got.entries[0].denominator] == pair
    assert got.entries[1].improvement_measure == words
    assert (got.entries[2].value, got.entries[2].is_blank) == (value, value is None)
    assert (got.entries[3].value, got.entries[3].prior_value) == (prior, prior)
    assert (got.entries[4].band, got.entries[4].band_share) == (band, share)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_whatever_the_damage_only_sentences_escape(tmp_path, seed):
    chance = random.Random(seed)
    whole = filled(tmp_path, {at(1, "numerator"): 1, at(1, "denominator"): 2}).read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(buffer, "w") as new:
        parts = old.infolist()
        chosen = chance.randrange(len(parts))
        for no, part in enumerate(parts):
            content = bytearray(old.read(part))
            if no == chosen:
                place = chance.randrange(len(content))
                content[place:place + chance.randint(0, 30)] = chance.choice([b"", b"<", b"-1", b'"', b"9" * 20])
            new.writestr(part.filename, bytes(content))
    path = tmp_path / "坏.xlsx"
    path.write_bytes(buffer.getvalue())

    try:
        assert len(read_filled(path, FORM).entries) == 7
    except (FileError, IntakeError) as refused:
        assert "。" in str(refused)


def test_every_column_has_its_own_letter():
    letters = [letter for letter, _, _ in COLUMNS.values()]

    assert letters == sorted(letters) and len(set(letters)) == len(letters)


def test_more_paid_than_handed_down_is_asked_about(tmp_path):
    found = faults(tmp_path, {PAID_CELL: 2939.01})

    assert [code for code, *_ in found] == ["paid-above-after"]
    assert report(tmp_path, {PAID_CELL: 2939}).paid_yuan == Decimal(29_390_000)


def test_the_weight_stands_beside_the_claim(tmp_path):
    sheet = openpyxl.load_workbook(filled(tmp_path))["填报表"]

    assert [sheet["S6"].value, sheet["T6"].value] == ["分值", "自评得分"]
    assert sheet[at(1, "weight")].value == 4.545455 and sheet[at(6, "weight")].value == 4.545455
    assert sheet[at(1, "weight")].protection.locked and not sheet[at(1, "claimed_points")].protection.locked
    assert sheet[at(6, "claimed_points")].protection.locked


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (3.57, "3.57"), ("3.571429", "3.571429"), ("３．５分", "3.5"), (0, "0"), (None, None),
        (4.545455, "4.545455"), (4.55, "4.545455"), (4.54, "4.54"),
    ],
)
def test_a_claim_is_kept_exactly(tmp_path, typed, expected):
    got = report(tmp_path, {at(3, "value"): 5, at(3, "claimed_points"): typed}).entries[2]

    assert got.claimed_points == (None if expected is None else Decimal(expected))
    assert got.places["claimed_points"] == "「填报表」!T10"


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("满分", "text-in-number-cell", "应填数字，现为“满分”"),
        (-0.5, "negative-number", "是负数“-0.5”"),
        (4.56, "points-above-weight", "4.56 分大于该指标的分值 4.545455 分"),
        (3.1234567, "too-many-decimals", "最多六位小数"),
        ("80%", "percent-in-count-cell", "现为百分比“80%”"),
    ],
)
def test_an_impossible_claim_is_named_with_its_cell(tmp_path, typed, code, words):
    path = filled(tmp_path, {at(3, "value"): 5, at(3, "claimed_points"): typed})

    with pytest.raises(IntakeError) as refused:
        read_filled(path, FORM)

    (issue,) = refused.value.issues
    assert (issue.code, issue.place) == (code, "「填报表」!T10")
    assert issue.sentence.startswith("「填报表」!T10 第3项“临时救助人次”的自评得分") and words in issue.sentence


def test_a_claim_without_a_figure_is_not_lost_in_silence(tmp_path):
    assert faults(tmp_path, {at(3, "claimed_points"): 3}) == [("claim-without-figure", "「填报表」!T10")]
    # Last year's value was written beforehand: it is no figure of this year.
    assert faults(tmp_path, {at(4, "claimed_points"): 3}) == [("claim-without-figure", "「填报表」!T11")]
    assert faults(tmp_path, {
        at(3, "claimed_points"): 3, at(3, "not_applicable"): "不适用", at(3, "evidence_text"): "没有",
    }) == [("figure-not-applicable", "「填报表」!T10")]
    assert faults(tmp_path, {at(3, "claimed_points"): 3, at(3, "value"): "五"}) == [
        ("text-in-number-cell", "「填报表」!K10")
    ]


def as_before(book):
    """The form as it was handed out before 分值 and 自评得分 stood on it."""
    book["填报表"].delete_cols(19, 2)


def test_a_form_of_before_the_claim_is_still_read(tmp_path):
    cells = {at(1, "numerator"): 1102, at(1, "denominator"): 1250, at(7, "not_applicable"): "不适用",
             at(7, "evidence_text"): "没有这项业务"}

    got = report(tmp_path, cells, change=as_before)

    assert (got.entries[0].numerator, got.entries[0].is_blank) == (1102, False)
    assert got.entries[6].is_not_applicable
    assert [entry.claimed_points for entry in got.entries] == [None] * 7


def test_a_claim_whose_head_was_deleted_is_refused(tmp_path):
    def headless(book):
        for address in ("S6", "T6"):
            book["填报表"][address] = None

    cells = {at(3, "value"): 5, at(3, "claimed_points"): 3}
    assert faults(tmp_path, cells, headless) == [("head-changed", "「填报表」!S6"), ("head-changed", "「填报表」!T6")]


TYPED = st.one_of(
    st.integers(-5, 10**9), st.floats(0, 10**6, allow_nan=False).map(lambda number: round(number, 4)), st.booleans(),
    st.sampled_from([
        "1,102", "１１０２", "1102人", "90人次", "9 009", "1102户", "88.16%", "达成预期", "达成 预期", "不适用", "#N/A",
        "约5", "1e3", "入户核查", "=1+1", "0", "长" * 2001,
    ]),
)
ADDRESSES = [
    (field, row.indicator_no) for row in ROWS if row.entry is not EntryKind.FROM_RECEIPT
    for field in (*asked_fields(row.entry), "not_applicable")
]


def address_of(key):
    return {PAID: PAID_CELL, FILLED_BY: FILLED_BY_CELL}.get(key) or at(key[1], key[0])


def bare(found: FilledReport) -> FilledReport:
    """A report without the places of its values, which differ between a workbook and a page."""
    return replace(found, entries=tuple(replace(each, places={}) for each in found.entries))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.dictionaries(st.sampled_from([PAID, FILLED_BY, *ADDRESSES]), TYPED, max_size=12))
def test_a_page_and_a_workbook_are_checked_alike(tmp_path, typed):
    path = filled(tmp_path, {address_of(key): value for key, value in typed.items()})
    cells, by_book = read_cells(path.read_bytes(), FORM, path.name)

    by_page = check_cells(cells, FORM)

    assert bare(by_page.report) == bare(by_book.report)
    assert [(issue.code, issue.key, issue.repair) for issue in by_page.issues] == [
        (issue.code, issue.key, issue.repair) for issue in by_book.issues
    ]
    assert from_json(to_json(cells)) == cells


def test_an_untouched_workbook_holds_what_an_untouched_page_holds(tmp_path):
    path = filled(tmp_path)

    assert read_cells(path.read_bytes(), FORM, path.name)[0] == starting_cells(FORM) == {("prior_value", 4): "640.5"}


@pytest.mark.parametrize(
    ("key", "typed", "repair"),
    [
        (("numerator", 1), "1102名", "1102"), (("numerator", 1), "1.2万人", "12000"),
        (("numerator", 1), "11O2", "1102"), (("numerator", 1), "1102。", "1102"), (("numerator", 1), "9'009", "9009"),
        (("numerator", 1), "1102户", None), (("numerator", 1), "约1102", None), (("numerator", 1), "88.16%", None),
        (("numerator", 1), "-3", None), (("numerator", 1), "1,10", None), (("numerator", 1), "1102/1250", None),
        (PAID, "17095000元", "1709.5"), (PAID, "1709.5万", "1709.5"), (PAID, "0.17095亿元", "1709.5"),
        (PAID, "5户", None),
        (("band", 5), "部分达成预期指标并具有一定效果", "部分达成"), (("band", 5), "达成 预期", "达成预期"),
        (("band", 5), "很好", None), (("not_applicable", 1), "是", "不适用"), (("not_applicable", 1), "否", ""),
        (("not_applicable", 1), "也许", None), (("value", 1), "5", ""),
    ],
)
def test_an_obvious_repair_is_offered_and_mends_the_cell(key, typed, repair):
    cells = {("numerator", 1): "1000", ("denominator", 1): "20000", key: typed}

    (issue,) = [found for found in check_cells(cells, FORM).issues if found.key == key]

    assert issue.repair == repair
    assert issue.place == form_place(key)
    if repair is not None:
        assert key not in {found.key for found in check_cells({**cells, key: repair}, FORM).issues}


def test_a_value_with_a_fault_is_left_out_and_its_row_named():
    checked = check_cells({("numerator", 1): "很多", ("denominator", 1): "5", ("value", 3): "7", PAID: "八"}, FORM)

    assert checked.rejected == {0, 1}
    assert (checked.report.entries[0].numerator, checked.report.entries[2].value) == (None, 7)
    assert [issue.place for issue in checked.issues] == ["全年执行数", "第1项·分子"]

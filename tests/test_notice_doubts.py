"""What a reader is not sure of is said: junk in cells, unclear rows, columns and units, tables over pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from data.checks import prove_notice
from data.model import AllocationTable, Finding, FundNotice, Line, RowKind, Severity
from data.notice.allocation import read_allocation
from data.notice.document import Document, Grid, GridCell
from data.notice.reader import assemble

HEAD = """巴财建〔2023〕45号
关于下达2023年补助资金的通知
各县市财政局：
现下达你单位补助资金，请及时拨付。
"""
TITLED = HEAD + "\n补助资金分配表\n单位：万元\n"


def document(text: str) -> Document:
    lines = tuple(Line(no, words, f"第{no}行") for no, words in enumerate(text.split("\n"), start=1))
    return Document("通知.txt", "0" * 64, lines)


def read(table: str, head: str = TITLED) -> FundNotice:
    return assemble(document(f"{head}{table}\n\n巴州财政局\n2023年5月6日\n"))


def only(notice: FundNotice) -> AllocationTable:
    (table,) = notice.allocation_tables
    return table


def amounts(notice: FundNotice, kind: RowKind = RowKind.RECIPIENT) -> list[tuple[str, Decimal | None]]:
    table = only(notice)
    at = (table.amount_column_no or 1) - 1
    return [(row.name, row.cells[at].number) for row in table.rows if row.kind is kind]


def found(notice: FundNotice, code: str) -> list[Finding]:
    return [finding for finding in notice.findings if finding.code == code]


# -- cells ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", ["\t", "|"])
@pytest.mark.parametrize("junk", ["3O0", "5l0", "叁佰", "#REF!"])
def test_a_first_row_with_an_unreadable_amount_is_no_head(junk, separator):
    rows = [("单位", "金额"), ("库尔勒市", junk), ("某某镇卫生院", junk), ("尉犁县", "400"), ("合计", "400")]
    notice = read("\n".join(separator.join(row) for row in rows))

    assert amounts(notice) == [("库尔勒市", None), ("某某镇卫生院", None), ("尉犁县", 400)]
    assert [(f.severity, f.line_no, f.printed) for f in found(notice, "cell-unreadable")] == [
        (Severity.FATAL, 9, junk), (Severity.FATAL, 10, junk)]
    assert "库尔勒市" in found(notice, "cell-unreadable")[0].sentence


@pytest.mark.parametrize("blank", ["", "—", "\t"])
def test_a_first_row_without_an_amount_is_no_head(blank):
    notice = read(f"单位\t金额\n库尔勒市\t{blank}\n轮台县\t{blank}\n尉犁县\t400\n合计\t400")

    assert amounts(notice) == [("库尔勒市", None), ("轮台县", None), ("尉犁县", 400)]
    assert only(notice).columns[0].name == "金额"


@pytest.mark.parametrize("name", ["东村", "某某有限公司", "张三"])
def test_a_first_row_of_any_name_is_no_head_where_its_amount_is_junk(name):
    notice = read(f"名称\t金额\n{name}\t3O0\n西村\t100\n合计\t400")

    assert amounts(notice) == [(name, None), ("西村", 100)]
    assert len(found(notice, "cell-unreadable")) == 1


def test_a_table_of_nothing_but_junk_is_still_a_table():
    notice = read("单位\t金额\n库尔勒市\t3O0\n轮台县\t叁佰")

    assert amounts(notice) == [("库尔勒市", None), ("轮台县", None)]
    assert len(found(notice, "cell-unreadable")) == 2


@pytest.mark.parametrize("printed", ["300①", "①300", "300①万元", "300*", "300¹", "300（注1）", "300[1]"])
def test_a_footnotes_mark_is_no_digit(printed):
    notice = read(f"单位\t金额\n库尔勒市\t{printed}\n轮台县\t200\n合计\t500")

    assert amounts(notice) == [("库尔勒市", 300), ("轮台县", 200)]
    assert [f.severity for f in found(notice, "footnote-stripped")] == [Severity.NOTE]


@pytest.mark.parametrize("printed", ["（500）", "(500)", "▲500", "△500", "减500"])
def test_negatives_of_accountants(printed):
    notice = read(f"单位\t调整金额\n库尔勒市\t{printed}\n轮台县\t700\n合计\t200")

    assert amounts(notice) == [("库尔勒市", -500), ("轮台县", 700)]
    assert [f.read_as for f in found(notice, "negative-sign")] == ["-500"]


def test_a_cell_merged_over_two_units_is_nobodys_amount():
    words = [["单位", "金额"], ["库尔勒市", "300"], ["轮台县", None], ["尉犁县", "100"]]
    rows = tuple(tuple(GridCell(text or "", no, text is None) for text in row) for no, row in enumerate(words, 8))
    lines = document(TITLED).lines[:7] + tuple(
        Line(no, "\t".join(text or "" for text in row), "") for no, row in enumerate(words, 8))
    notice = assemble(Document("通知.docx", "0" * 64, lines, (Grid(8, rows),)))

    assert amounts(notice) == [("库尔勒市", 300), ("轮台县", None), ("尉犁县", 100)]
    assert [(f.severity, f.line_no) for f in found(notice, "amount-shared")] == [(Severity.FATAL, 10)]


@pytest.mark.parametrize("notice", [
    read("单位\t金额\n库尔勒市\t300000000000000\n轮台县\t100\n合计\t100"),
    read("单位\t金额\n库尔勒市\t300\n轮台县\t100\n合计\t400", TITLED.replace("资金，", "资金300000000000000000万元，")),
    read("单位\t巴财社〔2021〕3号 300000000000000000万元\n库尔勒市\t300\n轮台县\t100"),
    read("其中：库尔勒市300000000000000000万元，轮台县200万元。", HEAD),
], ids=["table", "body", "head", "prose"])
def test_an_amount_beyond_any_budget_is_said_and_breaks_nothing(notice):
    assert {f.severity for f in found(notice, "amount-too-large")} == {Severity.FATAL}
    assert isinstance(prove_notice(notice), list)


# -- rows -------------------------------------------------------------------------------------------------


def test_two_totals_are_both_proved():
    notice = read("单位\t金额\n合计\t1000\n库尔勒市\t500\n轮台县\t510\n合计\t1010")

    assert amounts(notice, RowKind.TOTAL) == [("合计", 1000), ("合计", 1010)]
    assert [(identity.line_no, identity.holds) for identity in prove_notice(notice)] == [(9, False), (12, True)]


@pytest.mark.parametrize("separator", ["\t", "|"])
def test_an_amount_behind_a_blank_name_is_not_the_units_above(separator):
    rows = [("单位", "金额"), ("库尔勒市", "300"), ("", "100"), ("轮台县", "200"), ("合计", "600")]
    notice = read("\n".join(separator.join(row) for row in rows))

    assert [number for name, number in amounts(notice) if name == "库尔勒市"] == [300]
    assert [(f.severity, f.line_no) for f in found(notice, "row-unnamed")] == [(Severity.FATAL, 10)]


def test_a_blank_name_over_the_sum_of_the_rows_is_the_total():
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t200\n\t500")

    assert [number for _, number in amounts(notice, RowKind.TOTAL)] == [500]
    assert not found(notice, "row-unnamed")


@pytest.mark.parametrize("word", ["总额", "金额合计", "合计金额", "全州", "全县", "全市", "巴州合计", "巴州"])
def test_words_for_the_total(word):
    notice = read(f"单位\t金额\n{word}\t500\n库尔勒市\t300\n轮台县\t200")

    assert amounts(notice) == [("库尔勒市", 300), ("轮台县", 200)]
    assert amounts(notice, RowKind.TOTAL) == [(word, 500)]
    assert len(found(notice, "total-by-sum")) == (word == "巴州")


def test_a_prefectures_row_that_does_not_add_up_is_said():
    notice = read("单位\t金额\n巴州\t501\n库尔勒市\t300\n轮台县\t200")

    assert [f.severity for f in found(notice, "row-maybe-total")] == [Severity.FATAL]


def test_a_prefecture_among_prefectures_is_no_total():
    notice = read("单位\t金额\n阿克苏地区\t300\n喀什地区\t200\n和田地区\t100")

    assert amounts(notice) == [("阿克苏地区", 300), ("喀什地区", 200), ("和田地区", 100)]
    assert not found(notice, "row-maybe-total")


def test_a_county_that_gets_as_much_as_the_others_is_no_total():
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t100\n尉犁县\t200")

    assert amounts(notice) == [("库尔勒市", 300), ("轮台县", 100), ("尉犁县", 200)]


def test_a_unit_with_two_amounts_is_said():
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t100\n库尔勒市\t200\n合计\t600")

    assert [(f.severity, f.line_no) for f in found(notice, "unit-twice")] == [(Severity.WARNING, 11)]


# -- columns and units --------------------------------------------------------------------------------------


@pytest.mark.parametrize("heads", ["中央\t自治区", "2022年\t2023年", "中央资金\t自治区资金"])
def test_of_two_columns_of_money_none_is_guessed(heads):
    notice = read(f"单位\t{heads}\n库尔勒市\t300\t100\n轮台县\t200\t50\n合计\t500\t150")

    assert only(notice).amount_column_no is None
    assert [f.severity for f in found(notice, "amount-column-unclear")] == [Severity.FATAL]


def test_a_column_that_sums_the_others_in_every_row_is_the_amount():
    notice = read("单位\t补助资金\t中央\t自治区\n库尔勒市\t400\t300\t100\n轮台县\t250\t200\t50")

    assert only(notice).amount_column_no == 1
    assert not found(notice, "amount-column-unclear")


def test_a_table_without_a_unit_takes_the_bodys_and_says_so():
    head = TITLED.replace("单位：万元\n", "").replace("补助资金，", "补助资金500万元，")
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t200\n合计\t500", head)

    assert only(notice).rows[0].cells[0].yuan == 3_000_000
    assert [f.severity for f in found(notice, "unit-assumed")] == [Severity.WARNING]


def test_a_table_without_any_unit_may_not_be_taken_over():
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t200", TITLED.replace("单位：万元\n", ""))

    assert [f.severity for f in found(notice, "unit-missing")] == [Severity.FATAL]


def test_a_column_that_denies_the_unit_above_is_said():
    notice = read("单位\t金额（元）\n库尔勒市\t300\n轮台县\t200")

    (finding,) = found(notice, "unit-differs")
    assert (finding.printed, finding.read_as) == ("万元", "元")
    assert only(notice).rows[0].cells[0].yuan == 300


def test_codes_before_the_names_are_no_money():
    notice = read("单位编码\t单位名称\t金额\n301001\t库尔勒市\t300\n301002\t轮台县\t200\n\t合计\t500")

    assert amounts(notice) == [("库尔勒市", 300), ("轮台县", 200)]


# -- tables over pages, cut off or not read -----------------------------------------------------------------


@pytest.mark.parametrize("between", [
    "— 3 —\n续表\n单位\t金额\n",
    "\n— 3 —\n\n", "- 3 -\n", "补助资金分配表（续）\n单位：万元\n单位\t金额\n", "单位\t金额\n"])
def test_a_table_goes_on_behind_a_page_break(between):
    notice = read(f"单位\t金额\n库尔勒市\t300\n轮台县\t100\n{between}尉犁县\t200\n合计\t600")

    assert amounts(notice) == [("库尔勒市", 300), ("轮台县", 100), ("尉犁县", 200)]
    assert amounts(notice, RowKind.TOTAL) == [("合计", 600)]


def test_a_total_alone_on_the_next_page_belongs_to_the_table():
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t100\n— 3 —\n合计\t401")

    assert [identity.holds for identity in prove_notice(notice)] == [False]


def test_a_piped_table_goes_on_behind_a_page_break():
    notice = read("|单位|金额|\n|库尔勒市|300|\n|轮台县|100|\n— 3 —\n|单位|金额|\n|尉犁县|200|\n|合计|600|")

    assert amounts(notice) == [("库尔勒市", 300), ("轮台县", 100), ("尉犁县", 200)]


def test_another_table_with_the_same_heads_is_another_table():
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t100\n— 3 —\n残疾人补贴分配表\n单位：万元\n"
                  "单位\t金额\n库尔勒市\t20\n轮台县\t10")

    assert [table.title for table in notice.allocation_tables] == ["补助资金分配表", "残疾人补贴分配表"]


def test_a_table_cut_off_may_not_be_taken_over_unless_its_total_proves_it_whole():
    cut = "补助资金分配表\n单位：万元\n地区\n人数\n金额\n甲县\n10\n3\n乙县\n20\n2\n{total}丙县"
    (finding,) = read_allocation(document(cut.format(total=""))).findings
    (of_whole,) = read_allocation(document(cut.format(total="合计\n30\n5\n"))).findings

    assert (finding.code, finding.severity) == ("text-cut-off", Severity.FATAL)
    assert "只读到2个单位" in finding.sentence
    assert (of_whole.code, of_whole.severity) == ("text-cut-off", Severity.WARNING)


@pytest.mark.parametrize("text", [
    "（一）库尔勒市300万元，用于道路；\n（二）轮台县200万元，用于水利；\n（三）尉犁县100万元。",
    "1.库尔勒市道路300万元。\n2.资金分配如下：\n轮台县200万元\n尉犁县\n100万元",
])
def test_amounts_that_no_table_was_read_from_are_said(text):
    notice = read(text, HEAD)

    assert notice.allocation_tables == ()
    assert [f.severity for f in found(notice, "allocation-unread")] == [Severity.WARNING]


def test_a_letter_without_shares_needs_no_table():
    assert not found(read("请按规定使用资金300万元，其中前期费20万元。", HEAD), "allocation-unread")


def test_a_row_under_a_table_that_stands_in_no_column_is_said():
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t200\n合计500\t")

    assert [(f.severity, f.line_no) for f in found(notice, "row-unread")] == [(Severity.FATAL, 11)]


@pytest.mark.parametrize("loose", ["轮台县  200", "轮台县 200"])
def test_a_row_between_spaces_amid_tabs_is_never_passed_over(loose):
    notice = read(f"单位\t金额\n库尔勒市\t300\n{loose}\n尉犁县\t100\n若羌县\t50\n合计\t650")

    assert found(notice, "row-unread")
    names = [row.name for table in notice.allocation_tables for row in table.rows]
    assert len(names) == len(set(names))


def test_panels_side_by_side_are_one_table():
    notice = read("单位\t金额\t单位\t金额\n库尔勒市\t300\t轮台县\t200\n尉犁县\t100\t若羌县\t50\n合计\t650\t\t")

    assert amounts(notice) == [("库尔勒市", 300), ("尉犁县", 100), ("轮台县", 200), ("若羌县", 50)]
    assert amounts(notice, RowKind.TOTAL) == [("合计", 650)]


def test_a_blank_amount_is_said_and_a_dash_is_not():
    notice = read("单位\t金额\n库尔勒市\t300\n轮台县\t\n尉犁县\t—\n合计\t300")

    assert [(f.severity, f.line_no) for f in found(notice, "amount-blank")] == [(Severity.WARNING, 10)]


def test_a_blank_sum_beside_money_may_not_be_taken_over():
    notice = read("地区\t小计\t单位\t金额\n巴州\t500\t库尔勒市\t300\n巴州\t\t轮台县\t200")

    assert [(f.severity, f.line_no) for f in found(notice, "amount-blank")] == [(Severity.FATAL, 10)]


def test_units_across_the_head_are_not_taken_for_columns():
    notice = read("项目\t库尔勒市\t轮台县\t合计\n金额\t300\t200\t500")

    assert [f.severity for f in found(notice, "head-holds-units")] == [Severity.FATAL]


@pytest.mark.parametrize(("name", "place"), [("其中：开发区", 2), ("一、县市", 1)])
def test_a_row_that_would_count_twice_is_said(name, place):
    rows = ["库尔勒市\t300", "轮台县\t200"]
    notice = read("\n".join(["单位\t金额", *rows[: place - 1], f"{name}\t100", *rows[place - 1:]]))

    assert [(f.severity, f.printed) for f in found(notice, "row-maybe-sum")] == [(Severity.FATAL, name)]


def test_subtotals_under_numbers_are_no_units():
    notice = read("单位\t金额\n一、县市小计\t500\n库尔勒市\t300\n轮台县\t200\n二、州直小计\t100\n州救助站\t100")

    assert amounts(notice) == [("库尔勒市", 300), ("轮台县", 200), ("州救助站", 100)]


def test_a_page_in_another_unit_is_another_table():
    notice = read("单位\t金额\n库尔勒市\t300\n尉犁县\t100\n— 3 —\n单位：元\n单位\t金额\n轮台县\t2000000\n合计\t2000000")

    assert [(table.unit, len(table.rows)) for table in notice.allocation_tables] == [("万元", 2), ("元", 2)]


def test_a_table_that_is_named_but_not_there_is_said():
    notice = read("资金安排详见附件：补助资金分配表。请遵照执行，并按规定公开。", HEAD)

    assert [f.severity for f in found(notice, "allocation-unread")] == [Severity.WARNING]

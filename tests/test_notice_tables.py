"""Allocation tables of notices: the founding one cell by cell, the field by its figures, each layout by itself."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from data.model import AllocationTable, ColumnRole, Line, RowKind
from data.notice.allocation import Allocation, read_allocation
from data.notice.allocation_head import column_names, flat_paths
from data.notice.document import Document
from data.notice.files import open_document
from data.notice.grids import find_blocks

NOTICES = Path(__file__).parent / "notices"
FIELD = sorted(path.name for path in (NOTICES / "field").iterdir())


def document(text: str) -> Document:
    lines = tuple(Line(no, words, f"第{no}行") for no, words in enumerate(text.strip("\n").split("\n"), start=1))
    return Document("通知.txt", "0" * 64, lines)


def truth(folder: str) -> dict:
    return json.loads((NOTICES / folder / "expected.json").read_text(encoding="utf-8"))


def read(folder: str) -> Allocation:
    return read_allocation(open_document(NOTICES / folder / "notice.txt"))


def figures(table: AllocationTable, kind: RowKind = RowKind.RECIPIENT) -> dict[str, list]:
    return {row.name: [None if cell.number is None else float(cell.number) for cell in row.cells]
            for row in table.rows if row.kind is kind}


def only(text: str) -> AllocationTable:
    tables = read_allocation(document(text)).tables
    assert len(tables) == 1
    return tables[0]


# -- the founding notice --------------------------------------------------------------------------------

FOUNDING = truth("founding")


@pytest.fixture(scope="module")
def founding() -> AllocationTable:
    (table,) = read("founding").tables
    return table


def test_founding_columns_and_roles(founding):
    assert [column.name for column in founding.columns] == FOUNDING["allocation_table"]["columns"]
    line = [ColumnRole.BEFORE, ColumnRole.ADJUSTMENT, ColumnRole.AFTER]
    assert [column.role for column in founding.columns] == [
        ColumnRole.TOTAL_BEFORE, *line, *line, ColumnRole.TOTAL_ADJUSTMENT, ColumnRole.TOTAL_AFTER]
    assert [(column.source_document, column.stated_total_yuan) for column in founding.columns[1:7]] == (
        [("巴财社〔2021〕3号", Decimal(110_600_000))] * 3 + [("巴财社〔2021〕40号", Decimal(91_860_000))] * 3)
    assert founding.columns[founding.amount_column_no - 1].name == "调整合计"
    assert {column.unit for column in founding.columns} == {"万元"}


def test_founding_identities_are_those_of_its_heads(founding):
    assert {(i.kind, i.column_no, i.term_column_nos) for i in founding.identities} == {
        ("line", 4, (2, 3)), ("line", 7, (5, 6)), ("total", 1, (2, 5)), ("total", 8, (3, 6)),
        ("total", 9, (4, 7)), ("total", 9, (1, 8))}


@pytest.mark.parametrize("expected", FOUNDING["allocations"], ids=lambda row: row["region"])
def test_founding_row(founding, expected):
    row = next(row for row in founding.rows if row.name == expected["region"])

    assert row.kind is RowKind.RECIPIENT
    assert row.parent == "巴州"
    assert {c.name: cell.number for c, cell in zip(founding.columns, row.cells, strict=True)} == {
        name: Decimal(number) for name, number in expected["columns"].items()}
    assert [cell.yuan for cell in row.cells] == [cell.number * 10_000 for cell in row.cells]


def test_founding_rows_stand_on_their_lines(founding):
    assert [row.line_no for row in founding.rows] == list(range(55, 68))
    assert founding.rows[0].kind is RowKind.TOTAL
    assert (founding.rows[0].parent, founding.rows[0].name) == ("巴州", "小计")
    assert founding.rows[11].cells[2].yuan == Decimal(-5_300_000)   # 州救助站 −530


def test_a_wrong_figure_is_read_as_printed_and_keeps_the_identities():
    text = (NOTICES / "founding" / "notice.txt").read_text(encoding="utf-8").replace("\t1770\t", "\t1771\t")

    table = only(text)

    assert figures(table)["轮台县"][3] == 1771
    assert len(table.identities) == 6


# -- the field --------------------------------------------------------------------------------------------


def plain(name: str) -> str:
    return "".join(name.split()).replace("：", "").replace(":", "")


def cell_counts(folder: str) -> tuple[int, int, int, int]:
    """Right and all cells; right and all cells of the amount column."""
    expected = truth(folder)
    found: dict[str, list] = {}
    for table in read(folder).tables:
        for row in table.rows:
            if row.kind is RowKind.RECIPIENT:
                found.setdefault(row.name, []).append((table, row))
    right = cells = right_amounts = amounts = 0
    for line in expected.get("allocations") or []:
        amounts += 1
        candidates = found.get(line["region"], [])
        table, row = candidates.pop(0) if candidates else (None, None)
        for name, number in line["columns"].items():
            cells += 1
            wanted = None if number is None else Decimal(str(number))
            numbers = [cell.number for column, cell in zip(table.columns, row.cells, strict=True)
                       if plain(column.name) == plain(name)] if row else []
            is_right = numbers == [wanted]
            right += is_right
            if name == expected.get("amount_column", next(iter(line["columns"]))):
                right_amounts += is_right
    return right, cells, right_amounts, amounts


@pytest.mark.parametrize("name", FIELD)
def test_each_field_notice_has_its_rows_right(name):
    right, cells, right_amounts, amounts = cell_counts(f"field/{name}")

    assert (right_amounts, right) == (amounts, cells)


def test_field_floors():
    counts = [cell_counts(f"field/{name}") for name in FIELD]
    right, cells, right_amounts, amounts = (sum(part) for part in zip(*counts, strict=True))

    assert (cells, amounts) == (351, 107)
    assert right >= 0.98 * cells
    assert right_amounts >= 0.99 * amounts


@pytest.mark.parametrize("name", [name for name in FIELD if not truth(f"field/{name}")["allocations"]])
def test_no_table_is_made_up(name):
    assert read(f"field/{name}").tables == ()


def test_amounts_are_blank_not_zero_where_nothing_is_printed():
    (table,) = read("field/18").tables
    ningbo = next(row for row in table.rows if row.name == "宁波")

    assert [cell.number for cell in ningbo.cells] == [None] * 5


# -- layouts --------------------------------------------------------------------------------------------


def test_tabs_with_serial_numbers_and_the_total_under_them():
    table = only("""
2022年临时救助资金分配表
单位：万元
序号\t县区\t合计\t中央\t省级\t备注
1\t东山区\t300\t200\t100\t
2\t西山区\t200\t150\t50\t含本级
合计\t\t500\t350\t150\t
""")

    assert figures(table) == {"东山区": [300, 200, 100, None], "西山区": [200, 150, 50, None]}
    assert figures(table, RowKind.TOTAL) == {"合计": [500, 350, 150, None]}
    assert [column.role for column in table.columns] == [
        ColumnRole.SUBTOTAL, ColumnRole.PART, ColumnRole.PART, ColumnRole.NOTE]
    assert [(i.column_no, i.term_column_nos) for i in table.identities] == [(1, (2, 3))]


def test_piped_rows_with_thousands_separators_and_a_unit_row():
    table = only("""
附件1 | ||
2021年临时救助资金（第一批）分配表 | ||
单位：元 | ||
街 镇 | 金额 | 备 注 |
凤鸣街道 | 200,000 | |
白渡镇 | 250,000.50 | |
合 计 | 450,000.50 | |
""")

    assert {row.name: row.cells[0].yuan for row in table.rows} == {
        "凤鸣街道": Decimal(200_000), "白渡镇": Decimal("250000.50"), "合计": Decimal("450000.50")}


def test_lone_pipes_are_row_starts_and_empty_cells():
    table = only("""
2020年困难群众救助补助资金分配表 |
|||
单位：万元 |
|||
|
县区 |
困难群众救助补助 |
||
|
合计 |
中央 |
省级 |
|
合计 |
90 |
60 |
30 |
|
东区 |
50 |
50 |
|
|
西区 |
40 |
10 |
30 |
""")

    assert [column.name for column in table.columns] == [
        "困难群众救助补助/合计", "困难群众救助补助/中央", "困难群众救助补助/省级"]
    assert figures(table) == {"东区": [50, 50, None], "西区": [40, 10, 30]}


def test_pipes_between_cells_with_long_notes_and_project_names():
    table = only("""
2020年福彩公益金分配计划表
单位:万元
| 序号
|
单位
|
项 目
|
分配 金额
|
备 注
|
| 1
|
东山区
|
分成收入及市级补助
|
53.00
|
分成收入33万元;市级补助20万元用于社区亲民化改造及养老服务设施改造项目。
|
| 2
|
安西区
|
分成收入
|
76.00
|
|
| 总计
|
129.00
|
|
||
一、资金来源:上级通知。
""")

    assert [(row.name, row.item, row.cells[0].number) for row in table.rows] == [
        ("东山区", "分成收入及市级补助", 53), ("安西区", "分成收入", 76), ("总计", "", 129)]


def test_one_cell_a_line_with_people_that_are_no_money():
    table = only("""
2021年孤儿基本生活费分配表

单位：万元

县（市、区）

孤儿人数

中央补助

省级补助

合计

总计

30

12.5

7.5

20

甲县

10

5

2

7

乙县

20

7.5

5.5

13

某市财政局

2021年3月4日
""")

    assert figures(table) == {"甲县": [10, 5, 2, 7], "乙县": [20, 7.5, 5.5, 13]}
    assert table.columns[0].role is ColumnRole.COUNT
    assert table.rows[0].cells[0].yuan is None
    assert table.columns[table.amount_column_no - 1].name == "合计"
    assert [(i.column_no, i.term_column_nos) for i in table.identities] == [(4, (2, 3))]


DROPPED = """
2019年医疗救助资金分配表
单位：万元
县区
合计
中央资金
省级资金
市级资金
甲区
60
30
20
10
乙区
25
25
丙区
30
12
18
合计
115
{total}
请抓紧拨付资金，专款专用，不得截留挪用。
"""


def test_a_dropped_cell_is_placed_where_alone_the_sums_hold():
    allocation = read_allocation(document(DROPPED.format(total="67\n38\n10")))

    assert figures(allocation.tables[0])["乙区"] == [25, 25, None, None]
    assert figures(allocation.tables[0])["丙区"] == [30, 12, 18, None]
    assert [(f.code, f.severity.value) for f in allocation.findings] == [("cell-dropped", "repaired")] * 2


def test_a_dropped_cell_that_could_stand_in_two_places_stays_open():
    allocation = read_allocation(document(DROPPED.format(total="60\n40\n15")))

    assert figures(allocation.tables[0])["乙区"] == [25, None, None, None]
    assert "cell-unplaced" in [finding.code for finding in allocation.findings]


def test_a_whole_table_on_one_line():
    table = only("""
三、资金分配情况
某市2018年扶贫资金分配表 单位：万元 县区名称 合计 中央 省级 总计 300 200 100 东县 100 60 40 西县 200 140 60
四、监督电话
""")

    assert figures(table) == {"东县": [100, 60, 40], "西县": [200, 140, 60]}
    assert table.unit == "万元"


def test_a_whole_piped_table_on_one_line_behind_prose():
    table = only(
        "下拨补助金4545元。 附件1: 2021年1月份生活补助金汇总表 乡镇 (街道) | 儿童人数 | 儿童补助金额 | 老人人数"
        " | 老人补助金额 | 共计 | 东镇 | 1 | 1469 | 4 | 526 | 1995"
        " | 西镇 | 0 | 0 | 2 | 382 | 382 | 南街道 | 1 | 1469 | 3 | 699 | 2168"
        " | 合计 | 2 | 2938 | 9 | 1607 | 4545 |")

    assert figures(table)["西镇"] == [0, 0, 2, 382, 382]
    assert table.rows[0].cells[4].yuan == Decimal(1995)


def test_names_glued_to_figures_where_two_spaces_are_an_empty_cell():
    table = only("""
2020年转移支付分配情况表
单位：亿元
地区合计中央省级
合计30.5 10.0 20.5
甲市10.5 10.0 0.5
乙市0.5  0.5
丙市19.5  19.5
""")

    assert [column.name for column in table.columns] == ["合计", "中央", "省级"]
    assert figures(table) == {"甲市": [10.5, 10, 0.5], "乙市": [0.5, None, 0.5], "丙市": [19.5, None, 19.5]}
    assert table.rows[1].cells[0].yuan == Decimal(1_050_000_000)


def test_panels_side_by_side_repeat_their_heads():
    table = only("""
2018年补助资金分配表
金额单位:万元

单位

金额

单位

金额

全省合计

64

海东市

32

定西区

12

杭东市小计

20
""")

    assert figures(table) == {"海东市": [32], "定西区": [12]}
    assert figures(table, RowKind.SUBTOTAL) == {"杭东市小计": [20]}
    assert figures(table, RowKind.TOTAL) == {"全省合计": [64]}


def test_heads_in_three_rows_and_groups_with_subtotals():
    table = only("""
2022年救助资金分配表
单位：万元
市州\t县（市、区）\t补助资金\t\t\t\t
\t\t合计\t一般预算\t\t彩票公益金\t
\t\t\t常规\t专项\t\t
全省合计\t\t100\t40\t30\t30\t
甲市\t小计\t60\t20\t20\t20\t
\t东区\t40\t10\t10\t20\t
\t西县\t20\t10\t10\t\t
乙州\t小计\t40\t20\t10\t10\t
\t北县\t40\t20\t10\t10\t
""")

    assert [column.name for column in table.columns] == [
        "补助资金/合计", "一般预算/常规", "一般预算/专项", "彩票公益金"]
    assert [(row.kind.value, row.parent, row.name) for row in table.rows] == [
        ("total", "", "全省合计"), ("subtotal", "甲市", "小计"), ("recipient", "甲市", "东区"),
        ("recipient", "甲市", "西县"), ("subtotal", "乙州", "小计"), ("recipient", "乙州", "北县")]
    assert [(i.kind, i.column_no, i.term_column_nos) for i in table.identities] == [("subtotal", 1, (2, 3, 4))]


def test_a_first_row_under_the_prefecture_that_sums_the_rest_is_the_total():
    text = """
2021年高龄津贴分配表
单位：万元
地区\t金额
广平市\t{total}
东区\t100
南县\t120
"""

    assert figures(only(text.format(total=220)), RowKind.TOTAL) == {"广平市": [220]}
    assert figures(only(text.format(total=90)), RowKind.TOTAL) == {}


def test_a_table_cut_off_keeps_its_whole_rows():
    allocation = read_allocation(document("""
2021年残疾人补贴资金汇总表
单位：元
乡镇
（街道）
人数
金额
东镇
30
15000
西镇
20
10000
南江街
""".rstrip("\n")))
    (table,) = allocation.tables

    assert table.is_cut_off
    assert figures(table) == {"东镇": [30, 15000], "西镇": [20, 10000]}
    assert [(finding.code, finding.printed) for finding in allocation.findings] == [("text-cut-off", "南江街")]


def test_a_mirror_in_traditional_characters():
    table = only("""
三、扶貧資金分配情況,中央資金45萬元
市縣 |
資金合計 |
中央資金 |
省級資金 |
備注 |
修水 |
1116.7 |
10 |
1106.7 |
|
武陽 |
1237.1 |
|
1237.1 |
|
合計 |
2353.8 |
10 |
2343.8 |
|
四、監督電話
""")

    assert figures(table) == {"修水": [1116.7, 10, 1106.7], "武阳": [1237.1, None, 1237.1]}
    assert table.unit == "万元"


def test_adjustment_roles_of_other_documents():
    table = only("""
2022年救助资金调整分配表
单位：万元
县市\t新财社〔2022〕5号 300万元\t\t\t新财社〔2022〕18号 200万元\t\t\t小计\t调整小计\t调整合计
\t调整前\t调整数\t调整后\t调整前\t调整数\t调整后\t\t\t
合计\t300\t-10\t290\t200\t10\t210\t500\t0\t500
甲市\t100\t-10\t90\t50\t10\t60\t150\t0\t150
乙县\t200\t0\t200\t150\t0\t150\t350\t0\t350
""")

    assert [column.role.value for column in table.columns][6:] == ["total_before", "total_adjustment", "total_after"]
    assert table.columns[4].source_document == "新财社〔2022〕18号"
    assert len(table.identities) == 6


def test_a_sum_word_that_most_rows_deny_states_no_identity():
    rows = "\n".join(f"{name}县\t{total}\t10\t20" for name, total in (("甲", 50), ("乙", 60), ("丙", 30)))

    table = only(f"2021年补助资金分配表\n单位：万元\n县区\t合计\t中央\t省级\n{rows}\n总计\t140\t30\t60")

    assert table.identities == ()


def test_a_page_frame_of_pipes_is_no_table():
    frame = "网站地图 | 联系方式 |\n索引号: | P0120-2019 | 公开责任部门 | 市财政局 |\n公开日期 | 2019-05-17 |"

    assert read_allocation(document(frame)).tables == ()
    assert find_blocks(document("网站地图 | 联系方式 | 版权声明")) == ()


# -- lists in sentences -----------------------------------------------------------------------------------


def prose(text: str) -> dict[str, list]:
    return figures(only(text))


def test_a_list_behind_its_total_with_a_shared_amount():
    table = only("现下达救助资金110万元，其中：甲水县30.5万元、乙山县29.5万元，丙河市、丁湖区各25万元。请专款专用。")

    assert figures(table) == {"甲水县": [30.5], "乙山县": [29.5], "丙河市": [25], "丁湖区": [25]}
    assert figures(table, RowKind.TOTAL) == {"合计": [110]}
    assert table.is_prose


def test_a_wrong_total_right_before_its_list_is_kept_for_the_checks():
    table = only("现下达救助资金100万元，其中：甲水县30万元、乙山县29万元。")

    assert figures(table, RowKind.TOTAL) == {"合计": [100]}


def test_two_lists_by_source_are_two_columns():
    table = only("中央财政救助资金：甲县100万元，乙县80万元。自治区财政救助资金：甲县20万元，乙县15万元。")

    assert [column.name for column in table.columns] == ["中央", "自治区"]
    assert figures(table) == {"甲县": [100, 20], "乙县": [80, 15]}
    assert table.amount_column_no is None


def test_units_behind_verbs_and_a_total_behind_the_list():
    assert prose("下达补助资金500万元。分配给市社会福利院200万元、市救助管理站120万元、东湖街道办事处180万元。") == {
        "市社会福利院": [200], "市救助管理站": [120], "东湖街道办事处": [180]}
    table = only("安排下列单位资金：市第一人民医院15万元；市中医院8.5万元，共计23.5万元。")
    assert figures(table, RowKind.TOTAL) == {"合计": [23.5]}


@pytest.mark.parametrize("sentence", [
    "区级对每个乡镇每年奖补最高不超过5万元，每个村最高不超过2万元。",
    "下达造林补贴资金21.5万元(其中直接费用20万,间接费用1.5万)。",
    "下达中心建设经费300万元和居家上门服务经费95万元。",
    "每个贫困村20万元，示范村30万元。",
    "下达你区补助资金2000万元，用于东湖区项目。",
])
def test_caps_and_parts_of_money_are_no_allocations(sentence):
    assert read_allocation(document(sentence)).tables == ()


# -- heads ------------------------------------------------------------------------------------------------


def test_flattened_heads_are_sorted_out_by_the_sums():
    heads = ["本次下达金额", "合计", "一般预算", "公益金", "小计", "常规", "定向"]
    rows = [[Decimal(n) for n in row] for row in ((726, 496, 228, 268, 230), (377, 254, 122, 132, 123))]

    paths, is_guessed = flat_paths([heads], 5, rows)

    assert is_guessed
    assert column_names(paths) == ["本次下达金额/合计", "一般预算/小计", "一般预算/常规", "一般预算/定向", "公益金"]


def test_units_joined_by_and_and_names_that_begin_with_it():
    assert prose("救助资金分配如下：和静县30万元、和硕县20万元和博湖县10万元，甲县和乙县各5万元。") == {
        "和静县": [30], "和硕县": [20], "博湖县": [10], "甲县": [5], "乙县": [5]}
    assert prose("补助标准:市中区1162万元、沙湾区147万元、乐水灌区管理局150万元。") == {
        "市中区": [1162], "沙湾区": [147], "乐水灌区管理局": [150]}


def test_one_amount_for_several_units_is_nobodys():
    assert read_allocation(document("其中东区、西区30万元，南区、北区20万元。")).tables == ()


def test_a_purpose_between_name_and_amount():
    assert prose("一、下达宣东县普通省道3800万元; 二、下达达南区农村公路桥梁36万元。") == {
        "宣东县": [3800], "达南区": [36]}


def test_rows_between_spaces_with_serial_numbers_and_notes():
    table = only("""
2022年补助资金分配表（单位：元）
序号 单位名称 金额 备注
1 第一小学 12,000 新建
2 第二中学 8,000.50
合 计 20,000.50
联系人：某某
""")

    assert {row.name: row.cells[0].yuan for row in table.rows} == {
        "第一小学": Decimal(12_000), "第二中学": Decimal("8000.50"), "合计": Decimal("20000.50")}
    assert table.rows[2].kind is RowKind.TOTAL


def test_cells_without_a_title_begin_with_their_head():
    table = only("附件1\n县区\n金额（万元）\n甲县\n100\n乙县\n50\n合计\n150")

    assert figures(table) == {"甲县": [100], "乙县": [50]}
    assert table.rows[0].cells[0].yuan == Decimal(1_000_000)


def test_unit_project_and_content_before_the_figure():
    table = only("""
2022年以工代赈项目资金安排表
单位：万元
县区
项目名称
建设内容
中央资金
甲县
饮水工程
新建水厂一座
120
乙县
道路工程
硬化道路3公里
80
合计
200
""")

    assert [(row.name, row.item, row.cells[0].number) for row in table.rows] == [
        ("甲县", "饮水工程 新建水厂一座", 120), ("乙县", "道路工程 硬化道路3公里", 80), ("合计", "", 200)]


def test_units_printed_in_the_cells_and_dashes_for_nothing():
    table = only("""
2022年救助资金分配表
| 县区 | 中央补助 | 省级补助 |
| 甲县 | 30万元 | — |
| 乙县 | 20.5万元 | 5000元 |
""")

    assert [[cell.yuan for cell in row.cells] for row in table.rows] == [
        [Decimal(300_000), None], [Decimal(205_000), Decimal(5_000)]]


def test_money_of_this_time_is_the_amount_beside_what_was_handed_down_before():
    rows = "甲县\t100\t70\t30\n乙县\t50\t40\t10"
    table = only(f"2023年补助资金分配表\n金额单位：万元\n单位\t应下达\t已提前下达\t本次下达\n{rows}")

    assert table.columns[table.amount_column_no - 1].name == "本次下达"


def test_a_row_below_the_prefecture_and_a_subtotal_of_counties():
    rows = "合计\t100\n市本级\t10\n县区小计\t90\n甲县\t50\n乙县\t40"
    table = only(f"2022年救助资金分配表\n单位：万元\n地区\t金额\n{rows}")

    assert [row.kind.value for row in table.rows] == ["total", "recipient", "subtotal", "recipient", "recipient"]


def test_a_prefectures_row_over_notes_and_blank_lines_of_its_own():
    table = only("""
2018年财政扶贫资金分配情况表
单位:万元
地县 |
资金合计 |
中央资金 |
自治区资金 |
支出方向 |
和水地区 |
733 |
|
733 |
统筹整合 |
皮东县 |
230 |
|
230 |
统筹整合 |
墨西县 |
503 |
|
503 |
统筹整合 |
四、监督电话
""")

    assert figures(table) == {"皮东县": [230, None, 230, None], "墨西县": [503, None, 503, None]}
    assert figures(table, RowKind.TOTAL) == {"和水地区": [733, None, 733, None]}
    assert table.columns[3].role is ColumnRole.NOTE
    assert table.rows[1].cells[3].printed == "统筹整合"

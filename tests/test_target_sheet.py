"""Target sheets: true places of shifted rows, printed words kept, other layouts, limits among the targets."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from data.model import Deadline, Line, Severity
from data.notice.document import Document
from data.notice.files import open_document
from data.notice.target_sheet import SheetReading, deadlines_of, read_target_sheet

NOTICES = Path(__file__).parent / "notices"
FOUNDING = json.loads((NOTICES / "founding" / "expected.json").read_text(encoding="utf-8"))


def reading_of(text: str) -> SheetReading:
    lines = tuple(Line(no, words, f"第{no}行") for no, words in enumerate(text.strip("\n").split("\n"), start=1))
    return read_target_sheet(Document("通知.txt", "0" * 64, lines))


def table(text: str) -> list[tuple[str, str, str, str]]:
    sheet = reading_of(text).sheet
    return [(row.dimension, row.measure, row.name, row.target_text) for row in sheet.rows]


@pytest.fixture(scope="module")
def founding() -> SheetReading:
    return read_target_sheet(open_document(NOTICES / "founding" / "notice.txt"))


@pytest.mark.parametrize("expected", FOUNDING["targets"], ids=lambda row: f"{row['no']}")
def test_founding_indicator_in_its_true_place(founding, expected):
    row = founding.sheet.rows[expected["no"] - 1]

    assert (row.indicator_no, row.line_no, row.dimension, row.measure, row.printed_name, row.target_text) == tuple(
        expected[key] for key in ("no", "line", "level1", "level2", "indicator", "target_text"))


def test_founding_has_no_indicator_more(founding):
    assert len(founding.sheet.rows) == 20


def test_founding_head(founding):
    sheet, expected = founding.sheet, FOUNDING["target_table"]

    assert (sheet.title, sheet.year, sheet.region, sheet.project) == (
        expected["title"], 2021, "巴州", "困难群众救助补助资金")
    assert dict(sheet.head)["省级主管部门"] == expected["provincial_department"]
    assert sheet.annual_amount_yuan == sheet.central_subsidy_yuan == Decimal(202_510_000)
    assert sheet.local_subsidy_yuan is None
    assert sheet.annual_amount_line_no == 76
    assert len(sheet.objectives) == 6
    assert sheet.objectives[1] == "2. 统筹城乡特困人员救助供养工作,合理确定保障标准。"


def test_founding_says_what_was_shifted_and_damaged(founding):
    found = [(finding.code, finding.line_no, finding.severity) for finding in founding.findings]

    assert found == [
        ("name-cut", 89, Severity.WARNING),
        *[("cells-shifted", line_no, Severity.REPAIRED) for line_no in (93, 94, 97)],
        ("measure-damaged", 98, Severity.REPAIRED),
        *[("cells-shifted", line_no, Severity.REPAIRED) for line_no in (98, 99, 100)],
    ]


def test_founding_limit(founding):
    assert deadlines_of(founding.sheet) == (Deadline(
        what="将调整中央财政困难群众救助补助资金指标信息全部导入监控系统",
        counted_from="收到自治区财政调整资金文件", printed="收到自治区财政调整资金文件3个工作日内",
        line_no=91, working_days=3),)


HEAD = "绩效指标\t一级指标\t二级指标\t三级指标\t指标值\n"


def test_a_row_shifted_anywhere_goes_by_its_words():
    rows = table("区域绩效目标表\n" + HEAD + """
\t产出指标\t数量指标\t救助人次\t≥500人次
\t质量指标\t认定准确率\t≥95%
\t满意度指标\t服务对象满意度指标\t群众满意度\t≥90%
社会效益指标\t生活水平\t有所提升
""".lstrip("\n"))

    assert rows == [
        ("产出指标", "数量指标", "救助人次", "≥500人次"),
        ("产出指标", "质量指标", "认定准确率", "≥95%"),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"),
        ("效益指标", "社会效益指标", "生活水平", "有所提升"),   # its own 一级指标 was not printed
    ]


def test_cost_is_a_dimension_above_a_cost_measure_and_a_measure_alone():
    assert table("区域绩效目标表\n" + HEAD + """
\t产出指标\t数量指标\t救助人次\t≥500人次
\t\t成本指标\t低保资金社会化发放率\t≥90%
\t成本指标\t经济成本指标\t救助标准\t≥800元/月
""".lstrip("\n"))[1:] == [
        ("产出指标", "成本指标", "低保资金社会化发放率", "≥90%"),
        ("成本指标", "经济成本指标", "救助标准", "≥800元/月"),
    ]


def test_satisfaction_names_are_no_measures():
    assert table("区域绩效目标表\n" + HEAD + """
\t满意度指标\t服务对象满意度指标\t救助对象满意度\t≥90%
\t\t\t社会公众满意度\t≥85%
""".lstrip("\n")) == [
        ("满意度指标", "服务对象满意度指标", "救助对象满意度", "≥90%"),
        ("满意度指标", "服务对象满意度指标", "社会公众满意度", "≥85%"),
    ]


def test_sign_value_unit_and_weight_in_columns_of_their_own():
    sheet = reading_of("""
项目绩效目标表
一级指标\t二级指标\t三级指标\t绩效指标性质\t绩效指标值\t绩效度量单位\t权重
产出指标\t数量指标\t救助人次\t≥\t500\t人次\t20
\t时效指标\t发放及时性\t定性\t及时\t\t10
""").sheet

    assert [(row.target_text, row.weight_text) for row in sheet.rows] == [("≥500人次", "20"), ("及时", "10")]


def test_piped_rows():
    sheet = reading_of("""
| 区域绩效目标表 |
| (2023年度) |
| 项目名称 | 困难群众救助补助资金 |
| 省级财政部门 | 省财政厅 | 省级主管部门 | 省民政厅 |
| 资金情况(万元) | 年度金额: | 1,200.50 |
| 其中:中央补助 | 1000 |
| 地方补助 | 200.5 |
| 年度总体目标 | 规范低保政策实施。 |
| 绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标值 |
| 产出指标 | 数量指标 | 低保对象人数 | 应保尽保 |
| 临时救助人次 | ≥1200人次 |
| 时效指标 | 资金下达时间 | 收到文件后30日内 |
""").sheet

    assert [(row.measure, row.name) for row in sheet.rows] == [
        ("数量指标", "低保对象人数"), ("数量指标", "临时救助人次"), ("时效指标", "资金下达时间")]
    assert (sheet.year, sheet.annual_amount_yuan, sheet.local_subsidy_yuan) == (
        2023, Decimal(12_005_000), Decimal(2_005_000))
    assert [(d.counted_from, d.calendar_days, d.working_days) for d in deadlines_of(sheet)] == [
        ("收到文件", 30, None)]


def test_one_cell_a_line_with_level_words_on_two_lines():
    assert table("""
项目支出绩效目标表
项目名称
孤儿助学项目
年度总体目标
保障孤儿完成学业，按季发放助学金。
绩效指标

一级
指标

二级指标

三级指标

指标值

产出指标

数量指标

孤儿助学人数

应助尽助

效益指标

社会效益
指标

就学水平情况

有所提升

满意度指标

服务对象
满意度指标

政策知晓率

≥90%
""") == [
        ("产出指标", "数量指标", "孤儿助学人数", "应助尽助"),
        ("效益指标", "社会效益指标", "就学水平情况", "有所提升"),
        ("满意度指标", "服务对象满意度指标", "政策知晓率", "≥90%"),
    ]


def test_two_panels_keep_the_years_value_and_the_medium_term_one():
    reading = read_target_sheet(open_document(NOTICES / "field" / "22" / "notice.txt"))
    expected = json.loads((NOTICES / "field" / "22" / "expected.json").read_text(encoding="utf-8"))["targets"]

    assert [(r.dimension, r.measure, r.name, r.target_text, r.medium_term_target_text) for r in reading.sheet.rows
            ] == [tuple(row[key] for key in ("level1", "level2", "indicator", "target_text",
                                             "target_text_medium_term")) for row in expected]
    assert reading.sheet.is_cut_off
    assert [finding.code for finding in reading.findings] == ["text-cut-off"]


def test_a_sheet_that_ends_in_its_head_is_none():
    assert read_target_sheet(open_document(NOTICES / "field" / "20" / "notice.txt")).sheet is None


def test_a_missing_target_is_said():
    reading = reading_of("区域绩效目标表\n" + HEAD + "\t产出指标\t数量指标\t救助人次\n\t\t\t低保人数\t应保尽保\n")

    assert [(row.measure, row.name, row.target_text) for row in reading.sheet.rows] == [
        ("数量指标", "救助人次", ""), ("数量指标", "低保人数", "应保尽保")]
    assert [finding.code for finding in reading.findings] == ["target-missing"]

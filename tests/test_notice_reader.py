"""The whole notice: head, tables, sheet and limits put together, and its JSON."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from notice_builders import as_docx, as_xls, as_xlsx, founding_blocks

from data.files import check_bytes
from data.model import Line
from data.notice.as_json import notice_as_json, number
from data.notice.document import Document
from data.notice.files import parse_document
from data.notice.reader import assemble, read_notice

NOTICES = Path(__file__).parent / "notices"
FIELD = sorted(path.name for path in (NOTICES / "field").iterdir())
COMPARED = (
    "document_number", "title_normalised", "issuer", "issue_date", "print_date", "fund_name", "amount_wan",
    "amount_in_body_wan", "unit_of_table", "income_account", "expenditure_account", "direct_fund_marker",
    "amount_column", "allocation_total", "cites",
)


def document(text: str) -> Document:
    lines = tuple(Line(no, words, f"第{no}行") for no, words in enumerate(text.strip("\n").split("\n"), start=1))
    return Document("通知.txt", "0" * 64, lines)


def truth(folder: str) -> dict:
    return json.loads((NOTICES / folder / "expected.json").read_text(encoding="utf-8"))


def as_read(folder: str) -> dict:
    return notice_as_json(read_notice(NOTICES / folder / "notice.txt"))


def test_the_founding_notice_field_by_field():
    expected, read = truth("founding"), as_read("founding")

    assert {key: read[key] for key in COMPARED if key in expected} == {
        key: expected[key] for key in COMPARED if key in expected}
    assert read["title"] == expected["title"]
    assert read["deadlines"] == [{
        "what": "将调整中央财政困难群众救助补助资金指标信息全部导入监控系统", "working_days": 3,
        "from": "收到自治区财政调整资金文件", "raw": "收到自治区财政调整资金文件3个工作日内", "line": 91}]
    assert [(row["region"], row["columns"]) for row in read["allocations"]] == [
        (row["region"], row["columns"]) for row in expected["allocations"]]
    assert read["total_row"] == {**expected["total_row"], "line": 55}
    assert read["allocation_table"]["groups"] == [
        {"document": group["document"], "stated_total": group["stated_total"]}
        for group in expected["allocation_table"]["groups"]]
    assert [(row["no"], row["line"], row["level1"], row["level2"], row["indicator"], row["target_text"])
            for row in read["targets"]] == [
        (row["no"], row["line"], row["level1"], row["level2"], row["indicator"], row["target_text"])
        for row in expected["targets"]]
    assert {key: read["target_table"][key] for key in expected["target_table"]} == expected["target_table"]


def test_the_blank_amount_of_the_founding_body_is_that_of_its_table():
    notice = read_notice(NOTICES / "founding" / "notice.txt")

    assert notice.is_body_amount_blank
    assert notice.amount_yuan.value == Decimal(202_510_000)
    assert (notice.amount_yuan.printed, notice.amount_yuan.line_no) == ("20251", 55)
    assert [finding.code for finding in notice.findings].count("blank-amount") == 1


@pytest.mark.parametrize(("name", "content"), [
    ("通知.docx", as_docx(founding_blocks())),
    ("通知.xlsx", as_xlsx(founding_blocks())),
    ("通知.xls", as_xls(founding_blocks())),
    ("通知.pdf", (NOTICES / "founding.pdf").read_bytes()),
])
def test_every_format_reads_the_same(name, content):
    expected = as_read("founding")

    read = notice_as_json(assemble(parse_document(check_bytes(content, name))))

    assert {key: read[key] for key in COMPARED} == {key: expected[key] for key in COMPARED}
    assert [(row["region"], row["parent"], row["columns"]) for row in read["allocations"]] == [
        (row["region"], row["parent"], row["columns"]) for row in expected["allocations"]]
    assert read["allocation_table"]["roles"] == expected["allocation_table"]["roles"]
    assert [(row["level1"], row["level2"], row["name"], row["target_text"]) for row in read["targets"]] == [
        (row["level1"], row["level2"], row["name"], row["target_text"]) for row in expected["targets"]]


@pytest.mark.parametrize("name", FIELD)
def test_tables_and_targets_of_the_field_in_json(name):
    expected, read = truth(f"field/{name}"), as_read(f"field/{name}")

    rows, targets = expected["allocations"], expected["targets"]
    assert [row["region"] for row in read["allocations"] or []] == [row["region"] for row in rows or []]
    assert (read["allocations"] is None) == (rows is None)
    assert [(row["indicator"], row["target_text"]) for row in read["targets"] or []] == [
        (row["indicator"], row["target_text"]) for row in targets or []]
    assert (read["targets"] is None) == (targets is None)
    assert read["allocation_total"] == expected["allocation_total"]
    assert read.get("table_totals") == expected.get("table_totals")
    json.dumps(read, allow_nan=False)


def test_amounts_in_json_are_wan_whatever_the_table_prints():
    read = as_read("field/16")

    assert read["allocations"][0]["columns"]["共计"] == 54049
    assert read["allocations"][0]["amount_wan"] == 5.4049
    assert as_read("field/18")["allocations"][0]["amount_wan"] == 19800   # 1.98 亿元


@pytest.mark.parametrize(("value", "shown"), [
    (Decimal("20251.0000"), 20251), (Decimal("76.6725"), 76.6725), (Decimal("0"), 0), (Decimal("-530"), -530),
    (None, None)])
def test_numbers_in_json(value, shown):
    assert number(value) == shown
    assert type(number(value)) is type(shown)


def test_a_total_over_all_receivers_is_not_the_amount_of_a_paper_that_leaves_it_out():
    notice = assemble(document("""
关于下达2022年救助资金的通知
财社〔2022〕8号
下达你省2022年救助资金（金额详见附件）。
2022年救助资金分配表
单位：万元
地区\t金额
合计\t300
甲省\t200
乙省\t100
"""))

    assert notice.amount_yuan is None
    assert notice.unit.value == "万元"


def test_two_tables_state_no_common_total():
    read = as_read("field/14")

    assert (read["amount_wan"], read["allocation_total"], read["total_row"]["columns"]) == (None, None, {"金额": 300})
    assert [row["table"] for row in read["allocations"]] == [1, 1, 1, 2, 2, 2]


def test_a_table_announced_but_cut_off_is_said():
    notice = read_notice(NOTICES / "field" / "42" / "notice.txt")

    assert notice.allocation_tables == ()
    assert [finding.code for finding in notice.findings] == ["text-cut-off"]


def test_a_task_in_a_sentence_is_a_target_where_there_is_no_sheet():
    notice = assemble(document("下达资金5万元，用于补助造林任务300亩，请及时拨付。"))

    assert [(row.name, row.target_text, row.dimension) for row in notice.target_sheet.rows] == [
        ("补助造林任务", "300亩", "")]


def test_findings_stand_in_the_order_of_the_paper():
    lines = [finding.line_no for finding in read_notice(NOTICES / "founding" / "notice.txt").findings]

    assert lines == sorted(lines)


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.8, 0.95])
def test_a_notice_cut_anywhere_is_still_read(share):
    for name in [*(f"field/{name}" for name in FIELD), "founding"]:
        text = (NOTICES / name / "notice.txt").read_text(encoding="utf-8")
        read = notice_as_json(assemble(document(text[: int(len(text) * share)])))
        assert set(read) >= {"allocations", "targets", "findings"}


def test_a_title_over_two_lines_is_printed_as_one(tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text(
        "某市财政局文件\n\n某财农〔2020〕7号\n\n关于下达2020年第一批\n造林补贴资金的通知\n\n各县财政局：\n"
        "下达你县资金30万元。\n\n某市财政局\n2020年3月5日\n", encoding="utf-8",
    )

    assert notice_as_json(read_notice(path))["title"] == "关于下达2020年第一批造林补贴资金的通知"

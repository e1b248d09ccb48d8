"""公文报表: every figure of what is handed out is the screen's, in Word and in Excel, for every unit."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from builders import (
    FOUNDING,
    NUMBER,
    OFFICER,
    OPENED_AT,
    REGION,
    REVIEWING,
    ROUND,
    UNITS,
    demo_store,
    entry,
    opened_store,
    publish,
    published_store,
    rows,
    submit,
    upload,
)
from docx.table import Table
from inquiry_builders import WAYS, answer, ask, newest_step
from inquiry_builders import order as order_rectification_of
from issued_builders import (
    DAY,
    DEMONSTRATION,
    OWN,
    SCOPE,
    all_words,
    facts,
    facts_of,
    grid,
    opened,
    order,
    pieces,
    sheets,
)

from dashboard import labels
from dashboard.actions.inquiry_steps import record_ladder_act
from dashboard.actions.targets import TargetPlan, decompose_targets
from dashboard.papers import assessment, circular, inquiries, monitoring, self_report, unit_notice
from dashboard.papers.catalogue import KINDS, compose, write
from dashboard.papers.content import DEMONSTRATION as MARK
from dashboard.papers.content import Cell, Paper, Paragraph
from dashboard.papers.content import Table as PaperTable
from dashboard.papers.facts import Facts
from dashboard.papers.word import write_word
from dashboard.papers.workbook import figure, write_workbook
from data.errors import RefusedError
from data.store import Store
from metrics.boards import allocation, deviation, duties, region, reviews, standing, trend
from metrics.inquiries import ANSWERED, AWAITING_ANSWER, CLOSED, RECHECKING, RECTIFYING, REFERRED, STATE_WORDS

SCOPED = [name for name, kind in KINDS.items() if kind.about != "inquiry"]
OF_UNIT = [name for name, kind in KINDS.items() if kind.about == "unit"]


def paper_of(name: str, unit: str = "") -> Paper:
    return compose(facts(), order(name, unit if KINDS[name].about == "unit" else ""))


def every_paper() -> list[tuple[str, str]]:
    return [(name, unit) for name in SCOPED for unit in (UNITS if KINDS[name].about == "unit" else ("",))]


@cache
def three_scores(unit: str) -> dict[int, dict]:
    """The rows of the page 复核评分 for one unit, by indicator: another board than the paper's own."""
    table = board(reviews.three_scores)
    return {int(row["indicator_no"]): row for row in table[table["recipient_id"] == unit].to_dict("records")}


@cache
def board(function: Callable[..., Any], *more: Any) -> Any:
    """What a board of the demonstration says, read once for all tests."""
    return function(demo_store(), SCOPE, *more)


@cache
def word(name: str, unit: str = "") -> bytes:
    """A paper of the demonstration as Word, written once for all tests."""
    return write(paper_of(name, unit), "docx")


def indicator_rows(content: bytes) -> dict[int, list[str]]:
    """The rows of the indicators by their number, each from its name on."""
    found = {}
    for table in pieces(content):
        for row in grid(table) if isinstance(table, Table) else ():
            place = next((n for n, cell in enumerate(row) if re.match(r"\d+\.\D", cell)), None)
            if place is not None and len(row) > place + 3:
                found[int(row[place].split(".")[0])] = row[place:]
    return found


# --- figures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS)
def test_every_indicator_of_a_units_table_is_that_of_the_screen(unit):
    content = word("unit-assessment", unit)
    read = indicator_rows(content)
    own = three_scores(unit)

    assert sorted(read) == list(range(1, 21))
    for number, (name, target, _, weight, score, *_) in read.items():
        row = own[number]
        assert name == f"{number}.{row['indicator_name']}"
        assert target == row["target_text"]
        assert weight == labels.points(row["weight_micro"])
        assert score == labels.points(row["final_micro"], row["weight_micro"])


@pytest.mark.parametrize("unit", UNITS)
def test_what_a_unit_reached_is_in_the_words_of_the_screens_sentence(unit):
    read = indicator_rows(word("unit-assessment", unit))

    for number, (_, _, actual, *_) in read.items():
        row = three_scores(unit)[number]
        state = labels.SCORE_MARKS[row["state"]].word
        if pd.isna(row["score_micro"]):
            assert state in actual
        else:
            assert actual in row["explanation"], number


@pytest.mark.parametrize("unit", UNITS)
def test_a_units_money_and_total_are_those_of_the_screen(unit):
    content = word("unit-assessment", unit)
    first, second = (grid(table) for table in pieces(content) if isinstance(table, Table))
    totals = board(region.unit_totals).set_index("recipient_id").loc[unit]
    money = allocation.units(demo_store(), NUMBER).set_index("recipient_id").loc[unit]
    effect = board(standing.unit_effects).set_index("recipient_id").loc[unit]

    (row,) = (row for row in first if row[0] == "年度资金总额")
    paid = "未填报" if pd.isna(effect["paid_yuan"]) else labels.wan(effect["paid_yuan"])
    assert row[1:] == [
        labels.wan(money["before_yuan"]), labels.wan(money["after_yuan"]), paid, "10.00",
        labels.percent(effect["execution_rate"]),
        labels.points(totals["execution_score_micro"], totals["execution_weight_micro"]),
    ]
    (central,) = (row for row in first if row[0] == "其中：中央\n财政资金")
    assert central[1:4] == row[1:4]     # the total is the sum of its parts
    name, weight, score, words = second[-1]
    assert (name, weight, score) == (
        "总分", labels.points(totals["total_weight_micro"]), labels.points(totals["total_score_micro"])
    )
    assert labels.points(totals["total_scored_weight_micro"]) in words
    rated = labels.GRADE_WORDS.get(totals["grade"])
    assert (f"等级{rated}" if rated else "不评等级") in words


@pytest.mark.parametrize(("name", "unit"), [pair for pair in every_paper() if KINDS[pair[0]].has_workbook])
def test_excel_holds_the_very_cells_of_word_and_its_figures_are_numbers(name, unit):
    paper = paper_of(name, unit)
    read = [row for sheet in sheets(write(paper, "xlsx")) for row in sheet.iter_rows()]
    cells = {cell.value for row in read for cell in row if isinstance(cell.value, str)}
    amounts = [(cell.value, cell.number_format) for row in read for cell in row if isinstance(cell.value, int | float)]

    wanted = [cell for table in paper.tables for *_, cell in table.placed()]
    assert {cell.text for cell in wanted if cell.text and not (cell.is_figure and figure(cell.text))} <= cells
    figures = sorted(figure(cell.text) for cell in wanted if cell.is_figure and figure(cell.text))
    assert [(pytest.approx(number), form) for number, form in figures] == sorted(amounts)
    assert all(cell.data_type != "f" for row in read for cell in row)


@pytest.mark.parametrize("unit", UNITS)
def test_numbers_of_a_units_sheet_are_the_boards_own(unit):
    """Not by way of their words: 万元 to the fen of the screen, rates as shares, points as points."""
    (sheet,) = sheets(write(paper_of("unit-assessment", unit), "xlsx"))
    rows = {str(row[1].value): [cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()}
    money = allocation.units(demo_store(), NUMBER).set_index("recipient_id").loc[unit]
    effect = board(standing.unit_effects).set_index("recipient_id").loc[unit]

    before, after, paid, weight, rate, score = rows["年度资金总额"][-6:]
    assert before == pytest.approx(money["before_yuan"] / 10_000)
    assert after == pytest.approx(money["after_yuan"] / 10_000)
    if pd.isna(effect["paid_yuan"]):
        assert (paid, rate, score) == ("未填报", "—", "—")
    else:
        assert paid == pytest.approx(effect["paid_yuan"] / 10_000)
        assert 0 <= effect["execution_rate"] - rate < 0.001     # floored to a tenth of a percent, as on the screen
    assert weight == 10


def test_the_regions_table_is_the_page_of_the_region():
    content = word("region-assessment")
    read = indicator_rows(content)
    scores = region.region_scores(demo_store(), SCOPE, DEMONSTRATION.region_code).set_index("indicator_no")
    total = region.region_total(demo_store(), SCOPE, DEMONSTRATION.region_code)

    assert sorted(read) == list(scores.index)
    for number, (_, target, actual, weight, score, *_) in read.items():
        row = scores.loc[number]
        assert target == row["target_text"]
        assert weight == labels.points(row["weight_micro"])
        assert score == labels.points(row["score_micro"], row["weight_micro"])
        assert row["score_micro"] is None or actual in row["sentence"]
    words = all_words(content)
    assert f"{labels.wan(total.paid_yuan)}÷{labels.wan(total.base_yuan)}" in words
    assert labels.percent(total.execution_rate) in words
    assert all(name in words for name in total.silent_names)


@pytest.mark.parametrize("unit", UNITS)
def test_a_report_says_each_indicator_in_the_screens_sentence_and_every_gap_by_name(unit):
    words = all_words(word("unit-report", unit))

    assert len(three_scores(unit)) == 20
    assert [row["explanation"] for row in three_scores(unit).values() if row["explanation"] not in words] == []
    for chapter in ("一、绩效目标分解下达情况", "二、绩效目标完成情况分析", "三、偏离绩效目标的原因和下一步改进措施",
                    "四、绩效自评结果应用和公开情况"):
        assert f"\n{chapter}\n" in f"\n{words}\n"
    assert "（请补写：资金实际到位金额、到位时间和到位率）" in words


def test_what_nobody_explained_is_a_gap_and_what_somebody_did_is_their_word():
    ranked = board(deviation.ranking)
    for unit in ("hejing", "yanqi", "qiemo"):
        words = all_words(word("unit-report", unit))
        for row in ranked[ranked["recipient_id"] == unit].to_dict("records"):
            said = row["deviation_reason"] or "（请补写：偏差原因）"
            assert f"偏差原因：{said}" in words


def test_the_circular_ranks_as_the_region_page_and_names_who_is_late():
    content = word("circular")
    words = all_words(content)
    totals = board(region.unit_totals)
    (table,) = (grid(table) for table in pieces(content) if isinstance(table, Table) and len(table.rows) == 13)
    clocks = board(standing.unit_clocks, REGION).set_index("recipient_id")
    ranked = board(deviation.ranking)

    assert [row[1] for row in table[1:]] == list(totals["recipient_name"])
    for row, unit in zip(table[1:], totals.to_dict("records"), strict=True):
        own, clock = ranked[ranked["recipient_id"] == unit["recipient_id"]], clocks.loc[unit["recipient_id"]]
        assert row[4] == labels.wan(unit["after_yuan"])
        assert row[5] == ("未填报" if unit["paid_yuan"] is None else labels.wan(unit["paid_yuan"]))
        assert (row[7], row[8]) == (str(len(own)), labels.points(own["lost_micro"].sum()))
        assert row[9] == labels.marked(labels.CLOCK_MARKS, clock["clock_state"])
        assert row[10] == ("—" if pd.isna(clock["late_days"]) else str(int(clock["late_days"])))
    late = board(duties.late_table, REGION)
    for row in late[(late["duty_kind"] == "import") & late["is_counted"]].to_dict("records"):
        assert f"{row['recipient_name']}：应于" in words
        assert f"逾期 {int(row['late_days'])} 个工作日" in words
    assert "若羌县应于2021年12月27日前填报，至今没有填报。" in words
    assert "焉耆回族自治县的填报被退回，还没有更正后重新报送。" in words
    assert "库尔勒市、尉犁县、和硕县等 3 个单位按期完成指标导入和数据填报，予以表扬。" in words


def test_a_circular_never_praises_who_is_late_or_was_sent_back():
    praised = next(iter(circular._praised(facts())))
    late = board(duties.late_table, REGION)["recipient_name"]

    assert not [name for name in (*late, "焉耆回族自治县", "若羌县") if name in praised]


def test_of_two_units_of_one_name_only_the_one_that_did_it_is_praised_and_each_signs_its_own_report():
    twins = Facts(demo_store(), SCOPE, DEMONSTRATION, OFFICER)
    units = facts().units.copy()
    units.loc[units["recipient_id"].isin(("kuerle", "ruoqiang")), "recipient_name"] = "城关镇"
    units.loc[units["recipient_id"] == "kuerle", "recipient_kind"] = "institution"
    twins.__dict__["units"] = units     # as if read

    assert next(iter(circular._praised(twins))).startswith("城关镇、尉犁县、和硕县等 3 个单位")
    signed = [self_report.unit_report(twins, unit).sender for unit in ("kuerle", "ruoqiang")]
    assert signed == ["城关镇", "城关镇（请补写：填报部门）"]


@pytest.mark.parametrize("round_id", ["2021-09", "2021-12"])
def test_a_monitoring_table_tells_the_forecasts_of_the_screen(round_id):
    of_round = Facts(demo_store(), replace(SCOPE, round_id=round_id), DEMONSTRATION, OFFICER)
    told = trend.year_end(demo_store(), of_round.scope).table
    told = told[told["recipient_id"] == "hejing"].set_index("indicator_no")
    read = indicator_rows(write(monitoring.unit_table(of_round, "hejing"), "docx"))

    assert sorted(read) == list(range(1, 21))
    for number, (*_, expected, _) in read.items():
        row = told.loc[number]
        if row["reason"]:
            assert expected == f"不推算：{row['reason']}"
        else:
            word = "达不到" if row["will_miss"] else "有风险" if row["is_at_risk"] else "预计达标"
            assert expected == f"{word}：{row['sentence']}"


def test_the_regions_monitoring_table_adds_up_only_what_was_reported():
    content = word("region-monitoring")
    (table,) = (grid(table) for table in pieces(content) if isinstance(table, Table))
    effects = board(standing.unit_effects)

    assert [row[1] for row in table[1:-1]] == list(effects["recipient_name"])
    paid = [Decimal(row[3].replace(",", "")) for row in table[1:-1] if row[3] != "未填报"]
    assert len(paid) == 11
    assert Decimal(table[-1][2].replace(",", "")) == sum(paid)
    assert table[-1][-1] == "未填报：若羌县"


# --- a notice for one unit -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("unit", UNITS)
def test_the_blank_of_the_notice_holds_the_units_own_amount(unit):
    content = word("unit-notice", unit)
    after = allocation.units(demo_store(), NUMBER).set_index("recipient_id").loc[unit, "after_yuan"]

    (body,) = (p for p in opened(content).paragraphs if "现将有关事项通知如下" in p.text)
    assert f"调整后当年实际安排补助资金 {labels.wan(after)} 万元。" in body.text
    assert [run.text for run in body.runs if run.font.underline] == [f" {labels.wan(after)} "]


@pytest.mark.parametrize("unit", UNITS)
def test_the_annex_has_the_units_row_as_printed_and_nobody_elses(unit):
    content = word("unit-notice", unit)
    units = allocation.units(demo_store(), NUMBER)
    own = units.set_index("recipient_id").loc[unit]
    lines = {row["line_no"]: row["line_text"] for row in facts().lines.to_dict("records")}
    printed = lines[own["line_no"]].split("\t")

    table = next(grid(table) for table in pieces(content) if isinstance(table, Table) and len(table.columns) == 10)
    assert [cell.replace(",", "") for cell in table[-1][1:]] == printed[-9:]
    words = all_words(content)
    others = set(units["recipient_name"]) - {own["recipient_name"]}
    assert not [name for name in others if name in words]


def test_a_broken_line_of_the_paper_goes_on_in_its_paragraph():
    words = all_words(word("unit-notice", "luntai"))

    assert "（含农村留守儿童、困境儿童、流浪乞讨儿童的应急处置" in words
    assert "按照《关于转发<中央财政困难群众救助补助资金管理办法>的通知》" in words
    assert "\n二、此项资金纳入直达资金管理" in words
    assert "---" not in words and "#" not in words
    assert "\n巴财社〔2021〕96号\n" in f"\n{words}\n"
    assert "抄送：巴州民政局、本局预算科、国库科。" in words
    assert "建立社会救助家庭经济状况核对机制的县(市、区)比例" in words     # as corrected, not as printed


@pytest.mark.parametrize(
    ("blank", "filled"),
    [
        ("补助资金＿＿＿＿万元", "补助资金 2,939 万元"),
        ("补助资金□□□万元", "补助资金 2,939 万元"),
        ("补助资金    元", None),
        ("补助资金20251万元", None),
    ],
)
def test_a_blank_is_found_by_its_shape_and_said_where_there_is_none(tmp_path, blank, filled):
    store = Store(tmp_path / "s.duckdb")
    text, count = re.subn(r"补助资金\s{4,}万元", blank, FOUNDING)
    assert count == 1
    publish(store, text.encode())
    paper = unit_notice.unit_notice(facts_of(store), "luntai")
    words = all_words(write_word(paper))

    if filled:
        assert filled in words and "原文为空白" in words
    else:
        assert "正文没有留空的金额，没有填入任何数" in words
        assert not any(isinstance(block, Paragraph) and block.filled for block in paper.blocks)
    store.close()


@pytest.mark.parametrize(
    ("blank", "amount", "filled"),
    [
        ("补助资金   元", Decimal("1234567.89"), "补助资金 1,234,567.89 元"),
        ("补助资金   元", 1234567.5, "补助资金 1,234,567.50 元"),
        ("补助资金   元", Decimal("29390000.00"), "补助资金 29,390,000 元"),
        ("补助资金   万元", Decimal("1234567.89"), "补助资金 123.46 万元"),
    ],
)
def test_an_amount_in_yuan_is_printed_to_the_fen(blank, amount, filled):
    held = Facts(demo_store(), SCOPE, DEMONSTRATION, OFFICER)
    held.__dict__.update(
        findings=pd.DataFrame([{"finding_code": unit_notice.BLANK_CODE, "line_no": 3, "printed_text": blank}]),
        lines=pd.DataFrame({"line_no": [1, 3], "line_text": ["标题", f"现下达{blank}，请查收。"]}),
        fields={"title": 1}, notice_end=10,
    )

    (paragraph,) = unit_notice.fill(held, amount).paragraphs
    assert filled in paragraph


def test_a_units_own_target_stands_in_its_sheet_and_in_no_other(tmp_path):
    store = opened_store(tmp_path)
    decompose_targets(store, OFFICER, OPENED_AT, TargetPlan(
        NUMBER, {(4, "luntai"): "≥96%"}, DAY.replace(day=22), "分解", "批复",
    ), REGION)

    made = facts_of(store)
    luntai, bohu = (all_words(write_word(unit_notice.unit_notice(made, unit))) for unit in ("luntai", "bohu"))
    assert "≥96%" in luntai and "≥96%" not in bohu
    assert "为单独给本单位定的目标" in luntai
    store.close()


# --- what no paper may do ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "unit"), [(name, "luntai" if name in OF_UNIT else "") for name in SCOPED])
def test_a_demonstration_is_marked_on_every_page_and_a_bureaus_paper_is_not(name, unit):
    paper = compose(facts(), order(name, unit))
    document = opened(write_word(paper))

    assert len({section.header.is_linked_to_previous for section in document.sections[1:]} | {True}) == 1
    for header in (document.sections[0].header, document.sections[0].even_page_header):
        assert MARK in "".join(p.text for p in header.paragraphs)
    assert document.settings.odd_and_even_pages_header_footer
    own = compose(facts_of(demo_store(), round_id=ROUND), order(name, unit))
    assert MARK not in "".join(p.text for p in opened(write_word(own)).sections[0].header.paragraphs)
    if KINDS[name].has_workbook:
        for sheet in sheets(write_workbook(paper)):
            assert MARK in sheet.oddHeader.center.text
            assert any(MARK in str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row)


@pytest.mark.parametrize(("name", "unit"), [(name, "luntai" if name in OF_UNIT else "") for name in SCOPED])
def test_no_paper_invents_a_number_a_day_or_a_person(name, unit):
    words = all_words(word(name, unit))

    known = {NUMBER, "巴财社〔2021〕3号", "巴财社〔2021〕40号", "新财社〔2017〕160号", "新财社〔2021〕156号"}
    assert re.search(r"(?<!财社)〔\d{4}〕\s*\d", words) is None
    numbers_said = set(re.findall(r"(?:巴|新)财社〔\d{4}〕\s*\d+\s*号", words))
    assert {found.replace(" ", "") for found in numbers_said} <= {*known, "新财社〔2021〕292号"}
    assert "演示填报人" not in words and "演示·" not in words
    assert "问责" not in words.replace("花钱必问效、无效必问责", "")


def test_the_same_facts_give_the_same_bytes_and_others_do_not():
    for name, form in (("unit-assessment", "docx"), ("unit-assessment", "xlsx"), ("circular", "docx")):
        unit = "luntai" if name in OF_UNIT else ""
        first, again = (write(compose(Facts(demo_store(), SCOPE, DEMONSTRATION, OFFICER), order(name, unit)), form)
                        for _ in range(2))
        assert first == again
        earlier = Facts(demo_store(), replace(SCOPE, as_of_on=DAY.replace(day=27)), DEMONSTRATION, OFFICER)
        assert write(compose(earlier, order(name, unit)), form) != first


def test_typed_words_are_words_and_hide_numbers_of_persons(tmp_path):
    store = opened_store(tmp_path)
    typed = '=HYPERLINK("http://x","y")\x02 见 652801195001018006'
    submit(store, upload(entry(4, numerator=10, denominator=100, deviation_reason=typed, improvement_measure="+1"),
                         paid_wan=100))
    made = Facts(store, SCOPE, OWN, OFFICER)
    paper = assessment.unit_table(made, "luntai")

    book = sheets(write_workbook(paper))
    (cell,) = (cell for row in book.worksheets[0].iter_rows() for cell in row if "HYPERLINK" in str(cell.value))
    assert cell.data_type == "s"
    words = all_words(write_word(paper)) + all_words(write_word(self_report.unit_report(made, "luntai")))
    assert "=HYPERLINK" in words and "652801195001018006" not in words and "\x02" not in words
    store.close()


def test_without_a_round_there_is_only_the_notice(tmp_path):
    store = published_store(tmp_path)
    for name in SCOPED:
        asked = order(name, "luntai" if name in OF_UNIT else "", round_id="")
        if KINDS[name].needs_round:
            with pytest.raises(RefusedError, match="填报轮次"):
                compose(facts_of(store), asked)
        else:
            assert compose(facts_of(store), asked).blocks
    store.close()


def test_nothing_reported_is_said_and_never_zero(tmp_path):
    store = opened_store(tmp_path)
    made = Facts(store, SCOPE, OWN, OFFICER)

    unit = all_words(write_word(assessment.unit_table(made, "luntai")))
    whole = all_words(write_word(circular.circular(made)))
    assert "未填报" in unit and "\t0.0%" not in unit
    assert "0 个单位已填报支付数。" in whole and "执行率" not in whole.split("二、按期办理")[0]
    assert all_words(write_word(assessment.region_table(made)))
    assert all_words(write_word(self_report.region_report(made)))
    assert all_words(write_word(monitoring.region_table(made)))
    store.close()


def test_a_rate_over_the_whole_is_not_printed_without_its_reason(tmp_path):
    with closing(opened_store(tmp_path)) as store:
        submit(store, upload(entry(4, numerator=9, denominator=10), paid_wan=3000))
        asked = [order(name, "luntai") for name in ("unit-assessment", "unit-report", "unit-monitoring")]
        asked += [order(name) for name in ("circular", "region-assessment", "region-report", "region-monitoring")]
        made = Facts(store, SCOPE, OWN, OFFICER)
        printed = {paper.paper: all_words(write(compose(made, paper), "docx")) for paper in asked}

    for name, words in printed.items():
        assert labels.OVER_UNEXPLAINED in words and "102.0%" not in words, name


# --- 问效单 --------------------------------------------------------------------------------------------------------

NUMBER_ONE = "问效单第1号"
LATER, UNPUBLISHED = DAY.replace(year=2022, month=3, day=1), DAY.replace(year=2027, month=3, day=1)
LATE_AT = datetime(2022, 2, 15, 10)


def asked_store(folder: Path, state: str, round_id: str = ROUND) -> Store:
    """A store with one 问效单 at 和静县, of a round or of none, in a state."""
    store = opened_store(folder)
    ask(store, round_id=round_id)
    for step in WAYS[state][1:]:
        step(store)
    return store


def words_of(store: Store, name: str, *, round_id: str = ROUND, day: date = DAY) -> str:
    """A paper on the only 问效单, with the scope at a round or at none."""
    asked = order(name, inquiry_no=1, round_id=round_id, as_of_on=day)
    return all_words(write(compose(facts_of(store, round_id=round_id, day=day), asked), "docx"))


@pytest.mark.parametrize("asked_about", ["", ROUND])
@pytest.mark.parametrize("state", WAYS)
def test_a_paper_on_an_inquiry_is_there_in_its_states_with_and_without_a_round(tmp_path, state, asked_about):
    with closing(asked_store(tmp_path, state, asked_about)) as store:
        for shown in ("", ROUND):
            if state in (CLOSED, REFERRED):
                with pytest.raises(RefusedError, match=f"已经“{STATE_WORDS[state]}”，不再出具督办单"):
                    words_of(store, "supervision", round_id=shown)
            else:
                slip = words_of(store, "supervision", round_id=shown)
                assert "执行率 66.0%，序时进度 98.3%。" in slip and "资金为什么没有支付？" in slip
                assert f"目前状态\t{STATE_WORDS[state]}\t逾期\t—" in slip
                assert "nan" not in slip.lower() and "NaT" not in slip
            if state not in (RECTIFYING, RECHECKING):
                with pytest.raises(RefusedError, match="认定属实、交办整改以后"):
                    words_of(store, "rectification", round_id=shown)
            else:
                notice = words_of(store, "rectification", round_id=shown)
                assert ("填报轮次为2021年12月（数据截至2021年12月25日），涉及" in notice) == bool(asked_about)
                assert ("填报轮次" in notice) == bool(asked_about)
                assert "执行率 66.0%，序时进度 98.3%。" in notice and "资金为什么没有支付？" in notice


@pytest.mark.parametrize("state", [RECTIFYING, RECHECKING])
def test_a_notice_says_what_was_ordered_until_when_and_names_no_person(tmp_path, state):
    with closing(asked_store(tmp_path, state)) as store:
        words = words_of(store, "rectification")
        (due,) = rows(store, "SELECT due_on FROM inquiry_event WHERE inquiry_step = 'rectification_ordered'")

    assert "（一）核完名册，补发到人。" in words
    assert f"（二）请于{due['due_on'].year}年{due['due_on'].month}月{due['due_on'].day}日前完成整改" in words
    assert "（三）整改责任单位为和静县，责任人已在交办时明确。" in words
    assert "王局长" not in words and OFFICER.name not in words and REVIEWING.name not in words
    assert "整改所依据的文件名称、文号和条款，由人选定" in words and "具体整改要求" not in words


def test_who_took_part_in_a_talk_and_what_was_said_is_not_printed(tmp_path):
    with closing(asked_store(tmp_path, AWAITING_ANSWER)) as store:
        record_ladder_act(store, OFFICER, LATE_AT, 1, "talk", words="与张三局长谈话", paper="",
                          paper_on=LATE_AT.date(), seen_step_no=newest_step(store))
        slip = words_of(store, "supervision", day=LATER)
        answer(store, LATE_AT)
        order_rectification_of(store, LATE_AT)
        notice = words_of(store, "rectification", day=LATER)

    for words in (slip, notice):
        assert "，约谈。" in words and "张三" not in words


@pytest.mark.parametrize(("day", "days"), [(LATER, r"\d+ 个工作日"), (UNPUBLISHED, "天数待放假安排公布")])
@pytest.mark.parametrize(
    ("state", "clause"), [(AWAITING_ANSWER, "和静县还没有答复："), (RECTIFYING, "和静县还没有报送整改结果：")]
)
def test_who_is_overdue_is_named_also_while_the_days_cannot_be_counted(tmp_path, state, clause, day, days):
    with closing(asked_store(tmp_path, state)) as store:
        said = list(circular._answers(facts_of(store, round_id=ROUND, day=day)))
        slip = words_of(store, "supervision", day=day)
        asks = list(circular._asked(facts_of(store, round_id=ROUND, day=day)))
        in_time = list(circular._answers(facts_of(store, round_id=ROUND)))

    assert [words for words in said if re.fullmatch(f"{clause}{NUMBER_ONE}（逾期 {days}）。", words)] == said[:1]
    assert "没有应答复而未答复的事项。" not in said
    assert re.search(f"逾期\t{days}", slip)
    assert any("逾期未答复问效单、未报送整改结果的单位" in words for words in asks)
    assert not any(NUMBER_ONE in words for words in in_time)


@pytest.mark.parametrize("state", [ANSWERED, RECHECKING, REFERRED, CLOSED])
def test_who_waits_for_the_bureau_is_not_called_overdue(tmp_path, state):
    with closing(asked_store(tmp_path, state)) as store:
        assert inquiries.overdue(facts_of(store, round_id=ROUND, day=LATER)) == []


# --- tables as such ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("20,251", (20251, "#,##0")), ("29.72", (29.72, "#,##0.00")), ("87.7%", (0.877, "0.0%")),
        ("+128", (128, "+#,##0;-#,##0;0")), ("−530", (-530, "#,##0")), ("未填报", None), ("—", None),
        ("1,102/1,250", None), ("=1+1", None), ("1.2.3", None), ("", None),
    ],
)
def test_a_figure_is_the_number_that_its_words_are(words, found):
    assert figure(words) == (None if found is None else (pytest.approx(found[0]), found[1]))


def test_a_table_whose_row_does_not_fill_it_is_refused():
    with pytest.raises(ValueError, match="短"):
        list(PaperTable("短", (10, 10), ((Cell("一"), Cell("二")), (Cell("三"),))).placed())


def test_parts_of_a_document_name_no_moment_of_its_making():
    content = write(paper_of("unit-assessment", "luntai"), "xlsx")
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert {part.date_time for part in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = made.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z?", core)) == {"2021-12-28T00:00:00Z"}

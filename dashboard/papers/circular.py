"""通报: who did it in time, who is late, who misses what by how much, who has not answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.papers import inquiries
from dashboard.papers.assessment import rate_words
from dashboard.papers.content import NOTHING, Block, Cell, Heading, NewPage, Paper, Paragraph, Table, gap, safe_name
from dashboard.papers.facts import Facts, Row, day_words
from dashboard.region_tables import grade, hundred

RANKED = "各单位绩效运行情况表"
_FULFILLED = ("on_time",)
_UNFINISHED = ("overdue", "on_time_empty", "on_time_wrong")


def circular(facts: Facts) -> Paper:
    """The circular on one round, with a ranked table of every unit as annex."""
    blocks: list[Block] = [
        Paragraph(
            f"为落实{facts.basis}关于“切实做到花钱必问效、无效必问责”的要求，我局对{facts.fund_name}的指标导入、数据填报、"
            f"预算执行和绩效目标完成情况进行了跟踪监控。现将截至{day_words(facts.scope.as_of_on)}的情况"
            f"（填报轮次为{facts.period_words}）通报如下："
            if _asks_for_effect(facts) else
            f"按照{facts.basis}的绩效管理要求，我局对{facts.fund_name}进行了跟踪监控。现将截至"
            f"{day_words(facts.scope.as_of_on)}的情况（填报轮次为{facts.period_words}）通报如下："
        ),
        Heading("一、总体情况"),
        *(Paragraph(words) for words in _overall(facts)),
        Heading("二、按期办理的单位"),
        *(Paragraph(words) for words in _praised(facts)),
        Heading("三、需要抓紧办理的事项"),
        Heading("（一）指标导入直达资金监控系统。", 2),
        *(Paragraph(words) for words in _clocks(facts)),
        Heading("（二）数据填报。", 2),
        *(Paragraph(words) for words in _reports(facts)),
        Heading("（三）绩效目标完成。", 2),
        *(Paragraph(words) for words in _missed(facts)),
        Heading("（四）问询和答复。", 2),
        *(Paragraph(words) for words in _answers(facts)),
        Heading("四、有关要求"),
        *(Paragraph(words) for words in _asked(facts)),
    ]
    return Paper(
        title=f"关于{facts.year}年{facts.fund_name}绩效运行情况的通报", blocks=tuple(blocks), is_official=True,
        addressees=facts.addressees, sender=facts.sender, copied_to=facts.copied_to or gap("抄送单位"),
        annexes=(RANKED,), annex_blocks=(
            NewPage(is_landscape=True), Paragraph("附件", style="annex"), Paragraph(RANKED, style="title"),
            ranked_table(facts),
            Paragraph(
                "注：按折合百分从高到低排列，折合百分相同的按文件所列次序，不评等级的列在最后；折合百分＝总分×100÷已评分值，"
                "含执行率得分；执行率＝累计支付÷调整后金额；没有填报的空缺，不按 0 计。", style="note",
            ),
        ),
        as_of_on=facts.scope.as_of_on, is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name("通报", facts.round["round_name"], f"截至{facts.scope.as_of_on:%Y-%m-%d}"),
    )


def _asks_for_effect(facts: Facts) -> bool:
    """Whether the notice itself has the words that the circular would quote."""
    return "切实做到花钱必问效、无效必问责" in "".join(facts.lines["line_text"])


def _overall(facts: Facts) -> Iterable[str]:
    money, scores = facts.released, facts.score_counts
    words = (
        f"资金方面。下达 {money.unit_count} 个单位 {labels.wan(money.released_yuan)} 万元，"
        f"{money.reported_count} 个单位已填报支付数"
    )
    if money.base_yuan:
        rate = labels.shown_rate(money.execution_rate, money.is_over_unexplained)
        words += (
            f"，累计支付 {labels.wan(money.paid_yuan)} 万元，执行率 {rate}"
            f"（{labels.wan(money.paid_yuan)}÷{labels.wan(money.base_yuan)}，只含已填报的单位）"
        )
    yield words + "。"
    listed = "，".join(
        f"{mark.word} {scores[state]} 项" for state, mark in labels.SCORE_MARKS.items() if scores.get(state)
    )
    yield f"绩效目标方面。{len(facts.units)} 个单位的指标共 {sum(scores.values())} 项：{listed}。"
    states = "，".join(
        f"{mark.word} {facts.effect_counts[state]} 个" for state, mark in labels.EFFECT_MARKS.items()
        if facts.effect_counts[state]
    )
    yield f"资金与成效对照。{states}。"


def _praised(facts: Facts) -> Iterable[str]:
    """Who did everything in time; only where there was something to do."""
    imported = set(facts.clocks.loc[facts.clocks["clock_state"].isin(_FULFILLED), "recipient_id"])
    reported = set(facts.reports.loc[
        (facts.reports["duty_state"] == "on_time") & (facts.reports["report_state"] != "returned"), "recipient_id"
    ])
    names = dict(zip(facts.units["recipient_id"], facts.units["recipient_name"], strict=True))
    both = [name for key, name in names.items() if key in imported & reported]
    if both:
        yield f"{'、'.join(both)}等 {len(both)} 个单位按期完成指标导入和数据填报，予以表扬。" if len(both) > 1 else \
            f"{both[0]}按期完成指标导入和数据填报，予以表扬。"
    else:
        yield "截至统计截止日，还没有单位按期完成全部事项。"
    for kind, done in (("指标导入", imported - reported), ("数据填报", reported - imported)):
        listed = [name for key, name in names.items() if key in done]
        if listed:
            yield f"{'、'.join(listed)}按期完成{kind}。"


def _clocks(facts: Facts) -> Iterable[str]:
    rows = [row for row in facts.late.to_dict("records") if row["duty_kind"] == "import" and row["is_counted"]]
    for row in rows:
        yield f"{row['recipient_name']}：{_clock_words(row)}"
    silent = list(facts.clocks.loc[facts.clocks["clock_state"] == "no_receipt", "recipient_name"])
    if silent:
        yield f"{'、'.join(silent)}没有登记收文时间，导入时限无法计算，请补登。"
    if not rows and not silent:
        yield "没有逾期或内容有误的单位。"


def _clock_words(row: dict[str, Any]) -> str:
    """One late or faulty import, with its days and its money."""
    said = {
        "overdue": "尚未导入", "late": f"{day_words(row['done_on'])}完成",
        "on_time_empty": "已登记导入，但内容为空", "on_time_wrong": "已登记导入，但内容有误",
    }
    state = str(row["duty_state"])
    words = f"应于{day_words(row['due_on'])}前全部导入，{said.get(state, labels.OWED_MARKS[state].word)}"
    if pd.notna(row["late_days"]) and int(row["late_days"]) > 0:
        words += f"，逾期 {int(row['late_days'])} 个工作日"
    if pd.notna(row["short_yuan"]) and row["short_yuan"] and row["duty_state"] == "on_time_wrong":
        words += f"，与应导入金额相差 {labels.wan(abs(row['short_yuan']))} 万元"
    fault = {"missing": "没有直达资金标识", "different": "直达资金标识与文件不一致"}.get(str(row["marker_fault"]), "")
    return words + (f"，{fault}" if fault else "") + "。"


def _reports(facts: Facts) -> Iterable[str]:
    due = day_words(facts.round["due_on"])
    table, told = facts.reports, False
    for state, words in (
        ("overdue", f"应于{due}前填报，至今没有填报"), ("late", f"应于{due}前填报，逾期报送"),
    ):
        listed = list(table.loc[table["duty_state"] == state, "recipient_name"])
        if listed:
            told = True
            yield f"{'、'.join(listed)}{words}。"
    returned = list(table.loc[table["report_state"] == "returned", "recipient_name"])
    if returned:
        told = True
        yield f"{'、'.join(returned)}的填报被退回，还没有更正后重新报送。"
    if not told:
        yield "各单位没有逾期未报、退回未改的填报。"


def _missed(facts: Facts) -> Iterable[str]:
    """Unit by unit, the most points lost first, each with its worst indicator in the words of the screen."""
    missed = facts.missed
    if missed.empty:
        yield "没有未达到目标的指标。"
        return
    lost = missed.groupby("recipient_id")["lost_micro"].sum().sort_values(ascending=False, kind="stable")
    yield f"{lost.size} 个单位共 {len(missed)} 项指标没有达到目标，按所差分值从大到小依次为："
    for number, (recipient_id, micro) in enumerate(lost.items(), start=1):
        own = missed[missed["recipient_id"] == recipient_id]
        worst = own.iloc[0]
        yield (
            f"{number}.{worst['recipient_name']}：未达标 {len(own)} 项，共差 {labels.points(micro)} 分。"
            f"相差最多的是“{worst['short_name']}”，{worst['sentence']}"
        )


def _answers(facts: Facts) -> Iterable[str]:
    overdue = inquiries.overdue(facts)
    for clause in overdue:
        yield f"{clause}。"
    owed = [row for row in facts.owed.to_dict("records") if row["unexplained_count"] or row["returned_count"]]
    for row in owed:
        parts = []
        if row["unexplained_count"]:
            parts.append(f"{int(row['unexplained_count'])} 项未达标指标没有写明偏差原因")
        if row["returned_count"]:
            parts.append("退回的填报没有更正")
        yield f"{row['recipient_name']}：{'，'.join(parts)}。"
    if not overdue and not owed:
        yield "没有应答复而未答复的事项。"


def _asked(facts: Facts) -> Iterable[str]:
    """What follows from the state; the day is a person's to set."""
    until = gap("办理期限")
    asks = []
    if facts.clocks["clock_state"].isin((*_UNFINISHED, "no_receipt")).any():
        asks.append(f"指标导入未完成、内容有误或没有登记收文的单位，请于{until}前办理完毕，并核对金额和直达资金标识。")
    silent = facts.reports["duty_state"].eq("overdue").any() or facts.reports["report_state"].eq("returned").any()
    if silent:
        asks.append(f"未填报和填报被退回的单位，请于{until}前报送。")
    if facts.inquiries["is_overdue"].any():
        asks.append(f"逾期未答复问效单、未报送整改结果的单位，请于{until}前办理。")
    if not facts.missed.empty:
        asks.append("指标未达到目标的单位，请逐项分析偏差原因，提出改进措施，在填报系统中写明。")
    asks.append("各单位请继续做好绩效目标完成情况的跟踪监控，及时、如实填报。")
    for number, words in enumerate(asks, start=1):
        yield f"（{'一二三四五'[number - 1]}）{words}"


def ranked_table(facts: Facts) -> Table:
    """Every unit, the most points first."""
    heads = (
        "序号", "单位", "折合\n百分", "等级", "全年预算\n（万元）", "累计支付\n（万元）", "执行率", "未达\n标项",
        "共差\n分值", "指标导入", "逾期工\n作日", "数据填报",
    )
    missed = facts.missed.groupby("recipient_id")["lost_micro"].agg(["size", "sum"])
    clocks = _by_unit(facts.clocks)
    reports, effects = _by_unit(facts.reports), _by_unit(facts.effects)
    lines = [tuple(Cell(name, is_head=True) for name in heads)]
    for number, row in enumerate(facts.unit_totals.to_dict("records"), start=1):
        key = row["recipient_id"]
        count, lost = (int(missed.loc[key, "size"]), missed.loc[key, "sum"]) if key in missed.index else (0, 0)
        clock, report = clocks.get(key), reports[key]
        late = clock["late_days"] if clock else None
        graded = row["grade"] is not None and pd.notna(row["grade"])
        lines.append((
            Cell(str(number), is_figure=True), Cell(str(row["recipient_name"])),
            Cell(hundred(row["points_micro"]) if graded else NOTHING, is_figure=True), Cell(grade(row["grade"])),
            Cell(labels.wan(row["after_yuan"]), is_figure=True),
            Cell("未填报" if row["paid_yuan"] is None else labels.wan(row["paid_yuan"]), is_figure=True),
            Cell(rate_words(effects[key]), is_figure=True), Cell(str(count), is_figure=True),
            Cell(labels.points(lost), is_figure=True),
            Cell(labels.marked(labels.CLOCK_MARKS, clock["clock_state"]) if clock else NOTHING),
            Cell(NOTHING if late is None or pd.isna(late) else str(int(late)), is_figure=True),
            Cell(_report_words(report)),
        ))
    widths = (9, 40, 14, 18, 17, 19, 15, 12, 14, 28, 13, 26)
    return Table(RANKED, widths, tuple(lines), is_titled=False)


def _report_words(row: Row) -> str:
    words = labels.marked(labels.DUTY_MARKS, row["duty_state"])
    return f"{words}\n（已退回）" if row["report_state"] == "returned" else words


def _by_unit(table: pd.DataFrame) -> dict[str, Row]:
    return {
        str(row["recipient_id"]): {str(name): value for name, value in row.items()} for row in table.to_dict("records")
    }

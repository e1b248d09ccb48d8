"""The check catalogue and what it found, as people read and take them away."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from dashboard import look
from dashboard.kept import kept
from dashboard.labels import Mark, marked, wan
from dashboard.reconciliation_tables import yuan
from data.csv_rows import guarded
from data.docking.mapping import RECORD_KINDS, SYSTEMS
from metrics.boards.overview import names
from metrics.finding_summary import Matter
from metrics.indicators import REGION_ID

SEVERITY_MARKS = {
    "fatal": Mark("严重", "■", "square", look.BAD),
    "warning": Mark("请核对", "▲", "triangle-up", look.CAUTION),
    "note": Mark("提示", "◆", "diamond", look.ACCENT),
}
STATE_MARKS = {
    "found": Mark("有疑点", "■", "square", look.BAD),
    "not_checked": Mark("未核查", "☆", "star-open", look.OPEN),
    "passed": Mark("通过", "●", "circle", look.GOOD),
}
REGION_STEPS = {"received": "州本级收文日期", "registered": "州本级登录指标日期"}
FAMILY_WORDS = {"R": "登录", "P": "支付", "F": "发放", "S": "填报"}
MOST_ROWS = 200
MOST_NAMES = 4
CSV_HEADS = ("单位", "编号", "检查", "轻重", "对象", "查到", "应为", "金额（元）", "行数", "位置", "要办的事")


@kept
def first_sentence(found: pd.DataFrame, table: pd.DataFrame) -> str:
    """How many checks found something, how grave, at how many units."""
    if table.empty:
        return "这份文件还没有各单位的金额，没有可以核查的内容。"
    states = table["check_state"].value_counts()
    unknown = int(states.get("not_checked", 0))
    tail = f"{unknown} 条缺少导出或登记，未核查。" if unknown else "没有未核查的。"
    if found.empty:
        return f"{len(table)} 条检查：没有发现疑点，{int(states.get('passed', 0))} 条通过，{tail}"
    return (
        f"{len(table)} 条检查里 {int(states['found'])} 条发现疑点，共 {len(found)} 处，在 "
        f"{found['recipient_id'].nunique()} 个单位；{int(states.get('passed', 0))} 条通过，{tail}"
    )


@kept
def severity_legend(found: pd.DataFrame) -> str:
    """How many things of each severity were found, as shape, word, colour and number."""
    counts = found["severity"].value_counts()
    return '<div class="wx-legend">' + "".join(
        f'<span style="--c:{mark.colour}"><i>{mark.shape}</i>{mark.word} <b>{int(counts.get(name, 0))}</b> 处</span>'
        for name, mark in SEVERITY_MARKS.items()
    ) + "</div>"


@kept
def matters(found: Sequence[Matter], address: str) -> str:
    """The three that matter as a numbered list, each with a link to its rows on this page."""
    items = []
    for number, matter in enumerate(found, start=1):
        mark = SEVERITY_MARKS[matter.severity]
        target = f"findings?{address}&" + urlencode({"unit": matter.recipient_id, "check": matter.code})
        items.append(
            f'<li><span class="wx-no">{number}</span><b style="color:{mark.colour}">{mark.shape} {mark.word}</b> '
            f'{html.escape(matter.sentence)} <a href="{html.escape(target)}" target="_self">看这几行 ›</a></li>'
        )
    return f'<ol class="wx-list">{"".join(items)}</ol>'


def missing_words(
    missing: Sequence[tuple[str, str]], units: Sequence[str], gapped: Sequence[tuple[str, str]] = ()
) -> str:
    """What is lacking, and for whom where it is not everybody: 「缺少一体化系统停发名单导出，未核查」."""
    lacks = [f"缺少{'、'.join([*_files(missing, '导出'), *_region_steps(missing)])}"] if missing else []
    lacks += [f"{'、'.join(_files(gapped, '导出'))}缺一段日子"] if gapped else []
    return f"{names(units, MOST_NAMES)}{'，'.join(lacks)}，未核查" if lacks else ""


@kept
def lacks_exports(checked: pd.DataFrame) -> bool:
    """Whether some check had to be left out because an export was never loaded."""
    return any(_files(given) for given in checked["missing_exports"])


@kept
def not_loaded(checked: pd.DataFrame) -> str:
    """What exports are not there or leave days out, and which own steps the prefecture did not record; else empty."""
    sentences = []
    for column, words in (
        ("missing_exports", "还没有载入全部导出（缺：{files}）；读这些导出的检查没有核查，不算通过。"),
        ("gapped_exports", "载入的导出缺一段日子（{files}）；需要这段日子的检查没有核查，不算通过。"),
    ):
        lacking = checked[checked[column].map(lambda given: bool(_files(given)))]
        if not lacking.empty:
            files = _files(sorted({export for exports in lacking[column] for export in exports}))
            units = names(list(dict.fromkeys(lacking["recipient_name"])), MOST_NAMES)
            sentences.append(units + words.format(files="、".join(files)))
    steps = _region_steps(sorted({given for missing in checked["missing_exports"] for given in missing}))
    if steps:
        sentences.append(f"还没有登记{'、'.join(steps)}；从这一天起算的检查没有核查，不算通过。")
    return "".join(sentences)


def _files(missing: Sequence[tuple[str, str]], ending: str = "") -> list[str]:
    """The exports among what is missing: their names together, with one ending for all."""
    names = [f"{SYSTEMS[system]}{RECORD_KINDS[kind]}" for system, kind in missing if system != REGION_ID]
    return [*names[:-1], names[-1] + ending] if names else []


def _region_steps(missing: Sequence[tuple[str, str]]) -> list[str]:
    return [REGION_STEPS[step] for system, step in missing if system == REGION_ID]



@kept
def catalogue(table: pd.DataFrame) -> str:
    """Every check with its source and how it came out; those that passed are muted."""
    rows = []
    for row in table.to_dict("records"):
        state = row["check_state"]
        lack = missing_words(row["missing_exports"], row["missing_units"], row["gapped_exports"])
        told = f"<small>{html.escape(lack)}</small>" if lack else ""
        count = f"{row['finding_count']} 处，{row['unit_count']} 个单位" if row["finding_count"] else "—"
        rows.append(
            f'<tr class="{"wx-muted" if state == "passed" else ""}">'
            f"<td><b>{row['code']}</b> {html.escape(row['title'])}<small>{FAMILY_WORDS[row['code'][0]]}</small></td>"
            f'<td class="wx-nowrap">{_severity(row["severity"])}</td>'
            f"<td>{marked(STATE_MARKS, state)}{told}</td>"
            f'<td class="wx-nowrap" data-name="疑点">{count}</td>'
            f'<td class="wx-n" data-name="涉及（万元）">{wan(row["amount_yuan"])}</td>'
            f'<td class="wx-long"><small>{html.escape(row["source_text"])}</small></td></tr>'
        )
    return _table(("检查", "轻重", "结果", "疑点", "涉及（万元）", "依据和可信程度"), rows, "wx-tall")


@kept
def found_rows(found: pd.DataFrame) -> str:
    """What was found: both sides, money in 元, file and line, what to do now."""
    rows = []
    for row in found.to_dict("records"):
        rows.append(
            f"<tr><td><b>{html.escape(row['recipient_name'])}</b>"
            f"<small>{row['code']} {html.escape(row['title'])}</small>"
            f"<small>{html.escape(row['subject_text'])}</small></td>"
            f'<td class="wx-nowrap">{_severity(row["severity"])}</td>'
            f'<td class="wx-side" data-name="查到">{html.escape(row["stated_text"])}</td>'
            f'<td class="wx-side" data-name="应为">{html.escape(row["expected_text"])}</td>'
            f'<td class="wx-n" data-name="金额（元）">{yuan(row["amount_yuan"])}</td>'
            f'<td data-name="位置">{html.escape(row["place_text"]) or "—"}'
            f'<small>{html.escape(row["says"])}。</small></td></tr>'
        )
    return _table(("单位与检查", "轻重", "查到", "应为", "金额（元）", "位置，要办的事"), rows)


@kept
def csv_bytes(found: pd.DataFrame) -> bytes:
    """The rows as a file that a spreadsheet opens, no cell a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(CSV_HEADS)
    for row in found.to_dict("records"):
        amount = "" if row["amount_yuan"] is None else str(row["amount_yuan"])
        cells = (
            row["recipient_name"], row["code"], row["title"], SEVERITY_MARKS[row["severity"]].word,
            row["subject_text"], row["stated_text"], row["expected_text"], amount, str(row["found_count"]),
            row["place_text"], row["says"],
        )
        writer.writerow([guarded(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


@kept
def check_titles(table: pd.DataFrame) -> dict[str, str]:
    """The checks that found something, as a selector offers them."""
    found = table[table["check_state"] == "found"].to_dict("records")
    return {row["code"]: f"{row['code']} {row['title']}（{row['finding_count']} 处）" for row in found}


def _severity(name: str) -> str:
    mark = SEVERITY_MARKS[name]
    return f'<span style="color:{mark.colour}">{marked(SEVERITY_MARKS, name)}</span>'


def _table(heads: Sequence[str], rows: Sequence[Any], style: str = "") -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    return (
        f'<div class="wx-table wx-differences {style}"><table><thead><tr>{head}</tr></thead>'
        f'<tbody>{"".join(rows)}</tbody></table></div>'
    )

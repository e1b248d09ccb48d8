"""Tables and sentences of the two systems' differences, as people read them."""

from __future__ import annotations

import csv
import html
import io
from decimal import Decimal
from typing import Any

import pandas as pd

from dashboard import look
from dashboard.kept import kept
from dashboard.labels import Mark, full_day, marked, wan
from data.csv_rows import guarded
from data.errors import RefusedError

RECORD_WORDS = {"allotment": "预算指标", "payment": "支付", "payout": "发放"}
EXPORT_WORDS = {"allotment": "指标信息", "payment": "支付信息", "payout": "发放信息"}
SOURCE_WORDS = {"notice": "通知", "integrated": "一体化系统", "monitoring": "监控系统"}
KIND_WORDS = {
    "missing": "缺少", "extra": "多出", "amount": "金额不同", "marker": "标识不同", "account": "科目不同",
    "date": "日期不同", "unstated": "通知没有写金额",
}
STATE_MARKS = {
    "open": Mark("待处理", "■", "square", look.BAD),
    "explained": Mark("已说明", "◆", "diamond", look.ACCENT),
    "mended": Mark("已更正", "●", "circle", look.GOOD),
}
AID_WORDS = {
    "urban_allowance": "城市低保", "rural_allowance": "农村低保", "extreme_hardship": "特困供养",
    "temporary_aid": "临时救助", "homeless_aid": "流浪乞讨救助", "orphan": "孤儿",
    "de_facto_orphan": "事实无人抚养儿童",
}
EVENT_WORDS = {"opened": "发现差异", "explained": "作出说明", "taken_back": "收回说明", "mended": "已更正"}
MOST_ROWS = 200
CSV_HEADS = (
    "第几处", "单位", "文号", "类别", "月份", "补助种类", "科目", "不一致",
    *(f"{source}{head}" for source in SOURCE_WORDS.values() for head in ("金额（元）", "笔数或人次", "内容", "位置")),
    "差额（元）", "同一原因", "状态", "说明",
)


@kept
def first_sentence(found: pd.DataFrame) -> str:
    """How much is open, how much money, at which units."""
    still = found[found["difference_state"] == "open"]
    explained = int((found["difference_state"] == "explained").sum())
    tail = f"另有 {explained} 处已说明。" if explained else ""
    if still.empty:
        return f"到统计截止日没有待处理的差异。{tail}"
    units = list(dict.fromkeys(still["recipient_name"]))
    names = "、".join(units[:6]) + (f"等 {len(units)} 个单位" if len(units) > 6 else "")
    same = int(still["cause_no"].notna().sum())
    of_these = f"（其中 {same} 处与别处同一原因）" if same else ""
    once = "，同一笔钱只计一次" if still["counted_yuan"].sum() != still["stake_yuan"].sum() else ""
    return (
        f"有 {len(still)} 处差异待处理{of_these}，涉及 {wan(still['counted_yuan'].sum())} 万元{once}：{names}。{tail}"
    )


@kept
def not_loaded(sides: pd.DataFrame) -> list[str]:
    """One sentence per system and kind of export that is not there: nothing of it was compared."""
    sentences = []
    for system in ("integrated", "monitoring"):
        for kind, words in EXPORT_WORDS.items():
            rows = sides[sides["record_kind"] == kind]
            absent = list(rows.loc[rows[f"{system}_yuan"].isna(), "recipient_name"])
            if absent:
                every = len(absent) == len(rows)
                units = "" if every else f"（{'、'.join(absent[:6])}{'等' if len(absent) > 6 else ''}，"
                units += "" if every else f"{len(absent)} 个单位）"
                sentences.append(f"还没有载入{SOURCE_WORDS[system]}的{words}{units}，这一部分没有比较。")
    return sentences


@kept
def other_days(sides: pd.DataFrame) -> list[str]:
    """One sentence per kind of record and pair of periods that are not the same: only common days were compared."""
    both = sides[(sides["integrated_days_text"] != "") & (sides["monitoring_days_text"] != "")]
    uneven = both[both["integrated_days_text"] != both["monitoring_days_text"]]
    sentences = []
    for (kind, left, right), rows in uneven.groupby(
        ["record_kind", "integrated_days_text", "monitoring_days_text"], sort=False
    ):
        names = list(rows["recipient_name"])
        every = len(names) == int((sides["record_kind"] == kind).sum())
        units = "" if every else f"{'、'.join(names[:6])}{f'等 {len(names)} 个单位' if len(names) > 6 else ''}："
        sentences.append(
            f"{units}{EXPORT_WORDS[kind]}，一体化系统的导出是 {left}，监控系统的是 {right}，只比较两边都有的日子。"
        )
    return sentences


def yuan(value: Any) -> str:
    """Money to the fen: a difference of one 分 must show."""
    return "—" if value is None or pd.isna(value) else f"{value:,.2f}".replace("-", "−")


@kept
def what(row: dict[str, Any]) -> str:
    """What differs, in a word or two."""
    lacking = {"missing": row["right_source"], "extra": row["left_source"]}.get(row["difference_kind"])
    if row["difference_kind"] == "extra":
        return f"{SOURCE_WORDS[row['right_source']]}多出"
    return f"{SOURCE_WORDS[lacking]}缺少" if lacking else KIND_WORDS[row["difference_kind"]]


def same_cause(row: dict[str, Any]) -> str:
    """Which difference this one follows from; empty where it follows from none."""
    if pd.isna(row["cause_no"]):
        return ""
    many = f"等 {int(row['cause_count'])} 处" if row["cause_count"] > 1 else ""
    return f"与第 {int(row['cause_no'])} 处{many}同一原因"


@kept
def about(row: dict[str, Any]) -> str:
    """Which record it is about: 发放 2021-12 农村低保，科目 2081902."""
    parts = [RECORD_WORDS[row["record_kind"]]]
    if row["record_kind"] == "payout":
        parts.append(f"{row['pay_month']:%Y-%m} {AID_WORDS.get(row['aid_kind'], row['aid_kind'])}")
    if row["budget_item_code"]:
        parts.append(f"科目 {row['budget_item_code']}")
    return "，".join(parts)


def _side(row: dict[str, Any], source: str) -> str:
    side = _which(row, source)
    if side is None:
        return '<td class="wx-side wx-muted"></td>'
    name = SOURCE_WORDS[source]
    if pd.isna(row[f"{side}_yuan"]):
        lacks = html.escape(row[f"{side}_text"]) or "没有"
        return f'<td class="wx-side" data-name="{name}"><b>{lacks}</b></td>'
    text = row[f"{side}_text"] or ("标识为空" if row["difference_kind"] == "marker" else "")
    count = row[f"{side}_count"]
    unit = "人次" if row["record_kind"] == "payout" else "笔"
    many = f"，{int(count)} {unit}" if pd.notna(count) and (count > 1 or unit == "人次") else ""
    return (
        f'<td class="wx-side" data-name="{name}"><b>{yuan(row[f"{side}_yuan"])}</b>{many}'
        f'<small>{html.escape(text)}</small><small>{html.escape(row[f"{side}_place_text"])}</small></td>'
    )


@kept
def differences(found: pd.DataFrame) -> str:
    """The differences, both sides beside each other in one row, with the lines of the files; amounts in 元."""
    rows = []
    for row in found.to_dict("records"):
        note = f"<small>{html.escape(row['note_text'])}</small>" if row["note_text"] else ""
        ended = f"<small>{full_day(row['mended_at'])}</small>" if pd.notna(row["mended_at"]) else ""
        cause = same_cause(row)
        rows.append(
            f"<tr><td><b>第 {row['difference_no']} 处</b> {html.escape(row['recipient_name'])}"
            f"<small>{html.escape(about(row))}</small><small>{html.escape(row['document_number'])}</small></td>"
            f'<td class="wx-nowrap">{what(row)}{f"<small>{cause}</small>" if cause else ""}</td>'
            f'{_side(row, "notice")}{_side(row, "integrated")}{_side(row, "monitoring")}'
            f'<td class="wx-n" data-name="差额">{yuan(row["gap_yuan"])}</td>'
            f'<td class="wx-nowrap">{marked(STATE_MARKS, row["difference_state"])}{ended}{note}</td></tr>'
        )
    heads = ("单位与记录", "不一致", "通知（元）", "一体化系统（元）", "监控系统（元）", "差额（元）", "状态")
    head = "".join(f"<th>{name}</th>" for name in heads)
    return (
        '<div class="wx-table wx-differences"><table><thead><tr>' + head + "</tr></thead><tbody>" + "".join(rows)
        + "</tbody></table></div>"
    )


def shortened(count: int) -> str:
    """That not all of so many differences stand on the page, and where the rest is."""
    return f"共 {count} 处，列出涉及金额最多的 {MOST_ROWS} 处；请按单位或种类缩小范围，下载的表格有全部。"


@kept
def csv_bytes(found: pd.DataFrame) -> bytes:
    """The differences as a file that a spreadsheet opens: money as numbers, no words a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(CSV_HEADS)
    for row in found.to_dict("records"):
        month = "" if pd.isna(row["pay_month"]) else f"{row['pay_month']:%Y-%m}"
        cells = (
            row["difference_no"], row["recipient_name"], row["document_number"], RECORD_WORDS[row["record_kind"]],
            month, AID_WORDS.get(row["aid_kind"], row["aid_kind"]), row["budget_item_code"], what(row),
            *(cell for source in SOURCE_WORDS for cell in _side_cells(row, source)),
            _decimal(row["gap_yuan"]), same_cause(row), STATE_MARKS[row["difference_state"]].word, row["note_text"],
        )
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _side_cells(row: dict[str, Any], source: str) -> tuple[Any, ...]:
    side = _which(row, source)
    if side is None:
        return ("", "", "", "")
    count = row[f"{side}_count"]
    return (
        _decimal(row[f"{side}_yuan"]), "" if pd.isna(count) else int(count), row[f"{side}_text"],
        row[f"{side}_place_text"],
    )


def _which(row: dict[str, Any], source: str) -> str | None:
    return {row["left_source"]: "left", row["right_source"]: "right"}.get(source)


def _decimal(amount: Any) -> Decimal | str:
    return "" if amount is None or pd.isna(amount) else Decimal(f"{amount:.2f}")


@kept
def sides(table: pd.DataFrame) -> str:
    """Both systems beside the notice, in 万元; rows where all agree are muted."""
    body = []
    for row in table.to_dict("records"):
        told = [row[name] for name in ("notice_yuan", "integrated_yuan", "monitoring_yuan") if pd.notna(row[name])]
        is_equal = len(set(told)) <= 1 and not row["open_count"] and not row["explained_count"]
        agreed = "一致" if len(set(told)) == 1 else "比较过的部分一致"
        compared = agreed if len(told) > 1 else "没有比较"
        states = f"{int(row['open_count'])} 处待处理" if row["open_count"] else compared
        if row["explained_count"]:
            states += f"，{int(row['explained_count'])} 处已说明"
        body.append(
            f'<tr class="{"wx-muted" if is_equal else ""}"><td>{html.escape(row["recipient_name"])}</td>'
            f"<td>{RECORD_WORDS[row['record_kind']]}</td>"
            + "".join(
                f'<td class="wx-n">{"—" if pd.isna(row[name]) else wan(row[name])}</td>'
                for name in ("notice_yuan", "integrated_yuan", "monitoring_yuan")
            )
            + f"<td>{states}</td></tr>"
        )
    heads = ("单位", "类别", "通知（万元）", "一体化系统（万元）", "监控系统（万元）", "对账")
    return (
        '<div class="wx-table wx-tall"><table><thead><tr>' + "".join(f"<th>{name}</th>" for name in heads)
        + "</tr></thead><tbody>" + "".join(body) + "</tbody></table></div>"
    )


@kept
def history(events: pd.DataFrame) -> pd.DataFrame:
    """What became of a difference."""
    return pd.DataFrame({
        "时间": [f"{at:%Y-%m-%d %H:%M}" for at in events["happened_at"]],
        "经过": events["event_kind"].map(EVENT_WORDS),
        "办理人": events["done_by"],
        "说明": events["note_text"],
    })


@kept
def chosen(number: Any) -> int:
    """The difference that a person chose.

    Raises: RefusedError if none was chosen.
    """
    if number is None:
        raise RefusedError("请先选择一处差异。")
    return int(number)

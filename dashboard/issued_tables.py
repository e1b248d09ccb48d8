"""Tables and pieces of the page 公文报表: what may be handed out, what a paper says, what was handed out."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.actions.issued_papers import ACTIONS, IssuedPaper
from dashboard.kept import kept
from dashboard.papers.catalogue import KINDS, PaperKind
from dashboard.papers.content import Block, Heading, Paper, Paragraph, Table
from dashboard.rights import NOTHING, reach
from metrics.inquiries import STATE_WORDS

_PIXELS_PER_MM = 4     # below this the words of a table would break at every sign
EVERY = "*"      # every unit, in one zip


def offered(role: str, has_round: bool) -> dict[str, PaperKind]:
    """The papers that a role may have; those on a round only where there is one."""
    return {
        name: kind for name, kind in KINDS.items()
        if reach(role, "action", ACTIONS[kind.about]) != NOTHING
        and (has_round or not kind.needs_round)
    }


@kept
def no_round_sentence(kinds: Mapping[str, PaperKind]) -> str:
    """What there is to hand out before any round is open."""
    titles = "、".join(kind.title for kind in kinds.values())
    return f"这份文件到统计截止日还没有开启填报轮次，只能出具{titles}。"


@kept
def unit_choices(units: pd.DataFrame, own: str, *, has_batch: bool) -> dict[str, str]:
    """Whose paper it may be: the own unit's; for the prefecture any unit's, or every unit's at once."""
    names = dict(zip(units["recipient_id"], units["recipient_name"], strict=True))
    if own:
        return {own: names[own]} if own in names else {}
    every = {EVERY: f"全部 {len(names)} 个单位（压缩包）"} if has_batch else {}
    return {**names, **every}


@kept
def gap_sentence(paper: Paper) -> str:
    """How many places wait for a person; empty where none does."""
    if not paper.gaps:
        return ""
    return f"有 {len(paper.gaps)} 处程序不能代写，文中标为“请补写”：{'；'.join(paper.gaps)}。"


@kept
def done_sentence(made: IssuedPaper) -> str:
    """What was handed out, and under which number it is in the log."""
    left_out = "；".join(f"{name}：{why}" for name, why in made.failures)
    failed = f"没有出具的单位——{left_out}" if left_out else ""
    return f"已出具《{made.file_name}》，校验码 {made.sha256[:16]}……，回执 {made.entry}。{failed}"


@kept
def made(table: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """Every paper handed out, the newest first."""
    return pd.DataFrame({
        "时间": [labels.moment(at) for at in table["happened_at"]],
        "公文报表": table["paper_name"],
        "单位": [units.get(key, "—") if key else "—" for key in table["recipient_id"]],
        "文件": table["file_name"],
        "出具人": table["actor_name"],
        "校验码": [f"（{text[:16]}）" for text in table["file_sha256"]],
        "回执": [
            f"第 {number} 号（{text[:8]}）" for number, text in zip(table["entry_no"], table["entry_hash"], strict=True)
        ],
    })


@kept
def preview(paper: Paper) -> str:
    """What a paper says, for the screen; every word is escaped."""
    head = [f'<p class="wx-paper-title">{html.escape(paper.title)}</p>']
    if paper.subtitle:
        head.append(f'<p class="wx-paper-middle">{html.escape(paper.subtitle)}</p>')
    if paper.addressees:
        head.append(f"<p>{html.escape(paper.addressees)}：</p>")
    annexes = [f"<p>附件：{html.escape('；'.join(paper.annexes))}</p>"] if paper.annexes else []
    return '<div class="wx-issued">' + "".join([
        *head, *_blocks(paper.blocks), *annexes, *_blocks(paper.annex_blocks),
    ]) + "</div>"


def _blocks(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if isinstance(block, Heading):
            yield f"<p><b>{html.escape(block.text)}</b></p>"
        elif isinstance(block, Paragraph):
            yield _paragraph(block)
        elif isinstance(block, Table):
            yield _table(block)


def _paragraph(block: Paragraph) -> str:
    style = {"title": "wx-paper-title", "centre": "wx-paper-middle", "note": "wx-paper-note"}.get(block.style, "")
    text = html.escape(block.text)
    if block.filled:
        text = text.replace(html.escape(block.filled), f"<u>{html.escape(block.filled)}</u>", 1)
    return f'<p class="{style}">{text}</p>'


def _table(table: Table) -> str:
    lines: dict[int, list[str]] = {}
    for row_no, _, cell in table.placed():
        name = "th" if cell.is_head else "td"
        text = html.escape(cell.text.strip("\n")).replace("\n", "<br>")
        span = f' colspan="{cell.across}" rowspan="{cell.down}"' if cell.across > 1 or cell.down > 1 else ""
        look = ' class="wx-left"' if cell.is_left else ""
        lines.setdefault(row_no, []).append(f"<{name}{look}{span}>{text}</{name}>")
    rows = "".join(f"<tr>{''.join(cells)}</tr>" for cells in lines.values())
    width = sum(table.widths_mm)
    columns = "".join(f'<col style="width:{each / width:.1%}">' for each in table.widths_mm)
    least = round(width * _PIXELS_PER_MM)
    head = f'<table style="min-width:{least}px"><colgroup>{columns}</colgroup>'
    return f'<div class="wx-table">{head}{rows}</table></div>'


@kept
def telling(bar: Any) -> Callable[[str, int, int], None]:
    """What moves a progress bar on with each unit of a batch."""
    def told(unit: str, done: int, count: int) -> None:
        bar.progress(done / count, f"{unit}已办（{done}／{count}）")

    return told


@kept
def inquiry_choices(table: pd.DataFrame) -> dict[int, str]:
    """The 问效单 of the notice as a selector shows them."""
    return {int(row["inquiry_no"]): _inquiry(row) for row in table.to_dict("records")}


def _inquiry(row: Mapping[str, Any]) -> str:
    return f"{row['inquiry_label']}　{row['recipient_name']}　{STATE_WORDS[row['inquiry_state']]}"

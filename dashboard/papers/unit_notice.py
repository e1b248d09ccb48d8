"""A notice for one unit: its own words with the unit's amount in the place left blank, the unit's row and targets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

import pandas as pd

from dashboard import labels
from dashboard.papers.assessment import level_cells
from dashboard.papers.content import NOTHING, Block, Cell, NewPage, Paper, Paragraph, Table, gap, safe_name
from dashboard.papers.facts import Facts, Row, day_words
from data.errors import RefusedError

BLANK_CODE = "blank-amount"
MOST_COLUMNS = 9     # more money columns than this stand below one another
_SHEET_WIDTHS = (27, 33, 62, 34)
_FRAME = re.compile(r"^[\s#*|>]+|[\s*|]+$")
_ANNEX = re.compile(r"\s*附\s*件\s*\d*\s*[:：.．]|\s*附\s*件\s*\d*\s*$")
_END = re.compile(r"[。；;：:！？!?]$")
_ITEM = re.compile(r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、]")
_GAP = re.compile(r"[\s_＿×xX*□…\u00a0\u3000]+(?=(万?元))")


@dataclass(frozen=True)
class Filled:
    """The body of a notice with a unit's amount; ``words`` is what was put in, '' where there was no blank."""

    paragraphs: tuple[str, ...]
    words: str
    line_no: int = 0


def unit_notice(facts: Facts, recipient_id: str) -> Paper:
    """The notice as it goes to one unit.

    Raises: RefusedError if nothing of the notice's body can be told from its head and its annexes.
    """
    unit = facts.unit(recipient_id)
    name = str(unit["recipient_name"])
    filled = fill(facts, unit["after_yuan"])
    if not filled.paragraphs:
        raise RefusedError(f"{facts.scope.document_number} 的正文读不出来，出不了分送各单位的通知。")
    issuer, dated = facts.notice["issuer"], facts.notice["dated_on"]
    sheet = _has_targets(facts)
    annexes = [_table_name(facts), *([_sheet_name(facts)] if sheet else [])]
    annex_blocks: list[Block] = [
        NewPage(is_landscape=True), Paragraph("附件1" if sheet else "附件", style="annex"),
        Paragraph(annexes[0], style="title"), *_allocation(facts, recipient_id),
        Paragraph(f"注：本件只列{name}一行，金额按原文所印。", style="note"),
    ]
    if sheet:
        annex_blocks += [
            NewPage(), Paragraph("附件2", style="annex"), Paragraph(annexes[1], style="title"),
            _sheet_head(facts, unit), _targets(facts, recipient_id), *_target_notes(facts, recipient_id),
        ]
    return Paper(
        title=re.sub(r"\s+", "", str(facts.notice["title"] or "")) or gap("标题"),
        blocks=(*_body(filled), Paragraph(_remark(facts, name, filled), style="note")), is_official=True,
        own_number=facts.scope.document_number, addressees=facts.addressees,
        sender=facts.sender if issuer is None or pd.isna(issuer) else str(issuer),
        dated_words="" if pd.isna(dated) else day_words(dated), copied_to=facts.copied_to,
        printed_words=_printed(facts), annexes=tuple(annexes), annex_blocks=tuple(annex_blocks),
        as_of_on=facts.scope.as_of_on, is_demonstration=facts.settings.is_demonstration,
        file_name=safe_name("资金通知", facts.scope.document_number, name),
    )


def fill(facts: Facts, amount_yuan: Any) -> Filled:
    """The body's paragraphs, a unit's amount in the place that the reader found blank.

    The blank is found by its shape: words for money, a gap, and 万元 or 元.
    """
    blanks = facts.findings[facts.findings["finding_code"] == BLANK_CODE]
    place = int(blanks["line_no"].iloc[0]) if len(blanks) else 0
    printed = str(blanks["printed_text"].iloc[0]) if len(blanks) else ""
    words, lines = "", []
    for line_no, text in _body_lines(facts):
        found = _GAP.search(printed) if line_no == place and printed in text else None
        if found:
            in_wan = found[1] == "万元"
            words = labels.wan(amount_yuan) if in_wan else _yuan(amount_yuan)
            text = text.replace(printed, f"{printed[:found.start()]} {words} {printed[found.end():]}", 1)
        lines.append(_FRAME.sub("", text))
    return Filled(tuple(_joined(lines)), words, place if words else 0)


def _yuan(amount_yuan: Any) -> str:
    """元 to the fen, whole 元 without decimals: 1,234,567.89 or 29,390,000."""
    return f"{Decimal(str(amount_yuan)):,.2f}".removesuffix(".00")


def _body_lines(facts: Facts) -> list[tuple[int, str]]:
    """The lines between the addressees (or the title) and the list of annexes (or who signs)."""
    fields = facts.fields
    start = max((fields[name] for name in ("addressees", "title", "document_number") if name in fields), default=0)
    ends = [int(facts.notice_end)]
    lines = [(int(no), str(text)) for no, text in zip(facts.lines["line_no"], facts.lines["line_text"], strict=True)]
    ends += [no for no, text in lines if no > start and _ANNEX.match(text)][:1]
    issuer = str(facts.notice["issuer"] or "")
    ends += [no for no, text in lines if no > start and issuer and text.strip() == issuer][:1]
    ends += [fields["dated_on"]] if fields.get("dated_on", 0) > start else []
    return [
        (no, text) for no, text in lines
        if start < no < min(ends) and _FRAME.sub("", text) and not re.fullmatch(r"[-—=_\s]+", text)
    ]


def _joined(lines: Iterable[str]) -> Iterable[str]:
    """Paragraphs: a line that breaks off in the middle of a sentence goes on in the next."""
    held = ""
    for line in lines:
        if held and (_END.search(held) or _ITEM.match(line)):
            yield held
            held = ""
        held += line
    if held:
        yield held


def _body(filled: Filled) -> Iterable[Paragraph]:
    for text in filled.paragraphs:
        yield Paragraph(text, f" {filled.words} " if filled.words and f" {filled.words} " in text else "")


def _remark(facts: Facts, name: str, filled: Filled) -> str:
    """What was put in and what was not, so that nobody takes the copy for the original."""
    if filled.words:
        return (
            f"（说明：本件按原文制作，正文下划线处原文为空白，填入附件所列{name}的金额；附件只列{name}的金额和目标。以原文为准。）"
        )
    return f"（说明：本件按原文制作，正文没有留空的金额，没有填入任何数；附件只列{name}的金额和目标。以原文为准。）"


def _printed(facts: Facts) -> str:
    found = facts.fields_text.get("printed_on", "")
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", found)
    return f"{match[1]}年{int(match[2])}月{int(match[3])}日印发" if match else ""


def _table_name(facts: Facts) -> str:
    titles = [title for title in facts.cells["table_title"] if title]
    return str(titles[0]) if titles else "资金分配表"


def _allocation(facts: Facts, recipient_id: str) -> Iterable[Block]:
    """The unit's row of every allocation table, under the table's own heads."""
    own = facts.cells[facts.cells["recipient_id"] == recipient_id]
    for _, table in own.groupby("table_no", sort=True):
        for _, row in table.groupby("row_no", sort=True):
            cells = row.to_dict("records")
            yield _beside(cells) if len(cells) <= MOST_COLUMNS else _below(cells)


def _amount(cell: Row) -> Cell:
    """Money in 万元; a cell that the paper leaves blank stays blank."""
    yuan = cell["amount_yuan"]
    return Cell("" if pd.isna(yuan) else labels.wan(yuan), is_figure=True)


def _column(cell: Row) -> str:
    """A column's own head, without the head above it."""
    return str(cell["column_name"]).rpartition("/")[2]


def _source(cell: Row) -> str:
    total = cell["stated_total_yuan"]
    words = str(cell["source_document"] or "")
    return words if not words or pd.isna(total) else f"{words}\n{labels.wan(total)} 万元"


def _beside(cells: list[dict[Any, Any]]) -> Table:
    """A row as it is printed; columns of one source document stand under its number."""
    width = (225 - 42) / len(cells)
    groups = [list(group) for _, group in groupby(cells, _source)]
    is_grouped = any(_source(cell) for cell in cells)
    first, second = [Cell("单位", 1, 2 if is_grouped else 1, is_head=True)], []
    for group in groups:
        if _source(group[0]):
            first.append(Cell(_source(group[0]), len(group), is_head=True))
            second += [Cell(_column(cell), is_head=True) for cell in group]
        else:
            first += [Cell(_column(cell), 1, 2 if is_grouped else 1, is_head=True) for cell in group]
    heads = (tuple(first), *([tuple(second)] if is_grouped else []))
    line = (Cell(str(cells[0]["row_name"])), *(_amount(cell) for cell in cells))
    return Table("资金分配", (42, *[width] * len(cells)), (*heads, line), head_count=len(heads),
                 unit_words="单位：万元", is_titled=False)


def _below(cells: list[dict[Any, Any]]) -> Table:
    rows = [(Cell("单位", is_head=True), Cell("来源文件", is_head=True), Cell("栏目", is_head=True),
             Cell("金额", is_head=True))]
    for place, cell in enumerate(cells):
        first = (Cell(str(cells[0]["row_name"]), down=len(cells)),) if place == 0 else ()
        rows.append((*first, Cell(_source(cell).replace("\n", " ") or NOTHING), Cell(_column(cell)),
                     _amount(cell)))
    return Table("资金分配", (45, 60, 80, 40), tuple(rows), unit_words="单位：万元", is_titled=False)


def _has_targets(facts: Facts) -> bool:
    return not facts.indicators.empty


def _sheet_name(facts: Facts) -> str:
    found = [
        re.sub(r"^\d{1,2}\s*[.．、]\s*", "", _FRAME.sub("", text)) for text in facts.lines["line_text"]
        if re.fullmatch(r"[#*\s]*[^，。：:]{0,30}绩效目标(?:申报|分解)?表[*\s]*", text)
    ]
    return found[0] if found else "绩效目标表"


def _sheet_head(facts: Facts, unit: Row) -> Table:
    """The head of the target sheet with the unit's own money."""
    def head(text: str, across: int = 1, down: int = 1) -> Cell:
        return Cell(text, across, down, is_head=True)

    sheet = facts.sheet or {}
    is_all_central = sheet and sheet["annual_amount_yuan"] == sheet["central_subsidy_yuan"]
    amount = labels.wan(unit["after_yuan"])
    rows: list[tuple[Cell, ...]] = [
        (head("项目名称"), Cell(facts.fund_name, 3)),
        (head("资金使用单位"), Cell(str(unit["recipient_name"])), head("年度"), Cell(f"{facts.year}年度")),
        (head("资金情况\n（万元）", down=3), head("年度金额"), Cell(amount, 2, is_figure=True)),
        (head("其中：中央财政补助"), Cell(amount if is_all_central else gap("中央财政补助"), 2, is_figure=True)),
        (head("地方补助"), Cell(gap("地方补助，没有的写 0"), 2)),
    ]
    if sheet:
        rows.append((head("年度总体目标"), Cell(str(sheet["annual_objective"]), 3, is_left=True)))
    return Table("绩效目标表头", _SHEET_WIDTHS, tuple(rows), head_count=0, is_titled=False)


def _targets(facts: Facts, recipient_id: str) -> Table:
    """The indicators with the unit's own targets."""
    rows: list[tuple[Cell, ...]] = [tuple(Cell(name, is_head=True) for name in (
        "一级指标", "二级指标", "三级指标", "指标值",
    ))]
    indicators = [{str(name): value for name, value in row.items()} for row in facts.indicators.to_dict("records")]
    own = {row["indicator_no"]: row for row in facts.of_unit(facts.targets, recipient_id)}
    for cells, row in zip(level_cells(indicators), indicators, strict=True):
        rows.append((*cells, Cell(_target_words(own.get(row["indicator_no"]), row))))
    return Table("绩效目标", _SHEET_WIDTHS, tuple(rows), is_titled=False)


def _target_words(own: Row | None, printed: Row) -> str:
    """The unit's target; a total that nobody has parted is said to be the region's."""
    if own is None:
        return str(printed["target_text"])
    return f"尚未分解（区域：{own['target_text']}）" if own["is_undecomposed"] else str(own["target_text"])


def _target_notes(facts: Facts, recipient_id: str) -> Iterable[Paragraph]:
    changed = [row["short_name"] for row in facts.of_unit(facts.targets, recipient_id) if row["target_version"] > 1]
    words = "各项均为区域目标，没有给本单位单独定目标。"
    if changed:
        words = f"{'、'.join(changed)}为单独给本单位定的目标，其余为区域目标。"
    yield Paragraph(f"注：指标值为{day_words(facts.scope.as_of_on)}有效的目标。{words}", style="note")

"""区域绩效目标表: its head, its narrative and its third-level indicators, in their true places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from data.model import Deadline, Finding, Severity, TargetRow, TargetSheet
from data.notice.document import Document, GridCell
from data.notice.figures import narrow, parse_number, squeeze, to_yuan
from data.notice.grids import Block, Layout, find_blocks
from data.notice.target_words import (
    damaged_measure,
    is_dimension,
    is_head_word,
    is_label,
    is_measure,
    is_objective_label,
    is_panel_label,
    is_stem,
    is_whole_measure,
    kind_of,
    plain,
)

_THIRD = re.compile(r"^三级指标$")
_YEAR = re.compile(r"(20\d\d)年度?")
_ANNUAL = re.compile(r"^(年度(资金)?(总额|金额)|资金总额|年度总额|本年度?申请)")
_CENTRAL = re.compile(r"中央(财政)?(补助|资金)")
_LOCAL = re.compile(r"^(其中:)?地方(财政)?(补助|资金)")
_WORKING_DAYS = re.compile(r"^(?P<after>.*?)(?:后|之日起|起)?(?:的)?(?P<days>\d{1,3})个?工作日(?:之?内|以内)?$")
_CALENDAR_DAYS = re.compile(r"^(?P<after>.*?)(?:后|之日起|起)?(?P<days>\d{1,3})(?:个?自然)?[日天](?:之?内|以内)$")


@dataclass(frozen=True)
class SheetReading:
    """The sheet of a notice and what a person must know about it."""

    sheet: TargetSheet | None
    findings: tuple[Finding, ...]


@dataclass
class _State:
    """What the rows above have said."""

    dimension: str = ""
    measure: str = ""
    rows: list[TargetRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def is_target_block(block: Block) -> bool:
    """Whether a table holds targets, not money by unit."""
    return any(_THIRD.match(plain(cell.text)) for cell in block.cells) or bool(
        re.search(r"绩效.{0,6}目标|目标.{0,4}表", squeeze(block.title)))


def read_target_sheet(document: Document) -> SheetReading:
    """The target sheet of a document.

    Reads:  words, not positions: a row that slid to the left is put where its words belong, and said so.
    Empty:  no sheet where the text has none; a sheet without rows where it ends in its head.
    """
    for block in find_blocks(document):
        if is_target_block(block):
            reading = _read(block, document)
            if reading.sheet is not None and reading.sheet.rows:
                return reading
    return SheetReading(None, ())


def _read(block: Block, document: Document) -> SheetReading:
    rows = [[cell for cell in row if squeeze(cell.text)] for row in block.grid.rows]
    rows = [_with_joined_words(row) for row in rows if row]
    cells = [cell for row in rows for cell in row]
    third = next((at for at, cell in enumerate(cells) if _THIRD.match(plain(cell.text))), None)
    if third is None:
        return SheetReading(None, ())
    first = third
    while first > 0 and is_head_word(cells[first - 1].text):
        first -= 1
    end = third + 1
    while end < len(cells) and is_head_word(cells[end].text):
        end += 1
    heads = [plain(cell.text) for cell in cells[third:end]]
    state = _State()
    body = _rows_from(rows, cells, end, block.layout)
    name_column = _column_of(block, cells[third])
    for at, row in enumerate(body):
        is_last = at == len(body) - 1 and block.reaches_end
        if block.layout is Layout.STREAM:
            _read_stream(row, state, _panel_width(heads), block)
        elif not _read_row(row, state, heads, is_last):
            _note_half_row(row, state, block, is_last)
        elif block.layout is Layout.GRID:
            _note_shift(row, state, name_column, block)
    sheet = _with_head(TargetSheet(block.title, block.title_line_no, tuple(state.rows)), cells[:first], block,
                       document, heads.count("三级指标"))
    is_cut = any(finding.code == "text-cut-off" for finding in state.findings)
    return SheetReading(replace(sheet, is_cut_off=is_cut), tuple(state.findings))


def _with_joined_words(row: Sequence[GridCell]) -> list[GridCell]:
    """「社会效益」「指标」 on two lines is one word."""
    out: list[GridCell] = []
    for cell in row:
        joined = plain(out[-1].text) + plain(cell.text) if out else ""
        if out and is_stem(out[-1].text) and (
                is_measure(joined) or is_dimension(joined, ()) or is_head_word(joined)):
            out[-1] = GridCell(joined, out[-1].line_no)
        else:
            out.append(cell)
    return out


def _rows_from(rows: Sequence[Sequence[GridCell]], cells: Sequence[GridCell], end: int, layout: Layout
               ) -> list[list[GridCell]]:
    if layout is Layout.STREAM:
        return [list(cells[end:])]
    seen = 0
    body = []
    for row in rows:
        seen += len(row)
        if seen > end and not re.match(r"^(注|备注|说明)[:1]?", plain(row[0].text)):
            body.append(list(row[max(0, len(row) - (seen - end)):]))
    return body


def _column_of(block: Block, wanted: GridCell) -> int:
    for row in block.grid.rows:
        for at, cell in enumerate(row):
            if cell is wanted:
                return at
    return -1


def _panel_width(heads: Sequence[str]) -> int:
    """How many cells a row has from its name on, in one panel."""
    after = heads[1:]
    stop = next((at for at, head in enumerate(after) if re.match(r"^[一二三]级指标$", head)), len(after))
    return 1 + max(1, stop)


# -- rows -------------------------------------------------------------------------------------------------


def _read_row(row: Sequence[GridCell], state: _State, heads: Sequence[str], is_last: bool) -> bool:
    """Read one row; False if it does not hold a whole indicator."""
    cells, printed = _take_levels(list(row), state)
    width = _panel_width(heads)
    panels = heads.count("三级指标")
    if len(cells) < 2 and (is_last or panels > 1 or not cells):
        return False
    left, rest = cells[:width], cells[width:]
    if panels > 1 and len(left) >= 2:
        right = [cell for cell in rest if not is_measure(cell.text)]
        if len(right) < 2:
            return not is_last and _add(left, "", printed, state, heads)
        return _add(right[:width], left[1].text, printed, state, heads)
    return _add(left, "", printed, state, heads)


def _take_levels(cells: list[GridCell], state: _State) -> tuple[list[GridCell], tuple[str, str]]:
    """Take the 一级 and 二级 words off a row's front and remember them."""
    dimension, measure = "", ""
    while len(cells) > 2 or (len(cells) == 2 and is_whole_measure(cells[0].text)):
        word = cells[0].text
        following = [cell.text for cell in cells[1:]]
        damaged = damaged_measure(word)
        if is_dimension(word, following) and not dimension:
            dimension = squeeze(word)
            state.dimension, state.measure = dimension, ""
        elif (is_measure(word) or damaged) and not measure:
            measure = squeeze(word)
            _enter_measure(measure, damaged, bool(dimension), cells[0], state)
        else:
            break
        cells = cells[1:]
    return cells, (dimension, measure)


def _enter_measure(measure: str, damaged: str, has_dimension: bool, cell: GridCell, state: _State) -> None:
    state.measure = damaged or measure
    if damaged:
        state.findings.append(Finding(
            "measure-damaged", Severity.REPAIRED, cell.line_no,
            f"二级指标印作“{measure}”，缺字，按“{damaged}”读入。", "measure", measure, damaged))
    kind = kind_of(state.measure)
    if not has_dimension and kind and kind_of(state.dimension) not in ("", kind):
        state.findings.append(Finding(
            "dimension-inferred", Severity.REPAIRED, cell.line_no,
            f"“{measure}”上方没有印出一级指标，按“{kind}”读入，请核对原件。", "dimension", "", kind))
        state.dimension = kind


def _add(cells: Sequence[GridCell], medium_term: str, printed: tuple[str, str], state: _State,
         heads: Sequence[str]) -> bool:
    name = cells[0].text.strip()
    target, weight = _target(cells[1:], heads)
    row = TargetRow(
        len(state.rows) + 1, cells[0].line_no, state.dimension, state.measure, _one_line(name), _one_line(name),
        target, printed[0], printed[1], _one_line(medium_term), weight)
    state.rows.append(row)
    if _looks_cut(name):
        state.findings.append(Finding(
            "name-cut", Severity.WARNING, row.line_no,
            f"第{row.indicator_no}项指标名称“{name}”印到一半中断，请对照原件补全。", "name", name))
    if not target:
        state.findings.append(Finding(
            "target-missing", Severity.WARNING, row.line_no,
            f"第{row.indicator_no}项指标“{name}”没有指标值，请对照原件补录。", "target_text"))
    return True


def _one_line(text: str) -> str:
    return squeeze(text) if re.search(r"[一-龥]", text) else " ".join(text.split())


def _target(cells: Sequence[GridCell], heads: Sequence[str]) -> tuple[str, str]:
    """The target's words and the weight, by the heads behind 三级指标: 性质, 值, 单位, 分值."""
    after = list(heads[1: _panel_width(heads)])
    texts = [_one_line(cell.text) for cell in cells]
    unit_at = next((at for at, head in enumerate(after) if "单位" in head), None)
    if texts[:1] == ["定性"] and unit_at is not None and len(texts) == len(after) - 1:
        texts.insert(unit_at, "")   # a target in words has no unit
    if len(after) < 2 or len(texts) != len(after):
        return (texts[0] if texts else ""), ""
    parts = {"sign": "", "value": "", "unit": "", "weight": ""}
    for head, text in zip(after, texts, strict=True):
        part = next((part for part, pattern in (("sign", "性质"), ("unit", "单位"), ("weight", "分值|权重"),
                                                ("value", "值")) if re.search(pattern, head)), "")
        if part and not parts[part]:
            parts[part] = text
    sign = "" if parts["sign"] in ("定性", "") else parts["sign"]
    return sign + parts["value"] + parts["unit"], parts["weight"]


def _looks_cut(name: str) -> bool:
    words = narrow(name)
    return words.endswith(("、", ",", "(", "和", "及")) or words.count("(") > words.count(")")


def _note_half_row(row: Sequence[GridCell], state: _State, block: Block, is_last: bool) -> None:
    if not is_last:
        return
    words = " ".join(cell.text for cell in row)
    state.findings.append(Finding(
        "text-cut-off", Severity.WARNING, row[0].line_no,
        f"绩效目标表在文本末尾被截断：最后不完整的一行“{words}”未读入，请补充完整文件。", printed=words))


def _note_shift(row: Sequence[GridCell], state: _State, name_column: int, block: Block) -> None:
    target = state.rows[-1]
    for printed_row in block.grid.rows:
        for column, cell in enumerate(printed_row):
            if cell.line_no == target.line_no and _one_line(cell.text.strip()) == target.printed_name:
                if column != name_column and name_column >= 0:
                    state.findings.append(Finding(
                        "cells-shifted", Severity.REPAIRED, target.line_no,
                        f"第{target.indicator_no}项指标所在行左移了{name_column - column}格，已按指标名称归入"
                        f"{target.dimension}/{target.measure}。",
                        "name", "｜".join(cell.text for cell in row),
                        f"{target.dimension}/{target.measure}/{target.printed_name}"))
                return


def _read_stream(cells: Sequence[GridCell], state: _State, width: int, block: Block) -> None:
    """One cell after the other: level words, then a name and its values, again and again."""
    rest = [cell for cell in cells if not re.match(r"^(注|备注|说明):", plain(cell.text))]
    while rest:
        taken, printed = _take_levels(rest, state)
        if len(taken) < 2:
            if taken and block.reaches_end:
                _note_half_row(taken, state, block, True)
            return
        stop = min(width, len(taken))
        _add(taken[:stop], "", printed, state, ["三级指标", *["指标值"] * (width - 1)])
        rest = taken[stop:]


# -- the upper part ---------------------------------------------------------------------------------------


def _with_head(sheet: TargetSheet, cells: Sequence[GridCell], block: Block, document: Document, panels: int
               ) -> TargetSheet:
    head: list[tuple[str, str]] = []
    amounts: dict[str, tuple[Decimal | None, int]] = {}
    unit = "万元"
    objectives: tuple[str, ...] = ()
    for at, cell in enumerate(cells):
        words = plain(cell.text)
        if is_objective_label(words):
            narrative = [c.text for c in cells[at + 1:] if not is_panel_label(c.text) and not is_head_word(c.text)
                         and not is_objective_label(c.text)]
            objectives = _objectives(narrative[-1:] if panels > 1 else narrative) or objectives
            break
        if not is_label(words):
            continue
        unit = next((u for u in ("亿元", "万元", "元") if f"({u})" in words), unit)
        following = cells[at + 1] if at + 1 < len(cells) else None
        if re.match(r"^(资金情况|项目资金)", words) and (following is None or is_label(following.text)):
            continue
        value = "" if following is None or is_label(following.text) else following.text.strip()
        head.append((cell.text.strip(), value))
        line_no = cell.line_no if following is None or not value else following.line_no
        for key, pattern in (("annual", _ANNUAL), ("central", _CENTRAL), ("local", _LOCAL)):
            if pattern.search(words) and key not in amounts:
                amounts[key] = to_yuan(parse_number(value), unit), line_no
                break
    year, region = _year_and_region(sheet, document, block)
    annual = amounts.get("annual", (None, 0))
    return replace(
        sheet, year=year, region=region, head=tuple(head), objectives=objectives,
        project=next((value for label, value in head if re.search(r"(项目|专项|资金)名称", plain(label))), ""),
        annual_amount_yuan=annual[0], annual_amount_line_no=annual[1] or None,
        central_subsidy_yuan=amounts.get("central", (None, 0))[0],
        local_subsidy_yuan=amounts.get("local", (None, 0))[0])


def _objectives(cells: Sequence[str]) -> tuple[str, ...]:
    text = "\n".join(cells)
    parts = re.split(r"</?p>|<br\s*/?>|\n", text)
    return tuple(part.strip() for part in parts if part.strip())


def _year_and_region(sheet: TargetSheet, document: Document, block: Block) -> tuple[int | None, str]:
    near = [line.text for line in document.lines
            if sheet.line_no < line.line_no < max(block.grid.line_no, sheet.line_no + 4)]
    for text in [*near, sheet.title]:
        found = _YEAR.search(squeeze(text))
        if found:
            in_brackets = re.search(r"[((]\s*20\d\d\s*年度?\s*(.*?)\s*[))]", text)
            return int(found.group(1)), squeeze(in_brackets.group(1)) if in_brackets else ""
    return None, ""


def deadlines_of(sheet: TargetSheet) -> tuple[Deadline, ...]:
    """The time limits among the targets: 「收到自治区财政调整资金文件3个工作日内」."""
    found = []
    for row in sheet.rows:
        words = plain(row.target_text)
        working, calendar = _WORKING_DAYS.match(words), _CALENDAR_DAYS.match(words)
        match = working or calendar
        if match is None or not match.group("after"):
            continue
        days = int(match.group("days"))
        found.append(Deadline(row.name, match.group("after"), row.target_text, row.line_no,
                              working_days=days if working else None,
                              calendar_days=None if working else days))
    return tuple(found)

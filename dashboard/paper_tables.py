"""Tables of the page 资金文件: what was read from a paper, beside what the paper prints."""

from __future__ import annotations

import pandas as pd

from dashboard import labels
from dashboard.kept import kept
from data.model import AllocationTable, ColumnRole, FundNotice
from data.notice.amend import HEADER_FIELDS
from data.notice.rows import field_rows


def value_text(name: str, value: str) -> str:
    """A header value as people read it: money in 万元."""
    return f"{labels.wan(value)} 万元" if name in ("amount_yuan", "body_amount") else value


@kept
def fields(table: pd.DataFrame) -> pd.DataFrame:
    """Each header value beside its printed words and line."""
    return pd.DataFrame({
        "栏目": table["field_name"].map(labels.FIELD_WORDS),
        "读成": [value_text(n, v) for n, v in zip(table["field_name"], table["value_text"], strict=True)],
        "文件所印": table["printed_text"],
        "行号": table["line_no"].astype("Int64"),
    })


@kept
def read_fields(notice: FundNotice) -> pd.DataFrame:
    """As ``fields``, of a notice that is not published yet; what the text does not say is said too."""
    rows = list(field_rows(notice))
    table = fields(pd.DataFrame(rows, columns=["field_name", "value_text", "printed_text", "line_no"]))
    absent = [word for name, word in HEADER_FIELDS.items() if all(row["field_name"] != name for row in rows)]
    missing = pd.DataFrame({"栏目": absent, "读成": "文件中没有写", "文件所印": "", "行号": pd.NA})
    return pd.concat([table, missing.astype({"行号": "Int64"})]) if absent else table


@kept
def read_table(table: AllocationTable) -> pd.DataFrame:
    """An allocation table as read: units down, columns as the paper heads them."""
    columns = [column for column in table.columns if column.role is not ColumnRole.NOTE]
    rows = []
    for row in table.rows:
        cells = {cell.column_no: cell for cell in row.cells}
        shown: dict[str, object] = {"单位": row.printed_name}
        for column in columns:
            cell = cells.get(column.column_no)
            shown[column.name] = None if cell is None or cell.number is None else float(cell.number)
        shown["行号"] = row.line_no
        rows.append(shown)
    return pd.DataFrame(rows)


@kept
def read_targets(notice: FundNotice) -> pd.DataFrame:
    """The target sheet as read."""
    rows = notice.target_sheet.rows if notice.target_sheet else ()
    return pd.DataFrame(
        [
            {"序号": row.indicator_no, "一级指标": row.dimension, "二级指标": row.measure, "三级指标": row.name,
             "文件所印名称": row.printed_name if row.printed_name != row.name else "同左",
             "指标值": row.target_text, "行号": row.line_no}
            for row in rows
        ]
    )


@kept
def read_findings(notice: FundNotice) -> pd.DataFrame:
    """What was repaired or is worth a look, of a notice that is not published yet."""
    return pd.DataFrame(
        [{"类别": labels.SEVERITY_WORDS[f.severity.value], "行号": f.line_no, "说明": f.sentence}
         for f in notice.findings],
        columns=["类别", "行号", "说明"],
    ).astype({"行号": "Int64"})


@kept
def findings(table: pd.DataFrame) -> pd.DataFrame:
    """What was repaired or is worth a look, of a published notice."""
    return pd.DataFrame({
        "类别": table["severity"].map(labels.SEVERITY_WORDS),
        "行号": table["line_no"].astype("Int64"),
        "说明": table["sentence_text"],
    })


@kept
def published(table: pd.DataFrame) -> pd.DataFrame:
    """The published notices."""
    return pd.DataFrame({
        "文号": table["document_number"],
        "资金": table["fund_name"],
        "金额（万元）": table["amount_yuan"] / 10_000,
        "标识": table["direct_fund_marker"],
        "成文日期": [labels.full_day(value) for value in table["dated_on"]],
        "单位": table["unit_count"].astype(int),
        "指标": table["indicator_count"].astype(int),
        "发布": [f"{name}，{labels.moment(at)}"
               for name, at in zip(table["published_by"], table["published_at"], strict=True)],
    })


@kept
def original(table: pd.DataFrame) -> pd.DataFrame:
    """The words of a notice, line by line; empty lines are left out."""
    table = table[table["line_text"].str.strip() != ""]
    return pd.DataFrame({"行号": table["line_no"], "原文": table["line_text"].str.replace("\t", "　")})


@kept
def unit_count(notice: FundNotice) -> int:
    """How many units a notice gives money to."""
    return len({row.name for table in notice.allocation_tables for row in table.rows if row.kind == "recipient"})


@kept
def correctable(notice: FundNotice) -> dict[str, tuple[int, str, str]]:
    """Every place that a person may correct: its words → line, field name, printed text."""
    found: dict[str, tuple[int, str, str]] = {}
    for name, word in HEADER_FIELDS.items():
        reading = getattr(notice, name)
        found[word] = (reading.line_no, name, reading.printed) if reading else (0, name, "")
    for table in notice.allocation_tables:
        heads = {column.column_no: column for column in table.columns}
        for row in table.rows:
            for cell in row.cells:
                head = heads[cell.column_no]
                if head.role not in (ColumnRole.COUNT, ColumnRole.NOTE):
                    words = f"{row.printed_name}：{head.name}（第 {cell.line_no} 行，现为 {cell.printed or '空白'}）"
                    field = f"cell:{table.table_no}:{row.row_no}:{cell.column_no}"
                    found[words] = (cell.line_no, field, cell.printed)
    for target in notice.target_sheet.rows if notice.target_sheet else ():
        found[f"第 {target.indicator_no} 项指标名称：{target.name}"] = (
            target.line_no, f"indicator_name:{target.indicator_no}", target.printed_name,
        )
        found[f"第 {target.indicator_no} 项指标值：{target.target_text}"] = (
            target.line_no, f"target_text:{target.indicator_no}", target.target_text,
        )
    return found

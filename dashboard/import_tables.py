"""What a bulk import says on its page: counts, what was not taken, the receipt of every row as a file."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv as pa_csv  # type: ignore[import-untyped]

from dashboard import labels
from dashboard.actions.imports import OUTCOMES, ImportReceipt
from dashboard.kept import kept
from data.csv_rows import guarded

SHOWN_FAULTS = 200
ROW_HEADS = {
    "line_no": "行号", "document_number": "文号", "round_id": "轮次", "recipient_id": "单位代码",
    "indicator_no": "序号", "row_outcome": "结果", "fault_code": "差错代码", "place_text": "位置",
    "sentence_text": "原因",
}


@kept
def counts(receipt: ImportReceipt) -> pd.DataFrame:
    """How many rows have which outcome."""
    return pd.DataFrame([{"结果": word, "行数": receipt.counts[name]} for name, word in OUTCOMES.items()])


@kept
def rejected(receipt: ImportReceipt) -> pd.DataFrame:
    """The first rows that are not taken, with the place and the reason."""
    return pd.DataFrame([
        {"行号": row["line_no"], "位置": row["place_text"] or "—", "原因": row["sentence_text"]}
        for row in receipt.rejected(SHOWN_FAULTS)
    ])


@kept
def outcome_sentence(receipt: ImportReceipt) -> str:
    """What an import does, or did, in words."""
    units, rows = receipt.unit_counts, receipt.counts
    words = (
        f"共 {receipt.row_count:,} 行：{units['imported']} 个单位的填报有变化，{units['unchanged']} 个单位没有变化，"
        f"{units['rejected']} 个单位有差错、整份不导入（{rows['rejected']:,} 行）。"
    )
    if receipt.kept_count:
        words += f"文件里没有的 {receipt.kept_count:,} 项指标保留上一版的数。"
    return words


@kept
def rows_csv(rows: pa.Table | pd.DataFrame) -> bytes:
    """The receipt of every row as CSV with Chinese heads, as a workbook program opens it."""
    table = rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, preserve_index=False)
    words = [OUTCOMES[name] for name in table["row_outcome"].to_pylist()]
    table = table.set_column(table.column_names.index("row_outcome"), "row_outcome", pa.array(words, pa.string()))
    buffer = io.BytesIO()
    buffer.write("\ufeff".encode())
    # What was sent stands in these cells: a spreadsheet must not run it.
    shown = pa.table({
        head: pa.array([None if cell is None else guarded(str(cell)) for cell in table[name].to_pylist()], pa.string())
        for name, head in ROW_HEADS.items()
    })
    pa_csv.write_csv(shown, buffer)
    return buffer.getvalue()


@kept
def made(imports: pd.DataFrame) -> pd.DataFrame:
    """The imports of before."""
    return pd.DataFrame({
        "回执号": [f"第 {number} 号（{code[:8]}）" for number, code in zip(
            imports["entry_no"], imports["entry_hash"], strict=True
        )],
        "时间": [labels.moment(moment) for moment in imports["happened_at"]],
        "办理人": imports["actor_name"],
        "文件与轮次": imports["subject_text"],
        "行数": imports["row_count"].astype(int),
        "未导入": imports["rejected_count"].astype(int),
    })

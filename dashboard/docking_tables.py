"""Tables and words of the page 系统对接: what is loaded, what a file would do, what became of earlier ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import labels, look
from dashboard.actions.docking import LoadedExport
from dashboard.kept import kept
from dashboard.labels import Mark
from data.csv_rows import guarded
from data.docking.export_file import staged
from data.docking.mapping import (
    RECORD_KINDS,
    SYSTEMS,
    ExportMapping,
    export_title,
    guess_mapping,
    place_fields,
    shipped_mappings,
)
from data.docking.person_words import HIDDEN

STATE_MARKS = {
    "current": Mark("有效", "●", "circle", look.GOOD),
    "replaced": Mark("已替换", "◆", "diamond", look.OPEN),
    "withdrawn": Mark("已撤回", "✕", "x-thin-open", look.BAD),
}
SHOWN_REJECTS = 200


def titles() -> dict[str, str]:
    """Every kind of export that can be loaded, by the key of its mapping."""
    return {key: export_title(found.system_name, found.record_kind) for key, found in shipped_mappings().items()}


@kept
def missing(now: pd.DataFrame, own: str) -> list[str]:
    """What has never been loaded, one sentence per system; ``own`` is the unit of who looks, '' for the prefecture."""
    held = set(zip(*(now.loc[now["export_no"].notna(), name] for name in ("system_name", "record_kind")), strict=True))
    whose = "没有载入过本单位的" if own else "没有载入"
    sentences = []
    for system, name in SYSTEMS.items():
        lacking = [
            RECORD_KINDS[found.record_kind] for found in shipped_mappings().values()
            if found.system_name == system and (system, found.record_kind) not in held
        ]
        if lacking:
            sentences.append(f"{name}{whose}：{'、'.join(lacking)}。没有载入的不是零，对不了账，也查不出疑点。")
    return sentences


@kept
def first_sentence(now: pd.DataFrame) -> str:
    """How much is loaded, and how many rows were not taken."""
    held = now[now["export_no"].notna()]
    if held.empty:
        return "还没有载入任何导出。"
    left_out = int(held["rejected_count"].sum())
    tail = f"；{left_out:,} 行没有载入，原因见下方" if left_out else "，没有漏下的行"
    return f"现在有效的导出 {len(held)} 份，共 {int(held['row_count'].sum()):,} 行{tail}。"


@kept
def matrix(now: pd.DataFrame) -> pd.DataFrame:
    """Kinds down, systems across: what holds of each."""
    known = {(found.system_name, found.record_kind) for found in shipped_mappings().values()}
    return pd.DataFrame([
        {"数据": words, **{
            name: _held(now, system, kind) if (system, kind) in known else "没有这种导出"
            for system, name in SYSTEMS.items()
        }}
        for kind, words in RECORD_KINDS.items()
    ])


def _held(now: pd.DataFrame, system: str, kind: str) -> str:
    rows = now[(now["system_name"] == system) & (now["record_kind"] == kind) & now["export_no"].notna()]
    if rows.empty:
        return "■ 没有载入"
    units = list(dict.fromkeys(name for name in rows["recipient_name"] if name))
    whose = "全部单位" if (rows["recipient_id"] == "").any() else f"只有{'、'.join(units)}"
    span = f"{rows['period_from_on'].min():%Y-%m-%d} 至 {rows['period_to_on'].max():%Y-%m-%d}"
    copies = f"{len(rows)} 份" if len(rows) > 1 else f"第 {int(rows['export_no'].iloc[0])} 次"
    left_out = int(rows["rejected_count"].sum())
    return f"● {copies} {int(rows['row_count'].sum()):,} 行，{whose}，{span}" + (
        f"，另有 {left_out:,} 行没有载入" if left_out else ""
    )


@kept
def guessed(mappings: Sequence[ExportMapping], content: bytes, file_name: str) -> tuple[str, str]:
    """The key of the export that a file's heads look like, '' if that is not sure, and a sentence of it.

    Raises: FileError if the file cannot be read.
    """
    with staged(content, file_name) as file:
        heads = file.heads
    best = guess_mapping(mappings, heads)
    if best is None:
        return "", "按首行的列名认不出是哪一种导出，请自己选择；试读时会写明缺少哪些列。"
    twin = guess_mapping([
        other for other in mappings if other.record_kind == best.record_kind and other.key != best.key
    ], heads)
    if twin and len(place_fields(twin, heads, "").places) == len(place_fields(best, heads, "").places):
        return "", f"按首行的列名像是{RECORD_KINDS[best.record_kind]}，两个系统的列名相同，请选择是哪个系统的。"
    return best.key, f"按首行的列名像是{export_title(best.system_name, best.record_kind)}，请核对。"


@kept
def unit_choices(units: pd.DataFrame, own: str) -> dict[str, str]:
    """Whose an export may be: everybody's or one unit's; a unit's people have only their own."""
    named = dict(zip(units["recipient_id"], units["recipient_name"], strict=True))
    return {own: named.get(own, own)} if own else {"": "全部单位", **named}


@kept
def outcome_sentence(loaded: LoadedExport) -> str:
    """What a file does, or did, in words."""
    read = loaded.read
    if loaded.outcome == "nothing_changed":
        return f"这份文件就是现在有效的第 {loaded.export_no} 次导出，什么也没有改变。"
    is_dry = loaded.outcome == "dry_run"
    said = "试读完毕，还没有写入：可以载入 " if is_dry else f"已载入，为第 {loaded.export_no} 次导出："
    words = f"{said}{read.row_count:,} 行"
    if loaded.amount_yuan is not None:
        words += f"，合计 {labels.wan(loaded.amount_yuan)} 万元"
    if read.deleted_count:
        words += f"；{read.deleted_count:,} 行在系统里已删除，不载入"
    words += f"；{read.rejected_count:,} 行有差错，不载入" if read.rejected_count else "；没有差错"
    if loaded.ended:
        words += f"；替换第 {'、'.join(map(str, loaded.ended))} 次导出（{loaded.ended_row_count:,} 行"
        fewer = loaded.ended_row_count - read.row_count
        words += f"，减少 {fewer:,} 行）" if fewer > 0 else "）"
    if HIDDEN in loaded.file_name:
        words += f"；文件名里的长数字以{HIDDEN}代替"
    return f"{words}。"


@kept
def ignored_sentence(heads: Sequence[str]) -> str:
    """Which columns nothing is read from."""
    return f"没有读取的列 {len(heads)} 个：{'、'.join(heads)}。"


@kept
def reject_table(rejects: Sequence[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """The first rows that were not taken, each with its reason."""
    rows = rejects.to_dict("records") if isinstance(rejects, pd.DataFrame) else rejects
    return pd.DataFrame([
        {"位置": row["place_text"], "原因": row["sentence_text"]} for row in rows[:SHOWN_REJECTS]
    ], columns=["位置", "原因"])


@kept
def rejects_csv(rejects: pd.DataFrame) -> bytes:
    """Every kept row that was not taken as CSV with Chinese heads, as a workbook program opens it."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["行号", "位置", "差错代码", "原因"])
    table.writerows(
        [row["line_no"], *(guarded(str(row[name])) for name in ("place_text", "fault_code", "sentence_text"))]
        for row in rejects.to_dict("records")
    )
    return out.getvalue().encode("utf-8-sig")


@kept
def history(exports: pd.DataFrame) -> pd.DataFrame:
    """Every loading as people read it."""
    rows = exports.to_dict("records")
    return pd.DataFrame({
        "次序": [f"第 {row['export_no']} 次" for row in rows],
        "数据": [export_title(row["system_name"], row["record_kind"]) for row in rows],
        "单位": [row["recipient_name"] or "全部单位" for row in rows],
        "期间": [f"{row['period_from_on']:%Y-%m-%d} 至 {row['period_to_on']:%Y-%m-%d}" for row in rows],
        "载入行数": [f"{row['row_count']:,}" for row in rows],
        "没有载入": [f"{row['rejected_count']:,}" for row in rows],
        "文件": [row["file_name"] for row in rows],
        "载入": [f"{row['loaded_at']:%Y-%m-%d %H:%M} {row['loaded_by']}" for row in rows],
        "状态": [_state(row) for row in rows],
    })


def _state(row: Mapping[str, Any]) -> str:
    mark = STATE_MARKS[row["export_state"]]
    said = f"{mark.shape} {mark.word}"
    if row["export_state"] == "replaced":
        return f"{said}，由第 {int(row['replaced_by_no'])} 次替换"
    if row["export_state"] == "withdrawn":
        return f"{said}：{row['end_reason']}（{row['ended_by']} {row['ended_at']:%Y-%m-%d}）"
    return said


@kept
def choices(exports: pd.DataFrame) -> dict[int, str]:
    """Exports to choose one of, by their numbers."""
    return {
        int(row["export_no"]): f"第 {row['export_no']} 次　{export_title(row['system_name'], row['record_kind'])}　"
        f"{row['recipient_name'] or '全部单位'}　{row['file_name']}"
        for row in exports.to_dict("records")
    }

"""Every door that files come in by, each with sound files, and what a hostile one must meet there."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from builders import MARKER, NUMBER, OFFICER, ROUND, SUBMITTED_AT, clerk, form
from export_builders import KEY, parquet, payment, plan, workbook
from fpdf import FPDF
from notice_builders import Table, as_docx, as_xls, as_xlsx
from security.hostile_files import Sound

from dashboard.actions import targets
from dashboard.actions.docking import load_export
from dashboard.actions.evidence_files import attach_evidence, remove_evidence
from dashboard.actions.imports import bulk_template_workbook, import_actuals
from dashboard.actions.notices import read_received
from dashboard.actions.receipt_files import import_receipts
from dashboard.actions.reports import read_typed, read_upload, template_workbook
from dashboard.demo_exports import as_csv
from data.errors import IntakeError, WenxiaoError
from data.store import Store

MOST_SECONDS = 240      # the limit of the process that reads, and its turn
_REGION = "652800"
_FOREIGN = re.compile(
    r"Traceback|\b\w*(?:Error|Exception|Panic)\b|\.py\b|/proc/|/tmp/|site-packages|0x[0-9a-f]{6}|<class|object at|"
    r"\bNone\b|程序出错",
)


@dataclass(frozen=True)
class Met:
    """What became of a file: ``sentence`` and the sentences of single cells, empty if it was taken."""

    value: Any
    sentence: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Door:
    """One way in: sound files, and the action itself, which writes nothing that lasts."""

    sounds: tuple[Sound, ...]
    read: Callable[[bytes, str], Any]


def _table(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("表")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return buffer.getvalue()


def _csv(rows: list[list[Any]]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in rows).encode() + b"\n"


def _pdf() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=10)
    pdf.cell(0, 10, "notice 96", new_x="LMARGIN", new_y="NEXT")
    with pdf.table() as table:
        for row in (("a", "b"), ("1", "2")):
            table.row(row)
    return bytes(pdf.output())


def filled_form(store: Store, **cells: Any) -> bytes:
    """轮台县's form with some cells filled in."""
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(form(store))))
    for address, value in cells.items():
        book["填报表"][address] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def doors(store: Store) -> Mapping[str, Door]:
    """The doors of a store with the founding notice and an open round."""
    words = [
        "关于下达困难群众救助补助资金的通知", "巴财社〔2021〕96号", "附件1：资金分配表",
        Table("分配表", [["县市", "金额（万元）"], ["轮台县", "12"], ["合计", "12"]], [(0, 0, 0, 0)]),
    ]
    bulk = [
        ["文号", "轮次", "单位", "序号", "分子", "分母", "佐证说明"], [NUMBER, ROUND, "轮台县", 4, 900, 1000, "核查"],
        [NUMBER, ROUND, "轮台县", 5, 90, 100, "台账"],
    ]
    receipts = [
        ["文号", "单位", "环节", "时间", "金额（万元）", "标识", "凭证"],
        [NUMBER, "轮台县", "收文", "2021-12-22 18:00", "", "", "收文登记簿"],
        [NUMBER, "轮台县", "导入", "2021-12-23 10:00", 2939, MARKER, "截图"],
    ]
    pay = [payment(), payment(支付明细主键="P2", 支付凭证号="V2")]
    lake = io.BytesIO()
    pq.write_table(pa.table({name: [str(row[place]) for row in bulk[1:]] for place, name in enumerate(bulk[0])}), lake)
    asked = form(store)
    sheet = targets.prepare_sheet(store, NUMBER)

    def attached(content: bytes, name: str) -> bytes:
        done = attach_evidence(store, clerk("luntai"), SUBMITTED_AT, asked, 4, content, name)
        remove_evidence(store, clerk("luntai"), SUBMITTED_AT, asked, done.evidence_no)
        return content

    return {
        "notice": Door((
            Sound("通知.txt", "\n".join(["通知", NUMBER, "附件1:", "县\t金额", "轮台县\t1"]).encode()),
            Sound("通知.docx", as_docx(words)), Sound("通知.xlsx", as_xlsx(words)), Sound("通知.xls", as_xls(words)),
            Sound("通知.pdf", _pdf()),
        ), lambda content, name: read_received(store, content, name)),
        "form": Door((
            Sound("轮台县.xlsx", filled_form(store, F6=12)), Sound("轮台县填.xlsx", template_workbook(asked)),
        ), lambda content, name: read_upload(asked, content, name)),
        "typed form": Door(
            (Sound("轮台县.xlsx", template_workbook(asked)),), lambda content, name: read_typed(asked, content, name)
        ),
        "bulk": Door((
            Sound("数据.csv", _csv(bulk)), Sound("数据.xlsx", _table(bulk)), Sound("数据.parquet", lake.getvalue()),
            Sound("模板.xlsx", bulk_template_workbook(store, NUMBER, ROUND, "luntai")),
        ), lambda content, name: import_actuals(store, OFFICER, SUBMITTED_AT, content, name, _REGION, dry_run=True)),
        "receipts": Door(
            (Sound("登记.csv", _csv(receipts)), Sound("登记.xlsx", _table(receipts))),
            lambda content, name: import_receipts(store, OFFICER, SUBMITTED_AT, content, name, _REGION, dry_run=True),
        ),
        "targets": Door(
            (Sound("分解.xlsx", targets.sheet_workbook(sheet)),),
            lambda content, name: targets.read_sheet(sheet, content, name),
        ),
        "evidence": Door((
            Sound("照片.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40), Sound("台账.pdf", _pdf()),
            Sound("说明.docx", as_docx(["说明"])), Sound("名册.xlsx", _table(bulk)),
        ), attached),
        "export": Door((
            Sound("支付.csv", as_csv(pay)), Sound("支付gb.csv", as_csv(pay, "gb18030")),
            Sound("支付.xlsx", workbook(pay)), Sound("支付.parquet", parquet(pay)),
        ), lambda content, name: load_export(
            store, OFFICER, SUBMITTED_AT, KEY, content, name, plan(end=date(2021, 12, 25)), dry_run=True
        )),
    }


def met(door: Door, file: Sound) -> Met:
    """Give a file to a door; anything but a value or a sentence of ours escapes to the test."""
    began = time.monotonic()
    try:
        found = Met(door.read(file.content, file.file_name))
    except IntakeError as refused:
        found = Met(None, str(refused), tuple(issue.sentence for issue in refused.issues))
    except WenxiaoError as refused:
        found = Met(None, str(refused))
    assert time.monotonic() - began < MOST_SECONDS
    return found


def require_plain(found: Met, file_name: str) -> None:
    """That a refusal is one Chinese sentence which names the file, and nothing of the program shows in it."""
    if found.value is not None:
        return
    shown = found.sentence
    # What the person's own file is called or holds may be repeated; the rest is ours.
    for said in (shown, *found.cells):
        ours = said.replace(file_name, "")
        assert not _FOREIGN.search(ours), said
        assert re.search(r"[一-鿿]{2}", ours), said
        assert said.rstrip().endswith(("。", "：", "—")) or "。" in said, said
        assert len(ours) < 1_000, said[:300]
    assert file_name[-40:] in shown or "文件名" in shown or "扩展名" in shown, shown


"""What the product writes for spreadsheets: words that begin like a formula stay words, whoever writes the file."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dashboard import docking_tables, finding_tables, import_tables, reconciliation_tables
from dashboard.papers.content import Cell, Paper, Paragraph, Table
from dashboard.papers.workbook import write_workbook
from data import log_file
from data.csv_rows import FORMULA_HEADS, guarded
from data.intake.bulk_template import write_bulk_template
from data.intake.cells import FILLED_BY, STATEMENT
from data.intake.decomposition import DecompositionForm, DecompositionRow
from data.intake.decomposition_template import write_decomposition
from data.intake.example import write_bulk_example, write_example
from data.intake.form import EntryKind, FormRow, ReportForm
from data.intake.form_file import form_csv
from data.intake.receipt_table import write_receipt_template
from data.intake.template import write_template

ROOT = Path(__file__).parent.parent.parent
WRITES = re.compile(
    r"csv\.(?:writer|DictWriter)|xlsxwriter\.Workbook|write_csv\(|\.to_csv|\.to_excel|openpyxl\.Workbook|(?:work)?book\.save\("
)
# Writers whose files nobody opens as they are, and why.
NOT_HANDED_OUT = {
    "dashboard/api/imported.py": "JSON rows on their way into the importer",
    "dashboard/demo.py": "the demonstration's own forms, invented here",
    "dashboard/demo_exports.py": "the demonstration's own exports, invented here",
}
HOSTILE = [f"{head}cmd|' /C calc'!A0" for head in FORMULA_HEADS]


def form(words: str) -> ReportForm:
    """A form whose every word begins like a formula."""
    rows = (
        FormRow(1, words, words, words, words, words, words, EntryKind.RATIO, 3_000_000, words, words, None, words),
        FormRow(2, words, words, words, words, words, words, EntryKind.VERSUS_PRIOR, 3_000_000, prior_value=Decimal(3)),
        FormRow(3, words, words, words, words, words, words, EntryKind.QUALITATIVE, 3_000_000),
    )
    return ReportForm(
        words, "2021-12", words, date(2021, 12, 25), "luntai", words, words, Decimal(29_390_000), rows,
        {1: (Decimal(80), Decimal(100)), 2: (Decimal(60), Decimal(80)), 3: (Decimal(0), Decimal(60))},
    )


def into(write, *given) -> bytes:
    buffer = io.BytesIO()
    write(buffer, *given)
    return buffer.getvalue()


def decomposition(words: str) -> bytes:
    rows = (DecompositionRow(1, words, words, {"region": words, "luntai": words}),)
    return into(write_decomposition, DecompositionForm(words, words, "region", {"luntai": words}, rows))


def log_rows(words: str):
    return [dict.fromkeys(log_file.FIELDS, words) | {"entry_no": 1}], [{"说明": words}]


def typed_form(words: str) -> bytes:
    fields = ("numerator", "evidence_text", "deviation_reason")
    cells = {(name, number): words for name in fields for number in (1, 2, 3)}
    return form_csv(form(words), cells | {FILLED_BY: words, STATEMENT: words, ("claimed_points", 1): "-5.3"})


def findings(words: str) -> bytes:
    names = ("recipient_name", "code", "title", "subject_text", "stated_text", "expected_text", "place_text", "says")
    return finding_tables.csv_bytes(pd.DataFrame([{
        **dict.fromkeys(names, words), "severity": "fatal", "amount_yuan": Decimal("-5.30"), "found_count": 1,
    }]))


def differences(words: str) -> bytes:
    sides = {f"{side}_{name}": words for side in ("left", "right") for name in ("text", "place_text")}
    left, right = list(reconciliation_tables.SOURCE_WORDS)[:2]
    return reconciliation_tables.csv_bytes(pd.DataFrame([{
        "difference_no": 1, "recipient_name": words, "document_number": words, "record_kind": "payout",
        "pay_month": pd.Timestamp("2021-12-01"), "aid_kind": words, "budget_item_code": words,
        "difference_kind": "missing", "left_source": left, "right_source": right, "left_yuan": -5.3, "right_yuan": 5.3,
        "left_count": 1, "right_count": 1, "gap_yuan": -10.6, "cause_no": None, "cause_count": 0,
        "difference_state": "open", "note_text": words, **sides,
    }]))


def outcomes(words: str) -> bytes:
    return import_tables.rows_csv(pd.DataFrame([{
        **dict.fromkeys(import_tables.ROW_HEADS, words), "row_outcome": next(iter(import_tables.OUTCOMES)),
    }]))


def rejects(words: str) -> bytes:
    names = ("place_text", "fault_code", "sentence_text")
    return docking_tables.rejects_csv(pd.DataFrame([{"line_no": 1, **dict.fromkeys(names, words)}]))


def paper(words: str) -> bytes:
    table = Table(words, (30.0, 30.0), (
        (Cell(words, is_head=True), Cell(words)), (Cell(words, is_figure=True), Cell("-5.3", is_figure=True)),
    ), unit_words=words)
    return write_workbook(Paper(words, (table, Paragraph(words, "note")), "文.xlsx", date(2021, 12, 28), False))


CSV_FILES = {
    "data/log_file.py": lambda words: log_file.write_csv(*log_rows(words)), "data/intake/form_file.py": typed_form,
    "dashboard/finding_tables.py": findings, "dashboard/reconciliation_tables.py": differences,
    "dashboard/import_tables.py": outcomes, "dashboard/docking_tables.py": rejects,
}
WORKBOOKS = {
    "data/log_file.py": lambda words: log_file.write_xlsx(*log_rows(words)),
    "data/intake/template.py": lambda words: into(write_template, form(words)),
    "data/intake/bulk_template.py": lambda words: write_bulk_template([form(words)]),
    "data/intake/decomposition_template.py": decomposition,
    "data/intake/receipt_table.py": lambda words: write_receipt_template([(words, words)]),
    "data/intake/example.py": lambda words: write_example(form(words)),
    "data/intake/example.py, bulk": lambda words: write_bulk_example(form(words)),
    "dashboard/papers/workbook.py": paper,
}


def test_every_writer_is_tried_here():
    sources = [path for room in ("data", "metrics", "dashboard") for path in (ROOT / room).rglob("*.py")]
    found = {
        path.relative_to(ROOT).as_posix() for path in sources if WRITES.search(path.read_text(encoding="utf-8"))
    }

    tried = {name.partition(",")[0] for name in (*CSV_FILES, *WORKBOOKS)}
    assert found - set(NOT_HANDED_OUT) == tried, "新写的表格文件也要在这里检验"


@pytest.mark.parametrize("words", HOSTILE, ids=repr)
@pytest.mark.parametrize("name", CSV_FILES)
def test_no_cell_of_a_csv_begins_like_a_formula(name, words):
    text = CSV_FILES[name](words).decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert any(words.strip() in cell for cell in cells), "要检验的词没有写进去"
    plain_number = re.compile(r"[-+]?[\d.,]+")
    assert not [cell for cell in cells if cell.startswith(FORMULA_HEADS) and not plain_number.fullmatch(cell)]


@pytest.mark.parametrize("words", HOSTILE, ids=repr)
@pytest.mark.parametrize("name", WORKBOOKS)
def test_no_cell_of_a_workbook_becomes_a_formula(name, words):
    book = openpyxl.load_workbook(io.BytesIO(WORKBOOKS[name](words)))

    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(isinstance(cell.value, str) and "cmd|" in cell.value for cell in cells), "要检验的词没有写进去"
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.hyperlink]


@pytest.mark.parametrize("words", HOSTILE, ids=repr)
def test_a_guarded_word_can_be_told_from_its_apostrophe(words):
    assert guarded(words) == f"'{words}" and guarded(f"'{words}") == f"''{words}"
    assert guarded("轮台县") == "轮台县"


def test_tables_on_the_pages_offer_no_download_of_their_own():
    """Streamlit writes cells as they are; the button is hidden, and the words it bears are those of this release."""
    styles = (ROOT / "dashboard" / "static" / "pages.css").read_text(encoding="utf-8")
    words = (ROOT / "dashboard" / "static" / "chrome_words.json").read_text(encoding="utf-8")

    hidden = re.search(r"\[data-testid=stElementToolbarButton\]:has\((.*?)\) \{ display: none; \}", styles)
    assert hidden and '[aria-label^="Download as CSV"]' in hidden[1] and '[aria-label^="下载 CSV"]' in hidden[1]
    assert '"Download as CSV": "下载 CSV 表"' in words

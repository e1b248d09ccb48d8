"""The filled example of the report form: valid if it were not marked, marked on every sheet, and never taken in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from builders import OFFICER, REGION, SUBMITTED_AT, demo_store, form, opened_store, submit

from dashboard.actions.imports import import_actuals
from dashboard.actions.reports import example_name, read_upload, template_workbook
from data.errors import FileError
from data.intake.bulk_table import read_bulk_table
from data.intake.columns import CODE_ROW, EXAMPLE_SUFFIX, FIRST_ROW, FORMAT_MARK, GUIDE_NAME, SHEET_NAME, asked_fields
from data.intake.example import WARNING, write_bulk_example, write_example
from data.intake.filled import read_cells
from data.intake.form import EntryKind, ReportForm


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> ReportForm:
    store = opened_store(tmp_path_factory.mktemp("asked"))
    try:
        return form(store)
    finally:
        store.close()


def book_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_names_of_the_form(content: bytes) -> Any:
    book = book_of(content)
    for sheet in book.worksheets:
        sheet.title = sheet.title.removesuffix(EXAMPLE_SUFFIX)
    return book


def test_every_sheet_says_that_it_is_an_example(asked):
    book = book_of(write_example(asked))

    assert book.sheetnames == [f"{SHEET_NAME}（示例）", f"{GUIDE_NAME}（示例）"]
    for sheet, title in zip(book.worksheets, ("A2", "A1"), strict=True):
        assert sheet[title].value.startswith("【示例】")
        assert sheet.oddHeader.center.text == "示例"
    assert book.worksheets[0]["A5"].value == WARNING
    assert example_name(asked).startswith("示例_")


def test_the_example_is_refused_as_it_is_and_says_what_to_do(asked):
    with pytest.raises(FileError) as refused:
        read_upload(asked, write_example(asked), "示例.xlsx")

    assert str(refused.value) == (
        "《示例.xlsx》是填好的示例，里面的数都是举例，没有收下。请下载空白的填报表，填本单位的数以后再上传。"
    )
    with pytest.raises(FileError, match="填好的示例"):
        read_cells(write_example(asked), asked, "示例.xlsx")


def test_the_bulk_example_fills_every_row_of_a_unit_and_is_never_taken_in(asked):
    content = write_bulk_example(asked)
    (sheet,) = book_of(content).worksheets

    assert sheet.title == "批量数据（示例）"
    assert sheet.max_row == 1 + 1 + sum(row.entry is not EntryKind.FROM_RECEIPT for row in asked.rows)
    assert {cell.value for cell in sheet["C"][1:]} == {"（示例）轮台县"}
    assert sum(1 for line in sheet.iter_rows(min_row=2) for cell in line if cell.comment) >= sheet.max_row - 1
    with pytest.raises(FileError, match="是填好的示例，里面的数都是举例，没有收下"):
        read_bulk_table(content, "示例.xlsx")

    book = book_of(content)
    book.worksheets[0].title = "批量数据"
    store = demo_store()
    tried = import_actuals(store, OFFICER, SUBMITTED_AT, saved(book), "改名.xlsx", REGION, dry_run=True)
    assert tried.counts["rejected"] == sheet.max_row - 1, "no unit is called so"


def test_renaming_its_sheets_does_not_make_it_a_report(asked):
    with pytest.raises(FileError, match="填好的示例"):
        read_upload(asked, saved(with_names_of_the_form(write_example(asked))), "轮台县.xlsx")


def test_a_sheet_that_is_named_like_the_example_is_one_without_its_code(asked):
    book = book_of(write_example(asked))
    book.worksheets[0].cell(CODE_ROW, 1).value = FORMAT_MARK

    with pytest.raises(FileError, match="填好的示例"):
        read_upload(asked, saved(book), "轮台县.xlsx")


def test_the_empty_form_is_no_example(asked):
    assert read_upload(asked, template_workbook(asked), "轮台县.xlsx").report.paid_yuan is None


def test_its_figures_are_such_as_a_unit_may_submit_with_every_reason_that_is_asked_for(tmp_path: Path, asked):
    book = with_names_of_the_form(write_example(asked))
    book.worksheets[0].cell(CODE_ROW, 1).value = FORMAT_MARK
    given = read_upload(asked, saved(book), "轮台县.xlsx")

    store = opened_store(tmp_path)
    made = submit(store, given, at=SUBMITTED_AT, explains=False)

    assert (made.outcome, made.entry_count) == ("submitted", len(asked.rows) - 1)     # all but the clock's own
    states = {row["indicator_no"]: row["state"] for row in _scores(store)}
    misses = [number for number, state in states.items() if state in ("off", "slightly_off")]
    (rate,) = [row.indicator_no for row in asked.rows if row.entry is EntryKind.RATIO][:1]
    assert misses == [rate]
    store.close()


def _scores(store: Any) -> list[dict[str, Any]]:
    with store.reading() as cursor:
        return cursor.rows(
            "SELECT s.indicator_no, s.state FROM score AS s JOIN actual_current AS a USING "
            "(document_number, round_id, recipient_id, indicator_no) WHERE s.recipient_id = 'luntai' "
            "AND s.valid_to > $at AND s.indicator_no <> 11 ORDER BY s.indicator_no", {"at": SUBMITTED_AT},
        )


def test_each_kind_of_entry_has_its_cells_filled_and_a_note_that_says_why(asked):
    sheet = book_of(write_example(asked)).worksheets[0]
    rows = dict(enumerate(asked.rows, start=FIRST_ROW))
    noted = {rows[cell.row].entry for line in sheet.iter_rows(min_row=FIRST_ROW) for cell in line if cell.comment}
    filled = {rows[cell.row].indicator_no for line in sheet.iter_rows(min_row=FIRST_ROW, min_col=9, max_col=14)
              for cell in line if cell.value is not None and cell.row in rows}

    wanted = {row.entry for row in asked.rows if asked_fields(row.entry)}
    assert len(wanted) >= 5
    assert noted == wanted
    assert {row.indicator_no for row in asked.rows if row.entry in wanted} <= filled
    assert all(cell.comment.text.endswith("。") for line in sheet.iter_rows() for cell in line if cell.comment)

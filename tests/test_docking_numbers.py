"""Exports whose cells are numbers: what a workbook and Parquet say of them, and digits that they have lost."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders import published_store, rows
from export_builders import FORMS, allotment, load, payment, payout, workbook

from data.errors import FileError, IntakeError


@pytest.fixture
def store(tmp_path):
    found = published_store(tmp_path)
    yield found
    found.close()


def test_numbers_that_a_spreadsheet_has_cut_are_refused(store):
    loaded = load(store, content=workbook([payment(), payment(支付明细主键="P2", 收款人账号=6217995200001234567)]),
                  name="book.xlsx")

    assert "被存成了数字" in loaded.rejects[0]["sentence_text"]


@pytest.mark.parametrize(("name", "title", "number"), [
    *((name, title, number) for name in ("lake.parquet", "book.xlsx") for title, number in (
        ("证件号码", 652822199001010011.0), ("银行账号", 6217995200001234567.0), ("发放明细主键", 1e16),
    )),
    ("lake.parquet", "证件号码", np.float32(652822500101001)),
])
def test_a_number_that_has_lost_digits_stands_for_nobody(store, name, title, number):
    with pytest.raises(IntakeError, match=f"“{title}”被存成了数字，末几位已经丢失"):
        load(store, content=FORMS[name]([payout(**{title: number})]), name=name, kind="payout")


def test_numbers_and_yes_or_no_read_the_same_from_parquet_and_workbook(store):
    made = [allotment(预算年度=2021.0, 指标金额=29390000.1, 是否删除=False, 支出功能分类=2081902.0),
            allotment(指标主键="Z2", 预算年度=2021.0, 指标金额=0.00001, 是否删除=False, 支出功能分类=2081902.0),
            allotment(指标主键="Z3", 预算年度=2021.0, 指标金额=-0.5, 是否删除=True, 支出功能分类=2081902.0)]
    for name in ("lake.parquet", "book.xlsx"):
        loaded = load(store, kind="allotment", content=FORMS[name](made), name=name)
        assert (loaded.read.row_count, loaded.read.deleted_count, loaded.read.rejected_count) == (1, 1, 1)
        assert loaded.amount_yuan == Decimal("29390000.10")
        assert "“指标金额”不是金额" in loaded.rejects[0]["sentence_text"]


def test_a_damaged_parquet_file_is_refused_and_none_is_taken_into_memory_whole(store, monkeypatch):
    def whole(*_, **__):
        raise AssertionError("read whole")

    monkeypatch.setattr(pq.ParquetFile, "read", whole)
    content = bytearray(FORMS["lake.parquet"]([payment(支付明细主键=f"P{place}") for place in range(2_000)]))
    assert load(store, content=bytes(content), name="lake.parquet").read.row_count == 2_000

    content[4:2_000] = b"\xff" * 1_996
    with pytest.raises(FileError, match="已损坏或不完整"):
        load(store, content=bytes(content), name="lake.parquet")


def test_two_parquet_files_of_the_same_size_are_never_taken_for_each_other(store):
    for amount in ("1", "2", "3"):
        made = [payment(实际支付金额=amount)]
        assert load(store, content=FORMS["lake.parquet"](made), name="lake.parquet").amount_yuan == Decimal(amount)


@pytest.mark.parametrize("hours", [0, 8])
def test_the_day_of_a_moment_is_that_of_beijing(store, hours):
    midnight = datetime(2021, 12, 24, tzinfo=timezone(timedelta(hours=8)))
    made = pa.Table.from_pylist([{**payment(), "支付日期": midnight.astimezone(timezone(timedelta(hours=hours)))}])
    kinds = pa.timestamp("us", tz="Asia/Shanghai" if hours else "UTC")
    made = made.set_column(made.column_names.index("支付日期"), "支付日期", made["支付日期"].cast(kinds))
    buffer = io.BytesIO()
    pq.write_table(made, buffer)

    load(store, content=buffer.getvalue(), name="lake.parquet")
    assert rows(store, "SELECT paid_on FROM payment") == [{"paid_on": date(2021, 12, 24)}]


@pytest.mark.parametrize("title", ["支付凭证号", "支付明细主键", "指标主键"])
@pytest.mark.parametrize("number", [12345678901234567890, 12345678901234567890.0])
def test_a_number_of_twenty_digits_is_no_voucher_and_no_key(store, title, number):
    loaded = load(store, content=workbook([payment(), payment(**{"支付明细主键": "P2", title: number})]), name="b.xlsx")

    assert (loaded.read.row_count, loaded.read.rejected_count) == (1, 1)
    assert f"“{title}”被存成了数字" in loaded.rejects[0]["sentence_text"]

"""Where a docked row stands: its line is that of the file, whatever is looked up on the way into the store."""

from __future__ import annotations

from datetime import date

import pytest
from builders import published_store, rows
from export_builders import as_csv, load, parquet, payment, workbook

from data.docking import export_file

FORMS = {"pay.csv": (as_csv, 20_000, 2), "pay.parquet": (parquet, 20_000, 1), "pay.xlsx": (workbook, 6_000, 2)}


@pytest.fixture
def store(tmp_path):
    found = published_store(tmp_path)
    yield found
    found.close()


@pytest.mark.parametrize("name", FORMS)
def test_a_row_keeps_its_line_however_many_words_are_looked_up(store, name):
    form, count, first_line = FORMS[name]
    made = [
        payment(支付明细主键=f"P{place}", 本级指标文号=f"巴财社〔2021〕{place % 5_000 + 1}号", 实际支付金额=str(place))
        for place in range(1, count + 1)
    ]
    made[-10]["支付日期"] = "x"
    made[-5]["支付明细主键"] = "P7"
    loaded = load(store, content=form(made), name=name)

    found = rows(store, "SELECT line_no, payment_key, amount_yuan FROM payment ORDER BY line_no")
    assert [row for row in found if row["payment_key"] != f"P{row['line_no'] - first_line + 1}"] == []
    assert [row for row in found if row["amount_yuan"] != row["line_no"] - first_line + 1] == []
    word, last = "条" if name == "pay.parquet" else "行", count + first_line - 1
    assert [(row["line_no"], row["sentence_text"].partition("，")[0]) for row in loaded.rejects] == [
        (last - 9, f"第{last - 9}{word}：“支付日期”不是日期"),
        (last - 4, f"第{last - 4}{word}：与第 {first_line + 6} {word}的主键相同"),
    ]
    assert len(found) == count - 2


def test_rows_are_counted_where_a_cell_holds_a_line_break(store):
    broken = payment(用途="一\n二", 支付日期="2021-11-05")
    loaded = load(store, broken, payment(支付明细主键="P2", 支付日期="x"), broken, end=date(2021, 11, 30))
    assert [row["sentence_text"].partition("，")[0] for row in loaded.rejects] == [
        "第2条：“支付日期”不是日期", "第3条：与第 1 条的主键相同",
    ]
    assert rows(store, "SELECT line_no FROM payment") == [{"line_no": 1}]

    later = load(store, payment(), payment(支付明细主键="P9"), start=date(2021, 12, 1))
    assert later.rejects[0]["sentence_text"].startswith("第2行：主键在第 1 次导出的第 1 条已有")
    assert rows(store, "SELECT row_word FROM docked_export ORDER BY export_no") == [
        {"row_word": "条"}, {"row_word": "行"},
    ]


def test_a_blank_row_takes_its_line(store):
    head, first, *_ = as_csv([payment()]).decode("utf-8-sig").splitlines()
    blank = "," * head.count(",")
    loaded = load(store, content="\n".join([head, first, blank, first.replace("P1", "P2")]).encode())

    assert (loaded.read.row_count, loaded.read.rejected_count) == (2, 0)
    assert [row["line_no"] for row in rows(store, "SELECT line_no FROM payment ORDER BY line_no")] == [2, 4]


@pytest.mark.parametrize("chunk", [333, 1000, 4096])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("purpose", ["低保金", '他说""好"", 一, 二', "一\n二"], ids=["plain", "quoted", "broken"])
def test_a_file_that_is_read_in_pieces_has_the_same_rows_at_the_same_places(
    store, monkeypatch, purpose, ending, chunk
):
    monkeypatch.setattr(export_file, "PIECE_BYTES", 500)
    monkeypatch.setattr(export_file, "_CHUNK", chunk)
    monkeypatch.setattr(export_file.os, "cpu_count", lambda: 3)
    made = [payment(支付明细主键=f"P{place}", 用途=purpose, 实际支付金额=str(place)) for place in range(1, 61)]
    made[45]["支付日期"] = "x"
    content = as_csv(made).replace(b"\r\n", b"\n").replace(b"\n", ending.encode())
    cut = []
    monkeypatch.setattr(export_file, "_in_pieces", lambda *given, _cut=export_file._in_pieces: (
        cut.append(_cut(*given)) or cut[-1]
    ))

    loaded = load(store, content=content)

    assert [len(pieces) for pieces in cut] == [3]
    first_line, word = (1, "条") if "\n" in purpose else (2, "行")
    assert [row["sentence_text"].partition("，")[0] for row in loaded.rejects] == [
        f"第{45 + first_line}{word}：“支付日期”不是日期"
    ]
    assert [
        (row["line_no"], row["payment_key"])
        for row in rows(store, "SELECT line_no, payment_key FROM payment ORDER BY line_no")
    ] == [(place - 1 + first_line, f"P{place}") for place in range(1, 61) if place != 46]

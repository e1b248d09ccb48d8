"""A .csv table is read whole or refused in one sentence with its line."""

from __future__ import annotations

import pytest

from data.csv_rows import read_csv_rows
from data.errors import FileError

REQUIRED = ("target_text", "weight")


def written(folder, text, encoding="utf-8"):
    path = folder / "表.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_rows_in_order(tmp_path, encoding):
    text = 'target_text,weight,indicator\r\n≥90%,5,"按时,发放率"\r\n\r\n ≥1 ,,\r\n63人\r\n'

    assert read_csv_rows(written(tmp_path, text, encoding), REQUIRED) == [
        {"target_text": "≥90%", "weight": "5", "indicator": "按时,发放率"},
        {"target_text": "≥1", "weight": "", "indicator": ""},
        {"target_text": "63人", "weight": "", "indicator": ""},
    ]


def test_a_head_alone_is_no_rows(tmp_path):
    assert read_csv_rows(written(tmp_path, "target_text,weight\n"), REQUIRED) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("target_text,actual_text\n≥90%,91%\n", "缺少列 weight"),
        ("target_text,weight,weight\n≥90%,1,2\n", "列 weight 重复"),
        ("target_text,weight\n≥90%,5,多\n", "第2行有 3 格"),
        ('target_text,weight\n≥90%,5\n"没完,5\n', "第3行的引号不成对"),
        ("", "空文件"),
    ],
)
def test_a_damaged_table_is_refused_with_its_line(tmp_path, text, words):
    with pytest.raises(FileError, match=words):
        read_csv_rows(written(tmp_path, text), REQUIRED)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileError, match="找不到文件"):
        read_csv_rows(tmp_path / "没有.csv", REQUIRED)

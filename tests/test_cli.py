"""The command line answers in JSON, refuses in one sentence with exit 2, and never shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.cli import error_as_json, run
from data.errors import BusyStoreError, CellIssue, IntakeError

FOUNDING = Path(__file__).parent / "notices" / "founding" / "notice.txt"


def wenxiao(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "dashboard", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False)


def test_deadline_as_json():
    done = wenxiao(
        "deadline", "--received", "2021-12-22", "--working-days", "3", "--region", "652800", "--json"
    )

    answer = json.loads(done.stdout)

    assert done.returncode == 0
    assert answer["due"] == "2021-12-27"
    assert [day["date"] for day in answer["counted"]] == ["2021-12-23", "2021-12-24", "2021-12-27"]
    assert done.stderr == b""


def test_deadline_for_a_person(capsys):
    assert run(["deadline", "--received", "2021-12-22", "--working-days", "3"]) == 0

    assert capsys.readouterr().out.startswith("截止日 2021-12-27。")


def test_targets_one_a_line_in_order():
    lines = "≥90%\r\n有所提升\n\n应保尽保"

    done = wenxiao("target", "parse", "--json", stdin=lines.encode())

    assert [(target["text"], target["kind"]) for target in json.loads(done.stdout)] == [
        ("≥90%", "at_least"),
        ("有所提升", "qualitative"),
        ("", "other"),
        ("应保尽保", "full_coverage"),
    ]


def test_targets_written_on_windows():
    done = wenxiao("target", "parse", "--json", stdin="不低于上年".encode("gb18030"))

    assert json.loads(done.stdout)[0]["kind"] == "not_below_last_year"


def test_no_targets_is_an_empty_list():
    assert json.loads(wenxiao("target", "parse", "--json").stdout) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "缺少 命令"),
        (["tell"], "没有“tell”"),
        (["deadline"], "缺少 --received, --working-days"),
        (["deadline", "--received"], "--received 后面缺少内容"),
        (["deadline", "--received", "2021-02-30", "--working-days", "3"], "“2021-02-30”不是日期"),
        (["deadline", "--received", "2021-12-22", "--working-days", "三"], "“三”不是整数"),
        (["deadline", "--received", "2021-12-22", "--working-days", "0"], "要在 1 到 2000 之间，现在是 0"),
        (["deadline", "--received", "2021-12-22", "--working", "3"], "缺少 --working-days"),
        (["notice"], "缺少 命令"),
        (["serve", "--workspace", ".", "--port", "70000"], "要在 0 到 65535 之间"),
        (["version", "--loud"], "不认识 --loud"),
    ],
)
def test_bad_usage_is_one_chinese_sentence(arguments, words, capsys):
    assert run([*arguments, "--json"]) == 2

    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert error["code"] == "usage-error"
    assert words in error["sentence"]
    assert "--help" in error["sentence"]
    assert err == ""


def test_without_json_the_sentence_goes_to_standard_error(capsys):
    assert run(["deadline", "--received", "2099-01-01", "--working-days", "3"]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "2099年的放假安排尚未公布" in err


def test_scores_in_the_order_of_the_table(tmp_path):
    table = tmp_path / "表.csv"
    table.write_text("target_text,actual_text,weight\n≥90%,91%,5\n≤10万元,20万元,4\n有所提升,,3\n", encoding="utf-8")

    done = wenxiao("score", str(table), "--as-of", "2021-12-31", "--json")

    assert [score["score"] for score in json.loads(done.stdout)] == [5.0, 2.0, None]


def test_a_table_without_its_columns_is_refused(tmp_path):
    table = tmp_path / "表.csv"
    table.write_text("指标值\n≥90%\n", encoding="utf-8")

    done = wenxiao("score", str(table), "--json")

    assert done.returncode == 2
    assert "缺少列 target_text、actual_text、weight" in json.loads(done.stdout)["error"]["sentence"]


def test_the_founding_notice_is_read_and_proved():
    done = wenxiao("notice", "read", str(FOUNDING), "--json")

    notice = json.loads(done.stdout)
    assert done.returncode == 0
    assert notice["document_number"] == "巴财社〔2021〕96号"
    assert not [finding for finding in notice["findings"] if finding["code"].startswith("sum-differs")]


def test_a_changed_sum_is_found(tmp_path):
    changed = tmp_path / "notice.txt"
    text = FOUNDING.read_text(encoding="utf-8")
    total = "9186\t0\t9186\t5\t20251"
    assert total in text
    changed.write_text(text.replace(total, "9186\t0\t9186\t5\t20252"), encoding="utf-8")

    findings = json.loads(wenxiao("notice", "read", str(changed), "--json").stdout)["findings"]

    assert [finding for finding in findings if finding["code"].startswith("sum-differs")]


def test_a_missing_notice_file_is_refused(tmp_path):
    done = wenxiao("notice", "read", str(tmp_path / "没有.txt"), "--json")

    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "file-error"
    assert b"Traceback" not in done.stderr


def test_an_unforeseen_fault_is_a_sentence_too(monkeypatch, capsys):
    monkeypatch.setattr("metrics.working_days.deadline_as_json", lambda *_: 1 / 0)

    assert run(["deadline", "--received", "2021-12-22", "--working-days", "3", "--json"]) == 2

    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "internal-error"
    assert "ZeroDivisionError" in error["sentence"]


def test_errors_carry_their_code_and_every_issue():
    busy = error_as_json(BusyStoreError("占用。"))
    assert busy == {"error": {"code": "busy-store-error", "sentence": "占用。"}}

    issue = CellIssue("not-a-number", "「填报表」!F12", "不是数。")
    error = error_as_json(IntakeError("表.xlsx", [issue]))["error"]
    assert error["code"] == "intake-error"
    assert error["issues"] == [{"code": "not-a-number", "place": "「填报表」!F12", "sentence": "不是数。"}]


def test_help_is_chinese(capsys):
    assert run(["deadline", "--help"]) == 0

    out = capsys.readouterr().out
    assert out.startswith("用法：wenxiao deadline")
    assert "收文日期" in out
    assert "usage" not in out and "options" not in out


def test_short_answers_load_no_heavy_library():
    heavy = "{'pandas', 'streamlit', 'duckdb'}"
    watched = (
        "import sys, dashboard.__main__ as m; m.main(['version']); "
        f"print(sorted({heavy} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", ["Numerator", "numerater", "numerators", "nuemrator", " denominator?", "Prior Text"])
def test_a_misspelt_column_is_named(name, tmp_path):
    table = tmp_path / "表.csv"
    table.write_text(f"target_text,actual_text,weight,{name}\n≥90%,,5,1\n", encoding="utf-8")

    done = wenxiao("score", str(table), "--json")

    assert done.returncode == 2
    sentence = json.loads(done.stdout)["error"]["sentence"]
    assert f"看不懂的列 {name.strip()}" in sentence
    assert "numerator" in sentence


def test_other_columns_are_passed_over(tmp_path):
    table = tmp_path / "表.csv"
    table.write_text("level1,url,score,target_text,actual_text,weight\n产出指标,x,1,≥90%,95%,5\n", encoding="utf-8")

    assert json.loads(wenxiao("score", str(table), "--json").stdout)[0]["score"] == 5


@pytest.mark.parametrize("arguments", [["version", "--json"], ["score", "没有.csv", "--json"]])
def test_a_reader_that_leaves_early_is_no_fault(arguments):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        command = [sys.executable, "-m", "dashboard", *arguments]
        done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False)
    finally:
        os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")

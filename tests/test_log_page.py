"""办理记录: each action leaves one line that says what it changed; the page finds it, the export proves it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from builders import NUMBER, OFFICER, REGION, demo_store, opened_store, plan, rows, upload

from dashboard import log_tables
from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.archives import export_archive
from dashboard.actions.log_export import export_log, log_file_name
from dashboard.actions.receipts import ReceiptEntry, record_receipt
from dashboard.actions.reports import submit_report
from dashboard.actions.rounds import open_round
from dashboard.cli import run
from dashboard.rights import ADMINISTRATOR, AUDITOR, COUNTY_APPROVER, LEADER
from data.audit import Actor, append, find_break
from data.errors import FileError, RefusedError
from data.log_file import read_log
from data.store import Store
from metrics.boards import log
from metrics.boards.log import LogSearch

AT = datetime(2021, 12, 27, 9)
AUDITING = Actor("审计员", AUDITOR, account_id="shenjiju", origin="网页 10.1.2.3")
KEEPER = Actor("信息员", ADMINISTRATOR, account_id="xinxike", origin="网页 10.1.2.3")
APPROVER = Actor("轮台审核", COUNTY_APPROVER, "luntai", "luntai-2", "接口 10.1.2.4")
UNITS = {"luntai": "轮台县"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return opened_store(tmp_path)


def received(store: Store, day: int) -> None:
    entry = ReceiptEntry("received", datetime(2021, 12, day, 18), evidence_text="签收")
    record_receipt(store, APPROVER, AT, NUMBER, "luntai", entry, REGION)


ACTIONS: dict[str, tuple[Actor, Callable[[Store], object], str]] = {
    "record_receipt": (APPROVER, lambda store: received(store, 23), "轮台县"),
    "submit_report": (
        APPROVER, lambda store: submit_report(store, APPROVER, AT, upload(paid_wan=100), REGION), "轮台县",
    ),
    "open_round": (OFFICER, lambda store: open_round(
        store, OFFICER, AT, NUMBER, plan(round_id="2021-11", round_name="2021年11月"), REGION,
    ), "2021-11"),
    "export_archive": (AUDITING, lambda store: export_archive(store, AUDITING, AT), "全部轮次"),
    "export_log": (AUDITING, lambda store: export_log(store, AUDITING, AT, LogSearch(), "csv"), "全部"),
    "add_account": (
        KEEPER, lambda store: add_account(store, KEEPER, AT, NewAccount("juzhang", "局长", LEADER)), "juzhang",
    ),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_leaves_exactly_one_line_with_who_and_from_where(store, name):
    who, act, subject = ACTIONS[name]
    before = rows(store, "SELECT MAX(entry_no) AS n FROM audit_log")[0]["n"]
    act(store)

    (line,) = rows(store, "SELECT * FROM audit_log WHERE entry_no > $n", n=before)
    assert (line["action_name"], line["actor_name"], line["actor_role"]) == (name, who.name, who.role)
    assert (line["account_id"], line["actor_recipient_id"], line["origin_text"]) == (
        who.account_id, who.recipient_id, who.origin,
    )
    assert subject in log_tables.subject_words(line["subject_text"], UNITS)
    said = log_tables.detail_words(line["detail_json"], UNITS)
    assert said != "—" and "None" not in said and "{" not in said


def test_a_second_receipt_says_what_stood_before(store):
    received(store, 23)
    received(store, 24)

    newest = rows(store, "SELECT detail_json FROM audit_log ORDER BY entry_no DESC LIMIT 1")[0]["detail_json"]
    assert json.loads(newest)["before"]["happened_at"] == "2021-12-23 18:00:00"
    assert "2021-12-23 18:00:00 → 2021-12-24 18:00:00" in log_tables.detail_words(newest, UNITS)
    assert "收到文件" in log_tables.detail_words(newest, UNITS)


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"before": None, "after": {"role": "leader"}}, "领导"),
        ({"before": {"role": "leader"}, "after": {"role": "auditor"}}, "领导 → 审计"),
        ({"before": {"a": 1, "role": "leader"}, "after": {"a": 1, "role": "auditor"}}, "领导 → 审计"),
        ({"before_micro": None, "reviewed_micro": 3000000}, "复核得分：无 → 3.00 分"),
        ({"changed": {"12 luntai": ["≥90%", "≥95%"]}}, "12 轮台县：≥90% → ≥95%"),
        ({"amount_yuan": "29390000.00"}, "2,939 万元"),
        ({}, "—"),
    ],
)
def test_details_are_words(detail, said):
    assert log_tables.detail_words(json.dumps(detail, ensure_ascii=False), UNITS).endswith(said)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        (LogSearch(person="绩效科"), {"review_score"}),
        (LogSearch(action_name="open_round"), {"open_round"}),
        (LogSearch(subject="2021-09", action_name="submit_report"), {"submit_report"}),
        (LogSearch(from_on=date(2022, 1, 1)), set()),
        (LogSearch(to_on=date(2021, 12, 21)), set()),
    ],
)
def test_entries_are_found(search, expected):
    found = log.entries(demo_store(), search)

    names = set(found["action_name"])
    assert names == expected or (expected == {"review_score"} and expected <= names)
    assert list(found["entry_no"]) == sorted(found["entry_no"], reverse=True)


def test_a_unit_s_entries_are_those_by_it_and_about_it():
    found = log.entries(demo_store(), LogSearch(recipient_id="kuerle"))

    assert len(found)
    for row in found.to_dict("records"):
        about = row["subject_text"].replace("|", " ").split(" ")
        assert row["actor_recipient_id"] == "kuerle" or "kuerle" in about
        assert "kuerle-kaifaqu" not in about


def test_the_screen_shows_the_newest_and_says_how_many_there_are():
    found = log.entries(demo_store(), LogSearch(), 10)

    assert len(found) == 10 and int(found["found_count"].iloc[0]) > 10
    said = log_tables.found_sentence(1200, 500, LogSearch())
    assert "1,200 条" in said and "最新的 500 条" in said


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_exported_log_is_verified_without_the_store(tmp_path, store, kind, capsys):
    received(store, 23)
    done = export_log(store, AUDITING, AT, LogSearch(), kind)
    path = tmp_path / log_file_name(AT, LogSearch(), kind)
    path.write_bytes(done.content)

    entries = read_log(path)
    assert len(entries) == done.row_count and find_break(entries) is None
    last = entries[-1]["entry_hash"]
    assert run(["audit", "verify", "--file", str(path), "--last-hash", last]) == 0
    assert "末尾没有被截去" in capsys.readouterr().out
    assert run(["audit", "verify", "--file", str(path), "--last-hash", "0" * 64]) == 2
    assert "末尾被截去" in capsys.readouterr().err


def test_a_changed_line_of_an_exported_log_is_named(tmp_path, store, capsys):
    received(store, 23)
    path = tmp_path / "log.csv"
    text = export_log(store, AUDITING, AT, LogSearch(), "csv").content.decode("utf-8-sig")
    path.write_text(text.replace("轮台审核", "别人"), encoding="utf-8")

    assert run(["audit", "verify", "--file", str(path)]) == 2
    assert "第 3 条被改动过" in capsys.readouterr().err
    lines = text.splitlines(keepends=True)
    path.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    assert run(["audit", "verify", "--file", str(path)]) == 2
    assert "缺第 1 条" in capsys.readouterr().err
    path.write_text("姓名\n张三\n", encoding="utf-8")
    with pytest.raises(FileError, match="不是导出的办理记录"):
        read_log(path)


def test_a_cell_of_an_export_is_never_a_formula(tmp_path, store):
    with store.transaction() as cursor:
        append(cursor, Actor("=cmd()", LEADER), AT, "open_round", "'@x", {})
    done = export_log(store, AUDITING, AT, LogSearch(), "csv")
    (tmp_path / "log.csv").write_bytes(done.content)

    assert b",=cmd()" not in done.content
    assert read_log(tmp_path / "log.csv")[-1]["actor_name"] == "=cmd()"
    assert find_break(read_log(tmp_path / "log.csv")) is None


def test_nothing_found_and_no_such_kind_are_refused(store):
    with pytest.raises(RefusedError, match="没有符合条件的记录"):
        export_log(store, AUDITING, AT, LogSearch(person="没有这个人"), "csv")
    with pytest.raises(RefusedError, match="只能导出"):
        export_log(store, AUDITING, AT, LogSearch(), "pdf")


def test_the_chain_is_told_on_top(store):
    whole = log.chain(store)
    assert log_tables.chain_sentence(whole).endswith(f"最后一条校验码 {whole.last_hash}。")

    with store.transaction() as cursor:
        cursor.run("UPDATE audit_log SET actor_name = '别人' WHERE entry_no = 1")
    assert "第 1 条被改动过" in log_tables.chain_sentence(log.chain(store))

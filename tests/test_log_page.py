"""办理记录: each action leaves one line that says what it changed; the page finds it, the export proves it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import streamlit as st
from builders import NUMBER, OFFICER, REGION, demo_store, opened_store, plan, rows, sign_in, upload
from streamlit.testing.v1 import AppTest

from dashboard import log_tables, session
from dashboard.actions.accounts import NewAccount, add_account, keep_account
from dashboard.actions.archives import export_archive
from dashboard.actions.imports import OUTCOMES
from dashboard.actions.log_export import export_log, log_file_name
from dashboard.actions.receipts import STEP_NAMES, ReceiptEntry, record_receipt
from dashboard.actions.reports import submit_report
from dashboard.actions.rounds import open_round
from dashboard.actions.tokens import SCOPES
from dashboard.auth.policy import POLICY_TITLES
from dashboard.cli import run
from dashboard.log_words import name_of
from dashboard.mapping_tables import FIELD_WORDS, VALUE_WORDS
from dashboard.rights import ADMINISTRATOR, AUDITOR, COUNTY_APPROVER, LEADER, ROLE_NAMES, rights
from data.audit import Actor, append, find_break, logged
from data.errors import FileError, RefusedError
from data.log_file import read_log
from data.store import Store
from metrics.boards import log
from metrics.boards.log import LogSearch
from metrics.inquiries import CONSEQUENCE_BASES, CONSEQUENCE_WORDS, DECISION_WORDS, RULES, STATE_WORDS, STEPS
from metrics.thresholds import ALL_THRESHOLDS

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


def appoint(store: Store) -> None:
    with store.transaction() as cursor:
        keep_account(cursor, "安装人员", NewAccount("xinxike", "信息员", ADMINISTRATOR))


ACTIONS: dict[str, tuple[Actor, Callable[[Store], object], str]] = {
    "record_receipt": (APPROVER, lambda store: received(store, 23), "轮台县"),
    "submit_report": (
        APPROVER, lambda store: submit_report(store, APPROVER, AT, upload(paid_wan=100), REGION, statement="无"),
        "轮台县",
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
    if who is KEEPER:   # who gives out accounts must have one that still stands
        appoint(store)
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


REPORT = {"report_id": "巴财社〔2021〕96号|2021-12|luntai|2", "before": {"report_state": "accepted"}}
FILE = {"file": "填报表.xlsx", "sha256": "9f" * 32}
HOLIDAY = {"region_code": "650000", "holiday_name": "古尔邦节", "source_text": "通知", "trust": "S"}
EVENTS = {"first_event_no": 3, "last_event_no": 4, "values_sha256": "9f" * 32}
STEP = {"step_no": 3, "values_sha256": "9f" * 32}
FILES = {"before": {"file_count": 1}, "after": {"file_count": 2}}
PAPER = {"paper": "自评表", "recipient_id": "luntai", "round_id": "2021-12", "as_of_on": "2021-12-28", "before": None}
MADE = {**FILE, "byte_count": 2048}
# One line of every action, with every key and every kind of value that it notes.
LINES: dict[str, list[dict]] = {
    "publish_notice": [{"before": {**FILE}, "after": {**FILE}, "sha256": "9f" * 32, "outcome": outcome}
                       for outcome in ("published", "replaced", "nothing_changed")],
    "correct_cell": [{"before": "可", "after": "可持续", "reason": "缺字"}],
    "open_round": [{"before": None, "after": {
        "round_name": "12月", "period_end_on": "2021-12-25", "opens_on": "2021-12-25", "due_on": "2021-12-27"}}],
    "decompose_targets": [{
        "valid_from_on": "2021-12-22", "reason": "分解", "approval": "批复", "changes": 1, "rounds": ["2021-12"],
        "changed": {"12 luntai": [None, "≥90%"]}, **FILE}],
    "adopt_rules": [{"base": "2021-1", "profile_name": "本局", "effective_on": "2022-01-01", "reason": "评议",
                     "changed": {key: ["1", None] for key in ALL_THRESHOLDS}}],
    "change_limit": [{"before": {"set_value": "60 天"}, "after": {"set_value": "45 天"}, "effective_on": "2022-01-01",
                      "reason": "评议"}],
    "record_receipt": [{"step": step, "before": None, "after": {
        "happened_at": "2021-12-28 10:00:00", "amount_yuan": "1.00", "marker": "01", "evidence": "回执"}}
        for step in (*STEP_NAMES, "reported-2", "finished")],
    "import_receipts": [{**FILE, "rows": {"new": 3, "changed": 1, "unchanged": 0}}],
    "report_region_value": [{"before": None, "after": {
        "numerator": "1", "denominator": "2", "value": "3", "prior_value": "4", "band": 1, "band_share": "90",
        "evidence_text": "台账"}}],
    "save_draft": [{"changed": {"指标1分子": ["", "3"]}, **FILE}, {
        "changed": {}, "before": {"base_report_id": ""}, "after": {"base_report_id": REPORT["report_id"]}}],
    "discard_draft": [{"draft_no": 3, "saved_by": "张三", "changed": {"指标1分子": ["3", ""]}}],
    "rehearse_report": [], "attach_evidence": [{**FILES, "evidence_no": 1, "indicator_no": 2, **FILE}],
    "remove_evidence": [{**FILES, "evidence_no": 1, "indicator_no": 2, **FILE}],
    "submit_report": [{"before": before, "after": {"report_version": 2, "report_state": "submitted"}, "entries": 18,
                       "statement": "无", "report_id": REPORT["report_id"], "values_sha256": "9f" * 32, **FILE}
                      for before in (None, {"report_version": 1, "report_state": "returned"})],
    "import_actuals": [{**FILE, "before": {"unit_count": 0, "entries": 0}, "after": {"unit_count": 1, "entries": 9},
                        "rows": dict.fromkeys(OUTCOMES, 1), "kept": 3, **EVENTS,
                        "units": {"imported": 1, "unchanged": 2, "rejected": 0}}],
    "load_export": [{**FILE, "export_no": 3, "recipient_id": recipient_id, "period_from_on": "2021-01-01",
                     "period_to_on": "2021-12-28", "before": {"replaced": replaced},
                     "after": {"row_count": 9, "rejected_count": 1, "deleted_count": 2}}
                    for recipient_id, replaced in (("", []), ("luntai", [1, 2]))],
    "explain_difference": [{"difference_no": 3, "before": "", "after": "到账晚一天", "reason": ""},
                           {"difference_no": 3, "before": "到账晚一天", "after": "", "reason": "说错了"}],
    "explain_rate": [
        {"before": before, "after": "上年结转并入", "explained_yuan": "31000000.00", "paid_yuan": paid,
         "after_yuan": "29390000.00"}
        for before, paid in ((None, None), ("省里追加", "30000000.00"))
    ],
    "withdraw_export": [{"export_no": 3, "file": "导出.xlsx", "reason": "载错", "before": {"row_count": 9},
                         "after": {"row_count": 0}}],
    "adopt_mapping": [{"reason": "列名不同", **{side: {
        "heads": {name: [f"列{number}", "元"] for name in FIELD_WORDS},
        "words": {"aid_kind": {f"词{number}": value for value in VALUE_WORDS}, "is_deleted": {"1": "1"}},
    } for side, number in (("before", "甲"), ("after", "乙"))}}],
    "check_value": [{**REPORT, "before": {"0": "", "4": "questioned"}, "after": {"0": "confirmed", "4": "confirmed"},
                     "reasons": {"4": "台账不符"}}],
    "accept_report": [{**REPORT, "after": {"report_state": "accepted"}, "reason": ""}],
    "return_report": [{**REPORT, "after": {"report_state": "returned"}, "reason": "请改", "questions": {"4": "为何"}}],
    "review_score": [{"before_micro": None, "reviewed_micro": 3_000_000, "claimed_micro": None,
                      "recomputed_micro": 1, "reason": "看过", "report_id": REPORT["report_id"]}],
    "lock_report": [{**REPORT, "after": {"report_state": "locked"}, "reason": ""}],
    "reopen_report": [{**REPORT, "after": {"report_state": "reopened"}, "reason": "更正"}],
    "open_inquiry": [{"inquiry_no": 1, "indicator_no": 0, "proposing_rule": rule, "is_audit_rectification": True,
                      "fact_text": "执行率低", "question_text": "为何", "before": None,
                      "after": {"inquiry_state": "awaiting_answer", "due_on": "2021-12-29"}, **STEP}
                     for rule in ("", *RULES)],
    "dismiss_proposal": [{"dismissal_no": 1, "indicator_no": 4, "proposing_rule": "off", "fact_text": "低",
                          "reason": "已核", "before": None, "after": None}],
    **{name: [
        {"inquiry_no": 1, "inquiry_step": step, "judgement": judgement, "words_text": "已补发", "measure_text": "补",
         "gap_text": "回单未到", "owner_name": "王局长", "legal_keys": ",".join(CONSEQUENCE_BASES),
         "paper_text": "1号", "paper_on": "2021-12-28", "files": ["名册.txt"], **STEP,
         "before": {"inquiry_state": before, "due_on": None}, "after": {"inquiry_state": after, "due_on": "2021-12-29"}}
        for step in STEPS for judgement in ("upheld", "not_upheld") for before, after in pairwise(STATE_WORDS)
    ] for name in (
        "answer_inquiry", "report_rectification", "return_answer", "judge_inquiry", "return_rectification",
        "close_inquiry", "refer_inquiry", "record_outcome", "extend_inquiry", "record_ladder_act",
    )},
    "decide_consequence": [{"inquiry_no": 1, "consequence_no": 1, "legal_keys": "suspension", "reason": "整改期间",
                            "before": None, "after": {
                                "consequence_kind": kind, "amount_yuan": "1000000.00", "factor_text": "调减"}}
                           for kind in CONSEQUENCE_WORDS],
    "lift_consequence": [{"inquiry_no": 1, "consequence_no": 1, "reason": "已整改",
                          "before": {"consequence_kind": "suspend", "amount_yuan": None}, "after": None}],
    "decide_inquiry_rule": [{"rule_decision": decision, "reason": "属实率低", "judged_count": 5, "upheld_count": 1,
                             "before": {"is_active": True}, "after": {"is_active": False}}
                            for decision in DECISION_WORDS],
    "export_archive": [{"before": None, "after": {"sha256": "9f" * 32, "byte_count": 2048}}],
    **{name: [{"before": None, "after": {"sha256": "9f" * 32, "byte_count": 2048, "last_hash": "9f" * 32}}]
       for name in ("make_backup", "restore_backup")},
    "salvage_store": [{"before": None, "after": {"byte_count": 8856}}],
    "push_to_lake": [{"before": None, "after": {"region_code": "652800", "row_count": 823}}],
    "export_log": [{"before": None, "after": {"kind": kind, "row_count": 3, "last_hash": "9f" * 32}}
                   for kind in ("csv", "xlsx")],
    **{f"issue_{about}_paper": [{**PAPER, "after": MADE}] for about in ("unit", "region")},
    "issue_inquiry_paper": [{**PAPER, "inquiry_no": "3", "after": MADE}],
    "issue_batch": [{**PAPER, "after": {**MADE, "files": {"自评表_轮台县.docx": "9f" * 32}, "failures": ["若羌县"]}}],
    "add_account": [{"before": None, "after": {
        "person_name": "张三", "role": role, "recipient_id": "luntai", "oidc_subject": ""}} for role in ROLE_NAMES],
    "change_account": [{
        "before": {"person_name": "张三", "role": "leader", "recipient_id": "", "oidc_subject": "",
                   "is_disabled": False},
        "after": {"person_name": "李四", "role": "auditor", "recipient_id": "luntai", "oidc_subject": "1",
                  "is_disabled": True}}],
    "reset_password": [{"before": {"has_password": False},
                        "after": {"has_password": True, "must_change_password": True}}],
    "reset_totp": [{"before": {"has_totp": True}, "after": {"has_totp": False}}],
    "unlock_account": [{"before": {"is_locked": True}, "after": {"is_locked": False}}],
    "found_workspace": [{"before": None, "after": {
        "bureau_name": "财政局", "region_code": "652800", "account_id": "guanli", "unit_count": 3}}],
    "change_settings": [{
        "before": {**dict.fromkeys(POLICY_TITLES, "1"), "totp_roles": ""},
        "after": {**dict.fromkeys(POLICY_TITLES, "2"), "totp_roles": "administrator,auditor"}}],
    "add_regional_days": [{
        "before": {"is_working": True}, "after": {"is_working": False, "calendar_day": ["2025-06-06"], **HOLIDAY},
        "moved_unit_count": 3}],
    "remove_regional_day": [{
        "before": {"is_working": False, "calendar_day": "2025-06-06", **HOLIDAY}, "after": None, "reason": "重复",
        "moved_unit_count": 0}],
    "change_office_hours": [{
        "before": {"office_close": "", "office_close_from": None, "office_close_source": ""},
        "after": {"office_close": "19:30", "office_close_from": "2026-05-01", "office_close_source": "作息通知"},
        "moved_unit_count": 1}],
    "issue_token": [{"before": None, "after": {
        "token_name": "平台", "account_id": "guanli", "scopes": list(SCOPES), "expires_at": "2026-01-01"}}],
    "revoke_token": [{"before": {"revoked_at": None}, "after": {"revoked_at": "2026-01-01"}, "token_name": "平台",
                      "account_id": "guanli"}],
    "set_own_address": [
        {"channel_key": "电子邮件", "before": None, "after": {"mail_address": "guanli@1.cn", "is_digest_on": True}},
    ],
    "set_address": [
        {"channel_key": "电子邮件", "before": {"mail_address": "guanli@1.cn", "is_digest_on": True}, "after": None},
    ],
    "send_test_message": [{"mail_address": "guanli@1.cn"}],
    "resend_message": [{"before": {"message_state": "given_up"}, "after": {"message_state": "waiting"}}],
    "sign_in": [{"how": how} for how in ("password", "code", "demonstration", "oidc", "setup")],
    "sign_in_failed": [{"wrong": wrong, "failure_count": 3, "locked_seconds": 60}
                       for wrong in ("password", "code", "disabled", "oidc")],
    "sign_out": [{"everywhere": True}], "close_tour": [{}], "restart_tour": [{}],
    "change_own_password": [{}], "enrol_totp": [{"before": {"has_totp": False}, "after": {"has_totp": True}}],
    "bind_subject": [{"before": {"oidc_subject": ""}, "after": {"oidc_subject": "1"}}],
}
# What is Latin by nature: names that people sign in with, names of files, hashes.
BY_NATURE = {"guanli", "docx", "xlsx", "txt", "csv"}


def latin_words(text: str) -> list[str]:
    """What an auditor could not read: three Latin letters or more, but for names and hashes."""
    hashless = re.sub(r"校验码：[0-9a-f]{8}(?![0-9a-f])", "", text)
    return [word for word in re.findall(r"[A-Za-z_]{3,}", hashless) if word not in BY_NATURE]


@pytest.mark.parametrize("name", [name for kind, name in rights() if kind == "action"])
def test_every_line_of_every_action_is_said_in_chinese(name):
    for detail in LINES[name]:
        said = log_tables.detail_words(json.dumps(detail, ensure_ascii=False), UNITS)
        assert latin_words(said) == [], said


def test_every_line_of_the_demonstration_is_said_in_chinese():
    recipients = demo_store().query("recipients")
    units = dict(zip(recipients["recipient_id"], recipients["recipient_name"], strict=True))
    found = log.entries(demo_store(), LogSearch(), 10_000)

    assert len(found) > 100
    for row in found.to_dict("records"):
        said = log_tables.detail_words(row["detail_json"], units)
        assert latin_words(said) == [], said


def test_every_key_that_an_action_writes_down_has_a_word():
    """The keys of each literal beside ``append``: a new one without a word fails here first."""
    keys = set()
    for path in sorted((Path(log_tables.__file__).parent / "actions").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "append":
                keys |= {
                    key.value for node in ast.walk(call) if isinstance(node, ast.Dict)
                    for key in node.keys if isinstance(key, ast.Constant)
                }
    assert {"how", "scopes", "byte_count"} <= keys
    assert {key for key in keys if latin_words(name_of(key, UNITS))} == set()


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        ({"how": "password"}, "登录方式：密码"),
        ({"wrong": "code", "failure_count": 2, "locked_seconds": 60},
         "没有通过的原因：动态口令不对；连续失败次数：2；锁定时长：60 秒"),
        ({"rows": {"new": 1, "rejected": 2}}, "各种结果的行数：新增 1，未导入 2"),
        ({"before": {"totp_roles": ""}, "after": {"totp_roles": "administrator,auditor"}},
         "必须使用动态口令的角色：不限 → 系统管理员、审计"),
        ({"report_id": "巴财社〔2021〕96号|2021-12|luntai|2"}, "填报：巴财社〔2021〕96号 2021-12 轮台县 第 2 版"),
    ],
)
def test_codes_are_words(detail, said):
    assert log_tables.detail_words(json.dumps(detail, ensure_ascii=False), UNITS) == said


def test_a_line_of_the_table_holds_together_what_belongs_together():
    found = log.entries(demo_store(), LogSearch(action_name="record_receipt"), 1)
    table = log_tables.entries(found.assign(actor_name="<b>甲</b>"), UNITS)

    assert table.count("<th>") == 4 == table.count("<td>")
    assert "&lt;b&gt;甲" in table and "登记收文、导入" in table


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


@pytest.fixture
def page(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    store.close()
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    for cached in (st.cache_resource, st.cache_data):
        cached.clear()
    sign_in(monkeypatch, AUDITOR)
    yield AppTest.from_file(str(Path(session.__file__).parent / "app.py"), default_timeout=60)
    for cached in (st.cache_resource, st.cache_data):
        cached.clear()


def test_the_whole_log_is_proved_once_until_it_grows_or_somebody_asks(page, monkeypatch):
    proved = []
    monkeypatch.setattr(log, "logged", lambda cursor: proved.append(1) or logged(cursor))

    page.switch_page("app_pages/log.py").run()
    assert not page.exception and "首尾相接" in page.success[0].value
    page.text_input(key="log_person").input("阿依").run()
    assert len(proved) == 1

    page.button(key="log_again").click().run()
    assert len(proved) == 2
    with session.workspace().store.transaction() as cursor:
        append(cursor, OFFICER, AT, "open_round", "x", {})
    page.run()
    assert len(proved) == 3

    with session.workspace().store.transaction() as cursor:
        cursor.run("UPDATE audit_log SET actor_name = '别人' WHERE entry_no = 1")
    page.button(key="log_again").click().run()
    assert "第 1 条被改动过" in page.error[0].value


def test_the_chain_is_told_on_top(store):
    whole = log.chain(store)
    assert log_tables.chain_sentence(whole).endswith(f"最后一条校验码 {whole.last_hash}。")

    with store.transaction() as cursor:
        cursor.run("UPDATE audit_log SET actor_name = '别人' WHERE entry_no = 1")
    assert "第 1 条被改动过" in log_tables.chain_sentence(log.chain(store))

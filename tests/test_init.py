"""The first start: units read with every fault at once, one administrator, one time, no default password."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from builders import contents, founding, publish, rows
from starlette.testclient import TestClient

from dashboard.actions.foundation import Foundation, found_workspace, has_accounts, reference_units
from dashboard.auth import setup
from dashboard.auth.desk import Desk
from dashboard.auth.passwords import is_password
from dashboard.auth.sessions import Sessions, digest, now
from dashboard.auth.setup import invitation, is_open, new_link, setup_routes
from dashboard.cli import run
from data.errors import FileError, IntakeError, RefusedError
from data.intake.units import read_units
from data.store import Store

AT = datetime(2026, 3, 2, 9, 30)
PASSWORD = "Tarim-7-Poplar"
HEAD = "单位名称,简称,区划代码,类别\n"
WANTED = Foundation("某州财政局", "532900", "wang.fang", "王芳", PASSWORD)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "wenxiao.duckdb")
    yield opened
    opened.close()


def table(folder: Path, text: str, name: str = "单位.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- the units file ------------------------------------------------------------------------------------------


def test_units_come_in_their_order_and_known_ones_under_their_key(tmp_path):
    units = read_units(table(
        tmp_path, HEAD + "大理市,大理,532901,县市\n库尔勒经济开发区,,,开发区\n州福利中心,福利,,州直单位\n"
    ))

    assert [(unit.recipient_id, unit.name, unit.short_name, unit.kind, unit.division_code) for unit in units] == [
        ("大理市", "大理市", "大理", "county", "532901"),
        ("kuerle-kaifaqu", "库尔勒经济技术开发区", "开发区", "development_zone", ""),
        ("州福利中心", "州福利中心", "福利", "institution", ""),
    ]
    assert [unit.display_no for unit in units] == [1, 2, 3]


def test_a_workbook_reads_like_its_csv(tmp_path):
    book = openpyxl.Workbook()
    for row in (["序号", "单位名称", "区划代码", "简称", "类别"], [1, "大理市", 532901, "大理", "县市"], []):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    (tmp_path / "单位.xlsx").write_bytes(buffer.getvalue())

    assert read_units(tmp_path / "单位.xlsx") == read_units(table(tmp_path, HEAD + "大理市,大理,532901,县市\n"))


def test_every_fault_is_told_with_its_row(tmp_path):
    path = table(tmp_path, HEAD + (
        "大理市,大理,532901,县市\n,,,县市\n\n祥云县,祥云县县县县县,5329,省\n大理市,大,,县市\n宾川县,宾川,532901,县市\n"
    ))

    with pytest.raises(IntakeError) as refused:
        read_units(path)

    assert [(issue.code, issue.place) for issue in refused.value.issues] == [
        ("unit-name", "第 3 行"), ("unit-short-name", "第 5 行"), ("division-code", "第 5 行"),
        ("unit-kind", "第 5 行"), ("duplicate", "第 6 行"), ("duplicate", "第 7 行"),
    ]
    assert refused.value.issues[4].sentence == "第 6 行：单位“大理市”与第 2 行重复。"
    assert refused.value.issues[5].sentence == "第 7 行：区划代码 532901与第 2 行重复。"


@pytest.mark.parametrize("text", ["", "名称,类别\n大理市,县市\n", HEAD, HEAD.replace("\n", ",简称\n") + "a,b,c,d,e\n"])
def test_a_file_without_the_columns_is_told_which(tmp_path, text):
    with pytest.raises(FileError):
        read_units(table(tmp_path, text))


def test_the_columns_are_in_the_refusal(tmp_path):
    with pytest.raises(FileError, match=r"缺少列 简称、区划代码.*第一行是列名 单位名称、简称、区划代码、类别"):
        read_units(table(tmp_path, "单位名称,类别\n大理市,县市\n"))


# --- the first start -----------------------------------------------------------------------------------------


def test_everything_is_written_together(store, tmp_path):
    units = read_units(table(tmp_path, HEAD + "大理市,大理,532901,县市\n"))

    found_workspace(store, AT, "命令行", replace(WANTED, units=units))

    (account,) = rows(store, "SELECT * FROM account")
    assert is_password(account["password_hash"], PASSWORD)
    assert (account["role"], account["must_change_password"]) == ("administrator", False)
    assert rows(store, "SELECT recipient_name FROM recipient") == [{"recipient_name": "大理市"}]
    kept = store.query("workspace_settings").set_index("setting_key")["setting_value"]
    assert (kept["bureau_name"], kept["region_code"]) == ("某州财政局", "532900")
    (entry,) = rows(store, "SELECT * FROM audit_log")
    assert (entry["action_name"], entry["account_id"], entry["origin_text"]) == (
        "found_workspace", "wang.fang", "命令行"
    )
    assert PASSWORD not in str(contents(store)) + repr(WANTED)


def test_the_regions_own_units_are_known(store):
    found_workspace(store, AT, "命令行", replace(WANTED, region_code="652800"))

    assert len(store.query("recipients")) == len(reference_units("652800")) > 10


def test_units_meet_those_of_a_notice_under_the_same_key(store):
    found_workspace(store, AT, "命令行", replace(WANTED, region_code="652800"))
    before = set(store.query("recipients")["recipient_id"])

    publish(store, founding())

    assert set(store.query("recipients")["recipient_id"]) == before


def test_all_faults_are_said_at_once_and_nothing_is_written(store):
    before = contents(store)

    with pytest.raises(RefusedError) as refused:
        found_workspace(store, AT, "命令行", Foundation(" ", "65", "A", "", "123"))

    for word in ("单位名称应为", "区划代码“65”不对", "登录名应为", "姓名应为", "密码要有 10 至"):
        assert word in str(refused.value)
    assert contents(store) == before


def test_a_second_start_is_refused(store):
    found_workspace(store, AT, "命令行", WANTED)
    before = contents(store)

    with pytest.raises(RefusedError, match="已经有账号"):
        found_workspace(store, AT, "命令行", replace(WANTED, account_id="other"))

    assert contents(store) == before


def test_of_two_starts_at_once_one_counts(store):
    both, refused = threading.Barrier(2), []

    def start(account_id: str) -> None:
        both.wait()
        try:
            found_workspace(store, AT, "命令行", replace(WANTED, account_id=account_id))
        except RefusedError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=start, args=(name,)) for name in ("aa", "bb")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(rows(store, "SELECT * FROM account")) == len(refused) == 1


# --- the link ------------------------------------------------------------------------------------------------


@pytest.fixture
def client(store: Store) -> TestClient:
    from starlette.applications import Starlette

    sessions = Sessions(store)
    app = Starlette(routes=setup_routes(Desk(lambda: store, lambda: sessions)))
    return TestClient(app, follow_redirects=False)


FIELDS = {"bureau": "某州财政局", "region": "532900", "person": "王芳", "account": "wang.fang", "password": PASSWORD,
          "again": PASSWORD}


def form_number(page: str) -> str:
    return page.split('name="form" value="')[1].split('"')[0]


def test_a_link_leads_to_the_first_start_once(store, client):
    secret = new_link(store)
    page = client.get(f"/setup/{secret}")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text

    done = client.post(f"/setup/{secret}", data={**FIELDS, "form": form_number(page.text)})

    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert "wenxiao_session" in done.headers["set-cookie"] and "HttpOnly" in done.headers["set-cookie"]
    assert has_accounts(store)
    assert rows(store, "SELECT * FROM setup_link") == []
    assert [row["action_name"] for row in rows(store, "SELECT * FROM audit_log ORDER BY entry_no")] == [
        "found_workspace", "sign_in"
    ]
    for answer in (client.get(f"/setup/{secret}"), client.post(f"/setup/{secret}", data=FIELDS)):
        assert answer.status_code == 404
        assert "这个启用链接不能用" in answer.text


def test_faults_are_told_words_are_kept_and_passwords_are_not(store, client):
    secret = new_link(store)
    number = form_number(client.get(f"/setup/{secret}").text)

    page = client.post(f"/setup/{secret}", data={
        **FIELDS, "form": number, "region": "5", "account": '"><b>', "password": "Geheim", "again": "Geheim",
    })

    assert page.status_code == 400
    assert "区划代码“5”不对" in page.text and "登录名应为" in page.text and "密码要有 10 至" in page.text
    assert "某州财政局" in page.text and "王芳" in page.text
    assert "Geheim" not in page.text and '"><b>' not in page.text
    assert client.post(f"/setup/{secret}", data={**FIELDS, "form": number}).status_code == 400
    assert not has_accounts(store)


def test_two_different_passwords_are_told(store, client):
    secret = new_link(store)
    number = form_number(client.get(f"/setup/{secret}").text)

    page = client.post(f"/setup/{secret}", data={**FIELDS, "form": number, "again": PASSWORD + "x"})

    assert "两次输入的密码不一样" in page.text
    assert not has_accounts(store)


def test_a_new_start_voids_the_link_before(store, client):
    first, second = new_link(store), new_link(store)

    assert client.get(f"/setup/{first}").status_code == 404
    assert client.get(f"/setup/{second}").status_code == 200
    assert rows(store, "SELECT link_sha256 FROM setup_link") == [{"link_sha256": digest(second)}]


def test_a_link_ends_after_a_day(store, monkeypatch):
    secret = new_link(store)
    assert is_open(store, secret)

    monkeypatch.setattr(setup, "now", lambda: now() + timedelta(hours=24))

    assert not is_open(store, secret)


def test_a_workspace_with_accounts_prints_no_link(store):
    printed = invitation(store, "http://127.0.0.1:8501")
    assert "http://127.0.0.1:8501/setup/" in printed
    found_workspace(store, AT, "命令行", WANTED)

    assert invitation(store, "http://127.0.0.1:8501") == ""
    assert rows(store, "SELECT * FROM setup_link") == []


def test_a_guessed_link_is_none(store, client):
    new_link(store)

    assert client.get("/setup/guessed").status_code == 404
    assert client.post("/setup/guessed", data=FIELDS).status_code == 404
    assert not has_accounts(store)


# --- the command ---------------------------------------------------------------------------------------------


def init(folder: Path, monkeypatch: pytest.MonkeyPatch, *more: str, password: str = PASSWORD) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    return run([
        "init", str(folder), "--bureau", "某州财政局", "--region", "532900", "--admin", "wang.fang",
        "--admin-name", "王芳", "--password-stdin", *more,
    ])


def test_the_command_founds_a_workspace(tmp_path, monkeypatch, capsys):
    path = table(tmp_path, HEAD + "大理市,大理,532901,县市\n")

    assert init(tmp_path / "new", monkeypatch, "--units", str(path)) == 0

    out, err = capsys.readouterr()
    assert "单位 1 个，系统管理员 wang.fang" in out
    assert PASSWORD not in out + err
    store = Store(tmp_path / "new" / "wenxiao.duckdb")
    assert has_accounts(store)
    store.close()
    assert init(tmp_path / "new", monkeypatch) == 2
    assert "已经有账号" in capsys.readouterr().err


def test_the_command_tells_every_fault_of_the_units_file(tmp_path, monkeypatch, capsys):
    path = table(tmp_path, HEAD + "大理市,大理,1,县市\n祥云县,祥云,,省\n")

    assert init(tmp_path / "new", monkeypatch, "--units", str(path)) == 2

    err = capsys.readouterr().err
    assert "第 2 行：区划代码“1”不是 6 位数字" in err and "第 3 行：类别“省”不对" in err
    assert not (tmp_path / "new").exists()


def test_the_command_refuses_a_weak_password_and_says_nothing_of_it(tmp_path, monkeypatch, capsys):
    assert init(tmp_path / "new", monkeypatch, password="Wang.Fang-12") == 2

    err = capsys.readouterr().err
    assert "密码不能含有登录名或姓名" in err
    assert "Wang.Fang-12" not in err


def test_where_nobody_can_be_asked_all_that_lacks_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    assert run(["init", str(tmp_path), "--bureau", "某州财政局"]) == 2

    assert "缺少 --region、--admin、--admin-name" in capsys.readouterr().err


def test_the_owner_lists_adds_resets_and_closes(tmp_path, monkeypatch, capsys):
    init(tmp_path, monkeypatch)
    where = ["--workspace", str(tmp_path)]
    capsys.readouterr()

    assert run(["account", "add", "lixia", "--name", "李霞", "--role", "州级经办", *where]) == 0
    assert run(["account", "reset", "wang.fang", *where]) == 0
    told = capsys.readouterr().out
    assert run(["account", "add", "x1", "--name", "甲", "--role", "皇帝", *where]) == 2
    assert "没有角色“皇帝”，可以是领导、县市填报" in capsys.readouterr().err
    assert run(["account", "add", "x1", "--name", "甲", "--role", "县市填报", "--unit", "大理", *where]) == 2
    assert "没有名为“大理”的单位" in capsys.readouterr().err
    assert run(["account", "disable", "lixia", *where]) == 0
    assert run(["account", "list", *where]) == 0
    out = capsys.readouterr().out
    assert run(["account", "disable", "wang.fang", *where]) == 2
    assert "最后一个可用的管理员" in capsys.readouterr().err

    assert "lixia\t李霞\t州级经办\t州级\t已停用" in out
    store = Store(tmp_path / "wenxiao.duckdb")
    log = rows(store, "SELECT * FROM audit_log ORDER BY entry_no")
    (row,) = rows(store, "SELECT * FROM account WHERE account_id = 'wang.fang'")
    store.close()
    password = told.split("：")[-1].strip()
    assert is_password(row["password_hash"], password) and password not in str(log)
    assert [entry["action_name"] for entry in log[1:]] == ["add_account", "reset_password", "change_account"]
    assert {entry["origin_text"] for entry in log} == {"命令行"}


def test_while_a_server_runs_the_command_leads_to_the_page(tmp_path, monkeypatch, capsys):
    init(tmp_path, monkeypatch)
    script = (
        "import sys; from pathlib import Path; from data.store import Store; "
        "held = Store(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "wenxiao.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )
    try:
        assert other.stdout.readline() == b"open\n"
        capsys.readouterr()
        assert run(["account", "list", "--workspace", str(tmp_path)]) == 2
    finally:
        other.kill()
        other.communicate()

    assert "请在网页“账号与安全”里办理" in capsys.readouterr().err

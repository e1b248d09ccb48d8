"""Names, ID numbers and accounts of persons go in with a file and come out nowhere; a person is a keyed hash."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from builders import NUMBER, OFFICER, ROUND, opened_store, rows
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.actions.archives import export_archive
from dashboard.actions.differences import require_no_numbers
from dashboard.actions.docking import ExportPlan, load_export
from dashboard.actions.log_export import export_log
from dashboard.api.boards import board_function, board_parameters
from dashboard.api.door import machine_routes
from dashboard.demo_exports import as_csv
from dashboard.gauges import Gauges
from dashboard.rights import ADMINISTRATOR, ALL, AUDITOR, PREFECTURE_OFFICER, reach
from dashboard.workspace import Workspace, open_existing
from data.audit import Actor
from data.errors import RefusedError
from metrics.boards.basis import board_definitions
from metrics.boards.log import LogSearch
from tests.api_builders import ROLES, Prepared, prepared

NAME, OTHER_NAME = "麦麦提敏·夏克尔江", "欧阳珞珈"
PERSON, OTHER_PERSON = "652801195001018006", "652801196203045023"
ACCOUNT, OTHER_ACCOUNT = "6217995200007654321", "6217995200001112223"
PLANTED = (NAME, OTHER_NAME, PERSON, OTHER_PERSON, ACCOUNT, OTHER_ACCOUNT)
EVERYTHING = f"{NAME}{PERSON} {ACCOUNT}"

PAYMENT = {
    "支付明细主键": "P{}", "支付凭证号": "V{}", "指标主键": "Z1", "本级指标文号": NUMBER, "预算年度": "2021",
    "财政区划代码": "652822000", "单位名称": "轮台县", "支出功能分类": "2081902", "直达资金标识": "01 中央直达资金",
    "支付日期": "2021-12-24", "实际支付金额": "1000", "收款人名称": NAME, "收款人账号": ACCOUNT, "用途": EVERYTHING,
}
PAYOUT = {
    "发放明细主键": "F{}", "支付明细主键": "P1", "本级指标文号": NUMBER, "财政区划代码": "652822000",
    "单位名称": "轮台县", "支出功能分类": "2081902", "直达资金标识": "01 中央直达资金", "救助类别": "农村低保",
    "发放月份": "2021-12", "发放日期": "2021-12-08", "发放金额": "500", "姓名": NAME, "证件号码": PERSON,
    "银行账号": ACCOUNT, "发放方式": "一卡通", "发放状态": "成功",
}
STOP = {
    "财政区划代码": "652822", "单位名称": "轮台县", "姓名": NAME, "证件号码": PERSON, "救助类别": "",
    "停发日期": "2021-08-31", "停发原因": "死亡",
}
AT = datetime(2021, 12, 27, 9)
PERIOD = (date(2021, 1, 1), date(2021, 12, 26))
FILES = {"payment": PAYMENT, "payout": PAYOUT, "stop": STOP}


def planted_rows(kind: str) -> list[dict[str, str]]:
    """Faultless rows of two persons, one twice and one without a number, then one row per head that holds a person."""
    plain = FILES[kind]
    other = {"姓名": OTHER_NAME, "证件号码": OTHER_PERSON, "银行账号": OTHER_ACCOUNT, "收款人名称": OTHER_NAME,
             "收款人账号": OTHER_ACCOUNT}
    made = [
        plain, {**plain, **{head: words for head, words in other.items() if head in plain}}, plain,
        {**plain, "证件号码": "", "姓名": OTHER_NAME} if "证件号码" in plain else plain,
        *({**plain, head: EVERYTHING} for head in plain),
        *({**plain, head: PERSON} for head in plain),
        *({**plain, head: NAME} for head in plain),
        *({**plain, head: f"652801-{OTHER_PERSON}"} for head in plain),
    ]
    return [{head: words.format(number) for head, words in row.items()} for number, row in enumerate(made)]


def workbook(made: list[dict[str, str]]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(made[0]))
    for row in made:
        book.active.append(list(row.values()))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def planted_in(words: Any) -> list[str]:
    """Which of the planted words stand in a text or in bytes."""
    if isinstance(words, bytes):
        codes = ("utf-8", "gb18030", "utf-16-le")
        return [each for each in PLANTED if any(each.encode(code) in words for code in codes)]
    return [each for each in PLANTED if each in words]


@dataclass
class Loaded:
    """A workspace that took planted files in, what it answered, and what it wrote to its log output."""

    made: Prepared
    workspace: Workspace
    client: TestClient
    answers: dict[str, str] = field(default_factory=dict)
    output: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, token: str = PREFECTURE_OFFICER, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.made.secrets[token]}"}
        return self.client.request(method, path, headers=headers, **more)


class Listener(logging.Handler):
    """Keeps every line that the program writes."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append(f"{record.name} {record.getMessage()} {record.exc_text or ''}")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    made = prepared(tmp_path_factory.mktemp("privacy"))
    workspace, gauges = open_existing(made.folder), Gauges()
    app = gauges.counted(Starlette(routes=machine_routes(lambda: workspace, gauges, "the-local-token")))
    held = Loaded(made, workspace, TestClient(app, raise_server_exceptions=False))
    listener = Listener(held.output)
    logging.getLogger().addHandler(listener)
    for kind in FILES:
        content = planted_rows(kind)
        systems = ("integrated",) if kind == "stop" else ("integrated", "monitoring")
        for system in systems:
            given = (f"{kind}.csv", as_csv(content)) if system == "integrated" else (f"{kind}.xlsx", workbook(content))
            for dry_run in ("true", "false"):
                answer = held.ask(
                    "POST", "/api/v1/exports", params={"system": system, "kind": kind, "dry_run": dry_run},
                    files={"file": given},
                )
                held.answers[f"{system} {kind} {dry_run}"] = answer.text
                assert answer.status_code in (200, 201), answer.text
    yield held
    logging.getLogger().removeHandler(listener)
    workspace.store.close()


def test_the_files_are_taken_and_their_faults_located(loaded):
    for name, answer in loaded.answers.items():
        assert '"row_count":0' not in answer.replace(" ", ""), name
    found = rows(loaded.workspace.store, "SELECT row_count, rejected_count FROM docked_export "
                 "WHERE ended_at IS NULL AND SPLIT_PART(file_name, '.', 1) IN ('payment', 'payout', 'stop')")

    assert len(found) == 5
    assert all(row["row_count"] >= 3 and row["rejected_count"] >= 3 for row in found)


def test_no_answer_repeats_a_person(loaded):
    assert {name: planted_in(answer) for name, answer in loaded.answers.items() if planted_in(answer)} == {}


@pytest.mark.parametrize("spelling", [
    "65280119620304502x", "652801 19620304 5023", "652801-1962-0304-5023", "６５２８０１１９６２０３０４５０２３",
    "652801620304502", "65280120200315001X", "139 1234 5678", "+86-13912345678",
])
def test_a_number_in_no_spelling_stands_in_what_is_kept(loaded, spelling):
    heads = ("支付明细主键", "支付凭证号", "指标主键", "本级指标文号", "支出功能分类", "直达资金标识")
    made = [{head: words.format(0) for head, words in PAYMENT.items()}]
    made += [{**made[0], "支付明细主键": f"Q{place}", head: spelling} for place, head in enumerate(heads)]

    asked = {"system": "integrated", "kind": "payment", "dry_run": "true"}
    answer = loaded.ask("POST", "/api/v1/exports", params=asked, files={"file": (f"{PERSON}.csv", as_csv(made))})

    assert (answer.json()["row_count"], answer.json()["rejected_count"]) == (1, len(heads))
    assert spelling not in answer.text
    assert answer.json()["file_name"] == "※.csv"


def test_a_note_on_a_difference_names_no_person(loaded):
    for words in (f"已核对{PERSON}", "联系 139 1234 5678"):
        with pytest.raises(RefusedError, match="不能写证件号码或手机号码"):
            require_no_numbers(words)


def test_a_file_without_heads_is_refused_without_repeating_it(loaded):
    content = "\n".join(",".join(row.values()) for row in planted_rows("payout")[:3]).encode()

    for kind in ("payout", "payment"):
        answer = loaded.ask("POST", "/api/v1/exports", params={"system": "integrated", "kind": kind},
                            files={"file": ("无表头.csv", content)})

        assert answer.status_code in (400, 422), answer.text
        assert planted_in(answer.text) == []


def test_a_column_under_a_wrong_head_is_refused_without_repeating_it(loaded):
    made = [{**row, "救助类别": f"{NAME}{number}", "单位名称": f"{PERSON}{number}"} for number, row in
            enumerate(planted_rows("payout"))]

    answer = loaded.ask("POST", "/api/v1/exports", params={"system": "integrated", "kind": "payout", "dry_run": "true"},
                        files={"file": ("错列.csv", as_csv(made))})

    assert planted_in(answer.text) == []


def test_no_table_holds_a_person(loaded):
    store = loaded.workspace.store
    names = [row["table_name"] for row in rows(store, "SELECT table_name FROM information_schema.tables")]
    assert {"payout", "payment", "payout_stop", "docked_reject", "audit_log", "received_file"} <= set(names)

    for name in names:
        for words in PLANTED:
            (found,) = rows(store, f"SELECT COUNT(*) AS n FROM {name} AS t WHERE CONTAINS(CAST(t AS TEXT), $words)",
                            words=words)
            assert found["n"] == 0, (name, words)


def test_no_file_of_the_workspace_holds_a_person(loaded):
    files = [path for path in loaded.made.folder.rglob("*") if path.is_file()]

    assert any(path.suffix == ".duckdb" for path in files)
    assert {path.name: planted_in(path.read_bytes()) for path in files if planted_in(path.read_bytes())} == {}


def test_no_board_tells_of_a_person(loaded):
    given = {
        "document_number": NUMBER, "round_id": ROUND, "as_of": "2021-12-28", "recipient_id": "luntai",
        "region_code": "652800", "version": "2021-1", "version_a": "2021-1", "version_b": "2021-1", "indicator_no": 12,
        "today": "2021-12-28", "entry_no": 1, "year": 2021, "difference_no": 1, "export_no": 1, "import_no": 1,
    }
    asked = 0
    for definition in board_definitions():
        wanted = {"scope": ("document_number", "round_id", "as_of")}
        names = board_parameters(board_function(definition.name))
        params = {each: given[each] for name in names for each in wanted.get(name, (name,)) if each in given}
        token = next(role for role in ROLES if reach(role, "board", definition.name) == ALL)
        answer = loaded.ask("GET", f"/api/v1/boards/{definition.name}", token, params=params)
        asked += answer.status_code == 200
        assert planted_in(answer.text) == [], definition.name

    assert asked > 60


def test_boards_of_payouts_did_read_the_planted_rows(loaded):
    scope = {"document_number": NUMBER, "round_id": ROUND, "as_of": "2021-12-28"}

    lines = loaded.ask("GET", "/api/v1/boards/payout.found_lines", params=scope).json()["rows"]

    assert {line["list_key"] for line in lines} >= {"duplicate", "stopped", "no_person"}
    assert all(line["person_label"].startswith(("人员 ", "没有证件号码")) for line in lines)


def test_no_log_export_names_a_person(loaded):
    at = loaded.workspace.settings.now()
    for kind in ("csv", "xlsx"):
        content = export_log(loaded.workspace.store, Actor("某人", ADMINISTRATOR), at, LogSearch(), kind).content
        parts = [content]
        if kind == "xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                parts = [book.read(name) for name in book.namelist()]
        assert "载入".encode() in b"".join(parts)
        assert [planted_in(part) for part in parts if planted_in(part)] == []


def test_no_archive_names_a_person(loaded):
    at = loaded.workspace.settings.now()
    content = export_archive(loaded.workspace.store, Actor("某人", AUDITOR), at).content

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            assert planted_in(part) == [], name
            if name.endswith(".parquet"):
                assert planted_in(str(pq.read_table(io.BytesIO(part)).to_pylist())) == [], name


def test_nothing_is_written_to_the_output(loaded, capfd):
    loaded.ask("POST", "/api/v1/exports", params={"system": "integrated", "kind": "payout", "dry_run": "true"},
               files={"file": ("p.csv", as_csv(planted_rows("payout")))})
    shown = capfd.readouterr()

    assert planted_in(shown.out + shown.err + "\n".join(loaded.output)) == []


# Persons as hashes.


def load(folder: Path, key: bytes) -> dict[tuple[str, str], set[Any]]:
    """The hashes of each column after the planted files were loaded under a key."""
    store = opened_store(folder)
    for kind in FILES:
        load_export(
            store, OFFICER, AT, key, as_csv(planted_rows(kind)), f"{kind}.csv",
            ExportPlan("integrated", kind, PERIOD[0], PERIOD[1]),
        )
    found = {
        (table, column): {row["hash"] for row in rows(store, f"SELECT {column} AS hash FROM {table}")} - {None}
        for table, column in (("payout", "person_hash"), ("payout", "account_hash"), ("payout_stop", "person_hash"),
                              ("payment", "payee_hash"), ("payment", "account_hash"))
    }
    store.close()
    return found


def test_a_person_is_the_same_in_every_file_and_another_under_another_key(tmp_path_factory):
    one, again, other = (load(tmp_path_factory.mktemp("key"), bytes([number]) * 32) for number in (1, 1, 2))

    assert one == again
    assert one["payout_stop", "person_hash"] & one["payout", "person_hash"]
    assert one["payout", "account_hash"] & one["payment", "account_hash"]
    for column, hashes in one.items():
        assert hashes, column
        assert not hashes & other[column], column

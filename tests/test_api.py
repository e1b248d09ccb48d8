"""The door for programs: by token only, within the same scope as the pages, once only under a key."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from icalendar import Calendar
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.actions.docking import withdraw_export
from dashboard.actions.tokens import SCOPES
from dashboard.api import answers, writes
from dashboard.api.as_json import as_json
from dashboard.api.boards import board_function, board_parameters
from dashboard.api.callers import BODY_LIMIT
from dashboard.api.door import build_api, machine_routes
from dashboard.api.faults import ConflictError
from dashboard.auth.lockout import address_subject, count_attempt
from dashboard.auth.policy import Policy
from dashboard.auth.sessions import now
from dashboard.demo import STATEMENT
from dashboard.gauges import Gauges
from dashboard.rights import ALL, COUNTY_APPROVER, COUNTY_REPORTER, LEADER, NOTHING, OWN, PREFECTURE_OFFICER, reach
from dashboard.workspace import Workspace, open_existing
from data.errors import RefusedError
from data.store import Store
from metrics.boards.basis import board_definitions
from tests.api_builders import ROLES, UNIT, Prepared, prepared
from tests.builders import NUMBER, OFFICER, ROUND, UNITS, contents, founding, is_whole_log, rows
from tests.server_builders import served

OTHER = "yuli"
SERVE = "import sys; from pathlib import Path; from dashboard.server import serve; " \
        "sys.exit(serve(Path(sys.argv[1]), '127.0.0.1', 0))"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROUND_BODY = {
    "document_number": NUMBER, "round_id": "2022-03", "round_name": "2022年3月", "period_end_on": "2022-03-25",
    "opens_on": "2022-03-25", "due_on": "2022-03-31",
}
# Every route that writes, with a body that it would take, and the use that it needs.
WRITES: dict[str, dict[str, Any]] = {
    "notices": {"files": {"file": ("n.txt", founding(("96号", "97号")))}},
    "rounds": {"json": ROUND_BODY},
    "receipts": {"json": {"document_number": NUMBER, "receipts": [
        {"recipient_id": UNIT, "step": "marked", "happened_at": "2021-12-27T10:00:00"}]}},
    "targets": {"json": {
        "document_number": NUMBER, "valid_from_on": "2021-01-01", "reason": "上年测算", "approval_text": "局务会",
        "targets": [{"indicator_no": 19, "recipient_id": UNIT, "target_text": "≥91%"}]}},
    "actuals": {"json": {"rows": [
        {"document_number": NUMBER, "round_id": ROUND, "recipient": UNIT, "indicator_no": 1, "numerator": 8999,
         "denominator": 9100, "deviation_reason": "核减", "improvement_measure": "补录"}]}},
    "inquiries": {"json": {
        "document_number": NUMBER, "round_id": ROUND, "recipient_id": UNIT, "question_text": "为何",
        "fact_text": "执行率低"}},
    "papers": {"json": {"paper": "circular"}},
    "exports": {"files": {"file": ("支付.csv", (
        "支付明细主键,本级指标文号,单位名称,支付日期,实际支付金额,收款人名称\n"
        f"甲1,{NUMBER},博湖县,2021-12-24,1000,张三\n").encode())},
        "params": {"system": "integrated", "kind": "payment"}},
    "reports": {"files": {"file": ("r.xlsx", b"PK")}, "params": {
        "document_number": NUMBER, "round_id": ROUND, "recipient_id": UNIT}},
}


class Door:
    """Asks one workspace as a program does, with a token by its name."""

    def __init__(self, client: httpx.Client, made: Prepared) -> None:
        self.client, self.made = client, made

    def ask(self, method: str, path: str, token: str = PREFECTURE_OFFICER, **more: Any) -> httpx.Response:
        secret = self.made.secrets.get(token, token)
        headers = {**({"Authorization": f"Bearer {secret}"} if secret else {}), **more.pop("headers", {})}
        path = path if path.startswith("/") else f"/api/v1/{path}"
        return self.client.request(method, path, headers=headers, **more)

    def get(self, path: str, token: str = PREFECTURE_OFFICER, **params: Any) -> httpx.Response:
        return self.ask("GET", path, token, params=params)

    def post(self, path: str, token: str = PREFECTURE_OFFICER, key: str = "", **more: Any) -> httpx.Response:
        return self.ask("POST", path, token, headers={"Idempotency-Key": key} if key else {}, **more)


def in_process(made: Prepared) -> tuple[Door, Workspace]:
    workspace = open_existing(made.folder)
    gauges = Gauges()
    app = gauges.counted(Starlette(routes=machine_routes(lambda: workspace, gauges, "the-local-token")))
    return Door(TestClient(app, raise_server_exceptions=False), made), workspace


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Door, Workspace]]:
    """For tests that write nothing."""
    door, workspace = in_process(prepared(tmp_path_factory.mktemp("reading")))
    yield door, workspace
    workspace.store.close()


@pytest.fixture(scope="module")
def door(reading: tuple[Door, Workspace]) -> Door:
    return reading[0]


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[tuple[Door, Store]]:
    door, workspace = in_process(prepared(tmp_path))
    yield door, workspace.store
    workspace.store.close()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The whole server, behind its gate, on a socket."""
    made = prepared(tmp_path_factory.mktemp("live"))
    with served(made.folder, SERVE) as (_, port), httpx.Client(
        base_url=f"http://127.0.0.1:{port}", timeout=30
    ) as client:
        yield Door(client, made)


def routes() -> list[tuple[str, str]]:
    """Every route of the door, with a board's name where one is asked for."""
    paths = build_api().openapi()["paths"]
    found = [(method.upper(), path.replace("{name}", "standing.scores")) for path in paths for method in paths[path]]
    return [*found, ("GET", "/openapi.json"), ("POST", "/local/archive"), ("GET", "/nothing")]


def sentence(answer: httpx.Response) -> str:
    """What is said; every refusal has this form and is Chinese."""
    said = answer.json()
    assert set(said) == {"error"} and "Traceback" not in answer.text, answer.text
    assert CHINESE.search(said["error"]["sentence"])
    return str(said["error"]["sentence"])


def receipt_is_in_the_log(store: Store, told: dict[str, Any], action: str) -> dict[str, Any]:
    (line,) = rows(store, "SELECT * FROM audit_log WHERE entry_no = $no", no=told["receipt"]["entry_no"])
    assert line["entry_hash"] == told["receipt"]["entry_hash"]
    assert line["action_name"] == action
    return line


# --- real connections ------------------------------------------------------------------------------------------


def test_without_a_token_nothing_is_told(live):
    for method, path in [*routes(), ("GET", "/metrics")]:
        answer = live.ask(method, path if path == "/metrics" else f"/api/v1{path}", token="")
        assert answer.status_code == 401, path
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "没有接口令牌" in sentence(answer)
        assert NUMBER not in answer.text


def test_a_body_without_a_token_is_not_read(live):
    answer = live.ask("POST", "actuals", token="", content=b"x" * 3_000_000, headers={"Content-Type": "text/csv"})

    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("name", "words"), [("expired", "到期"), ("revoked", "已撤销"), ("disabled", "已停用"), ("wx_nobody", "令牌不对")]
)
def test_a_token_that_does_not_hold_opens_nothing(live, name, words):
    answer = live.get("notices", name)

    assert answer.status_code == 401
    assert words in sentence(answer)


def test_a_valid_token_gets_the_board(live):
    answer = live.get("scores", document_number=NUMBER, round_id=ROUND)

    assert answer.status_code == 200
    assert {row["recipient_id"] for row in answer.json()["rows"]} == set(UNITS)


def test_a_token_is_no_session_and_a_session_path_takes_no_token(live):
    assert live.get("/overview").status_code in (303, 307, 401)
    assert live.ask("GET", "/_stcore/health").status_code == 401


@pytest.mark.parametrize("route", WRITES)
def test_a_token_for_other_uses_writes_nothing(live, route):
    for scope in set(SCOPES) - {route}:
        answer = live.post(route, f"only {scope}", **WRITES[route])
        assert answer.status_code == 403, scope
        assert f"（{route}）" in sentence(answer)


def test_a_token_that_may_only_write_reads_nothing(live):
    for path in ("boards", "boards/papers.notices", "notices"):
        assert live.get(path, "only notices").status_code == 403
    assert live.get("/metrics", "only read").status_code == 403


def test_the_local_token_is_for_the_command_line_only(live):
    local = json.loads((live.made.folder / "server.json").read_text())["token"]

    for method, path in routes():
        if not path.startswith("/local/"):
            assert live.ask(method, f"/api/v1{path}", local).status_code == 403, path
    assert live.post("local/archive", PREFECTURE_OFFICER).status_code == 403
    assert live.get("/metrics", local).status_code == 401


def test_another_unit_is_out_of_reach_on_every_route(live):
    asked = {"document_number": NUMBER, "round_id": ROUND}
    for alias in ("scores", "targets", "receipts", "duties", "deadlines", "notices", "rounds"):
        named = {} if alias == "notices" else {"document_number": NUMBER} if alias == "rounds" else asked
        answer = live.get(alias, COUNTY_APPROVER, recipient_id=OTHER, **named)
        assert answer.status_code == 403, alias
        assert "只能查看本单位" in sentence(answer)
    receipt = {"recipient_id": OTHER, "step": "marked", "happened_at": "2021-12-27T10:00:00"}
    refused = live.post("receipts", COUNTY_APPROVER, json={"document_number": NUMBER, "receipts": [receipt]})
    assert (refused.status_code, sentence(refused)) == (403, "只能办理本单位的事项。")
    answer = live.post("reports", COUNTY_APPROVER, params={**asked, "recipient_id": OTHER},
                       files={"file": ("r.xlsx", b"PK")})
    assert answer.status_code == 403
    row = {**WRITES["actuals"]["json"]["rows"][0], "recipient": OTHER}
    imported = live.post("actuals", COUNTY_APPROVER, json={"rows": [row]}).json()
    assert imported["counts"]["rejected"] == 1 and imported["receipt"] is None
    for route in ("notices", "rounds", "targets", "inquiries", "papers"):
        assert live.post(route, COUNTY_APPROVER, **WRITES[route]).status_code == 403, route


def test_the_deadlines_are_the_timeline_of_all_duties_and_the_duties_are_the_rounds(live):
    timeline = live.get("deadlines", PREFECTURE_OFFICER, document_number=NUMBER).json()
    reports = live.get("duties", PREFECTURE_OFFICER, document_number=NUMBER, round_id=ROUND).json()

    assert (timeline["board"], reports["board"]) == ("duties.timeline", "reporting.duties")
    assert {"import", "round"} <= {row["duty_kind"] for row in timeline["rows"]}


def test_the_calendar_file_of_a_county_holds_its_own_duties(door):
    county, prefecture = (door.get("duties.ics", token) for token in (COUNTY_APPROVER, PREFECTURE_OFFICER))

    assert county.headers["content-type"].startswith("text/calendar")
    units = [
        {re.search("单位：(.+)", str(event["description"]))[1] for event in Calendar.from_ical(found.content).events}
        for found in (county, prefecture)
    ]
    assert len(units[0]) <= 1 < len(units[1])


def test_receipts_come_by_file_too(writing):
    door, store = writing
    text = f"文号,单位,环节,时间,凭证\n{NUMBER},轮台县,标识登录,2021-12-27 10:00,回执\n"
    file = {"files": {"file": ("登记.csv", text.encode())}}

    tried = door.post("receipts/file?dry_run=1", **file).json()
    made = door.post("receipts/file", **file).json()
    assert (tried["outcome"], tried["receipt"]) == ("dry_run", None)
    assert (made["outcome"], made["counts"]["new"]) == ("recorded", 1)
    receipt_is_in_the_log(store, made, "import_receipts")
    assert door.post("receipts/file", **file).json()["outcome"] == "nothing_recorded"


def test_evidence_of_another_unit_is_out_of_reach(live):
    asked = {"document_number": NUMBER, "round_id": ROUND, "evidence_no": 1}

    for recipient_id, status in ((OTHER, 403), (UNIT, 404)):
        answer = live.get("boards/reporting.evidence_content", COUNTY_APPROVER, recipient_id=recipient_id, **asked)
        assert answer.status_code == status


def test_health_is_open_and_says_nothing(live):
    assert live.ask("GET", "/healthz", token="").json() == {"status": "ok"}


# --- reading ---------------------------------------------------------------------------------------------------


def board_query(name: str) -> dict[str, Any]:
    """Everything that a board asks for, about our own unit."""
    values = {"document_number": NUMBER, "round_id": ROUND, "recipient_id": UNIT, "indicator_no": 1,
              "compared_on": "2021-12-26",
              "version": "2021-1", "version_a": "2021-1", "version_b": "2021-1", "entry_no": 1, "evidence_no": 1,
              "difference_no": 1, "export_no": 1, "inquiry_no": 1, "file_no": 1, "year": 2021,
              "system_name": "integrated",
              "record_kind": "payment", "as_of_on": "2021-12-28"}
    return {word: values[word] for word in board_parameters(board_function(name)) if word in values}


def units_in(value: Any) -> set[str]:
    """Every unit that is a value of ``recipient_id`` anywhere."""
    if isinstance(value, dict):
        own = {value["recipient_id"]} if isinstance(value.get("recipient_id"), str) else set()
        return own.union(*(units_in(entry) for entry in value.values()))
    return set().union(*map(units_in, value)) if isinstance(value, list) else set()


def numbers_with_a_point(value: Any) -> list[float]:
    if isinstance(value, dict | list):
        entries = value.values() if isinstance(value, dict) else value
        return [found for entry in entries for found in numbers_with_a_point(entry)]
    return [value] if isinstance(value, float) else []


# The bytes of a file that is not there have no rows to look at.
CONTENTS = {"reporting.evidence_content", "inquiries.file_content"}
BOARDS = [definition.name for definition in board_definitions() if definition.name not in CONTENTS]


@pytest.mark.parametrize("name", BOARDS)
def test_every_board_keeps_a_county_to_its_own_unit(reading, name):
    door, workspace = reading
    allowed = reach(COUNTY_APPROVER, "board", name)

    answer = door.get(f"boards/{name}", COUNTY_APPROVER, **board_query(name))

    if allowed == NOTHING:
        assert answer.status_code == 403
        return
    assert answer.status_code == 200, answer.text
    told = answer.json().get("rows", answer.json().get("value"))
    if allowed == OWN:
        assert units_in(told) <= {UNIT}
        names = rows(workspace.store, "SELECT recipient_id, recipient_name FROM recipient")
        said = json.dumps(told, ensure_ascii=False)
        others = [row["recipient_name"] for row in names if row["recipient_id"] != UNIT]
        assert others and not [other for other in others if other in said]
        if "recipient_id" in board_parameters(board_function(name)):
            asked = {**board_query(name), "recipient_id": OTHER}
            assert door.get(f"boards/{name}", COUNTY_APPROVER, **asked).status_code == 403


def test_some_boards_have_rows_of_others_to_hide(door):
    for name in ("standing.scores", "timeliness.receipts", "deviation.ranking", "reporting.duties"):
        told = door.get(f"boards/{name}", **board_query(name)).json()
        assert len(units_in(told)) > 3, name
        own = door.get(f"boards/{name}", COUNTY_APPROVER, **board_query(name)).json()
        assert own["rows"], name


@pytest.mark.parametrize("name", BOARDS)
def test_every_board_is_exact_json(door, name):
    token = next(role for role in ROLES if reach(role, "board", name) == ALL)

    answer = door.get(f"boards/{name}", token, **board_query(name))

    def refuse(word: str) -> None:
        raise AssertionError(word)

    assert answer.status_code == 200, answer.text
    told = json.loads(answer.text, parse_constant=refuse)
    assert numbers_with_a_point(told) == []


def test_money_is_told_to_the_fen(reading):
    door, workspace = reading
    told = door.get("boards/allocation.units", document_number=NUMBER).json()["rows"]
    kept = rows(workspace.store, "SELECT recipient_id, SUM(after_yuan) AS after_yuan FROM allocation_line "
                "WHERE document_number = $n GROUP BY recipient_id", n=NUMBER)

    assert {row["recipient_id"]: Decimal(row["after_yuan"]) for row in told} == {
        row["recipient_id"]: row["after_yuan"] for row in kept
    }
    assert all(re.fullmatch(r"-?\d+\.\d\d", row["after_yuan"]) for row in told)


def test_scores_are_whole_micro_points_and_missing_ones_null(reading):
    door, _ = reading
    told = door.get("scores", document_number=NUMBER, round_id=ROUND).json()["rows"]

    assert {type(row["score_micro"]) for row in told} == {int, type(None)}
    assert all(row["score_micro"] is None for row in told if row["state"] == "not_reported")
    assert any(row["state"] == "not_reported" for row in told)


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (2939.1, "after_yuan", "2939.10"),
        (90_000_000_000_000.01 / 1000, "paid_yuan", "90000000000.00"),
        (0.1, "bound", "0.1"),
        (1e22, "value", "10000000000000000000000"),
        (3.0, "score_micro", 3),
        (float("nan"), "score_micro", None),
        (float("inf"), "rate", None),
        (np.int64(7), "x", 7),
        (np.bool_(True), "is_x", True),
        (pd.NA, "x", None),
        (pd.NaT, "due_on", None),
        (Decimal("0.10"), "x", "0.10"),
        (Decimal("NaN"), "x", None),
        (pd.Timestamp("2021-12-27"), "due_on", "2021-12-27"),
        (datetime(2021, 12, 27, 9), "happened_at", "2021-12-27T09:00:00"),
        (date(2021, 12, 27), "x", "2021-12-27"),
        ({"b": (1, None)}, "x", {"b": [1, None]}),
        (frozenset({"b", "a"}), "x", ["a", "b"]),
    ],
)
def test_each_kind_of_value_is_told_faithfully(value, name, expected):
    assert as_json(value, name) == expected
    assert type(as_json(value, name)) is type(expected)


def test_what_has_no_faithful_form_is_refused():
    assert as_json(b"bytes") == "Ynl0ZXM="
    with pytest.raises(TypeError):
        as_json(object())


@pytest.mark.parametrize("role", ROLES)
def test_only_the_boards_in_reach_are_listed(door, role):
    listed = {board["name"] for board in door.get("boards", role).json()["boards"]}

    every = [definition.name for definition in board_definitions()]
    assert listed == {name for name in every if reach(role, "board", name) != NOTHING}


def test_a_board_comes_with_its_definition_and_what_was_asked(door):
    told = door.get("boards/standing.scores", document_number=NUMBER).json()

    assert told["title"] == "指标得分" and told["formula"] and told["is_demonstration"] is True
    assert told["parameters"] == {"document_number": NUMBER, "round_id": "2021-12", "as_of": "2021-12-28"}


def test_a_unit_can_be_asked_for(door):
    told = door.get("boards/standing.scores", document_number=NUMBER, recipient_id=OTHER).json()

    assert {row["recipient_id"] for row in told["rows"]} == {OTHER}


@pytest.mark.parametrize(
    ("path", "params", "status", "words"),
    [
        ("boards/standing.nothing", {}, 404, "没有“standing.nothing”这张表"),
        ("boards/definition.board", {}, 404, "没有“definition.board”这张表"),
        ("scores", {}, 422, "缺少参数 document_number"),
        ("scores", {"document_number": "巴财社〔2020〕1号"}, 404, "没有发布过"),
        ("scores", {"document_number": NUMBER, "round_id": "2031-01"}, 404, "没有轮次"),
        ("scores", {"document_number": NUMBER, "as_of": "2021-12-29"}, 422, "不能晚于今天"),
        ("scores", {"document_number": NUMBER, "as_of": "昨天"}, 422, "as_of 的写法不对"),
        ("scores", {"document_number": NUMBER, "limit": "9"}, 422, "没有参数 limit"),
        ("boards/deviation.cell", {"document_number": NUMBER, "recipient_id": UNIT}, 422, "缺少参数 indicator_no"),
        ("boards/allocation.totals", {"document_number": NUMBER, "recipient_id": UNIT}, 422, "不按单位分行"),
        ("nothing", {}, 404, "没有这个地址"),
        ("docs", {}, 404, "没有这个地址"),
    ],
)
def test_what_cannot_be_answered_is_said(door, path, params, status, words):
    answer = door.get(path, **params)

    assert answer.status_code == status
    assert words in sentence(answer)


def test_the_description_is_chinese_and_its_names_english(door):
    told = door.get("openapi.json").json()
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]

    assert len(set(names)) == len(names) > 10
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)
    assert all(CHINESE.search(operation["summary"]) for operation in operations)
    assert not [path for path in told["paths"] if "local" in path]
    assert told["servers"] == [{"url": "/api/v1"}]


# --- writing ---------------------------------------------------------------------------------------------------


def test_a_notice_is_read_without_being_kept(writing):
    door, store = writing
    before = contents(store)

    told = door.post("notices?dry_run=1", **WRITES["notices"]).json()

    assert (told["outcome"], told["can_publish"], told["refusals"]) == ("dry_run", True, [])
    assert told["proved_count"] > 5 and told["notice"]["document_number"]
    assert contents(store) == before


def test_a_notice_is_published_once_with_a_receipt(writing):
    door, store = writing

    told = door.post("notices", **WRITES["notices"]).json()
    again = door.post("notices", **WRITES["notices"]).json()

    assert (told["outcome"], told["document_number"]) == ("published", "巴财社〔2021〕97号")
    line = receipt_is_in_the_log(store, told, "publish_notice")
    assert line["account_id"] == "api.prefecture-officer"
    assert re.fullmatch(r"接口 testclient 令牌 [0-9a-f]{8}（prefecture_officer）", line["origin_text"])
    assert (again["outcome"], again["receipt"]) == ("nothing_changed", None)
    assert is_whole_log(store)


def test_a_notice_whose_sums_fail_is_refused(writing):
    door, store = writing
    wrong = {"files": {"file": ("n.txt", founding(("96号", "98号"), ("2939", "2938")))}}
    before = contents(store)

    dry = door.post("notices?dry_run=1", **wrong).json()
    answer = door.post("notices", **wrong)

    assert not dry["can_publish"] and dry["refusals"]
    assert answer.status_code == 409 and sentence(answer).startswith("不能发布")
    broken = door.post("notices", files={"file": ("n.pdf", b"no pdf")})
    assert broken.status_code == 422 and "n.pdf" in sentence(broken)
    assert contents(store) == before


def test_the_same_key_opens_one_round(writing):
    door, store = writing

    first = door.post("rounds", key="a-1", json=ROUND_BODY)
    again = door.post("rounds", key="a-1", json=ROUND_BODY)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert "Idempotency-Replayed" not in first.headers and again.headers["Idempotency-Replayed"] == "true"
    receipt_is_in_the_log(store, first.json(), "open_round")
    other = door.post("rounds", key="a-1", json={**ROUND_BODY, "round_id": "2022-06"})
    assert other.status_code == 409 and "已经用于另一个请求" in sentence(other)
    elsewhere = door.post("rounds", "only rounds", key="a-1", json=ROUND_BODY)
    assert elsewhere.json() == first.json(), "同一账号的另一个令牌"
    assert len(rows(store, "SELECT * FROM round WHERE round_id LIKE '2022%'")) == 1


def test_without_a_key_the_round_is_refused_the_second_time(writing):
    door, _ = writing

    assert door.post("rounds", json=ROUND_BODY).status_code == 200
    again = door.post("rounds", json=ROUND_BODY)

    assert again.status_code == 409 and "已经开启" in sentence(again)


def test_the_key_is_the_accounts_own(writing):
    door, store = writing

    def marked(token: str) -> httpx.Response:
        return door.post("receipts", token, key="same", **WRITES["receipts"])

    assert marked(COUNTY_APPROVER).status_code == marked(PREFECTURE_OFFICER).status_code == 200
    kept = rows(store, "SELECT recorded_by FROM receipt WHERE receipt_step = 'marked' AND recipient_id = $u", u=UNIT)
    assert len(kept) >= 2


def test_twins_at_the_same_time_are_done_once(writing):
    door, store = writing
    before = len(rows(store, "SELECT * FROM receipt"))
    start = threading.Barrier(4)

    def ask(_: int) -> httpx.Response:
        start.wait()
        return door.post("receipts", key="twins", **WRITES["receipts"])

    with ThreadPoolExecutor(4) as pool:
        told = [answer.json() for answer in pool.map(ask, range(4))]

    assert len(rows(store, "SELECT * FROM receipt")) == before + 1
    assert all(each == told[0] for each in told)


def test_what_was_refused_may_be_tried_again_under_its_key(writing):
    door, _ = writing
    late = {**ROUND_BODY, "document_number": "巴财社〔2021〕97号"}

    assert door.post("rounds", key="k", json=late).status_code == 409
    door.post("notices", **WRITES["notices"])
    assert door.post("rounds", key="k", json=late).status_code == 200


def test_an_action_that_was_cut_off_is_not_done_again(writing):
    _, store = writing

    def refused() -> dict[str, Any]:
        with pytest.raises(ConflictError, match="不知道是否已办理"):
            since = now() - timedelta(hours=1)
            held = store.query("api_answer", account_id="a", idempotency_key="k", since=since).iloc[0]
            answers._told_before(held, "k", "sha")
        raise RefusedError("没有办成")

    with pytest.raises(RefusedError, match="没有办成"):
        answers.once(store, "a", "k", "sha", refused)
    assert rows(store, "SELECT * FROM api_answer WHERE account_id = 'a'") == []


def test_an_action_that_broke_after_its_commit_is_not_done_again(writing):
    _, store = writing
    done = []

    def breaks() -> dict[str, Any]:
        done.append("committed")
        raise KeyError("after the commit")

    with pytest.raises(KeyError):
        answers.once(store, "a", "k", "sha", breaks)
    with pytest.raises(ConflictError, match="不知道是否已办理"):
        answers.once(store, "a", "k", "sha", breaks)
    assert done == ["committed"]


def test_an_answer_is_forgotten_after_a_day(writing):
    door, store = writing
    door.post("receipts", key="old", **WRITES["receipts"])
    with store.transaction() as cursor:
        cursor.run("UPDATE api_answer SET answered_at = answered_at - INTERVAL 25 HOUR")

    again = door.post("receipts", key="old", **WRITES["receipts"])

    assert "Idempotency-Replayed" not in again.headers
    assert len(rows(store, "SELECT * FROM api_answer")) == 1


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_a_key_that_is_none_is_refused(writing, key):
    answer = writing[0].post("rounds", key=key, json=ROUND_BODY)

    assert answer.status_code == 422 and "Idempotency-Key" in sentence(answer)


def test_receipts_are_recorded_all_together_each_with_its_line(writing):
    door, store = writing
    step = WRITES["receipts"]["json"]["receipts"][0]
    given = [
        {**step, "step": "registered", "amount_yuan": "29390000.00"}, step,
        {**step, "step": "registered", "amount_yuan": "29380000.00"},
    ]

    told = door.post("receipts", json={"document_number": NUMBER, "receipts": given}).json()

    assert told["recorded_count"] == 3
    for done in told["receipts"]:
        assert UNIT in receipt_is_in_the_log(store, done, "record_receipt")["subject_text"]
    assert len({done["receipt"]["entry_no"] for done in told["receipts"]}) == 3
    first, _, last = rows(store, "SELECT * FROM receipt ORDER BY receipt_no DESC LIMIT 3")[::-1]
    assert (first["amount_yuan"], last["amount_yuan"]) == (Decimal("29390000.00"), Decimal("29380000.00"))


def test_one_wrong_receipt_stops_them_all_and_each_fault_is_named(writing):
    door, store = writing
    step = WRITES["receipts"]["json"]["receipts"][0]
    before = contents(store)

    answer = door.post("receipts", json={"document_number": NUMBER, "receipts": [
        step, {**step, "recipient_id": "nobody"}, {**step, "happened_at": "2031-01-01T00:00:00"}]})

    assert answer.status_code == 422
    issues = answer.json()["error"]["issues"]
    assert [issue["place"] for issue in issues] == ["receipts[1]", "receipts[2]"]
    assert "不在这份文件的分配名单里" in issues[0]["sentence"]
    assert contents(store) == before


def test_receipts_that_all_fail_are_one_refusal(writing):
    door, store = writing
    step = WRITES["receipts"]["json"]["receipts"][0]
    before = contents(store)

    answer = door.post("receipts", json={"document_number": NUMBER, "receipts": [
        {**step, "recipient_id": "nobody"}, {**step, "step": "lost"}]})

    assert answer.status_code == 422
    assert [issue["place"] for issue in answer.json()["error"]["issues"]] == ["receipts[0]", "receipts[1]"]
    assert contents(store) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount_yuan": 0.1}, "写成文字"),
        ({"amount_yuan": "1.001"}, "amount_yuan"),
        ({"happened_at": "2021-12-27T10:00:00+08:00"}, "happened_at"),
        ({"step": ""}, "step"),
        ({"unknown": "x"}, "不认识 receipts[0].unknown"),
    ],
)
def test_a_body_written_wrongly_is_told_where(door, changes, words):
    step = {**WRITES["receipts"]["json"]["receipts"][0], **changes}

    answer = door.post("receipts", json={"document_number": NUMBER, "receipts": [step]})

    assert answer.status_code == 422
    assert words in sentence(answer)
    assert all(CHINESE.search(issue["sentence"]) for issue in answer.json()["error"]["issues"])


def test_a_body_that_is_no_json_is_told(door):
    answer = door.ask("POST", "rounds", content=b"{", headers={"Content-Type": "application/json"})

    assert answer.status_code == 422 and "JSON" in sentence(answer)


def test_targets_are_rehearsed_and_laid_down(writing):
    door, store = writing
    before = contents(store)

    dry = door.post("targets?dry_run=1", **WRITES["targets"]).json()
    assert contents(store) == before
    told = door.post("targets", **WRITES["targets"]).json()

    assert [change["new_text"] for change in dry["changes"]] == ["≥91%"] and dry["refusals"] == []
    assert (told["outcome"], told["change_count"]) == ("decomposed", 1)
    receipt_is_in_the_log(store, told, "decompose_targets")
    assert door.post("targets", **WRITES["targets"]).json()["outcome"] == "nothing_changed"


def test_actuals_are_imported_with_a_row_receipt(writing):
    door, store = writing
    before = contents(store)

    dry = door.post("actuals?dry_run=1", key="i", **WRITES["actuals"]).json()
    assert contents(store) == before
    told = door.post("actuals?rows=1", COUNTY_APPROVER, key="i", **WRITES["actuals"])

    assert dry["outcome"] == "dry_run" and dry["counts"]["changed"] == 1
    assert told.json()["outcome"] == "imported" and told.json()["counts"]["changed"] == 1
    assert [row["row_outcome"] for row in told.json()["rows"]] == ["changed"]
    receipt_is_in_the_log(store, told.json(), "import_actuals")
    again = door.post("actuals?rows=1", COUNTY_APPROVER, key="i", **WRITES["actuals"])
    assert again.json() == told.json() and again.headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("way", ["form", "raw"])
def test_actuals_come_as_a_file_too(door, way):
    table = f"文号,轮次,单位,序号,分子,分母\n{NUMBER},{ROUND},博湖县,1,8999,9100\n".encode()
    sent = {"files": {"file": ("a.csv", table)}} if way == "form" else {"content": table}
    headers = {} if way == "form" else {"Content-Type": "text/csv"}

    told = door.ask("POST", "actuals?dry_run=1", headers=headers, **sent).json()

    assert told["row_count"] == 1, told


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"json": {"rows": []}}, "至少一行"),
        ({"json": {"rows": [{"a": [1]}]}}, "rows[0]"),
        ({"content": b"[", "headers": {"Content-Type": "application/json"}}, "不是 JSON"),
        ({"content": b"x", "headers": {"Content-Type": "image/png"}}, "不能导入"),
        ({"files": {"other": ("a.csv", b"a")}}, "字段应名为 file"),
    ],
)
def test_a_bulk_file_that_is_none_is_told(door, sent, words):
    answer = door.ask("POST", "actuals", **sent)

    assert answer.status_code == 422 and words in sentence(answer)


def test_a_report_is_rehearsed_and_submitted(writing):
    door, store = writing
    file = next((door.made.folder / "填报文件").glob("博湖县_2021-12_*"))
    asked = {"params": {"document_number": NUMBER, "round_id": ROUND, "recipient_id": UNIT},
             "files": {"file": (file.name, file.read_bytes())}}
    before = contents(store)

    dry = door.post("reports", COUNTY_REPORTER, files=asked["files"], params={**asked["params"], "dry_run": 1})
    silent = door.post("reports", COUNTY_APPROVER, **asked)
    told = door.post("reports", COUNTY_APPROVER, data={"statement": STATEMENT}, **asked)

    assert len(dry.json()["rows"]) == 20, "who may fill it in may rehearse it"
    assert door.post("reports", COUNTY_REPORTER, data={"statement": "无"}, **asked).status_code == 403
    assert silent.status_code == 409 and "没有写已知局限（statement）" in sentence(silent)
    assert told.json()["outcome"] == "nothing_changed", "演示里已经报过同一份"
    assert contents(store) == before
    assert door.post("reports", LEADER, **asked).status_code == 403


def test_every_write_leaves_the_log_whole(writing):
    door, store = writing
    for route in ("notices", "rounds", "receipts", "targets", "actuals", "inquiries"):
        assert door.post(route, **WRITES[route]).status_code == 200, route

    assert is_whole_log(store)


def test_a_program_opens_an_inquiry_and_the_unit_s_own_answers_it(writing):
    door, store = writing
    made = door.post("inquiries", key="q", **WRITES["inquiries"])
    told = made.json()
    assert (made.status_code, told["outcome"], told["due_on"]) == (200, "opened", "2022-01-05")
    assert door.post("inquiries", key="q", **WRITES["inquiries"]).json() == told
    again = door.post("inquiries", **WRITES["inquiries"])
    assert again.status_code == 409 and "已有没销号的" in sentence(again)
    number = told["inquiry_no"]
    rows_told = door.get("boards/inquiries.my_inquiries", COUNTY_APPROVER, recipient_id=UNIT).json()["rows"]
    (held,) = [row for row in rows_told if row["inquiry_no"] == number]
    asked = {"params": {"seen_step_no": held["newest_step_no"]}, "data": {"reason": "慢", "measure": "快"},
             "files": {"file": ("凭证.txt", "凭证".encode())}}
    path = f"inquiries/{number}/answer"

    assert door.post(path, PREFECTURE_OFFICER, **asked).status_code == 403
    refused = door.post(path, COUNTY_APPROVER, **{**asked, "files": {}})
    assert refused.status_code == 409 and "也没有写明为什么没有" in sentence(refused)
    assert door.post(path, COUNTY_APPROVER, **asked).json()["outcome"] == "answered"
    late = door.post(path, COUNTY_APPROVER, **asked)
    assert late.status_code == 409 and "在你打开以后" in sentence(late)
    assert rows(store, "SELECT file_name FROM inquiry_file WHERE inquiry_no = $n", n=number) == [
        {"file_name": "凭证.txt"}
    ]


# --- faults ----------------------------------------------------------------------------------------------------


def test_a_fault_of_the_program_is_one_sentence(door, monkeypatch):
    def broken(*_: Any) -> None:
        raise KeyError("secret detail")

    monkeypatch.setattr(writes, "open_round", broken)
    answer = door.post("rounds", json=ROUND_BODY)

    assert answer.status_code == 500
    assert "程序出错" in sentence(answer) and "secret" not in answer.text


def test_a_body_too_large_is_refused(door):
    answer = door.ask("POST", "rounds", content=b" " * (BODY_LIMIT + 1), headers={"Content-Type": "application/json"})

    assert answer.status_code == 413 and "太大" in sentence(answer)


def test_wrong_tokens_lock_the_address_but_not_the_right_one(writing):
    door, _ = writing
    statuses = [door.get("boards", f"wx_{number}").status_code for number in range(7)]

    assert statuses == [401] * 5 + [429] * 2
    assert door.get("boards").status_code == 200


def test_a_program_with_an_old_token_locks_nobody_out_of_the_sign_in_page(writing):
    door, store = writing
    for _ in range(6):
        answer = door.get("boards", "expired")

    assert answer.status_code == 429 and "接口令牌" in sentence(answer)
    count_attempt(store, (address_subject("testclient"),), Policy(), now())     # else LockedError


# --- counters --------------------------------------------------------------------------------------------------


def test_counters_tell_requests_and_actions_and_no_names(writing):
    door, store = writing
    door.get("boards/standing.scores", document_number=NUMBER)
    door.get("boards", token="")
    door.post("rounds", json=ROUND_BODY)

    answer = door.get("/metrics", "only metrics")
    text = answer.text

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'wenxiao_requests_total{route="/api/v1/boards/{name}",status="200"} 1.0' in text
    assert 'status="401"' in text
    assert f'wenxiao_actions_total{{action="submit_report"}} {count_of(store, "submit_report")}' in text
    assert f"wenxiao_data_version {float(store.data_version)}" in text
    assert re.search(r"wenxiao_shown_version [1-9]", text)
    assert re.search(r"wenxiao_store_bytes [1-9]", text)
    assert not CHINESE.search(text) and UNIT not in text


def count_of(store: Store, action: str) -> float:
    return float(rows(store, "SELECT COUNT(*) AS n FROM audit_log WHERE action_name = $a", a=action)[0]["n"])


def docked(store: Store) -> list[dict[str, Any]]:
    """The exports that hold."""
    return rows(store, "SELECT * FROM docked_export WHERE ended_at IS NULL ORDER BY export_no")


def test_an_export_is_tried_loaded_and_answered_once(writing):
    door, store = writing
    # The demonstration's payments of all units make room for a county's own.
    (held,) = (row for row in docked(store) if (row["system_name"], row["record_kind"]) == ("integrated", "payment"))
    withdraw_export(store, OFFICER, datetime(2021, 12, 28, 16), held["export_no"], "改由各单位自己导出")
    before = docked(store)
    sent = {**WRITES["exports"], "params": {"system": "integrated", "kind": "payment", "unit": "博湖县"}}
    dry = door.ask("POST", "exports", files=sent["files"], params={**sent["params"], "dry_run": "1"}).json()
    assert (dry["outcome"], dry["row_count"], dry["amount_yuan"]) == ("dry_run", 1, "1000.00")
    assert docked(store) == before

    told = door.post("exports", COUNTY_APPROVER, key="e", **sent)
    assert (told.json()["outcome"], told.json()["rejected_count"]) == ("loaded", 0)
    assert door.post("exports", COUNTY_APPROVER, key="e", **sent).json() == told.json()
    assert [row["recipient_id"] for row in docked(store) if row not in before] == [UNIT]

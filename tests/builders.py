"""What the tests of actions, boards and pages start from, each with overrides.

The notice is the founding one (tests/notices/founding/notice.txt). A store or workspace that is costly to
build is built once a session as a file and copied for each test.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dashboard import demo, session
from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.notices import Published, publish_notice, read_received
from dashboard.actions.receipts import ReceiptEntry, record_receipt
from dashboard.actions.reports import Submitted, Upload, prepare_form, submit_report
from dashboard.actions.rounds import RoundPlan, open_round
from dashboard.rights import ADMINISTRATOR, COUNTY_APPROVER, PREFECTURE_OFFICER, REVIEWER
from dashboard.workspace import STORE_NAME
from data.audit import Actor, first_break
from data.errors import IntakeError
from data.intake.form import FilledEntry, FilledReport
from data.store import Store

NUMBER = "巴财社〔2021〕96号"
REGION = "652800"
OFFICER = Actor("阿依古丽", PREFECTURE_OFFICER)
REVIEWING = Actor("古丽娜", REVIEWER)
FOUNDING = (Path(__file__).parent / "notices" / "founding" / "notice.txt").read_text(encoding="utf-8")

PUBLISHED_AT = datetime(2021, 12, 22, 16)
OPENED_AT = datetime(2021, 12, 22, 16, 30)
SUBMITTED_AT = datetime(2021, 12, 26, 10)
ROUND = "2021-12"
PLAN = RoundPlan(ROUND, "2021年12月", date(2021, 12, 25), date(2021, 12, 25), date(2021, 12, 27))
MARKER = "01 中央直达资金"
STATEMENT = "无"     # 已知局限

UNITS = (
    "kuerle", "kuerle-kaifaqu", "luntai", "yuli", "ruoqiang", "qiemo", "yanqi", "hejing", "heshuo", "bohu",
    "zhou-jiuzhuzhan", "zhou-fuliyuan",
)


# The folder of the whole run, which conftest.py makes and takes away.
SHARED_FOLDER = "WENXIAO_TESTS_FOLDER"


@cache
def session_folder() -> Path:
    """A folder that lives as long as this run of the tests."""
    folder = Path(tempfile.mkdtemp(prefix="wenxiao-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def plan(**changes: Any) -> RoundPlan:
    """The December round with some of it changed."""
    return RoundPlan(**{**PLAN.__dict__, **changes})


def clerk(recipient_id: str) -> Actor:
    """Who submits for one unit."""
    return Actor(f"{recipient_id}审核人", COUNTY_APPROVER, recipient_id)


def founding(*changes: tuple[str, str]) -> bytes:
    """The founding notice with words replaced; each must be there."""
    text = FOUNDING
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def publish(
    store: Store, content: bytes | None = None, *, name: str = "notice.txt", at: datetime = PUBLISHED_AT,
    actor: Actor = OFFICER,
) -> Published:
    """Read a notice and publish it."""
    return publish_notice(store, actor, at, read_received(store, content or founding(), name))


@cache
def _prepared(with_round: bool) -> Path:
    path = session_folder() / f"prepared-{with_round}.duckdb"
    store = Store(path)
    publish(store)
    if with_round:
        open_round(store, OFFICER, OPENED_AT, NUMBER, PLAN, REGION)
    store.close()
    return path


def published_store(folder: Path) -> Store:
    """A store with the founding notice published."""
    return Store(shutil.copy(_prepared(False), folder / STORE_NAME))


def opened_store(folder: Path) -> Store:
    """A store with the founding notice published and the December round open."""
    return Store(shutil.copy(_prepared(True), folder / STORE_NAME))


@cache
def demo_folder() -> Path:
    """The demonstration, built once for all processes of the run; read it, and copy it before writing to it."""
    shared = Path(os.environ[SHARED_FOLDER])
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demo").exists():
            building = shared / "demo-building"
            shutil.rmtree(building, ignore_errors=True)   # a build that failed must fail again with its own fault
            demo.build(building).store.close()
            building.rename(shared / "demo")
    return Path(shutil.copytree(shared / "demo", session_folder() / "demo"))


@cache
def demo_store() -> Store:
    """The demonstration's store, opened once, for reading only."""
    return Store(Path(shutil.copy(demo_folder() / STORE_NAME, session_folder() / "demo-read.duckdb")))


def entry(indicator_no: int, **values: Any) -> FilledEntry:
    """One filled row of a form; numbers may be typed as int or text."""
    numbers = {"numerator", "denominator", "value", "prior_value", "band_share"}
    typed = {
        name: Decimal(str(value)) if name in numbers and value is not None else value
        for name, value in values.items()
    }
    places = dict.fromkeys(values, f"「填报表」!X{indicator_no}")
    return FilledEntry(indicator_no, **{"is_blank": not values, "places": places, **typed})


def upload(
    *entries: FilledEntry, recipient_id: str = "luntai", round_id: str = ROUND, paid_wan: Any = None,
    content: bytes | None = None, document_number: str = NUMBER,
) -> Upload:
    """A filled form as it comes back from the reader; other figures make another file."""
    paid = None if paid_wan is None else Decimal(str(paid_wan)) * 10_000
    report = FilledReport(document_number, round_id, recipient_id, paid, entries, "张三")
    return Upload(report, content or repr(report).encode(), f"{recipient_id}.xlsx")


def submit(
    store: Store, given: Upload, *, at: datetime = SUBMITTED_AT, actor: Actor | None = None, explains: bool = True,
) -> Submitted:
    """Submit an upload as the unit's own reporter, who writes the words that the rules ask for unless told not to."""
    actor = actor or clerk(given.report.recipient_id)
    try:
        return submit_report(store, actor, at, given, REGION, statement=STATEMENT)
    except IntakeError as refused:
        if not explains:
            raise
        return submit_report(store, actor, at, _explained(given, refused), REGION, statement=STATEMENT)


def _explained(given: Upload, refused: IntakeError) -> Upload:
    asked: dict[int, dict[str, str]] = {}
    for issue in refused.issues:
        number = int(issue.sentence.split("第")[1].split("项")[0])
        field = issue.code.removesuffix("-missing").replace("-", "_")
        asked.setdefault(number, {})[field] = "已写明"
    entries = tuple(replace(each, **asked.get(each.indicator_no, {})) for each in given.report.entries)
    return replace(given, report=replace(given.report, entries=entries))


def receive(
    store: Store, recipient_id: str = "luntai", *, happened_at: datetime = datetime(2021, 12, 22, 18),
    at: datetime | None = None, step: str = "received", **more: Any,
) -> None:
    """Record a step of a unit's way with the notice, at the moment it happened unless said otherwise."""
    entry_of_step = ReceiptEntry(step, happened_at, **more)
    record_receipt(store, OFFICER, at or happened_at, NUMBER, recipient_id, entry_of_step, REGION)


def import_all(store: Store, happened_at: datetime, *, wan: int = 2939, marker: str = MARKER, **more: Any) -> None:
    """Record the import of all of 轮台县's money with its marker, unless said otherwise."""
    receive(store, happened_at=happened_at, step="imported", amount_yuan=Decimal(wan) * 10_000,
            marker_text=marker, **more)


def form(store: Store, recipient_id: str = "luntai", round_id: str = ROUND) -> Any:
    """The form of one unit."""
    return prepare_form(store, NUMBER, round_id, recipient_id)


def rows(store: Store, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    """Rows of a statement that a test looks at the store with."""
    with store.reading() as cursor:
        return cursor.rows(sql, parameters)


# Docked rows are many: a table longer than this is told by the number of its rows and a sum of their digests.
LONG_TABLE = 5000


def contents(store: Store) -> dict[str, list[Any]]:
    """Everything that a store holds, table by table: what must be as before when an action is refused."""
    names = [
        row["table_name"]
        for row in rows(store, "SELECT table_name FROM information_schema.tables ORDER BY table_name")
    ]
    assert "notice" in names
    return {name: _table_contents(store, name) for name in names}


def _table_contents(store: Store, name: str) -> list[Any]:
    (told,) = rows(store, f"SELECT COUNT(*) AS n, SUM(CAST(HASH({name}) AS HUGEINT)) AS digests FROM {name}")
    if told["n"] > LONG_TABLE:
        return [told["n"], told["digests"]]
    return sorted(map(repr, (tuple(row.values()) for row in rows(store, f"SELECT * FROM {name}"))))


def score_of(
    store: Store, indicator_no: int, as_of: datetime, recipient_id: str = "luntai", round_id: str = ROUND
) -> dict[str, Any]:
    """How one unit stands on one indicator at a moment."""
    (row,) = rows(
        store,
        "SELECT * FROM score WHERE document_number = $number AND round_id = $round_id AND indicator_no = $no "
        "AND recipient_id = $unit AND valid_from <= $at AND valid_to > $at",
        number=NUMBER, round_id=round_id, no=indicator_no, unit=recipient_id, at=as_of,
    )
    return row


def is_whole_log(store: Store) -> bool:
    """Whether the log's chain holds."""
    with store.reading() as cursor:
        return first_break(cursor) is None


def sign_in(monkeypatch: pytest.MonkeyPatch, role: str = PREFECTURE_OFFICER, recipient_id: str = "") -> Actor:
    """Let pages that AppTest runs be opened by a person of a role, with a real account and a real session.

    Call it when the workspace is set and the caches are clear; an account of the role is added where none is.
    """
    store = session.workspace().store
    held = store.query("accounts")
    held = held[(held["role"] == role) & (held["recipient_id"] == recipient_id)]
    account_id, name = f"test-{role.replace('_', '-')}{recipient_id}", "阿依古丽"
    if held.empty:
        installer = Actor("安装人员", ADMINISTRATOR)
        add_account(store, installer, datetime(2021, 12, 22), NewAccount(account_id, name, role, recipient_id))
    else:
        account_id, name = held["account_id"].iloc[0], held["person_name"].iloc[0]
    secret = session.sessions().start(account_id, "127.0.0.1")
    monkeypatch.setattr(session, "secret", lambda: secret)
    return Actor(name, role, recipient_id, account_id, "网页 127.0.0.1")

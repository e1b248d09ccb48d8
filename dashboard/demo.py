"""Build the demonstration: the real notice, and simulated reports that go through the same doors as real ones."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources
from pathlib import Path

import openpyxl
import pandas as pd

from dashboard import demo_inquiries
from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.checking import accept_report, check_value, confirm_rest, lock_reports, return_report
from dashboard.actions.notices import publish_notice, read_received
from dashboard.actions.receipts import ReceiptEntry, record_receipt
from dashboard.actions.reports import prepare_form, read_upload, submit_report, template_name, template_workbook
from dashboard.actions.reviews import review_score
from dashboard.actions.rounds import RoundPlan, open_round
from dashboard.demo_docking import dock_year, proved_at, told, units_of
from dashboard.demo_exports import simulated_year
from dashboard.demo_figures import (
    CHECKED_AT,
    LATE_SUBMISSIONS,
    LOCKED_AT,
    RECEIPTS,
    RETURNS,
    REVIEWS,
    SUBMITTED_ON,
    Proved,
    ReceiptStory,
    SimulatedReport,
    report_of,
)
from dashboard.rights import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    PREFECTURE_OFFICER,
    REVIEWER,
)
from dashboard.workspace import STORE_NAME, Workspace, open_workspace
from data.audit import Actor
from data.docking.person_key import read_or_make_key
from data.errors import RefusedError
from data.intake.columns import FILLED_BY_CELL, NOT_APPLICABLE, PAID_CELL, SHEET_NAME, cell
from data.intake.form import BAND_LABELS, ReportForm
from data.intake.points import MICRO
from data.intake.sheet import find_rows
from data.store import Store
from metrics.boards.checking import inbox
from metrics.boards.definition import Scope
from metrics.checked_values import QUESTIONED
from metrics.counted_days import keep_calendar

NOTICE_FILE = "巴财社〔2021〕96号.txt"
TODAY = date(2021, 12, 28)
REGION = "652800"
STATEMENT = "演示数据，各项数都是模拟的"     # 已知局限
OFFICER = Actor("演示·社保科", PREFECTURE_OFFICER, account_id="shebaoke", origin="演示")
REVIEWING = Actor("演示·绩效科", REVIEWER, account_id="jixiaoke", origin="演示")
INSTALLER = Actor("演示·安装", ADMINISTRATOR, origin="演示")
# Demonstration people of the prefecture; each unit has a reporter and an approver besides. None has a password.
PEOPLE = (
    NewAccount("juzhang", "演示·局长", LEADER),
    NewAccount("shebaoke", OFFICER.name, PREFECTURE_OFFICER),
    NewAccount("jixiaoke", REVIEWING.name, REVIEWER),
    NewAccount("xinxike", "演示·信息科", ADMINISTRATOR),
    NewAccount("shenjiju", "演示·审计局", AUDITOR),
)
ROUNDS = (
    RoundPlan("2021-06", "2021年6月（补报）", date(2021, 6, 30), date(2021, 12, 22), date(2021, 12, 24)),
    RoundPlan("2021-09", "2021年9月（补报）", date(2021, 9, 30), date(2021, 12, 22), date(2021, 12, 24)),
    RoundPlan("2021-12", "2021年12月", date(2021, 12, 25), date(2021, 12, 25), date(2021, 12, 27)),
)


def build(folder: Path) -> Workspace:
    """Build the demonstration workspace in an empty folder and return it open.

    Raises: RefusedError if the folder already holds a store: a bureau's data is never mixed with it.
    """
    if (folder / STORE_NAME).exists():
        raise RefusedError(f"{folder} 里已经有数据，演示数据不会写进去。请换一个空目录。")
    workspace = open_workspace(folder)
    store = workspace.store
    with store.transaction() as cursor:
        cursor.insert("workspace_setting", [
            {"setting_key": "bureau_name", "setting_value": "巴州财政局"},
            {"setting_key": "region_code", "setting_value": REGION},
            {"setting_key": "demonstration_today", "setting_value": TODAY.isoformat()},
        ])
        keep_calendar(cursor, REGION)
    content = resources.files("data").joinpath("notices", NOTICE_FILE).read_bytes()
    published = publish_notice(store, OFFICER, datetime(2021, 12, 22, 16), read_received(store, content, NOTICE_FILE))
    for plan in ROUNDS:
        open_round(store, OFFICER, datetime(2021, 12, 22, 16, 30), published.document_number, plan, REGION)
    units = store.query("allocation_units", document_number=published.document_number)
    _enrol(store, units)
    amounts = {
        row["recipient_id"]: Decimal(str(row["after_yuan"])) for row in units.to_dict("records")
    }
    integrated, monitoring = told(
        simulated_year(units_of(store, published.document_number), published.document_number)
    )
    proved = proved_at(integrated.payout)
    checking = [(at, "", Checking(round_id)) for round_id, at in CHECKED_AT.items()]
    locking = [(at, "", Locking(round_id)) for round_id, at in LOCKED_AT.items()]
    events = [*_receipt_events(amounts), *_report_events(amounts), *checking, *locking, *demo_inquiries.STORY]
    for at, recipient_id, what in sorted(events, key=lambda event: event[0]):
        if isinstance(what, ReceiptEntry):
            record_receipt(store, OFFICER, at, published.document_number, recipient_id, what, REGION)
        elif isinstance(what, demo_inquiries.Asked):
            what.do(demo_inquiries.Place(store, published.document_number, REGION, recipient_id), at)
        elif isinstance(what, Checking):
            _check(store, published.document_number, what.round_id, at)
        elif isinstance(what, Locking):
            seen = _shown(store, published.document_number, what.round_id, at, "accepted")
            lock_reports(store, OFFICER, at, published.document_number, what.round_id, seen)
        else:
            counted = proved.get((recipient_id, what), Proved())
            _report(workspace, published.document_number, recipient_id, what, at, counted)
    dock_year(store, OFFICER, read_or_make_key(folder), integrated, monitoring)
    _review(workspace, published.document_number)
    return workspace


def _enrol(store: Store, units: pd.DataFrame) -> None:
    """Accounts of the demonstration people: the prefecture's, and for each unit who fills in and who approves."""
    at = datetime(2021, 12, 22, 16, 40)
    for new in PEOPLE:
        add_account(store, INSTALLER, at, new)
    for unit in units.to_dict("records"):
        key, name = unit["recipient_id"], unit["recipient_short_name"]
        add_account(store, INSTALLER, at, NewAccount(f"{key}-1", f"演示·{name}填报", COUNTY_REPORTER, key))
        add_account(store, INSTALLER, at, NewAccount(f"{key}-2", f"演示·{name}审核", COUNTY_APPROVER, key))


def _receipt_events(amounts: dict[str, Decimal]) -> list[tuple[datetime, str, ReceiptEntry]]:
    events = []
    for recipient_id, story in RECEIPTS.items():
        if story.received_at:
            received = ReceiptEntry("received", story.received_at, evidence_text="公文交换站签收")
            events.append((story.received_at, recipient_id, received))
        if story.imported_at:
            events.append((story.imported_at, recipient_id, _imported(story, amounts[recipient_id])))
    return events


def _imported(story: ReceiptStory, after_yuan: Decimal) -> ReceiptEntry:
    assert story.imported_at is not None
    return ReceiptEntry(
        "imported", story.imported_at, after_yuan * story.imported_share / 100, story.marker, "监控系统导入回执"
    )


def _report_events(amounts: dict[str, Decimal]) -> list[tuple[datetime, str, str]]:
    events = []
    for recipient_id in amounts:
        for round_id, day in SUBMITTED_ON.items():
            day = LATE_SUBMISSIONS.get((recipient_id, round_id), day)
            events.append((datetime.combine(date(2021, 12, day), time(15)), recipient_id, round_id))
    return events


def _report(
    workspace: Workspace, document_number: str, recipient_id: str, round_id: str, at: datetime, proved: Proved
) -> None:
    """Fill in the unit's own template and submit it, as its clerk would; the file stays in the workspace."""
    form = prepare_form(workspace.store, document_number, round_id, recipient_id)
    simulated = report_of(recipient_id, round_id, form.after_yuan / 10_000, proved)
    if simulated is None:
        return
    name = template_name(form)
    content = fill(template_workbook(form), form, simulated)
    folder = workspace.folder / "填报文件"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    clerk = Actor(
        f"演示·{form.recipient_name}", COUNTY_APPROVER, recipient_id, account_id=f"{recipient_id}-2", origin="演示"
    )
    submit_report(workspace.store, clerk, at, read_upload(form, content, name), REGION, statement=STATEMENT)


@dataclass(frozen=True)
class Checking:
    """The reviewer goes through the reports of a round that wait."""

    round_id: str


@dataclass(frozen=True)
class Locking:
    """The prefecture locks what was accepted of a round."""

    round_id: str


def _shown(store: Store, document_number: str, round_id: str, at: datetime, report_state: str) -> dict[str, str]:
    """The reports of a round in a state, as the page 审核填报 shows them: unit → version."""
    table = inbox(store, Scope(document_number, round_id, at.date()))
    table = table[table["report_state"] == report_state]
    return dict(zip(table["recipient_id"], table["report_id"], strict=True))


def _check(store: Store, document_number: str, round_id: str, at: datetime) -> None:
    """Confirm and accept what waits, and return what the stories question."""
    stories = {story.recipient_id: story for story in RETURNS if story.round_id == round_id}
    for recipient_id, seen in _shown(store, document_number, round_id, at, "submitted").items():
        place = (store, REVIEWING, at, document_number, round_id, recipient_id)
        story = stories.get(recipient_id)
        if story:
            check_value(*place, story.indicator_no, QUESTIONED, story.question, seen_report_id=seen)
        confirm_rest(*place, seen_report_id=seen)
        if story:
            return_report(*place, story.reason, seen_report_id=seen)
        else:
            accept_report(*place, seen_report_id=seen)


def _review(workspace: Workspace, document_number: str) -> None:
    """Decide a few scores as a reviewer would, after the last report of the day."""
    for story in REVIEWS:
        form = prepare_form(workspace.store, document_number, ROUNDS[-1].round_id, story.recipient_id)
        points = _points(form, story.indicator_no, Decimal(story.share))
        review_score(
            workspace.store, REVIEWING, datetime.combine(TODAY, time(16)), document_number, form.round_id,
            story.recipient_id, story.indicator_no, points, story.reason,
        )


def _points(form: ReportForm, indicator_no: int, share: Decimal) -> Decimal:
    """A share (in percent) of an indicator's weight, as points."""
    weight_micro = next(row.weight_micro for row in form.rows if row.indicator_no == indicator_no)
    return (weight_micro * share / 100).to_integral_value(ROUND_HALF_UP) / MICRO


def fill(template: bytes, form: ReportForm, simulated: SimulatedReport) -> bytes:
    """The template filled in, as a clerk would save it."""
    workbook = openpyxl.load_workbook(io.BytesIO(template))
    sheet = workbook[SHEET_NAME]
    sheet[FILLED_BY_CELL] = "演示填报人"
    if simulated.paid_wan is not None:
        sheet[PAID_CELL] = simulated.paid_wan
    row_nos, _ = find_rows(sheet, form)
    for number, values in simulated.rows.items():
        for field_name, value in values.items():
            sheet[cell(field_name, row_nos[number])] = BAND_LABELS[value] if field_name == "band" else value
    for number, share in simulated.claimed_shares.items():
        sheet[cell("claimed_points", row_nos[number])] = _points(form, number, share)
    for number in simulated.not_applicable:
        sheet[cell("not_applicable", row_nos[number])] = NOT_APPLICABLE
        sheet[cell("evidence_text", row_nos[number])] = "本单位职责不含此项业务"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()

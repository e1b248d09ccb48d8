"""Bulk import: what is taken, what is not and why, and that it is proven like any other report."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders import (
    NUMBER,
    OFFICER,
    REGION,
    REVIEWING,
    ROUND,
    SUBMITTED_AT,
    clerk,
    contents,
    entry,
    is_whole_log,
    opened_store,
    rows,
    score_of,
    submit,
    upload,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import import_tables
from dashboard.actions.imports import ImportReceipt, import_actuals
from dashboard.actions.report_events import add_event
from dashboard.actions.reports import submit_report
from dashboard.audit_archive import archive_content, verify_archive
from data.errors import RefusedError, WenxiaoError
from data.hashed_zip import write_whole
from data.intake.form import BAND_LABELS, FilledEntry
from data.store import Store
from metrics.boards.imports import import_rows, made

FIELDS = ("indicator_no", "numerator", "denominator", "value", "prior_value", "band", "band_share", "evidence_text",
          "deviation_reason", "improvement_measure", "not_applicable", "claimed_points", "paid_wan")
LATER = SUBMITTED_AT + timedelta(hours=1)
OTHER_VALUES = "批量导入（办理记录第 .* 条）的数与记录不同"
RATIO = {"numerator": 9, "denominator": 10}
WORDS = {"deviation_reason": "牧户转场", "improvement_measure": "次月补录"}


def file(*given_rows: dict, unit: str = "luntai", **more: list[dict]) -> bytes:
    """A CSV of rows of one unit, and of further units by their id."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["document_number", "round_id", "recipient", *FIELDS])
    writer.writeheader()
    for name, listed in {unit: given_rows, **more}.items():
        writer.writerows({"document_number": NUMBER, "round_id": ROUND, "recipient": name, **row} for row in listed)
    return out.getvalue().encode()


def row(indicator_no: int, **values: object) -> dict:
    return {"indicator_no": indicator_no, **values}


def take(store: Store, content: bytes, *, actor=OFFICER, at=SUBMITTED_AT, dry_run=False) -> ImportReceipt:
    return import_actuals(store, actor, at, content, "数据.csv", REGION, dry_run=dry_run)


def told(receipt: ImportReceipt) -> list[tuple[int, str, str]]:
    return [(found["line_no"], found["row_outcome"], found["fault_code"]) for found in receipt.rows.to_pylist()]


def test_rows_become_versions_with_scores_events_a_file_and_one_line_in_the_log(tmp_path):
    store = opened_store(tmp_path)
    before = len(rows(store, "SELECT * FROM audit_log"))
    content = file(row(4, numerator=94, denominator=100), row(0, paid_wan="1000.5"), bohu=[row(6, value=7)])

    receipt = take(store, content)

    assert dict(receipt.unit_counts) == {"imported": 2, "unchanged": 0, "rejected": 0}
    assert receipt.counts["new"] == receipt.row_count == 3
    assert score_of(store, 4, LATER)["achieved"] is not None
    reports = rows(store, "SELECT * FROM report ORDER BY recipient_id")
    assert [(r["recipient_id"], r["report_version"], r["paid_yuan"], r["submitted_by"]) for r in reports] == [
        ("bohu", 1, None, OFFICER.name), ("luntai", 1, 10_005_000, OFFICER.name)
    ]
    assert {e["report_state"] for e in rows(store, "SELECT * FROM report_event")} == {"submitted"}
    assert rows(store, "SELECT content FROM received_file WHERE file_sha256 = $sha", sha=receipt.sha256) == [
        {"content": content}
    ]
    log = rows(store, "SELECT * FROM audit_log ORDER BY entry_no")[before:]
    assert [(line["action_name"], line["entry_no"]) for line in log] == [("import_actuals", receipt.entry.entry_no)]
    assert is_whole_log(store)


def test_a_dry_run_says_the_same_and_leaves_no_trace(tmp_path):
    store = opened_store(tmp_path)
    content = file(row(4, numerator=94, denominator=100), row(5, numerator=1, denominator=2), bohu=[row(6, value=7)])
    before = contents(store)

    tried = take(store, content, dry_run=True)

    assert contents(store) == before
    assert tried.entry is None
    done = take(store, content)
    assert (tried.counts, tried.unit_counts, tried.rows) == (done.counts, done.unit_counts, done.rows)


def test_a_unit_with_a_faulty_row_is_left_out_whole_and_stops_no_other(tmp_path):
    store = opened_store(tmp_path)

    receipt = take(store, file(
        row(4, numerator=94, denominator=100), row(3, numerator=5, denominator=4),
        bohu=[row(4, numerator=9, denominator=10)], 无此县=[row(4, numerator=9, denominator=10)],
    ))

    assert told(receipt) == [
        (2, "rejected", "unit-not-imported"), (3, "rejected", "numerator-above-denominator"), (4, "new", ""),
        (5, "rejected", "unknown-recipient"),
    ]
    first, second, _ = receipt.rejected()
    assert "同一单位的第3行有差错，整份没有导入" in first["sentence_text"]
    assert second["place_text"] == "第3行“numerator”"
    assert [r["recipient_id"] for r in rows(store, "SELECT recipient_id FROM report")] == ["bohu"]


def test_missing_words_leave_a_unit_out_as_they_do_in_a_submission(tmp_path):
    store = opened_store(tmp_path)
    content = file(row(4, numerator=1, denominator=100), bohu=[row(4, numerator=9, denominator=10)])

    tried, done = take(store, content, dry_run=True), take(store, content)

    assert told(tried) == told(done) == [
        (2, "rejected", "deviation-reason-missing、improvement-measure-missing"), (3, "new", "")
    ]
    assert "低于 80%" in done.rejected()[0]["sentence_text"]
    assert [r["recipient_id"] for r in rows(store, "SELECT recipient_id FROM report")] == ["bohu"]
    assert take(store, file(row(4, numerator=1, denominator=100, **WORDS))).counts["new"] == 1


def test_indicators_that_are_not_in_the_file_keep_what_was_said(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(
        entry(4, numerator=94, denominator=100), entry(6, value=7), entry(9, numerator=9, denominator=10), paid_wan=3,
    ))

    receipt = take(store, file(row(4, numerator=95, denominator=100), row(9)), at=LATER)

    assert told(receipt) == [(2, "changed", ""), (3, "withdrawn", "")]
    assert receipt.kept_count == 1
    (newest,) = rows(store, "SELECT * FROM report WHERE report_version = 2")
    assert newest["paid_yuan"] == 30_000
    assert rows(store, "SELECT indicator_no, numerator, actual_value, report_id FROM actual_current ORDER BY 1") == [
        {"indicator_no": 4, "numerator": 95, "actual_value": None, "report_id": newest["report_id"]},
        {"indicator_no": 6, "numerator": None, "actual_value": 7, "report_id": newest["report_id"]},
    ]
    held = rows(store, "SELECT indicator_no FROM actual WHERE report_id = $id ORDER BY 1", id=newest["report_id"])
    assert [value["indicator_no"] for value in held] == [4, 6]
    assert score_of(store, 9, LATER)["state"] in ("not_reported", "not_due")


def test_who_filled_it_in_and_the_known_limits_stay_those_of_the_version_before(tmp_path):
    store = opened_store(tmp_path)
    given = upload(entry(4, numerator=94, denominator=100))
    submit_report(store, clerk("luntai"), SUBMITTED_AT, given, REGION, statement="分母取自年初台账")

    take(store, file(row(4, numerator=95, denominator=100), bohu=[row(6, value=7)]), at=LATER)

    newest = rows(store, "SELECT * FROM report QUALIFY MAX(report_version) OVER (PARTITION BY recipient_id) = "
                         "report_version ORDER BY recipient_id")
    assert [(found["recipient_id"], found["filled_by"], found["statement_text"]) for found in newest] == [
        ("bohu", OFFICER.name, ""), ("luntai", "张三", "分母取自年初台账"),
    ]
    assert {found["submitted_by"] for found in newest} == {OFFICER.name}


@pytest.mark.parametrize("state", ["accepted", "locked"])
def test_a_closed_report_takes_no_import(tmp_path, state):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    with store.transaction() as cursor:
        add_event(cursor, REVIEWING, SUBMITTED_AT, f"{NUMBER}|{ROUND}|luntai|1", state)
    before = contents(store)

    receipt = take(store, file(row(4, numerator=95, denominator=100)), at=LATER)

    assert told(receipt) == [(2, "rejected", "report-closed")]
    assert "重新开放" in receipt.rejected()[0]["sentence_text"]
    assert (receipt.entry, contents(store)) == (None, before)


def test_a_unit_imports_its_own_rows_only(tmp_path):
    store = opened_store(tmp_path)

    receipt = take(
        store, file(row(4, numerator=94, denominator=100), bohu=[row(6, value=7)]), actor=clerk("luntai")
    )

    assert told(receipt) == [(2, "new", ""), (3, "rejected", "other-recipient")]
    assert [r["recipient_id"] for r in rows(store, "SELECT recipient_id FROM report")] == ["luntai"]
    before = contents(store)
    with pytest.raises(RefusedError, match="州级复核不能办理这一步"):
        take(store, file(row(4, numerator=95, denominator=100)), actor=REVIEWING)
    assert contents(store) == before


def test_a_round_that_has_not_begun_takes_no_import(tmp_path):
    receipt = take(opened_store(tmp_path), file(row(4, numerator=1, denominator=1)), at=datetime(2021, 12, 24, 9))

    assert told(receipt) == [(2, "rejected", "round-not-open")]


def test_the_receipt_of_every_row_can_be_read_again_and_taken_away(tmp_path):
    store = opened_store(tmp_path)
    receipt = take(store, file(row(4, numerator=94, denominator=100), bohu=[row(4, numerator=9, denominator=8)]))

    kept = import_rows(store, receipt.entry.entry_no)

    assert kept["row_outcome"].tolist() == ["new", "rejected"]
    assert import_tables.rows_csv(kept).decode("utf-8-sig") == import_tables.rows_csv(receipt.rows).decode("utf-8-sig")
    assert '"第3行“numerator”"' in import_tables.rows_csv(kept).decode("utf-8-sig")
    assert made(store)[["entry_no", "row_count", "rejected_count"]].values.tolist() == [
        [receipt.entry.entry_no, 2, 1]
    ]


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> Store:
    """A store with a submission, an import over it, and the same import once more after another submission."""
    store = opened_store(tmp_path_factory.mktemp("imported"))
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    content = file(row(4, numerator=95, denominator=100), bohu=[row(4, numerator=9, denominator=10)])
    take(store, content, at=LATER)
    submit(store, upload(entry(4, numerator=96, denominator=100)), at=LATER)
    take(store, content, at=LATER)
    return store


def test_an_archive_with_imports_proves_itself(imported, tmp_path):
    write_whole(tmp_path / "a.zip", archive_content(imported, LATER))

    assert verify_archive(tmp_path / "a.zip").counts["各单位各项指标得分"] > 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE actual SET numerator = 8 WHERE report_id LIKE '%bohu|1'", OTHER_VALUES),
        ("UPDATE report SET paid_yuan = 1 WHERE report_id LIKE '%luntai|4'", OTHER_VALUES),
        ("DELETE FROM report WHERE report_id LIKE '%bohu|1'", OTHER_VALUES),
        ("INSERT INTO report SELECT * REPLACE ('x|1' AS report_id, 'yuli' AS recipient_id) FROM report "
         "WHERE report_id LIKE '%bohu|1'", "不在办理记录里"),
    ],
    ids=["value", "money", "report gone", "report of another unit"],
)
def test_a_report_that_the_import_did_not_make_is_found(imported, tmp_path, change, words):
    path: Path = tmp_path / "copy.duckdb"
    with imported.reading() as cursor:
        tables = {r["table_name"]: cursor.table(r["table_name"]) for r in cursor.rows(
            "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
        ) if r["table_name"] != "schema_step"}
    copy = Store(path)
    with copy.transaction() as cursor:
        for name, table in tables.items():
            cursor.lend("given", table)
            cursor.run(f"INSERT INTO {name} BY NAME SELECT * FROM given WHERE NOT EXISTS (SELECT 1 FROM {name})")
        cursor.run(change)
    write_whole(tmp_path / "a.zip", archive_content(copy, LATER))

    with pytest.raises(WenxiaoError, match=words):
        verify_archive(tmp_path / "a.zip")


RATIOS, VALUES = (3, 4, 9, 12, 20), (2, 6)


@st.composite
def entries(draw) -> list[FilledEntry]:
    """Some rows of a form as a person would fill them in, each with the words that the rules may ask for."""
    made_entries = []
    for number in draw(st.sets(st.sampled_from((*RATIOS, *VALUES, 15)), min_size=1)):
        words = dict(WORDS) if draw(st.booleans()) or number != 15 else {**WORDS, "evidence_text": "回访"}
        if number in RATIOS:
            low, high = sorted(draw(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9))))
            values = {"numerator": low, "denominator": high}
        elif number in VALUES:
            now, prior = draw(st.tuples(st.decimals(0, 10**6, places=5), st.decimals(0, 999, places=4)))
            values = {"value": now, "prior_value": prior}
        else:
            band, share = draw(st.sampled_from([(1, 85), (2, 70), (3, 10)]))
            values = {"band": band, "band_share": share, "evidence_text": "回访"}
        if draw(st.integers(0, 9)) == 0:
            values = {"is_not_applicable": True, "evidence_text": "没有这项业务"}
        made_entries.append(entry(number, **{**words, **values}))
    return made_entries


def as_rows(filled: list[FilledEntry]) -> list[dict]:
    return [
        row(
            e.indicator_no, numerator=e.numerator, denominator=e.denominator, value=e.value, prior_value=e.prior_value,
            band=BAND_LABELS.get(e.band), band_share=e.band_share, evidence_text=e.evidence_text,
            deviation_reason=e.deviation_reason, improvement_measure=e.improvement_measure,
            not_applicable="不适用" if e.is_not_applicable else "",
        )
        for e in filled
    ]


def standing(store: Store) -> tuple[list, list]:
    """What a unit reported and how it scored, without the names of version and file."""
    values = rows(store, "SELECT * EXCLUDE (report_id) FROM actual_current ORDER BY indicator_no")
    scores = rows(store, "SELECT * EXCLUDE (report_id) FROM score WHERE recipient_id = 'luntai' ORDER BY ALL")
    return values, scores


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(filled=entries(), paid=st.none() | st.decimals(0, 2939, places=6))
def test_an_import_equals_the_form_and_twice_is_once(tmp_path_factory, filled, paid):
    """The same values by either door make the same report and the same scores; a second time nothing changes."""
    folder = tmp_path_factory.mktemp("pair")
    by_form, by_file = (opened_store(path) for path in (folder / "form", folder / "file") if not path.mkdir())
    submit(by_form, upload(*filled, paid_wan=paid), explains=False)
    money = [] if paid is None else [row(0, paid_wan=f"{paid:f}")]
    content = file(*as_rows(filled), *money)

    receipt = take(by_file, content)

    assert receipt.counts["rejected"] == 0, receipt.rejected()
    assert standing(by_form) == standing(by_file)
    assert rows(by_form, "SELECT paid_yuan FROM report") == rows(by_file, "SELECT paid_yuan FROM report")
    before = contents(by_file)
    again = take(by_file, content, at=LATER)
    assert (again.entry, again.counts["unchanged"], contents(by_file)) == (None, again.row_count, before)
    for store in (by_form, by_file):
        store.close()


def test_other_file_same_values_is_nothing_new(tmp_path):
    store = opened_store(tmp_path)
    take(store, file(row(4, numerator=94, denominator=100)))
    table = pa.table({
        "document_number": [NUMBER], "round_id": [ROUND], "recipient": ["轮台县"], "indicator_no": [4],
        "numerator": [94.0], "denominator": [100.0],
    })
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    before = contents(store)

    receipt = import_actuals(store, OFFICER, LATER, buffer.getvalue(), "数据.parquet", REGION)

    assert (dict(receipt.unit_counts), receipt.entry) == ({"imported": 0, "unchanged": 1, "rejected": 0}, None)
    assert contents(store) == before


def test_the_line_in_the_log_says_how_much_of_what(tmp_path):
    store = opened_store(tmp_path)
    receipt = take(store, file(row(4, numerator=94, denominator=100)))
    (line,) = rows(store, "SELECT * FROM audit_log WHERE entry_no = $no", no=receipt.entry.entry_no)

    detail = json.loads(line["detail_json"])
    assert (line["subject_text"], detail["rows"]["new"], detail["units"]["imported"]) == (f"{NUMBER} {ROUND}", 1, 1)
    assert (detail["sha256"], detail["first_event_no"], detail["last_event_no"]) == (receipt.sha256, 1, 1)
    assert (detail["before"], detail["after"]) == (
        {"unit_count": 0, "entries": 0}, {"unit_count": 1, "entries": 1}
    )


def test_the_line_in_the_log_counts_what_stood_before(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100), entry(6, value=7), entry(9, **RATIO), paid_wan=3))

    receipt = take(store, file(row(4, numerator=95, denominator=100), row(9), row(0, paid_wan=4), row(2, value=5),
                               bohu=[row(6, value=7)]), at=LATER)

    (line,) = rows(store, "SELECT * FROM audit_log WHERE entry_no = $no", no=receipt.entry.entry_no)
    detail = json.loads(line["detail_json"])
    assert detail["before"] == {"unit_count": 1, "entries": 3}
    assert detail["after"] == {"unit_count": 2, "entries": 4}
    assert rows(store, "SELECT COUNT(*) AS n FROM actual WHERE report_id NOT LIKE '%luntai|1'") == [{"n": 4}]

"""The founding clock: received 2021-12-22, three working days, due 12-27 (25 and 26 are a weekend)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from builders import (
    NUMBER,
    OFFICER,
    OPENED_AT,
    REGION,
    ROUND,
    clerk,
    contents,
    founding,
    import_all,
    is_whole_log,
    opened_store,
    plan,
    publish,
    published_store,
    receive,
    rows,
    score_of,
)

from dashboard.actions.receipts import STEP_NAMES, ReceiptEntry, receipt_remarks, record_receipt
from dashboard.actions.rounds import open_round
from data.audit import Actor
from data.docking.lookups import read_marker
from data.errors import CalendarError, RefusedError
from data.store import Store
from metrics.boards import timeliness
from metrics.boards.definition import Scope
from metrics.working_days import FIRST_YEAR, LAST_YEAR

WEIGHT = 3_571_428
DUE = datetime(2021, 12, 27)


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2021, 12, number, hour) if number <= 31 else datetime(2022, 1, number - 31, hour)


def clock(store: Store, as_of: datetime, recipient_id: str = "luntai") -> dict:
    scope = Scope(NUMBER, ROUND, as_of.date())
    table = timeliness.clock_table(store, scope, REGION).set_index("recipient_id")
    return table.loc[recipient_id].to_dict()


@pytest.mark.parametrize(
    ("imported_on", "as_of", "state", "late", "micro"),
    [
        (day(22, 19), day(22), "on_time", 0, WEIGHT),      # the day of receipt itself
        (day(27, 23), day(27), "on_time", 0, WEIGHT),      # the last day counts
        (day(28), day(28), "late", 1, None),
        (day(31), day(31), "late", 4, None),
        (day(32), day(32 + 3), "late", 5, None),           # New Year's Day counts as 4 January
        (day(25), day(26), "on_time", 0, WEIGHT),          # done on a Saturday: as on Monday the 27th
        (None, day(27), "not_due", 0, None),
        (None, day(28), "overdue", 1, 0),
        (None, day(30), "overdue", 3, 0),
    ],
)
def test_the_clock_and_the_score_of_the_import_agree(tmp_path, imported_on, as_of, state, late, micro):
    store = opened_store(tmp_path)
    receive(store)
    if imported_on:
        import_all(store, imported_on)

    now = clock(store, as_of)
    score = score_of(store, 11, Scope(NUMBER, ROUND, as_of.date()).as_of)

    assert (now["clock_state"], now["late_days"], now["due_on"]) == (state, late, DUE)
    if state == "not_due":
        assert (score["state"], score["score_micro"]) == ("not_due", None)
    elif state == "late":
        assert score["state"] in ("slightly_off", "off")
        # Three days allowed of three and late: 3 ÷ (3 + late) of the weight, half up.
        assert score["score_micro"] == (WEIGHT * 3 * 2 + 3 + late) // ((3 + late) * 2)
    else:
        assert (score["state"], score["score_micro"]) == ("met" if micro else "off", micro)


def test_the_count_is_printed_day_by_day(tmp_path):
    store = opened_store(tmp_path)
    receive(store)

    now = clock(store, day(23))

    assert now["counted"] == "12-23 ①、12-24 ②、12-27 ③"
    assert now["left_days"] == 2


@pytest.mark.parametrize(
    ("wan", "marker", "state"),
    [
        (0, "01 中央直达资金", "on_time_empty"),
        (2939, "03 省级直达资金", "on_time_wrong"),
        (2939, "", "on_time_wrong"),
        (1170, "01 中央直达资金", "on_time_wrong"),
        (2940, "01 中央直达资金", "on_time_wrong"),
        (2939, "01 中央直达资金", "on_time"),
    ],
)
def test_on_time_means_all_of_the_money_and_the_same_marker(tmp_path, wan, marker, state):
    store = opened_store(tmp_path)
    receive(store)
    import_all(store, day(24), wan=wan, marker=marker)

    assert clock(store, day(28))["clock_state"] == state
    assert score_of(store, 11, day(28))["state"] == ("met" if state == "on_time" else "off")
    # Before the deadline nobody is accused of anything.
    assert clock(store, day(27))["clock_state"] == ("on_time" if state == "on_time" else "not_due")


def test_an_import_of_nothing_after_the_deadline_is_simply_overdue(tmp_path):
    store = opened_store(tmp_path)
    receive(store)
    import_all(store, day(28), wan=0)

    assert clock(store, day(28))["clock_state"] == "overdue"


def test_one_fen_short_is_not_all_of_the_money(tmp_path):
    store = opened_store(tmp_path)
    receive(store)
    receive(store, happened_at=day(24), step="imported", amount_yuan=Decimal("29389999.99"),
            marker_text="01 中央直达资金")

    assert clock(store, day(28))["clock_state"] == "on_time_wrong"


def test_without_a_receipt_nothing_can_be_counted(tmp_path):
    store = opened_store(tmp_path)
    import_all(store, day(24))

    now = clock(store, day(31))

    assert (now["clock_state"], now["counted"]) == ("no_receipt", "")
    assert score_of(store, 11, day(31))["state"] == "needs_review"


def test_a_correction_is_a_new_record_and_older_days_keep_their_picture(tmp_path):
    store = opened_store(tmp_path)
    receive(store)
    import_all(store, day(28))
    receive(store, happened_at=day(23, 9), at=day(29))

    assert clock(store, day(28))["clock_state"] == "late"
    assert clock(store, day(29))["clock_state"] == "on_time"
    assert score_of(store, 11, day(28, 23))["state"] in ("off", "slightly_off")
    assert score_of(store, 11, day(29, 23))["state"] == "met"
    history = timeliness.receipts(store, Scope(NUMBER, ROUND, date(2021, 12, 29)))
    assert list(history["receipt_step"]) == ["received", "imported", "received"]
    assert len(timeliness.receipts(store, Scope(NUMBER, ROUND, date(2021, 12, 28)))) == 2


def test_a_wrong_import_put_right_later_completes_late(tmp_path):
    store = opened_store(tmp_path)
    receive(store)
    import_all(store, day(24), marker="03 省级直达资金")
    import_all(store, day(29))

    now = clock(store, day(29))

    assert (now["clock_state"], now["late_days"]) == ("late", 2)


def test_other_units_keep_their_clocks(tmp_path):
    store = opened_store(tmp_path)
    before = rows(store, "SELECT * FROM score WHERE recipient_id <> 'luntai' ORDER BY ALL")
    receive(store)
    import_all(store, day(24))

    assert rows(store, "SELECT * FROM score WHERE recipient_id <> 'luntai' ORDER BY ALL") == before
    assert clock(store, day(28), "bohu")["clock_state"] == "no_receipt"


def test_a_period_that_ended_before_the_notice_has_no_clock(tmp_path):
    store = opened_store(tmp_path)
    for round_id, end in (("2021-09", date(2021, 9, 30)), ("same-day", date(2021, 12, 22))):
        open_round(store, OFFICER, OPENED_AT, NUMBER, plan(round_id=round_id, period_end_on=end), REGION)
    receive(store)
    import_all(store, day(24))

    assert score_of(store, 11, day(28), round_id="2021-09")["state"] == "not_applicable"
    assert score_of(store, 11, day(28), round_id="2021-09")["score_micro"] is None
    assert score_of(store, 11, day(28), round_id="same-day")["state"] == "met"


@pytest.mark.parametrize(
    ("changes", "at", "error", "sentence"),
    [
        ({"happened_at": day(24)}, day(23), RefusedError, "晚于现在"),
        ({"happened_at": day(21)}, day(23), RefusedError, "早于文件成文日期 2021-12-22"),
        ({"step": "read"}, day(23), RefusedError, "没有这个环节"),
        ({"happened_at": datetime(1921, 12, 24)}, day(23), CalendarError, "1921年的放假安排没有收录"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, changes, at, error, sentence):
    store = opened_store(tmp_path)
    before = contents(store)

    with pytest.raises(error, match=sentence) as refused:
        receive(store, **{"happened_at": day(22, 18), "at": at, **changes})
    assert contents(store) == before
    assert str(refused.value).count("。") == 1


@pytest.mark.parametrize(
    "received_at", [datetime(LAST_YEAR, 12, 30, 9), datetime(LAST_YEAR + 1, 1, 4, 9)],
)
def test_the_day_of_receipt_is_recorded_also_where_its_deadline_cannot_be_counted_yet(tmp_path, received_at):
    store = opened_store(tmp_path)
    entry = ReceiptEntry("received", received_at)
    record_receipt(store, OFFICER, received_at, NUMBER, "luntai", entry, REGION)

    assert clock(store, received_at)["clock_state"] == "not_published"
    assert score_of(store, 11, received_at)["state"] == "needs_review"
    assert receipt_remarks(store, received_at, [(NUMBER, "luntai", entry)], REGION) == [
        [f"{LAST_YEAR + 1}年的放假安排尚未公布，截止日暂不能计算，公布以后更新程序即自动算出"]
    ]


def test_a_receipt_whose_deadline_is_known_needs_no_remark(tmp_path):
    store = opened_store(tmp_path)
    receive(store)

    steps = [(NUMBER, "luntai", ReceiptEntry("received", day(22)))]
    assert receipt_remarks(store, day(23), steps, REGION) == [[]]


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("01 中央直达资金", "on_time"), ("01中央直达资金", "on_time"), ("０１　中央直达资金", "on_time"),
        ("中央直达资金", "on_time"), ("01", "on_time"), ("1", "on_time"), ("01-中央直达资金", "on_time"),
        ("2", "on_time_wrong"), ("02 中央直达资金", "on_time_wrong"), ("03省级直达资金", "on_time_wrong"),
        ("无标识", "on_time_wrong"),
    ],
)
def test_a_marker_is_read_as_exports_are(tmp_path, typed, state):
    store = opened_store(tmp_path)
    receive(store)
    import_all(store, day(24), marker=typed)
    entry = ReceiptEntry("imported", day(24), Decimal("29390000"), typed)
    (remarks,) = receipt_remarks(store, day(24), [(NUMBER, "luntai", entry)], REGION)

    assert clock(store, day(28))["clock_state"] == state
    assert len(remarks) == (state != "on_time")
    assert all("应为“01 中央直达资金”" in remark for remark in remarks)
    # What the loader of exports makes of the same words.
    assert (read_marker(typed) == "01 中央直达资金") == (state == "on_time")


@pytest.mark.parametrize(
    ("actor", "recipient_id", "sentence"),
    [
        (clerk("bohu"), "luntai", "只能办理本单位的事项"),
        (Actor("", "prefecture_officer"), "luntai", "没有办事人姓名"),
        (OFFICER, "wulumuqi", "不在这份文件的分配名单里"),
        (OFFICER, "", "不在这份文件的分配名单里"),
    ],
)
def test_a_receipt_of_a_unit_that_is_not_the_persons_is_refused(tmp_path, actor, recipient_id, sentence):
    store = opened_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError, match=sentence):
        record_receipt(store, actor, day(23), NUMBER, recipient_id, ReceiptEntry("received", day(22, 18)), REGION)
    assert contents(store) == before


def test_a_notice_that_is_not_published_takes_no_receipts():
    with pytest.raises(RefusedError, match="还没有发布"):
        receive(Store(None))


def test_a_receipt_before_any_round_waits_for_the_round(tmp_path):
    store = published_store(tmp_path)
    receive(store)
    import_all(store, day(24))
    open_round(store, OFFICER, day(25), NUMBER, plan(), REGION)

    assert score_of(store, 11, day(25))["state"] == "met"


@pytest.mark.parametrize("step", list(STEP_NAMES))
def test_every_step_is_kept_and_logged(tmp_path, step):
    store = published_store(tmp_path)
    receive(store, step=step)

    assert [row["receipt_step"] for row in rows(store, "SELECT * FROM receipt")] == [step]
    assert rows(store, "SELECT action_name FROM audit_log ORDER BY entry_no DESC LIMIT 1") == [
        {"action_name": "record_receipt"}
    ]
    assert is_whole_log(store)


def test_a_notice_of_an_early_year_has_its_clock(tmp_path):
    store = Store(None)
    publish(store, founding(("2021年12月22日", "2012年12月25日")), at=datetime(2012, 12, 25, 10))
    receive(store, happened_at=datetime(2012, 12, 25, 18))

    now = clock(store, datetime(2012, 12, 28))

    assert FIRST_YEAR <= 2012
    assert (now["clock_state"], now["due_on"]) == ("not_due", datetime(2012, 12, 28))

"""Publishing a notice: once, again, replaced, refused, corrected by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from builders import (
    FOUNDING,
    NUMBER,
    OFFICER,
    OPENED_AT,
    PLAN,
    PUBLISHED_AT,
    REGION,
    clerk,
    contents,
    entry,
    founding,
    is_whole_log,
    opened_store,
    publish,
    published_store,
    receive,
    rows,
    submit,
    upload,
)

from dashboard.actions.notices import correct_cell, publish_notice, read_received
from dashboard.actions.rounds import open_round
from dashboard.rights import PREFECTURE_OFFICER
from data.audit import Actor
from data.errors import RefusedError
from data.notice.amend import HandCorrection
from data.store import Store
from metrics.boards import allocation, papers

LATER = PUBLISHED_AT + timedelta(hours=1)


def correction(**changes) -> HandCorrection:
    """The wrongly printed 1771 of 轮台县 put right."""
    return HandCorrection(**{
        "line_no": 58, "field_name": "cell:1:4:5", "printed_text": "1771", "corrected_text": "1770",
        "correction_reason": "扫描误认，已与纸质文件核对", "corrected_by": OFFICER.name, **changes,
    })


def wrong_sum() -> bytes:
    """轮台县 1693 + 77 printed as 1771."""
    return founding(("轮台县\t2862\t1693\t77\t1770", "轮台县\t2862\t1693\t77\t1771"))


def place_of_1771(read) -> HandCorrection:
    (table,) = read.notice.allocation_tables
    (found,) = [
        correction(line_no=cell.line_no, field_name=f"cell:{table.table_no}:{row.row_no}:{cell.column_no}")
        for row in table.rows for cell in row.cells if cell.printed == "1771"
    ]
    return found


def test_publishing_keeps_the_paper_its_units_indicators_and_targets(tmp_path):
    store = published_store(tmp_path)

    counts = {
        table: rows(store, f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]
        for table in ("notice", "recipient", "indicator", "target", "allocation_line", "notice_line", "received_file")
    }
    assert counts == {
        "notice": 1, "recipient": 12, "indicator": 20, "target": 260, "allocation_line": 24,
        "notice_line": len(FOUNDING.splitlines()), "received_file": 1,
    }
    (notice,) = rows(store, "SELECT * FROM notice")
    assert (notice["document_number"], notice["amount_yuan"]) == (NUMBER, Decimal("202510000.00"))
    assert (notice["published_by"], notice["published_at"]) == (OFFICER.name, PUBLISHED_AT)
    (kept,) = rows(store, "SELECT content FROM received_file")
    assert kept["content"] == founding()


def test_the_outcome_counts_units_and_indicators():
    done = publish(Store(None))

    assert (done.document_number, done.outcome, done.unit_count, done.indicator_count) == (
        NUMBER, "published", 12, 20
    )


def test_the_same_file_again_changes_nothing(tmp_path):
    store = published_store(tmp_path)
    before = contents(store)

    assert publish(store, at=LATER).outcome == "nothing_changed"
    assert contents(store) == before


def test_another_file_replaces_the_paper_while_nobody_reported(tmp_path):
    store = published_store(tmp_path)

    again = publish(store, founding(("≥88%", "≥89%")), at=LATER)

    assert again.outcome == "replaced"
    (notice,) = rows(store, "SELECT published_at FROM notice")
    assert notice["published_at"] == LATER
    assert rows(store, "SELECT DISTINCT bound FROM target WHERE indicator_no = 20") == [{"bound": Decimal("89.0000")}]
    assert rows(store, "SELECT COUNT(*) AS n FROM target") == [{"n": 260}]
    assert rows(store, "SELECT COUNT(*) AS n FROM received_file") == [{"n": 2}]
    assert [row["action_name"] for row in rows(store, "SELECT action_name FROM audit_log ORDER BY entry_no")] == [
        "publish_notice", "publish_notice"
    ]
    assert is_whole_log(store)


def test_replacing_the_paper_scores_the_open_rounds_anew(tmp_path):
    store = opened_store(tmp_path)
    receive(store, happened_at=datetime(2021, 12, 22, 18))
    lines = [line for line in FOUNDING.splitlines() if "救助对象对社会救助实施的满意度" not in line]
    without_last = "\n".join(lines).encode()
    at = datetime(2021, 12, 23, 9)

    assert publish(store, without_last, at=at).indicator_count == 19

    open_scores = rows(
        store, "SELECT DISTINCT indicator_no, weight_micro FROM score WHERE valid_to > $at", at=at
    )
    assert len(open_scores) == 19
    assert {row["indicator_no"]: row["weight_micro"] for row in open_scores} == {
        row["indicator_no"]: row["weight_micro"] for row in rows(store, "SELECT * FROM indicator")
    }
    assert rows(store, "SELECT COUNT(*) AS n FROM score WHERE valid_to = $at", at=at)[0]["n"] > 0, "history is gone"


def test_another_file_is_refused_once_somebody_reported(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=94, denominator=100)))
    before = contents(store)

    with pytest.raises(RefusedError, match=r"已有单位填报.*新文号"):
        publish(store, founding(("≥88%", "≥89%")), at=datetime(2021, 12, 27))
    assert contents(store) == before


def test_a_notice_whose_sums_do_not_hold_is_refused_and_leaves_no_trace(tmp_path):
    store = published_store(tmp_path)
    before = contents(store)

    with pytest.raises(RefusedError, match=r"不能发布：第58行.*1,771万元.*1,770万元.*相差 1万元") as refused:
        publish(store, wrong_sum(), at=LATER)
    assert contents(store) == before
    assert "Traceback" not in str(refused.value)


def test_a_refused_notice_leaves_an_empty_store_empty():
    store = Store(None)
    before = contents(store)

    with pytest.raises(RefusedError):
        publish(store, wrong_sum())
    assert contents(store) == before


def test_a_file_without_a_number_waits_for_it_and_then_goes_in():
    store = Store(None)
    content = founding(("巴财社〔2021〕96号\n", "\n"))
    read = read_received(store, content, "无文号.txt")
    assert [sentence for sentence in read.refusals if "文号" in sentence] == [
        "没有读到本文件的文号：请在下方补录文号后再发布。"
    ]
    with pytest.raises(RefusedError, match="没有读到本文件的文号"):
        publish_notice(store, OFFICER, PUBLISHED_AT, read)

    given = correction(line_no=0, field_name="document_number", printed_text="", corrected_text="巴财社(2021)96 号")
    correct_cell(store, OFFICER, PUBLISHED_AT, read, given)

    assert publish(store, content, name="无文号.txt", at=LATER).document_number == NUMBER


def test_a_number_that_is_none_is_refused():
    store = Store(None)
    read = read_received(store, founding(("巴财社〔2021〕96号\n", "\n")), "无文号.txt")
    given = correction(line_no=0, field_name="document_number", printed_text="", corrected_text="九十六号文")

    with pytest.raises(RefusedError, match="不是文号"):
        correct_cell(store, OFFICER, PUBLISHED_AT, read, given)
    assert rows(store, "SELECT * FROM correction") == []


def test_a_text_without_a_table_is_refused():
    words = FOUNDING.partition("附件1:")[0].encode()
    read = read_received(Store(None), words, "正文.txt")

    assert "没有读到资金分配表：请上传带分配表附件的文件。" in read.refusals


def test_a_hand_correction_makes_the_sums_hold_and_stays_a_finding():
    store = Store(None)
    content = wrong_sum()
    read = read_received(store, content, "notice.txt")
    given = place_of_1771(read)

    correct_cell(store, OFFICER, PUBLISHED_AT, read, given)
    again = read_received(store, content, "notice.txt")

    assert (len(read.refusals) > 0, again.refusals) == (True, ())
    assert publish_notice(store, OFFICER, LATER, again).outcome == "published"
    (kept,) = rows(store, "SELECT * FROM correction")
    assert (kept["corrected_by"], kept["correction_reason"]) == (OFFICER.name, "扫描误认，已与纸质文件核对")
    (finding,) = [row for row in papers.findings(store, NUMBER).to_dict("records")
                  if row["finding_code"] == "corrected-by-hand"]
    assert all(word in finding["sentence_text"] for word in ("1771", "1770", OFFICER.name, "扫描误认"))
    (line,) = rows(store, "SELECT line_text FROM notice_line WHERE line_no = $no", no=given.line_no)
    assert "1771" in line["line_text"], "the printed words were changed"
    (cell,) = rows(store, "SELECT * FROM allocation_cell WHERE printed_text = '1771'")
    assert cell["amount_yuan"] == Decimal("17700000.00")


def test_a_correction_belongs_to_one_file_only():
    store = Store(None)
    read = read_received(store, wrong_sum(), "notice.txt")
    correct_cell(store, OFFICER, PUBLISHED_AT, read, place_of_1771(read))

    other = read_received(store, wrong_sum() + b"\n", "notice.txt")

    assert other.refusals
    assert [f for f in other.notice.findings if f.code == "corrected-by-hand"] == []


def test_a_later_correction_of_the_same_cell_counts():
    store = Store(None)
    read = read_received(store, wrong_sum(), "notice.txt")
    given = place_of_1771(read)
    correct_cell(store, OFFICER, PUBLISHED_AT, read, HandCorrection(**{**given.__dict__, "corrected_text": "1769"}))
    correct_cell(store, OFFICER, LATER, read, given)

    again = read_received(store, wrong_sum(), "notice.txt")

    assert again.refusals == ()
    assert len(rows(store, "SELECT * FROM correction")) == 2


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(0), timedelta(hours=-1)])
def test_a_correction_after_publication_publishes_anew(tmp_path, later):
    """Also where the clock stands or goes back, as in the demonstration with its fixed day."""
    store = published_store(tmp_path)
    read = read_received(store, founding(), "notice.txt")
    given = correction(line_no=7, field_name="title", printed_text="关于", corrected_text="关于调整资金的通知")
    correct_cell(store, OFFICER, PUBLISHED_AT + later, read, given)

    assert publish(store, at=PUBLISHED_AT + later).outcome == "replaced"
    assert rows(store, "SELECT title FROM notice") == [{"title": "关于调整资金的通知"}]
    assert publish(store, at=PUBLISHED_AT + later).outcome == "nothing_changed"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"correction_reason": "  "}, "请写明更正理由"),
        ({"corrected_text": "一千七百七十左右"}, "不是数字"),
        ({"corrected_text": ""}, "不是数字"),
        ({"corrected_text": "NaN"}, "不是数字"),
        ({"corrected_text": "Infinity"}, "不是数字"),
        ({"corrected_text": "1" * 20}, "位数太多"),
        ({"corrected_text": "1770.0000001"}, "位数太多"),
        ({"corrected_text": " 1771 "}, "没有需要保存的更正"),
        ({"field_name": "dated_on", "corrected_text": "二〇二一年"}, "不是日期"),
    ],
)
def test_a_correction_that_says_nothing_sound_is_refused(changes, sentence):
    store = Store(None)
    read = read_received(store, wrong_sum(), "notice.txt")
    given = HandCorrection(**{**place_of_1771(read).__dict__, **changes})
    before = contents(store)

    with pytest.raises(RefusedError, match=sentence) as refused:
        correct_cell(store, OFFICER, PUBLISHED_AT, read, given)
    assert contents(store) == before
    assert str(refused.value).count("。") == 1


def test_a_notice_that_adjusts_an_earlier_one_is_held_against_it(tmp_path):
    store = published_store(tmp_path)
    later_notice = founding(
        ("巴财社〔2021〕96号", "巴财社〔2021〕120号"),
        ("巴财社(2021)3号 11060万元", "巴财社(2021)96号 11060万元"),
    )
    assert publish(store, later_notice, name="120.txt", at=LATER).document_number == "巴财社〔2021〕120号"

    change = allocation.change_against_earlier(store, "巴财社〔2021〕120号").set_index("recipient_name")

    assert len(change) == 12
    luntai = change.loc["轮台县"]
    assert luntai["source_document"] == NUMBER
    assert (luntai["published_yuan"], luntai["before_yuan"]) == (29_390_000, 16_930_000)
    assert luntai["difference_yuan"] == 16_930_000 - 29_390_000
    assert change.loc["库尔勒经济技术开发区", "difference_yuan"] == 0


def test_a_notice_whose_sources_are_not_here_is_compared_with_nothing(tmp_path):
    assert allocation.change_against_earlier(published_store(tmp_path), NUMBER).empty


@pytest.mark.parametrize(
    ("actor", "sentence"),
    [
        (clerk("luntai"), "县市审核不能办理"),
        (Actor("  ", PREFECTURE_OFFICER), "没有办事人姓名"),
        (Actor("张三", ""), "当前身份不能办理"),
        (Actor("张三", "system"), "当前身份不能办理"),
    ],
)
def test_who_may_not_publish_or_correct_is_refused(actor, sentence):
    store = Store(None)
    read = read_received(store, wrong_sum(), "notice.txt")
    sound = read_received(store, founding(), "notice.txt")
    before = contents(store)

    with pytest.raises(RefusedError, match=sentence):
        publish_notice(store, actor, PUBLISHED_AT, sound)
    with pytest.raises(RefusedError, match=sentence):
        correct_cell(store, actor, PUBLISHED_AT, read, place_of_1771(read))
    with pytest.raises(RefusedError, match=sentence):
        open_round(store, actor, OPENED_AT, NUMBER, PLAN, REGION)
    assert contents(store) == before

"""Claimed, recomputed, reviewed: what is said about their difference."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.scoring import score_rows
from metrics.three_scores import explain_difference, need_of, show_difference, why_not_reviewable

WEIGHT = 3_570_000
NUMBERS = ("bound", "numerator", "denominator", "value", "prior_value", "band_share")


def scored(kind="at_least", **values):
    """A row as the query ``scores`` has it, scored by the rule: 100 of 105 of ≥100% gives 95.24%."""
    row = {"recipient_id": "a", "indicator_no": 1, "round_id": "r", "scored_kind": kind, "scale": 100, "bound": 100,
           "weight_micro": WEIGHT, "is_reported": True, "as_of_on": date(2021, 12, 31), "report_id": "r1",
           "numerator": 100, "denominator": 105, "entry_kind": "ratio", "claimed_micro": None, "reviewed_micro": None,
           "kind_reason": "", **values}
    row.update({name: Decimal(str(row[name])) for name in NUMBERS if row.get(name) is not None})
    return {**row, **score_rows([row])[0]}


def reviewed(micro, reason="只看到一半佐证", **more):
    return {"reviewed_micro": micro, "review_reason": reason, "reviewed_by": "李四",
            "reviewed_at": datetime(2021, 12, 28, 16), **more}


QUALITATIVE = {"band": 2, "band_share": 70, "is_evidenced": True, "evidence_text": "有", "numerator": None,
               "denominator": None}
LATE = {"due_on": date(2021, 12, 27), "done_on": date(2021, 12, 28), "allowed_days": 3, "taken_days": 4,
        "entry_kind": "from_receipt", "report_id": None, "numerator": None, "denominator": None}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (scored(claimed_micro=3_570_000), "自评 3.57 分，复算 3.40 分，少 0.17 分：完成率 95.24% 未达标，按比例计分。"),
        (scored(claimed_micro=3_400_000), "自评与复算一致，都是 3.40 分。"),
        (scored(claimed_micro=3_000_000), "自评 3.00 分，复算 3.40 分，多 0.40 分：完成率 95.24% 未达标，按比例计分。"),
        (scored(claimed_micro=3_399_999),
         "自评 3.399999 分，复算 3.40 分，多 0.000001 分：完成率 95.24% 未达标，按比例计分。"),
        (scored(), "没有填自评得分，复算 3.40 分：完成率 95.24% 未达标，按比例计分。"),
        (scored(numerator=105, claimed_micro=3_500_000),
         "自评 3.50 分，复算 3.57 分，多 0.07 分：完成率 100% 已达标，得满分。"),
        (scored(numerator=210, claimed_micro=3_500_000),
         "自评 3.50 分，复算 3.57 分，多 0.07 分：完成率 200% 远超目标，得满分。"),
        (scored(claimed_micro=3_570_000, **reviewed(3_200_000)),
         "自评 3.57 分，复算 3.40 分，少 0.17 分：完成率 95.24% 未达标，按比例计分；"
         "复核 3.20 分，再少 0.20 分：理由“只看到一半佐证”（李四，12月28日）。"),
        (scored(claimed_micro=3_000_000, **reviewed(3_200_000, "两次\n核对。")),
         "自评 3.00 分，复算 3.40 分，多 0.40 分：完成率 95.24% 未达标，按比例计分；"
         "复核 3.20 分，少 0.20 分：理由“两次 核对”（李四，12月28日）。"),
        (scored(claimed_micro=3_400_000, **reviewed(3_400_000)),
         "自评与复算一致，都是 3.40 分；复核 3.40 分，与复算一致：理由“只看到一半佐证”（李四，12月28日）。"),
        (scored(claimed_micro=3_570_000, has_lapsed_review=True),
         "自评 3.57 分，复算 3.40 分，少 0.17 分：完成率 95.24% 未达标，按比例计分；原复核已失效，请重新复核。"),
        (scored("qualitative", **QUALITATIVE, claimed_micro=3_570_000),
         "自评 3.57 分，复算 2.50 分，少 1.07 分：评定为“部分达成并具有一定效果”，比例 70%，按比例计分。"),
        (scored("working_day_deadline", **LATE),
         "时限指标不填自评，复算 2.68 分：用了 4 个工作日，超过时限 3 个工作日，按比例计分。"),
        (scored("working_day_deadline", **{**LATE, "done_on": None}),
         "时限指标不填自评，复算 0.00 分：已过截止日，尚无完成记录，不得分。"),
        (scored(is_reported=False, report_id=None),
         "没有复算得分：尚未填报，暂不计分，也不按零处理；请填报单位补报。"),
        (scored(is_reported=False, report_id=None, has_lapsed_review=True),
         "没有复算得分：尚未填报，暂不计分，也不按零处理；请填报单位补报；原复核已失效。"),
        (scored("other", kind_reason="区域总量目标还没有分解到本单位", claimed_micro=3_000_000),
         "自评 3.00 分，没有复算得分：区域总量目标还没有分解到本单位，须由人判定。"),
        (scored("other", kind_reason="区域总量目标还没有分解到本单位", claimed_micro=3_000_000, **reviewed(2_500_000)),
         "自评 3.00 分，没有复算得分：区域总量目标还没有分解到本单位，须由人判定；"
         "复核 2.50 分：理由“只看到一半佐证”（李四，12月28日）。"),
        (scored("not_below_last_year", claimed_micro=3_570_000),
         "自评 3.57 分，没有复算得分：缺上年数，无法比较，暂不计分；请补填上年数。"),
    ],
)
def test_the_sentence(row, expected):
    assert explain_difference(row) == expected


@pytest.mark.parametrize(("micro", "shown"), [(5_000, "0.01"), (4_999, "0.004999"), (-4_000, "0.004"), (0, "0.00")])
def test_a_difference_never_reads_as_none(micro, shown):
    assert show_difference(micro) == shown


MISSED = scored()


@given(st.integers(0, WEIGHT), st.none() | st.integers(0, WEIGHT))
def test_the_numbers_of_a_sentence_add_up(claimed, points):
    row = {**MISSED, "claimed_micro": claimed, **(reviewed(points, "看过") if points is not None else {})}

    said = explain_difference(row)

    given_, computed, *others = (Decimal(n) for n in re.findall(r"([\d.]+) 分", said))
    if claimed == 3_400_000:
        assert "一致" in said
        return
    assert abs(computed - given_) == others[0] and others[0] != 0
    assert ("多 " if claimed < 3_400_000 else "少 ") in said.split("：")[0]
    if points is not None and points != 3_400_000:
        assert abs(others[1] - computed) == others[2] and others[2] != 0
        assert ("再" in said) == ((claimed - 3_400_000) * (3_400_000 - points) > 0)


@pytest.mark.parametrize(
    ("row", "need", "reviewable"),
    [
        (scored(claimed_micro=3_400_000), "", True),
        (scored(claimed_micro=3_400_001), "different", True),
        (scored(), "", True),
        (scored(numerator=210), "over", True),
        (scored(numerator=210, has_lapsed_review=True), "lapsed", True),
        (scored(numerator=210, **reviewed(3_000_000)), "", True),
        (scored("qualitative", **QUALITATIVE), "qualitative", True),
        (scored("qualitative", **{**QUALITATIVE, "band": 1}), "undecided", True),
        (scored("other"), "undecided", True),
        (scored("other", report_id=None, is_reported=False), "", False),
        (scored("not_below_last_year"), "", False),
        (scored(is_applicable=False), "", False),
        (scored("working_day_deadline", **LATE), "", False),
        (scored("working_day_deadline", **{**LATE, "due_on": None, "done_on": None}), "", False),
    ],
)
def test_what_waits_for_a_person(row, need, reviewable):
    assert need_of(row) == need
    assert (why_not_reviewable(row) == "") == reviewable

"""What the units of the demonstration report: simulated figures, made by plain arithmetic, no chance in them.

The stories are planted so that every state occurs: met, off, over-fulfilled, missing, no baseline,
not applicable, late, on time but empty, on time but wrong. What payouts prove, a unit counts in its own payouts;
a few claim something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

Values = dict[str, Decimal | int | str]

FEN = Decimal("0.01")
MONTH_OF_ROUND = {"2021-06": 6, "2021-09": 9, "2021-12": 12}

# A unit's size: (children in care, homeless helped) — round numbers near its share of money.
SIZES = {
    "kuerle": (146, 310), "kuerle-kaifaqu": (8, 12), "luntai": (118, 46), "yuli": (74, 31), "ruoqiang": (22, 18),
    "qiemo": (121, 27), "yanqi": (96, 40), "hejing": (173, 52), "heshuo": (48, 22), "bohu": (33, 15),
    "zhou-jiuzhuzhan": (0, 640), "zhou-fuliyuan": (85, 0),
}

# What was paid by the end of each round, in percent of the money after the adjustment.
EXECUTION = {
    "kuerle": (47, 73, 97), "kuerle-kaifaqu": (45, 70, 95), "luntai": (49, 74, 93), "yuli": (44, 70, 93),
    "ruoqiang": (40, 66, None), "qiemo": (46, 71, 91), "yanqi": (52, 79, 98), "hejing": (33, 51, 66),
    "heshuo": (36, 52, 71), "bohu": (45, 72, 94), "zhou-jiuzhuzhan": (48, 70, 92),
    "zhou-fuliyuan": (50, 75, 97),
}
# Who claims to have paid more than that, by so much of its money in percent.
PAID_ABOVE = {"luntai": (0, 0, 3)}

# Who claims another rate than its payouts prove, in percent; None where it claims what they prove.
CLAIMED_INSTEAD: Mapping[tuple[str, int], tuple[Decimal | int | None, ...]] = {
    ("qiemo", 12): (92, 88, Decimal("81.3")), ("yanqi", 14): (None, None, 68),
}

# The rate of each counted indicator where no story says otherwise, in percent: (June, September, December).
RATES = {
    1: (100, 100, 100), 3: (100, 100, 100), 4: (92, 94, 97), 5: (86, 88, 92), 13: (95, 96, 98), 17: (96, 97, 100),
    19: (84, 86, 90), 20: (88, 89, 93),
}

# unit → indicator → rates that differ from the ordinary: the demonstration's stories.
STORIES: dict[str, dict[int, tuple[Decimal | int, ...]]] = {
    "qiemo": {19: (82, 83, 84)},
    "hejing": {4: (80, 76, 71), 5: (70, 66, 62), 17: (82, 78, 70), 19: (70, 66, 58), 20: (76, 72, 64), 1: (97, 95, 93)},
    "yanqi": {4: (84, 78, 70), 5: (76, 70, 61), 17: (88, 80, 66), 19: (78, 70, 60), 20: (82, 76, 66)},
    "luntai": {13: (94, 93, 92)},
    "yuli": {5: (85, 84, 83)},
    "kuerle": {20: (86, 87, 89)},
    "bohu": {19: (80, 82, 83)},
}

# Which indicators an institution of the prefecture has anything to do with; the others do not apply to it.
INDICATORS_OF = {
    "zhou-jiuzhuzhan": frozenset({3, 13, 16, 17, 20}),
    "zhou-fuliyuan": frozenset({4, 10, 18, 20}),
}

# (this year, last year) of standards and levels, in yuan; one unit's standard fell behind last year's.
STANDARDS = {6: (600, 560), 7: (880, 820), 8: (1180, 1120)}

# What a unit writes beside a miss: reason and measure; far too much asks for a reason only.
REASONS = {
    ("yuli", 5): ("部分留守儿童随父母外出，监测系统未及时销户", "12月底前逐户核实，销户或转出"),
    ("luntai", 13): ("救助站夜间值班人员未及时录入", "增加夜班录入岗，次日由站长核对"),
    ("bohu", 19): ("牧区入户宣传不够", "结合一卡通发放逐户发放政策明白卡"),
    ("kuerle-kaifaqu", 2): ("开发区新增务工人员较多，突发困难求助人次比上年增加六成", ""),
    ("heshuo", 9): ("核对系统与不动产登记数据没有联通，机制未建立", "已与自然资源局签订数据共享协议，12月上线"),
    ("hejing", 4): ("山区乡镇儿童主任空缺，新增对象认定资料未报齐", "每乡配齐一名儿童主任，12月底前补齐认定资料"),
    ("hejing", 5): ("冬季转场牧户的留守儿童没有入户摸底", "会同教育局、卫健委按学籍名单逐人核对"),
    ("hejing", 14): ("三个牧业乡镇没有银行网点，仍以现金发放", "商农信社设流动服务点，2022年1月起全部打卡发放"),
    ("hejing", 15): ("入户回访只做了一半，困难家庭生活改善情况证据不足", "12月底前完成全部入户回访并建立台账"),
    ("hejing", 16): ("滞留人员身份核查周期长，返乡交接手续不全", "与公安部门建立每周比对机制，补办交接手续"),
    ("hejing", 18): ("县级救助供养实施细则仍在征求意见", "12月底前提请县政府常务会审议印发"),
    ("hejing", 19): ("牧区双语宣传材料不足，受访牧户多数说不清申请渠道", "印制双语明白卡，由驻村工作队逐户讲解"),
    ("hejing", 20): ("救助金到账晚，审核时限长，受访对象意见集中", "把审核确认权下放到乡镇，每月10日前发放到位"),
    ("yanqi", 4): ("与民政、残联的数据没有比对，漏报事实无人抚养儿童", "12月底前完成三部门数据比对，应纳尽纳"),
    ("yanqi", 5): ("监测系统更换，部分困境儿童档案没有迁移", "安排专人补录，12月25日前完成迁移核对"),
    ("yanqi", 14): (
        "部分低保对象银行卡失效，由村委会代领代发，四季度有一部分在明细里仍登记为一卡通",
        "集中换卡，停止代领，由银行逐户打卡发放",
    ),
    ("yanqi", 15): ("没有开展年度生活水平抽样回访", "委托第三方在12月底前完成抽样回访"),
    ("yanqi", 16): ("人像比对设备停用，身份查明率低", "设备已报修，期间由公安部门协助比对"),
    ("yanqi", 17): ("家暴受害者临时庇护场所装修停用", "租用临时庇护用房，1月起恢复服务"),
    ("yanqi", 18): ("孤儿基本生活保障制度没有按新标准修订", "已列入县政府2022年第一批规范性文件计划"),
    ("yanqi", 19): ("社区宣传以张贴公告为主，入户讲解少", "由网格员入户讲解，每户留存联系卡"),
    ("yanqi", 20): ("审批超时较多，群众多次往返", "推行一窗受理，超时件每周通报"),
}

# In which rounds the words stand beside the miss, where it is not December alone: (unit, indicator) → places.
EXPLAINED_IN: dict[tuple[str, int], tuple[int, ...]] = {
    ("kuerle-kaifaqu", 2): (0, 1, 2), ("heshuo", 9): (0, 1), ("hejing", 5): (1, 2), ("hejing", 19): (1, 2),
    **{(unit, number): (0, 1, 2) for unit in ("hejing", "yanqi") for number in (15, 16, 18)},
}

# Who gave itself points in December: all of the weight, as units do, but for these shares of it (in percent).
CLAIMING = frozenset({"kuerle", "luntai", "yuli", "bohu"})
CLAIMED_SHARES = {("yuli", 5): Decimal(95), ("luntai", 20): Decimal(98)}
JUDGED_SHARE = 92


@dataclass(frozen=True)
class ReviewStory:
    """What a reviewer decides about one value: a share of its weight in percent, and why."""

    recipient_id: str
    indicator_no: int
    share: int
    reason: str


REVIEWS = (
    ReviewStory("kuerle-kaifaqu", 2, 90, "全年救助人次含上年跨年结转数，目标按上年数定低了，酌情扣分"),
    ReviewStory("hejing", 15, 40, "入户回访记录只有两个乡镇，佐证不足，按未达成档下调"),
    ReviewStory("luntai", 15, 92, "已核对入户回访记录和低保台账，与所报一致"),
)


@dataclass(frozen=True)
class ReceiptStory:
    """How a unit received and imported the notice; None where a step did not happen.

    ``imported_share`` is the share of its money that it put in, in percent.
    """

    received_at: datetime | None
    imported_at: datetime | None = None
    imported_share: int = 100
    marker: str = "01 中央直达资金"


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2021, 12, day, hour, minute)


RECEIPTS = {
    "kuerle": ReceiptStory(_at(22, 17), _at(23, 11)),
    "kuerle-kaifaqu": ReceiptStory(_at(22, 17, 30), _at(24, 10), marker="03 省级直达资金"),
    "luntai": ReceiptStory(_at(22, 18), _at(28, 9, 30)),
    "yuli": ReceiptStory(_at(23, 10), _at(27, 16)),
    "ruoqiang": ReceiptStory(_at(23, 11), _at(28, 10)),
    "qiemo": ReceiptStory(_at(22, 17, 40)),
    "yanqi": ReceiptStory(_at(23, 9), _at(24, 17)),
    "hejing": ReceiptStory(_at(22, 18, 10)),
    "heshuo": ReceiptStory(_at(23, 15), _at(27, 12)),
    "bohu": ReceiptStory(_at(22, 17, 50), _at(27, 15), imported_share=0),
    "zhou-jiuzhuzhan": ReceiptStory(_at(24, 10)),
    "zhou-fuliyuan": ReceiptStory(None),
}

# When each unit sent in each round; the rounds of June and September were asked for afterwards.
SUBMITTED_ON = {"2021-06": 23, "2021-09": 24, "2021-12": 27}
LATE_SUBMISSIONS = {("bohu", "2021-12"): 28, ("hejing", "2021-12"): 28}
NEVER = frozenset({("ruoqiang", "2021-12")})


# When the prefecture accepted and locked the reports of a round; of December it accepted those of the day before.
CHECKED_AT = {"2021-06": _at(24, 10), "2021-09": _at(27, 10), "2021-12": _at(28, 10)}
LOCKED_AT = {"2021-06": _at(24, 11), "2021-09": _at(27, 11)}


@dataclass(frozen=True)
class ReturnStory:
    """A value that a reviewer questions, and the report that goes back with it."""

    recipient_id: str
    round_id: str
    indicator_no: int
    question: str
    reason: str


RETURNS = (
    ReturnStory(
        "yanqi", "2021-12", 17, "临时庇护停用期间改由乡镇安置的人次没有计入，请核对台账后更正应服务和已服务人次",
        "请按意见核对更正，两个工作日内重新报送",
    ),
)


@dataclass(frozen=True)
class SimulatedReport:
    """What one unit fills in for one round; indicators without a row stay blank.

    ``claimed_shares`` holds what it claims, in percent of an indicator's weight.
    """

    paid_wan: Decimal | None
    rows: Mapping[int, Values]
    not_applicable: frozenset[int] = field(default=frozenset())
    claimed_shares: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Proved:
    """What a unit's payouts of the year prove by the end of a round.

    Unit: person-months on time and due; 元 of 低保 through a bank and in all; persons on 低保 in the newest month;
          payouts of 临时救助.
    """

    on_time_count: int = 0
    due_count: int = 0
    bank_yuan: Decimal = Decimal(0)
    allowance_yuan: Decimal = Decimal(0)
    head_count: int = 0
    aid_count: int = 0


def report_of(recipient_id: str, round_id: str, after_wan: Decimal, proved: Proved) -> SimulatedReport | None:
    """What the unit fills in; None if it never reported in this round."""
    if (recipient_id, round_id) in NEVER:
        return None
    place = list(MONTH_OF_ROUND).index(round_id)
    paid = EXECUTION[recipient_id][place]
    share = None if paid is None else paid + PAID_ABOVE.get(recipient_id, (0, 0, 0))[place]
    mine = INDICATORS_OF.get(recipient_id)
    rows = {
        **_counted(recipient_id, place), **_in_its_payouts(recipient_id, place, proved),
        **_against_last_year(recipient_id, proved), **_judged(recipient_id),
    }
    rows[9] = {"numerator": 0 if recipient_id == "heshuo" and place < 2 else 1, "denominator": 1}
    if recipient_id == "bohu":
        del rows[20]   # the survey was not done: blank, not zero
    for number, values in rows.items():
        reason = REASONS.get((recipient_id, number))
        if reason and place in EXPLAINED_IN.get((recipient_id, number), (2,)):
            values["deviation_reason"], values["improvement_measure"] = reason
    return SimulatedReport(
        None if share is None else (after_wan * share / 100).quantize(FEN, ROUND_HALF_UP),
        {number: values for number, values in rows.items() if mine is None or number in mine},
        frozenset() if mine is None else frozenset(range(1, 21)) - mine - {11},
        _claimed_shares(recipient_id, rows) if recipient_id in CLAIMING and place == 2 else {},
    )


def _claimed_shares(recipient_id: str, rows: Mapping[int, Values]) -> dict[int, Decimal]:
    return {
        number: CLAIMED_SHARES.get((recipient_id, number), Decimal(JUDGED_SHARE if "band" in values else 100))
        for number, values in rows.items()
    }


def _counted(recipient_id: str, place: int) -> dict[int, Values]:
    children, homeless = SIZES[recipient_id]
    bases = {
        3: homeless, 4: children, 5: children * 9, 13: homeless, 17: max(homeless // 12, 5), 19: 200, 20: 200,
    }
    rows: dict[int, Values] = {}
    for number, base in bases.items():
        count = (base * _rate(recipient_id, number, place) / 100).to_integral_value(ROUND_HALF_UP)
        rows[number] = {"numerator": count, "denominator": base}
    return rows


def _rate(recipient_id: str, number: int, place: int) -> Decimal:
    return Decimal(STORIES.get(recipient_id, {}).get(number, RATES[number])[place])


def _in_its_payouts(recipient_id: str, place: int, proved: Proved) -> dict[int, Values]:
    """What payouts prove, as the unit counts it; who claims another rate claims it of the same denominator."""
    in_need = (proved.head_count * 100 / _rate(recipient_id, 1, place)).to_integral_value(ROUND_CEILING)
    rows: dict[int, Values] = {1: {"numerator": proved.head_count, "denominator": in_need}}
    for number, counts, step in (
        (12, (Decimal(proved.on_time_count), Decimal(proved.due_count)), Decimal(1)),
        (14, (proved.bank_yuan / 10_000, proved.allowance_yuan / 10_000), FEN),
    ):
        numerator, denominator = (each.quantize(step, ROUND_HALF_UP) for each in counts)
        rate = CLAIMED_INSTEAD.get((recipient_id, number), (None, None, None))[place]
        if rate is not None:
            numerator = (denominator * rate / 100).quantize(step, ROUND_CEILING)
        rows[number] = {"numerator": numerator, "denominator": denominator}
    return rows


def _against_last_year(recipient_id: str, proved: Proved) -> dict[int, Values]:
    children, _ = SIZES[recipient_id]
    growth = {"kuerle-kaifaqu": 160, "hejing": 96, "yanqi": 97}.get(recipient_id, 106)
    rows: dict[int, Values] = {2: {"value": proved.aid_count, "prior_value": proved.aid_count * 100 // growth}}
    for number, (this_year, last_year) in STANDARDS.items():
        rows[number] = {"value": this_year, "prior_value": last_year}
    if recipient_id == "yuli":
        del rows[8]["prior_value"]     # last year's level was never recorded
    if recipient_id == "hejing":
        rows[8] = {"value": 1010, "prior_value": 1120}
    checked = max(children // 2, 4)
    rows[10] = {"numerator": checked if growth > 100 else checked * 9 // 10, "denominator": checked, "prior_value": 96}
    return rows


def _judged(recipient_id: str) -> dict[int, Values]:
    band, share = {"hejing": (3, 50), "yanqi": (3, 50)}.get(recipient_id, (1, JUDGED_SHARE))
    words = {
        15: "入户回访记录与低保动态台账", 16: "查明身份人员返乡交接单", 18: "本年修订的救助供养实施细则",
    }
    return {
        number: {"band": band, "band_share": share, "evidence_text": text} for number, text in words.items()
    }

"""The 问效单 of the demonstration: a few, in several states, asked and answered through the same doors as real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dashboard.actions.inquiries import InquiryPlan, dismiss_proposal, open_inquiry
from dashboard.actions.inquiry_consequences import decide_consequence
from dashboard.actions.inquiry_steps import (
    answer_inquiry,
    close_inquiry,
    find_normal,
    order_rectification,
    report_rectification,
)
from dashboard.rights import COUNTY_APPROVER, PREFECTURE_OFFICER, REVIEWER
from data.audit import Actor
from data.store import Store
from metrics.boards import inquiries
from metrics.inquiries import CLOSED, RULES
from metrics.inquiry_proposals import propose
from metrics.scope import Scope

OFFICER = Actor("演示·社保科", PREFECTURE_OFFICER, account_id="shebaoke", origin="演示")
REVIEWING = Actor("演示·绩效科", REVIEWER, account_id="jixiaoke", origin="演示")


@dataclass(frozen=True)
class Asked:
    """Something that a person does with a 问效单 of the demonstration."""

    do: Callable[[Place, datetime], object]


@dataclass(frozen=True)
class Place:
    """Where it is done: the store, the notice, the region and the unit."""

    store: Store
    document_number: str
    region_code: str
    recipient_id: str

    @property
    def approver(self) -> Actor:
        """Who signs for the unit."""
        unit = self.recipient_id
        units = self.store.query("recipients").set_index("recipient_id")
        name = f"演示·{units['short_name'][unit]}审核"
        return Actor(name, COUNTY_APPROVER, unit, account_id=f"{unit}-2", origin="演示")

    def open_one(self, at: datetime, indicator_no: int) -> tuple[int, int]:
        """The number and the newest step of the unit's open inquiry about an indicator."""
        table = inquiries.register(self.store, Scope(self.document_number, "", at.date()))
        found = table[
            (table["recipient_id"] == self.recipient_id) & (table["indicator_no"] == indicator_no)
            & (table["inquiry_state"] != CLOSED)
        ].iloc[0]
        return int(found["inquiry_no"]), int(found["newest_step_no"])


def ask_freely(indicator_no: int, fact: str, question: str, days: int) -> Asked:
    """A person's own question."""
    return Asked(lambda place, at: open_inquiry(place.store, OFFICER, at, InquiryPlan(
        place.document_number, "2021-06", place.recipient_id, indicator_no, question, days, fact_text=fact,
    ), place.region_code))


def _plan(place: Place, at: datetime, rule_key: str, round_id: str, days: int | None = None) -> InquiryPlan:
    """What a rule proposes about the unit on the day, as the officer sees it."""
    scope = Scope(place.document_number, round_id, at.date())
    units = place.store.query("recipients").set_index("recipient_id")["recipient_name"]
    unit = {place.recipient_id: str(units[place.recipient_id])}
    found = propose(place.store, scope, place.region_code, (rule_key,), unit).waiting[0]
    return InquiryPlan(
        place.document_number, round_id, place.recipient_id, found.indicator_no, RULES[rule_key].question, days,
        rule_key, found.facts_key,
    )


def ask_proposed(rule_key: str, round_id: str, days: int) -> Asked:
    """Open what a rule proposes."""
    return Asked(lambda place, at: open_inquiry(
        place.store, OFFICER, at, _plan(place, at, rule_key, round_id, days), place.region_code
    ))


def dismiss(rule_key: str, round_id: str, reason: str) -> Asked:
    """Turn down what a rule proposes."""
    return Asked(lambda place, at: dismiss_proposal(
        place.store, OFFICER, at, _plan(place, at, rule_key, round_id), reason, place.region_code
    ))


def answer(indicator_no: int, reason: str, measure: str, file_name: str = "", gap: str = "") -> Asked:
    """The unit answers, with a file or without."""
    def do(place: Place, at: datetime) -> None:
        number, seen = place.open_one(at, indicator_no)
        files = [(file_name, f"演示材料：{reason}".encode())] if file_name else []
        answer_inquiry(place.store, place.approver, at, number, reason=reason, measure=measure, files=files, gap=gap,
                       seen_step_no=seen)
    return Asked(do)


def rectify(indicator_no: int, words: str, file_name: str) -> Asked:
    """The unit reports what it put right."""
    def do(place: Place, at: datetime) -> None:
        number, seen = place.open_one(at, indicator_no)
        report_rectification(place.store, place.approver, at, number, words=words,
                             files=[(file_name, f"演示材料：{words}".encode())], seen_step_no=seen)
    return Asked(do)


def order(indicator_no: int, words: str, owner: str, days: int) -> Asked:
    """The reviewer finds it to be so and has it put right."""
    def do(place: Place, at: datetime) -> None:
        number, seen = place.open_one(at, indicator_no)
        order_rectification(place.store, REVIEWING, at, number, place.region_code, words=words, owner=owner, days=days,
                            seen_step_no=seen)
    return Asked(do)


def judge_normal(indicator_no: int, words: str) -> Asked:
    """The reviewer finds that nothing is wrong."""
    def do(place: Place, at: datetime) -> None:
        number, seen = place.open_one(at, indicator_no)
        find_normal(place.store, REVIEWING, at, number, words=words, seen_step_no=seen)
    return Asked(do)


def close(indicator_no: int, words: str) -> Asked:
    """The reviewer accepts what was put right."""
    def do(place: Place, at: datetime) -> None:
        number, seen = place.open_one(at, indicator_no)
        close_inquiry(place.store, REVIEWING, at, number, words=words, seen_step_no=seen)
    return Asked(do)


def suspend(indicator_no: int, amount_wan: int, reason: str) -> Asked:
    """The officer has money held back until the unit has answered."""
    def do(place: Place, at: datetime) -> None:
        number, _ = place.open_one(at, indicator_no)
        decide_consequence(place.store, OFFICER, at, number, "suspend", amount_yuan=Decimal(amount_wan) * 10_000,
                           legal_keys=["suspension"], reason=reason)
    return Asked(do)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2021, 12, day, hour, minute)


STORY: tuple[tuple[datetime, str, Asked], ...] = (
    (_at(22, 17, 5), "zhou-jiuzhuzhan", ask_proposed("audit_rectification", "2021-06", 2)),
    (_at(22, 17, 10), "heshuo", ask_freely(
        0, "上年结转资金登记 99 万元，截至 12月22日没有支付。", "结转资金为什么没有支付，打算什么时候用完？", 1,
    )),
    (_at(22, 17, 15), "luntai", ask_freely(
        13, "三季度抽查流浪乞讨人员当日录入率 93%，目标 95%。", "当日没有录入的是哪些人，为什么？", 1,
    )),
    (_at(23, 9, 30), "luntai", answer(
        13, "夜间入站人员由值班员次日补录", "增加夜班录入岗", "夜班排班表.txt",
    )),
    (_at(23, 10), "kuerle", ask_freely(
        20, "满意度调查只有 200 份样本，11 月起改用电话回访。", "样本怎样抽取，能不能代表全市？", 1,
    )),
    (_at(23, 16), "luntai", order(13, "夜班当日录入，连续三天核对无漏录后报结果", "救助站站长", 2)),
    (_at(24, 9), "kuerle", answer(20, "按乡镇人口等距抽样，每乡镇不少于 10 份", "继续按此办法抽样", "抽样说明.txt")),
    (_at(24, 10, 30), "zhou-jiuzhuzhan", answer(
        0, "年初按上年受助人次测算，今年实际少于测算", "按调整后的 257 万元执行", "审计整改清单.txt",
    )),
    (_at(24, 11), "zhou-jiuzhuzhan", order(0, "重新核定受助人次的统计口径，按核定数编下年预算", "州救助站站长", 5)),
    (_at(24, 16), "luntai", rectify(13, "22 日至 24 日入站 9 人，均当日录入", "三天核对表.txt")),
    (_at(24, 16, 30), "hejing", ask_proposed("missed_twice", "2021-09", 2)),
    (_at(27, 9), "kuerle", judge_normal(20, "抽样办法清楚，样本覆盖全部乡镇")),
    (_at(27, 9, 30), "luntai", close(13, "三天核对无漏录，夜班岗已定人")),
    (_at(27, 16, 30), "yanqi", ask_proposed("money_without_effect", "2021-12", 3)),
    (_at(27, 17), "hejing", answer(
        1, "入户核对进度慢，新申请的没有在当月审批", "12月底前完成积压件审批", gap="审批台账还在汇总",
    )),
    (_at(28, 9), "bohu", ask_proposed("import_empty", "2021-12", 1)),
    (_at(28, 9, 40), "luntai", dismiss("import_late", "2021-12", "27日监控系统检修，28日开通后已全部导入，有系统公告")),
    (_at(28, 10, 20), "bohu", answer(11, "导入时只传了表头，没有传金额行", "当日重新导入", "导入回执.txt")),
    (_at(28, 11), "bohu", order(11, "重新导入全部指标和标识，导入后两人核对", "国库科科长", 1)),
    (_at(28, 14), "heshuo", suspend(0, 50, "问效单逾期没有答复，暂缓拨付到答复为止")),
    (_at(28, 15), "bohu", rectify(11, "已重新导入，等监控系统回执", "重新导入申请.txt")),
)

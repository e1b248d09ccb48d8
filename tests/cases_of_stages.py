"""Cases of the checks over the stages of the money: registered, allocated, appended, released; for reference."""

from __future__ import annotations

from datetime import date, datetime

from check_builders import ALLOTMENT, HOOKED_ALLOTMENT, Case

REGISTERED = (("registered", date(2021, 12, 20), None),)
# The founding notice is dated 2021-12-22.
RECEIVED = (("received", date(2021, 11, 22), None),)
AT = datetime(2021, 12, 31, 9)
PART = {"amount_yuan": 29_000_000}
REST = {"amount_yuan": 390_000}
EARLIER = {"document_number": "巴财社〔2021〕3号", "dated_on": date(2021, 12, 30), "registered_on": date(2021, 12, 31)}

CASES = [
    Case("R18", [
        ("R18", "luntai", "登记到分配的天数", "2021-12-28 分配，8 天", "7 天以内（2021-12-20 登记）", 390_000, 1,
         "《allotment.csv》第 3 行"),
    ], {ALLOTMENT: [PART, {**REST, "dated_on": date(2021, 12, 28), "registered_on": date(2021, 12, 28)}]},
         region_steps=REGISTERED, loaded_at=AT),
    Case("R19", [
        ("R19", "luntai", "分配到追加的天数", "2021-12-30 登录，8 天", "7 天以内（2021-12-22 成文）", 390_000, 1,
         "《allotment.csv》第 3 行"),
    ], {ALLOTMENT: [PART, {**REST, "registered_on": date(2021, 12, 30)}]}, loaded_at=AT),
    Case("R20", [
        ("R20", "", "收文到下达的天数", "2021-12-22 成文，31 天", "30 天以内（2021-11-21 收文）", 202_510_000, 1,
         "巴财社〔2021〕96号"),
    ], region_steps=RECEIVED, planted_region_steps=(("received", date(2021, 11, 21), None),)),
]

# What looks like a fault and is none, by what makes it so.
NO_FAULTS = {
    "allocated on the last day": Case(
        "R18", [], {ALLOTMENT: [{"dated_on": date(2021, 12, 27), "registered_on": date(2021, 12, 27)}]},
        region_steps=REGISTERED,
    ),
    "registering was not recorded": Case(
        "R18", [], {ALLOTMENT: [{"dated_on": date(2021, 12, 31)}]}, region_steps=RECEIVED, loaded_at=AT,
    ),
    "registered after it was allocated": Case(
        "R18", [], region_steps=(("registered", date(2021, 12, 31), None),), loaded_at=AT,
    ),
    "without a day it is of the paper's": Case("R18", [], {ALLOTMENT: [{"dated_on": None}]}, region_steps=REGISTERED),
    "allocated by an earlier document": Case(
        "R18", [], {ALLOTMENT: [EARLIER]}, region_steps=REGISTERED, loaded_at=AT,
    ),
    "moved between accounts after it was allocated": Case("R18", [], {ALLOTMENT: [
        {}, {"amount_yuan": -5, "dated_on": date(2021, 12, 30)},
        {"amount_yuan": 5, "dated_on": date(2021, 12, 30), "budget_item_code": "2081901"},
    ]}, region_steps=REGISTERED, loaded_at=AT),
    "allocated in the other system": Case(
        "R18", [], {HOOKED_ALLOTMENT: [{"dated_on": date(2021, 12, 30)}]}, region_steps=REGISTERED, loaded_at=AT,
    ),
    "appended on the last day": Case("R19", [], {ALLOTMENT: [{"registered_on": date(2021, 12, 29)}]}, loaded_at=AT),
    "appended by an earlier document": Case("R19", [], {ALLOTMENT: [EARLIER]}, loaded_at=AT),
    "moved between accounts later": Case("R19", [], {ALLOTMENT: [
        {}, {"amount_yuan": -5, "registered_on": date(2021, 12, 31)},
        {"amount_yuan": 5, "registered_on": date(2021, 12, 31), "budget_item_code": "2081901"},
    ]}, loaded_at=AT),
    "appended in the other system": Case(
        "R19", [], {HOOKED_ALLOTMENT: [{"registered_on": date(2021, 12, 31)}]}, loaded_at=AT,
    ),
    "released on the thirtieth day": Case("R20", [], region_steps=RECEIVED),
    "a unit received it": Case("R20", [], steps=(("received", date(2021, 11, 1), None),)),
}

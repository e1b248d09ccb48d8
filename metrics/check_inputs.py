"""Which exports each check reads, of which days: without one of them nothing was checked, and that is not a pass."""

from __future__ import annotations

from data.checks import Check
from metrics.indicators import REGION_ID

# An export is a system and a kind of record, as ``docked_export`` keeps them.
Export = tuple[str, str]

ALLOTMENT: Export = ("integrated", "allotment")
PAYMENT: Export = ("integrated", "payment")
PAYOUT: Export = ("integrated", "payout")
STANDARD: Export = ("integrated", "standard")
STOP: Export = ("integrated", "stop")
IMPORTED: Export = ("monitoring", "allotment")
HOOKED: Export = ("monitoring", "payment")

# What the checks of a family read; where one reads something else it stands below.
_OF_FAMILY: dict[str, tuple[Export, ...]] = {"R": (ALLOTMENT,), "P": (PAYMENT,), "F": (PAYOUT,), "S": ()}
_OF_CHECK: dict[str, tuple[Export, ...]] = {
    **dict.fromkeys(("R03", "R04", "R07", "R08", "R10"), (ALLOTMENT, IMPORTED)),
    **dict.fromkeys(("R15", "R16"), (IMPORTED,)),
    **dict.fromkeys(("R13", "R14"), (ALLOTMENT, PAYMENT)),
    "R17": (PAYMENT,),
    "R20": (),
    **dict.fromkeys(("P04", "P14", "P15", "P16"), (PAYMENT, ALLOTMENT)),
    **dict.fromkeys(("P12", "P13", "P21", "P22"), (PAYMENT, HOOKED)),
    **dict.fromkeys(("F05", "F06"), (PAYOUT, STANDARD)),
    **dict.fromkeys(("F07", "F08"), (PAYOUT, STOP)),
    **dict.fromkeys(("F13", "F14", "F15"), (PAYOUT, PAYMENT)),
    **dict.fromkeys(("S01", "S04", "S05"), (PAYMENT,)),
    **dict.fromkeys(("S08", "S09"), (PAYOUT,)),
}

# The prefecture's own steps that a check counts from: without the record nothing was checked, either.
_STEPS_OF_CHECK = {"R18": ("registered",), "R20": ("received",)}
# Checks that hold their tongue where days are not told; what the needs are: data/sql/queries/check_gap.sql.
_DAYS_OF_CHECK: dict[str, tuple[tuple[str, Export], ...]] = {
    **dict.fromkeys(("R13", "R14", "P20"), (("every_day", PAYMENT),)),
    **dict.fromkeys(("S01", "S04", "S05"), (("round_end", PAYMENT),)),
    "P21": (("every_day", PAYMENT), ("month_due", HOOKED)),
    "P22": (("every_day", HOOKED), ("month_end", PAYMENT)),
}


def exports_of(check: Check) -> tuple[Export, ...]:
    """The exports that a check reads; none where it only reads what units report or the prefecture recorded."""
    return _OF_CHECK.get(check.code, _OF_FAMILY[check.code[0]])


def days_of(check: Check) -> tuple[tuple[str, Export], ...]:
    """Which days of which export a check needs; none where it judges each row by itself."""
    return _DAYS_OF_CHECK.get(check.code, ())


def region_steps_of(check: Check) -> tuple[Export, ...]:
    """The prefecture's recorded steps that a check reads, beside its exports: the region and the step."""
    return tuple((REGION_ID, step) for step in _STEPS_OF_CHECK.get(check.code, ()))

"""The states that a score can be in: reached, missed, or one of those without a score."""

from __future__ import annotations

REACHED_STATES = ("met", "over")
MISSED_STATES = ("slightly_off", "off")
JUDGED_STATES = REACHED_STATES + MISSED_STATES
MISSING_STATES = ("not_reported", "not_due", "no_baseline", "needs_review", "not_applicable")

"""Points that a person types → micro-points, exactly, between nothing and the whole weight."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from data.intake.numbers import CellFault

MICRO = Decimal(1_000_000)
_CENT = Decimal("0.01")


def to_micro(points: Decimal, weight_micro: int) -> int | CellFault:
    """Points as micro-points; nothing is rounded.

    A weight with more than two decimals is often printed with two: whoever types 4.55 of 4.545455 means
    all of it, so that one number above the weight stands for the whole weight.

    >>> to_micro(Decimal("3.57"), 3_571_429), to_micro(Decimal("4.55"), 4_545_455)
    (3570000, 4545455)
    """
    if not points.is_finite():
        return CellFault("text-in-number-cell", "不是有效的数字，请填得分，例如 3.5")
    if points < 0:
        return CellFault("negative-number", f"是负数“{points:f}”，应不小于 0")
    weight = Decimal(weight_micro) / MICRO
    if points > weight:
        if points == weight.quantize(_CENT, ROUND_HALF_UP):
            return weight_micro
        return CellFault("points-above-weight", f" {points:f} 分大于该指标的分值 {show_exact(weight_micro)} 分")
    micro = points * MICRO
    if micro % 1:
        return CellFault("too-many-decimals", f"“{points:f}”的小数过多，最多六位小数")
    return int(micro)


def show_exact(micro: int) -> str:
    """Micro-points as points with every decimal that they have, at least two.

    >>> show_exact(3_571_429), show_exact(3_000_000), show_exact(500)
    ('3.571429', '3.00', '0.0005')
    """
    whole, _, part = f"{Decimal(micro) / MICRO:.6f}".partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"

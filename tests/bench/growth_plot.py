"""Draw what growth costs, for the README: time and bytes a row over the rows of the store, both on powers of ten.

Run it after ``wenxiao bench growth --keep``: python -m tests.bench.growth_plot
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).parent / "measured.json"
PICTURE = Path(__file__).parent.parent.parent / "dashboard" / "static" / "pictures" / "growth.svg"
# Each small picture: its title, the series in it, and the word for each.
PANELS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("每行用时（毫秒）", (("submit_ms", "报送一行"), ("read_ms", "读一行得分"), ("archive_ms", "归档一行"))),
    ("每行字节", (
        ("store_bytes", "库文件"), ("score_bytes", "得分"), ("log_bytes", "办理记录"), ("archive_bytes", "归档"),
    )),
)
# Apart in lightness as well, so that they are told apart in grey; each line also has its word at its end.
COLOURS = ("#1f4e8c", "#c8102e", "#6b7785", "#9a6b00")
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 460, 300, 56, 40, 86, 40


def main() -> None:
    """Draw the kept series."""
    series = json.loads(MEASURED.read_text(encoding="utf-8"))["growth"]["details"]["series"]
    PICTURE.write_text(drawn(series), encoding="utf-8")


def drawn(series: Sequence[Mapping[str, float]]) -> str:
    """The picture as SVG; a series that was not measured at a size has no point there."""
    panels = "".join(
        f'<g transform="translate({place * WIDTH} 0)">{_panel(title, lines, series)}</g>'
        for place, (title, lines) in enumerate(PANELS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * len(PANELS)} {HEIGHT}" role="img" '
        'font-family="Noto Sans CJK SC, Microsoft YaHei, sans-serif" font-size="12" fill="#222">'
        f'<title>数据增长的代价</title><rect width="100%" height="100%" fill="#fff"/>{panels}</svg>\n'
    )


def _panel(title: str, lines: Sequence[tuple[str, str]], series: Sequence[Mapping[str, Any]]) -> str:
    held = [each[key] for key, _ in lines for each in series if each.get(key)]
    low, high = math.floor(math.log10(min(held))), math.ceil(math.log10(max(held)))
    first = math.floor(math.log10(min(each["rows"] for each in series)))
    last = math.ceil(math.log10(max(each["rows"] for each in series)) - 0.05)

    def x(rows: float) -> float:
        return LEFT + (math.log10(rows) - first) / max(last - first, 1) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(value) - low) / max(high - low, 1) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<text x="{LEFT}" y="22" font-size="14" font-weight="600">{escape(title)}</text>']
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{_power(power)}</text>')
    for power in range(first, last + 1):
        parts.append(f'<text x="{x(10**power):.1f}" y="{HEIGHT - 18}" text-anchor="middle">{_rows(power)}</text>')
    ends: list[tuple[float, float, str, str]] = []
    for colour, (key, word) in zip(COLOURS, lines, strict=False):
        points = [(x(each["rows"]), y(each[key])) for each in series if each.get(key)]
        if not points:
            continue
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3" fill="{colour}"/>' for px, py in points]
        ends.append((*points[-1], colour, word))
    placed: list[tuple[float, float]] = []
    for px, py, colour, word in sorted(ends, key=lambda end: end[1]):
        # Words at the ends of lines that meet stand below one another, in the order of the lines.
        at = max([py, *(below + 14 for beside, below in placed if abs(beside - px) < 60 and below + 14 > py)])
        placed.append((px, at))
        parts.append(f'<text x="{px + 8:.1f}" y="{at + 4:.1f}" fill="{colour}">{escape(word)}</text>')
    return "".join(parts)


def _power(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10**power:.{-power}f}"


def _rows(power: int) -> str:
    return {4: "1万行", 5: "10万", 6: "100万", 7: "1,000万", 8: "1亿"}.get(power, f"10^{power}")


if __name__ == "__main__":
    main()

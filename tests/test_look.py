"""One look: colours and fonts have one home, states are told apart without colour, words are dark enough to read."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from itertools import combinations
from pathlib import Path

import plotly.graph_objects as go
import pytest

from dashboard import look
from dashboard.labels import Mark

ROOT = Path(look.__file__).parent.parent
DASHBOARD = ROOT / "dashboard"
STYLE_SHEETS = sorted((DASHBOARD / "static").glob("*.css"))
THEME = tomllib.loads((ROOT / "dashboard" / "streamlit.toml").read_text(encoding="utf-8"))["theme"]
TOKENS = {name: value for name, value in vars(look).items() if isinstance(value, str) and value.startswith("#")}
MODULES = [path for path in sorted(DASHBOARD.rglob("*.py")) if path.name != "look.py"]
HEX = re.compile(r"#(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\b")

# Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency. IEEE
# Transactions on Visualization and Computer Graphics 15 (2009) 1291-1298, severity 1.0; on linear RGB.
SIGHTS = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
}
LEAST_DIFFERENCE = 15.0     # ΔE*ab, six times what is just noticed (2.3): apart also in a small mark


def linear(colour: str) -> list[float]:
    """Red, green and blue as light, 0 to 1."""
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """The contrast of WCAG 2.2: 1 to 21."""
    low, high = sorted(
        sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)
    )
    return (high + 0.05) / (low + 0.05)


def lab(light: list[float]) -> list[float]:
    """CIE L*a*b* under D65 of light in sRGB's primaries."""
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    xyz = [sum(w * p for w, p in zip(row, light, strict=True)) / w0 for row, w0 in zip(to_xyz, white, strict=True)]
    x, y, z = (max(v, 0) ** (1 / 3) if v > 0.008856 else 7.787 * max(v, 0) + 16 / 116 for v in xyz)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def difference(one: str, other: str, sight: str) -> float:
    """ΔE*ab (CIE 1976) of two colours as somebody with this sight sees them."""
    seen = [
        lab([min(1.0, max(0.0, sum(w * p for w, p in zip(row, linear(c), strict=True)))) for row in SIGHTS[sight]])
        for c in (one, other)
    ]
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5


def families() -> dict[str, dict[str, Mark]]:
    """Every family of marks that any module of the dashboard names in capitals."""
    found = {}
    for path in MODULES:
        if path.parent == DASHBOARD and "Mark(" in path.read_text(encoding="utf-8"):
            module = importlib.import_module(f"dashboard.{path.stem}")
            for name, value in vars(module).items():
                if isinstance(value, dict) and value and all(isinstance(mark, Mark) for mark in value.values()):
                    found[f"{path.stem}.{name}"] = value
    return found


FAMILIES = families()


def strings(path: Path) -> list[str]:
    """Every text constant of a module that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    heads = {
        id(node.body[0].value) for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in heads
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(DASHBOARD)))
def test_no_module_writes_a_colour_or_a_font(path):
    texts = strings(path)

    assert [text for text in texts if HEX.search(text) or re.search(r"\brgba?\(", text)] == []
    assert [text for text in texts if re.search(r"Noto|YaHei|PingFang|sans-serif", text)] == []


CHARTS = [path for path in MODULES if path.stem == "charts" or path.stem.endswith("_charts")]
PAGES = sorted((DASHBOARD / "app_pages").glob("*.py"))


@pytest.mark.parametrize("path", CHARTS, ids=lambda path: path.stem)
def test_figures_are_bars_lines_and_marks_on_one_pair_of_axes(path):
    """No pies, dials or ribbons, whose sizes nobody can compare; no second axis, which lets any two lines agree."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    given = {keyword.arg for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords}
    added = {name for name in named if name.startswith("add_")}

    drawn = {name for name in named if re.match(r"[A-Z]", name) and isinstance(getattr(go, name, None), type)}
    assert drawn <= {"Bar", "Scatter", "Figure"}
    assert added <= {"add_bar", "add_scatter", "add_trace", "add_vline", "add_hline", "add_annotation"}
    assert given.isdisjoint({"overlaying", "secondary_y", "yaxis2", "xaxis2", "specs", "hole"})
    assert not {"overlaying", "secondary_y"} & set(strings(path))


@pytest.mark.parametrize("path", [*CHARTS, *PAGES], ids=lambda path: path.stem)
def test_no_page_and_no_figure_writes_a_share_or_decimals_by_hand(path):
    """`labels` floors beside a limit and says what is missing; a format does neither."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    formats = [ast.unparse(node.format_spec) for node in ast.walk(tree)
               if isinstance(node, ast.FormattedValue) and node.format_spec]

    assert [spec for spec in formats if re.search(r"[0-9]+[%f]|^f'%'$", spec)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_figure_of_a_page_is_shown_plain(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    given = [
        {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords} for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "plotly_chart"
    ]

    assert all((call.get("config"), call.get("theme")) == ("charts.CONFIG", "None") for call in given)


@pytest.mark.parametrize("path", STYLE_SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_has_the_colours_and_the_font_of_the_look(path):
    sheet = path.read_text(encoding="utf-8")
    (head,) = re.findall(r":root \{(.*?)\}", sheet, re.S)
    declared = dict(re.findall(r"--wx-([a-z-]+): (#[0-9A-F]{6});", head))

    assert declared == {name: TOKENS[name.upper().replace("-", "_")] for name in declared}
    assert HEX.findall(sheet.replace(head, "")) == []
    assert set(re.findall(r"var\(--wx-([a-z-]+)\)", sheet)) == set(declared)
    assert all(look.FONT in font for font in re.findall(r"font(?:-family)?:[^;]*'[^;]*", sheet))


def test_the_theme_has_the_colours_and_the_font_of_the_look():
    colours = [
        (name, value) for part in (THEME, THEME["sidebar"]) for name, value in part.items() if "#" in str(value)
        and not isinstance(value, dict)
    ]

    assert [(name, value) for name, value in colours if value not in TOKENS.values()] == []
    assert THEME["font"] == THEME["headingFont"] == look.FONT
    assert THEME["textColor"] == look.INK
    assert THEME["primaryColor"] == look.ACCENT


@pytest.mark.parametrize("marks", FAMILIES.values(), ids=list(FAMILIES))
def test_states_of_a_family_are_told_apart_without_any_colour(marks):
    for one, other in combinations(marks.values(), 2):
        assert (one.shape != other.shape, one.symbol != other.symbol, one.word != other.word) == (True, True, True)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(("one", "other"), list(combinations(("GOOD", "ACCENT", "CAUTION", "BAD", "OPEN"), 2)))
def test_colours_of_states_differ_for_everybody_who_sees_any(sight, one, other):
    assert difference(TOKENS[one], TOKENS[other], sight) >= LEAST_DIFFERENCE


def test_every_mark_has_a_colour_of_states():
    used = {mark.colour for marks in FAMILIES.values() for mark in marks.values()}

    assert used <= {*look.STATE_COLOURS, look.INK}


WORDS_ON_GROUNDS = [
    *((name, ground) for name in ("INK", "MUTED", "ACCENT", "GOOD", "CAUTION", "BAD", "OPEN", "QUIET")
      for ground in ("PAPER", "GROUND")),
    *((name, "HEAD") for name in ("INK", "MUTED")),
    ("INK", "NOTE_GROUND"), ("ACCENT", "ACCENT_PALE"), ("INK", "ACCENT_PALE"),
    *((f"{box}_INK", f"{box}_GROUND") for box in ("NOTE", "FAULT", "DONE")),
    *((name, ground) for name in ("SIDE_INK", "SIDE_LINK") for ground in ("DEEP", "SIDE_GROUND")),
    # White on what is pressed, and on the bars and badges of every state.
    *(("PAPER", ground) for ground in ("DEEP", "ACCENT", "ACCENT_DEEP", "GOOD", "CAUTION", "BAD", "OPEN", "QUIET")),
]


@pytest.mark.parametrize(("words", "ground"), WORDS_ON_GROUNDS)
def test_words_are_dark_enough_to_read(words, ground):
    assert contrast(TOKENS[words], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(("line", "ground"), [("FIELD_LINE", "PAPER"), ("ACCENT", "PAPER"), ("SIDE_LINK", "DEEP")])
def test_edges_of_fields_and_of_the_focus_are_seen(line, ground):
    assert contrast(TOKENS[line], TOKENS[ground]) >= 3

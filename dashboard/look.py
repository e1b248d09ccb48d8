"""How everything looks: the colours, the fonts and the measures of charts. Nothing else writes a colour or a font.

The theme (``dashboard/streamlit.toml``) and the style sheets hold the same colours, because neither can import them;
``tests/test_look.py`` compares them. The shapes and words of states, and how numbers are written, are in ``labels``.

Every colour that text is written in reaches 4.5 : 1 on the grounds it stands on (WCAG 2.2, 1.4.3), and so does white on
every colour of a state, so that a mark, its word and a label inside its bar may all use it.
"""

from __future__ import annotations

# Text and grounds.
INK = "#1C2733"
MUTED = "#5B6675"
PAPER = "#FFFFFF"
GROUND = "#F3F6FA"
HEAD = "#E9EFF6"
DEEP = "#12395F"
CLEAR = "rgba(0,0,0,0)"
# Lines: of frames and tables, of a chart's grid, of what stands behind the data.
LINE = "#D5DCE5"
GRID = "#EEF2F7"
PALE_LINE = "#E3E9F1"   # between the rows of a table
FIELD_LINE = "#7C8796"  # of what can be typed into or pressed: 3 : 1
# The one accent, deeper and paler where it is pointed at, and what a state may be coloured in.
ACCENT = "#1F5FA8"
ACCENT_DEEP = "#174A85"
ACCENT_PALE = "#EAF2FA"
ACCENT_LINE = "#94BBE1"
GOOD = "#148050"
CAUTION = "#9B6500"
BAD = "#8C1D18"
OPEN = "#5B6675"        # missing, undecided: something a person still has to do
QUIET = "#667181"       # nothing to do: not due, not applicable
# Boxes that say something: ground, line and words.
NOTE_GROUND, NOTE_LINE, NOTE_INK = "#FFF4D6", "#E8C66A", "#5C4100"
FAULT_GROUND, FAULT_LINE, FAULT_INK = "#FDF1F0", "#E0A8A3", "#8C1D18"
DONE_GROUND, DONE_LINE, DONE_INK = "#EFF7F3", "#A5CFBE", "#14573F"
# The menu at the side stands on DEEP.
SIDE_GROUND, SIDE_LINE = "#1B4A79", "#2C5D8F"
SIDE_INK, SIDE_LINK, SIDE_ACCENT = "#EAF1F8", "#BBD7F2", "#4E8AC5"

STATE_COLOURS = (GOOD, ACCENT, CAUTION, BAD, OPEN, QUIET)

# The system's Chinese fonts, nothing loaded from anywhere.
FONT = "'Noto Sans SC', 'Source Han Sans SC', 'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"
TEXT_SIZE = 13
SMALL_SIZE = 12

# A chart's row, its least room around, and the width of a line that carries data.
ROW_HEIGHT = 34
MARGIN = 8
LINE_WIDTH = 2
MARK_SIZE = 12

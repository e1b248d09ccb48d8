"""Pieces of a page in HTML: tables that wrap, figures, state cards, lines of a paper. Every word is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import pandas as pd

from dashboard import labels
from dashboard.help.entries import PageHelp, TourStep, term_of
from dashboard.kept import kept
from dashboard.rights import ROLE_NAMES
from data.reference import Term
from metrics.law import TRUST_LABELS, Trust

# A column with longer words than this may wrap; shorter ones stay on one line.
LONG_WORDS = 24


@kept
def html_table(frame: pd.DataFrame, *, is_tall: bool = False) -> str:
    """A table as people read it: long words wrap, numbers stand to the right, what is missing is a dash."""
    numeric = [_is_numeric(frame[name]) for name in frame.columns]
    classes = [
        "wx-n" if is_number else _word_class(frame[name])
        for name, is_number in zip(frame.columns, numeric, strict=True)
    ]
    head = "".join(
        f'<th class="{style}"{_explained(str(name))}>{html.escape(str(name))}</th>'
        for name, style in zip(frame.columns, classes, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(
            f'<td class="{style}">{html.escape(_shown(value))}</td>' for value, style in zip(row, classes, strict=True)
        ) + "</tr>"
        for row in frame.itertuples(index=False, name=None)
    )
    tall = " wx-tall" if is_tall else ""
    return (
        f'<div class="wx-table{tall}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _explained(head: str) -> str:
    """A column's head carries the glossary's words for it, shown where the mouse rests."""
    term = term_of(head)
    return f' title="{html.escape(f"{term.term}：{term.explanation}")}"' if term else ""


def _is_numeric(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column):
        return True
    return bool(len(column)) and all(re.fullmatch(r"[−+]?[\d,.]+%?|—", str(value)) for value in column)


def _word_class(column: pd.Series) -> str:
    longest = max((len(str(value)) for value in column if value is not None), default=0)
    return "wx-long" if longest > LONG_WORDS else "wx-nowrap"


def _shown(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return "—"
    if isinstance(value, float):
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
        return text.replace("-", "−")
    if isinstance(value, int):
        return f"{value:,}"
    return str(value) or "—"


@kept
def figures(cards: Iterable[tuple[str, str, str, str]]) -> str:
    """Figures side by side: name, value, unit, the sentence under it."""
    return '<div class="wx-figures">' + "".join(
        f'<div class="wx-figure"><div class="wx-name">{html.escape(name)}</div>'
        f'<div class="wx-value">{html.escape(value)} <span>{html.escape(unit)}</span></div>'
        f"<small>{html.escape(note)}</small></div>"
        for name, value, unit, note in cards
    ) + "</div>"


# What Markdown reads as a mark wherever it stands, and what only at the beginning of a line.
_MARKS = re.compile(r"([\\`*_\[\]~$<>|#&])")
_NUMBERED = re.compile(r"^( *\d+)([.)])(?=\s|$)", re.M)
_LISTED = re.compile(r"^( *)([-+](?=[\s-]|$)|=)", re.M)
_INDENTED = re.compile(r"^(?: {4}|\t)[ \t]*", re.M)
# Addresses and icons are made of bare words, which no backslash prevents: a joiner without width parts them.
_BARE = re.compile(r"(?<=:)(?=[A-Za-z/+_-])|(?<=www)(?=\.)|(?<=@)(?=[\w-])", re.I)
JOINER = "\u2060"


def literal(words: object) -> str:
    """Words as they are where Streamlit would read Markdown: a person's 「5~10」 must not be struck out.

    Everything on a page that is not the program's own goes through here, or through ``html.escape`` in what
    ``st.html`` shows; ``tests/security/test_text_is_text.py`` holds that.

    >>> literal("约 5~10 人，见[附件](附件)")
    '约 5\\\\~10 人，见\\\\[附件\\\\](附件)'
    >>> literal("1. http://a :material/home:").replace(JOINER, "^")
    '1\\\\. http:^//a :^material/home:'
    """
    text = _INDENTED.sub("", _MARKS.sub(r"\\\1", str(words)))
    return _BARE.sub(JOINER, _LISTED.sub(r"\1\\\2", _NUMBERED.sub(r"\1\\\2", text)))


def demonstration_line(today: date) -> str:
    """What stands on top of every page of the demonstration."""
    return (
        '<div class="wx-demo"><b>演示：填报数据为模拟</b>，资金文件为公开的真实文件；'
        f"演示中的“今天”是 {today.year}年{today.month}月{today.day}日。</div>"
    )


def replica_line(copied_at: datetime, *, is_main_silent: bool) -> str:
    """What stands on top of every page of a read replica."""
    silent = "主服务没有应答，数据停在这一刻，恢复以后自动更新；" if is_main_silent else ""
    at = f"{copied_at.month}月{copied_at.day}日 {copied_at:%H:%M:%S}"
    return (
        f'<div class="wx-demo"><b>只读副本</b>：数据是 {at} 的；{silent}'
        "填报、审核和办理请打开主服务的网址。</div>"
    )


def person_line(name: str, role: str) -> str:
    """Who is signed in, and the way to the own account."""
    return (
        f'<div class="wx-person">{html.escape(name)} · {html.escape(ROLE_NAMES.get(role, role))}<br>'
        '<a href="/me" target="_self">本人账号／退出</a></div>'
    )


@kept
def state_legend(counts: dict[str, int]) -> str:
    """How many cells are in each state, as shape, word and number."""
    return '<div class="wx-legend">' + "".join(
        f'<span style="--c:{mark.colour}"><i>{mark.shape}</i>{mark.word} <b>{counts[state]}</b> 项</span>'
        for state, mark in labels.SCORE_MARKS.items() if counts.get(state)
    ) + "</div>"


def paper_line(line_no: int, text: str) -> str:
    """A line of the paper as printed."""
    return f'<div class="wx-paper">第 {line_no} 行　{html.escape(text)}</div>'


def quote(text: str) -> str:
    """A rule's own words."""
    return f'<div class="wx-paper">{html.escape(text)}</div>'


def tour_step(number: int, count: int, step: TourStep, elsewhere: str) -> str:
    """A step of the tour in one line or two; ``elsewhere`` is the page that it is about, where it is not this one."""
    place = f"在“{elsewhere}”页，{step.place}：" if elsewhere else f"{step.place}："
    return (
        f'<div class="wx-tour"><b>第一次使用 {number}／{count}　{html.escape(step.aim)}</b>　'
        f"{html.escape(place)}{html.escape(step.act)}</div>"
    )


def page_help(entry: PageHelp) -> str:
    """What a page answers, for whom, how, what to do when it is empty, what goes wrong."""
    def listed(lines: Iterable[str]) -> str:
        return f'<ul>{"".join(f"<li>{html.escape(line)}</li>" for line in lines)}</ul>'

    return (
        f'<div class="wx-help"><p><b>{html.escape(entry.answers)}</b></p><p>谁用：{html.escape(entry.used_by)}</p>'
        f"<h4>怎么用</h4>{listed(entry.how)}<h4>没有内容时</h4><p>{html.escape(entry.when_empty)}</p>"
        f"<h4>容易弄错的</h4>{listed(entry.mistakes)}</div>"
    )


def term_list(terms: Sequence[Term]) -> str:
    """Terms with their explanation, where it comes from and how far it can be trusted."""
    lines = "".join(
        f'<dt>{html.escape(term.term)}{_other_words(term)}</dt><dd>{html.escape(term.explanation)}'
        f"<small>出处：{html.escape(term.source)}（{TRUST_LABELS[Trust(term.trust)]}）</small></dd>"
        for term in terms
    )
    return f'<dl class="wx-terms">{lines}</dl>'


def _other_words(term: Term) -> str:
    return f"<small>（{html.escape('、'.join(term.aliases))}）</small>" if term.aliases else ""

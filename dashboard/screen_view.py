"""大屏: what 总览 says, large and by itself, for a wall."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import streamlit as st

from dashboard import overview_tables, session
from dashboard.labels import moment
from metrics.boards import comparison, overview, region
from metrics.boards.definition import Scope
from metrics.boards.overview import Attention
from metrics.duties import step_name

REFRESH_SECONDS = 20
EVENT_WORDS = {"report": "报送填报", "inquiry_opened": "开出问效单", "inquiry_closed": "问效单销号"}
YEAR = timedelta(days=366)


@st.fragment(run_every=REFRESH_SECONDS)
def live(scope: Scope) -> None:
    """Draw the screen as of now, again and again; figures are computed anew only when the store has changed.

    The rerun by the clock is none by hand: it keeps nobody signed in.
    """
    settings = session.settings()
    today = replace(scope, as_of_on=settings.today())
    code = settings.region_code
    money = session.read(overview.money, today)
    units = session.read(overview.units, today, code)
    st.html(screen(
        overview_tables.headline(money, session.read(region.region_total, today, code), units),
        overview_tables.figures(
            money, session.read(overview.effect_counts, today), session.read(overview.clock_counts, today, code)
        ),
        session.read(overview.attention, today, code),
        units,
        title=f"{settings.bureau_name}　{today.document_number}　{today.round_id} 轮",
        news=newest(session.read(comparison.events, today, today.as_of_on - YEAR)),
        at=settings.now(), address=session.address(), is_demonstration=settings.is_demonstration,
    ))


def screen(
    headline: str, figures: Sequence[overview_tables.Figure], found: Sequence[Attention], units: pd.DataFrame, *,
    title: str, news: str, at: datetime, address: str, is_demonstration: bool,
) -> str:
    """The whole screen: headline, figures, what to do on the left, the units on the right, the moment below."""
    demonstration = '<b class="wx-demo">演示：填报数据为模拟</b>' if is_demonstration else ""
    todo = overview_tables.attention(found, units, address)
    return (
        '<div class="wx-screen">'
        f"<header><span>{html.escape(title)}</span>{demonstration}"
        f"{overview_tables.link('/', address, '返回总览 ✕')}</header>"
        f'<p class="wx-answer">{html.escape(headline)}</p>'
        f"{overview_tables.figure_row(figures, address)}"
        f'<div class="wx-two"><section class="wx-todo"><h2>今天要办的事</h2>{todo}</section>'
        f"<section>{overview_tables.unit_table(units, address)}"
        f'<p class="wx-note">{html.escape(overview_tables.units_sentence(units))}</p></section></div>'
        f"<footer><span>{html.escape(news)}</span><span>刷新于 <b>{at:%Y-%m-%d %H:%M:%S}</b>，"
        f"每 {REFRESH_SECONDS} 秒一次；这个时刻不再走动，就是与服务器断开了，请重新打开。</span></footer></div>"
    )


def newest(events: pd.DataFrame) -> str:
    """How old the data is: the newest report or record."""
    if events.empty:
        return "还没有任何报送或登记。"
    row = events.iloc[0]
    what = EVENT_WORDS.get(row["event_kind"]) or f"登记{step_name(row['step'])}"
    return f"最近一次数据变动：{moment(row['happened_at'])} {row['recipient_name']}{what}"

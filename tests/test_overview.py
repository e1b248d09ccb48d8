"""总览: the headline and its figures are the boards', the units come worst first, every figure leads to its parts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
import streamlit as st
from builders import (
    NUMBER,
    OFFICER,
    REGION,
    ROUND,
    demo_folder,
    demo_store,
    entry,
    opened_store,
    receive,
    sign_in,
    submit,
    upload,
)
from inquiry_builders import answer, ask, outcome, refer
from streamlit.testing.v1 import AppTest

from dashboard import (
    comparison_tables,
    menu,
    overview_tables,
    region_tables,
    screen_view,
    session,
    tables,
    unit_tables,
)
from dashboard.actions.rate_reasons import explain_rate
from dashboard.rights import LEADER, read_board
from dashboard.workspace import STORE_NAME
from data.audit import Actor
from data.store import Store
from metrics.boards import accountability, comparison, overview, region, standing
from metrics.boards.definition import Scope
from metrics.boards.inquiries import register
from metrics.boards.overview import WORST_FIRST, Attention, Money
from metrics.inquiries import LADDER_WORDS

SCOPE = Scope(NUMBER, ROUND, date(2021, 12, 28))
ADDRESS = "notice=n&round=r&as_of=2021-12-28"
APP = Path(session.__file__).parent / "app.py"
NOTHING_LOST = pd.DataFrame({"lost_micro": [], "short_name": []})
MONEY = Money(Decimal(100_000_000), Decimal(80_000_000), Decimal(40_000_000), 12, 11, ("若羌县",))


@pytest.fixture(scope="module")
def demo() -> Store:
    return demo_store()


def unit(state: str, clock: str = "on_time") -> dict[str, str]:
    return {"effect_state": state, "clock_state": clock}


# --- the headline ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "tail"),
    [
        ([unit("effective")], "1 个单位中没有滞后。"),
        ([unit("both_behind"), unit("effective")], "2 个单位中 1 个滞后。"),
        ([unit("money_without_effect"), unit("effect_ahead_of_money"), unit("unknown")],
         "3 个单位中 2 个滞后、1 个无法判断。"),
        ([unit("effective", "overdue"), unit("effective", "on_time_empty"), unit("effective", "on_time_wrong")],
         "3 个单位中 3 个导入逾期。"),
        # What was late and is done needs nobody today; what is not due needs nobody yet.
        ([unit("effective", "late"), unit("effective", "not_due"), unit("effective", "no_receipt")],
         "3 个单位中没有滞后。"),
    ],
)
def test_the_headline_counts_who_is_behind(rows, tail):
    said = overview_tables.headline(MONEY, None, pd.DataFrame(rows))

    assert said == f"下达 10,000 万元，已支付 4,000 万元，执行率 50.0%；全州 暂时没有得分；{tail}"


def test_nobody_reported_is_said_and_no_zero():
    money = Money(Decimal(100_000_000), Decimal(0), Decimal(0), 12, 0, ())

    said = overview_tables.headline(money, None, pd.DataFrame([unit("unknown")]))

    assert said.startswith("下达 10,000 万元，没有单位填报支付；")


def test_each_figure_of_the_first_screen_is_its_boards(demo):
    money, total = overview.money(demo, SCOPE), region.region_total(demo, SCOPE, REGION)
    units = overview.units(demo, SCOPE, REGION)
    cells, clock = overview.effect_counts(demo, SCOPE), overview.clock_counts(demo, SCOPE, REGION)
    states = accountability.state_counts(demo, SCOPE)

    said = overview_tables.headline(money, total, units)
    shown = {card.name: card for card in overview_tables.figures(money, cells, clock)}

    assert said == (
        "下达 20,251 万元，已支付 17,474.8 万元，执行率 87.7%；全州 91.69 分，等级优；"
        "12 个单位中 3 个滞后、1 个无法判断、4 个导入逾期。"
    )
    assert total.points_micro // 10_000 == 9169
    assert 12 - states["effective"] - states["unknown"] == 3 and states["unknown"] == 1
    assert [card.value for card in shown.values()] == ["20,251", "17,474.8", "87.7%", "152", "5"]
    assert shown["执行率"].note == "17,474.8÷19,912"
    assert cells["met"] + cells["over"] == 152 and shown["达标"].unit == f"／{240 - cells['not_applicable']} 项"
    assert clock["on_time"] == 5
    # The table of the units comes to the same: nothing is counted twice or left out.
    assert units["paid_yuan"].sum() == float(money.paid_yuan)
    assert units["met_count"].sum() == 152
    assert units["missed_count"].sum() == cells["off"] + cells["slightly_off"]
    assert units["indicator_count"].sum() == 240 - cells["not_applicable"]


# --- the units -----------------------------------------------------------------------------------------------------


def test_the_states_are_ordered_from_the_gravest_and_all_there():
    assert set(WORST_FIRST) == set(accountability.EFFECT_STATES)
    assert WORST_FIRST[0] == "both_behind" and WORST_FIRST[-1] == "effective"


def test_the_units_come_worst_first(demo):
    units = overview.units(demo, SCOPE, REGION)

    assert list(units["recipient_id"]) == [
        "hejing", "ruoqiang", "yanqi", "heshuo",              # by state
        "qiemo", "bohu", "kuerle-kaifaqu", "luntai",          # effective, but late with the import: fewest points first
        "zhou-jiuzhuzhan", "zhou-fuliyuan", "yuli", "kuerle",
    ]
    points = units["points_micro"].iloc[4:8].astype(int)
    assert list(points) == sorted(points)


def test_a_county_sees_its_own_row_only(demo):
    own = read_board(demo, Actor("填报人", "county_reporter", "hejing"), overview.units, SCOPE, REGION)

    assert list(own["recipient_id"]) == ["hejing"]


def test_points_without_a_grade_are_not_shown(demo):
    shown = overview_tables.unit_table(overview.units(demo, SCOPE, REGION), ADDRESS)

    assert "72.77 中" in shown
    assert "100.00" not in shown      # 若羌县's only scored indicator
    assert 'unit=ruoqiang" target="_self">1／20</a>' in shown


def test_a_unit_without_a_limit_has_a_dash_and_no_state(tmp_path):
    table = overview.units(opened_store(tmp_path), SCOPE, REGION).assign(clock_state=None)

    assert overview_tables.unit_table(table, ADDRESS).count('">—</a></td><td class="wx-n">—</td></tr>') == 12


@pytest.mark.parametrize(
    ("rate", "elapsed", "expected"),
    [(0.5, 0.25, ["width:50.0%", "left:25.0%", "50.0%"]), (1.5, 1.0, ["width:100.0%", "left:100.0%", "150.0%"]),
     (0.0, 0.5, ["width:0.0%", "0.0%"]), (None, 0.5, ["—"]), (float("nan"), 0.5, ["—"])],
)
def test_a_rate_is_a_bar_that_ends_at_its_frame_and_a_figure_that_does_not(rate, elapsed, expected):
    shown = overview_tables.rate_bar(rate, elapsed)

    for part in expected:
        assert part in shown
    assert (shown == "—") == (expected == ["—"])


def test_the_sentence_under_the_units_is_of_the_same_rows(demo):
    said = overview_tables.units_sentence(overview.units(demo, SCOPE, REGION))

    assert said == (
        "最要紧的在前；竖线是序时进度 98.3%，0 个单位达到，最低的是和静县 66.0%；"
        "若羌县没有填报，不列执行率和得分。"
    )


def test_a_rate_over_the_whole_is_shown_with_its_reason_or_not_at_all(tmp_path):
    store = opened_store(tmp_path)
    submit(store, upload(entry(4, numerator=9, denominator=10), paid_wan=3000))     # of 2,939

    def everywhere() -> str:
        units = overview.units(store, SCOPE, REGION)
        stuck = units.assign(effect_rate=0.1, effect_state="money_without_effect")
        money, total = overview.money(store, SCOPE), region.region_total(store, SCOPE, REGION)
        row = units.set_index("recipient_id", drop=False).loc["luntai"]
        shown = [
            overview_tables.headline(money, total, units), overview_tables.unit_table(units, ADDRESS),
            overview_tables.units_sentence(units),
            *(f"{card.value}{card.note}" for card in overview_tables.figures(money, {}, {})),
            *(value + note for _, value, _, note in region_tables.cards(total)),
            unit_tables.headline({**row, "effect_state": "money_without_effect"}, NOTHING_LOST, is_own=False),
            *tables.effects(standing.unit_effects(store, SCOPE))["执行率"],
            *(item.sentence for item in overview._state_sentences(
                stuck[stuck["recipient_id"] == "luntai"], overview.Asked(register(store, SCOPE))
            )),
        ]
        return "\n".join(shown)

    assert "102.0%" not in everywhere()
    assert everywhere().count("超过 100%，没有说明原因") == 8
    assert "轮台县没有填报" not in everywhere() and "轮台县执行率超过 100%" in everywhere()
    explain_rate(store, OFFICER, datetime(2021, 12, 27, 9), NUMBER, "luntai", "上年结转一并支付", Decimal(30_000_000))
    assert everywhere().count("102.0%") == 8
    assert "没有说明原因" not in everywhere()


# --- what to do today ------------------------------------------------------------------------------------------------


def test_every_unit_of_a_sentence_leads_to_its_portrait():
    units = pd.DataFrame({"recipient_id": ["a", "b"], "recipient_name": ["库尔勒市", "库尔勒市开发区"]})
    found = [Attention("库尔勒市开发区、库尔勒市 <b>逾期</b>。", "timeliness", "b", 3)]

    shown = overview_tables.attention(found, units, ADDRESS)

    named = re.findall(r'href="unit\?[^"]*unit=(\w)"[^>]*>([^<]+)<', shown)
    assert named == [("b", "库尔勒市开发区"), ("a", "库尔勒市")]
    assert "<b>逾期" not in shown and "&lt;b&gt;逾期" in shown
    assert 'href="timeliness?notice=n&amp;round=r&amp;as_of=2021-12-28&amp;unit=b&amp;indicator=3"' in shown


def test_nothing_to_do_is_said():
    assert "没有需要过问的事项" in overview_tables.attention([], pd.DataFrame(), ADDRESS)


def test_the_worst_unit_of_a_state_speaks_and_the_others_are_named(demo, monkeypatch):
    effects = standing.unit_effects(demo, SCOPE)
    effects.loc[effects["recipient_id"].isin(("yanqi", "heshuo")), "effect_state"] = "both_behind"
    monkeypatch.setattr(overview, "unit_effects", lambda *_: effects)

    (said,) = (item for item in overview.attention(demo, SCOPE, REGION) if item.page == "accountability")

    assert said.sentence.startswith("和静县执行率 66.0%、得分率 73.5%，钱没花出去、效果也没达到；")
    assert said.sentence.endswith("；焉耆回族自治县、和硕县同此。")
    assert said.recipient_id == ""


def test_a_miss_that_nobody_explained_is_told_with_its_figure(demo, monkeypatch):
    monkeypatch.setattr(overview, "ATTENTION_COUNT", 99)

    said = {item.recipient_id: item for item in overview.attention(demo, SCOPE, REGION) if item.page == "deviation"}

    assert said["qiemo"].sentence.startswith(
        "且末县按时发放率 6,777/8,335＝81.3%，低于目标 8.7 个百分点，尚未说明原因；"
    )
    assert said["qiemo"].indicator_no == 12


def test_a_unit_without_receipt_is_told_with_its_money(tmp_path):
    store = opened_store(tmp_path)
    for key in ("kuerle", "kuerle-kaifaqu", "yuli", "ruoqiang", "qiemo", "yanqi", "hejing", "heshuo", "bohu",
                "zhou-jiuzhuzhan", "zhou-fuliyuan"):
        receive(store, key)

    said = overview.attention(store, Scope(NUMBER, ROUND, date(2021, 12, 26)), REGION)

    assert [item.sentence for item in said] == [
        "轮台县还没有登记收文时间，2,939 万元的导入时限无法计算，请今天补登。"
    ]


def test_no_more_sentences_are_made_than_are_told(demo, monkeypatch):
    made = []
    about = overview.Asked.about
    monkeypatch.setattr(overview.Asked, "about", lambda *given: made.append(given) or about(*given))
    everything = [*overview.attention(demo, SCOPE, REGION)]
    told = len(made)
    made.clear()
    monkeypatch.setattr(overview, "ATTENTION_COUNT", 99)
    overview.attention(demo, SCOPE, REGION)

    assert everything and told < len(made)
    assert told <= 5


# --- what has been asked already -------------------------------------------------------------------------------------


@pytest.fixture
def asked(tmp_path: Path) -> Store:
    """The demonstration with 且末县 asked about its payouts in time and 和静县 about itself, on the 28th."""
    store = Store(Path(shutil.copy(demo_folder() / STORE_NAME, tmp_path / STORE_NAME)))
    with store.transaction() as cursor:      # whatever the demonstration itself asks
        for table in ("consequence_lift", "consequence", "inquiry_event", "inquiry"):
            cursor.run(f"DELETE FROM {table}")
    ask(store, datetime(2021, 12, 28, 9), recipient_id="qiemo", indicator_no=12)
    ask(store, datetime(2021, 12, 28, 10))
    yield store
    store.close()


def test_who_has_been_asked_is_told_with_the_state_and_the_day(asked, monkeypatch):
    monkeypatch.setattr(overview, "ATTENTION_COUNT", 99)
    due = register(asked, SCOPE).set_index("recipient_id")["due_on"]

    said = {item.recipient_id: item for item in overview.attention(asked, SCOPE, REGION)
            if item.page in ("deviation", "accountability")}

    day = due["qiemo"]
    assert said["qiemo"].sentence == (
        "且末县按时发放率 6,777/8,335＝81.3%，低于目标 8.7 个百分点，尚未说明原因；"
        f"问效单第1号待答复，{day.month}月{day.day}日前应办。"
    )
    assert (said["qiemo"].inquiry_no, said["hejing"].inquiry_no, said["yanqi"].inquiry_no) == (1, 2, 0)
    assert "问效单第2号待答复" in said["hejing"].sentence
    assert said["yanqi"].sentence.endswith("还没有开问效单，建议开出。")


def test_what_is_overdue_comes_first_with_its_rung(asked):
    later = Scope(NUMBER, ROUND, date(2022, 1, 20))

    first = overview.attention(asked, later, REGION)[0]

    late = register(asked, later).set_index("inquiry_no")
    days, rung = int(late.loc[1, "late_days"]), LADDER_WORDS[late.loc[1, "ladder_step"]]
    assert first.page == "inquiries" and first.sentence.startswith("2 份问效单逾期未办：")
    assert "且末县按时发放率问效单第1号待答复，" in first.sentence
    assert f"到期，已逾期 {days} 个工作日，该{rung}" in first.sentence


def test_the_units_count_their_open_ones(asked):
    units = overview.units(asked, SCOPE, REGION).set_index("recipient_id")
    ask(asked, datetime(2021, 12, 28, 11), recipient_id="qiemo", indicator_no=14)
    more = overview.units(asked, SCOPE, REGION).set_index("recipient_id")

    assert (units.loc["qiemo", "open_count"], units.loc["qiemo", "inquiry_no"]) == (1, 1)
    assert (more.loc["qiemo", "open_count"], more.loc["qiemo", "inquiry_no"]) == (2, 0)
    assert units.loc["yuli", "open_count"] == 0 and units["overdue_count"].sum() == 0
    shown = overview_tables.unit_table(units.reset_index(), ADDRESS)
    assert 'inquiries?notice=n&amp;round=r&amp;as_of=2021-12-28&amp;inquiry=1" target="_self">1份</a>' in shown
    late = overview_tables.unit_table(more.reset_index().assign(overdue_count=1), ADDRESS)
    assert 'unit=qiemo" target="_self"><span class="wx-mark"' in late and "逾期1</span>／2份" in late


def test_what_was_opened_and_closed_between_two_days(asked):
    answer(asked, datetime(2021, 12, 28, 11), inquiry_no=2)
    refer(asked, datetime(2021, 12, 28, 12), inquiry_no=2)
    outcome(asked, datetime(2021, 12, 28, 13), inquiry_no=2)

    found = comparison.events(asked, SCOPE, date(2021, 12, 27))
    found = found[found["inquiry_no"].notna()]

    assert list(zip(found["event_kind"], found["inquiry_no"], strict=True)) == [
        ("inquiry_closed", 2), ("inquiry_opened", 2), ("inquiry_opened", 1),
    ]
    said = comparison_tables.events_sentence(found)
    assert said == "其间开出问效单 2 份（和静县、且末县），问效单销号 1 份（和静县）。"


# --- the strip -------------------------------------------------------------------------------------------------------


def test_the_strip_has_a_part_for_each_state_and_numbers_where_there_is_room():
    shown = overview_tables.state_strip({"met": 97, "off": 3})

    assert re.findall(r"--n:(\d+)[^>]*>(\d*)<", shown) == [("97", "97"), ("3", "")]


# --- from a figure to the line of the paper -------------------------------------------------------------------------

Open = Callable[[str], str]


@pytest.fixture(scope="module")
def open_address() -> Open:
    """The markup of a page of the demonstration, as a leader sees it; each address is opened once."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(session.WORKSPACE_VARIABLE, str(demo_folder()))
        st.cache_resource.clear()
        st.cache_data.clear()
        sign_in(patched, LEADER)

        @cache
        def open_it(address: str) -> str:
            parts = urlsplit(unescape(address))
            test = AppTest.from_file(str(APP), default_timeout=60)
            for name, value in parse_qsl(parts.query):
                test.query_params[name] = value
            test = test.switch_page(f"app_pages/{parts.path}.py").run()
            assert not test.exception
            assert not test.error
            return "\n".join(_markup(element) for element in test.main)

        yield open_it
    st.cache_resource.clear()
    st.cache_data.clear()


def _markup(element) -> str:
    texts = [getattr(element, name, None) for name in ("value", "body", "label")]
    return "\n".join([*(text for text in texts if isinstance(text, str)),
                      str(getattr(getattr(element, "proto", None), "body", ""))])


def links(markup: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', markup)


SCOPE_QUERY = "notice=巴财社〔2021〕96号&round=2021-12&as_of=2021-12-28"


def test_every_link_of_the_overview_leads_to_a_page_of_a_leader(open_address):
    found = links(open_address(f"overview?{SCOPE_QUERY}"))
    pages = {urlsplit(address).path for address in found}

    assert pages <= {entry.name for entries in menu.offered(LEADER).values() for entry in entries}
    assert pages >= {"allocation", "money", "accountability", "deviation", "timeliness", "unit", "findings"}
    assert all("as_of=2021-12-28" in address for address in found)


# Each chain: from a page the link that ends so, and there the words that the parts of the figure stand in.
CHAINS = {
    "下达资金": [("overview", r"^allocation\?[^;]*;[^;]*;as_of=2021-12-28$", "按来源文件")],
    "下达资金，到文件行": [("overview", r"^unit\?.*unit=hejing$", "文件行号")],
    "已支付，到导出行": [("overview", r"^money\?.*unit=hejing$", "逐行来源")],
    "达标，到单元格": [
        ("overview", r"^unit\?.*unit=hejing$", "丢分最多的在前"),
        (None, r"^deviation\?.*unit=hejing&amp;indicator=19$", "「填报表」!I26"),
    ],
    "得分，到文件原文": [
        ("overview", r"^unit\?.*unit=qiemo$", "6,777/8,335"),
        (None, r"^deviation\?.*unit=qiemo&amp;indicator=12$", "文件原文"),
    ],
    "按期导入": [("overview", r"^timeliness\?.*unit=qiemo$", "逾期未办")],
    "执行率": [("overview", r"^accountability\?.*unit=hejing$", "和静")],
    "疑点，到导出行": [("overview", r"^findings\?.*check=F07$", "37482")],
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_figure_leads_step_by_step_to_its_parts(open_address, name):
    markup = ""
    for page, pattern, words in CHAINS[name]:
        markup = open_address(f"{page}?{SCOPE_QUERY}") if page else markup
        found = [address for address in links(markup) if re.search(pattern, address)]
        assert found, f"no link {pattern} in {sorted(set(links(markup)))}"
        markup = open_address(found[0])
        assert words in markup


# --- the style sheet --------------------------------------------------------------------------------------------------


def test_the_style_sheet_opens_no_block_inside_a_rule():
    """One brace too few and a browser leaves out all that follows: no first screen, no paper, no wall."""
    sheet = re.sub(r"/\*.*?\*/", "", (APP.parent / "static" / "pages.css").read_text(encoding="utf-8"), flags=re.S)
    depth, opened = 0, [""]
    for part in re.findall(r"[^{}]*[{}]", sheet):
        if part.endswith("{"):
            assert not any(opened) or opened[-1].startswith("@media"), f"{part.strip()} inside {opened[-1]}"
            opened.append(part[:-1].strip())
            depth += 1
        else:
            opened.pop()
            depth -= 1
    assert depth == 0


# --- the wall ---------------------------------------------------------------------------------------------------------


def test_the_wall_says_what_the_overview_says_and_how_old_it_is(open_address):
    wall, page = open_address(f"screen?{SCOPE_QUERY}"), open_address(f"overview?{SCOPE_QUERY}")

    headline = re.search(r'wx-headline">([^<]+)<', page)[1]
    assert f'wx-answer">{headline}<' in wall
    assert wall.count('class="wx-no"') == page.split("三处疑点")[0].count('class="wx-no"')
    assert re.search(r"最近一次数据变动：12月\d+日 \d\d:\d\d", wall)
    assert re.search(r"刷新于 <b>2021-12-28 \d\d:\d\d:\d\d</b>", wall)
    assert "返回总览" in wall and "演示：填报数据为模拟" in wall


def test_an_empty_store_has_no_news():
    assert screen_view.newest(pd.DataFrame()) == "还没有任何报送或登记。"

"""The help keeps up with the pages: each has its entry, each technical word its explanation, each role its tour."""

from __future__ import annotations

import ast
import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from builders import published_store, rows, sign_in
from streamlit.testing.v1 import AppTest

from dashboard import fragments, menu, session
from dashboard.actions.tour import close_tour, is_tour_open, restart_tour
from dashboard.help.entries import found_terms, page_helps, term_of, terms_of, tour
from dashboard.rights import LEADER, ROLE_NAMES, UNIT_ROLES
from data.audit import Actor
from data.reference import terms
from data.store import Store

ROOM = Path(session.__file__).parent
APP = ROOM / "app.py"
TITLES = {entry.name: entry.title for entry in menu.ENTRIES}
# Pages that a version of the menu may have or not; their help is written.
COMING = {"inquiries", "issued", "unit", "screen", "messages"}
AT = datetime(2021, 12, 28, 9)
JUZHANG = Actor("局长", LEADER, account_id="juzhang", origin="网页 10.1.2.3")
# Heads that end like a technical word and are plain ones.
PLAIN = {"比率"}


def texts_of(page: str) -> list[str]:
    found = page_helps()[page]
    return [found.answers, found.used_by, found.when_empty, *found.how, *found.mistakes]


@cache
def source_of(page: str) -> str:
    """A page's file with what it takes its words from: the modules it names, and those that they name."""
    files, wanted = {ROOM / "app_pages" / f"{page}.py"}, {ROOM / "app_pages" / f"{page}.py"}
    for _ in range(2):
        wanted = {found for file in wanted for found in named_in(file)} - files
        files |= wanted
    return "".join(file.read_text(encoding="utf-8") for file in files)


@cache
def named_in(file: Path) -> frozenset[Path]:
    """The files of dashboard and metrics, and of what is read of forms, that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("dashboard", "metrics"):
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                path = ROOM.parent / f"{name.replace('.', '/')}.py"
                if path.is_file():
                    found.add(path)
    return frozenset(found)


# The words themselves.

@pytest.mark.parametrize("page", TITLES)
def test_every_page_of_the_menu_has_its_help(page):
    assert page in page_helps(), f"请写 dashboard/help/pages/{page}.toml"
    assert page_helps()[page].how and page_helps()[page].mistakes


def test_no_help_is_left_of_a_page_that_is_gone():
    assert set(page_helps()) - set(TITLES) <= COMING


@pytest.mark.parametrize("page", page_helps())
def test_help_is_whole_sentences_in_chinese(page):
    for text in texts_of(page):
        assert text.endswith("。") and len(text) <= 90, text
        assert not [word for word in re.findall("[A-Za-z]{3,}", text) if word not in ("PDF", "Word", "Excel")], text


def quoted() -> list[tuple[str, str]]:
    """Every word that the help quotes from the screen, with the page that it stands on."""
    said = [(page, text) for page in TITLES for text in texts_of(page)]
    said += [(step.page, text) for role in ROLE_NAMES for step in tour(role) for text in (step.place, step.act)]
    return sorted({(page, word) for page, text in said for word in re.findall("“([^”]+)”", text)})


@pytest.mark.parametrize(("page", "word"), quoted())
def test_what_the_help_quotes_stands_on_the_screen(page, word):
    assert word in TITLES.values() or word in source_of(page), f"“{word}”在“{TITLES[page]}”页上没有"


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_each_role_has_a_tour_of_three_to_six_steps_on_its_own_pages(role):
    steps = tour(role)
    offered = {entry.name for entries in menu.offered(role).values() for entry in entries}

    assert 3 <= len(steps) <= 6
    assert {step.page for step in steps} <= offered
    assert all(step.aim and step.place and step.act.endswith("。") for step in steps)


# The terms.

def test_each_word_is_explained_once_in_whole_sentences():
    counts = Counter(word for term in terms() for word in (term.term, *term.aliases))

    assert [word for word, count in counts.items() if count > 1] == []
    assert [term.term for term in terms() if not term.explanation.endswith("。") or not term.source] == []
    assert [term.term for term in terms() if len(term.explanation) > 90] == []
    assert [page for term in terms() for page in term.pages if page not in TITLES] == []


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.term)
def test_a_term_stands_on_the_pages_that_it_names(term):
    for page in term.pages:
        if page != "help":
            assert [word for word in (term.term, *term.aliases) if word in source_of(page)], page


@pytest.mark.parametrize(
    "word", ["执行率", "序时进度", "偏差率", "微分", "双监控", "直达资金标识", "复核", "佐证", "口径", "问效单"],
)
def test_the_words_that_nobody_outside_knows_are_explained(word):
    assert term_of(word)


# Labels of controls that say too little alone: what their help must be about is in each page's own words.
NEED_HELP = {
    "reporting": {"全年执行数（万元）", "填报人", "交审核", "下载填好的示例"},
    "checking": {"结论", "审核通过，看下一个单位", "锁定这一份"},
    "notices": {"数据截至日", "开始填报日", "填报截止日", "更正为"},
    "docking": {"期间起", "期间止"},
    "timeliness": {"环节", "导入金额（万元，只在导入时填写）", "直达资金标识（只在导入时填写）"},
    "people": {"角色", "所在单位"}, "basis": {"口径版本"},
}


@pytest.mark.parametrize("page", NEED_HELP)
def test_a_control_that_says_too_little_has_its_help(page):
    tree = ast.parse((ROOM / "app_pages" / f"{page}.py").read_text(encoding="utf-8"))
    helped = {
        call.args[0].value for call in ast.walk(tree)
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        and any(keyword.arg == "help" for keyword in call.keywords)
    }

    assert NEED_HELP[page] <= helped


def heads() -> list[str]:
    """Every head of a table that a module of tables writes down."""
    found = set()
    for file in ROOM.glob("*tables.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                found |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return sorted(head for head in found if isinstance(head, str))


def test_a_head_that_is_a_rate_or_a_technical_word_is_explained():
    technical = [head for head in heads() if re.search("(率|进度|标识|佐证)(（.*）)?$", head) and head not in PLAIN]

    assert len(technical) > 10
    assert [head for head in technical if not term_of(head)] == []


def test_a_table_carries_the_explanation_of_its_heads():
    table = fragments.html_table(pd.DataFrame({"单位": ["轮台县"], "偏差率（%）": [-3.5]}))

    assert table.count(" title=") == 1
    assert html.escape(f"偏差率：{term_of('偏差率').explanation}") in table


def test_a_term_is_found_by_part_of_a_word_and_then_by_what_is_said_of_it():
    assert found_terms("登录指标")[0].term == "登记"
    assert found_terms(" 收文 ")[0].term == "收文"
    assert len(found_terms("收文")) > 1
    assert found_terms("没有这个词") == []
    assert found_terms("") == list(terms())


def test_what_nobody_held_against_the_paper_says_so():
    listed = fragments.term_list([term_of("执行率"), term_of("文号")])

    assert "财预〔2020〕10号（未对照原文）（出处待核）" in listed
    assert listed.count("出处待核") == 1


# The tour is kept by account.

def test_a_tour_is_put_away_by_account_once_and_begun_again():
    store = Store(None)
    assert is_tour_open(store, "juzhang")

    before = store.data_version
    assert close_tour(store, JUZHANG, AT) and not is_tour_open(store, "juzhang")
    assert close_tour(store, JUZHANG, AT) is None
    assert is_tour_open(store, "shebaoke")
    assert restart_tour(store, JUZHANG, AT) and is_tour_open(store, "juzhang")
    assert restart_tour(store, JUZHANG, AT) is None

    assert store.data_version == before, "no figure has changed"
    log = rows(store, "SELECT action_name, subject_text FROM audit_log ORDER BY entry_no")
    assert log == [
        {"action_name": name, "subject_text": "juzhang"} for name in ("close_tour", "restart_tour")
    ]
    store.close()


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Open the application as somebody of a role, each call in another browser.

    The workspace is empty; for a unit's person the notice is published that names the unit.
    """
    monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(tmp_path))
    st.cache_resource.clear()
    st.cache_data.clear()

    def run(role: str = LEADER, page: str = "", unit: str = "") -> AppTest:
        if unit:
            published_store(tmp_path).close()
        sign_in(monkeypatch, role, unit)
        test = AppTest.from_file(str(APP), default_timeout=60)
        return (test.switch_page(f"app_pages/{page}.py") if page else test).run()

    yield run
    st.cache_resource.clear()
    st.cache_data.clear()


def boxes(test: AppTest) -> list[str]:
    return [element.proto.body for element in test.get("html") if 'class="wx-tour"' in element.proto.body]


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_the_first_page_shows_the_first_step_and_stays_usable(open_page, role):
    test = open_page(role, unit="luntai" if role in UNIT_ROLES else "")

    (box,) = boxes(test)
    assert f"第一次使用 1／{len(tour(role))}　{tour(role)[0].aim}" in box
    assert len(test.title) == 1 and not test.exception


def test_the_tour_goes_from_page_to_page_and_ends_for_good(open_page):
    test = open_page()
    steps = tour(LEADER)
    for number, step in enumerate(steps, start=1):
        (box,) = boxes(test)
        assert f"第一次使用 {number}／{len(steps)}　{step.aim}" in box
        assert f"在“{TITLES[step.page]}”页" not in box
        test.button(key="tour_next").click().run()
    assert boxes(test) == []
    assert boxes(open_page()) == [], "another browser of the same account"


def test_the_tour_is_put_away_at_once_and_begun_again_from_the_help(open_page):
    test = open_page()
    test.button(key="tour_close").click().run()
    assert boxes(test) == [] == boxes(open_page())

    helping = open_page(page="help")
    helping.button(key="help_tour").click().run()
    assert [title.value for title in helping.title] == ["总览"]
    assert len(boxes(helping)) == 1


def test_the_tour_stands_on_no_other_page_and_shows_the_way_from_the_first(open_page):
    assert boxes(open_page(page="allocation")) == []

    test = open_page("reviewer")
    (box,) = boxes(test)
    assert "在“审核填报”页" in box
    test.button(key="tour_open_page").click().run()
    assert [title.value for title in test.title] == ["审核填报"]
    assert "在“审核填报”页" not in boxes(test)[0]


def test_the_help_page_explains_the_page_that_the_address_names_and_finds_a_word(open_page):
    sign = open_page(page="help")
    assert sign.selectbox(key="help_page").value == "overview"
    assert set(sign.selectbox(key="help_page").options) == {
        entry.title for entries in menu.offered(LEADER).values() for entry in entries
    }
    sign.selectbox(key="help_page").set_value("money").run()
    said = "".join(element.proto.body for element in sign.get("html"))
    assert page_helps()["money"].answers in said

    sign.text_input(key="help_search").set_value("序时").run()
    listed = "".join(element.proto.body for element in sign.get("html") if 'class="wx-terms"' in element.proto.body)
    assert "序时进度" in listed and "应保尽保" not in listed
    sign.text_input(key="help_search").set_value("a*b").run()
    assert sign.info[0].value == "没有查到“a\\*b”。换短一点的词再查；还查不到，请问本单位的经办人。"


def test_a_page_s_help_is_sent_only_when_it_is_opened(open_page):
    test = open_page(page="allocation")
    assert [element for element in test.get("html") if 'class="wx-help"' in element.proto.body] == []

    test.session_state["help_allocation"] = True
    test.run()
    (body,) = [element.proto.body for element in test.get("html") if 'class="wx-help"' in element.proto.body]
    assert html.escape(page_helps()["allocation"].answers) in body
    assert [term.term for term in terms_of("allocation")] == ["调整数", "下达"]


def test_a_page_without_terms_has_its_help_too(open_page):
    assert terms_of("people") == []
    test = open_page("administrator")

    test.session_state["help_people"] = True
    test.run()
    assert not test.exception
    assert any('class="wx-help"' in element.proto.body for element in test.get("html"))

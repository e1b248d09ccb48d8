"""What people and files say is shown as text: no element, link, picture or icon comes of it, on page or paper."""

from __future__ import annotations

import ast
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import streamlit as st
from google.protobuf.message import Message
from streamlit.proto.Markdown_pb2 import Markdown
from streamlit.proto.PlotlyChart_pb2 import PlotlyChart
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import charts, menu, session
from dashboard.fragments import literal
from dashboard.messages.digest import compose as compose_digest
from dashboard.messages.forms import as_html, markdown, plain
from dashboard.messages.hours import Hours
from dashboard.messages.sender import reading_at
from dashboard.papers.catalogue import EXCEL, KINDS, WORD, Order, compose, write
from dashboard.papers.facts import Facts
from dashboard.rights import (
    ADMINISTRATOR,
    COUNTY_APPROVER,
    NOTHING,
    PREFECTURE_OFFICER,
    REVIEWER,
    reach,
)
from dashboard.workspace import STORE_NAME, read_settings
from data.audit import Actor
from data.store import Store
from metrics.boards.definition import Scope
from tests.builders import NUMBER, REGION, ROUND, sign_in
from tests.security.payloads import EVIL, LINE_PAYLOADS, PAYLOADS
from tests.security.planted import CODES, FREE, planted_folder, text_columns

ROOM = Path(dashboard.__file__).parent
ACTIVE = [payload for payload in PAYLOADS if literal(payload) != payload]
# The elements and attributes that the program's own HTML is made of.
TAGS = frozenset({
    "a", "article", "aside", "b", "br", "caption", "circle", "col", "colgroup", "dd", "details", "div", "dl",
    "dt", "em", "figcaption", "figure", "footer", "g", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i",
    "li", "line", "ol", "p", "path", "rect", "s", "section", "small", "span", "strong", "style", "sub",
    "summary", "sup", "svg", "table", "tbody", "td", "text", "tfoot", "th", "thead", "title", "tr", "u", "ul",
})
ATTRIBUTES = frozenset({
    "class", "style", "href", "target", "title", "translate", "colspan", "rowspan", "scope", "role", "lang",
    "id", "data-name", "aria-label", "aria-hidden", "viewbox", "width", "height", "x", "y", "x1", "x2", "y1",
    "y2", "cx", "cy", "r", "d", "fill", "stroke", "stroke-width", "stroke-dasharray", "text-anchor",
    "font-size", "dominant-baseline", "transform", "data-state", "data-label", "value", "rx", "start",
    "tabindex",
})


def test_the_corpus_is_one():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 40
    # What changes nothing in Markdown is only an attribute's or a spreadsheet's matter.
    assert all("onmouseover" in payload for payload in set(PAYLOADS) - set(ACTIVE))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planted_folder(tmp_path_factory.mktemp("planted"))


def test_every_text_of_the_store_is_planted_or_the_programs_own(folder):
    """A new column has to be put on one of the two lists."""
    store = Store(folder / STORE_NAME)
    columns = {column for _, column in text_columns(store)}
    store.close()

    assert columns - FREE - CODES == set()
    assert (FREE | CODES) - columns == set() and not FREE & CODES


# --- pages -----------------------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """What a browser would make of a piece of HTML: its elements that are not the program's own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.foreign.append(f"<{tag}>")
        for name, value in attributes:
            text = (value or "").strip()
            if name not in ATTRIBUTES or (name == "href" and (re.match(r"[a-z]+:|//", text, re.I) or EVIL in text)):
                self.foreign.append(f"<{tag} {name}={text[:60]}>")

    def handle_comment(self, data: str) -> None:
        self.foreign.append(f"<!--{data[:60]}-->")


def foreign_elements(body: str) -> list[str]:
    parser = Elements()
    parser.feed(body)
    parser.close()
    return parser.foreign


def live_markdown(words: str) -> list[str]:
    """The payloads that would still do something where these words are read as Markdown."""
    found = [payload for payload in ACTIVE if payload in words]
    return found + [line for line in LINE_PAYLOADS if re.search(rf"^{re.escape(line)}", words, re.M)]


def drawn_words(spec: Any) -> Iterator[str]:
    """Every text of a figure that Plotly draws."""
    if isinstance(spec, str):
        yield spec
    elif isinstance(spec, dict | list):
        for key, each in spec.items() if isinstance(spec, dict) else enumerate(spec):
            if key != "customdata":
                yield from drawn_words(each)


def faults_of(message: Message) -> Iterator[tuple[str, str]]:
    """What is wrong with what an element sends to the browser, by the field it stands in."""
    kind = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        place = f"{kind}.{field.name}"
        values = list(value) if field.is_repeated else [value]
        if field.type == field.TYPE_MESSAGE:
            for each in values:
                if isinstance(each, Message):
                    yield from faults_of(each)
            continue
        if field.type != field.TYPE_STRING:
            continue
        is_html = kind == "Html" or (kind == "Markdown" and getattr(message, "allow_html", False))
        is_choice = field.name == "options" and kind in ("Radio", "Slider")
        for text in values:
            if kind == "PlotlyChart" and field.name == "spec":
                drawn = [word for word in drawn_words(json.loads(text)) if re.search(r"<(?!br>|/?extra>)", word)]
                yield from ((place, word[:80]) for word in drawn)
            elif is_html and field.name == "body":
                yield from ((place, found) for found in foreign_elements(text))
            elif is_choice or field.name in ("label", "body", "help", "content", "text"):
                yield from ((place, found) for found in live_markdown(text))


@pytest.fixture(scope="module")
def open_page(folder: Path) -> Iterator[Callable[..., AppTest]]:
    """Open a page of the planted workspace as somebody of a role."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv(session.WORKSPACE_VARIABLE, str(folder))
        st.cache_resource.clear()
        st.cache_data.clear()

        def run(role: str, page: str, **query: str) -> AppTest:
            sign_in(monkeypatch, role, "luntai" if role == COUNTY_APPROVER else "")
            test = AppTest.from_file(str(ROOM / "app.py"), default_timeout=120)
            for name, value in query.items():
                test.query_params[name] = value
            return test.switch_page(f"app_pages/{page}.py").run()

        yield run
    st.cache_resource.clear()
    st.cache_data.clear()


CASES = [
    (role, entry.name, query)
    for role in (PREFECTURE_OFFICER, REVIEWER, ADMINISTRATOR, COUNTY_APPROVER)
    for entry in menu.ENTRIES if reach(role, "page", entry.name) != NOTHING
    and not (role == REVIEWER and reach(PREFECTURE_OFFICER, "page", entry.name) != NOTHING and entry.name != "checking")
    for query in ({}, *({"inquiries": [{"inquiry": "1"}, {"part": "proposals"}, {"part": "rules"}, {"part": "money"}],
                         "overview": [{"compared": "2021-12-26"}], "unit": [{"compared": "2021-12-26"}]}
                        .get(entry.name, [])))
]


@pytest.mark.parametrize(("role", "page", "query"), CASES, ids=[f"{r}-{p}-{'-'.join(q.values())}" for r, p, q in CASES])
def test_nothing_on_a_page_is_more_than_text(open_page, role, page, query):
    test = open_page(role, page, **query)

    assert [error.value for error in test.exception] == []
    elements = [element for part in (test.main, test.sidebar) for element in part if element.proto]
    assert sorted({fault for element in elements for fault in faults_of(element.proto)}) == []


def test_what_is_looked_for_is_on_the_pages(open_page):
    """The words did arrive, in HTML as in Markdown; and what is not escaped is found."""
    test = open_page(PREFECTURE_OFFICER, "inquiries", inquiry="1")
    sent = "".join(str(element.proto) for element in test.main if element.proto)
    bare = f"[登录](https://{EVIL}/login)"

    assert "&lt;script&gt;alert(1)" in sent
    assert list(faults_of(Markdown(body=f"见{bare}"))) == [("Markdown.body", bare)]
    assert not list(faults_of(Markdown(body=literal(f"见{bare}"))))
    assert list(faults_of(Markdown(body="<img src=x onerror=alert(1)>", allow_html=True)))
    assert list(faults_of(PlotlyChart(spec='{"x": ["<a>"], "customdata": ["<a>"]}'))) == [
        ("PlotlyChart.spec", "<a>")
    ]


@pytest.mark.parametrize("name", ["notice", "round", "unit", "part", "inquiry", "state", "paper", "account", "aid"])
def test_what_the_address_says_is_shown_as_text(open_page, name):
    for page in ("inquiries", "deviation", "issued", "accountability"):
        test = open_page(PREFECTURE_OFFICER, page, **{name: f"[登录](//{EVIL})"})
        faults = {fault for part in (test.main, test.sidebar) for e in part if e.proto for fault in faults_of(e.proto)}
        assert faults == set()
        said = " ".join(str(box.value) for box in test.warning)
        assert f"[登录](//{EVIL})" not in said


def test_a_figure_draws_tags_of_names_as_letters():
    assert charts.as_text("<a href='//e'>县</a><br>") == "&lt;a href='//e'>县&lt;/a><br>"


# --- the rule behind it ----------------------------------------------------------------------------------------

# Calls whose first argument Streamlit reads as Markdown.
MARKDOWN_CALLS = frozenset({
    "markdown", "caption", "info", "warning", "error", "success", "toast", "title", "header", "subheader",
    "button", "download_button", "form_submit_button", "expander", "popover",
})
# Sentences with bold words of their own: what people wrote in them is escaped where they are made.
OWN_MARKS = frozenset({
    "checking_tables.first_line", "checking_tables.head", "inquiry_tables.own_first_line", "inquiry_tables.first_line",
    "inquiry_records.rules_sentence", "inquiry_records.consequence_sentence", "people_tables.first_line",
    "report_tables.first_line", "review_tables.first_line",
})
# Words of the program: no file and no person has any part in them.
OWN_WORDS = frozenset({"calendar_tables.office_basis", "message_tables.rules", "BUTTONS.get"})


def test_no_page_hands_over_what_it_was_told_as_it_is():
    """A sentence made elsewhere goes through ``literal`` on its way into Markdown; the pages above look at the rest."""
    bare = []
    for path in [*sorted((ROOM / "app_pages").glob("*.py")), ROOM / "app.py", ROOM / "session.py", ROOM / "empty.py"]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_shown = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
            if not is_shown or call.func.attr not in MARKDOWN_CALLS or not call.args:
                continue
            told = call.args[0]
            if isinstance(told, ast.Call):
                name = ast.unparse(told.func)
                if name not in {"fragments.literal", *OWN_MARKS, *OWN_WORDS} and not name.endswith(".join"):
                    bare.append(f"{path.name}:{call.lineno} {name}")
            elif isinstance(told, ast.Subscript):
                bare.append(f"{path.name}:{call.lineno} {ast.unparse(told)}")

    assert bare == []


# --- papers, mail, calendars -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def store(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A copy: the pages hold the other one."""
    copied = tmp_path_factory.mktemp("papers") / STORE_NAME
    shutil.copy(folder / STORE_NAME, copied)
    opened = Store(copied)
    yield opened
    opened.close()


@pytest.mark.parametrize(("paper", "form"), [
    (name, form) for name, kind in KINDS.items() for form in ((WORD, EXCEL) if kind.has_workbook else (WORD,))
])
def test_a_paper_holds_no_link_no_formula_and_no_mark(store, paper, form):
    settings = read_settings(store)
    scope = Scope(NUMBER, ROUND, date(2021, 12, 28))
    order = Order(paper, NUMBER, ROUND, scope.as_of_on, "luntai", 1, form)
    facts = Facts(store, scope, settings, Actor("某人", PREFECTURE_OFFICER))

    content = write(compose(facts, order), form)

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        texts = {name: parts.read(name) for name in parts.namelist() if name.endswith((".xml", ".rels"))}
    words = ""
    for name, text in texts.items():
        assert b'TargetMode="External"' not in text, name
        root = ElementTree.fromstring(text)      # whole XML: nothing in it was cut or closed by a text
        words += "".join(root.itertext())
        formulas = [each.text or "" for each in root.iter() if each.tag.endswith("}f")]
        assert not [each for each in formulas if EVIL in each or "alert" in each]
        assert not [each for each in root.iter() if each.tag.endswith(("}hyperlink", "}altChunk"))]
    assert "<script>alert(1)</script>" in words


def test_a_mail_and_a_robots_message_hold_no_foreign_mark(store):
    reading = reading_at(store, datetime(2021, 12, 28, 9), REGION, Hours(time(9, 30), time(19), {}))
    letter = compose_digest(reading, Actor("某人", PREFECTURE_OFFICER))
    assert letter is not None and "<script>" in plain(letter, "https://wenxiao.example")

    page = re.sub(r' href="https://wenxiao\.example[^"]*"', "", as_html(letter, "https://wenxiao.example"))
    marks = markdown(letter, "https://wenxiao.example", 1_000_000)

    assert [each for each in foreign_elements(page) if not each.startswith(("<html", "<body"))] == []
    assert not re.search(r"\]\((?!https://wenxiao\.example)|<", marks)

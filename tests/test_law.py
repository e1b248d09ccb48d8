"""Every rule has its words, its place and its mark; the founding notice's words are its words."""

import re
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from metrics import law
from metrics.law import ALL_SOURCES, LegalSource, Trust, citation, trust_label

FOUNDING_NUMBER = "巴财社〔2021〕96号"
FOUNDING_TEXT = (Path(__file__).parent / "notices" / "founding" / "notice.txt").read_text(encoding="utf-8")

each_source = pytest.mark.parametrize("key", sorted(ALL_SOURCES))


def without_spaces(text):
    return re.sub(r"\s+", "", text)


@each_source
def test_source_has_a_title_a_place_and_words_or_the_reason_why_not(key):
    source = ALL_SOURCES[key]

    assert source.title
    assert source.place
    assert source.quote or re.search("没有.*引文|不逐条引文", source.note)


@each_source
def test_only_what_was_held_against_a_text_carries_a_day(key):
    source = ALL_SOURCES[key]

    if source.trust in (Trust.UNVERIFIED, Trust.PRACTICE):
        assert source.checked_on is None
    if source.checked_on:
        assert source.quote


@each_source
def test_second_hand_and_official_words_say_where_they_were_read(key):
    source = ALL_SOURCES[key]

    assert source.url or source.trust in (Trust.UNVERIFIED, Trust.PRACTICE) or (
        source.document_number == FOUNDING_NUMBER or "只见转述" in source.note
    )


@pytest.mark.parametrize(
    "quote", [source.quote for source in ALL_SOURCES.values() if source.document_number == FOUNDING_NUMBER]
)
def test_founding_quotes_stand_in_the_notice_word_for_word(quote):
    assert without_spaces(quote) in without_spaces(FOUNDING_TEXT)


def test_no_article_number_of_rules_that_nobody_could_read():
    unread = [
        source for source in ALL_SOURCES.values() if "财预〔2020〕10号" in source.document_number + source.title
    ]

    assert len(unread) >= 8
    assert [source.place for source in unread if re.search("第.+条", source.place)] == []


def test_the_words_of_a_filed_form_are_not_put_into_the_regulations_mouth():
    official = [source for source in ALL_SOURCES.values() if source.document_number == "财预〔2020〕10号"]

    assert official
    assert {source.trust for source in official} == {"M"}


def test_rules_that_nobody_held_against_their_text_and_only_they_are_labelled_so():
    labelled = {key for key, source in ALL_SOURCES.items() if trust_label(source) == "出处待核"}

    assert labelled == {
        key for key, source in ALL_SOURCES.items()
        if source.trust == "M" or (source.trust == "V" and source.checked_on is None)
    }
    assert {"grade", "roll-up", "qualitative-band", "over-fulfilment"} <= labelled


@pytest.mark.parametrize(
    ("trust", "label"),
    [("V", "已见原文"), ("S", "二手来源"), ("C", "系统惯例"), ("D", "推算"), ("M", "出处待核")],
)
def test_label_of_every_mark(trust, label):
    source = LegalSource("", "某办法", "某处", "某话", date(2026, 11, 23), Trust(trust))

    assert trust_label(source) == label
    assert citation(source) == f"《某办法》某处：“某话”（{label}）"


def test_registry_holds_every_constant_once_under_its_own_name():
    constants = {name: value for name, value in vars(law).items() if isinstance(value, LegalSource)}

    assert all(name.endswith("_SOURCE") for name in constants)
    assert list(ALL_SOURCES.values()) == list(constants.values())
    assert ALL_SOURCES["three-working-days"] is law.THREE_WORKING_DAYS_SOURCE
    assert all(re.fullmatch("[a-z][a-z0-9-]+", key) for key in ALL_SOURCES)


def test_grounds_for_accountability_are_statutes_with_articles():
    places = [(source.title[:6], source.place) for source in law.ACCOUNTABILITY_SOURCES]

    assert places == [
        ("财政违法行为", "第六条"),
        ("财政违法行为", "第七条（六）"),
        ("中华人民共和", "第九十三条（四）"),
        ("中华人民共和", "第九十三条（五）"),
        ("中华人民共和", "第九十五条（二）"),
        ("中华人民共和", "第九十五条（三）"),
        ("社会救助暂行", "第六十六条"),
        ("社会救助暂行", "第六十七条"),
        ("社会救助暂行", "第六十八条"),
    ]
    assert {source.trust for source in law.ACCOUNTABILITY_SOURCES} == {Trust.OFFICIAL}


def test_a_source_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        law.GRADE_SOURCE.trust = Trust.OFFICIAL


def test_citation_without_words_shows_no_empty_quotation_marks():
    assert citation(law.OWN_SETTING_SOURCE) == "《问效系统设定》可修改的界限（系统惯例）"

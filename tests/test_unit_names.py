"""A unit is found by the same names wherever somebody names one."""

from __future__ import annotations

import pytest
from builders import published_store

from dashboard.api.docked import export_plan
from dashboard.workspace import Workspace
from data.errors import NotFoundError
from data.reference import resolve_recipient
from data.unit_names import unit_finder

UNIT = resolve_recipient("库尔勒经济开发区").recipient_id


@pytest.fixture
def store(tmp_path):
    found = published_store(tmp_path)
    yield found
    found.close()


@pytest.mark.parametrize("words", ["库尔勒经济开发区", "库尔勒经济技术开发区", "库尔勒　经济 开发区", UNIT])
def test_names_short_names_aliases_and_codes_are_known(store, tmp_path, words):
    with store.reading() as cursor:
        assert unit_finder(cursor)(words) == UNIT
    asked = export_plan(Workspace(tmp_path, store), "integrated", "payment", None, None, words)
    assert asked.recipient_id == UNIT


@pytest.mark.parametrize("words", ["", "  ", "乌有县", "州本级"])
def test_words_that_are_no_unit_find_none(store, words):
    with store.transaction() as cursor:
        cursor.insert("recipient", [{
            "recipient_id": "nameless", "recipient_name": "某站", "short_name": "", "recipient_kind": "institution",
            "division_code": "", "display_no": 99,
        }])
        assert unit_finder(cursor)(words) == ""


def test_a_program_is_told_of_a_unit_that_is_none(store, tmp_path):
    with pytest.raises(NotFoundError, match="没有“乌有县”这个单位"):
        export_plan(Workspace(tmp_path, store), "integrated", "payment", None, None, "乌有县")

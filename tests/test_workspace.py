"""A workspace's settings: kept over a restart, refused where they would move due dates."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.workspace import Settings, configure, open_workspace
from data.errors import RefusedError


def settings_of(folder):
    workspace = open_workspace(folder)
    try:
        return workspace.settings
    finally:
        workspace.store.close()


def test_a_new_workspace_is_nobodys_and_no_demonstration(tmp_path):
    settings = settings_of(tmp_path / "new")

    assert (settings.bureau_name, settings.region_code) == ("", "")
    assert not settings.is_demonstration


def test_name_and_region_stay_and_an_empty_one_changes_nothing(tmp_path):
    configure(tmp_path, "某州财政局", "652800")
    configure(tmp_path, "某州财政局社保科", "")

    settings = settings_of(tmp_path)

    assert (settings.bureau_name, settings.region_code) == ("某州财政局社保科", "652800")


@pytest.mark.parametrize("code", ["65280", "65280a", "新疆", "6528000"])
def test_a_wrong_region_is_refused_and_writes_nothing(tmp_path, code):
    with pytest.raises(RefusedError, match="6 位数字"):
        configure(tmp_path, "某州财政局", code)

    assert settings_of(tmp_path).bureau_name == ""


def test_the_region_does_not_change_under_published_notices(tmp_path):
    configure(tmp_path, "", "652800")
    workspace = open_workspace(tmp_path)
    with workspace.store.transaction() as cursor:
        cursor.insert("notice", [{
            "document_number": "甲", "file_name": "甲.txt", "file_sha256": "0", "published_at": "2021-12-22 10:00:00",
            "published_by": "王芳",
        }])
    workspace.store.close()

    with pytest.raises(RefusedError, match="不能再改区划代码"):
        configure(tmp_path, "", "650000")
    configure(tmp_path, "某州财政局", "652800")

    assert settings_of(tmp_path).region_code == "652800"


def test_a_servers_own_zone_does_not_move_the_day(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    try:
        told = Settings("", "", None).now()
    finally:
        monkeypatch.undo()
        time.tzset()

    assert abs((datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=8) - told).total_seconds()) < 5

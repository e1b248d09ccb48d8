"""What others do while an export is read: they write on, and what they wrote counts when its rows are kept."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from builders import published_store, rows
from export_builders import load, payment

from data.docking.rows import read_rows


@pytest.fixture
def store(tmp_path):
    found = published_store(tmp_path)
    yield found
    found.close()


def test_others_write_while_an_export_is_read(store, monkeypatch):
    written = threading.Event()

    def write():
        with store.transaction() as cursor:
            cursor.insert("workspace_setting", [{"setting_key": "meanwhile", "setting_value": "1"}])
        written.set()

    def read(*given):
        found = read_rows(*given)
        threading.Thread(target=write, daemon=True).start()
        assert written.wait(30), "the reading stage holds the writers up"
        return found

    monkeypatch.setattr("dashboard.actions.docking.read_rows", read)
    assert load(store, payment()).outcome == "loaded"
    assert rows(store, "SELECT * FROM workspace_setting WHERE setting_key = 'meanwhile'")


def test_a_dry_run_waits_for_no_writer(store):
    done = []
    trying = threading.Thread(target=lambda: done.append(load(store, payment(), dry_run=True)), daemon=True)
    with store.transaction():
        trying.start()
        trying.join(30)
        assert [tried.outcome for tried in done] == ["dry_run"]


def test_what_was_loaded_while_a_file_was_read_is_seen_before_it_is_kept(store, monkeypatch):
    """Two people load the same file at once, or two files with the same keys: the second is judged by the first."""
    def read(*given):
        found = read_rows(*given)
        monkeypatch.setattr("dashboard.actions.docking.read_rows", read_rows)
        assert load(store, payment(), end=date(2021, 12, 25)).outcome == "loaded"
        return found

    monkeypatch.setattr("dashboard.actions.docking.read_rows", read)
    assert load(store, payment(), end=date(2021, 12, 25)).outcome == "nothing_changed"
    assert len(rows(store, "SELECT * FROM docked_export")) == 1

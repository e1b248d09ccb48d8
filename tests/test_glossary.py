"""The words: one identifier for one Chinese term, and a term for every column of the store."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources

from data.reference import glossary


def test_glossary_has_one_row_for_an_identifier():
    counts = Counter(entry.identifier for entry in glossary())

    assert [name for name, count in counts.items() if count > 1] == []
    assert all(re.fullmatch("[a-z][a-z0-9_]*|[A-Z_]+", entry.identifier) for entry in glossary())
    assert all(entry.chinese for entry in glossary())


def test_every_schema_column_is_in_the_glossary():
    known = {entry.identifier for entry in glossary()}
    folder = resources.files("data").joinpath("sql", "schema")
    text = "\n".join(file.read_text(encoding="utf-8") for file in folder.iterdir())
    columns = set(re.findall(r"(?m)^ {4}([a-z][a-z0-9_]*) [A-Z]", text))
    columns |= set(re.findall(r"ADD COLUMN (?:IF NOT EXISTS )?([a-z][a-z0-9_]*)", text))

    assert len(columns) > 100
    assert sorted(columns - known) == []

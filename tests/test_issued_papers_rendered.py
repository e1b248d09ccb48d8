"""Papers as LibreOffice lays them out: no page too many, no word lost, the marks on every page.

Skipped where LibreOffice is not installed: nothing else needs it. To look at the pages yourself:
``soffice --headless --convert-to pdf 通报.docx && pdftoppm -r 60 -png 通报.pdf 页``.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pdfplumber
import pytest
from builders import session_folder
from issued_builders import all_words, facts, order

from dashboard.papers.catalogue import compose, write
from dashboard.papers.content import DEMONSTRATION as MARK

SOFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(SOFFICE is None, reason="没有 LibreOffice，公文没有排版出来看")
# At most so many pages, with the fonts that this machine has.
PAPERS = {"unit-assessment": 5, "unit-notice": 8, "circular": 8, "region-monitoring": 2}


@cache
def printed() -> Path:
    """The folder of all papers as Word and PDF, laid out by one run of LibreOffice."""
    folder = session_folder() / "papers"
    folder.mkdir()
    for name in PAPERS:
        unit = "luntai" if name.startswith("unit") else ""
        (folder / f"{name}.docx").write_bytes(write(compose(facts(), order(name, unit)), "docx"))
    subprocess.run(
        [str(SOFFICE), "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf",
         "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in PAPERS)],
        check=True, capture_output=True, timeout=300,
    )
    return folder


def signs(words: str) -> Counter[str]:
    """How often each Chinese sign and digit stands in a text: lines of cells run into each other in a PDF."""
    return Counter(sign for sign in words if sign.isdigit() or "\u4e00" <= sign <= "\u9fff")


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_has_all_its_words_on_few_pages_each_marked_and_numbered(name):
    content = (printed() / f"{name}.docx").read_bytes()
    with pdfplumber.open(printed() / f"{name}.pdf") as pdf:
        pages = [page.extract_text() for page in pdf.pages]

    assert 0 < len(pages) <= PAPERS[name]
    for number, words in enumerate(pages, start=1):
        assert MARK in words and f"— {number} —" in words
        assert len(words) > 60, f"第 {number} 页几乎是空的"
    assert not signs(all_words(content)) - signs("".join(pages))

"""What the help says: of each page, to each role on its first day, and of each term. The words are data, not code."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from dashboard import menu
from data.reference import Term, terms


@dataclass(frozen=True)
class PageHelp:
    """One page: which question it answers, who comes to it, what to do when it is empty, what goes wrong there."""

    answers: str
    used_by: str
    how: tuple[str, ...]
    when_empty: str
    mistakes: tuple[str, ...]


@dataclass(frozen=True)
class TourStep:
    """One step of a tour: what the person came for, on which page, where on it, and what to do there."""

    aim: str
    page: str
    place: str
    act: str


def _words(folder: str, name: str) -> dict[str, object]:
    text = resources.files("dashboard").joinpath("help", folder, f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _names(folder: str) -> list[str]:
    files = resources.files("dashboard").joinpath("help", folder).iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


@cache
def page_helps() -> dict[str, PageHelp]:
    """The help of each page by its name; pages that a bureau's version does not have may have theirs already."""
    helps = {}
    for name in _names("pages"):
        words = _words("pages", name)
        lists = {key: tuple(value) if isinstance(value, list) else value for key, value in words.items()}
        helps[name] = PageHelp(**lists)  # type: ignore[arg-type]
    return helps


def page_help(name: str) -> PageHelp | None:
    """The help of one page; None for a page without."""
    return page_helps().get(name)


@cache
def tour(role: str) -> tuple[TourStep, ...]:
    """The steps of a role's tour, in order, each about a page that the role is offered."""
    offered = {entry.name for entries in menu.offered(role).values() for entry in entries}
    steps = (TourStep(**step) for step in _words("tours", role)["step"])  # type: ignore[attr-defined]
    return tuple(step for step in steps if step.page in offered)


@cache
def _explained() -> dict[str, Term]:
    return {word: term for term in terms() for word in (term.term, *term.aliases)}


def term_of(words: str) -> Term | None:
    """The term that a column's head or a label names, whatever stands in brackets behind it.

    >>> term_of("偏差率（%）").term, term_of("单位")
    ('偏差率', None)
    """
    return _explained().get(words) or _explained().get(re.sub(r"（[^（）]*）", "", words).strip())


def explanation(words: str) -> str | None:
    """What the term that a head or a label names means; None where it names none."""
    term = term_of(words)
    return term.explanation if term else None


def terms_of(page: str) -> list[Term]:
    """The terms that a person meets on a page."""
    return [term for term in terms() if page in term.pages]


def found_terms(search: str) -> list[Term]:
    """The terms whose words or explanation hold what is looked for, those whose words do first; all for nothing."""
    wanted = search.strip()
    named = [term for term in terms() if any(wanted in word for word in (term.term, *term.aliases))]
    return [*named, *(term for term in terms() if term not in named and wanted in term.explanation)]

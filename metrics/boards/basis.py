"""依据与口径: every rule with its source, every board with its definition."""

from __future__ import annotations

import importlib
import pkgutil

import pandas as pd

import metrics.boards
from metrics.boards.definition import BOARDS, BoardDefinition, board
from metrics.law import ALL_SOURCES, citation, trust_label
from metrics.thresholds import ALL_THRESHOLDS


@board(
    page="依据与口径",
    title="依据",
    asks="每条规则出自哪里，原文怎么说，核对过没有",
    formula="逐条列出文号、标题、条款、原文与可信程度；没有核对过原文的标“出处待核”。",
)
def sources() -> pd.DataFrame:
    """Every legal source with its words and how far it can be trusted."""
    return pd.DataFrame(
        [
            {"key": key, "citation": citation(source), "quote": source.quote,
             "trust": trust_label(source), "note": source.note, "url": source.url}
            for key, source in ALL_SOURCES.items()
        ]
    )


@board(
    page="依据与口径",
    title="口径参数",
    asks="每个分值、界限是多少，从什么时候起用，依据是什么",
    formula="逐项列出数值、生效日、依据；本单位设定的都写明不是全国规定。",
)
def limits() -> pd.DataFrame:
    """Every number of the rule book with its date and source."""
    return pd.DataFrame(
        [
            {"name": limit.name, "value": limit.value, "unit": limit.unit, "effective_on": limit.effective_on,
             "citation": citation(limit.source), "trust": trust_label(limit.source), "note": limit.note,
             "is_national": limit.is_national, "is_in_use": limit.is_in_use}
            for limit in ALL_THRESHOLDS.values()
        ]
    )


def board_definitions() -> list[BoardDefinition]:
    """Every board's definition, page by page."""
    for module in pkgutil.iter_modules(metrics.boards.__path__):
        importlib.import_module(f"metrics.boards.{module.name}")
    return sorted(BOARDS.values(), key=lambda definition: (definition.page, definition.name))

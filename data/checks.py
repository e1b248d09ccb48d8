"""The arithmetic of a notice, proved by SQL: one identity a file in ``data/sql/checks``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from data.model import FundNotice
from data.notice.rows import recipient_names, write_paper
from data.store import Cursor, Store, sql_text

UNNUMBERED = "（文中无文号）"


@dataclass(frozen=True)
class Check:
    """A check as its file's header states it; ``says`` is what is wrong and what to do, in one sentence."""

    code: str
    title: str
    severity: str
    source: str
    name: str
    says: str = ""


@dataclass(frozen=True)
class Identity:
    """A sum that a paper states, and what its parts add up to; money in 元.

    Empty: ``stated_yuan`` is None where the paper leaves the sum blank although its parts are filled;
           then there is no difference either, and the sum does not hold.
    """

    check: Check
    line_no: int | None
    subject: str
    stated_yuan: Decimal | None
    computed_yuan: Decimal | None
    difference_yuan: Decimal | None
    holds: bool


def sql_header(text: str) -> dict[str, str]:
    """The ``-- key: value`` lines at the head of a SQL file; continued lines are joined."""
    header: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        words = line[2:].strip()
        head, colon, value = words.partition(":")
        if colon and head.isidentifier():
            key = head
            header[key] = value.strip()
        elif key:
            header[key] += " " + words
    return header


@lru_cache(maxsize=8)
def all_checks(family: str = "A") -> tuple[Check, ...]:
    """Every check of a family, in the order of its code.

    A proves a notice's money, T its targets; R registration, P payment, F payout and S reports are looked for in what
    was docked and reported (``metrics.findings``).
    """
    folder = resources.files("data").joinpath("sql", "checks")
    names = (entry.name.removesuffix(".sql") for entry in folder.iterdir() if entry.name.endswith(".sql"))
    checks = []
    for name in sorted(names):
        header = sql_header(sql_text("data", f"checks/{name}"))
        checks.append(Check(
            header["check"], header["title"], header["severity"], header["source"], name, header.get("says", "")
        ))
    return tuple(check for check in checks if check.code.startswith(family))


def prove(cursor: Cursor, document_number: str) -> list[Identity]:
    """Every identity that the paper states, whether it holds or not, check by check."""
    return [
        Identity(
            check, row["line_no"], row["subject_text"], row["stated_yuan"], row["computed_yuan"],
            row["difference_yuan"], row["holds"],
        )
        for check in all_checks()
        for row in cursor.rows(
            sql_text("data", f"checks/{check.name}"),
            {"document_number": document_number, "with_passing": True},
        )
    ]


def prove_notice(notice: FundNotice) -> list[Identity]:
    """Prove a notice that is not in any store yet, in a store of its own in memory."""
    number = notice.document_number.value if notice.document_number else UNNUMBERED
    store = Store(None)
    try:
        with store.transaction() as cursor:
            write_paper(cursor, notice, number, {name: name for name in recipient_names(notice)})
            write_body_amount(cursor, notice, number)
            return prove(cursor, number)
    finally:
        store.close()


def write_body_amount(cursor: Cursor, notice: FundNotice, document_number: str) -> None:
    """Note the amount that the body itself prints, where it prints one: check A08 compares it.

    ``FundNotice.amount_yuan`` may instead stand in a table, which would prove itself.
    """
    amount = notice.amount_yuan
    table_lines = {
        cell.line_no for table in notice.allocation_tables for row in table.rows for cell in row.cells
    }
    if amount is not None and not notice.is_body_amount_blank and amount.line_no not in table_lines:
        cursor.insert("notice_field", [{
            "document_number": document_number, "field_name": "body_amount",
            "value_text": str(amount.value), "printed_text": amount.printed, "line_no": amount.line_no,
        }])


def identity_sentence(identity: Identity) -> str:
    """What does not add up, in one sentence, in 万元."""
    def wan(amount: Decimal | None) -> str:
        return "空白" if amount is None else f"{(amount / 10000).normalize():,f}万元"

    place = f"第{identity.line_no}行" if identity.line_no else "文中"
    difference = identity.difference_yuan
    tail = f"，相差 {wan(difference)}" if difference is not None else ""
    return (
        f"{place} {identity.subject}：文中为 {wan(identity.stated_yuan)}，"
        f"按“{identity.check.title}”计算应为 {wan(identity.computed_yuan)}{tail}。"
    )


def check_notice(notice: FundNotice) -> list[dict[str, Any]]:
    """The identities that do not hold, as findings for the command line; empty means all hold."""
    return [
        {
            "code": f"sum-differs:{identity.check.code}",
            "severity": identity.check.severity,
            "line": identity.line_no,
            "sentence": identity_sentence(identity),
            "printed": "" if identity.stated_yuan is None else str(identity.stated_yuan),
            "read_as": "" if identity.computed_yuan is None else str(identity.computed_yuan),
            "difference_wan": None
            if identity.difference_yuan is None
            else float(identity.difference_yuan / 10000),
        }
        for identity in prove_notice(notice)
        if not identity.holds
    ]

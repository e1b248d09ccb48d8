"""Each check: passes on the founding notice, names a planted row with its difference, minds its own notice only."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from importlib import resources

import pytest

from data.checks import all_checks, check_notice, identity_sentence, prove, prove_notice
from data.model import AllocationTable, FundNotice, RowKind
from data.notice.reader import read_notice
from data.notice.rows import write_paper
from data.store import Store, sql_text


@pytest.fixture(scope="module")
def founding() -> FundNotice:
    with resources.as_file(resources.files("data").joinpath("notices", "巴财社〔2021〕96号.txt")) as path:
        return read_notice(path)


def with_cell(notice: FundNotice, unit: str, column: str, wan: int | None) -> FundNotice:
    """The notice with one cell of its table changed."""
    def changed(table: AllocationTable) -> AllocationTable:
        number = next(c.column_no for c in table.columns if c.name == column)
        yuan = None if wan is None else Decimal(wan) * 10_000
        return dataclasses.replace(table, rows=tuple(
            dataclasses.replace(row, cells=tuple(
                dataclasses.replace(cell, yuan=yuan) if cell.column_no == number else cell for cell in row.cells
            )) if row.name == unit or (unit == "合计行" and row.kind is RowKind.TOTAL) else row
            for row in table.rows
        ))

    return dataclasses.replace(notice, allocation_tables=tuple(map(changed, notice.allocation_tables)))


def failing(notice: FundNotice) -> list[tuple[str, str, Decimal | None]]:
    return [(i.check.code, i.subject, i.difference_yuan) for i in prove_notice(notice) if not i.holds]


def test_the_founding_notice_states_91_identities_and_all_hold(founding: FundNotice) -> None:
    identities = prove_notice(founding)

    assert len(identities) == 91
    assert [i for i in identities if not i.holds] == []
    counts = {check.code: sum(i.check == check for i in identities) for check in all_checks()}
    assert counts == {"A01": 26, "A02": 52, "A03": 9, "A04": 0, "A05": 2, "A06": 1, "A07": 1, "A08": 0}


def test_a_line_that_does_not_add_up_is_named_with_its_difference(founding: FundNotice) -> None:
    found = failing(with_cell(founding, "轮台县", "巴财社(2021)3号/调整后", 1780))

    assert ("A01", "轮台县：巴财社(2021)3号/调整后", Decimal(100_000)) in found
    assert ("A03", "巴州 小计：巴财社(2021)3号/调整后", Decimal(-100_000)) in found
    assert {code for code, _, _ in found} == {"A01", "A02", "A03"}


def test_a_row_sum_that_does_not_hold_is_named(founding: FundNotice) -> None:
    found = failing(with_cell(founding, "博湖县", "调整合计", 730))

    assert ("A02", "博湖县：调整合计", Decimal(-10_000)) in found


def test_a_blank_sum_over_filled_parts_is_not_taken_for_zero(founding: FundNotice) -> None:
    found = failing(with_cell(founding, "博湖县", "调整合计", None))

    assert ("A02", "博湖县：调整合计", None) in found


def test_a_head_total_that_differs_is_named(founding: FundNotice) -> None:
    found = failing(with_cell(founding, "合计行", "巴财社(2021)40号/调整前", 9187))

    assert ("A05", "表头 巴财社〔2021〕40号", Decimal(-10_000)) in found


def test_the_target_sheet_must_state_the_same_money(founding: FundNotice) -> None:
    assert founding.target_sheet is not None
    sheet = dataclasses.replace(founding.target_sheet, annual_amount_yuan=Decimal(202_500_000))

    found = failing(dataclasses.replace(founding, target_sheet=sheet))

    assert found == [
        ("A06", "绩效目标表：年度金额", Decimal(-10_000)),
        ("A07", "绩效目标表：年度金额", Decimal(-10_000)),
    ]


def test_a_table_that_is_cut_off_proves_no_column(founding: FundNotice) -> None:
    tables = tuple(
        dataclasses.replace(table, is_cut_off=True, rows=table.rows[:-1]) for table in founding.allocation_tables
    )

    found = failing(dataclasses.replace(founding, allocation_tables=tables))

    assert found == []


def test_checks_mind_their_own_notice_only(founding: FundNotice) -> None:
    broken = with_cell(founding, "轮台县", "巴财社(2021)3号/调整后", 1780)
    store = Store(None)
    with store.transaction() as cursor:
        names = {row.name: row.name for table in founding.allocation_tables for row in table.rows}
        write_paper(cursor, founding, "甲", names)
        write_paper(cursor, broken, "乙", names)
        assert [i for i in prove(cursor, "甲") if not i.holds] == []
        assert [i for i in prove(cursor, "乙") if not i.holds] != []


def test_a_sentence_says_line_both_figures_and_the_difference(founding: FundNotice) -> None:
    found = [
        i for i in prove_notice(with_cell(founding, "轮台县", "巴财社(2021)3号/调整后", 1780))
        if i.check.code == "A01"
        and not i.holds
    ]

    assert identity_sentence(found[0]) == (
        "第58行 轮台县：巴财社(2021)3号/调整后：文中为 1,780万元，"
        "按“调整前＋调整数＝调整后”计算应为 1,770万元，相差 10万元。"
    )


def test_findings_for_the_command_line_carry_the_difference(founding: FundNotice) -> None:
    rows = check_notice(with_cell(founding, "轮台县", "巴财社(2021)3号/调整后", 1780))

    assert rows[0]["code"] == "sum-differs:A01"
    assert rows[0]["difference_wan"] == 10.0
    assert check_notice(founding) == []


def test_without_the_passing_ones_no_rows_means_pass(founding: FundNotice) -> None:
    store = Store(None)
    with store.transaction() as cursor:
        names = {row.name: row.name for table in founding.allocation_tables for row in table.rows}
        write_paper(cursor, founding, "甲", names)
        for check in all_checks():
            sql = sql_text("data", f"checks/{check.name}")
            assert cursor.rows(sql, {"document_number": "甲", "with_passing": False}) == []

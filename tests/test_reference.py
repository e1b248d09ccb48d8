"""The reference tables: whole, without doubles, and in step with the notice and the schema."""

import re
from collections import Counter
from pathlib import Path

import pytest

from data import reference
from data.errors import FileError
from data.reference import (
    budget_items,
    direct_fund_markers,
    find_indicator_entry,
    indicator_entries,
    recipients,
    regional_days,
    resolve_recipient,
)

FOUNDING_TEXT = (Path(__file__).parent / "notices" / "founding" / "notice.txt").read_text(encoding="utf-8")
FUND = "困难群众救助补助资金"


def test_units_are_the_twelve_of_the_founding_table_in_its_order():
    printed = [line.split("\t")[1] for line in FOUNDING_TEXT.splitlines() if re.match(r"\t\S+\t\d", line)]
    found = [resolve_recipient(name) for name in printed]

    assert len(printed) == 12
    assert found == list(recipients())


def test_counties_have_codes_of_the_prefecture_and_institutions_have_none():
    codes = {unit.name: unit.division_code for unit in recipients()}

    assert codes["库尔勒市"] == "652801"
    assert codes["轮台县"] == "652822"
    assert codes["博湖县"] == "652829"
    assert codes["州救助站"] == codes["州儿童福利院"] == ""
    assert Counter(unit.kind for unit in recipients()) == {
        "county": 9, "development_zone": 1, "institution": 2,
    }
    assert all(unit.division_code.startswith("6528") for unit in recipients() if unit.kind != "institution")


def test_the_zone_code_says_that_it_is_statistical_only():
    zone = resolve_recipient("库尔勒经济开发区")

    assert (zone.name, zone.division_code) == ("库尔勒经济技术开发区", "652871")
    assert "不在GB/T 2260之内" in zone.note


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("库尔勒经济技术开发区", "kuerle-kaifaqu"),
        ("库尔勒 经济　开发区", "kuerle-kaifaqu"),
        (" 焉耆县\n", "yanqi"),
        ("巴州救助站", "zhou-jiuzhuzhan"),
        ("轮台", "luntai"),
    ],
)
def test_unit_is_found_by_alias_and_without_spaces(printed, expected):
    assert resolve_recipient(printed).recipient_id == expected


@pytest.mark.parametrize("printed", ["", "小计", "巴州", "铁门关市", "库尔勒市民政局", "县"])
def test_what_is_no_unit_is_not_guessed(printed):
    assert resolve_recipient(printed) is None


def test_no_name_alias_id_or_tile_stands_for_two_units():
    names = [name for unit in recipients() for name in (unit.name, *unit.aliases)]
    tiles = [(unit.tile_row, unit.tile_column) for unit in recipients()]

    ids = [unit.recipient_id for unit in recipients()]
    short_names = [unit.short_name for unit in recipients()]

    for values in (names, tiles, ids, short_names):
        assert [value for value, count in Counter(values).items() if count > 1] == []


def test_budget_items_of_this_fund_are_seven_normal_ones():
    normal = [item.code for item in budget_items() if item.use == "normal"]

    assert normal == ["2081001", "2081901", "2081902", "2082001", "2082002", "2082101", "2082102"]
    assert len({item.code for item in budget_items()}) == len(budget_items())
    assert [item.code for item in budget_items() if item.use == "income"] == ["1100248"]
    assert [item.name for item in budget_items() if item.trust == "M" and item.source] == []


def test_markers_keep_their_leading_zero():
    assert [marker.printed for marker in direct_fund_markers()] == [
        "01 中央直达资金", "02 中央参照直达资金", "03 省级直达资金",
    ]


def test_regional_rows_are_sourced_and_no_day_stands_twice():
    days = [(row.region_code, row.day) for row in regional_days()]

    assert len(days) == len(set(days))
    assert all(row.trust != "V" for row in regional_days())  # no official page was found
    assert all("http" in row.source for row in regional_days())


def test_entries_are_the_twenty_of_the_founding_sheet():
    assert [entry.indicator_no for entry in indicator_entries()] == list(range(1, 21))
    for entry in indicator_entries():
        assert entry.indicator_name in FOUNDING_TEXT
        assert 1 <= len(entry.short_name) <= 8
    assert len({entry.short_name for entry in indicator_entries()}) == 20


def test_entries_have_the_labels_that_their_kind_asks_for():
    for entry in indicator_entries():
        has_two = bool(entry.numerator_label) and bool(entry.denominator_label)
        assert has_two == (entry.entry_kind in {"ratio", "coverage", "versus_prior", "ratio_versus_prior"}), entry


@pytest.mark.parametrize(
    ("indicator_no", "entry_kind", "rollup_method"),
    [
        (1, "coverage", "ratio"),
        (2, "versus_prior", "sum"),
        (6, "versus_prior", "all_hold"),
        (7, "versus_prior", "all_hold"),
        (8, "versus_prior", "all_hold"),
        (9, "ratio", "unit_share"),
        (11, "from_receipt", "prefecture"),
        (12, "ratio", "ratio"),
        (13, "ratio", "ratio"),
        (14, "ratio", "ratio"),
        (15, "qualitative", "weighted_mean"),
        (17, "ratio", "ratio"),
    ],
)
def test_how_an_indicator_is_filled_in_and_rolled_up(indicator_no, entry_kind, rollup_method):
    entry = indicator_entries()[indicator_no - 1]

    assert (entry.entry_kind, entry.rollup_method) == (entry_kind, rollup_method)


@pytest.mark.parametrize(
    ("fund", "name", "expected"),
    [
        (FUND, "政策知晓率", 19),
        ("中央财政" + FUND, "政策 知晓率", 19),
        (FUND, "建立社会救助家庭经济状况核对机制的县（市、区）比例", 9),  # cut on ours
        (FUND, "受助人员救助情况当日录入全国救助管理信息", 13),  # cut on theirs
        (FUND, "孤儿、艾滋病病毒感染儿童", None),  # the beginning of two
        (FUND, "城乡特困人员救助供养标准达标率", None),  # another indicator: ours is not cut off
        (FUND, "低保对象", None),
        (FUND, "孤儿", None),
        ("就业补助资金", "政策知晓率", None),
    ],
)
def test_entry_is_found_by_name_not_by_number(fund, name, expected):
    entry = find_indicator_entry(fund, name)

    assert (entry.indicator_no if entry else None) == expected


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("6500,2025-06-06,0,古尔邦节,某页,S", "6500"),
        ("650000,2025-06-31,0,古尔邦节,某页,S", "2025-06-31"),
        ("650000,2025-06-06,是,古尔邦节,某页,S", "是"),
        ("650000,2025-06-06,0,古尔邦节,,S", "没有写出处"),
        ("650000,2025-06-06,0,古尔邦节,某页,X", "X"),
        ("650000,2025-06-06,0,古尔邦节", "列数"),
    ],
)
def test_broken_row_is_refused_with_its_line(tmp_path, monkeypatch, row, words):
    (tmp_path / "reference").mkdir()
    table = tmp_path / "reference" / "regional_holidays.csv"
    good = "650000,2025-06-06,0,古尔邦节,某页,S"
    table.write_text(f"region_code,day,is_working,name,source,trust\n{good}\n{row}\n", encoding="utf-8")
    monkeypatch.setattr(reference.resources, "files", lambda package: tmp_path)

    with pytest.raises(FileError, match=f"regional_holidays.csv 第3行.*{words}.*请"):
        reference._read("regional_holidays", reference._build_regional_day)

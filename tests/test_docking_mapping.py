"""How exports are read can be fitted to a bureau's own, and a file is read anew once that has changed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from builders import OFFICER, published_store, rows
from export_builders import AT, allotment, load, payment, payout

from dashboard.actions.mappings import adopt_mapping
from data.docking.mapping import RECORD_KINDS, shipped_mappings
from data.errors import RefusedError
from data.intake.columns import MAX_TEXT_LENGTH


@pytest.fixture
def store(tmp_path):
    found = published_store(tmp_path)
    yield found
    found.close()


def words_of(kind, **more):
    """The shipped words of an export with more of them: (field, word, value)."""
    shipped = shipped_mappings()[f"integrated-{kind}"].words
    return [(name, word, value) for name, found in shipped.items() for word, value in found.items()] + [
        (name, word, value) for name, told in more.items() for word, value in told.items()
    ]


def heads_of(kind):
    """The shipped heads of an export: (field, head, unit)."""
    return [(one.name, head, one.unit_text) for one in shipped_mappings()[f"integrated-{kind}"].fields
            for head in one.heads]


def test_a_bureau_fits_its_own_export_by_changing_the_table(store):
    mapping = shipped_mappings()["integrated-payment"]
    heads = [(one.name, head, one.unit_text) for one in mapping.fields for head in one.heads]
    own = {"实际支付金额": "付款额（万元）"}
    made = [(name, own.get(head, head), "万元" if unit else "") for name, head, unit in heads]
    with pytest.raises(RefusedError, match="没有写修改理由"):
        adopt_mapping(store, OFFICER, AT, "integrated", "payment", made, [], " ")
    adopt_mapping(store, OFFICER, AT, "integrated", "payment", made, [], "本地导出以万元计")
    with pytest.raises(RefusedError, match="没有变化"):
        adopt_mapping(store, OFFICER, AT, "integrated", "payment", made, [], "再来一次")

    row = payment()
    row["付款额（万元）"] = "0.10005"
    del row["实际支付金额"]
    load(store, row)
    assert rows(store, "SELECT amount_yuan FROM payment")[0]["amount_yuan"] == Decimal("1000.50")
    assert rows(store, "SELECT mapping_version FROM docked_export")[0]["mapping_version"] == 2


def test_an_optional_field_that_was_left_out_may_come_back(store):
    fields = shipped_mappings()["integrated-stop"].fields
    heads = [(one.name, head, "") for one in fields for head in one.heads]
    words = [(name, word, value) for name, found in shipped_mappings()["integrated-stop"].words.items()
             for word, value in found.items()]
    fewer = [row for row in heads if row[0] != "aid_kind"]
    adopt_mapping(store, OFFICER, AT, "integrated", "stop", fewer, words, "本地没有救助类别")
    adopt_mapping(store, OFFICER, AT, "integrated", "stop", heads, words, "导出加了救助类别")
    with pytest.raises(RefusedError, match="是必有的数据项"):
        adopt_mapping(store, OFFICER, AT, "integrated", "stop", heads[:1], words, "只留一列")


@pytest.mark.parametrize("cell", ["ＯＫ 已到账", "ok已到账", "Ok　已到账 "])
def test_an_adopted_word_is_known_in_every_width_case_and_spacing(store, cell):
    adopt_mapping(store, OFFICER, AT, "integrated", "payout", heads_of("payout"),
                  words_of("payout", payout_state={"OK 已到账": "paid"}), "银行的写法")

    assert load(store, payout(发放状态=cell), kind="payout").read.rejected_count == 0
    assert rows(store, "SELECT payout_state FROM payout") == [{"payout_state": "paid"}]


@pytest.mark.parametrize("value", ["paid", "failed"])
def test_two_words_that_are_read_as_the_same_are_refused(store, value):
    with pytest.raises(RefusedError, match=r"用词“ok 到账”在同一数据项里写了两次"):
        adopt_mapping(store, OFFICER, AT, "integrated", "payout", heads_of("payout"),
                      words_of("payout", payout_state={"ＯＫ到账": "paid", "ok 到账": value}), "银行的写法")


def test_a_required_field_keeps_at_least_one_word_and_a_reason_its_length(store):
    fewer = [row for row in words_of("payout") if row[0] != "payout_state"]
    with pytest.raises(RefusedError, match="“发放状态”的用词都删掉了，至少留一个"):
        adopt_mapping(store, OFFICER, AT, "integrated", "payout", heads_of("payout"), fewer, "没有用词")
    with pytest.raises(RefusedError, match=f"修改理由超过 {MAX_TEXT_LENGTH} 字"):
        adopt_mapping(store, OFFICER, AT, "integrated", "payout", heads_of("payout"),
                      words_of("payout", payout_state={"到账": "paid"}), "长" * (MAX_TEXT_LENGTH + 1))


def test_a_field_whose_words_were_all_taken_out_is_refused_not_passed_over(store):
    adopt_mapping(store, OFFICER, AT, "integrated", "allotment", heads_of("allotment"), [], "没有用词")

    loaded = load(store, allotment(), allotment(指标主键="Z2", 是否删除=""), kind="allotment")
    assert (loaded.read.row_count, loaded.read.rejected_count) == (1, 1)
    assert loaded.rejects[0]["fault_code"] == "unknown-word"


def test_the_same_file_is_read_again_once_its_mapping_has_changed(store):
    load(store, payment(), payment(支付明细主键="P2", 实际支付金额="7"))
    heads = [(name, head, "万元" if unit else "") for name, head, unit in heads_of("payment")]
    adopt_mapping(store, OFFICER, AT, "integrated", "payment", heads, [], "本地导出以万元计")

    again = load(store, payment(), payment(支付明细主键="P2", 实际支付金额="7"))
    assert (again.outcome, again.ended, again.amount_yuan) == ("loaded", (1,), Decimal("10075000"))


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_the_readme_tells_every_head_of_a_kind_and_which_are_required(kind):
    text = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## 系统导出的格式\n")[2].partition("\n## ")[0]
    table = section.partition(f"**{RECORD_KINDS[kind]}**")[2].partition("**")[0]
    told = [[cell.strip() for cell in line.split("|")[1:4]] for line in table.splitlines() if line.startswith("| ")][1:]

    held = {}
    for mapping in shipped_mappings().values():
        for one in mapping.fields if mapping.record_kind == kind else ():
            heads, *_ = held.setdefault(one.name, ([], "是" if one.is_required else "", one.unit_text))
            heads += [head for head in one.heads if head not in heads]
    assert told == [["、".join(heads), required, unit] for heads, required, unit in held.values()]

"""An archive proves itself: hashes, the log's chain, and every result made again, also without Wenxiao."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from builders import (
    FOUNDING,
    NUMBER,
    OFFICER,
    PLAN,
    REGION,
    demo_folder,
    demo_store,
    opened_store,
    publish,
    published_store,
    rows,
)

from dashboard.actions.rounds import open_round
from dashboard.audit_archive import archive_content, verify_archive
from data.errors import RefusedError, WenxiaoError
from data.hashed_zip import SUMS_NAME, write_whole

AT = datetime(2021, 12, 28, 16)
SHELL = Path(sys.executable).parent / "duckdb"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("archive") / "demo.zip"
    write_whole(out, archive_content(demo_store(), AT))
    return out


def unpacked(archive: Path, folder: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder


def packed(folder: Path, out: Path, *, with_new_sums: bool = True) -> Path:
    """The folder as an archive again; with sums that fit, as a careful forger would leave it."""
    parts = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    if with_new_sums:
        parts[SUMS_NAME].write_text("".join(
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n"
            for name, path in parts.items() if name != SUMS_NAME
        ))
    with zipfile.ZipFile(out, "w") as made:
        for name, path in parts.items():
            made.write(path, name)
    return out


def changed(path: Path, column: str, row: int, value: object) -> None:
    table = pq.read_table(path)
    held = table[column].to_pylist()
    assert held[row] != value
    held[row] = value
    place = table.column_names.index(column)
    pq.write_table(table.set_column(place, table.schema.field(column), pa.array(held, table.schema.field(column).type)),
                   path)


def softened(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "achieved >= required AS is_met" in text
    path.write_text(text.replace("achieved >= required AS is_met", "achieved > required AS is_met"), encoding="utf-8")


def shell(folder: Path, script: str) -> list[list[str]]:
    """What a plain DuckDB shell answers, as rows of words."""
    done = subprocess.run([SHELL, "-csv", "-noheader"], input=script, cwd=folder, capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return [line.split(",") for line in done.stdout.splitlines()]


def three_lines(folder: Path) -> str:
    (block,) = re.findall(r"```sql\n(.*?)```", (folder / "README.md").read_text(encoding="utf-8"), re.S)
    assert len(block.splitlines()) == 3
    return block


def test_the_demonstration_recomputes_in_a_plain_duckdb_shell(whole, tmp_path):
    folder = unpacked(whole, tmp_path)
    results = pq.read_table(folder / "results" / "score.parquet")
    current = results.filter(pc.field("valid_from") <= pa.scalar(AT)).group_by(
        ["round_id", "recipient_id", "indicator_no"]
    ).aggregate([("valid_from", "max")])

    assert current.num_rows == 12 * 20 * 3
    assert results.num_rows == rows(demo_store(), "SELECT COUNT(*) AS n FROM score")[0]["n"]
    assert shell(folder, three_lines(folder)) == [["0"]]


def test_the_shell_sees_a_score_that_is_one_micro_point_off(whole, tmp_path):
    folder = unpacked(whole, tmp_path)
    path = folder / "results" / "score.parquet"
    held = pq.read_table(path)["score_micro"].to_pylist()
    row = next(number for number, micro in enumerate(held) if micro)
    changed(path, "score_micro", row, held[row] - 1)

    assert shell(folder, three_lines(folder)) == [["2"]], "the row as kept and the row as made"


def test_the_script_recomputes_every_result(whole, tmp_path):
    folder = unpacked(whole, tmp_path)

    counted = shell(folder, ".read recompute.sql")

    assert len(counted) == len(list((folder / "results").iterdir()))
    assert all(made == kept and int(kept) > 0 and different == "0" for _, made, kept, different in counted)


def test_the_sums_are_as_sha256sum_reads_them(whole, tmp_path):
    folder = unpacked(whole, tmp_path)
    done = subprocess.run(["sha256sum", "-c", "--quiet", SUMS_NAME], cwd=folder, check=False, capture_output=True)

    assert done.returncode == 0


def test_an_archive_holds_what_was_received_and_recorded(whole, tmp_path):
    folder = unpacked(whole, tmp_path)
    store = demo_store()
    received = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "received").iterdir()}

    assert received == {row["file_sha256"] for row in rows(store, "SELECT file_sha256 FROM received_file")}
    for table in ("audit_log", "target", "actual", "review", "rule_value"):
        held = pq.read_table(folder / "records" / f"{table}.parquet").num_rows
        assert held == rows(store, f"SELECT COUNT(*) AS n FROM {table}")[0]["n"]


def test_a_whole_archive_verifies_and_says_what_it_proves(whole):
    found = verify_archive(whole)

    assert found.counts["各单位各项指标得分"] == rows(demo_store(), "SELECT COUNT(*) AS n FROM score")[0]["n"]
    assert found.last_hash == rows(demo_store(), "SELECT entry_hash FROM audit_log ORDER BY entry_no DESC LIMIT 1")[0][
        "entry_hash"]


def test_the_same_store_at_the_same_moment_gives_the_same_bytes(whole, tmp_path):
    write_whole(tmp_path / "again.zip", archive_content(demo_store(), AT))

    assert (tmp_path / "again.zip").read_bytes() == whole.read_bytes()


def test_the_archive_of_the_demonstration_says_that_it_is_one(whole, tmp_path):
    assert "演示数据" in (unpacked(whole, tmp_path) / "README.md").read_text(encoding="utf-8")
    store = opened_store(tmp_path)
    write_whole(tmp_path / "own.zip", archive_content(store, AT))
    assert "演示" not in (unpacked(tmp_path / "own.zip", tmp_path / "own") / "README.md").read_text(encoding="utf-8")


def test_one_round_alone(tmp_path):
    write_whole(tmp_path / "one.zip", archive_content(demo_store(), AT, ["2021-09"]))
    folder = unpacked(tmp_path / "one.zip", tmp_path / "one")

    assert set(pq.read_table(folder / "results" / "score.parquet")["round_id"].to_pylist()) == {"2021-09"}
    assert verify_archive(tmp_path / "one.zip").counts["各单位各项指标得分"] > 0
    (asked,) = rows(demo_store(), "SELECT COUNT(DISTINCT file_sha256) AS n FROM inquiry_file")
    kept = len(list((folder / "received").iterdir()))
    assert kept == 1 + 12 + asked["n"], "the notice, one form of each unit, and what stands beside 问效单"


def forged(folder: Path, **changes: tuple[str, int, object]) -> None:
    """Change one cell in each of several tables: name__of__table = (column, row, value)."""
    for name, (column, row, value) in changes.items():
        changed(folder / f"{name.replace('__', '/')}.parquet", column, row, value)


def both_numerators(folder: Path) -> None:
    """The same wrong number in the input and in the record, as who knows the archive would forge it."""
    row = first(folder, "numerator", "inputs/score_input")
    held = pq.read_table(folder / "inputs/score_input.parquet").slice(row, 1).to_pylist()[0]
    actual = pq.read_table(folder / "records/actual.parquet").to_pylist()
    place = next(
        number for number, value in enumerate(actual)
        if (value["report_id"], value["indicator_no"]) == (held["report_id"], held["indicator_no"])
    )
    forged(folder, inputs__score_input=("numerator", row, held["numerator"] + 1),
           records__actual=("numerator", place, held["numerator"] + 1))


def cut(path: Path, length: int) -> None:
    pq.write_table(pq.read_table(path).slice(0, length), path)


def swap_received(folder: Path) -> None:
    path = next(iter((folder / "received").glob("*.xlsx")))
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize("forge, words", [
    (lambda f: forged(f, results__score=("score_micro", first(f, "score_micro"), 1)),
     "results/score 中 document_number 巴财社〔2021〕96号，round_id 2021-"),
    (lambda f: forged(f, inputs__score_input=("numerator", first(f, "numerator", "inputs/score_input"), 0)),
     "的 numerator 存为 0.0000，重新得出的是"),
    (lambda f: forged(f, inputs__rule=("over_from_micro", 0, 1_000_001)),
     "的 over_from_micro 存为 1000001，重新得出的是 1300000"),
    (lambda f: forged(f, records__rule_value=("value_micro", 0, 5)), "inputs/"),
    (lambda f: forged(f, records__audit_log=("actor_name", 5, "别人")), "办理记录接不上：第 6 条被改动过"),
    (lambda f: cut(f / "records/audit_log.parquet", 30), "不在办理记录里"),
    (lambda f: [cut(path, 0) for path in (f / "results").iterdir()], "results/score 中"),
    (lambda f: [pq.write_table(pq.read_table(path).drop_columns(["weight_micro"]), path)
                for path in [f / "results/total.parquet"]], "的 weight_micro 存为 None"),
    (lambda f: (f / "recompute.sql").write_text("SELECT '全部结果', 0;"), "recompute.sql 与本程序"),
    (lambda f: (f / "README.md").write_text("全部相符"), "README.md 与本程序"),
    (lambda f: softened(f / "sql/score.sql"), "sql/score.sql 与本程序"),
    (lambda f: softened(f / "proofs/region_total.sql"), "proofs/region_total.sql 与本程序"),
    (lambda f: forged(f, inputs__unit_standing=("paid_yuan", 0, None)), "inputs/unit_standing 中"),
    (lambda f: forged(f, inputs__unit_standing=("score_micro", 0, 1)), "inputs/unit_standing 中"),
    (lambda f: forged(f, results__region_total=("grade", 0, "poor")), "grade 存为 poor，重新得出的是"),
    (lambda f: forged(f, results__total=("points_micro", 0, 1)), "results/total 中"),
    (both_numerators, "的数与办理记录第"),
    (lambda f: forged(f, records__report=("paid_yuan", 0, Decimal("1.00"))), "的数与办理记录第"),
    (swap_received, "不在登记之内"),
    (lambda f: next(iter((f / "received").glob("*.xlsx"))).unlink(), "的原件"),
    (lambda f: (f / "inputs/rule.parquet").unlink(), "缺少复算所需的表"),
    (lambda f: (f / "records/score.parquet").unlink(), "缺少 records/score"),
], ids=[
    "score", "input", "limit", "rule value", "log", "log cut", "emptied", "column", "script", "read me", "rule read",
    "proof", "money", "points", "grade", "total",
    "both sides", "payment", "file swapped", "file gone", "missing", "record missing"])
def test_a_careful_forger_is_named_at_the_first_place(whole, tmp_path, forge, words):
    folder = unpacked(whole, tmp_path / "folder")
    forge(folder)

    with pytest.raises(WenxiaoError, match=re.escape(words)):
        verify_archive(packed(folder, tmp_path / "forged.zip"))


def first(folder: Path, column: str, name: str = "results/score") -> int:
    """The first row with a value worth changing."""
    held = pq.read_table(folder / f"{name}.parquet")[column].to_pylist()
    return next(number for number, value in enumerate(held) if value and value > 1)


def test_a_careless_forger_is_named_by_the_hash(whole, tmp_path):
    folder = unpacked(whole, tmp_path / "folder")
    changed(folder / "results/score.parquet", "score_micro", first(folder, "score_micro"), 1)

    with pytest.raises(WenxiaoError, match=r"results/score\.parquet 与校验码不符"):
        verify_archive(packed(folder, tmp_path / "forged.zip", with_new_sums=False))


@pytest.mark.parametrize("spoil, words", [
    (lambda f: (f / "SHA256SUMS").unlink(), "不是问效的可复算档案"),
    (lambda f: (f / "results/score.parquet").unlink(), "缺少 results/score.parquet"),
    (lambda f: (f / "extra.txt").write_text("x"), "多出 extra.txt"),
], ids=["no sums", "part gone", "part more"])
def test_parts_that_do_not_fit_the_list_are_named(whole, tmp_path, spoil, words):
    folder = unpacked(whole, tmp_path / "folder")
    spoil(folder)

    with pytest.raises(WenxiaoError, match=re.escape(words)):
        verify_archive(packed(folder, tmp_path / "spoiled.zip", with_new_sums=False))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip at all", os.urandom(5000)],
                         ids=["empty", "head", "words", "noise"])
def test_what_is_no_archive_is_refused_in_one_sentence(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)

    with pytest.raises(WenxiaoError, match=r"《x\.zip》"):
        verify_archive(path)


def test_a_bomb_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(SUMS_NAME, "0" * 64 + "  inputs/rule.parquet\n")
        made.writestr("inputs/rule.parquet", b"0" * 50_000_000)

    with pytest.raises(WenxiaoError, match="大得不合常理"):
        verify_archive(path)


def test_half_an_archive_is_refused(whole, tmp_path):
    path = tmp_path / "half.zip"
    path.write_bytes(whole.read_bytes()[:100_000])

    with pytest.raises(WenxiaoError, match="已损坏或不完整"):
        verify_archive(path)


def test_nothing_to_archive_and_unknown_rounds_are_refused(tmp_path):
    with pytest.raises(RefusedError, match="还没有开启过填报轮次"):
        write_whole(tmp_path / "x.zip", archive_content(published_store(tmp_path), AT))
    (tmp_path / "opened").mkdir()
    with pytest.raises(RefusedError, match="没有轮次 2022-01。已开启的轮次：2021-12"):
        write_whole(tmp_path / "x.zip", archive_content(opened_store(tmp_path / "opened"), AT, ["2022-01"]))
    assert not (tmp_path / "x.zip").exists()


def test_a_place_that_cannot_be_written_leaves_the_old_archive(whole, tmp_path):
    with pytest.raises(WenxiaoError, match="不能写入"):
        write_whole(tmp_path / "absent" / "x.zip", archive_content(demo_store(), AT))

    folder = tmp_path / "taken.zip"
    folder.mkdir()
    with pytest.raises(WenxiaoError, match="没有覆盖它"):
        write_whole(folder, archive_content(demo_store(), AT))
    assert list(tmp_path.glob("*.part")) == []


def test_nothing_but_an_archive_is_ever_replaced(whole, tmp_path):
    taken = tmp_path / "wenxiao.duckdb"
    taken.write_bytes(b"a bureau's data")

    with pytest.raises(WenxiaoError, match="不是档案，没有覆盖它"):
        write_whole(taken, archive_content(demo_store(), AT))
    assert taken.read_bytes() == b"a bureau's data"

    again = Path(shutil.copy(whole, tmp_path / "again.zip"))
    write_whole(again, archive_content(demo_store(), AT))
    assert again.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("name", ["a\nb.md", "x.parquet", "x.sql", "a\0b.txt", "../../x.txt", "长" * 300 + ".txt"])
def test_received_files_keep_their_bytes_whatever_their_names(tmp_path, name):
    store = published_store(tmp_path)
    publish(store, (FOUNDING + "\n").encode("gb18030"), at=datetime(2021, 12, 22, 17), name="n.md")
    with store.transaction() as cursor:
        cursor.run("UPDATE received_file SET file_name = $name", {"name": name})
    open_round(store, OFFICER, datetime(2021, 12, 23), NUMBER, PLAN, REGION)
    write_whole(tmp_path / "a.zip", archive_content(store, AT))

    assert verify_archive(tmp_path / "a.zip").counts["各单位各项指标得分"] > 0


def test_the_command_line_writes_and_verifies(tmp_path):
    workspace = shutil.copytree(demo_folder(), tmp_path / "workspace")

    def wenxiao(*arguments: str) -> dict:
        command = [sys.executable, "-m", "dashboard", *arguments, "--json"]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        return json.loads(done.stdout) | {"status": done.returncode}

    out = str(tmp_path / "a.zip")
    assert wenxiao("archive", out, "--workspace", str(workspace), "--round", "2021-12")["status"] == 0
    assert wenxiao("verify", out)["verified"] is True
    Path(out).write_bytes(Path(out).read_bytes()[:-30])
    assert wenxiao("verify", out)["status"] == 2
    assert "没有问效的数据" in wenxiao("archive", out, "--workspace", str(tmp_path / "nowhere"))["error"]["sentence"]
    assert not (tmp_path / "nowhere").exists()

"""The doctor finds each kind of quiet fault, says where, and finds none in a store that nobody touched."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path

import pytest
from builders import demo_folder, rows
from server_builders import SERVE_WORKSPACE, served

from dashboard.cli import run
from dashboard.doctor import Doctor, Examination, examination_as_json, examine, told_as_text
from dashboard.workspace import STORE_NAME, Workspace, open_existing
from data.soundness import links
from data.store import Store

SCORE_OF_BOHU = "recipient_id = 'bohu' AND indicator_no = 3 AND round_id = '2021-12'"
# What somebody or something did to the tables behind the program's back, and the titles that must not hold then.
PLANTED = {
    "a report without its notice's round": (
        "DELETE FROM round WHERE round_id = '2021-12'", {"每一行所指的行都在"}),
    "a unit that is gone": (
        "DELETE FROM recipient WHERE recipient_id = 'bohu'", {"每一行所指的行都在"}),
    "another number of the notice": (
        "UPDATE round_weight SET notice_key = notice_key + 1 WHERE indicator_no = 1", {"文号与它的编号相符"}),
    "money moved in the table": (
        "UPDATE allocation_cell SET amount_yuan = amount_yuan + 1 WHERE row_no = 2 AND column_no = 3",
        {"已发布文件的合计仍然成立"}),
    "money moved in a line": (
        "UPDATE allocation_line SET after_yuan = after_yuan + 1 WHERE recipient_id = 'bohu'",
        {"每个单位的分配数：调整前＋调整数＝调整后"}),
    "another file": (
        "UPDATE received_file SET content = 'x'::BLOB WHERE file_name LIKE '%博湖%2021-12%' OR file_sha256 = "
        "(SELECT MIN(file_sha256) FROM received_file)", {"收到的原件与登记时的校验码相同"}),
    "a version that is gone": (
        "DELETE FROM report WHERE recipient_id = 'bohu' AND round_id = '2021-12' AND report_version = 1; "
        "UPDATE report SET report_version = 5 WHERE recipient_id = 'luntai' AND round_id = '2021-12'",
        {"每个单位每一轮的填报从第 1 版起逐版相接"}),
    "a value that counts and was never reported": (
        "UPDATE actual_current SET numerator = numerator + 1 WHERE recipient_id = 'bohu' AND numerator IS NOT NULL",
        {"当前有效的数就是最新一版填报的数"}),
    "a value changed after it was reported": (
        "UPDATE actual SET numerator = numerator + 1 WHERE numerator IS NOT NULL",
        {"当前有效的数就是最新一版填报的数", "填报、导入和问效单都与办理记录相符"}),
    "a score changed": (
        f"UPDATE score SET score_micro = score_micro + 1 WHERE {SCORE_OF_BOHU}",
        {"现在的得分与重新计算的相同", "历次得分都能由登记的数按当时的口径算出"}),
    "a score that is gone": (
        f"DELETE FROM score WHERE {SCORE_OF_BOHU}", {"现在的得分与重新计算的相同"}),
    "a score twice": (
        f"INSERT INTO score SELECT * FROM score WHERE {SCORE_OF_BOHU}",
        {"每项得分的有效期首尾相接，同一时刻只有一个得分"}),
    "a gap between two scores": (
        "UPDATE score SET valid_to = valid_to - INTERVAL 1 DAY WHERE (document_number, round_id, recipient_id, "
        "indicator_no, valid_from) IN (SELECT (document_number, round_id, recipient_id, indicator_no, "
        "MIN(valid_from)) FROM score GROUP BY document_number, round_id, recipient_id, indicator_no "
        "HAVING COUNT(*) > 1)", {"每项得分的有效期首尾相接，同一时刻只有一个得分"}),
    "an entry of the log changed": (
        "UPDATE audit_log SET actor_name = '别人' WHERE entry_no = 5", {"办理记录首尾相接，没有改动"}),
    "the end of the log cut off": (
        "DELETE FROM audit_log WHERE entry_no > 60", {"填报、导入和问效单都与办理记录相符"}),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo_folder(), tmp_path / "workspace"))


def examined(folder: Path, statements: str = "") -> Examination:
    workspace = open_existing(folder)
    try:
        if statements:
            with workspace.store.transaction() as cursor:
                cursor.run(statements)
        return examine(workspace)
    finally:
        workspace.store.close()


def unsound(found: Examination) -> set[str]:
    return {each.title for each in found.examined if each.faults}


def test_a_store_that_nobody_touched_is_sound(folder):
    found = examined(folder)

    assert unsound(found) == set()
    assert all(each.row_count > 0 for each in found.examined)


@pytest.mark.parametrize("name", PLANTED)
def test_each_planted_fault_is_found_where_it_is(folder, name):
    statements, titles = PLANTED[name]

    found = examined(folder, statements)

    assert titles <= unsound(found), found
    assert all(place for each in found.examined for place in each.faults)


def test_every_thing_that_is_examined_was_seen_to_fail(folder):
    titles = {each.title for each in examined(folder).examined}

    assert titles == set().union(*(expected for _, expected in PLANTED.values()))


def test_every_table_whose_rows_lead_somewhere_is_in_the_links():
    store = Store(None)
    columns = rows(store, """
        SELECT c.table_name, c.column_name
        FROM duckdb_columns() AS c JOIN duckdb_tables() AS t ON t.table_name = c.table_name
        WHERE NOT c.internal AND c.column_name IN
            ('report_id', 'inquiry_no', 'step_no', 'export_no', 'difference_no', 'consequence_no', 'file_sha256')""")
    store.close()
    led = {(link.table, name) for link in links() for name in link.columns}
    targets = {(link.target, name) for link in links() for name in link.target_columns}

    # What is not in: the file of an export is not kept, a correction may precede its file, a draft is nobody's report.
    assert {(row["table_name"], row["column_name"]) for row in columns} - led - targets == {
        ("docked_export", "file_sha256"), ("correction", "file_sha256"), ("report_draft", "file_sha256"),
        ("actual_current", "report_id"), ("score", "report_id"), ("review", "report_id"),
        ("inquiry_file", "inquiry_no"),
    }


def test_the_command_tells_every_fault_and_exits_with_one(folder, capsys):
    assert run(["doctor", "--workspace", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("数据完好")
    examined(folder, PLANTED["a score changed"][0])

    assert run(["doctor", "--workspace", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "不成立　现在的得分与重新计算的相同" in said
    assert "2021-12，bohu，第 3 项" in said
    assert said.splitlines()[-1].startswith("有 2 处不成立。请先停止办理")

    assert run(["doctor", "--workspace", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["fault_count"] == 2


def test_many_places_are_counted_and_the_first_are_printed(folder):
    found = examined(folder, "UPDATE score SET score_micro = 1 WHERE round_id = '2021-12' AND score_micro > 1")

    said = told_as_text(examination_as_json(found))

    assert "另有" in said
    assert len(said.splitlines()) < 60


def test_a_running_server_answers_the_command(folder, capsys):
    examined(folder, PLANTED["a score changed"][0])
    with served(folder, SERVE_WORKSPACE.format("serve")):
        assert run(["doctor", "--workspace", str(folder), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["fault_count"] == 2


def test_a_server_on_duty_examines_once_and_logs_what_it_found(folder, caplog):
    examined(folder, PLANTED["a score changed"][0])
    workspace = open_existing(folder)
    doctor = Doctor(lambda: workspace)

    with doctor.on_duty(after_seconds=0):
        deadline = time.monotonic() + 60
        while doctor.latest is None and time.monotonic() < deadline:
            time.sleep(0.05)
    workspace.store.close()

    assert doctor.latest is not None
    (told,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert "数据核对有不成立的" in told.message
    assert told.fields == {"fault_count": 2}


def test_a_server_that_is_stopped_at_once_examines_nothing(folder):
    doctor = Doctor(lambda: pytest.fail("examined"))

    with doctor.on_duty(after_seconds=60):
        pass

    assert doctor.latest is None


def test_two_who_ask_at_once_are_given_one_examination(folder):
    workspace = open_existing(folder)
    doctor = Doctor(lambda: workspace)
    found: list[Examination] = []
    threads = [threading.Thread(target=lambda: found.append(doctor.examine())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workspace.store.close()

    assert found[0] is found[1] is doctor.latest


def test_a_copy_can_be_examined(folder, tmp_path):
    workspace = open_existing(folder)
    workspace.store.copy_to(tmp_path / "copy.duckdb")
    workspace.store.close()
    copy = Store(tmp_path / "copy.duckdb", is_copy=True)

    found = examine(Workspace(tmp_path, copy))
    copy.close()

    assert unsound(found) == set()
    assert (folder / STORE_NAME).exists()

"""A running server that is given the worst files: it answers each with a sentence, and goes on as before."""

from __future__ import annotations

import random
import re
import struct
from pathlib import Path

import httpx
from builders import NUMBER, ROUND, clerk, contents, opened_store
from security.doors import Door, doors
from security.hostile_files import KINDS, LAUGHS, OUTSIDE, Sound, archive, parts
from server_builders import INSTALLER, SERVE_WORKSPACE, served

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.tokens import NewToken, issue_token
from dashboard.auth.sessions import now
from dashboard.rights import COUNTY_APPROVER, PREFECTURE_OFFICER
from dashboard.workspace import STORE_NAME
from data.store import Store

MOST_GROWTH_KB = 300 * 1024
# What reading a file must leave as it is; tokens remember when they were last used.
KEPT = (
    "notice", "round", "report", "actual", "receipt", "received_file", "evidence_file", "docked_export", "audit_log",
)
ROUTES = {
    "notice": "/notices", "bulk": "/actuals", "receipts": "/receipts/file",
    "form": f"/reports?document_number={NUMBER}&round_id={ROUND}&recipient_id=luntai",
    "export": "/exports?system=integrated&kind=payment&from=2021-01-01&to=2021-12-25",
}


def worst(ways: dict[str, Door]) -> list[tuple[str, Sound]]:
    """Thirty files that a server could fall over, each with the route that it is sent to."""
    book = {door: next(sound for sound in ways[door].sounds if sound.suffix == ".xlsx") for door in ROUTES}
    made: list[tuple[str, Sound]] = []
    for door, sound in book.items():
        held = parts(sound.content)
        sheets = [name for name in held if "worksheets/" in name]
        far = b"<row r='1048576'><c r='&#88;FD1048576'><v>1</v></c></row></sheetData>"
        strings = next((name for name in held if "sharedStrings" in name), sheets[0])
        changes = {
            "远": {name: held[name].replace(b"</sheetData>", far) for name in sheets},
            "数": {strings: re.sub(rb'ount="\d+"', b'ount="99999999999"', held[strings])},
            "笑": {sheets[0]: (LAUGHS + "<a>&c;</a>").encode("utf-16")},
            "外": {sheets[0]: b"<!--" + b"x" * 9_000 + b"-->" + OUTSIDE.encode() + b"<a>&x;</a>"},
            "炸": {"xl/media/a.bin": b"\x00" * (121 << 20)},
        }
        made += [(door, Sound(f"{name}.xlsx", archive({**held, **change}))) for name, change in changes.items()]
    chance = random.Random(7)
    old = next(sound for sound in ways["notice"].sounds if sound.suffix == ".xls")
    made += [("notice", KINDS[kind](chance, old)) for kind in ("spoiled_bytes", "truncated", "odd_pdf", "odd_pdf")]
    entry = b"PK\x01\x02" + b"\x00" * 24 + struct.pack("<H", 1) + b"\x00" * 16 + b"a"
    made.append(("bulk", Sound("多.xlsx", b"PK\x03\x04" + entry * 200_000 + b"PK\x05\x06" + b"\x00" * 18)))
    assert len(made) == 30
    return made


def memory_kb(pid: int) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def test_thirty_of_the_worst_files_and_the_server_stands(tmp_path):
    store = opened_store(tmp_path)
    ways = doors(store)
    secrets = {}
    for role, unit in ((PREFECTURE_OFFICER, ""), (COUNTY_APPROVER, clerk("luntai").recipient_id)):
        account = f"api.{role.replace('_', '-')}"
        add_account(store, INSTALLER, now(), NewAccount(account, f"程序{role}", role, unit))
        scopes = ("notices", "actuals", "exports", "receipts", "reports")
        secrets[role] = issue_token(store, INSTALLER, now(), NewToken(role, account, scopes, 30)).secret
    before = contents(store)
    store.close()

    with served(tmp_path, SERVE_WORKSPACE.format("serve")) as (process, port), httpx.Client(
        base_url=f"http://127.0.0.1:{port}", timeout=300, trust_env=False
    ) as client:
        def send(door: str, file: Sound) -> httpx.Response:
            secret = secrets[COUNTY_APPROVER if door == "form" else PREFECTURE_OFFICER]
            address = f"/api/v1{ROUTES[door]}{'&' if '?' in ROUTES[door] else '?'}dry_run=1"
            return client.post(
                address, files={"file": (file.file_name, file.content)},
                headers={"Authorization": f"Bearer {secret}"},
            )

        files = worst(ways)
        send(*files[0])
        held = memory_kb(process.pid)
        refused = 0
        for door, file in files:
            answer = send(door, file)
            # A count that no parser looks at does no harm: then the rows are read as they stand.
            if answer.status_code == 200 and file.file_name == "数.xlsx":
                continue
            refused += 1
            assert answer.status_code in (409, 422), (door, file.file_name, answer.status_code, answer.text[:300])
            fault = answer.json()["error"]
            assert file.file_name in fault["sentence"] and "程序出错" not in fault["sentence"], fault
            assert not re.search(r"Traceback|Error|\.py|/proc", fault["sentence"]), fault
        assert refused >= 25
        assert client.get("/healthz").json() == {"status": "ok"}
        assert process.poll() is None
        grown = memory_kb(process.pid) - held
        assert grown < MOST_GROWTH_KB, f"{grown} KiB"

    store = Store(tmp_path / STORE_NAME)
    after = contents(store)
    store.close()
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}

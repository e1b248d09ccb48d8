"""The archive for an auditor: what was received, what was recorded, the rules, the results, and how to recompute."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from dashboard.actions.imports import imported_digest
from dashboard.actions.inquiries import step_digest
from dashboard.actions.reports import reported_digest
from data.audit import first_break
from data.errors import RefusedError, WenxiaoError
from data.hashed_zip import RECEIVED, Archive, pack, read_archive
from data.store import Cursor, Store, sql_text
from metrics.evidence import PROOFS, collect_results, first_difference, make, recompute_script, rule_texts

# Everything that is on record, as it stands in the store; the received files' bytes go beside them.
RECORDS = (
    "workspace_setting", "recipient", "notice", "notice_line", "notice_deadline", "correction", "allocation_line",
    "indicator", "target", "rule_version", "rule_value", "round", "round_weight", "report", "report_event", "actual",
    "value_check", "evidence_file", "score", "review", "region_actual", "receipt", "regional_day", "working_day",
    "office_hours", "inquiry", "inquiry_event", "inquiry_file", "inquiry_dismissal", "consequence",
    "consequence_lift", "inquiry_rule_change", "audit_log",
)


DEMONSTRATION_MARK = "**演示数据：通知是真实的公开文件，各单位填报的数全部是模拟的。**\n\n"
STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Verified:
    """What an archive was found to prove."""

    counts: dict[str, int]
    last_hash: str


def archive_content(store: Store, at: datetime, round_ids: Sequence[str] = ()) -> bytes:
    """The archive of some rounds, or of all, as a zip.

    Raises: RefusedError if there is nothing to archive or a round does not exist.
    """
    return pack(_collect(store, at, round_ids))


def result_counts(content: bytes) -> dict[str, int]:
    """How many rows each result of an archive has."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            proof.title: pq.read_metadata(io.BytesIO(archive.read(f"results/{proof.name}.parquet"))).num_rows
            for proof in PROOFS
        }


def verify_archive(path: Path) -> Verified:
    """Make an archive's inputs and results anew from its records, and hold everything else against its trace.

    Files against their hashes, the log against its chain, reports and files against the log, inputs against
    records, results against inputs and rules. No statement of the archive is run: its rules must be this program's.

    Raises: WenxiaoError with the first difference.
    """
    archive = read_archive(path)
    tables = {name.removesuffix(".parquet"): table for name, table in archive.tables.items()}
    try:
        return _verified(archive, tables)
    except WenxiaoError as error:
        raise WenxiaoError(f"《{path.name}》核对不符：{error}") from error
    except (KeyError, IndexError, pa.ArrowException) as error:
        raise WenxiaoError(f"《{path.name}》缺少复算所需的表或栏目（{error}），请重新导出。") from error


def _verified(archive: Archive, tables: dict[str, pa.Table]) -> Verified:
    _check_texts(archive.texts, _sql_texts())
    if absent := [name for name in RECORDS if f"records/{name}" not in tables]:
        raise WenxiaoError(f"缺少 records/{absent[0]}，不能复算，请重新导出。")
    with Store(None).snapshot() as cursor:
        for name in RECORDS:
            cursor.lend(name, tables[f"records/{name}"])
        if (broken := first_break(cursor)) is not None:
            raise WenxiaoError(f"办理记录接不上：{broken}。")
        _check_log(cursor, archive)
        inputs = tables["inputs/rollup_input"]
        at = inputs["valid_from"][0].as_py()
        made = collect_results(
            cursor, at, sorted(set(inputs["round_id"].to_pylist())), _setting(tables, "region_code")
        )
    for name in made:
        if sentence := first_difference(name, tables[name], made[name]):
            raise WenxiaoError(sentence)
    # The kept scores came from the records; here they follow from the inputs by the rule.
    if sentence := first_difference("results/score", tables["results/score"], make(PROOFS[0], tables)):
        raise WenxiaoError(sentence)
    _check_texts(archive.texts, {"README.md": _read_me(tables, at, len(archive.files))})
    log = tables["records/audit_log"].sort_by("entry_no")
    return Verified({p.title: tables[f"results/{p.name}"].num_rows for p in PROOFS}, log["entry_hash"][-1].as_py())


def _check_texts(texts: Mapping[str, str], due: Mapping[str, str]) -> None:
    """What an auditor reads and runs must be what this program judges by."""
    for name, text in due.items():
        if texts.get(name) != text:
            raise WenxiaoError(
                f"{name} 与本程序（{metadata.version('wenxiao')}）的不同：可能被改动过，也可能由另一版程序导出。"
                "请用导出它的那一版程序核对。"
            )


def _check_log(cursor: Cursor, archive: Archive) -> None:
    """Reports and received files are those that the chained log names."""
    received = {hashlib.sha256(content).hexdigest() for content in archive.files.values()}
    known = hold_against_log(cursor)
    if strangers := sorted(received - known):
        raise WenxiaoError(f"received 中有一份文件（校验码 {strangers[0][:12]}…）不在登记之内。")
    rounds = set(archive.tables["inputs/score_input.parquet"]["round_id"].to_pylist())
    due = {
        row["report_id"]: row["file_sha256"] for row in cursor.table("report").to_pylist() if row["round_id"] in rounds
    }
    due |= {row["document_number"]: row["file_sha256"] for row in cursor.table("notice").to_pylist()}
    if absent := sorted(name for name, sha256 in due.items() if sha256 not in received):
        raise WenxiaoError(f"received 中没有 {absent[0]} 的原件。")


def hold_against_log(cursor: Cursor) -> set[str]:
    """Hold reports, imports and steps of inquiries against what the log says of them; the hashes of files it names.

    Raises: WenxiaoError with the first that is not as it was logged, or is not logged.
    """
    reports = {row["report_id"]: row["file_sha256"] for row in cursor.table("report").to_pylist()}
    known, logged, proven = set(reports.values()), set(), set()
    steps = {row["step_no"] for row in cursor.table("inquiry_event").to_pylist()}
    for entry in cursor.table("audit_log").sort_by("entry_no").to_pylist():
        detail = json.loads(entry["detail_json"])
        if entry["action_name"] == "submit_report" and "values_sha256" in detail:
            report_id = detail["report_id"]
            if reports.get(report_id) != detail["sha256"]:
                raise WenxiaoError(f"填报 {report_id} 的文件与办理记录第 {entry['entry_no']} 条不同。")
            if reported_digest(cursor, report_id)["values_sha256"] != detail["values_sha256"]:
                raise WenxiaoError(f"填报 {report_id} 的数与办理记录第 {entry['entry_no']} 条不同，登记以后被改动过。")
            proven.add(report_id)
        elif entry["action_name"] == "submit_report":
            logged.add((detail["version"], detail["sha256"]))     # of before reports were logged by their key
        if entry["action_name"] == "import_actuals":
            proven |= _check_import(cursor, entry["entry_no"], detail, reports)
        if "step_no" in detail:
            if step_digest(cursor, detail["step_no"])["values_sha256"] != detail["values_sha256"]:
                raise WenxiaoError(f"问效单的一步与办理记录第 {entry['entry_no']} 条不同，登记以后被改动过。")
            steps.discard(detail["step_no"])
        known.add(str(detail.get("sha256", "")))
    for row in cursor.table("report").to_pylist():
        is_logged = row["report_id"] in proven or (row["report_version"], row["file_sha256"]) in logged
        if not is_logged:
            raise WenxiaoError(f"填报 {row['report_id']} 不在办理记录里：记录被删去，或末尾被截去。")
    if steps:
        raise WenxiaoError(f"问效单的第 {min(steps)} 步不在办理记录里：记录被删去，或末尾被截去。")
    return known | {row["file_sha256"] for row in cursor.table("inquiry_file").to_pylist()}


def _check_import(
    cursor: Cursor, entry_no: int, detail: Mapping[str, Any], reports: Mapping[str, str]
) -> set[str]:
    """The versions that one import made are those of its events, and say what the log's digest stands for."""
    events = {name: detail[name] for name in ("first_event_no", "last_event_no")}
    if imported_digest(cursor, **events)["values_sha256"] != detail["values_sha256"]:
        raise WenxiaoError(f"批量导入（办理记录第 {entry_no} 条）的数与记录不同，登记以后被改动过。")
    made = {
        row["report_id"] for row in cursor.table("report_event").to_pylist()
        if events["first_event_no"] <= row["event_no"] <= events["last_event_no"]
    }
    if strange := sorted(name for name in made if reports.get(name) != detail["sha256"]):
        raise WenxiaoError(f"填报 {strange[0]} 的文件与办理记录第 {entry_no} 条不同。")
    return made


def _setting(tables: Mapping[str, pa.Table], key: str) -> str:
    held = {row["setting_key"]: row["setting_value"] for row in tables["records/workspace_setting"].to_pylist()}
    return str(held.get(key, ""))


def _collect(store: Store, at: datetime, round_ids: Sequence[str]) -> Archive:
    # One transaction, so that every table shows the same moment.
    with store.snapshot() as cursor:
        rounds = cursor.table("round").to_pylist()
        if absent := [name for name in round_ids if name not in {row["round_id"] for row in rounds}]:
            held = "、".join(dict.fromkeys(row["round_id"] for row in rounds)) or "没有"
            raise RefusedError(f"没有轮次 {absent[0]}。已开启的轮次：{held}。")
        if not rounds:
            raise RefusedError("还没有开启过填报轮次，没有得分可以存档。")
        tables = {f"records/{name}": cursor.table(name) for name in RECORDS}
        tables |= collect_results(cursor, at, round_ids, _setting(tables, "region_code"))
        files: dict[str, bytes] = {}
        for row in rounds:
            scope = {"document_number": row["document_number"], "round_id": row["round_id"]}
            if not round_ids or row["round_id"] in round_ids:
                files |= {
                    f"{RECEIVED}{found['file_sha256'][:12]}_{_plain(found['file_name'])}": found["content"]
                    for found in cursor.rows(sql_text("data", "queries/archived_files"), scope)
                }
    texts = _sql_texts()
    texts["README.md"] = _read_me(tables, at, len(files))
    return Archive({f"{name}.parquet": table for name, table in tables.items()}, texts, files)


def _plain(file_name: str) -> str:
    """A received file's own name, without what a path or a line of the list of hashes could be made of."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    return "".join(letter if letter.isprintable() else "_" for letter in name)[-120:] or "file"


def _sql_texts() -> dict[str, str]:
    """The rules as they stand in this program, and each proof as one SELECT over the archive's Parquet files."""
    return {
        **{f"sql/{name}.sql": text for name, text in rule_texts().items()},
        **{f"proofs/{proof.name}.sql": proof.text for proof in PROOFS},
        "recompute.sql": recompute_script(),
    }


def _read_me(tables: Mapping[str, pa.Table], at: datetime, file_count: int) -> str:
    results = "\n".join(
        f"- `results/{proof.name}.parquet`：{proof.title}，{tables[f'results/{proof.name}'].num_rows} 行"
        for proof in PROOFS
    )
    is_demonstration = bool(_setting(tables, "demonstration_today"))
    return (STATIC / "archive_readme.md").read_text(encoding="utf-8").format(
        made_at=f"{at:%Y-%m-%d %H:%M:%S}", version=metadata.version("wenxiao"), file_count=file_count,
        results=results, mark=DEMONSTRATION_MARK if is_demonstration else "",
    )

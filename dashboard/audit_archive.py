"""The archive for an auditor: what was received, what was recorded, the rules, the results, and how to recompute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path, PurePosixPath

import pyarrow as pa  # type: ignore[import-untyped]

from data.archive import Archive, pack, read_archive, write_whole
from data.audit import first_break
from data.errors import RefusedError, WenxiaoError
from data.store import Store, sql_text
from metrics.evidence import PROOFS, collect_results, first_difference, recompute_script, rule_texts

# Everything that is on record, as it stands in the store; the received files' bytes go beside them.
RECORDS = (
    "workspace_setting", "recipient", "notice", "notice_line", "correction", "allocation_line", "indicator",
    "target", "rule_version", "rule_value", "round", "round_weight", "report", "actual", "review",
    "region_actual", "receipt", "audit_log",
)


STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class Verified:
    """What an archive was found to prove."""

    counts: dict[str, int]
    last_hash: str
    is_same_rule: bool


def archive_content(store: Store, at: datetime, round_ids: Sequence[str] = ()) -> bytes:
    """The archive of some rounds, or of all, as a zip.

    Raises: RefusedError if there is nothing to archive or a round does not exist.
    """
    return pack(_collect(store, at, round_ids))


def export_archive(store: Store, out: Path, at: datetime, round_ids: Sequence[str] = ()) -> dict[str, int]:
    """Write the archive to a file; how many rows each result has.

    Raises: as ``archive_content``; WenxiaoError if the place cannot be written to.
    """
    archive = _collect(store, at, round_ids)
    write_whole(out, pack(archive))
    return {proof.title: archive.tables[f"results/{proof.name}.parquet"].num_rows for proof in PROOFS}


def verify_archive(path: Path) -> Verified:
    """Hold every part against its hash, the log against its chain, and every result against its inputs.

    Raises: WenxiaoError with the first difference.
    """
    archive = read_archive(path)
    tables = {name.removesuffix(".parquet"): table for name, table in archive.tables.items()}
    wanted = [f"inputs/{n}" for proof in PROOFS for n in proof.inputs] + [f"results/{p.name}" for p in PROOFS]
    absent = [name for name in [*wanted, "records/audit_log"] if name not in tables]
    absent += [name for name in _sql_texts() if name not in archive.texts]
    if absent:
        raise WenxiaoError(f"《{path.name}》缺少 {absent[0]}，不能复算。请重新导出。")
    proofs = {proof.name: archive.texts[f"proofs/{proof.name}.sql"] for proof in PROOFS}
    for name in rule_texts():
        # What an auditor reads must be what the results were made by.
        if not any(archive.texts[f"sql/{name}.sql"].strip().rstrip(";") in text for text in proofs.values()):
            raise WenxiaoError(f"《{path.name}》里的 sql/{name}.sql 不是复算所用的规则，有一处被改动过。")
    with Store(None).reading() as cursor:
        cursor.lend("audit_log", tables["records/audit_log"])
        broken = first_break(cursor)
    if broken is not None:
        raise WenxiaoError(f"《{path.name}》的办理记录从第 {broken} 条起接不上：有记录被改动、删去或插入。")
    for proof in PROOFS:
        if sentence := first_difference(proof, tables, proofs[proof.name]):
            raise WenxiaoError(f"《{path.name}》复算不符。{sentence}")
    log = tables["records/audit_log"].sort_by("entry_no")
    return Verified(
        {proof.title: tables[f"results/{proof.name}"].num_rows for proof in PROOFS},
        log["entry_hash"][-1].as_py() if log.num_rows else "",
        all(archive.texts[name] == text for name, text in _sql_texts().items()),
    )


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
        settings = {row["setting_key"]: row["setting_value"] for row in tables["records/workspace_setting"].to_pylist()}
        tables |= collect_results(cursor, at, round_ids, settings.get("region_code", ""))
        files: dict[str, bytes] = {}
        for round_id in round_ids or [""]:
            scope = {"document_number": "", "round_id": round_id}
            files |= {
                f"received/{row['file_sha256'][:12]}_{_plain(row['file_name'])}": row["content"]
                for row in cursor.rows(sql_text("data", "queries/archived_files"), scope)
            }
    texts = _sql_texts()
    texts["recompute.sql"] = recompute_script()
    texts["README.md"] = _read_me(tables, at, len(files), is_demonstration=bool(settings.get("demonstration_today")))
    return Archive({f"{name}.parquet": table for name, table in tables.items()}, texts, files)


def _plain(file_name: str) -> str:
    """A received file's own name, without what a path could be made of."""
    return PurePosixPath(file_name.replace("\\", "/")).name or "file"


def _sql_texts() -> dict[str, str]:
    """The rules as they stand in this program, and each proof as one SELECT over the archive's Parquet files."""
    return {
        **{f"sql/{name}.sql": text for name, text in rule_texts().items()},
        **{f"proofs/{proof.name}.sql": proof.text for proof in PROOFS},
    }


def _read_me(tables: dict[str, pa.Table], at: datetime, file_count: int, *, is_demonstration: bool) -> str:
    results = "\n".join(
        f"- `results/{proof.name}.parquet`：{proof.title}，{tables[f'results/{proof.name}'].num_rows} 行"
        for proof in PROOFS
    )
    return (STATIC / "archive_readme.md").read_text(encoding="utf-8").format(
        made_at=f"{at:%Y-%m-%d %H:%M:%S}", version=metadata.version("wenxiao"), file_count=file_count,
        results=results,
        mark="**演示数据：通知是真实的公开文件，各单位填报的数全部是模拟的。**\n\n" if is_demonstration else "",
    )

"""What the commands that need a workspace say: once for a program, once for a person."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from dashboard.remote import command
from data.audit import prove_log
from data.docking.person_words import HIDDEN
from data.errors import WenxiaoError
from data.files import file_content
from data.hashed_zip import write_whole

Said = tuple[dict[str, Any], str]


def _archive(asked: argparse.Namespace) -> Said:
    made = command(asked.workspace, "archive", rounds=" ".join(asked.round_ids))
    write_whole(asked.out, made.content)
    listed = "，".join(f"{title} {count} 行" for title, count in made.payload["results"].items())
    payload = {"archive": str(asked.out), **made.payload}
    return payload, f"已写出 {asked.out}：{listed}。回执 {made.payload['receipt']}。"


def _import_actuals(asked: argparse.Namespace) -> Said:
    from dashboard.actions.imports import OUTCOMES

    name = asked.file.name
    made = command(
        asked.workspace, "import-actuals", file_content(asked.file, name), file_name=name,
        dry_run="1" if asked.dry_run else "",
    ).payload
    counts = "，".join(f"{words} {made['counts'].get(outcome, 0)} 行" for outcome, words in OUTCOMES.items())
    said = {"dry_run": "试读完毕，什么也没有写入", "imported": "已导入", "nothing_imported": "没有可导入的新数据"}
    lines = [f"{said[made['outcome']]}：共 {made['row_count']} 行，{counts}。"]
    lines += [f"  {row['sentence_text']}" for row in made["rejected"]]
    if made["receipt"]:
        lines.append(f"回执 {made['receipt']['text']}。")
    return made, "\n".join(lines)


def _import_export(asked: argparse.Namespace) -> Said:
    made = command(
        asked.workspace, "import-export", path=str(asked.file.resolve()), system=asked.system, kind=asked.kind,
        from_on=str(asked.from_on or ""), to_on=str(asked.to_on or ""), unit=asked.unit,
        dry_run="1" if asked.dry_run else "", yes="1" if asked.yes else "",
    ).payload
    said = {"dry_run": "试读完毕，什么也没有写入", "loaded": "已载入", "nothing_changed": "同一份导出，什么也没有改变"}
    lines = [f"{said[made['outcome']]}：{made['row_count']} 行，另有 {made['rejected_count']} 行不能载入。"]
    if made["replaced"]:
        verb = "将替换" if made["outcome"] == "dry_run" else "已替换"
        numbers = "、".join(map(str, made["replaced"]))
        lines.append(f"{verb}第 {numbers} 次导出的 {made['replaced_row_count']} 行，现为 {made['row_count']} 行。")
    if HIDDEN in made["file_name"]:
        lines.append(f"文件名里的长数字以{HIDDEN}代替：{made['file_name']}。")
    lines += [f"  {row['sentence_text']}" for row in made["rejects"]]
    if made["receipt"]:
        lines.append(f"回执 {made['receipt']['text']}。")
    return made, "\n".join(lines)


def _papers(asked: argparse.Namespace) -> Said:
    _require_free(asked.out)
    suffix = asked.out.suffix.lower().removeprefix(".")
    wanted = {"zip"} if asked.is_batch else {"docx", "xlsx"}
    if suffix not in wanted:
        endings = " 或 ".join(f".{name}" for name in sorted(wanted))
        raise WenxiaoError(f"文件名应以 {endings} 结尾，现在是“{asked.out.name}”。")
    made = command(
        asked.workspace, "papers", paper=asked.paper, notice=asked.notice, round=asked.round_id,
        as_of=str(asked.as_of or ""), unit=asked.unit, inquiry=str(asked.inquiry),
        form=asked.form if asked.is_batch else suffix, batch="1" if asked.is_batch else "",
    )
    _write_new(asked.out, made.content)
    receipt = made.payload["receipt"]["text"]
    lines = [f"已写出 {asked.out}：《{made.payload['file_name']}》，校验码 {made.payload['sha256']}。回执 {receipt}。"]
    lines += [f"  没有出具 {unit['recipient_name']}：{unit['sentence']}" for unit in made.payload["failures"]]
    return {"file": str(asked.out), **made.payload}, "\n".join(lines)


def _push_lake(asked: argparse.Namespace) -> Said:
    made = command(asked.workspace, "lake-push", path=str(asked.out.resolve())).payload
    count = sum(made["rows"].values())
    text = f"已推送到 {asked.out}：{made['store_id']} 共 {count:,} 行，替换了以前推送的。回执 {made['receipt']}。"
    return {"lake": str(asked.out), **made}, text


def _verify_log(asked: argparse.Namespace) -> Said:
    kept_hash = asked.last_hash.strip()
    if asked.file:
        from data.log_file import read_log

        proved = prove_log(read_log(asked.file), kept_hash)
        found = {"entries": proved.entry_count, "last_hash": proved.last_hash, "kept_entry": proved.kept_no}
    else:
        found = command(asked.workspace, "audit-verify", last_hash=kept_hash).payload
    text = f"共 {found['entries']} 条，首尾相接，没有改动。最后一条校验码 {found['last_hash'] or '（没有记录）'}。"
    if found["kept_entry"] is not None:
        later = found["entries"] - found["kept_entry"]
        end = f"此后又有 {later} 条。" if later else "末尾没有被截去。"
        text += f"另存的校验码是第 {found['kept_entry']} 条，{end}"
    else:
        text += "末尾有没有被截去，要用 --last-hash 与另存的校验码比较才知道。"
    return {"verified": True, **found}, text


def _export_log(asked: argparse.Namespace) -> Said:
    _require_free(asked.out)
    made = command(asked.workspace, "audit-export", kind=asked.out.suffix.lower().removeprefix("."))
    _write_new(asked.out, made.content)
    text = f"已写出 {asked.out}：{made.payload['entries']} 条。回执 {made.payload['receipt']}。"
    return {"file": str(asked.out), **made.payload}, text


def _backup(asked: argparse.Namespace) -> Said:
    from data.backups import FOLDER_NAME

    folder = (asked.to or asked.workspace / FOLDER_NAME).resolve()
    made = command(asked.workspace, "backup", path=str(folder), keep=str(asked.keep)).payload
    text = (
        f"已备份到 {made['backup']}：{made['row_count']:,} 行，{made['byte_count']:,} 字节，已读过一遍。"
        f"{_log_words(made['log_fault'])}回执 {made['receipt']}。"
    )
    if made["dropped"]:
        text += f"按保留 {asked.keep} 份，删去了 {'、'.join(made['dropped'])}。"
    return made, text


def _doctor(asked: argparse.Namespace) -> Said:
    from dashboard.doctor import told_as_text

    told = command(asked.workspace, "doctor").payload
    return told, told_as_text(told)


def _restore(asked: argparse.Namespace) -> Said:
    from dashboard.actions.backups import restore_workspace
    from dashboard.rights import ADMINISTRATOR
    from dashboard.workspace_commands import ORIGIN, user_name
    from data.audit import Actor
    from data.backups import prove_backup

    if asked.is_check:
        held = prove_backup(asked.backup)
        payload: dict[str, Any] = {"backup": str(asked.backup), "restored": False}
        text = "备份完好，没有恢复"
    else:
        done = restore_workspace(asked.backup, Actor(user_name(), ADMINISTRATOR, origin=ORIGIN), asked.workspace)
        held = done.backup
        payload = {
            "backup": str(asked.backup), "restored": True, "workspace": str(asked.workspace),
            "former": str(done.former) if done.former else None, "receipt": str(done.entry),
        }
        kept = f"，原来的数据改名为 {done.former.name}，核对无误后可以删去" if done.former else ""
        text = f"已恢复到 {asked.workspace}{kept}。回执 {done.entry}。备份"
    told = {"made_at": held.made_at.isoformat(), "row_count": held.row_count, "last_hash": held.last_hash}
    return {**payload, **told}, (
        f"{text}：{held.made_at:%Y-%m-%d %H:%M:%S} 做的，{held.row_count:,} 行，"
        f"办理记录 {held.entry_count} 条，最后一条校验码 {held.last_hash or '（没有记录）'}。"
        f"{_log_words(held.log_fault)}"
    )


def _log_words(fault: str) -> str:
    return f"注意：办理记录接不上，{fault}，请保留现场。" if fault else "办理记录首尾相接。"


def _salvage(asked: argparse.Namespace) -> Said:
    from dashboard.actions.backups import salvage_workspace
    from dashboard.rights import ADMINISTRATOR
    from dashboard.workspace_commands import ORIGIN, user_name
    from data.audit import Actor

    done = salvage_workspace(Actor(user_name(), ADMINISTRATOR, origin=ORIGIN), asked.workspace)
    at = f"（{done.last_happened_at:%Y-%m-%d %H:%M:%S}）" if done.last_happened_at else ""
    return {
        "former": str(done.former), "cut_byte_count": done.cut_byte_count, "last_entry_no": done.last_entry_no,
        "last_happened_at": done.last_happened_at.isoformat() if done.last_happened_at else None,
        "receipt": str(done.entry),
    }, (
        f"已截去损坏的末尾 {done.cut_byte_count:,} 字节，其余都在：办理记录到第 {done.last_entry_no} 号{at}为止，"
        f"这以后收到过回执的请核对补办。原来的数据留在 {done.former.name}。"
        f"请再用 wenxiao doctor 核对一遍。回执 {done.entry}。"
    )


def _messages_send(asked: argparse.Namespace) -> Said:
    told = command(asked.workspace, "messages-send", dry_run="1" if asked.dry_run else "").payload
    if not told["dry_run"]:
        counts = (told["queued_count"], told["sent_count"], told["failed_count"])
        return told, "新放进发件箱 {} 条，发出 {} 条，没有发出 {} 条。".format(*counts)
    lines = [f"现在会放进发件箱 {len(told['planned'])} 条，什么也没有写入，什么也没有发出。"]
    for planned in told["planned"]:
        lines += ["", f"发往 {planned['receiver']}（{planned['channel']}）：{planned['title']}", planned["text"]]
    return told, "\n".join(lines)


def _messages_test(asked: argparse.Namespace) -> Said:
    told = command(asked.workspace, "messages-test", channel=asked.channel, to=asked.to).payload
    to = f"，发往 {told['to']}" if told["to"] else ""
    return told, f"测试消息已由 {told['channel']}（{told['way']}）收下{to}，请查收。"


def _require_free(out: Path) -> None:
    if out.exists():
        raise WenxiaoError(f"{out} 已经存在，没有覆盖它。请换一个文件名。")
    # Asked beforehand: what is handed out stands in the log, so it must not be for a place that cannot be written.
    if not os.access(out.parent, os.W_OK):
        raise WenxiaoError(f"不能写入 {out}：目录不存在，或没有写入的权限。请换一个可写的位置。")


def _write_new(out: Path, content: bytes) -> None:
    unfinished = out.with_name(f"{out.name}.part")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, out)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise WenxiaoError(f"不能写入 {out}：目录不存在、没有写入的权限，或磁盘已满。请换一个可写的位置。") from error


ANSWERS: dict[str, Callable[[argparse.Namespace], Said]] = {
    "archive": _archive,
    "import actuals": _import_actuals,
    "import export": _import_export,
    "papers": _papers,
    "lake push": _push_lake,
    "audit verify": _verify_log,
    "audit export": _export_log,
    "backup": _backup,
    "restore": _restore,
    "salvage": _salvage,
    "doctor": _doctor,
    "messages send": _messages_send,
    "messages test": _messages_test,
}

"""Commands that need a workspace: the same function whether the file is opened or a running server does it."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.rights import ADMINISTRATOR, PREFECTURE_OFFICER
from dashboard.workspace import Workspace
from data.audit import Actor
from data.errors import NotFoundError, RefusedError

if TYPE_CHECKING:
    from dashboard.messages.channels import Post

ORIGIN = "命令行"
Parameters = Mapping[str, str]


@dataclass(frozen=True)
class Carried:
    """What a command gives: words for a program, and a file's bytes if it makes one."""

    payload: dict[str, Any]
    content: bytes = b""


@dataclass(frozen=True)
class WorkspaceCommand:
    """A command, and as what the machine's owner gives it: whoever can read the store may, and no more."""

    role: str
    run: Callable[[Workspace, Actor, bytes, Parameters], Carried]


def carry_out(workspace: Workspace, user: str, name: str, content: bytes, parameters: Parameters) -> Carried:
    """Run a command on an open workspace.

    Raises: NotFoundError if there is no such command; whatever the command raises.
    """
    command = COMMANDS.get(name)
    if command is None:
        raise NotFoundError(f"正在运行的服务不认识命令“{name[:40]}”：请用同一版本的程序。")
    return command.run(workspace, Actor(user, command.role, origin=ORIGIN), content, parameters)


def user_name() -> str:
    """Who runs this process, as the log shows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "本机用户"


def _archive(workspace: Workspace, actor: Actor, _: bytes, parameters: Parameters) -> Carried:
    from dashboard.actions.archives import export_archive
    from dashboard.audit_archive import result_counts

    rounds = parameters.get("rounds", "").split()
    made = export_archive(workspace.store, actor, workspace.settings.now(), rounds)
    return Carried({"results": result_counts(made.content), "receipt": str(made.entry)}, made.content)


def _import_actuals(workspace: Workspace, actor: Actor, content: bytes, parameters: Parameters) -> Carried:
    from dashboard.actions.imports import import_actuals
    from dashboard.api.imported import import_as_json

    settings, dry_run = workspace.settings, parameters.get("dry_run") == "1"
    receipt = import_actuals(
        workspace.store, actor, settings.now(), content, parameters["file_name"], settings.region_code, dry_run=dry_run
    )
    return Carried(import_as_json(receipt, dry_run=dry_run, rows=False))


def _import_export(workspace: Workspace, actor: Actor, _: bytes, parameters: Parameters) -> Carried:
    from dashboard.actions.docking import load_export
    from dashboard.api.docked import export_as_json, export_plan
    from data.docking.person_key import read_or_make_key

    days = [date.fromisoformat(parameters[name]) if parameters.get(name) else None for name in ("from_on", "to_on")]
    plan = export_plan(workspace, parameters["system"], parameters["kind"], days[0], days[1], parameters["unit"])
    # By its path: such a file may be larger than the memory, and whoever runs this could read it anyway.
    path = Path(parameters["path"])
    loaded = load_export(
        workspace.store, actor, workspace.settings.now(), read_or_make_key(workspace.folder), path, path.name, plan,
        dry_run=parameters.get("dry_run") == "1", may_shrink=parameters.get("yes") == "1",
    )
    return Carried(export_as_json(loaded))


def _papers(workspace: Workspace, actor: Actor, _: bytes, parameters: Parameters) -> Carried:
    from dashboard.actions.issued_papers import Desk, issue_batch, issue_paper
    from dashboard.api.issued import issued_as_json, order_of
    from dashboard.papers.head import head_template

    order = order_of(
        workspace, parameters["paper"], parameters["notice"], parameters["round"], parameters["as_of"],
        parameters["unit"], int(parameters["inquiry"]), parameters["form"],
    )
    desk = Desk(workspace.settings, head_template(workspace.folder))
    issue = issue_batch if parameters["batch"] == "1" else issue_paper
    made = issue(workspace.store, actor, workspace.settings.now(), order, desk)
    return Carried(issued_as_json(made), made.content)


def _verify_log(workspace: Workspace, _: Actor, __: bytes, parameters: Parameters) -> Carried:
    from data.audit import logged, prove_log

    with workspace.store.reading() as cursor:
        rows = logged(cursor)
    proved = prove_log(rows, parameters.get("last_hash", ""))
    return Carried({"entries": proved.entry_count, "last_hash": proved.last_hash, "kept_entry": proved.kept_no})


def _export_log(workspace: Workspace, actor: Actor, _: bytes, parameters: Parameters) -> Carried:
    from dashboard.actions.log_export import export_log
    from metrics.boards.log import LogSearch

    made = export_log(workspace.store, actor, workspace.settings.now(), LogSearch(), parameters["kind"])
    return Carried({"entries": made.row_count, "receipt": str(made.entry)}, made.content)


def _backup(workspace: Workspace, actor: Actor, _: bytes, parameters: Parameters) -> Carried:
    from dashboard.actions.backups import make_backup

    made = make_backup(
        workspace.store, actor, workspace.settings.now(), Path(parameters["path"]), int(parameters["keep"])
    )
    held = made.backup
    return Carried({
        "backup": str(held.path), "sha256": held.sha256, "byte_count": held.byte_count, "row_count": held.row_count,
        "last_hash": held.last_hash, "log_fault": held.log_fault, "receipt": str(made.entry),
        "dropped": [path.name for path in made.dropped],
    })


def _doctor(workspace: Workspace, _: Actor, __: bytes, ___: Parameters) -> Carried:
    from dashboard.doctor import examination_as_json, examine

    return Carried(examination_as_json(examine(workspace)))


def _messages_send(workspace: Workspace, _: Actor, __: bytes, parameters: Parameters) -> Carried:
    from dashboard.messages.sender import plan_messages, planned_as_json, send_messages

    post = _post(workspace)
    if parameters.get("dry_run") == "1":
        return Carried({"dry_run": True, "planned": planned_as_json(plan_messages(workspace, post), post)})
    done = send_messages(workspace, post)
    return Carried({
        "dry_run": False, "queued_count": done.queued_count, "sent_count": done.sent_count,
        "failed_count": done.failed_count,
    })


def _messages_test(workspace: Workspace, actor: Actor, _: bytes, parameters: Parameters) -> Carried:
    from dashboard.messages.sender import try_channel

    post = _post(workspace)
    key = parameters["channel"]
    if key not in post.channels:
        raise NotFoundError(f"没有渠道“{key[:30]}”：设置文件里有 {'、'.join(post.channels)}。")
    channel = post.channels[key]
    try_channel(post, channel, parameters.get("to", ""), workspace.settings.now(), actor.name)
    return Carried({"channel": key, "way": channel.way, "to": parameters.get("to", "")})


def _post(workspace: Workspace) -> Post:
    from dashboard.messages.channels import FILE_NAME, read_post

    if workspace.settings.is_demonstration:
        raise RefusedError("这是演示，不往外发消息。")
    post = read_post(workspace.folder)
    if post is None:
        raise NotFoundError(f"{workspace.folder / FILE_NAME} 不在，没有可用的渠道。写法见使用说明。")
    return post


def _push_lake(workspace: Workspace, actor: Actor, _: bytes, parameters: Parameters) -> Carried:
    from dashboard.actions.lakes import push_to_lake

    settings = workspace.settings
    # By its path, as an export is read: whoever runs this could write there anyway.
    made = push_to_lake(workspace.store, actor, settings.now(), settings, Path(parameters["path"]))
    return Carried({"store_id": settings.region_code, "rows": made.counts, "receipt": str(made.entry)})


COMMANDS: dict[str, WorkspaceCommand] = {
    "archive": WorkspaceCommand(PREFECTURE_OFFICER, _archive),
    "import-actuals": WorkspaceCommand(PREFECTURE_OFFICER, _import_actuals),
    "import-export": WorkspaceCommand(PREFECTURE_OFFICER, _import_export),
    "papers": WorkspaceCommand(PREFECTURE_OFFICER, _papers),
    "lake-push": WorkspaceCommand(PREFECTURE_OFFICER, _push_lake),
    "audit-verify": WorkspaceCommand(ADMINISTRATOR, _verify_log),
    "audit-export": WorkspaceCommand(ADMINISTRATOR, _export_log),
    "backup": WorkspaceCommand(ADMINISTRATOR, _backup),
    "doctor": WorkspaceCommand(ADMINISTRATOR, _doctor),
    "messages-send": WorkspaceCommand(ADMINISTRATOR, _messages_send),
    "messages-test": WorkspaceCommand(ADMINISTRATOR, _messages_test),
}

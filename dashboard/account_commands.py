"""Commands for whoever owns the machine: the first start, and accounts when nobody can sign in.

They open the store themselves: while a server runs they are refused, and the page does the same.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from getpass import getpass
from pathlib import Path
from typing import Any

from dashboard.actions.accounts import NewAccount, account_row, change_account, state_of
from dashboard.actions.credentials import enrol, reset_password, reset_totp
from dashboard.actions.foundation import HAS_ACCOUNTS, Foundation, found_workspace, has_accounts
from dashboard.arguments import UsageError
from dashboard.auth.sessions import Sessions
from dashboard.cli import Answer
from dashboard.rights import ADMINISTRATOR, ROLE_NAMES, read_board
from dashboard.workspace import STORE_NAME, Workspace, open_existing, open_workspace
from dashboard.workspace_commands import ORIGIN, user_name
from data.audit import Actor
from data.errors import BusyStoreError, NotFoundError, RefusedError
from data.intake.units import COLUMNS_SENTENCE, read_units
from metrics.boards import people

_ASKED = {
    "bureau": "单位名称，例如 巴州财政局",
    "region": "区划代码，6 位数字，例如 652800",
    "units": f"单位名单（CSV 或 Excel，{COLUMNS_SENTENCE}），没有请直接回车",
    "admin": "系统管理员登录名（小写字母、数字或 . _ @ -）",
    "admin_name": "系统管理员姓名",
}


def init(asked: argparse.Namespace) -> Answer:
    """Found a workspace by what the options say, and ask for the rest."""
    folder: Path = asked.directory
    if (folder / STORE_NAME).exists():
        with _opened(folder) as held:
            if has_accounts(held.store):
                raise RefusedError(HAS_ACCOUNTS)
    words = _words(asked)
    units = read_units(Path(words["units"])) if words["units"] else ()
    wanted = Foundation(
        words["bureau"], words["region"], words["admin"], words["admin_name"], _password(asked.password_stdin), units
    )
    workspace = open_workspace(folder)
    try:
        entry = found_workspace(workspace.store, workspace.settings.now(), ORIGIN, wanted)
        count = len(workspace.store.query("recipients"))
    finally:
        workspace.store.close()
    payload = {"workspace": str(folder), "account_id": wanted.account_id, "units": count, "receipt": str(entry)}
    return Answer(payload, (
        f"已启用 {folder}：{wanted.bureau_name.strip()}，单位 {count} 个，系统管理员 {wanted.account_id}，"
        f"办理记录{entry}。\n"
        f"下一步：wenxiao serve --workspace {folder}，用 {wanted.account_id} 登录，在“账号与安全”里建立其他人的账号。"
    ))


def listed(asked: argparse.Namespace) -> Answer:
    """Every account, without secrets."""
    with _opened(asked.workspace) as workspace:
        table = read_board(workspace.store, _owner(), people.accounts)
    rows: list[dict[str, Any]] = [
        {"account_id": row["account_id"], "person_name": row["person_name"], "role": row["role"],
         "recipient_id": row["recipient_id"], "is_disabled": bool(row["is_disabled"]),
         "has_password": bool(row["has_password"]), "has_totp": bool(row["has_totp"])}
        for row in table.to_dict("records")
    ]
    lines = [
        "\t".join((row["account_id"], row["person_name"], ROLE_NAMES.get(row["role"], row["role"]),
                   row["recipient_id"] or "州级", "已停用" if row["is_disabled"] else "启用"))
        for row in rows
    ]
    return Answer(rows, "\n".join(lines) or "还没有账号：请用 wenxiao init 启用，或启动服务后打开印出的链接。")


def add(asked: argparse.Namespace) -> Answer:
    """A new account with an initial password, which is printed this once."""
    with _opened(asked.workspace) as workspace:
        new = NewAccount(asked.account_id, asked.person_name, _role(asked.role), _unit(workspace, asked.unit))
        made = enrol(workspace.store, _owner(), workspace.settings.now(), new)
    return Answer(
        {"account_id": new.account_id, "initial_password": made.password, "receipt": str(made.entry)},
        f"已新建账号 {new.account_id}，办理记录{made.entry}。初始密码（只显示这一次，首次登录须改密）：{made.password}",
    )


def reset(asked: argparse.Namespace) -> Answer:
    """A new initial password, or with ``--totp`` an end of the second factor."""
    with _opened(asked.workspace) as workspace:
        store, at = workspace.store, workspace.settings.now()
        end_sessions = Sessions(store).end_all_of
        if asked.totp:
            entry = reset_totp(store, _owner(), at, asked.account_id, end_sessions)
            return Answer(
                {"account_id": asked.account_id, "receipt": str(entry)},
                f"已重设 {asked.account_id} 的动态口令，办理记录{entry}。",
            )
        made = reset_password(store, _owner(), at, asked.account_id, end_sessions)
    return Answer(
        {"account_id": asked.account_id, "initial_password": made.password, "receipt": str(made.entry)},
        f"已重设 {asked.account_id} 的密码并解除锁定，办理记录{made.entry}。"
        f"初始密码（只显示这一次，首次登录须改密）：{made.password}",
    )


def disable(asked: argparse.Namespace) -> Answer:
    """Close an account, or with ``--enable`` open it again."""
    with _opened(asked.workspace) as workspace:
        store = workspace.store
        with store.reading() as cursor:
            before = state_of(account_row(cursor, asked.account_id))
        entry = change_account(
            store, _owner(), workspace.settings.now(), asked.account_id, replace(before, is_disabled=not asked.enable),
            Sessions(store).end_all_of,
        )
    done = "启用" if asked.enable else "停用"
    return Answer(
        {"account_id": asked.account_id, "is_disabled": not asked.enable, "receipt": str(entry)},
        f"已{done} {asked.account_id}，办理记录{entry}。",
    )


@contextmanager
def _opened(folder: Path) -> Iterator[Workspace]:
    """The workspace of a folder, closed at the end.

    Raises: BusyStoreError that leads to the page while a server runs; NotFoundError.
    """
    try:
        workspace = open_existing(folder)
    except BusyStoreError as error:
        raise BusyStoreError(
            f"{folder} 的问效服务正在运行：请在网页“账号与安全”里办理；没有人能登录的，先停止服务再执行这条命令。"
        ) from error
    try:
        yield workspace
    finally:
        workspace.store.close()


def _owner() -> Actor:
    return Actor(user_name(), ADMINISTRATOR, origin=ORIGIN)


def _words(asked: argparse.Namespace) -> dict[str, str]:
    """What the options say; the rest is asked for where a person sits in front of it.

    Raises: UsageError naming every option that lacks where nobody can be asked.
    """
    words = {key: getattr(asked, key) for key in _ASKED}
    can_ask = sys.stdin.isatty() and not asked.password_stdin
    if not can_ask:
        lacking = [f"--{key.replace('_', '-')}" for key, word in words.items() if word is None and key != "units"]
        if lacking:
            raise UsageError(f"缺少 {'、'.join(lacking)}：不在终端里执行时要全部写明。")
    return {
        key: word if word is not None else (_answer(f"{_ASKED[key]}：") if can_ask else "")
        for key, word in words.items()
    }


def _answer(question: str) -> str:
    # On standard error: with --json, standard output is for programs.
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def _password(from_stdin: bool) -> str:
    """The first administrator's password, never from an option: those are seen by everybody on the machine."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UsageError("不在终端里执行时，请加 --password-stdin，从标准输入给出密码。")
    password = getpass("系统管理员密码：")
    if getpass("再输入一次密码：") != password:
        raise RefusedError("两次输入的密码不一样，什么也没有写入，请重新执行。")
    return password


def _role(name: str) -> str:
    for key, title in ROLE_NAMES.items():
        if name in (key, title):
            return key
    raise UsageError(f"没有角色“{name[:20]}”，可以是{'、'.join(ROLE_NAMES.values())}。")


def _unit(workspace: Workspace, name: str) -> str:
    if not name:
        return ""
    for row in workspace.store.query("recipients").to_dict("records"):
        if name in (row["recipient_id"], row["recipient_name"], row["short_name"]):
            return str(row["recipient_id"])
    raise NotFoundError(f"没有名为“{name[:40]}”的单位，请核对单位名称。")

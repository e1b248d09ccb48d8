"""The command line beside a running server: what the file cannot be opened for, the server is asked to do.

A server writes where it listens and a fresh token into ``server.json`` in its workspace, for its owner only:
who can read that file could read the store itself. The token is good for the commands and for nothing else.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dashboard.workspace import open_existing
from dashboard.workspace_commands import Carried, carry_out, user_name
from data.errors import BusyStoreError, ForwardedError, WenxiaoError

FILE_NAME = "server.json"
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 900.0


@dataclass(frozen=True)
class RunningServer:
    """Where the server of a workspace listens, and what it takes a command by."""

    address: str
    token: str


def new_token() -> str:
    """A token for one run of a server."""
    return secrets.token_urlsafe(32)


@contextmanager
def announced(folder: Path, server: RunningServer) -> Iterator[None]:
    """Say where the server is while the block runs; nobody but its owner can read it."""
    path = folder / FILE_NAME
    unfinished = folder / f".{FILE_NAME}.{os.getpid()}"
    with suppress(FileNotFoundError):
        unfinished.unlink()
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump({"address": server.address, "token": server.token}, out)
    os.replace(unfinished, path)    # a reader sees the old one or the whole new one
    try:
        yield
    finally:
        if running_server(folder) == server:
            path.unlink(missing_ok=True)


def running_server(folder: Path) -> RunningServer | None:
    """What the last server of a workspace wrote; it may have been killed since."""
    try:
        told = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        return RunningServer(str(told["address"]), str(told["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def command(folder: Path, name: str, content: bytes = b"", **parameters: str) -> Carried:
    """Run a command on a workspace: on the opened file, or through the server that holds it.

    Raises: BusyStoreError if something else holds the file; whatever the command raises, as ForwardedError
    where the server refused it.
    """
    try:
        workspace = open_existing(folder)
    except BusyStoreError as busy:
        return _asked(folder, busy, name, content, parameters)
    try:
        return carry_out(workspace, user_name(), name, content, parameters)
    finally:
        workspace.store.close()


def _asked(
    folder: Path, busy: BusyStoreError, name: str, content: bytes, parameters: Mapping[str, str]
) -> Carried:
    import httpx

    server = running_server(folder)
    if server is None:
        raise BusyStoreError(f"{folder} 正被另一个程序使用，而且不是问效服务：请等它结束后再试。") from busy
    headers = {
        "Authorization": f"Bearer {server.token}", "Wenxiao-User": quote(user_name()),
        "Content-Type": "application/octet-stream",
    }
    try:
        # The machine's proxy settings must not stand between a command and its own server.
        with httpx.Client(timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS), trust_env=False) as client:
            found = client.post(
                f"{server.address}/api/v1/local/{name}", params=dict(parameters), content=content, headers=headers
            )
    except httpx.HTTPError as error:
        raise BusyStoreError(
            f"{folder} 正被另一个程序使用，问效服务（{server.address}）没有应答：请稍后再试，或重新启动服务。"
        ) from error
    return _received(folder, found.status_code, found.content)


def _received(folder: Path, status: int, content: bytes) -> Carried:
    head, _, rest = content.partition(b"\n")
    try:
        payload = json.loads(head)
    except ValueError:
        payload = None
    if status == 200 and isinstance(payload, dict):
        return Carried(payload, rest)
    if status != 401 and isinstance(payload, dict) and "sentence" in payload.get("error", {}):
        raise ForwardedError(payload)
    raise WenxiaoError(f"{folder} 的问效服务没有接受这条命令：请用同一版本的程序，或重新启动服务后再试。")


def packed(carried: Carried) -> bytes:
    """What a command gives, on its way back: one line of JSON, then the file."""
    return json.dumps(carried.payload, ensure_ascii=False, allow_nan=False).encode() + b"\n" + carried.content

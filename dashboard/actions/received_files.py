"""Files as received: kept once each, by their bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime

from data.audit import Actor
from data.docking.person_words import holds_number
from data.errors import RefusedError
from data.store import Cursor

MAX_NAME_LENGTH = 120


def keep_file(cursor: Cursor, actor: Actor, at: datetime, file_name: str, content: bytes) -> str:
    """Keep the bytes of a received file once, inside the caller's transaction; its fingerprint."""
    sha256 = hashlib.sha256(content).hexdigest()
    if cursor.query("received_file_name", file_sha256=sha256).empty:
        cursor.insert("received_file", [{
            "file_sha256": sha256, "file_name": file_name, "content": content, "received_at": at,
            "received_by": actor.name,
        }])
    return sha256


def require_plain_name(file_name: str) -> None:
    """Let a file be kept under its name only where that is short and no person's: it stays in store and log.

    Raises: RefusedError if it is too long, or holds a number of a person or a mobile telephone.
    """
    if len(file_name) > MAX_NAME_LENGTH:
        raise RefusedError(f"文件名有 {len(file_name)} 字，超过 {MAX_NAME_LENGTH} 字上限，请改短后再附。")
    if holds_number(file_name):
        raise RefusedError("文件名里不能有证件号码或手机号码，请改名后再附。")

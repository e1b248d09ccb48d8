"""Files as received: kept once each, by their bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime

from data.audit import Actor
from data.store import Cursor


def keep_file(cursor: Cursor, actor: Actor, at: datetime, file_name: str, content: bytes) -> str:
    """Keep the bytes of a received file once, inside the caller's transaction; its fingerprint."""
    sha256 = hashlib.sha256(content).hexdigest()
    if cursor.query("received_file_name", file_sha256=sha256).empty:
        cursor.insert("received_file", [{
            "file_sha256": sha256, "file_name": file_name, "content": content, "received_at": at,
            "received_by": actor.name,
        }])
    return sha256

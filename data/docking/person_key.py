"""The key that persons are hashed with: a file beside the store or elsewhere, never in the store.

Whoever holds the store alone cannot find a person in it by trying all numbers; whoever holds both can.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from data.errors import WenxiaoError

FILE_NAME = "person.key"
VARIABLE = "WENXIAO_PERSON_KEY"
KEY_BYTES = 32
_BLOCK = 64     # of SHA-256


def key_path(folder: Path) -> Path:
    """Where the key of a workspace is kept: in its folder, or where the environment says."""
    asked = os.environ.get(VARIABLE)
    return Path(asked) if asked else folder / FILE_NAME


def read_or_make_key(folder: Path) -> bytes:
    """The key of a workspace, made when it is first needed; readable by its owner only.

    Raises: WenxiaoError if the file cannot be used.
    """
    path = key_path(folder)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    except OSError as error:
        raise WenxiaoError(f"不能写入人员密钥文件 {path}：请检查目录和权限。") from error
    else:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(secrets.token_hex(KEY_BYTES) + "\n")
            out.flush()
            os.fsync(out.fileno())
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise WenxiaoError(f"人员密钥文件 {path} 读不出：请从备份恢复原来的密钥文件。") from error
    if len(key) != KEY_BYTES:
        raise WenxiaoError(f"人员密钥文件 {path} 不完整：请从备份恢复原来的密钥文件。")
    return key


def fingerprint(key: bytes) -> str:
    """What the store keeps of the key: enough to know it again, nothing to hash with."""
    return hmac.new(key, b"wenxiao person key", hashlib.sha256).hexdigest()[:16]


def pads(key: bytes) -> dict[str, bytes]:
    """The two blocks that HMAC-SHA256 begins with, as the parameters of the SQL that hashes whole columns."""
    block = key.ljust(_BLOCK, b"\0")
    return {"inner_pad": bytes(byte ^ 0x36 for byte in block), "outer_pad": bytes(byte ^ 0x5C for byte in block)}

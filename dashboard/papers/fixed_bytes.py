"""The same content gives the same bytes: what a zip notes of its own making is taken out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)


def fixed_zip(content: bytes) -> bytes:
    """A document or workbook, which is a zip, with one moment for every part."""
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return pack({name: made.read(name) for name in made.namelist()})


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Files as a zip, in their order; their names are Chinese words."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, content in parts.items():
            out.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()

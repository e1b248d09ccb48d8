"""Change how the exports of the two systems are read: which head is which field, which word means what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dashboard.rights import require
from data.audit import Actor, LogEntry, append, stamp
from data.docking.mapping import (
    ExportField,
    ExportMapping,
    even,
    export_title,
    keep_mapping,
    keep_shipped_mappings,
    mapping_in_force,
    shipped_mappings,
)
from data.errors import RefusedError
from data.intake.columns import MAX_TEXT_LENGTH
from data.store import Store


def adopt_mapping(
    store: Store, actor: Actor, at: datetime, system_name: str, record_kind: str,
    heads: Sequence[tuple[str, str, str]], words: Sequence[tuple[str, str, str]], reason: str,
) -> LogEntry:
    """Keep a new version of how an export is read; exports loaded before stay as they were read.

    ``heads`` are (field, head, unit), the best head of a field first; ``words`` are (field, word, value).

    Raises: RefusedError with every fault at once.
    """
    require(actor, "adopt_mapping")
    with store.transaction() as cursor:
        keep_shipped_mappings(cursor)
        held = mapping_in_force(cursor, system_name, record_kind)
        made = _changed_mapping(held, heads, words, reason)
        at = stamp(cursor, at)
        keep_mapping(cursor, made, at, actor.name, "本单位", reason.strip())
        return append(cursor, actor, at, "adopt_mapping", export_title(system_name, record_kind), {
            "before": _as_words(held), "after": _as_words(made), "reason": reason.strip(),
        })


def _changed_mapping(
    held: ExportMapping, heads: Sequence[tuple[str, str, str]], words: Sequence[tuple[str, str, str]], reason: str
) -> ExportMapping:
    # A field that an earlier version left out may come back.
    known = {one.name: one for one in (*shipped_mappings()[held.key].fields, *held.fields)}
    values = {name: set(found.values()) for name, found in shipped_mappings()[held.key].words.items()}
    faults = []
    if not reason.strip():
        faults.append("没有写修改理由")
    if len(reason.strip()) > MAX_TEXT_LENGTH:
        faults.append(f"修改理由超过 {MAX_TEXT_LENGTH} 字")
    of_field: dict[str, list[str]] = {}
    units: dict[str, str] = {}
    for name, head, unit in heads:
        if name not in known:
            faults.append(f"没有“{name}”这个数据项")
        elif not head.strip() or len(head) > 60:
            faults.append(f"“{known[name].heads[-1]}”的表头是空的或超过 60 字")
        elif bool(known[name].unit_text) != (unit in ("元", "万元")):
            faults.append(f"“{known[name].heads[-1]}”的单位应为元或万元" if known[name].unit_text
                          else f"“{known[name].heads[-1]}”不是金额，不用填单位")
        else:
            of_field.setdefault(name, []).append(head.strip())
            units[name] = unit
    every = [even(head) for found in of_field.values() for head in found]
    faults += [f"表头“{head}”用了两次" for head in dict.fromkeys(h for h in every if every.count(h) > 1)]
    faults += [f"“{one.heads[-1]}”是必有的数据项，至少留一个表头" for one in known.values()
               if one.is_required and one.name not in of_field]
    # As words are compared when an export is read.
    spoken = [(name, even(word)) for name, word, _ in words]
    faults += [f"用词“{word.strip()}”在同一数据项里写了两次（大小写、全角半角和空格不作区别）"
               for (name, word, _), said in zip(words, spoken, strict=True) if word.strip() and spoken.count(said) > 1]
    told: dict[str, dict[str, str]] = {}
    for name, word, value in words:
        if name not in values or value not in values[name]:
            faults.append(f"用词“{word}”对应的取值不认识")
        elif not word.strip():
            faults.append("有一个用词是空的")
        else:
            told.setdefault(name, {})[word.strip()] = value
    faults += [f"“{known[name].heads[-1]}”的用词都删掉了，至少留一个" for name in of_field
               if known[name].is_required and name in values and name not in told]
    if faults:
        raise RefusedError("对照表没有保存：" + "；".join(dict.fromkeys(faults)) + "。")
    made = ExportMapping(
        held.key, held.version + 1, held.system_name, held.record_kind,
        tuple(
            ExportField(name, tuple(found), units[name], known[name].is_required) for name, found in of_field.items()
        ),
        told,
    )
    if _as_words(made) == _as_words(held):
        raise RefusedError("对照表没有变化，不需要保存。")
    return made


def _as_words(mapping: ExportMapping) -> dict[str, Any]:
    return {
        "heads": {one.name: [*one.heads, *([one.unit_text] if one.unit_text else [])] for one in mapping.fields},
        "words": {name: dict(found) for name, found in mapping.words.items()},
    }

"""A message in the form of its channel: plain words, a page of HTML, or the little Markdown that robots read."""

from __future__ import annotations

import html

from dashboard import look
from dashboard.messages.letters import Letter

# Group robots read these as marks; a name or a figure must not turn into one.
_PLAIN = str.maketrans({
    "[": "［", "]": "］", "<": "＜", ">": "＞", "*": "＊", "`": "｀", "#": "＃", "_": "＿", "\\": "＼", "~": "～",
})


def plain(letter: Letter, address: str) -> str:
    """As words: each group, each line with its number and its link."""
    parts, number = [], 0
    for words, lines in letter.groups():
        parts.append(f"【{words}】")
        for line in lines:
            number += 1
            parts.append(f"{number}. {line.text}" + (f"\n   {address}{line.path}" if line.path else ""))
        parts.append("")
    return "\n".join([*parts, letter.closing, f"{address}/messages", ""])


def as_html(letter: Letter, address: str) -> str:
    """As a page for a mail program: no picture, nothing loaded from anywhere."""
    parts, number = [], 0
    for words, lines in letter.groups():
        parts.append(f'<h3 style="margin:1em 0 .3em;font-size:15px;color:{look.INK}">{html.escape(words)}</h3>')
        for line in lines:
            number += 1
            target = html.escape(address + line.path)
            link = f' <a href="{target}" style="color:{look.ACCENT}">{line.way} ›</a>' if line.path else ""
            parts.append(f'<p style="margin:.3em 0">{number}. {html.escape(line.text)}{link}</p>')
    parts.append(
        f'<p style="margin-top:1.5em;color:{look.MUTED};font-size:13px">{html.escape(letter.closing)} '
        f'<a href="{html.escape(address)}/messages" style="color:{look.MUTED}">更改接收方式</a></p>'
    )
    return (
        '<!doctype html><html lang="zh-CN"><body style="font-size:15px;line-height:1.6">'
        + "".join(parts) + "</body></html>"
    )


def markdown(letter: Letter, address: str, most_bytes: int) -> str:
    """As a robot's message of at most so many bytes: what does not fit is counted, not cut in the middle."""
    head = f"**{letter.subject.translate(_PLAIN)}**"
    rows = []
    for words, lines in letter.groups():
        rows.append(f"**{words}**")
        for line in lines:
            link = f" [{line.way}]({address}{line.path})" if line.path else ""
            rows.append(f"> {line.text.translate(_PLAIN)}{link}")
    tail = f"{letter.closing} [打开问效]({address})"
    for kept in range(len(rows), -1, -1):
        left = sum(row.startswith("> ") for row in rows[kept:])
        more = [f"另有 {left} 件，请打开问效查看。"] if left else []
        text = "\n".join([head, *rows[:kept], *more, tail])
        if len(text.encode()) <= most_bytes:
            return text
    return head[:most_bytes // 4]

"""Tables and words of the page 消息提醒."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from dashboard import labels, look
from dashboard.kept import kept
from dashboard.labels import Mark
from dashboard.messages.channels import KIND_WORDS, Post
from dashboard.messages.letters import Letter
from dashboard.messages.outbox import DIGEST, TEST
from dashboard.messages.receivers import GROUP_MARK, group_of
from dashboard.rights import ROLE_NAMES

MESSAGE_KINDS = {
    DIGEST: "每日摘要", "returned": "填报退回", "inquiry": "问效单", "inquiry_returned": "问效单退回", TEST: "测试",
}
STATE_MARKS = {
    "given_up": Mark("没有送达", "■", "square", look.BAD),
    "sending": Mark("正在发送", "◇", "diamond-open", look.ACCENT),
    "waiting": Mark("等待发送", "○", "circle-open", look.QUIET),
    "sent": Mark("已发出", "●", "circle", look.GOOD),
    "dropped": Mark("没有发送", "✕", "x-thin-open", look.OPEN),
}
NOTHING_TODAY = "今天没有要提醒的事项：这样的日子不发摘要。"


@kept
def headline(post: Post | None, addresses: Mapping[str, Any], *, is_demonstration: bool) -> str:
    """Whether and where the person gets messages, in one sentence."""
    if is_demonstration:
        return "演示不往外发消息，这里只给出今天会发给您的摘要。"
    if post is None:
        return "本单位还没有设置消息渠道，什么也不往外发；您今天的摘要在这里看。"
    held = [
        f"{channel.title} {addresses[channel.key]['mail_address']}"
        for channel in post.mail() if channel.key in addresses
    ]
    if not held:
        return f"您还没有登记接收地址。登记以后，工作日 {post.digest_at:%H:%M} 收到当天的摘要。"
    if not any(addresses[channel.key]["is_digest_on"] for channel in post.mail() if channel.key in addresses):
        return f"消息发到{'、'.join(held)}；每日摘要已关，填报退回、问效单仍即时告知。"
    return f"工作日 {post.digest_at:%H:%M} 的摘要发到{'、'.join(held)}。"


def rules() -> str:
    """What is sent, and what never is."""
    return (
        "每人每天最多一份摘要：逾期的、今天到期的、等您办理的、新增的，没有事项的日子不发。只有两件事即时告知："
        "填报被退回、开出问效单。夜间和休息日不发，留到下一个工作日早上。消息只含您有权看到的内容，不含人写的意见，更不含救助对象的信息。"
    )


@kept
def letter(told: Letter) -> str:
    """A digest as it would be sent, each line with its page."""
    parts, number = [f'<div class="wx-paper">{html.escape(told.subject)}</div>'], 0
    for words, lines in told.groups():
        parts.append(f"<h4>{html.escape(words)}</h4><ol class=\"wx-list\">")
        for line in lines:
            number += 1
            link = f' <a href="{html.escape(line.path)}" target="_self">{line.way} ›</a>' if line.path else ""
            parts.append(f'<li><span class="wx-no">{number}</span>{html.escape(line.text)}{link}</li>')
        parts.append("</ol>")
    return "".join(parts)


@kept
def own(rows: Sequence[Mapping[str, Any]], post: Post | None) -> pd.DataFrame:
    """What was sent to the person, and when."""
    return pd.DataFrame({
        "时间": [labels.moment(row["sent_at"] or row["made_at"]) for row in rows],
        "类别": [MESSAGE_KINDS.get(row["message_kind"], row["message_kind"]) for row in rows],
        "标题": [row["title_text"] for row in rows],
        "渠道": [_channel_title(post, row["channel_key"]) for row in rows],
        "结果": [_outcome(row) for row in rows],
    })


@kept
def channels(post: Post, units: pd.DataFrame) -> pd.DataFrame:
    """The bureau's channels, without their secrets."""
    held = list(post.channels.values())
    return pd.DataFrame({
        "渠道": [channel.title for channel in held],
        "种类": [KIND_WORDS[channel.kind] for channel in held],
        "发往": [channel.way for channel in held],
        "接收人": [_whose(channel, units) for channel in held],
    })


@kept
def hours_sentence(post: Post, closes_at: Any) -> str:
    """When messages leave, in one sentence."""
    who = "由正在运行的服务发送" if post.sent_by == "server" else "只由命令发送（sent_by = command）"
    return (
        f"工作日 {post.opens_at:%H:%M} 至 {closes_at:%H:%M} 发送，摘要在 {post.digest_at:%H:%M} 生成，{who}；"
        f"消息里的链接以 {post.address} 开头。"
    )


@kept
def counts_sentence(outbox: pd.DataFrame) -> str:
    """How many messages stand how, in one sentence."""
    counts = outbox["message_state"].value_counts()
    said = [f"{mark.word} {counts[state]} 条" for state, mark in STATE_MARKS.items() if counts.get(state)]
    return f"发件箱共 {len(outbox)} 条：{'，'.join(said)}。" if said else "发件箱里还没有消息。"


@kept
def outbox(table: pd.DataFrame, post: Post | None) -> pd.DataFrame:
    """Every message with what became of it."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return pd.DataFrame({
        "序号": [str(row["message_no"]) for row in rows],
        "状态": [labels.marked(STATE_MARKS, row["message_state"]) for row in rows],
        "类别": [MESSAGE_KINDS.get(row["message_kind"], row["message_kind"]) for row in rows],
        "接收人": [_receiver(row, post) for row in rows],
        "渠道": [_channel_title(post, row["channel_key"]) for row in rows],
        "生成": [labels.moment(row["made_at"]) for row in rows],
        "发送次数": [int(row["attempt_count"]) for row in rows],
        "说明": [_outcome_words(row) for row in rows],
    })


@kept
def addresses(table: pd.DataFrame, post: Post | None) -> pd.DataFrame:
    """Where each person is reached."""
    rows = table.to_dict("records")
    return pd.DataFrame({
        "姓名": [row["person_name"] + ("（已停用）" if row["is_disabled"] else "") for row in rows],
        "角色": [ROLE_NAMES.get(row["role"], row["role"]) for row in rows],
        "单位": [row["unit_short_name"] if isinstance(row["unit_short_name"], str) else "州级" for row in rows],
        "渠道": [_channel_title(post, row["channel_key"]) for row in rows],
        "接收地址": [row["mail_address"] for row in rows],
        "每日摘要": ["开" if row["is_digest_on"] else "关" for row in rows],
    })


@kept
def given_up(table: pd.DataFrame) -> dict[int, str]:
    """The messages that could not be delivered, to be chosen for another try."""
    rows = table[table["message_state"] == "given_up"].to_dict("records")
    return {
        int(row["message_no"]): f"第 {row['message_no']} 条 {MESSAGE_KINDS.get(row['message_kind'], '')}"
        f" {_receiver(row, None)}" for row in rows
    }


@kept
def result_sentence(row: Mapping[str, Any]) -> str:
    """What became of a message that was sent from the page."""
    if row["message_state"] == "sent":
        return f"测试消息已发到 {row['sent_to_text']}，请查收。"
    return f"测试消息没有发出：{row['fault_text'] or '演示不往外发'}。"


def _whose(channel: Any, units: pd.DataFrame) -> str:
    if not channel.is_group:
        return "各人自己的邮箱"
    group = group_of(channel, units)
    if group is None:
        return f"没有找到单位“{channel.unit}”，不发送：请核对设置文件"
    return f"{group.name or '州级'}（群）"


def _receiver(row: Mapping[str, Any], post: Post | None) -> str:
    key = str(row["receiver_key"])
    if key.startswith(GROUP_MARK):
        return f"{_channel_title(post, key.removeprefix(GROUP_MARK))}（群）"
    name = row["person_name"]
    return name if isinstance(name, str) else key


def _channel_title(post: Post | None, key: str) -> str:
    return post.channels[key].title if post and key in post.channels else key


def _outcome(row: Mapping[str, Any]) -> str:
    words = _outcome_words(row)
    return labels.marked(STATE_MARKS, row["message_state"]) + (f"：{words}" if words else "")


def _outcome_words(row: Mapping[str, Any]) -> str:
    """Why a message has not left, and until when it waits; when it left."""
    if row["message_state"] == "sent":
        return f"{labels.moment(row['sent_at'])} 发出"
    fault = row["fault_text"]
    if row["message_state"] == "waiting" and isinstance(row["send_after"], datetime):
        after = f"{labels.moment(row['send_after'])} 以后"
        return f"{fault}；{after}再发" if fault else f"{after}发"
    return str(fault)

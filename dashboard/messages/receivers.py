"""Who receives messages, where, and as whom they see: open accounts with an address, and the groups of robots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard.messages.channels import Channel, Post
from dashboard.rights import COUNTY_APPROVER, PREFECTURE_OFFICER
from data.audit import Actor
from data.store import Cursor, Store

ORIGIN = "消息"
GROUP_MARK = "#"     # no account's name begins with it


@dataclass(frozen=True)
class Receiver:
    """One receiver on one channel; ``actor`` is whose view a message is made of, ``address`` is empty for a group."""

    key: str
    actor: Actor
    channel: Channel
    name: str
    address: str = ""
    wants_digest: bool = True


def receivers(store: Store | Cursor, post: Post) -> list[Receiver]:
    """Everybody who can be reached now: a group sees what an approver of its unit sees, or an officer.

    A closed account has no place here, nor a group whose unit is not on the list.
    """
    units = store.query("recipients")
    names = dict(zip(units["recipient_id"], units["recipient_name"], strict=True))
    return _people(store, post, "", names) + [
        group for channel in post.channels.values()
        if channel.is_group and (group := group_of(channel, units))
    ]


def receiver_of(store: Store | Cursor, post: Post, key: str, channel: Channel) -> Receiver | None:
    """As one of ``receivers``, but for the name, without asking for the others; None if it is none any more."""
    if key.startswith(GROUP_MARK):
        return group_of(channel, store.query("recipients")) if key == GROUP_MARK + channel.key else None
    return next((each for each in _people(store, post, key, {}) if each.channel == channel), None)


def _people(store: Store | Cursor, post: Post, account_id: str, names: Mapping[str, str]) -> list[Receiver]:
    """Those with an account; ``account_id`` is empty for all of them."""
    return [
        Receiver(
            row["account_id"],
            Actor(row["person_name"], row["role"], row["recipient_id"], row["account_id"], ORIGIN),
            post.channels[row["channel_key"]], names.get(row["recipient_id"], ""), row["mail_address"],
            bool(row["is_digest_on"]),
        )
        for row in store.query("message_receivers", account_id=account_id).to_dict("records")
        if row["channel_key"] in post.channels and not post.channels[row["channel_key"]].is_group
    ]


def name_of(store: Store | Cursor, actor: Actor) -> str:
    """The name of the unit that somebody belongs to; empty for the prefecture."""
    units = store.query("recipients").set_index("recipient_id")["recipient_name"]
    return str(units.get(actor.recipient_id, ""))


def group_of(channel: Channel, units: pd.DataFrame) -> Receiver | None:
    """The group of a robot; None if its unit is not on the list."""
    key = GROUP_MARK + channel.key
    if not channel.unit:
        return Receiver(key, Actor(channel.title, PREFECTURE_OFFICER, "", "", ORIGIN), channel, "")
    named = units[(units[["recipient_id", "recipient_name", "short_name"]] == channel.unit).any(axis=1)]
    if len(named) != 1:
        return None
    unit = named.iloc[0]
    actor = Actor(channel.title, COUNTY_APPROVER, unit["recipient_id"], "", ORIGIN)
    return Receiver(key, actor, channel, unit["recipient_name"])

"""The ways out of the house, by configuration alone: ``channels.toml`` in the workspace's folder, its owner's only.

    address = "https://wenxiao.example.gov.cn"    # where people open this server: every link begins with it
    digest_at = "09:30"      # when the day's digest is made, on working days
    opens_at = "09:30"       # nothing leaves before; what is to be told at once waits until then
    closes_at = "19:00"      # nothing leaves after; without it, when the office closes (日历与时限), else 19:00
    sent_by = "server"       # or "command": only by ``wenxiao messages send``, e.g. from cron

    [mail]                   # a channel's own name: small letters, digits, -
    kind = "email"
    name = "电子邮件"
    host = "smtp.example.gov.cn"
    port = 587               # by default 587, 465 for ssl, 25 for none
    security = "starttls"    # starttls, ssl, or none where the mail server knows neither
    user = "wenxiao"
    password = "…"
    sender = "wenxiao@example.gov.cn"
    domains = ["example.gov.cn"]     # only addresses of these may be entered; any without it
    ca_file = "bureau-ca.pem"        # only for a certificate authority of the bureau's own

    [hejing]                 # the robot of a group: the whole webhook address as WeCom or DingTalk show it
    kind = "wecom"           # or "dingtalk"
    name = "和静县工作群"
    webhook = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"
    secret = "SEC…"          # only for a DingTalk robot that asks for signatures
    unit = "和静县"          # whose digest the group gets; the prefecture's without it

    [feishu]                 # any other service of apprise, by its address: it only says whether, never why not
    kind = "apprise"
    name = "飞书群"
    url = "feishu://…"
"""

from __future__ import annotations

import re
import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from dashboard.auth.oidc_settings import is_safe_address
from data.errors import WenxiaoError

FILE_NAME = "channels.toml"
EMAIL, WECOM, DINGTALK, APPRISE = "email", "wecom", "dingtalk", "apprise"
KIND_WORDS = {EMAIL: "电子邮件", WECOM: "企业微信群机器人", DINGTALK: "钉钉群机器人", APPRISE: "其他服务"}
# What each kind needs and may have besides its kind and its name.
_REQUIRED = {EMAIL: ("host", "sender"), WECOM: ("webhook",), DINGTALK: ("webhook",), APPRISE: ("url",)}
_OPTIONAL = {
    EMAIL: ("port", "security", "user", "password", "domains", "ca_file"), WECOM: ("unit", "ca_file"),
    DINGTALK: ("unit", "secret", "ca_file"), APPRISE: ("unit",),
}
PORTS = {"starttls": 587, "ssl": 465, "none": 25}
SECURITY_WORDS = {"starttls": "先加密再登录", "ssl": "全程加密", "none": "不加密"}
# These have kinds of their own: apprise takes a robot's refusal for a delivery, and keeps the reason of a fault.
_OWN_SCHEMES = ("mailto", "mailtos", "wecombot", "dingtalk")
MAX_ADDRESS_LENGTH = 254
CLOSES_AT = time(19)     # where neither the file nor 日历与时限 says when the office closes


@dataclass(frozen=True, repr=False)
class Channel:
    """One way out; never printed, for it holds a secret. ``unit`` is as the file has it."""

    key: str
    kind: str
    name: str = ""
    host: str = ""
    port: int = 0
    security: str = "starttls"
    user: str = ""
    password: str = ""
    sender: str = ""
    domains: tuple[str, ...] = ()
    webhook: str = ""
    secret: str = ""
    url: str = ""
    unit: str = ""
    ca_file: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it leads to one group, rather than to each person's own address."""
        return self.kind != EMAIL

    @property
    def title(self) -> str:
        """What people call it."""
        return self.name or KIND_WORDS[self.kind]

    @property
    def way(self) -> str:
        """How it leads out, without a secret."""
        if self.kind == EMAIL:
            return f"{self.host}:{self.port}，{SECURITY_WORDS[self.security]}"
        return urlsplit(self.webhook).hostname or "" if self.webhook else self.url.partition(":")[0]


@dataclass(frozen=True, repr=False)
class Post:
    """The bureau's channels and when they are used; ``closes_at`` is None where the office's own time holds."""

    address: str
    channels: Mapping[str, Channel]
    digest_at: time = time(9, 30)
    opens_at: time = time(9, 30)
    closes_at: time | None = None
    sent_by: str = "server"

    def mail(self) -> list[Channel]:
        """The channels on which a person has an address of their own."""
        return [channel for channel in self.channels.values() if not channel.is_group]


def read_post(folder: Path) -> Post | None:
    """What the file says; None without a file.

    Raises: WenxiaoError with every fault of the file at once, or if others on this machine can read it.
    """
    path = folder / FILE_NAME
    try:
        mode = path.stat().st_mode
        words = tomllib.loads(path.read_text(encoding="utf-8-sig"))   # an editor of Windows writes a mark first
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise WenxiaoError(f"{path} 读不了，消息没有启用：请核对文件的权限和编码（UTF-8）。") from error
    except tomllib.TOMLDecodeError as error:
        # Only the place: the words around it may be a password.
        place = re.search(r"at (?:line (\d+)|end of document)", str(error))
        where = f"第 {place[1]} 行" if place and place[1] else "末尾"
        raise WenxiaoError(f"{path} {where}写得不对，消息没有启用：请核对引号、方括号和等号。") from None
    except (ValueError, RecursionError):
        raise WenxiaoError(f"{path} 里有过长的数或套得过深的方括号，消息没有启用：请照帮助里的样子重写。") from None
    if mode & 0o077:
        raise WenxiaoError(
            f"{path} 含有密钥，本机其他用户也能读，消息没有启用：请执行 chmod 600 {path}。"
        )
    faults: list[str] = []
    times = _times(words, faults)
    channels = {
        key: _channel(folder, key, told, faults) for key, told in words.items() if isinstance(told, dict)
    }
    faults += _head_faults(words, channels)
    if faults:
        raise WenxiaoError(f"{path} 有 {len(faults)} 处不对，消息没有启用：" + "；".join(faults) + "。")
    return Post(words["address"].rstrip("/"), channels, sent_by=words.get("sent_by", "server"), **times)


def address_fault(channel: Channel, address: str) -> str:
    """What is wrong with an address of a person; empty if messages can go there."""
    if not re.fullmatch(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", address):
        return f"“{address[:60]}”不是邮箱地址：请写成 姓名@单位域名 的样子"
    if len(address) > MAX_ADDRESS_LENGTH or ".." in address:
        return f"邮箱地址“{address[:60]}”不对，请核对"
    domain = address.rpartition("@")[2].lower()
    if channel.domains and domain not in channel.domains:
        return f"只能登记单位邮箱（{'、'.join(channel.domains)}），不能登记 {domain} 的邮箱"
    return ""


def _head_faults(words: Mapping[str, Any], channels: Mapping[str, Channel]) -> list[str]:
    known = ("address", "digest_at", "opens_at", "closes_at", "sent_by")
    faults = [
        f"不认识 {name}，可用的是 {'、'.join(known)}，渠道写在 [名称] 下面"
        for name, value in words.items() if name not in known and not isinstance(value, dict)
    ]
    faults += [f"{name} 不能是一组" for name in known if isinstance(words.get(name), dict)]
    address = words.get("address", "")
    parts = _parts(address) if isinstance(address, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        faults.append("address 应为人们打开问效的网址，以 http:// 或 https:// 开头")
    if words.get("sent_by", "server") not in ("server", "command"):
        faults.append("sent_by 应为 server 或 command")
    if not channels:
        faults.append("没有一个渠道")
    return faults


def _parts(address: str) -> SplitResult | None:
    """The parts of an address that a program can open; None where it cannot."""
    try:
        parts = urlsplit(address)
        httpx.URL(address)
    except (ValueError, httpx.InvalidURL):
        return None
    return parts if _is_host(parts.hostname or "") else None


def _is_host(name: str) -> bool:
    """Whether a name can be looked up: labels of 1 to 63 signs."""
    try:
        return bool(name) and bool(name.encode("idna"))
    except UnicodeError:
        return False


def _times(words: Mapping[str, Any], faults: list[str]) -> dict[str, time]:
    times: dict[str, time] = {}
    for name in ("digest_at", "opens_at", "closes_at"):
        told = words.get(name)
        if told is None or isinstance(told, dict):
            continue
        if isinstance(told, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", told):
            times[name] = time.fromisoformat(told)
        else:
            faults.append(f"{name} 应为带引号的时刻，例如 \"09:30\"")
    opens, closes = times.get("opens_at", Post.opens_at), times.get("closes_at")
    if closes and closes <= opens:
        faults.append("closes_at 应晚于 opens_at")
    digest = times.get("digest_at", max(opens, Post.digest_at))
    if not opens <= digest < (closes or CLOSES_AT):
        faults.append("digest_at 应在 opens_at 与 closes_at 之间（没有写 closes_at 的，按 19:00）")
    return {**times, "digest_at": digest}


def _channel(folder: Path, key: str, told: dict[str, Any], faults: list[str]) -> Channel:
    """A channel as the file has it; what is wrong is added to ``faults``, never with a value that may be secret."""
    here = f"[{key}]"
    kind = told.get("kind")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,29}", key):
        faults.append(f"渠道名 {here} 应为小写字母、数字或 -")
    if not isinstance(kind, str) or kind not in KIND_WORDS:
        faults.append(f"{here} 的 kind 应为 {'、'.join(KIND_WORDS)} 之一")
        return Channel(key, EMAIL)
    allowed = ("kind", "name", *_REQUIRED[kind], *_OPTIONAL[kind])
    faults += [f"{here} 不认识 {name}，可用的是 {'、'.join(allowed)}" for name in told if name not in allowed]
    faults += [f"{here} 缺少 {name}" for name in _REQUIRED[kind] if not told.get(name)]
    values: dict[str, Any] = {}
    for field in fields(Channel):
        value = told.get(field.name)
        if value is None or field.name in ("key", "kind") or field.name not in allowed:
            continue
        if field.name == "port":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 65536:
                faults.append(f"{here} 的 port 应为 1 至 65535 的整数")
                continue
        elif field.name == "domains":
            if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
                faults.append(f"{here} 的 domains 应为一列域名，例如 [\"example.gov.cn\"]")
                continue
            value = tuple(each.lower() for each in value)
        elif not isinstance(value, str):
            faults.append(f"{here} 的 {field.name} 应为带引号的文字")
            continue
        values[field.name] = value
    channel = Channel(key, kind, **values)
    faults += _way_faults(folder, channel)
    return Channel(key, kind, **{
        **values, "port": channel.port or PORTS.get(channel.security, 0),
        **({"ca_file": str(folder / channel.ca_file)} if channel.ca_file else {}),
    })


def _way_faults(folder: Path, channel: Channel) -> list[str]:
    here = f"[{channel.key}]"
    faults = []
    if channel.security not in PORTS:
        faults.append(f"{here} 的 security 应为 {'、'.join(PORTS)} 之一")
    if bool(channel.user) != bool(channel.password):
        faults.append(f"{here} 的 user 和 password 要么都写，要么都不写")
    if not (channel.user + channel.password).isascii():
        faults.append(f"{here} 的 user 和 password 只能用英文字母、数字和英文符号：邮件服务器的登录不认其他文字")
    if channel.sender and address_fault(Channel(channel.key, EMAIL), channel.sender):
        faults.append(f"{here} 的 sender 不是邮箱地址")
    if channel.host and not _is_host(channel.host):
        faults.append(f"{here} 的 host 不是服务器的名称或地址")
    if channel.webhook and (_parts(channel.webhook) is None or not is_safe_address(channel.webhook)):
        faults.append(f"{here} 的 webhook 应为以 https:// 开头的网址")
    if channel.url and channel.url.partition(":")[0].lower() in _OWN_SCHEMES:
        faults.append(f"{here} 请改用 kind = email、wecom 或 dingtalk：通过 apprise 发，对方拒收时也会当作已发出")
    if channel.ca_file:
        faults += _certificate_faults(here, folder, channel.ca_file)
    return faults


def _certificate_faults(here: str, folder: Path, name: str) -> list[str]:
    shown = name[:60]
    try:
        if not (folder / name).is_file():
            return [f"{here} 找不到 ca_file {shown}"]
        ssl.create_default_context(cafile=str(folder / name))
    except (OSError, ValueError):
        return [f"{here} 的 ca_file {shown} 不是证书文件（PEM）"]
    return []

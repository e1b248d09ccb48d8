"""The bureau's own sign-in (OpenID Connect), by configuration alone: ``oidc.toml`` in the workspace's folder.

    issuer = "https://sso.example.gov.cn/realms/bazhou"
    client_id = "wenxiao"
    client_secret = "…"
    button = "统一身份认证登录"             # what the button on the sign-in page says
    account_claim = "preferred_username"    # what names a person until the account is bound; e.g. email
    address = "https://wenxiao.example.gov.cn"    # only behind a proxy: where browsers reach this server
    ca_file = "bureau-ca.pem"               # only for a certificate authority of the bureau's own

The provider has to know the address ``<address>/oidc/callback``.
"""

from __future__ import annotations

import ipaddress
import logging
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from data.errors import WenxiaoError

FILE_NAME = "oidc.toml"
_REQUIRED = ("issuer", "client_id")
_LOG = logging.getLogger("wenxiao")


@dataclass(frozen=True, repr=False)
class Provider:
    """How to reach the bureau's sign-in; never printed, for it holds a secret."""

    issuer: str
    client_id: str
    client_secret: str = ""
    button: str = "统一身份认证登录"
    account_claim: str = "preferred_username"
    scope: str = "openid profile email"
    address: str = ""
    ca_file: str = ""


def read_provider(folder: Path) -> Provider | None:
    """What the file says; None without a file.

    Raises: WenxiaoError with every fault of the file at once.
    """
    path = folder / FILE_NAME
    try:
        words = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WenxiaoError(f"{path} 读不懂（{error}），统一身份认证没有启用，请改正后再登录。") from error
    known = [field.name for field in fields(Provider)]
    faults = [f"不认识 {name}，可用的是 {'、'.join(known)}" for name in words if name not in known]
    faults += [f"缺少 {name}" for name in _REQUIRED if not words.get(name)]
    faults += [
        f"{name} 应为带引号的文字" for name, value in words.items() if name in known and not isinstance(value, str)
    ]
    faults += [
        f"{name} 应为以 https:// 开头的网址" for name in ("issuer", "address")
        if isinstance(words.get(name), str) and words[name] and not is_safe_address(words[name])
    ]
    if "openid" not in str(words.get("scope", "openid")).split():
        faults.append("scope 里要有 openid")
    ca_file = words.get("ca_file")
    if isinstance(ca_file, str) and ca_file and not (folder / ca_file).is_file():
        faults.append(f"找不到 ca_file {ca_file}")
    if faults:
        raise WenxiaoError(f"{path} 有 {len(faults)} 处不对，统一身份认证没有启用：" + "；".join(faults) + "。")
    if ca_file:
        words["ca_file"] = str(folder / ca_file)
    return Provider(**words)


def is_safe_address(address: str) -> bool:
    """Whether secrets may travel to an address: https, or this machine itself.

    >>> is_safe_address("https://sso.example.cn"), is_safe_address("http://sso.example.cn")
    (True, False)
    >>> is_safe_address("http://127.0.0.1:9000"), is_safe_address("https://")
    (True, False)
    """
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(name)
    try:
        is_here = name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        is_here = False
    return parts.scheme == "http" and is_here


def button(folder: Path) -> str | None:
    """What the second button on the sign-in page says; None where the bureau has no sign-in of its own."""
    try:
        provider = read_provider(folder)
    except WenxiaoError as error:
        _LOG.warning("%s", error)
        return None
    return provider.button if provider else None


def warn_of_readable_secret(folder: Path) -> None:
    """Say in the log when others on this machine can read the client's secret."""
    path = folder / FILE_NAME
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if mode & 0o077:
        _LOG.warning("%s 含有密钥，本机其他用户也能读：请执行 chmod 600 %s", path, path)

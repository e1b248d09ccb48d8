"""One message out of the house, on one channel; a fault is a sentence without any secret.

Mail and robots are spoken to here and not through apprise 2.3: it takes a robot's refusal (HTTP 200 with an error
code) for a delivery, encodes DingTalk's signature twice so that it never holds, keeps the reason of a fault to itself,
and gives every attempt another Message-ID. What it is good for are the many other services.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import smtplib
import ssl
import time
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlencode

import httpx

from dashboard.messages.channels import APPRISE, DINGTALK, EMAIL, WECOM, Channel
from dashboard.messages.forms import as_html, markdown, plain
from dashboard.messages.letters import Letter
from dashboard.workspace import BEIJING
from data.errors import WenxiaoError

SECONDS = 15.0
MOST_BYTES = {WECOM: 4096, DINGTALK: 19_000}     # of a robot's message
SENDER_NAME = "问效"
# What robots refuse with, in words; any other code is told as a number.
REFUSALS: Mapping[tuple[str, int], str] = {
    (WECOM, 93000): "机器人的地址不对，或机器人已被移出群",
    (WECOM, 45009): "发得太频繁，稍后再试",
    (DINGTALK, 310000): "不符合机器人的安全设置（关键词、加签或地址段）",
    (DINGTALK, 300001): "机器人的地址不对",
    (DINGTALK, 400013): "群已经解散",
    (DINGTALK, 400101): "机器人的地址不对",
    (DINGTALK, 400102): "机器人已经停用",
    (DINGTALK, 130101): "发得太频繁，稍后再试",
}
# httpx logs whole addresses, and that of a robot is its key.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class NotDeliveredError(WenxiaoError):
    """A message did not leave; ``is_final`` where trying again cannot help."""

    def __init__(self, sentence: str, *, is_final: bool = False) -> None:
        """Keep the sentence, which holds no secret."""
        self.is_final = is_final
        super().__init__(sentence)


def deliver(channel: Channel, to: str, letter: Letter, address: str, message_id: str) -> None:
    """Send a letter and return when the other side has taken it.

    ``to`` is the person's own address, empty for a group; ``address`` is where links begin. ``message_id`` is the
    same at every attempt, so that a mail system can know a letter that it has already.

    Raises: NotDeliveredError with the reason.
    """
    if channel.kind == EMAIL:
        _mail(channel, to, letter, address, message_id)
    elif channel.kind == APPRISE:
        _service(channel, letter, address)
    else:
        _robot(channel, letter, address)


def mail_of(channel: Channel, to: str, letter: Letter, address: str, message_id: str) -> EmailMessage:
    """The letter as a mail: in words and as HTML, known as a program's own."""
    mail = EmailMessage()
    mail["From"] = Address(SENDER_NAME, addr_spec=channel.sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(datetime.now(BEIJING))
    mail["Message-ID"] = f"<{message_id}@{channel.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"     # no absence notice shall answer
    mail.set_content(plain(letter, address), cte="base64")
    mail.add_alternative(as_html(letter, address), subtype="html", cte="base64")
    return mail


def _mail(channel: Channel, to: str, letter: Letter, address: str, message_id: str) -> None:
    mail = mail_of(channel, to, letter, address, message_id)
    where = f"邮件服务器 {channel.host}"
    try:
        context = ssl.create_default_context(cafile=channel.ca_file or None)
        secure = {"context": context} if channel.security == "ssl" else {}
        opened = smtplib.SMTP_SSL if channel.security == "ssl" else smtplib.SMTP
        with opened(channel.host, channel.port, timeout=SECONDS, **secure) as server:  # type: ignore[arg-type]
            if channel.security == "starttls":
                server.starttls(context=context)
            if channel.user:
                server.login(channel.user, channel.password)
            server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise NotDeliveredError(
            f"{where}不收这个地址的邮件（{code}），请核对邮箱地址", is_final=code >= 500
        ) from None
    except smtplib.SMTPAuthenticationError as error:
        raise NotDeliveredError(f"{where}没有接受用户名和密码（{error.smtp_code}）") from None
    except smtplib.SMTPNotSupportedError:
        raise NotDeliveredError(f"{where}不支持所设的加密或登录方式，请核对 security、user") from None
    except smtplib.SMTPSenderRefused as error:
        raise NotDeliveredError(f"{where}不许用所设的 sender 发信（{error.smtp_code}）") from None
    except smtplib.SMTPResponseException as error:
        raise NotDeliveredError(f"{where}没有收下（{error.smtp_code}）") from None
    except ssl.SSLCertVerificationError:
        raise NotDeliveredError(f"{where}的证书不被信任，请核对 host，自建证书的写明 ca_file") from None
    except ssl.SSLError:
        raise NotDeliveredError(f"与{where}谈不成加密，请核对 security 和 port") from None
    except (smtplib.SMTPException, OSError):
        raise NotDeliveredError(f"{where}:{channel.port} 连不上，或者中途断开") from None


def _robot(channel: Channel, letter: Letter, address: str) -> None:
    text = markdown(letter, address, MOST_BYTES[channel.kind])
    body: dict[str, object] = {"msgtype": "markdown", "markdown": {"content": text}}
    if channel.kind == DINGTALK:
        # DingTalk runs lines together that no empty line parts.
        body["markdown"] = {"title": letter.subject, "text": text.replace("\n", "\n\n")}
    where = f"{channel.title}（{channel.way}）"
    try:
        context = ssl.create_default_context(cafile=channel.ca_file or None)
        with httpx.Client(timeout=SECONDS, verify=context) as client:
            answer = client.post(signed(channel, int(time.time() * 1000)), json=body)
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        raise NotDeliveredError(f"{where}连不上，或者没有应答") from None
    if answer.status_code != 200:
        raise NotDeliveredError(f"{where}没有收下（{answer.status_code}）")
    try:
        code = int(answer.json()["errcode"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise NotDeliveredError(f"{where}的应答看不懂，请核对 webhook") from None
    if code != 0:
        words = REFUSALS.get((channel.kind, code), "对方没有说明")
        raise NotDeliveredError(f"{where}没有收下（{code}）：{words}")


def signed(channel: Channel, millisecond: int) -> str:
    """A robot's webhook address, with DingTalk's signature of the moment where a secret is set.

    >>> url = signed(Channel("d", "dingtalk", webhook="https://a.cn/robot?access_token=b", secret="SEC1"), 1)
    >>> url[:51], url.count("%25")
    ('https://a.cn/robot?access_token=b&timestamp=1&sign=', 0)
    """
    if not channel.secret:
        return channel.webhook
    made = hmac.new(channel.secret.encode(), f"{millisecond}\n{channel.secret}".encode(), hashlib.sha256).digest()
    more = urlencode({"timestamp": millisecond, "sign": base64.b64encode(made).decode()})
    return f"{channel.webhook}{'&' if '?' in channel.webhook else '?'}{more}"


def _service(channel: Channel, letter: Letter, address: str) -> None:
    import apprise

    service = apprise.Apprise()
    if not service.add(channel.url):
        raise NotDeliveredError(f"{channel.title}的 url 写得不对，apprise 不认识", is_final=True)
    if not service.notify(title=letter.subject, body=plain(letter, address), body_format=apprise.NotifyFormat.TEXT):
        raise NotDeliveredError(f"{channel.title}没有收下，apprise 没有说明原因")

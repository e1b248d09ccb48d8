"""A bureau with people and channels, and the servers on loopback that its messages go to."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from builders import NUMBER, REGION, REVIEWING, ROUND, SUBMITTED_AT, entry, opened_store, session_folder, submit, upload
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dashboard.actions.accounts import NewAccount, add_account
from dashboard.actions.checking import return_report
from dashboard.actions.messages import set_address
from dashboard.messages.channels import Channel, Post
from dashboard.rights import (
    ADMINISTRATOR,
    AUDITOR,
    COUNTY_APPROVER,
    COUNTY_REPORTER,
    LEADER,
    PREFECTURE_OFFICER,
    REVIEWER,
)
from dashboard.workspace import STORE_NAME, Workspace, open_workspace
from data.audit import Actor
from data.store import Store
from metrics.boards.checking import inbox
from metrics.boards.definition import Scope
from metrics.counted_days import keep_calendar

KEEPER = Actor("安装人员", ADMINISTRATOR)
ADDRESS = "https://wenxiao.example.cn"
MAIL = Channel("mail", "email", "电子邮件", host="127.0.0.1", port=25, security="none", sender="wenxiao@example.cn")
PEOPLE = (
    NewAccount("juzhang", "局长", LEADER),
    NewAccount("shebaoke", "社保科", PREFECTURE_OFFICER),
    NewAccount("jixiaoke", "绩效科", REVIEWER),
    NewAccount("xinxike", "信息科", ADMINISTRATOR),
    NewAccount("shenjiju", "审计局", AUDITOR),
    NewAccount("luntai-1", "轮台填报", COUNTY_REPORTER, "luntai"),
    NewAccount("luntai-2", "轮台审核", COUNTY_APPROVER, "luntai"),
    NewAccount("bohu-1", "博湖填报", COUNTY_REPORTER, "bohu"),
)
# A Tuesday, one day after the December round was due.
MORNING = datetime(2021, 12, 28, 10)


@cache
def _office() -> Path:
    folder = session_folder() / "office"
    folder.mkdir()
    opened_store(folder).close()
    workspace = open_workspace(folder)
    with workspace.store.transaction() as cursor:
        cursor.insert("workspace_setting", [{"setting_key": "region_code", "setting_value": REGION}])
        keep_calendar(cursor, REGION)
    for person in PEOPLE:
        add_account(workspace.store, KEEPER, datetime(2021, 12, 22), person)
    workspace.store.close()
    return folder / STORE_NAME


def office(folder: Path) -> Workspace:
    """A workspace with the December round open and one person of each kind; nobody has an address yet."""
    shutil.copy(_office(), folder / STORE_NAME)
    return open_workspace(folder)


def reach(store: Store, *account_ids: str, channel: Channel = MAIL, is_digest_on: bool = True) -> None:
    """Give people an address: their own name at the bureau's domain."""
    for account_id in account_ids:
        set_address(store, KEEPER, datetime(2021, 12, 22), account_id, channel, f"{account_id}@example.cn",
                    is_digest_on=is_digest_on)


def post(*channels: Channel, **more: Any) -> Post:
    """The bureau's channels."""
    return Post(ADDRESS, {channel.key: channel for channel in channels or (MAIL,)}, **more)


def returned(store: Store, at: datetime, recipient_id: str = "luntai", reason: str = "请更正后重新报送") -> str:
    """Let a unit report and the reviewer send it back; the version's id."""
    submit(store, upload(entry(4, numerator=9, denominator=10), recipient_id=recipient_id, paid_wan="1"),
           at=min(at, SUBMITTED_AT))
    table = inbox(store, Scope(NUMBER, ROUND, at.date())).set_index("recipient_id")
    report_id = str(table.loc[recipient_id, "report_id"])
    return_report(store, REVIEWING, at, NUMBER, ROUND, recipient_id, reason, seen_report_id=report_id)
    return report_id


@dataclass
class Mailbox:
    """A mail server on loopback: what it took, and how often it still refuses."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    is_encrypted: list[bool] = field(default_factory=list)
    refusals: int = 0
    unknown: tuple[str, ...] = ()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.refusals:
            self.refusals -= 1
            return "451 4.3.0 try again later"
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.receivers += envelope.rcpt_tos
        self.is_encrypted.append(session.ssl is not None)
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"wenxiao", b"pass-1")
        if good:
            self.users.append(data.login.decode())
        return AuthResult(success=good, handled=False)

    def channel(self, **more: Any) -> Channel:
        """The bureau's mail channel that leads here."""
        return Channel("mail", "email", "电子邮件", **{
            "host": "127.0.0.1", "port": self.port, "security": "none", "sender": "wenxiao@example.cn", **more,
        })


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@contextmanager
def mail_server(*, context: ssl.SSLContext | None = None, asks_who: bool = False) -> Iterator[Mailbox]:
    """A real mail server; with ``context`` it insists on STARTTLS, with ``asks_who`` on a name and a password."""
    box = Mailbox(free_port())
    more = {"auth_required": True, "auth_require_tls": context is not None, "authenticator": box.authenticate}
    controller = Controller(
        box, hostname="127.0.0.1", port=box.port, tls_context=context, require_starttls=context is not None,
        **(more if asks_who else {}),
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def own_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate of the bureau's own for 127.0.0.1, and the file by which it is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bureau")])
    now = datetime.now()
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "bureau.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    return context, certificate


@dataclass
class Robot:
    """A robot's webhook on loopback: what it was sent, and what it answers."""

    address: str = ""
    paths: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    answer: Any = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    status: int = 200


@contextmanager
def robot_server() -> Iterator[Robot]:
    """A real HTTP receiver."""
    robot = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            robot.paths.append(self.path)
            robot.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            content = json.dumps(robot.answer).encode()
            self.send_response(robot.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    robot.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()

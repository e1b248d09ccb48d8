"""Whose open page is whose: a page's own number opens it again and takes its uploads, only for the same account.

Streamlit asks for nothing but the number; who learns another's would get its fields and files.
"""

from __future__ import annotations

from collections import OrderedDict

from google.protobuf.message import DecodeError
from starlette.types import Scope
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

MOST = 20_000     # pages remembered; who comes back after so many others begins a new page
_PROTOCOLS = b"sec-websocket-protocol"
_UPLOADS = "/_stcore/upload_file/"


class PageOwners:
    """Which account each of Streamlit's page sessions belongs to."""

    def __init__(self) -> None:
        """Begin with nobody's pages."""
        self._accounts: OrderedDict[str, str] = OrderedDict()

    def note(self, page_id: str, account_id: str) -> None:
        """Remember whose page it is."""
        self._accounts[page_id] = account_id
        self._accounts.move_to_end(page_id)
        while len(self._accounts) > MOST:
            self._accounts.popitem(last=False)

    def is_others_upload(self, scope: Scope, account_id: str) -> bool:
        """Whether a request uploads to, or deletes from, a page that is not the account's."""
        _, found, rest = scope["path"].partition(_UPLOADS)
        return bool(found) and self._accounts.get(rest.partition("/")[0]) != account_id

    def own_only(self, scope: Scope, account_id: str) -> Scope:
        """A websocket's request without the number of a page that is not the account's: it gets a new page."""
        return {**scope, "headers": [
            (name, self._own_protocols(value, account_id) if name.lower() == _PROTOCOLS else value)
            for name, value in scope["headers"]
        ]}

    def _own_protocols(self, value: bytes, account_id: str) -> bytes:
        entries = value.decode("latin-1").split(",")
        is_own = len(entries) > 2 and self._accounts.get(entries[2].strip()) == account_id
        return value if is_own else ",".join(entries[:2]).encode("latin-1")


def page_id_of(message: bytes) -> str:
    """The number that Streamlit gives a page with its first message; empty for any other message."""
    parsed = ForwardMsg()
    try:
        parsed.ParseFromString(message)
    except DecodeError:
        return ""
    return parsed.new_session.initialize.session_id if parsed.WhichOneof("type") == "new_session" else ""

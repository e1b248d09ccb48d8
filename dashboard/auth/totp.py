"""The second factor: codes of six digits that an authenticator on the telephone shows, a new one every 30 seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from hmac import compare_digest

import pyotp
import segno

from dashboard import look

STEP_SECONDS = 30
ISSUER = "问效"


def new_secret() -> str:
    """A secret of 160 random bits, as authenticators take it."""
    return pyotp.random_base32()


def step_of(code: str, secret: str, at: datetime) -> int | None:
    """Which step a code belongs to: the one of ``at`` (UTC), the one before or the one after; None if to none."""
    typed = "".join(code.split())
    if len(typed) != 6 or not (typed.isascii() and typed.isdigit()):
        return None
    now_step = int(at.replace(tzinfo=UTC).timestamp()) // STEP_SECONDS
    made = pyotp.TOTP(secret)
    steps = [step for step in (now_step - 1, now_step, now_step + 1)
             if compare_digest(made.at(step * STEP_SECONDS), typed)]
    return max(steps, default=None)


def picture(secret: str, account_id: str) -> str:
    """The secret as a QR code that authenticators scan: an address of an inline picture."""
    address = pyotp.TOTP(secret).provisioning_uri(name=account_id, issuer_name=ISSUER)
    return segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark=look.DEEP)

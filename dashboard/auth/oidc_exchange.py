"""What is said to the bureau's identity provider, and what is believed of its answer."""

from __future__ import annotations

import re
import ssl
import time
import warnings
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dashboard.auth.oidc_settings import Provider, is_safe_address
from data.errors import WenxiaoError

with warnings.catch_warnings():
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)   # it would rather have another HTTP client
    from authlib.integrations.base_client import OAuthError
    from authlib.integrations.httpx_client import OAuth2Client

TIMEOUT = httpx.Timeout(10, connect=5)
LEEWAY_SECONDS = 60
KEPT_SECONDS = 300
# Signatures by the provider's own key only: never 「none」, never one made with the client's secret.
ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512"]
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


# What a browser may be sent back with (RFC 6749 4.1.2.1, OpenID Connect Core 3.1.2.6).
ERROR_CODES = frozenset({
    "access_denied", "account_selection_required", "consent_required", "interaction_required", "invalid_request",
    "invalid_scope", "login_required", "server_error", "temporarily_unavailable", "unauthorized_client",
    "unsupported_response_type",
})


class _UnfitError(ValueError):
    """Our own words on what the provider's settings say, which tell of nobody."""


class ProviderError(WenxiaoError):
    """The provider cannot be reached, or its answer must not be believed; ``why`` is for the server's log."""

    def __init__(self, sentence: str, why: str) -> None:
        """Keep both."""
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True)
class Proved:
    """Whom which provider vouches for: its own key of the person, and the claim that names the account."""

    issuer: str
    subject: str
    claim: str


class Exchange:
    """Talks to one provider; safe to use from any thread."""

    def __init__(self, provider: Provider) -> None:
        """Keep how to reach it."""
        self._provider = provider
        self._verify: ssl.SSLContext | bool = (
            ssl.create_default_context(cafile=provider.ca_file) if provider.ca_file else True
        )
        self._found: tuple[float, dict[str, Any]] | None = None

    def leading_address(self, callback: str, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is sent to sign in.

        Raises: ProviderError if the provider cannot be reached.
        """
        endpoint = self._metadata()["authorization_endpoint"]
        with self._client(callback) as client:
            address, _ = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        return str(address)

    def prove(self, callback: str, code: str, nonce: str, verifier: str) -> Proved:
        """Exchange a code for the name of a person.

        Raises: ProviderError if the code is worth nothing, or the answer is not the provider's, not for us,
        not for this sign-in or too old.
        """
        metadata = self._metadata()
        try:
            with self._client(callback) as client:
                token = client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=verifier)
                keys = KeySet.import_key_set(client.request("GET", metadata["jwks_uri"], withhold_token=True).json())
                claims = self._claims(token, keys, nonce)
                named = claims.get(self._provider.account_claim)
                if named is None and "userinfo_endpoint" in metadata:
                    told = client.get(self._safe(metadata, "userinfo_endpoint")).json()
                    # Whose words these are is only known by the key that the signed answer named.
                    if told.get("sub") == claims["sub"]:
                        claims, named = {**told, "sub": claims["sub"]}, told.get(self._provider.account_claim)
        except (OAuthError, JoseError, httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProviderError(
                "统一身份认证没有通过核验，没有登录。请重新登录，仍不行请联系系统管理员。", _why(error),
            ) from error
        # An address that nobody verified is what the person typed; some providers say true as a word.
        if self._provider.account_claim == "email" and claims.get("email_verified") not in (True, "true"):
            named = None
        return Proved(self._provider.issuer, str(claims["sub"]), named if isinstance(named, str) else "")

    def _claims(self, token: dict[str, Any], keys: KeySet, nonce: str) -> dict[str, Any]:
        signed = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            signed.claims, signed.header,
            options={
                "iss": {"essential": True, "value": self._provider.issuer},
                "aud": {"essential": True, "value": self._provider.client_id},
            },
            params={
                "nonce": nonce, "client_id": self._provider.client_id, "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY_SECONDS)
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise _UnfitError("sub")
        return dict(claims)

    def _metadata(self) -> dict[str, Any]:
        if self._found and time.monotonic() - self._found[0] < KEPT_SECONDS:
            return self._found[1]
        address = f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            # The machine's proxy settings are for the internet; the provider is the bureau's own.
            answer = httpx.get(address, timeout=TIMEOUT, verify=self._verify, trust_env=False)
            answer.raise_for_status()
            metadata = answer.json()
            if metadata["issuer"] != self._provider.issuer:
                raise _UnfitError(f"issuer {metadata['issuer']}")
            for name in _ENDPOINTS:
                self._safe(metadata, name)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise ProviderError(
                "统一身份认证暂时用不了，没有登录。请稍后再试，或用登录名和密码登录。", _why(error),
            ) from error
        self._found = (time.monotonic(), metadata)
        return dict(metadata)

    def _safe(self, metadata: dict[str, Any], name: str) -> str:
        if not is_safe_address(metadata[name]):
            raise _UnfitError(f"{name} {metadata[name]}")
        return str(metadata[name])

    def _client(self, callback: str) -> OAuth2Client:
        return OAuth2Client(
            self._provider.client_id, self._provider.client_secret or None, scope=self._provider.scope,
            redirect_uri=callback, code_challenge_method="S256", timeout=TIMEOUT, verify=self._verify, trust_env=False,
        )


def _why(error: Exception) -> str:
    """What the server's log says of a fault: its class, a code of one word; the provider's sentences may name people.

    >>> _why(OAuthError("invalid_grant", "wang@example.gov.cn has no such code"))
    'OAuthError invalid_grant'
    >>> _why(KeyError("650104199001011234"))
    'KeyError'
    """
    name, code = type(error).__name__, str(getattr(error, "error", ""))
    if isinstance(error, httpx.HTTPError | _UnfitError):
        return f"{name}: {error}".replace("\n", " ")[:300]
    return f"{name} {code}" if re.fullmatch(r"[a-z_]{1,40}", code) else name

"""HTTP with limits: how much of an answer is read, how long it may take, and whom we trust.

Nothing of the environment is used (no proxies, no .netrc); redirects are never followed here.
"""

from __future__ import annotations

import re
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import niquests
from niquests.adapters import HTTPAdapter

from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import ConfigError, Unreachable

MAX_BODY = 16 * 1024 * 1024
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
TOTAL_SECONDS = 45.0
CHUNK = 64 * 1024


class TooLarge(Unreachable):
    """An answer larger than anything a calendar of routines needs."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} sent an answer larger than {MAX_BODY // 2**20} MiB", "ask for less at once")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `headers` have lower-case names, `body` is inflated."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _ModernTLS(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_minimum_version"] = ssl.TLSVersion.TLSv1_2
        super().init_poolmanager(*args, **kwargs)


def new_session(account: CalendarAccount) -> niquests.Session:
    """A session that trusts what `account` says: a pinned certificate, a CA file, or the system's CAs."""
    session = niquests.Session(disable_http3=True, revocation_configuration=None, retries=0)
    session.trust_env = False
    session.headers["Accept-Encoding"] = "gzip"
    session.mount("https://", _ModernTLS(disable_http3=True, max_retries=0))
    session.verify = trust(account)
    session.cert = str(account.client_cert) if account.client_cert else None
    return session


def trust(account: CalendarAccount) -> str | bool:
    """What to verify against. The SHA-256 of the server's own certificate, when given, replaces the CAs."""
    if account.tls_fingerprint:
        digest = account.tls_fingerprint.replace(":", "").replace(" ", "").lower()
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise ConfigError(["calendar.tls_fingerprint: expected a SHA-256, 64 hexadecimal digits"])
        return "sha256_" + digest
    return str(account.ca_file) if account.ca_file else True


def read_capped(response: niquests.Response, host: str) -> bytes:
    """The body, inflated, if it is no larger than MAX_BODY and comes within TOTAL_SECONDS."""
    encoding = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate", ""):
        raise Unreachable(f"{host} answered in an encoding that was not asked for ({encoding[:20]})")
    inflate = None if encoding in ("identity", "") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    return b"".join(_chunks(response, host, inflate))


def _chunks(response: niquests.Response, host: str, inflate: Any) -> list[bytes]:
    deadline = time.monotonic() + TOTAL_SECONDS
    source: Any = response.raw
    parts: list[bytes] = []
    size = 0
    while raw := source.read1(CHUNK, decode_content=False):
        part = raw if inflate is None else inflate.decompress(raw, MAX_BODY + 1 - size)
        size += len(part)
        if size > MAX_BODY or (inflate is not None and inflate.unconsumed_tail):
            raise TooLarge(host)
        if time.monotonic() > deadline:
            raise Unreachable(f"{host} answers too slowly")
        parts.append(part)
    if inflate is not None and parts and not inflate.eof:
        raise Unreachable(f"{host} broke off in the middle of an answer")
    return parts

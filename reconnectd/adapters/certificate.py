"""A server's certificate, looked at before any password is sent: whose it is, for how long, and who vouches for it."""

from __future__ import annotations

import datetime as dt
import hashlib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reconnectd.errors import Unreachable

Trouble = Literal["", "expired", "another name", "self-signed", "unknown issuer", "another fingerprint", "no ca_file"]

_KINDS: dict[int, Trouble] = {
    9: "expired",
    10: "expired",
    18: "self-signed",
    19: "self-signed",
    62: "another name",
    64: "another name",
}
"""Verify codes of OpenSSL (x509_vfy.h): not yet valid, expired, self-signed leaf, self-signed chain, host, address."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`trouble` is why it isn't trusted, "" when it is. `fingerprint` is its SHA-256, `until` the end of its time (None
    where it can't be read)."""

    trouble: Trouble
    fingerprint: str
    until: dt.datetime | None


def reach(host: str, port: int, seconds: float) -> None:
    """Is anybody there? Unreachable when not."""
    with _connected(host, port, seconds):
        pass


def look(host: str, port: int, *, ca_file: Path | None, fingerprint: str | None, seconds: float) -> Seen:
    """Shake hands and hang up. A fingerprint replaces the authorities, as it does for the calendar. Unreachable where
    nobody speaks TLS."""
    der = _leaf(host, port, seconds)
    found = hashlib.sha256(der).hexdigest()
    until = _until(host, port, der, seconds)
    if fingerprint:
        same = fingerprint.replace(":", "").replace(" ", "").lower() == found
        return Seen("" if same else "another fingerprint", found, until)
    return Seen(_verified(host, port, ca_file, seconds), found, until)


def _leaf(host: str, port: int, seconds: float) -> bytes:
    with _shaken(host, port, _unverified(), seconds) as secure:
        return secure.getpeercert(binary_form=True) or b""


def _until(host: str, port: int, der: bytes, seconds: float) -> dt.datetime | None:
    """Python reads the fields only of a certificate that it trusts: so this very one is trusted for once."""
    context = _unverified()
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(der))
    try:
        with _shaken(host, port, context, seconds) as secure:
            end = (secure.getpeercert() or {}).get("notAfter")
    except (ssl.SSLError, Unreachable):
        return None
    return dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(end)), dt.UTC) if end else None


def _verified(host: str, port: int, ca_file: Path | None, seconds: float) -> Trouble:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError):
        return "no ca_file"
    try:
        with _shaken(host, port, context, seconds):
            return ""
    except ssl.SSLCertVerificationError as error:
        return _KINDS.get(error.verify_code, "unknown issuer")


def _unverified() -> ssl.SSLContext:
    """To look, never to speak: nothing is sent on such a connection."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def _shaken(host: str, port: int, context: ssl.SSLContext, seconds: float) -> Iterator[ssl.SSLSocket]:
    with _connected(host, port, seconds) as plain:
        try:
            secure = context.wrap_socket(plain, server_hostname=host)
        except ssl.SSLCertVerificationError:
            raise
        except TimeoutError:
            raise Unreachable(f"{host}:{port} did not answer in time", "it may be busy: try again in a while") from None
        except (OSError, ValueError):
            raise Unreachable(f"{host}:{port} does not speak TLS", "check the address in [calendar] url") from None
        with secure:
            yield secure


@contextmanager
def _connected(host: str, port: int, seconds: float) -> Iterator[socket.socket]:
    try:
        plain = socket.create_connection((host, port), seconds)
    except socket.gaierror:
        raise Unreachable(f"nobody knows the name {host}", "check [calendar] url, and the network") from None
    except OSError as error:
        why = error.strerror or "it does not answer in time"
        raise Unreachable(f"nobody answers at {host}:{port} ({why})", "check [calendar] url, and the network") from None
    with plain:
        yield plain

"""One account's connection: authenticated requests, and the answers that mean the same for all of them."""

from __future__ import annotations

import datetime as dt
import email.utils
import logging
import math
import zlib
from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

import niquests
from caldav.davclient import DAVClient
from niquests.packages import urllib3

from reconnectd.adapters.dav.transport import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Answer,
    new_session,
    read_capped,
)
from reconnectd.core.loopback import is_loopback
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import ConfigError, Refused, Unreachable

MAX_RETRY_AFTER = 3600.0
TLS_FIX = "check the address and the clock; for a certificate of your own set [calendar] ca_file or tls_fingerprint"


def check_address(url: str, account: CalendarAccount) -> None:
    """Refused where a password could be read on the way, or stands in the address."""
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise Refused(
            "the calendar's address has a name or a password in it",
            "write them under [calendar] username and password_command",
        )
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return
    if parts.scheme == "http" and account.allow_insecure_http:
        return
    raise Refused(
        f"{parts.hostname or 'the address'} would be spoken to without encryption",
        "write https:// in [calendar] url, or allow_insecure_http = true if nobody else is on that network",
    )


class Wire:
    """Sends requests for one account and counts them. `auth_type` is what the server is known to want:
    "basic", "digest", "bearer", or "" (nothing yet, or nothing at all)."""

    def __init__(self, account: CalendarAccount, user: str | None, password: str, auth_type: str) -> None:
        logging.getLogger("caldav").setLevel(logging.WARNING)  # it logs whole bodies below that
        self.account = account
        self.count = 0
        self.received = 0
        self.server_clock: dt.datetime | None = None
        self._client = _client(account.profile, user, password or None, auth_type or None)
        self._client.session = new_session(account)

    @property
    def auth_type(self) -> str:
        """What was learnt about the server's wish."""
        return str(self._client.auth_type or "")

    @property
    def features(self) -> Any:
        """What caldav knows about this kind of server."""
        return self._client.features

    def send(self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """One request, two when the server has to say first how it wants the login. Never a redirect
        followed. Refused for 401, Unreachable for 429, 502, 503, 504 and a network that fails."""
        check_address(url, self.account)
        answer = self._once(method, url, body, headers or {})
        self.server_clock = _server_now(answer)
        if answer.status == 401 and self._learn_auth(answer):
            answer = self._once(method, url, body, headers or {})
        _raise_for_everyone(answer, urlsplit(url).hostname or "")
        return answer

    def introduce(self) -> bool:
        """Log in by Basic where a server lets strangers in instead of asking; False when already done."""
        if self._client.auth or not self._client.username or self._client.password is None:
            return False
        self._client.auth_type = "basic"
        self._client.build_auth_object()
        return True

    def close(self) -> None:
        """Give the connection back."""
        self._client.session.close()

    def _once(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        host = urlsplit(url).hostname or ""
        self.count += 1
        return translate(host, lambda: self._exchange(method, url, body, headers, host))

    def _exchange(self, method: str, url: str, body: bytes, headers: Mapping[str, str], host: str) -> Answer:
        response = self._client.session.request(
            method,
            url,
            data=body or None,
            headers={"Content-Type": "application/xml; charset=utf-8", **headers} if body else dict(headers),
            auth=self._client.auth,
            timeout=(CONNECT_SECONDS, READ_SECONDS),
            allow_redirects=False,
            stream=True,
        )
        try:
            data = read_capped(response, host)
        except BaseException:
            response.close()  # only then: a connection whose answer was read to its end is used again
            raise
        self.received += len(data)
        lowered = {name.lower(): value for name, value in response.headers.items()}
        return Answer(int(response.status_code or 0), lowered, data)

    def _learn_auth(self, answer: Answer) -> bool:
        """Take up the way to log in that a 401 names; False when there is nothing new to try."""
        offered = self._client.extract_auth_types(answer.headers.get("www-authenticate", ""))
        before = self._client.auth_type
        if self._client.password is None or (before and before in offered):
            return False
        chosen = next((kind for kind in self._preference() if kind in offered), None)
        if chosen is None or chosen == before:
            return False
        self._client.auth_type = chosen
        self._client.build_auth_object()
        return True

    def _preference(self) -> tuple[str, ...]:
        return ("digest", "basic") if self._client.username else ("bearer",)


def _client(profile: str | None, user: str | None, password: str | None, auth_type: str | None) -> DAVClient:
    """The client of caldav, for how it logs in and what it knows about servers; its session is never used."""
    try:
        client = DAVClient(
            url="https://calendar.invalid/",
            username=user,
            password=password,
            auth_type=auth_type if password else None,
            enable_rfc6764=False,
            features=cast("Any", profile),
        )
    except ValueError:
        raise ConfigError([f'calendar.profile: caldav knows no kind of server called "{profile}"']) from None
    client.session.close()
    return client


def translate(host: str, exchange: Callable[[], Answer]) -> Answer:
    """Run `exchange`; what the HTTP library raises becomes Unreachable with a sentence."""
    try:
        return exchange()
    except niquests.exceptions.SSLError as error:
        raise Unreachable(f"{host} could not prove who it is ({_reason(error)})", TLS_FIX) from None
    except niquests.exceptions.Timeout:
        raise Unreachable(f"{host} did not answer in time", "it is tried again later") from None
    except (niquests.exceptions.RequestException, OSError) as error:
        raise Unreachable(f"{host} could not be reached ({_reason(error)})", "it is tried again later") from None
    except (urllib3.exceptions.HTTPError, zlib.error):
        raise Unreachable(f"{host} broke off in the middle of an answer", "it is tried again later") from None


def retry_after(value: str, now: dt.datetime | None = None) -> float | None:
    """Seconds of a Retry-After header (a number, or a date compared with the server's own `now`), within
    an hour; None when it says nothing that can be understood."""
    try:
        seconds = float(int(value.strip()))
    except ValueError:
        seconds = _until(value, now)
    return None if math.isnan(seconds) else min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _until(value: str, now: dt.datetime | None) -> float:
    try:
        when = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return float("nan")
    when = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    return (when - now).total_seconds() if now else MAX_RETRY_AFTER


def _raise_for_everyone(answer: Answer, host: str) -> None:
    if answer.status == 401:
        raise Refused(f"{host} does not accept this login", "check [calendar] username and the password")
    if answer.status in (429, 502, 503, 504):
        wait = retry_after(answer.headers.get("retry-after", ""), _server_now(answer))
        raise Unreachable(f"{host} asks to be left alone for a while ({answer.status})", retry_after=wait)


def _server_now(answer: Answer) -> dt.datetime | None:
    try:
        return email.utils.parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None


def _reason(error: BaseException) -> str:
    text = str(error).lower()
    for words, reason in _REASONS:
        if words in text:
            return reason
    return type(error).__name__


_REASONS = (
    ("expired", "its certificate has expired"),
    ("hostname", "its certificate is for another name"),
    ("mismatch", "its certificate is for another name"),
    ("self-signed", "its certificate is self-signed"),
    ("self signed", "its certificate is self-signed"),
    ("fingerprint", "its certificate is not the one in tls_fingerprint"),
    ("unable to get local issuer", "nobody this machine trusts vouches for its certificate"),
    ("refused", "nothing listens there"),
    ("resolve", "the name is not known; perhaps there is no network"),
    ("name or service", "the name is not known; perhaps there is no network"),
    ("unreachable", "there is no network"),
    ("invalid path", "a certificate file named in the config does not exist"),
)

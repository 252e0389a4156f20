"""What `reconnect doctor` says about the way to the calendar: address, certificate, password, login."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from shlex import quote

from reconnectd.app.examination import Check
from reconnectd.core.settings import CalendarAccount

SOON = dt.timedelta(days=14)


def address(host: str, port: int, *, encrypted: bool) -> Check:
    """Somebody is there."""
    how = "" if encrypted else ", without encryption"
    return Check("calendar address", ok=True, detail=f"{host}:{port} answers{how}")


def certificate(
    host: str, port: int, trouble: str, fingerprint: str, until: dt.datetime | None, account: CalendarAccount,
    now: dt.datetime,
) -> Check:  # fmt: skip
    """Whom we would give the password to. `trouble` as in `adapters.certificate`."""
    if trouble:
        return Check(
            "certificate",
            ok=False,
            detail=_wrong(host, trouble, until),
            fix=_cure(host, port, trouble, fingerprint, account),
        )
    how = "the one in tls_fingerprint" if account.tls_fingerprint else "trusted"
    if until is None:
        return Check("certificate", ok=True, detail=how)
    if until < now:
        return Check("certificate", ok=True, detail=f"{how}, though over since {until:%Y-%m-%d}", fix=RENEW)
    return Check(
        "certificate", ok=True, detail=f"{how}, until {until:%Y-%m-%d}", fix=RENEW if until - now < SOON else ""
    )


RENEW = "whoever runs the server can renew it; a new one has another fingerprint"


def _wrong(host: str, trouble: str, until: dt.datetime | None) -> str:
    if trouble == "expired":
        return f"the certificate of {host} isn't valid today" + (f"; it ended on {until:%Y-%m-%d}" if until else "")
    return {
        "another name": f"the certificate there is for another name than {host}",
        "self-signed": f"{host} vouches for itself: its certificate is self-signed",
        "unknown issuer": f"nobody known here vouches for the certificate of {host}",
        "another fingerprint": f"the certificate of {host} is not the one in [calendar] tls_fingerprint",
        "no ca_file": "the file in [calendar] ca_file can't be read as certificates",
    }[trouble]


def _cure(host: str, port: int, trouble: str, fingerprint: str, account: CalendarAccount) -> str:
    if trouble == "expired":
        return f"look at the clock (`date`); else {RENEW}"
    if trouble == "another name":
        return "write the name that the certificate has into [calendar] url"
    if trouble == "no ca_file":
        return f"look at it: `openssl x509 -in {quote(str(account.ca_file or Path()))} -noout -subject`"
    see = f"`openssl s_client -connect {host}:{port} </dev/null | openssl x509 -noout -fingerprint -sha256`"
    trust = f'[calendar] tls_fingerprint = "{fingerprint}", or ca_file'
    return f"{trust}, if the server is yours and it shows the same by {see}"


def password(*, found: bool) -> Check:
    """Never the password itself, nor how long it is."""
    if found:
        return Check("password", ok=True, detail="found")
    return Check("password", ok=True, detail="a credential of the service, perhaps: only the service can read it")


def login(user: str | None) -> Check:
    """It went well."""
    return Check("login", ok=True, detail=f"{user} is let in" if user else "let in")


def nobody_home() -> Check:
    """The embedded calendar is there while the daemon is."""
    return Check("calendar address", ok=True, detail="the calendar on this machine is there while reconnectd runs")

"""Where a server is, and files that the config names."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from reconnectd.config.forms import Form, line_of_text
from reconnectd.core.expected import Expected
from reconnectd.core.loopback import is_loopback
from reconnectd.core.settings import CalendarAccount

_ADDRESS = 'an address such as "https://cloud.example.org/dav/"'
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def split(address: str) -> SplitResult:
    """The parts of an address; a host alone counts as https. ValueError when it is none."""
    return urlsplit(address if _SCHEME.match(address) else f"https://{address}")


def in_clear(account: CalendarAccount) -> bool:
    """Will the password go over a network for everybody to read, because the config allows it?"""
    if account.url is None or not account.allow_insecure_http:
        return False
    parts = split(account.url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def _read(value: object) -> str:
    address = line_of_text(_ADDRESS, value, most=2000)
    if re.search(r"\s", address):
        raise Expected(f"{_ADDRESS}, without blanks", value)
    try:
        parts = split(address)
        valid = parts.port != 0 and bool(parts.hostname)
    except ValueError:
        raise Expected(_ADDRESS, value) from None
    if "@" in parts.netloc:
        raise Expected(f"{_ADDRESS} without name and password (username and password_command have them)", value)
    if not valid or parts.scheme.lower() not in ("http", "https"):
        raise Expected(_ADDRESS, value)
    return address


def _path(value: object) -> Path:
    """As written, but for a leading ~; `config.reading` puts relative ones beside the config."""
    what = 'a path such as "~/cloud.pem"'
    found = line_of_text(what, value, most=1000)
    try:
        return Path(found).expanduser()
    except RuntimeError:
        raise Expected(what, value) from None


ADDRESS = Form(_read, str, {"type": "string", "minLength": 1})
PATH = Form(_path, str, {"type": "string", "minLength": 1})

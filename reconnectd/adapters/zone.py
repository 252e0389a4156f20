"""Which time zone this machine is in, and whether the rules of a zone have changed."""

from __future__ import annotations

import os
import re
import zoneinfo
from collections.abc import Mapping
from pathlib import Path

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*\Z")
_LINKS = 40


def local_zone_name(environ: Mapping[str, str] = os.environ, etc: Path = Path("/etc")) -> str:
    """The IANA name of the machine's zone; "UTC" when nothing tells.

    TZ counts as it does for the C library, if it names a zone; POSIX rules ("CET-1CEST") have no name and don't.
    """
    return (
        _from_environ(environ.get("TZ", ""))
        or _from_links(etc / "localtime")
        or _from_text(etc / "timezone")
        or _from_tzlocal()
        or "UTC"
    )


def named_by(environ: Mapping[str, str] = os.environ, etc: Path = Path("/etc")) -> str:
    """What it is that tells `local_zone_name`; "" when nothing does."""
    if _from_environ(environ.get("TZ", "")):
        return "$TZ"
    if _from_links(etc / "localtime"):
        return f"{etc}/localtime"
    if _from_text(etc / "timezone"):
        return f"{etc}/timezone"
    return "the system" if _from_tzlocal() else ""


def zone_identity(name: str) -> str:
    """A short text that changes when the rules of the zone change: another tzdata was installed."""
    found = _file(name)
    if found is None:
        return f"{name} unknown"
    stat = found.stat()
    return f"{name} {stat.st_mtime_ns} {stat.st_size}"


def rules_version() -> str:
    """Which tzdata is in use, such as "2026b" or "2026.2"; "" where nothing tells."""
    for folder in zoneinfo.TZPATH:
        try:
            with Path(folder, "tzdata.zi").open("r", encoding="ascii", errors="replace") as file:
                first = file.readline()
        except OSError:
            continue
        found = re.match(r"# version (\d{4}[a-z]+)", first)
        if found:
            return found[1]
    import importlib.metadata

    try:
        return importlib.metadata.version("tzdata")
    except importlib.metadata.PackageNotFoundError:
        return ""


def country_of(name: str) -> str | None:
    """The ISO 3166 code of the country whose zone this is, after zone.tab of tzdata; None where that has none."""
    for line in _table("zone.tab"):
        code, _, zone, *_ = line.split("\t")
        if zone.strip() == name:
            return code
    return None


def _table(name: str) -> list[str]:
    file = next((found for folder in zoneinfo.TZPATH if (found := Path(folder, name)).is_file()), None)
    file = file or _packaged(name)
    lines = file.read_text("utf-8", errors="replace").splitlines() if file else []
    return [line for line in lines if line.count("\t") >= 2 and not line.startswith("#")]


def unknown_in_environ(environ: Mapping[str, str]) -> str:
    """What TZ says, where it names a zone that isn't one; "" when it is one, POSIX rules, or unset."""
    value = environ.get("TZ", "").removeprefix(":")
    looks_like_a_name = re.fullmatch(r"[A-Za-z_]+(/[A-Za-z0-9_+-]+)+", value) is not None
    return value if looks_like_a_name and _named(value) is None else ""


def _from_environ(value: str) -> str | None:
    return _named(value.removeprefix(":"))


def _from_links(path: Path) -> str | None:
    """The first name on the way from link to link: the last file may be known under an older name only."""
    for _ in range(_LINKS):
        try:
            path = path.parent / path.readlink()
        except OSError:
            return None
        if name := _named(os.path.normpath(path)):
            return name
    return None


def _from_text(path: Path) -> str | None:
    try:
        lines = path.read_text("ascii").split()
    except (OSError, ValueError):
        return None
    return _named(lines[0]) if lines else None


def _from_tzlocal() -> str | None:
    """The answer of tzlocal, which knows Windows and rarer systems; imported only when nothing else knew."""
    import warnings

    import tzlocal

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _named(tzlocal.get_localzone_name() or "")
    except (LookupError, ValueError, OSError):
        return None


def _named(text: str) -> str | None:
    """The zone that a name or the path of its file stands for, if there is such a zone."""
    name = text.rpartition("/zoneinfo/")[2].removeprefix("posix/").removeprefix("right/")
    return name if _is_zone(name) else None


def _is_zone(name: str) -> bool:
    """Not everything in the folder of the zones is one: `leapseconds` isn't, and `localtime` is a question."""
    found = _file(name)
    if found is None or name in {"localtime", "posixrules"}:
        return False
    with found.open("rb") as file:
        return file.read(4) == b"TZif"


def _file(name: str) -> Path | None:
    """Where zoneinfo would read the rules of this zone."""
    if _NAME.match(name) is None:
        return None
    found = (file for folder in zoneinfo.TZPATH if (file := Path(folder, name)).is_file())
    return next(found, None) or _packaged(name)


def _packaged(name: str) -> Path | None:
    """The same in the tzdata of the package index, which zoneinfo asks last."""
    import importlib.util

    package = importlib.util.find_spec("tzdata")
    files = (Path(folder, "zoneinfo", name) for folder in (package and package.submodule_search_locations) or ())
    return next((file for file in files if file.is_file()), None)

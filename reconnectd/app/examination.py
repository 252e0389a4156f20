"""What `reconnect doctor` looks at: each check turns something known into one line and, where it helps, a cure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

from reconnectd.core.agreement import Agreement, refusal
from reconnectd.core.agreement import agreement as how_it_stands
from reconnectd.core.rest import EVERYTHING, Rest
from reconnectd.core.settings import Settings
from reconnectd.errors import ConfigError, ReconnectdError
from reconnectd.ports import NotifierState


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the examination. A `fix` beside `ok` is advice."""

    name: str
    ok: bool
    detail: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class LastRun:
    """How the last sync went; `error` "" when it went well."""

    at: dt.datetime
    error: str
    fix: str


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """The user service. `manager` is why there is no manager to ask, "" when there is one; `program` what the
    installed unit starts, None when none is installed; `starter` who starts it, systemd, the desktop's autostart or
    launchd. `changed`: the unit isn't what this version would write;
    `to_reload`: the manager has an older text of it; `lingers`: it goes on without a login, None where nobody tells."""

    manager: str = ""
    program: Path | None = None
    program_exists: bool = False
    active: str = "inactive"
    enabled: bool = False
    changed: bool = False
    to_reload: bool = False
    lingers: bool | None = None
    starter: str = "systemd"


def config(path: Path, read: Settings | ConfigError) -> Check:
    """Can it be used?"""
    if isinstance(read, Settings):
        return Check("config", ok=True, detail=f"{path}, {_count(len(read.routines), 'routine')}")
    first, *more = read.problems
    rest = f" (and {_count(len(more), 'more problem')})" if more else ""
    return Check("config", ok=False, detail=first + rest, fix=read.fix)


def inactive_keys(settings: Settings) -> Check:
    """What is accepted and has no effect yet."""
    if not settings.inactive:
        return Check("config keys", ok=True, detail="each one is in use")
    return Check("config keys", ok=True, detail=f"of no effect in this release yet: {', '.join(settings.inactive)}")


def decks(complaints: Sequence[str]) -> Check:
    """Can every deck of ideas be used? What can't is left out, and everything else goes on."""
    if not complaints:
        return Check("decks", ok=True, detail="each one can be used")
    first, *more = complaints
    rest = f" (and {_count(len(more), 'more problem')})" if more else ""
    return Check("decks", ok=False, detail=f"{first}{rest}", fix="`reconnect deck check FILE` tells all of it")


def readable_config(path: Path, mode: int | None) -> Check:
    """Could others on this machine read what two people mean to do with each other?"""
    if mode is None or not mode & 0o077:
        return Check("config file", ok=True, detail="only you can read it" if mode is not None else "not there yet")
    detail = f"others on this machine may {'change' if mode & 0o022 else 'read'} it ({mode:03o})"
    return Check("config file", ok=False, detail=detail, fix=f"chmod 600 {quote(str(path))}")


def folders(wrong: Mapping[str, str]) -> Check:
    """The folders of the XDG specification; `wrong` says for each what is the matter."""
    if not wrong:
        return Check("folders", ok=True, detail="all can be written")
    name, why = next(iter(wrong.items()))
    return Check(
        "folders", ok=False, detail=f"{name} {why}", fix=f"make {name} a folder of your own that can be written"
    )


def private_files(open_to_others: Sequence[Path], looked_at: int) -> Check:
    """Everything reconnectd keeps is 0600 or 0700."""
    if open_to_others:
        names = [str(path) for path in open_to_others[:3]]
        cure = " ".join(["chmod -R go=", *map(quote, names)])
        return Check("private files", ok=False, detail=f"others may read {', '.join(names)}", fix=cure)
    return Check(
        "private files", ok=True, detail=f"{_count(looked_at, 'file and folder', 'files and folders')} of your own"
    )


def database(path: Path, copies: int, *, exists: bool) -> Check:
    """The state, when nothing is the matter with it."""
    if not exists:
        return Check("database", ok=True, detail="none yet", fix="`reconnect sync` makes it")
    beside = f"{_count(copies, 'copy', 'copies')} beside it" if copies else "no copy beside it yet"
    return Check("database", ok=True, detail=f"{path} is sound, {beside}")


def damaged(reason: str, copy: str | None, daemon: int | None) -> Check:
    """The state is broken, emptied, another program's, or gone while there are copies of it."""
    if copy is None:
        cure = "no copy in backups/ is sound either: move it elsewhere, and `reconnect sync` begins anew"
        return Check("database", ok=False, detail=reason, fix=cure)
    stop = f"stop reconnectd (`systemctl --user stop reconnectd`, or `kill {daemon}`), then " if daemon else ""
    cure = f"{stop}`reconnect doctor --fix` puts {copy} in its place, and keeps this one beside"
    return Check("database", ok=False, detail=reason, fix=cure)


def words(plain: int | None, locked: str) -> Check:
    """What a person wrote for themselves. `plain`: how many aren't sealed yet, None where none are to be; `locked`: why
    their key can't be read at present."""
    if plain is None:
        return Check("own words", ok=True, detail="kept as they are, in files that only you can read")
    if plain:
        detail = f"sealed, but {_count(plain, 'thing')} came in without the key"
        return Check("own words", ok=False, detail=detail, fix="`reconnect seal` closes the rest, too")
    return Check("own words", ok=True, detail=f"sealed; {locked or 'their key is in the keyring'}")


def rests(holding: Sequence[Rest]) -> Check:
    """What is silent on purpose, and what being apart changes so far."""
    if not holding:
        return Check("rests", ok=True, detail="nothing rests")
    named = [f"{_REST[one.kind]}{'' if one.scope == EVERYTHING else ' (' + one.scope + ')'}" for one in holding]
    return Check("rests", ok=True, detail="; ".join(named), fix="`reconnect resume` ends it")


_REST = {
    "pause": "a pause: no words, on purpose",
    "not-today": "no more words today, on purpose",
    "lighter": "lighter days: one word a day at most, small cues rest",
    "first-days": "the first days: one word a day at most",
    "apart": "apart: small touches say that they are meant from afar; nothing else changes in this release",
    "stop": "stopped, on purpose: no words",
}


def daemon(pid: int | None, answer: Mapping[str, Any] | None, version: str) -> Check:
    """Is it there, does it answer, is it of this version?"""
    if pid is None:
        return Check(
            "daemon", ok=False, detail="reconnectd is not running, so no word comes by itself",
            fix="`reconnect service install`, or `reconnectd` in a terminal",
        )  # fmt: skip
    if answer is None:
        return Check("daemon", ok=False, detail=f"it runs (pid {pid}) but does not answer", fix=_RESTART)
    if answer.get("version") != version:
        found = answer.get("version") or "another one"
        return Check("daemon", ok=False, detail=f"it is of version {found}, this command of {version}", fix=_RESTART)
    return Check("daemon", ok=True, detail=f"running (pid {pid}), version {version}")


_RESTART = "`systemctl --user restart reconnectd`, or stop it and start `reconnectd` again"


def session_bus(address: str | None, *, connected: bool, screen: bool) -> Check:
    """The way to the desktop. Where plyer can do without, no bus is no trouble."""
    if connected:
        return Check("session bus", ok=True, detail=str(address))
    detail = f"nobody answers at {address}" if address else "there is none here"
    if screen:
        return Check("session bus", ok=True, detail=f"{detail}; plyer is used instead")
    return Check("session bus", ok=False, detail=detail, fix="run this, and reconnectd, inside your desktop session")


def notifications(state: NotifierState, capabilities: Sequence[str] = ()) -> Check:
    """Who would show a word."""
    if not state.ready:
        return Check(
            "notifications", ok=False, detail="nobody here shows notifications; words are held until somebody does",
            fix="log in to a desktop; where it has no notifications of its own, start dunst, mako or xfce4-notifyd",
        )  # fmt: skip
    can = f", can: {', '.join(sorted(capabilities))}" if capabilities else ""
    buttons = "with buttons" if state.actions else "without buttons (answer with `reconnect done`)"
    return Check("notifications", ok=True, detail=f"{state.server or state.backend}, {buttons}{can}")


def embedded_server(settings: Settings, *, importable: bool) -> Check:
    """Only needed without an account."""
    if not settings.calendar.embedded:
        return Check("embedded calendar", ok=True, detail="not needed: there is an account")
    if importable:
        return Check("embedded calendar", ok=True, detail="Radicale is installed")
    return Check(
        "embedded calendar", ok=False, detail="the calendar on this machine needs Radicale, which isn't installed",
        fix='pip install "reconnectd[server]", or name a server under [calendar] url',
    )  # fmt: skip


def calendar(run: LastRun | None, pending: int, *, gone: bool, now: dt.datetime) -> Check:
    """How the last sync went."""
    waits = f"; {_count(pending, 'change')} to be written" if pending else ""
    if gone:
        return Check("calendar", ok=False, detail=CALENDAR_GONE, fix=CALENDAR_GONE_FIX)
    if run is None:
        return Check("calendar", ok=True, detail=f"never asked yet{waits}", fix="`reconnect sync` asks it now")
    if run.error:
        return Check("calendar", ok=False, detail=f"{run.error}{waits}", fix=run.fix or "`reconnect sync` tries again")
    return Check("calendar", ok=True, detail=f"in step {ago(run.at, now)}{waits}")


CALENDAR_GONE = "the calendar was here once and is gone; it is not made again by itself"
CALENDAR_GONE_FIX = "restore it on the server; or have it made again, with all that is coming: `reconnect sync --yes`"


def agreement(settings: Settings, today: dt.date, *, stands: bool) -> Check:
    """Has the partner said yes where that is needed? `stands`: something was written there before."""
    no = refusal(settings, today, stands=stands)
    if no is not None:
        return Check("agreement", ok=False, detail=str(no), fix=no.fix)
    standing, said = how_it_stands(settings, today), settings.people.partner_agrees
    if standing is Agreement.NOT_NEEDED or said is None:
        return Check("agreement", ok=True, detail="not needed")
    if standing is Agreement.OLD:
        return Check("agreement", ok=True, detail=asked_again(said), fix=ASK_AGAIN_FIX)
    return Check("agreement", ok=True, detail=f"both said yes on {said.isoformat()}")


def asked_again(said: dt.date) -> str:
    """What is said of a yes that is half a year old."""
    return f"you both said yes on {said.isoformat()}, half a year ago or more; everything goes on as it is"


ASK_AGAIN_FIX = (
    "ask each other again: if it still is a yes, set [people] partner_agrees = that day; if not, take the line out"
)


def service(facts: ServiceFacts, *, running: bool) -> Check:
    """Does it start with the session?"""
    if facts.manager:
        return Check(
            "service",
            ok=True,
            detail=facts.manager,
            fix="`reconnect service install` lets your desktop start it instead",
        )
    if facts.program is None:
        return Check("service", ok=True, detail="not installed", fix="`reconnect service install`")
    if wrong := _service_trouble(facts, running=running):
        return Check("service", ok=False, detail=wrong[0], fix=wrong[1])
    return Check("service", ok=True, detail=", ".join(_service_words(facts)), fix=_service_advice(facts))


def _service_trouble(facts: ServiceFacts, *, running: bool) -> tuple[str, str] | None:
    if not facts.program_exists:
        return f"it starts {facts.program}, which is not there", "`reconnect service install`"
    if facts.active == "failed":
        return "it stopped with an error", "`reconnect service logs` says why"
    if facts.active != "active" and not running:
        return f"installed, {facts.active}", _START.get(facts.starter, "log out and in again, or run `reconnectd`")
    if facts.to_reload:
        return f"{facts.active}, by an older text of its unit", RELOAD
    return None


_START = {"systemd": "`systemctl --user start reconnectd`", "launchd": "`reconnect service install` starts it"}
RELOAD = "`systemctl --user daemon-reload && systemctl --user restart reconnectd`"


def _service_words(facts: ServiceFacts) -> Iterator[str]:
    yield facts.active
    yield "starts with the session" if facts.enabled else "doesn't start by itself"
    if facts.lingers:
        yield "goes on when you log out"
    if facts.changed:
        yield "not as this version would install it"


def _service_advice(facts: ServiceFacts) -> str:
    if not facts.enabled:
        return "`systemctl --user enable reconnectd`" if facts.starter == "systemd" else "`reconnect service install`"
    if facts.changed:
        return "`reconnect service install`; changes of your own are kept in `systemctl --user edit reconnectd`"
    return ""


def unreadable(name: str, error: ReconnectdError) -> Check:
    """Something that could not even be looked at."""
    return Check(name, ok=False, detail=str(error), fix=error.fix)


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """How long something is past: "just now", "5 min ago", "3 h ago" or "4 days ago"."""
    seconds = (now - then).total_seconds()
    if seconds < 90:
        return "just now"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min ago"
    return f"{seconds / 3600:.0f} h ago" if seconds < 36 * 3600 else f"{seconds / 86400:.0f} days ago"


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number} {one if number == 1 else several or one + 's'}"

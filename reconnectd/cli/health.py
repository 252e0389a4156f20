"""`reconnect status`, `doctor` and `notify --test`: how things stand, and what would help."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from reconnectd.app.examination import ago
from reconnectd.cli import rows
from reconnectd.cli.agenda import AT, as_of, looked_for
from reconnectd.cli.listing import when_words
from reconnectd.cli.rest_words import holds, rest_fields, rest_of
from reconnectd.cli.waiting import Waiting
from reconnectd.core.plain import plain
from reconnectd.errors import ConfigError, ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reconnectd.adapters.store.agenda import Agenda
    from reconnectd.app.examination import Check
    from reconnectd.cli.main import Call


@click.command()
@AT
@click.pass_obj
def status(call: Call, at: str | None) -> None:
    """How things stand; with --at, what comes next as of then."""
    from reconnectd.wiring.overview import Overview

    overview = Overview(call.session)
    found = overview.fields()
    agenda = overview.agenda()
    now = as_of(call, at)
    found["next"] = _nearest(agenda, now) if now == call.session.now else next(iter(looked_for(call, now, 1)), None)
    found["rests"] = _rests(call, agenda)
    if call.output.as_json:
        call.output.document(found)
        return
    for name, words in (*_lines(found, call.session.now), ("next", _next(found["next"], now)), *_resting(call, agenda)):
        call.output.line(f"{name:<14} {plain(words)}")
    if found["problems"]:
        call.output.line()
        call.output.line("To look at:")
    for problem in found["problems"]:
        call.output.line(f"  {plain(problem['what'])}")
        if problem["fix"]:
            call.output.line(f"    {plain(problem['fix'])}")


def _lines(found: dict[str, Any], now: dt.datetime) -> Iterator[tuple[str, str]]:
    yield "reconnectd", _daemon(found["daemon"])
    yield "calendar", _calendar(found["calendar"], now)
    yield "notifications", _notifications(found["notifications"])


def _daemon(daemon: dict[str, Any]) -> str:
    if not daemon["running"]:
        return "not running; `reconnect service install` or `reconnectd` starts it"
    since = f" since {dt.datetime.fromisoformat(daemon['since']):%Y-%m-%d %H:%M}" if daemon["since"] else ""
    return f"running{since} (pid {daemon['pid']})"


def _calendar(calendar: dict[str, Any], now: dt.datetime) -> str:
    name = f'"{calendar["name"]}"' if calendar["name"] else "none yet"
    if calendar["last_sync"] is None:
        state = "not asked yet" if calendar["ok"] is None else "could not be reached yet"
    else:
        state = f"in step {ago(dt.datetime.fromisoformat(calendar['last_sync']), now)}"
    waits = f", {calendar['pending']} to be written" if calendar["pending"] else ""
    return ", ".join(part for part in (name, state + waits, calendar["url"] or "") if part)


def _notifications(notifications: dict[str, Any]) -> str:
    held = f", {notifications['held']} held" if notifications["held"] else ""
    if notifications["backend"] is None:
        return f"only the running reconnectd can tell{held}"
    if notifications["server"] is None and notifications["backend"] != "plyer":
        return f"nobody shows them at present{held}"
    buttons = "with buttons" if notifications["actions"] else "without buttons"
    return f"{notifications['server'] or notifications['backend']}, {buttons}{held}"


def _nearest(agenda: Agenda | None, now: dt.datetime) -> rows.Row | None:
    if agenda is None:
        return None
    found = rows.local(agenda.upcoming(now.timestamp(), 1), rows.zone_of(agenda))
    return found[0] if found else None


def _rests(call: Call, agenda: Agenda | None) -> list[dict[str, Any]]:
    if agenda is None:
        return []
    zone = rows.zone_of(agenda)
    return [rest_fields(rest_of(row), zone) for row in agenda.resting(call.session.now.timestamp())]


def _resting(call: Call, agenda: Agenda | None) -> Iterator[tuple[str, str]]:
    """In words; the end of a rest is told by the day's beginning, which only a config that can be used says."""
    try:
        rests = [holds(call, rest_of(row)) for row in agenda.resting(call.session.now.timestamp())] if agenda else []
    except ConfigError:
        return
    yield from (("rests" if number == 0 else "", words) for number, words in enumerate(rests))


def _next(row: rows.Row | None, now: dt.datetime) -> str:
    return f"{row['title']}, {when_words(row, now)}" if row else "nothing is planned"


@click.command()
@click.option("--fix", is_flag=True, help="Put a sound copy in the place of a damaged state, after asking.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def doctor(call: Call, *, fix: bool, yes: bool) -> int:
    """Look closer, with a cure for each trouble."""
    mended = _mend(call, yes=yes) if fix else []
    checks = _look(call)
    if call.output.as_json:
        also = {"mended": mended} if fix else {}
        call.output.document({"checks": [dataclasses.asdict(check) for check in checks], **also})
    else:
        _tell(call, checks)
    return int(any(not check.ok for check in checks))


def _look(call: Call) -> list[Check]:
    from reconnectd.wiring.health import Health

    with Waiting(call.output) as waiting:
        return list(Health(call.session, waiting.say).checks())


def _mend(call: Call, *, yes: bool) -> list[dict[str, str | None]]:
    """Restore the state where it is damaged; what was done."""
    from reconnectd.wiring.restoring import restoration

    found = restoration(call.session)
    if found is None:
        call.output.line("The state is sound: there is nothing to put back.\n")
        return []
    if found.copy is None:
        raise ReconnectdError(f"{found.reason}, and no copy in backups/ is sound", NO_COPY)
    if call.output.as_json and not yes:
        raise WrongUsage("with --json nobody can be asked", "`reconnect doctor --fix --yes --json`")
    call.output.line(plain(found.reason, limit=1000))
    if not yes:
        click.confirm(f"Put {plain(found.copy.name)} in its place? What came after it isn't in there", abort=True)
    done = found.run()
    beside = f" The damaged one is kept as {done.kept.name}." if done.kept else ""
    call.output.line(f"{done.copy.name} is in its place.{beside}\n")
    return [{"copy": str(done.copy), "kept": str(done.kept) if done.kept else None}]


NO_COPY = "move it elsewhere, perhaps somebody can save something of it; `reconnect sync` then begins anew"


def _tell(call: Call, checks: list[Check]) -> None:
    for check in checks:
        call.output.line(f"{'ok  ' if check.ok else 'look'}  {check.name:<17} {plain(check.detail, limit=1000)}")
        if check.fix:
            call.output.line(f"{'':<24}→ {plain(check.fix)}")
    count = sum(not check.ok for check in checks)
    call.output.line()
    call.output.line("All is well." if not count else f"{count} thing{'' if count == 1 else 's'} to look at.")


@click.command()
@click.option("--test", is_flag=True, help="Show one, to see how it looks.")
@click.pass_obj
def notify(call: Call, *, test: bool) -> None:
    """Try a notification."""
    if not test:
        raise WrongUsage("there is nothing to say without --test", "`reconnect notify --test` shows one notification")
    from reconnectd.wiring.trial import show

    with Waiting(call.output) as waiting:
        waiting.say("asking the desktop")
        said = show(call.session)
    if not said.shown:
        raise ReconnectdError(*why_not(said.backend, by_daemon=said.by_daemon))
    if call.output.as_json:
        call.output.document({"shown": True, "backend": said.backend, "server": said.server})
    call.output.line(f"A notification is on your screen now, by {plain(said.server or said.backend)}.")


def why_not(backend: str, *, by_daemon: bool) -> tuple[str, str]:
    """Why no notification was shown, and what would help."""
    if backend == "freedesktop":
        return (
            "the desktop is there, but nobody on it shows notifications",
            "start a notification service: GNOME and KDE have one, elsewhere dunst, mako or xfce4-notifyd",
        )
    if by_daemon:
        return (
            "reconnectd runs, but outside a desktop session: it has nowhere to show a notification",
            "start it again inside your session; `reconnect service install` sees to that",
        )
    return (
        "there is no desktop here to show a notification on",
        "try it inside your desktop session; `reconnect doctor` looks closer",
    )

"""`reconnect pause` and `resume`: silence for a while, of one routine or of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from reconnectd.cli.answers import told
from reconnectd.cli.names import Names, when
from reconnectd.core import wording
from reconnectd.core.model import ONE_OFF
from reconnectd.core.occurrence import Pause
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

EVERYTHING = "*"

NAME = click.argument("name", required=False, metavar="[NAME]")


@click.command()
@NAME
@click.option("--until", "until", metavar="DATE", help="Until that day begins; without it, until `reconnect resume`.")
@click.pass_obj
def pause(call: Call, name: str | None, until: str | None) -> None:
    """Rest a routine, or everything: silent, nothing new; what stands in the calendar stays."""
    session = call.session
    scope = _scope(call, name)
    end = None
    if until is not None:
        end = when(call, until, at=session.settings.time.day_start)
        if end <= session.now:
            raise WrongUsage("that day has begun already", "give a day ahead, such as `--until 2026-12-27`")
    session.store.facts.pause(Pause(scope, session.now, end))
    session.renew()
    _say(call, _resting(call, scope))
    told(call, calendar=False)


@click.command()
@NAME
@click.option("--yes", is_flag=True, help="Also when its series was deleted in the calendar: make a new one.")
@click.pass_obj
def resume(call: Call, name: str | None, *, yes: bool) -> None:
    """End a rest: of a routine, or of everything."""
    session = call.session
    scope = _scope(call, name)
    session.renew()
    standing = session.store.facts.standings().get(scope)
    stopped = standing is not None and standing.stopped
    if stopped and not yes:
        raise WrongUsage(
            f"the series of {scope} was deleted in the calendar, and stays away",
            f"`reconnect resume {scope} --yes` makes a new one",
        )
    rested = session.store.facts.resume(scope)
    if stopped:
        session.store.facts.new_generation(scope)
    session.renew()
    _say(call, _resumed(call, scope, was_resting=rested or stopped))
    told(call, calendar=stopped)


def _scope(call: Call, name: str | None) -> str:
    """A slug, or everything."""
    if name is None:
        return EVERYTHING
    names = Names(call, call.session.now)
    slug = name.lower()
    if slug == ONE_OFF:
        raise WrongUsage("what you asked to be reminded of doesn't rest", "`reconnect skip` is for a single one")
    if slug.partition("@")[0] not in names.slugs:
        raise names.unknown(slug)
    if "@" in slug:
        raise WrongUsage(
            "a single day doesn't rest", f"`reconnect skip {slug}`, or `reconnect pause {slug.partition('@')[0]}`"
        )
    return slug


def _resting(call: Call, scope: str) -> str:
    rest = call.session.store.facts.pauses()[scope]
    until = ""
    if rest.until is not None:
        local = rest.until.astimezone(ZoneInfo(call.session.place.zone))
        until = f" until {wording.moment(local, call.session.now)}"
    return f"{_named(scope)} rests{until}. `{_command(scope)}` ends it; what stands in the calendar stays."


def _resumed(call: Call, scope: str, *, was_resting: bool) -> str:
    pauses = call.session.store.facts.pauses()
    routine = call.session.settings.routine(scope)
    if routine is not None and routine.paused:
        return f"{scope} rests because the config says so: `paused` in [routine.{scope}]. `reconnect config edit`"
    if scope != EVERYTHING and EVERYTHING in pauses:
        return f"Everything rests, {scope} too. `reconnect resume` ends that."
    still = "".join(f" {one} still rests: `{_command(one)}`." for one in sorted(pauses))
    if was_resting:
        return f"{_named(scope)} is back.{still}"
    return f"{'Nothing was resting' if scope == EVERYTHING else scope + ' was not resting'}.{still}"


def _named(scope: str) -> str:
    return "Everything" if scope == EVERYTHING else scope


def _command(scope: str) -> str:
    return "reconnect resume" if scope == EVERYTHING else f"reconnect resume {scope}"


def _say(call: Call, text: str) -> None:
    if not call.output.as_json:
        call.output.line(text)
        return
    zone = ZoneInfo(call.session.place.zone)
    rests = [
        {
            "routine": None if rest.scope == EVERYTHING else rest.scope,
            "since": rest.since.astimezone(zone).isoformat(),
            "until": rest.until.astimezone(zone).isoformat() if rest.until else None,
        }
        for rest in call.session.store.facts.pauses().values()
        if rest.covers(call.session.now)
    ]
    call.output.document({"paused": rests})

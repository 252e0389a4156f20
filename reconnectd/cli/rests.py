"""`reconnect pause` and `resume`: silence for a while, of one routine or of everything."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import click

from reconnectd.cli import clearing
from reconnectd.cli.answers import TAKE_BACK, told
from reconnectd.cli.examples import examples
from reconnectd.cli.names import Names, when
from reconnectd.cli.rest_words import has_ended, rest_fields, resume_command, what_holds
from reconnectd.core.model import ONE_OFF
from reconnectd.core.rest import EVERYTHING, SILENT, Rest
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

NAME = click.argument("name", required=False, metavar="[NAME]")


@click.command(
    epilog=examples(
        "reconnect pause                              # everything, until `reconnect resume`",
        "reconnect pause --until 2027-01-07",
        'reconnect pause date-night --until "3 jan" --clear',
    )
)
@NAME
@click.option("--until", "until", metavar="DATE", help="Until that day begins; without it, until `reconnect resume`.")
@click.option("--clear", is_flag=True, help="Take its future events out of the calendar, after showing them.")
@click.option("--yes", is_flag=True, help="With --clear: don't ask.")
@click.pass_obj
def pause(call: Call, name: str | None, until: str | None, *, clear: bool, yes: bool) -> None:
    """Rest a routine, or everything: silent, nothing new; what stands in the calendar stays.

    What lies in a rest is no miss. With --clear its events leave the calendar and come back with `reconnect resume`,
    as far as they are still ahead. What you asked to be reminded of (`reconnect remember`) comes all the same.
    """
    scope = _scope(call, name)
    rest = Rest(scope, call.session.now, None if until is None else until_when(call, until), cleared=clear)
    going = clearing.taken_out(call, rest) if clear else []
    command = " ".join(["pause", *([scope] if name else []), *(["--until …"] if until else []), "--clear"])
    clearing.agree(call, rest, going, command, yes=yes)
    begin(call, rest)
    confirm(call, rest)
    if clear:
        call.output.line(clearing.gone_words(going, rest, call.session.now))
    told(call, calendar=clear)


def begin(call: Call, rest: Rest) -> None:
    """Write it down, and plan with it."""
    call.session.resting.begin(rest)
    call.session.renew()


def confirm(call: Call, rest: Rest) -> None:
    """Say that it holds."""
    stays = TAKE_BACK if rest.cleared else "what stands in the calendar stays."
    say(call, f"{what_holds(call, rest)}. `{resume_command(rest.scope)}` ends it; {stays}")


@click.command(
    epilog=examples(
        "reconnect resume",
        "reconnect resume date-night",
        "reconnect resume date-night --yes            # its series was deleted in the calendar: begin it anew",
    )
)
@NAME
@click.option("--yes", is_flag=True, help="Also when its series was deleted in the calendar: make a new one.")
@click.pass_obj
def resume(call: Call, name: str | None, *, yes: bool) -> None:
    """End a rest: of a routine, or of everything.

    Without NAME it ends whatever holds for everything: a pause, not-today, lighter days, being apart, a stop. Events
    that were taken out of the calendar for it come back, as far as they are still ahead.
    """
    session = call.session
    scope = _scope(call, name)
    session.renew()
    stopped = _deleted(call, scope, yes=yes)
    if stopped and not yes:
        raise WrongUsage(
            f"the series of {' and '.join(stopped)} was deleted in the calendar, and stays away",
            f"`reconnect resume {scope} --yes` makes a new one, from today on",
        )
    held = [rest for slug in stopped for rest in session.resting.resume(slug, session.now, anew=True)]
    if scope not in stopped:
        held += session.resting.resume(scope, session.now)
    session.renew()
    say(call, _resumed(call, scope, held, anew=stopped))
    if any(rest.kind == "stop" for rest in held):
        wake(call)
    told(call, calendar=bool(stopped) or any(rest.cleared for rest in held))


def _deleted(call: Call, scope: str, *, yes: bool) -> list[str]:
    """Whose series somebody deleted in the calendar. They are not what a plain `resume` of everything is about."""
    standings = call.session.store.facts.standings()
    wanted = [scope] if scope != EVERYTHING else [each.slug for each in call.session.settings.routines] if yes else []
    return [slug for slug in wanted if slug in standings and standings[slug].stopped]


def wake(call: Call) -> None:
    """After a stop: the service runs again, where there is one."""
    from reconnectd.cli.stopping import turn

    service = turn(call, on=True)
    if service == "on":
        call.output.line("The service runs again.")
    elif call.session.daemon_pid() is None:
        call.output.line("reconnectd isn't running: `reconnect service install`, or `reconnectd` for this terminal.")


def until_when(call: Call, text: str) -> dt.datetime:
    """When a rest ends: as that day begins, unless a time is said."""
    day_start = call.session.settings.time.day_start
    end = when(call, text, at=day_start)
    if re.search(r"\b(day|week)s?\b", text) and ":" not in text:
        end = when(call, f"{end.astimezone(call.session.zone):%Y-%m-%d}", at=day_start)
    if end <= call.session.now:
        raise WrongUsage("that day has begun already", "give a day ahead, such as `--until 2026-12-27`")
    return end


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


def _resumed(call: Call, scope: str, held: list[Rest], *, anew: list[str]) -> str:
    holding = [rest for rest in call.session.store.rests.all() if rest.covers(call.session.now)]
    silent = [rest for rest in holding if rest.kind in SILENT]
    routine = call.session.settings.routine(scope)
    if routine is not None and routine.paused:
        return f"{scope} rests because the config says so: `paused` in [routine.{scope}]. `reconnect config edit`"
    if scope != EVERYTHING and any(rest.scope == EVERYTHING for rest in silent):
        return f"Everything rests, {scope} too. `reconnect resume` ends that."
    still = "".join(
        f" {one} still rests: `{resume_command(one)}`."
        for one in sorted({rest.scope for rest in silent})
    )  # fmt: skip
    if any(rest.cleared for rest in held):
        still = f" Its events come back into the calendar.{still}"
    if held or anew:
        said = dict.fromkeys(has_ended(rest) for rest in held) or [f"{slug} is back." for slug in anew]
        return f"{' '.join(said)}{still}"
    return f"{'Nothing was resting' if scope == EVERYTHING else scope + ' was not resting'}.{still}"


def say(call: Call, text: str, **more: object) -> None:
    """The words; as JSON all rests that hold, and `more`."""
    if not call.output.as_json:
        call.output.line(text)
        return
    zone = call.session.zone
    rests = [rest for rest in call.session.store.rests.all() if rest.covers(call.session.now)]
    call.output.document({"paused": [rest_fields(rest, zone) for rest in rests], **more})

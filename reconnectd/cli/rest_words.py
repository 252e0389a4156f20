"""Rests as one says them, on every screen that names one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from reconnectd.core.rest import EVERYTHING, Rest, RestKind

if TYPE_CHECKING:
    from reconnectd.adapters.store.agenda import Resting
    from reconnectd.cli.main import Call

WHAT_HOLDS: dict[RestKind, str] = {
    "pause": "{who} rests{until}",
    "not-today": "No more words{of} today",
    "lighter": "It is lighter{until}: small cues rest, and events say one word a day at most",
    "first-days": "The first days{until} are gentle: one word a day at most",
    "apart": "You are apart{until}: small touches are meant from afar",
    "stop": "Everything has stopped",
}
ENDED: dict[RestKind, str] = {
    "pause": "{who} is back.",
    "not-today": "{who} may speak again today.",
    "lighter": "The lighter days are over.",
    "first-days": "The first days are over.",
    "apart": "You are together again.",
    "stop": "Everything is back.",
}


def holds(call: Call, rest: Rest) -> str:
    """That it holds, until when, and how it ends."""
    return f"{what_holds(call, rest)}; `{resume_command(rest.scope)}` ends it"


def what_holds(call: Call, rest: Rest) -> str:
    """The same without the way out."""
    who, of = ("Everything", "") if rest.scope == EVERYTHING else (rest.scope, f" about {rest.scope}")
    until = f" until {end_words(call, rest.until)}" if rest.until else ""
    return WHAT_HOLDS[rest.kind].format(who=who, of=of, until=until)


def has_ended(rest: Rest) -> str:
    """That it is over."""
    return ENDED[rest.kind].format(who="Everything" if rest.scope == EVERYTHING else rest.scope)


def end_words(call: Call, until: dt.datetime) -> str:
    """Until when: the day alone where it ends as a day begins."""
    from reconnectd.cli.listing import day_words

    local = until.astimezone(call.session.zone)
    day = " ".join(day_words(local.date(), call.session.now).split())
    return day if local.time() == call.session.settings.time.day_start else f"{day} {local:%H:%M}"


def resume_command(scope: str) -> str:
    """What ends a rest."""
    return "reconnect resume" if scope == EVERYTHING else f"reconnect resume {scope}"


def rest_of(row: Resting) -> Rest:
    """A rest as the quick reader tells it."""
    kind, scope, since, until, cleared = row
    begin, end = (None if at is None else dt.datetime.fromtimestamp(at, dt.UTC) for at in (since, until))
    assert begin is not None
    return Rest(scope, begin, end, kind, cleared)


def rest_fields(rest: Rest, zone: ZoneInfo) -> dict[str, Any]:
    """A rest as the JSON has it."""
    return {
        "kind": rest.kind,
        "routine": None if rest.scope == EVERYTHING else rest.scope,
        "since": rest.since.astimezone(zone).isoformat(),
        "until": rest.until.astimezone(zone).isoformat() if rest.until else None,
        "cleared": rest.cleared,
    }

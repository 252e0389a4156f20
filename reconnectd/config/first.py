"""The first config that somebody gets: few routines, every line explained, easy to change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reconnectd.config.shown import toml
from reconnectd.config.starting_sets import USUAL, set_called
from reconnectd.core.practice.first_talk import first_talk_routine
from reconnectd.core.settings import CalendarAccount

_PEOPLE = """\
# Your routines. Change what you like and save: it is noticed at once.
# `reconnect config check` reads it, `reconnect config show` shows every key with its default.

[people]
me = {me}
{partner}
# The same word on both your machines makes one plan of two; it also seeds the surprises.
household = {household}
"""

_NO_ACCOUNT = """
# Without a [calendar] section a calendar on this machine is used; `reconnect calendar` says how to look at it.
# With an account of your own, for instance:
#
# [calendar]
# url = "https://cloud.example.org/"
# username = "alex"
# password_command = ["pass", "show", "cloud"]
# calendar = "Us"
# seen_by = "me"
"""

_REMINDERS = """
[reminders]
quiet = ["22:30-07:30"]            # no words at night
at_most = "3 per day"              # and never many by day
"""

_SAYS = {
    "url": "the CalDAV server",
    "username": "your name on that server",
    "password_command": "this prints the password",
    "password_keyring": "the desktop's keyring has the password",
    "password_file": "a file that only you can read has the password",
    "calendar": "made when it isn't there, but never twice",
    "seen_by": 'who looks at it: "me" or "both"',
    "ring": 'what rings: "computer", "phone" (alarms in the events) or "both"',
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for. `account` None is the calendar on this machine. `agrees_on` is the day to stand at
    `partner_agrees`, which holds only where `agreed`. `routines` names a set; `first_talk` is when
    the one talk is that every set begins with, None while that isn't known."""

    me: str = "you"
    partner: str | None = None
    household: str = ""
    account: CalendarAccount | None = None
    agreed: bool = False
    agrees_on: dt.date | None = None
    routines: str = ""
    first_talk: tuple[dt.date, dt.time] | None = None


def starter(wishes: Wishes) -> str:
    """Valid TOML for these wishes; without a partner everything works for one person."""
    who = f"partner = {toml(wishes.partner)}" if wishes.partner else '# partner = "Sam"'
    people = _PEOPLE.format(me=toml(wishes.me), partner=who, household=toml(wishes.household))
    chosen = set_called(wishes.routines)
    calendar = _calendar(wishes.account) if wishes.account else _NO_ACCOUNT
    first = first_talk_routine(*wishes.first_talk) if wishes.first_talk else ""
    return people + _agreement(wishes) + calendar + _REMINDERS + (chosen.routines if chosen else USUAL) + first


def _agreement(wishes: Wishes) -> str:
    if wishes.agrees_on is None:
        return ""
    if wishes.agreed:
        return f"# The day you both said yes to a calendar you both see.\npartner_agrees = {toml(wishes.agrees_on)}\n"
    return (
        "# Take the first # away from the next line, with the day on which you both said yes. Until then nothing is\n"
        f"# written to the calendar that both see.\n# partner_agrees = {toml(wishes.agrees_on)}\n"
    )


def _calendar(account: CalendarAccount) -> str:
    told = {
        "url": account.url,
        "username": account.username,
        "password_command": list(account.password_command) or None,
        "password_keyring": account.password_keyring or None,
        "password_file": str(account.password_file) if account.password_file else None,
        "calendar": account.calendar,
        "seen_by": account.seen_by,
        "ring": account.ring,
    }
    lines = [(f"{key} = {toml(value)}", _SAYS[key]) for key, value in told.items() if value is not None]
    return "\n[calendar]\n" + "".join(f"{line:<34} # {says}\n" for line, says in lines)

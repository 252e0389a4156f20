"""The first config that somebody gets: few routines, every line explained, easy to change."""

from __future__ import annotations

from reconnectd.config.shown import toml

_PEOPLE = """\
# Your routines. Change what you like and save: it is noticed at once.
# `reconnect config check` reads it, `reconnect config show` shows every key with its default.

[people]
me = {me}
{partner}
# The same word on both your machines makes one plan of two; it also seeds the surprises.
household = {household}
"""

_REST = """
# Without a [calendar] section a calendar on this machine is used; `reconnect calendar` says how to look at it.
# With an account of your own, for instance:
#
# [calendar]
# url = "https://cloud.example.org/"
# username = "alex"
# password_command = ["pass", "show", "cloud"]
# calendar = "Us"
# seen_by = "me"

[reminders]
quiet = ["22:30-07:30"]            # no words at night
at_most = "3 per day"              # and never many by day

# An evening that is yours.
[routine.date-night]
practice = "quality-time"
title = "Date night"
on = "fri"
at = "19:30"
lasting = "2h"
remind = ["1 day", "1h"]

# How are we? What was good, what would help.
[routine.sunday-talk]
practice = "check-in"
title = "Sunday talk"
on = "sun"
at = "17:00"
lasting = "45 min"

# One small kindness a day, at a time nobody can guess. It is never written to a calendar that both see.
[routine.small-touch]
practice = "affection"
title = "A small touch"
times = "1 per day"
within = ["17:00-21:30"]
surprise = true
"""


def starter(me: str, partner: str | None, household: str) -> str:
    """Valid TOML for these names; without a partner everything works for one person."""
    who = f"partner = {toml(partner)}" if partner else '# partner = "Sam"'
    return _PEOPLE.format(me=toml(me), partner=who, household=toml(household)) + _REST

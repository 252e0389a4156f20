"""What counts from the last time, as a person types it."""

from __future__ import annotations

import datetime as dt

from cli_here import Here, here

__all__ = ["here"]

DAY_START = dt.timedelta(hours=4)
CONFIG = """
[people]
me = "Alex"
[routine.long-walk]
every = "3 weeks"
at = "14:00"
counted_from = "last time"
no_later_than = "6 weeks"
lasting = "2h"
[routine.call]
title = "Call your sister"
every = "21 days"
at = "09:00"
counted_from = "last time"
"""


def test_done_moves_it_and_why_says_since_when_and_undo_puts_it_back(here: Here) -> None:
    here.write(CONFIG)
    (before,) = [one for one in here.said("next")["occurrences"] if one["routine"] == "long-walk"]
    assert (before["kind"], before["in_calendar"], before["pinned"]) == ("placed", True, False)
    done = here.said("done", "--at", "yesterday 21:00", "long-walk")["occurrence"]
    assert done["state"] == "done"
    assert "." not in here.said("done", "call")["occurrence"]["start"], "to the second"
    assert here.said("undo")["undone"] == "done"
    day = dt.date.fromisoformat(done["start"][:10])
    told = here.said("why", "long-walk")
    assert told["occurrence"]["start"][:16] == f"{day + dt.timedelta(weeks=3)}T14:00"
    assert told["reason"].startswith("3 weeks after you last did it, on ")
    assert here.said("undo")["undone"] == "done"
    assert [one for one in here.said("next")["occurrences"] if one["routine"] == "long-walk"] == [before]


def test_a_cue_that_counts_is_next_so_long_after_its_last_answer(here: Here) -> None:
    here.write(CONFIG)
    done = here.said("done", "call")["occurrence"]
    (found,) = [one for one in here.said("plan", "--days", "60")["occurrences"] if one["routine"] == "call"]
    day = (dt.datetime.fromisoformat(done["start"]) - DAY_START).date()
    assert (found["kind"], found["end"], found["in_calendar"]) == ("cue", None, False)
    assert found["start"][:16] == f"{day + dt.timedelta(days=21)}T09:00"
    assert found["reason"].startswith("21 days after you last did it, on ")


def test_the_doctor_finds_every_key_in_use(here: Here) -> None:
    here.write(CONFIG)
    (keys,) = [check for check in here.said("doctor")["checks"] if check["name"] == "config keys"]
    assert keys["ok"]
    assert "counted_from" not in str(keys)

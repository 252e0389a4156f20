"""docs/first-week.md: the first seven days with the practices. `make tour` puts fresh screens into it, too."""

from __future__ import annotations

from pathlib import Path

from screens import Step, Walk
from tour import ANSWERS

HOW_WE_ARE = (
    ("How close do you feel", "6"), ("How much do you feel heard", "4"), ("How heavy is all", "8"),
    ("One good thing", "the letter from Ada"), ("Numbers, such as", "1 6"),
)  # fmt: skip

FIRST_WEEK = Walk(
    Path(__file__).parent / "first-week.md",
    (
        Step("init", "2026-11-23 12:00", "reconnect init", ANSWERS),
        Step("week", "2026-11-23 12:05", "reconnect week"),
        Step("idea", "2026-11-23 20:00", "reconnect idea"),
        Step("keep", "2026-11-23 20:01", "reconnect idea --keep"),
        Step("thanks", "2026-11-24 21:10", "reconnect thanks", (("Something you are", "the soup on Monday"),)),
        Step("remember", "2026-11-25 19:00", 'reconnect remember "interview friday 10:00, nervous"'),
        Step("check-in", "2026-11-26 20:15", "reconnect check-in", HOW_WE_ARE),
        Step("done", "2026-11-27 21:45", "reconnect done date-night", (("One line", "the dog at the next table"),)),
        Step("card", "2026-11-28 12:00", "reconnect talk --first --card"),
        Step("listen", "2026-11-28 18:00", "reconnect listen --card"),
        Step(
            "feel", "2026-11-28 21:30", "reconnect feel --ask",
            (
                ("A number", "6"), ("A number", "6"), ("when", "the evening goes by in two rooms"),
                ("I would like", "half an hour on the sofa, without screens"), ("Choose", ""),
            ),
        ),
        Step(
            "topic", "2026-11-29 11:00", "reconnect topic add",
            (("What would you like", "the holidays"), ("How hot", "2"), ("Your own part", "I put it off")),
        ),
        Step(
            "plan", "2026-11-29 11:02", "reconnect topic plan 1",
            (("Does that suit", ""), ("Prepare for it", ""), ("Have you asked", "")),
        ),
        Step("talk", "2026-11-29 16:30", "reconnect talk"),
        Step("stats", "2026-11-29 21:00", "reconnect stats"),
    ),
)  # fmt: skip

if __name__ == "__main__":
    FIRST_WEEK.page.write_text(FIRST_WEEK.fresh())

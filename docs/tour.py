"""docs/tour.md: the first ten minutes. `make tour` puts fresh screens into it."""

from __future__ import annotations

from pathlib import Path

from screens import Step, Walk

ANSWERS = (
    ("Your name", "Alex"), ("Your partner", "Sam"), ("Ring", ""), ("Seen by", ""), ("Calendar", ""), ("Start from", ""),
    ("Show one now?", ""), ("Write it?", ""),
)  # fmt: skip

TOUR = Walk(
    Path(__file__).parent / "tour.md",
    (
        Step("init", "2026-11-23 12:00", "reconnect init", ANSWERS),
        Step("next", "2026-11-23 12:05", "reconnect next"),
        Step("why", "2026-11-23 12:05", "reconnect why date-night"),
        Step("check", "2026-11-23 12:06", "reconnect config check"),
        Step("sync", "2026-11-23 12:07", "reconnect sync"),
        Step("calendar", "2026-11-23 12:08", "reconnect calendar"),
        Step("done", "2026-11-27 21:40", "reconnect done date-night", (("One line", ""),)),
        Step("move", "2026-11-27 21:41", 'reconnect move "sun 18:00" sunday-talk'),
        Step("week", "2026-11-27 21:42", "reconnect week"),
        Step("undo", "2026-11-27 21:43", "reconnect undo"),
        Step("remember", "2026-11-27 21:44", 'reconnect remember --at "tomorrow 18:00" "buy flowers"'),
        Step("pause", "2026-11-27 21:45", "reconnect pause --until 2026-12-07"),
        Step("resume", "2026-11-27 21:46", "reconnect resume"),
        Step("letter", "2026-11-27 21:47", "reconnect letter"),
    ),
)

if __name__ == "__main__":
    TOUR.page.write_text(TOUR.fresh())

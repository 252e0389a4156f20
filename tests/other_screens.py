"""Screens of the practices that no page shows, and which are compared all the same: corpus/screens/others.md.

`PYTHONPATH=tests:docs python tests/other_screens.py` makes them anew.
"""

from __future__ import annotations

from pathlib import Path

from screens import Step, Walk
from tour import ANSWERS

ADDED = (("What would you like", "the holidays"), ("How hot", "4"), ("Your own part", "I put it off"))
SECOND = (("What would you like", "the bins"), ("How hot", "1"), ("Your own part", ""))

OTHERS = Walk(
    Path(__file__).parent / "corpus" / "screens" / "others.md",
    (
        Step("init", "2026-11-23 12:00", "reconnect init", ANSWERS),
        Step("another", "2026-11-23 12:01", "reconnect idea --another --minutes 30"),
        Step("kept", "2026-11-23 12:02", "reconnect idea --kept"),
        Step("checked", "2026-11-23 12:03", "reconnect deck check nowhere.toml"),
        Step("words", "2026-11-23 12:04", "reconnect feel --words"),
        Step("fair", "2026-11-23 12:05", "reconnect reappraise --card"),
        Step("add", "2026-11-23 12:06", "reconnect topic add", ADDED),
        Step("second", "2026-11-23 12:07", "reconnect topic add", SECOND),
        Step("asked", "2026-11-23 12:08", 'reconnect topic plan 1 "tue 18:00" --asked', (("Prepare for it", ""),)),
        Step("list", "2026-11-23 12:09", "reconnect topic list"),
        Step("show", "2026-11-23 12:10", "reconnect topic show 1"),
        Step("sheet", "2026-11-23 12:11", "reconnect topic plan --card"),
        Step("why", "2026-11-23 12:12", "reconnect why topic"),
        Step("close", "2026-11-24 19:10", "reconnect topic close 2"),
        Step("badly", "2026-11-24 19:11", "reconnect topic went badly 1"),
        Step("rests", "2026-11-24 19:12", "reconnect topic list --all"),
        Step("report", "2026-11-30 12:10", "reconnect report --month 2026-11"),
        Step("export", "2026-11-30 12:11", "reconnect export --private ~/all.json"),
        Step("import", "2026-11-30 12:12", "reconnect import ~/all.json"),
        Step("wipe", "2026-11-30 12:13", "reconnect wipe", (("Delete it all?", "y"),)),
    ),
)

if __name__ == "__main__":
    OTHERS.page.write_text(OTHERS.fresh())

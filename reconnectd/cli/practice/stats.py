"""`reconnect stats`: what happened in the last weeks, for oneself; in words, and in counts without a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnectd.cli import listing
from reconnectd.cli.examples import examples
from reconnectd.cli.names import when

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.practice.tally import Line

AT = click.option("--at", "at", metavar="WHEN", help="As it stood then.")
NOTHING = "There is nothing to tell yet. Affection is never counted."


@click.command(epilog=examples("reconnect stats", "reconnect stats --at yesterday", "reconnect --json stats"))
@AT
@click.pass_obj
def stats(call: Call, at: str | None) -> None:
    """What happened in the last four and twelve weeks, and how each routine holds: new, growing, finding its
    rhythm, or by itself.

    It is made of what you said, and of questions that stayed without an answer; what was skipped, paused or not asked
    about changes nothing. It is for you alone, and affection is never in it. Where something was hard for long, it says
    what smaller could mean.
    """
    from reconnectd.app.practice.patience import tally, weeks_feel_slow

    words = at or call.at
    session = call.session
    session.agenda()
    until = session.now if words is None else when(call, words, behind=True)
    lines = tally(session.store, session.settings, session.zone, until)
    slow = weeks_feel_slow(session.store, lines, until)
    if call.output.as_json:
        call.output.document({"routines": [_fields(one) for one in lines], "early": slow})
        return
    _show(call, lines, slow=slow)


def _fields(one: Line) -> dict[str, Any]:
    return {
        "routine": one.routine.slug, "title": listing.safe(one.routine.title), "times": one.lately,
        "times_12_weeks": one.longer, "holding": one.holding, "smaller": one.smaller and list(one.smaller),
    }  # fmt: skip


def _show(call: Call, lines: list[Line], *, slow: bool) -> None:
    from reconnectd.core.practice.expectation import SLOW

    for one in lines:
        call.output.line(f"{listing.safe(one.routine.title)}: {_words(one)}")
        if one.smaller is not None:
            hint = ", or ".join(one.smaller) or "shorter, or less often"
            call.output.line(f"  If you like, smaller: {hint}.")
    if not lines:
        call.output.line(NOTHING)
    if slow:
        call.output.line()
        call.output.line(SLOW)


def _words(one: Line) -> str:
    from reconnectd.core.practice.tally import times

    holding = f"{one.holding.capitalize()}." if one.holding else ""
    if one.longer == 0:
        return holding or "nothing was told yet."
    if one.lately == 0:
        return f"{times(one.longer)} in twelve weeks. {holding}".rstrip()
    longer = f", {times(one.longer)} in twelve" if one.longer != one.lately else ""
    return f"{times(one.lately)} in four weeks{longer}. {holding}".rstrip()

"""`reconnect report`: a month in a few lines of Markdown, for oneself; to be read, kept or thrown away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from reconnectd.cli import listing
from reconnectd.cli.examples import examples
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.practice.month import Days, Month


@click.command(epilog=examples("reconnect report", "reconnect report --month 2026-10"))
@click.option("--month", "text", metavar="YYYY-MM", help="Which one; this month unless it is named.")
@click.pass_obj
def report(call: Call, text: str | None) -> None:
    """A month in a few lines: what happened, and on which days.

    It holds no words of yours, nothing that didn't happen, and nothing about affection. It goes to standard output, and
    is kept nowhere.
    """
    from reconnectd.core.practice.month import summary

    month = _month(call, text)
    call.session.agenda()
    found = [_safe(one) for one in _found(call, month)]
    if call.output.as_json:
        routines = [
            {"routine": one.routine.slug, "title": one.routine.title, "days": [day.isoformat() for day in one.days]}
            for one in found
        ]
        call.output.document({"month": f"{month.first:%Y-%m}", "routines": routines})
    for line in summary(month, found):
        call.output.line(line)


def _month(call: Call, text: str | None) -> Month:
    from reconnectd.core.practice.month import Month, month_of

    session = call.session
    if text is None:
        today = session.today
        return Month(today.replace(day=1))
    found = month_of(text)
    if found is None:
        raise WrongUsage(f'"{listing.safe(text)}" is no month', "a month is written 2026-10")
    return found


def _found(call: Call, month: Month) -> list[Days]:
    from reconnectd.core.practice.month import days_of
    from reconnectd.core.practice.told import has_strength

    facts = call.session.store.facts
    told = filter(has_strength, call.session.settings.routines)
    return [days_of(routine, facts.of(routine.slug).values(), month) for routine in told]


def _safe(one: Days) -> Days:
    return replace(one, routine=replace(one.routine, title=listing.safe(one.routine.title)))

"""`reconnect undo`: the newest answer is taken back, and the one before it by the next `undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnectd.cli import rows
from reconnectd.cli.answers import named, told
from reconnectd.cli.examples import examples
from reconnectd.cli.rests import say, wake
from reconnectd.core.rest import EVERYTHING
from reconnectd.core.shape import follows_what_is_done

if TYPE_CHECKING:
    from reconnectd.app.undoing import Undone
    from reconnectd.cli.main import Call
    from reconnectd.core.occurrence import Occurrence


@click.command(
    epilog=examples(
        "reconnect undo",
    )
)
@click.pass_obj
def undo(call: Call) -> None:
    """Take the last answer back, here or on a bubble; again, and the one before it goes.

    done, skip, snooze, move, remember, a talk that was planned, pause, resume, not-today, lighter, apart and stop can
    be taken back. What it had changed in the calendar is put back there, too.
    """
    session = call.session
    session.renew()
    note = session.store.journal.last()
    names = list(note.before.facts) if note else []
    name = next(iter(names), None)
    before = session.store.plan.get(name) if name else None
    undone = session.undo()
    session.renew()
    if undone.name is None:
        _say_rests(call, undone)
    else:
        _say_answer(call, undone, before, both=len(names) > 1 and undone.verb == "remember")
    told(call, calendar=undone.calendar or _moves_back(call, undone))


def _moves_back(call: Call, undone: Undone) -> bool:
    """Does an event that had moved because it was done go back?"""
    routine = call.session.settings.routine(undone.name.slug) if undone.name else None
    return undone.verb == "done" and follows_what_is_done(routine, call.session.settings, call.session.now.date())


def _say_answer(call: Call, undone: Undone, before: Occurrence | None, *, both: bool) -> None:
    assert undone.name is not None
    item = call.session.store.plan.get(undone.name)
    if call.output.as_json:
        call.output.document({"undone": undone.verb, "occurrence": rows.stored(call, item) if item else None})
    shown = item or before
    what = named(call, rows.row_of(shown)) if shown else str(undone.name)
    call.output.line(f"Taken back: {undone.verb}, {what}{', and the word after it' if both else ''}.")


def _say_rests(call: Call, undone: Undone) -> None:
    of = "" if undone.subject == EVERYTHING else f" {undone.subject}"
    say(call, f"Taken back: {undone.verb}{of}.", undone=undone.verb, occurrence=None)
    if undone.verb == "stop":
        wake(call)

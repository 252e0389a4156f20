"""`reconnect idea`: something to do together, fitted to the moment."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from reconnectd.cli.examples import examples
from reconnectd.core.model import Practice
from reconnectd.errors import ReconnectdError

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.core.practice.deck import Prompt

USUAL = Practice.QUALITY_TIME
NOTHING_FITS = "no idea in the decks fits that"
_WHERE = {"together": "together", "apart": "from afar", "either": "together or apart"}


@click.command(
    epilog=examples(
        "reconnect idea", "reconnect idea --another", "reconnect idea --minutes 20 --energy low --in",
        "reconnect idea affection --apart", "reconnect idea --keep",
    )
)  # fmt: skip
@click.argument("practice", required=False, type=click.Choice([str(one) for one in Practice]), metavar="[PRACTICE]")
@click.option("--another", is_flag=True, help="Another one; none comes again before all that fit were shown.")
@click.option("--keep", is_flag=True, help="Keep the one shown last, for the next time.")
@click.option("--kept", is_flag=True, help="List what you kept.")
@click.option("--minutes", type=click.IntRange(1, 24 * 60), metavar="N", help="How much time there is.")
@click.option("--energy", type=click.Choice(["low", "medium", "high"]), help="How much strength is left.")
@click.option("--apart/--together", default=None, help="Where you two are; else as it is now.")
@click.option("--out", "setting", flag_value="out", help="Outdoors.")
@click.option("--in", "setting", flag_value="in", help="Indoors.")
@click.option("--deck", metavar="DECK", help="From this deck only.")
@click.pass_obj
def idea(call: Call, /, practice: str | None, *, another: bool, keep: bool, kept: bool, **wish: Any) -> None:
    """Something to do together that fits the moment: an idea, no task.

    PRACTICE is what it is for, else quality-time. The next event of that practice, if it is within a day, says how
    much time there is; else it is for now. What you keep comes with the next event.
    """
    if kept:
        _list_kept(call)
        return
    wanted = Practice(practice or USUAL)
    if keep:
        _keep(call, wanted)
        return
    _show(call, _found(call, wanted, another=another, wish=wish))


def _found(call: Call, practice: Practice, *, another: bool, wish: dict[str, Any]) -> Prompt:
    """Today's, where it was shown already and nothing else is asked for."""
    from reconnectd.app.practice.ideas import Wish

    session = call.session
    asked = {name: value for name, value in wish.items() if value is not None}
    today = session.now - dt.timedelta(hours=12)
    again = None if another or asked else session.ideas.shown(practice, today)
    if again is not None and session.ideas.is_calm_enough(again, session.now):
        return again
    found = session.ideas.choose(practice, Wish(**asked), session.now)
    if found is None:
        raise ReconnectdError(NOTHING_FITS, "leave an option out, or add a deck of your own beside the config")
    session.ideas.note(found, session.now)
    return found


def _show(call: Call, prompt: Prompt) -> None:
    if call.output.as_json:
        call.output.document({"prompt": _fields(prompt)})
        return
    call.output.line(prompt.text)
    call.output.line(f"about {prompt.minutes} min, {_WHERE[prompt.where]}")


def _keep(call: Call, practice: Practice) -> None:
    from reconnectd.cli.answers import told

    session = call.session
    prompt = session.ideas.shown(practice)
    if prompt is None:
        raise ReconnectdError("no idea was shown yet that could be kept", "`reconnect idea` shows one")
    session.renew()
    name = session.ideas.keep(prompt, session.now)
    session.renew()
    if call.output.as_json:
        call.output.document({"prompt": _fields(prompt), "kept_for": str(name) if name else None})
    routine = session.settings.routine(name.slug) if name else None
    place = f"it comes with the next time: {routine.title}" if routine else "`reconnect idea --kept` lists it"
    call.output.line(f"Kept; {place}.")
    told(call, calendar=routine is not None and not routine.private)


def _list_kept(call: Call) -> None:
    prompts = call.session.ideas.kept()
    if call.output.as_json:
        call.output.document({"prompts": [_fields(prompt) for prompt in prompts]})
    for prompt in prompts:
        call.output.line(f"{prompt.text}  ({prompt.practice}, about {prompt.minutes} min)")
    if not prompts:
        call.output.line("Nothing is kept yet.")


def _fields(prompt: Prompt) -> dict[str, object]:
    return {
        "id": prompt.id,
        "practice": str(prompt.practice),
        "text": prompt.text,
        "minutes": prompt.minutes,
        "where": prompt.where,
    }

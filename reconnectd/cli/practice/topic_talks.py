"""`reconnect topic plan`, `prepare`, `break` and `went`: a talk, from the wish for it to what comes after."""

from __future__ import annotations

import datetime as dt
import sys
from typing import TYPE_CHECKING, Literal

import click

from reconnectd.cli import own_words, rows
from reconnectd.cli.card import card as card_of
from reconnectd.cli.card import line_to_fill
from reconnectd.cli.examples import examples
from reconnectd.cli.names import when
from reconnectd.cli.practice.topic_rows import NUMBER, chosen, day_and_time, show_one, state_words, text_of, topics_of
from reconnectd.cli.questions import Questions, can_be_asked
from reconnectd.core.plain import plain
from reconnectd.core.practice import breather
from reconnectd.core.practice import topic_words as words_of
from reconnectd.core.practice.topic import HOT, Stands
from reconnectd.core.recurrence import instant
from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reconnectd.app.practice.topics import Told
    from reconnectd.cli.main import Call
    from reconnectd.core.practice.calm import Against

SIX = dt.time(18)
LONGEST = 200


@click.command(
    short_help="Find a calm half hour for one topic, and ask.",
    epilog=examples(
        "reconnect topic plan                         # a calm half hour is found, and you are asked",
        "reconnect topic plan 2 sat 11:00             # a time of your own",
        "reconnect topic plan 2 sat 11:00 --asked     # you have asked, and it was a yes",
        "reconnect topic plan --card                  # an empty sheet to print, for both",
    ),
)
@click.argument("words", nargs=-1, metavar="[N] [WHEN]")
@click.option("--asked", is_flag=True, help="You have asked for this talk, and the answer was yes.")
@click.option("--card", "card", is_flag=True, help="An empty sheet for both of you; nothing that you wrote is on it.")
@click.option("--yes", "anyway", is_flag=True, help="Also while it rests, or at a time that a guard speaks against.")
@click.pass_obj
def plan(call: Call, words: tuple[str, ...], *, asked: bool, card: bool, anyway: bool) -> None:
    """A calm half hour for one topic: find it, prepare for yourself, ask, and only then put it into the calendar.

    It is at least a day ahead, over by [guards] talk_not_after, outside quiet hours, on no day with a check-in, not
    near your time together, and there are no more of them than [guards] repair_at_most. What both see is "Time to
    talk", half an hour, and nothing of what it is about. Until the other has said yes it stands in no calendar: a word
    for you alone comes at that time.
    """
    if card:
        _show_card(call)
        return
    number, at = _number_and_when(words)
    told = chosen(call, topics_of(call), number, "plan", Stands.OPEN, Stands.SET_ASIDE)
    _may_be_planned(call, told, anyway=anyway)
    start, against = _time(call, told, at)
    if at and against:
        _keeps_its_time(call, against, anyway=anyway)
    _introduce(call, told, start)
    if can_be_asked() and not asked and not at and not Questions().yes("Does that suit you?", default=True):
        call.output.line(f"Then name a time of your own: `reconnect topic plan {told.topic.number} sat 11:00`.")
        return
    _offer_to_prepare(call, told)
    if asked or _was_asked(call):
        _arrange(call, told, start, against)
    else:
        _set_aside(call, told, start, against)


def _number_and_when(words: tuple[str, ...]) -> tuple[int | None, str]:
    """A number first is that of the topic; the rest is a WHEN."""
    tokens = " ".join(words).split()
    if tokens and tokens[0].isascii() and tokens[0].isdigit() and len(tokens[0]) < 7:
        return int(tokens[0]), " ".join(tokens[1:])
    return None, " ".join(tokens)


def _may_be_planned(call: Call, told: Told, *, anyway: bool) -> None:
    number = told.topic.number
    if told.stands is Stands.CLOSED:
        raise WrongUsage(f"topic {number} is closed", f"`reconnect topic reopen {number}` takes it up again")
    if told.stands is Stands.PLANNED:
        name = told.topic.talk
        raise WrongUsage(
            f"topic {number} is {state_words(call, told)}",
            f"`reconnect move sat 11:00 {name}` puts it elsewhere, `reconnect skip {name}` calls it off",
        )
    if told.stands is Stands.RESTING and not anyway:
        raise ReconnectdError(
            f"topic {number} {state_words(call, told)}: some distance helps, and nothing is lost meanwhile",
            f"`reconnect topic plan {number} --yes` plans it all the same, if you both want to",
        )


def _time(call: Call, told: Told, at: str) -> tuple[dt.datetime, tuple[Against, ...]]:
    """(when, what that is against): the time named, the one that was set aside, or the first calm one."""
    from reconnectd.wiring.calm import calm_time, objections

    now = call.session.now
    if at:
        start = _ahead(call, at)
        return start, objections(call.session, start)
    if told.stands is Stands.SET_ASIDE and told.begins is not None and told.begins > now:
        return told.begins, ()
    found = calm_time(call.session)
    if found is None:
        raise ReconnectdError(
            "no calm half hour was found in the coming five weeks",
            f"name one: `reconnect topic plan {told.topic.number} sat 11:00` says what it is against, if anything",
        )
    return found, ()


def _keeps_its_time(call: Call, against: Sequence[Against], *, anyway: bool) -> None:
    reasons = "; ".join(reason.value for reason in against)
    if anyway:
        call.output.line(f"You keep that time, though {reasons}.")
        return
    if can_be_asked():
        Questions().say(f"About that time: {reasons}.")
        if Questions().yes("Keep it all the same?", default=False):
            return
    raise ReconnectdError(
        f"nothing is planned: {reasons}", "`reconnect topic plan` finds a calm time; --yes keeps yours all the same"
    )


def _introduce(call: Call, told: Told, start: dt.datetime) -> None:
    from reconnectd.wiring.calm import are_apart

    session = call.session
    lines = [f"{text_of(told)}: {day_and_time(call, start)}, half an hour."]
    if told.topic.temperature >= HOT:
        lines.append(words_of.HOT)
    if are_apart(session, start):
        lines.append(words_of.APART)
    if session.store.told.tell("topic: help is near", session.now):
        lines.append(words_of.SAFETY)
    for line in lines:
        _say(call, line)


def _say(call: Call, text: str) -> None:
    if not call.output.as_json:
        Questions().say(text)


def _offer_to_prepare(call: Call, told: Told) -> None:
    if can_be_asked() and Questions().yes("Prepare for it now, for yourself, in your editor?", default=False):
        write_in_editor(call, told)


def _was_asked(call: Call) -> bool:
    if not can_be_asked():
        return False
    partner = call.session.settings.people.partner or "your partner"
    return Questions().yes(f"Have you asked {partner} for this talk, and was it a yes?", default=False)


def _arrange(call: Call, told: Told, start: dt.datetime, against: Sequence[Against]) -> None:
    session = call.session
    session.renew()
    name = topics_of(call).arrange(told, start, session.zone, session.now)
    session.renew()
    item = session.store.plan.get(name)
    shown = item is not None and item.in_calendar
    where = "It goes into the calendar" if shown else "It stands in your plan"
    show_one(
        call, topics_of(call).one(told.topic.number, session.now),
        f'{where} as "Time to talk". `reconnect undo` takes it back.',
        occurrence=rows.stored(call, item) if item else None, against=_names(against),
    )  # fmt: skip
    session.tell(calendar=shown)


def _set_aside(call: Call, told: Told, start: dt.datetime, against: Sequence[Against]) -> None:
    session = call.session
    session.renew()
    topics_of(call).set_aside(told, start, session.zone, session.now)
    session.renew()
    number = told.topic.number
    show_one(
        call, topics_of(call).one(number, session.now),
        "It is set aside for you alone, in no calendar; a word comes at that time.",
        f"Ask first. With a yes: `reconnect topic plan {number} --asked` puts it into the calendar.",
        occurrence=None, against=_names(against),
    )  # fmt: skip
    session.tell(calendar=False)


def _names(against: Sequence[Against]) -> list[str]:
    return [reason.value for reason in against]


# The sheet for oneself, and the card for both.


@click.command(
    short_help="Prepare a talk for yourself, in your editor.",
    epilog=examples("reconnect topic prepare 2", "reconnect topic prepare 2 -    # from a pipe"),
)
@NUMBER
@click.argument("text", nargs=-1, metavar="[-]")
@click.pass_obj
def prepare(call: Call, number: int | None, text: tuple[str, ...]) -> None:
    """Prepare a talk for yourself, in your editor: what happened, what you feel, what you would like, what each needs.

    Again, and you go on where you were. It is for you alone. From a pipe it is kept as it comes.
    """
    own_words.refuse_argument(text, "reconnect topic prepare")
    topics = topics_of(call)
    told = chosen(call, topics, number, "prepare", Stands.OPEN, Stands.SET_ASIDE, Stands.PLANNED)
    if own_words.from_a_pipe(text):
        written = own_words.passage().strip()
        kept = bool(written)
        if kept:
            topics.write(told, prepared=written)
    else:
        kept = write_in_editor(call, told)
    line = "Kept, for you alone." if kept else "Nothing was kept."
    show_one(call, topics.one(told.topic.number, call.session.now), line)


def write_in_editor(call: Call, told: Told) -> bool:
    """In the editor; False when nothing new was written."""
    before = str(told.words.get("prepared", ""))
    written = own_words.from_editor(_opening(told) + (f"{before}\n" if before else _sheet()), call.session.places.state)
    if not written:
        return False
    topics_of(call).write(told, prepared=written)
    return True


def _opening(told: Told) -> str:
    return own_words.marked(f"{text_of(told)}. {words_of.SHEET_OPENING}") + own_words.marked(own_words.NOT_KEPT) + "\n"


def _sheet() -> str:
    return "\n".join(f"{own_words.marked(helps)}{heading}:\n\n" for heading, helps in words_of.SHEET)


def _show_card(call: Call) -> None:
    text = card_of(words_of.CARD_TITLE, _card_parts(call))
    if call.output.as_json:
        call.output.document({"card": text})
    call.output.line(text)


def _card_parts(call: Call) -> list[str]:
    people = call.session.settings.people
    halves = [_half(name) for name in (people.me, people.partner or "You")]
    after = "\n\n".join(line_to_fill(label) for label in (words_of.NEXT_STEP, words_of.WHEN_AGAIN))
    return [words_of.CARD_OPENING, *halves, after, words_of.CARD_CLOSING]


def _half(name: str) -> str:
    return "\n\n".join([f"  {name}", *(line_to_fill(label) for label in words_of.CARD_FIELDS)])


# Afterwards.


@click.command(
    "break",
    short_help="A break of twenty minutes, with a chime at its end.",
    epilog=examples("reconnect topic break", "reconnect topic break --minutes 30"),
)
@click.option(
    "--minutes", type=click.FloatRange(0.01, 600), default=breather.MINUTES, show_default=True, help="How long."
)
@click.pass_obj
def break_(call: Call, minutes: float) -> None:
    """A break from a talk that became too hot: a calm countdown, and a chime at its end.

    For a day after it nothing tender is suggested. If you go on and it goes well, `reconnect topic went well` says so.
    """
    from reconnectd.cli.practice.countdown import take_a_break

    if call.output.as_json:
        raise WrongUsage("a break has nothing to say in JSON", "`reconnect topic break` alone counts in the terminal")
    session = call.session
    session.writes_words = False  # who needs a break doesn't wait for a keyring
    topics_of(call).take_a_break(session.zone, session.now)
    session.renew()
    session.tell(calendar=False)
    take_a_break(call, minutes)


@click.command(
    epilog=examples(
        "reconnect topic went well",
        "reconnect topic went badly 2",
        "reconnect topic went well 2 -                # next step, then the day to come back to it, from a pipe",
    )
)
@click.argument("how", type=click.Choice(["well", "badly"]), metavar="well|badly")
@NUMBER
@click.argument("text", nargs=-1, metavar="[-]")
@click.pass_obj
def went(call: Call, how: Literal["well", "badly"], number: int | None, text: tuple[str, ...]) -> None:
    """How a talk went; for you alone.

    After "well" it asks for the next step, and when to come back to it. After "badly" the topic rests a week, and
    for a day nothing tender is suggested. One neutral word a week comes back to what is open, until you close it.
    """
    own_words.refuse_argument(text, "reconnect topic went")
    session, topics = call.session, topics_of(call)
    told = chosen(call, topics, number, f"went {how}", Stands.TALKED, Stands.PLANNED)
    if told.stands is Stands.CLOSED:
        raise WrongUsage(f"topic {told.topic.number} is closed", "`reconnect topic list` shows what is open")
    step, follow = _next(call, text) if how == "well" else ("", None)
    told = topics.went(told, well=how == "well", now=session.now)
    if step:
        topics.write(told, step=step)
    if follow:
        topics.follow(told, follow)
    lines = _after(call, told, well=how == "well")
    for line in lines:
        _say(call, line)
    session.renew()
    session.tell(calendar=False)
    told = topics.one(told.topic.number, session.now)
    show_one(call, told, f"`reconnect topic close {told.topic.number}` when it is settled.", words=lines)


def _after(call: Call, told: Told, *, well: bool) -> list[str]:
    if well:
        return [f"Good that you talked. {words_of.warm(told.topic.talks)}"]
    lines = [words_of.AFTER_A_HARD_ONE]
    if told.stands is Stands.PLANNED and told.begins:
        stays = f"The talk of {day_and_time(call, told.begins)} stays planned"
        lines.append(f"{stays}; `reconnect skip {told.topic.talk}` calls it off.")
    if topics_of(call).name_a_counsellor(told, call.session.now):
        lines.append(words_of.COUNSELLOR)
    return lines


def _next(call: Call, text: tuple[str, ...]) -> tuple[str, dt.datetime | None]:
    """(one next step, when a word may come back to it); either may be left open."""
    if text == ("-",):
        lines = [plain(line, limit=LONGEST) for line in sys.stdin.read(own_words.LONGEST).splitlines()]
        step, day = [*lines, "", ""][:2]
    elif can_be_asked():
        step = own_words.line("One next step, if there is one", longest=LONGEST, default="")
        day = Questions().text("The day to look at it again (Enter: in a week)", complaint=_odd(call))
    else:
        step = day = ""
    return step, _evening(call, _ahead(call, day)) if day else None


def _evening(call: Call, moment: dt.datetime) -> dt.datetime:
    """Of that day; a day is what is asked for."""
    zone = call.session.zone
    return instant(moment.astimezone(zone).date(), SIX, zone) or moment


def _odd(call: Call) -> Callable[[str], str | None]:
    """What is wrong with a day, in words."""

    def odd(text: str) -> str | None:
        try:
            _ahead(call, text or "tomorrow")
        except WrongUsage as wrong:
            return f"{wrong}; {wrong.fix}"
        return None

    return odd


def _ahead(call: Call, text: str) -> dt.datetime:
    at = when(call, text, at=SIX)
    if at < call.session.now:
        raise WrongUsage("that time has passed", "give a time ahead, such as `sat` or `in 2 weeks`")
    return at

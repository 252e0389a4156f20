"""`reconnect feel`: a word for what one feels, and a draft to say it with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconnectd.cli import own_words
from reconnectd.cli.examples import examples
from reconnectd.cli.practice.kept import Kept, one_at_a_time
from reconnectd.cli.questions import Questions, can_be_asked
from reconnectd.core.plain import plain
from reconnectd.core.practice import feelings
from reconnectd.core.practice.feelings import FAMILIES
from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

FEELINGS = Kept("feeling", "reconnect feel", "feelings")
HELP_IS_NEAR = "If it is somebody at home who frightens you: `reconnect help safety`, offline and noted nowhere."
GUIDE = own_words.marked(own_words.NOT_KEPT)
BECOMES = (
    ("let-go", "Let it go; from the screen you can still copy it."),
    ("keep", "Keep it here, for you alone."),
    ("write-on", "Write on."),
)


@click.command(
    epilog=examples("reconnect feel", "reconnect feel --words", "reconnect feel --ask", "reconnect feel --list")
)
@click.argument("text", nargs=-1, metavar="[-]")
@click.option("--words", is_flag=True, help="The words by family, nothing else.")
@click.option("--ask", "line_by_line", is_flag=True, help="Ask line by line, without an editor.")
@click.option("--keep", is_flag=True, help="Keep what a pipe holds.")
@click.option("--list", "all_of_them", is_flag=True, help="The drafts that you kept, with their numbers.")
@click.option("--print", "shown", type=int, metavar="N", help="One of them alone, to be copied out.")
@click.option("--remove", "gone", type=int, metavar="N", help="Let go of one.")
@click.pass_obj
def feel(
    call: Call, text: tuple[str, ...], *, words: bool, line_by_line: bool, keep: bool, all_of_them: bool,
    shown: int | None, gone: int | None,
) -> None:  # fmt: skip
    """Find a word for what you feel, and a draft to say it with: I feel … when … I would like …

    You choose a family and a word, or type your own, and write the draft in your editor. Nothing is kept unless you say
    so, and then for you alone, on this machine. A draft can also come by a pipe (-). Take care with the clipboard: many
    desktops remember what it held.
    """
    one_at_a_time(words, line_by_line, all_of_them, shown, gone)
    own_words.refuse_argument(text, "reconnect feel")
    if words:
        _show_words(call)
    elif FEELINGS.tended(call, listed=all_of_them, shown=shown, gone=gone):
        return
    elif own_words.from_a_pipe(text):
        _from_the_pipe(call, keep=keep)
    else:
        _converse(call, line_by_line=line_by_line)


def _show_words(call: Call) -> None:
    if call.output.as_json:
        found = [{"name": one.name, "words": one.words, "often_asks_for": one.often} for one in FAMILIES]
        call.output.document({"families": found})
    for one in FAMILIES:
        call.output.line(f"{one.name:<9}{', '.join(one.words)}")
        call.output.line(f"{'':<9}often asks for {one.often}")


def _from_the_pipe(call: Call, *, keep: bool) -> None:
    draft = feelings.finished(own_words.passage())
    if not draft:
        raise WrongUsage("there is no draft in that", "`reconnect feel` helps to begin one")
    number = FEELINGS.keep(call, draft) if keep else None
    found = feelings.hints(draft)
    if call.output.as_json:
        call.output.document({"draft": draft, "hints": found, "kept": number})
        return
    call.output.line(draft)
    for hint in found:
        call.output.aside(hint)
    if number is not None:
        call.output.aside(_kept(number))


def _kept(number: int) -> str:
    return f"Kept. `reconnect feel --print {number}` shows it alone, `--remove {number}` lets go of it."


def _converse(call: Call, *, line_by_line: bool) -> None:
    if call.output.as_json or not can_be_asked():
        raise WrongUsage("nobody can be asked here", "pipe a draft in: `reconnect feel -`")
    asking = Questions()
    word = _chosen_word(asking)
    draft = _written(call, asking, word, line_by_line=line_by_line)
    while draft and (becomes := _shown(asking, draft)) == "write-on":
        draft = feelings.finished(_edited(call, GUIDE + draft + "\n")) or draft
    if not draft:
        asking.say("Nothing was written, and nothing is kept.")
    elif becomes == "keep":
        asking.good(_kept(FEELINGS.keep(call, draft)))
    else:
        asking.say("It is kept nowhere.")


def _chosen_word(asking: Questions) -> str:
    """A family by number, then a word of it by number; a word typed in place of either is taken as it is."""
    asking.heading("What is it nearest to? Only you see this.")
    asking.rows([(one.name, ", ".join(one.words[1:])) for one in FAMILIES])
    answer = _number_or_word(asking, len(FAMILIES))
    if not answer.isdigit():
        return answer
    family = FAMILIES[int(answer) - 1]
    asking.heading("Which word comes near?")
    asking.rows([(word, "") for word in family.words])
    answer = _number_or_word(asking, len(family.words))
    return family.words[int(answer) - 1] if answer.isdigit() else answer


def _number_or_word(asking: Questions, most: int) -> str:
    def complaint(answer: str) -> str | None:
        known = 1 <= int(answer) <= most if answer.isascii() and answer.isdigit() else bool(plain(answer))
        return None if known else f"A number from 1 to {most}, or any word of your own."

    return plain(asking.text("A number, or a word of your own", complaint=complaint), limit=60)


def _written(call: Call, asking: Questions, word: str, *, line_by_line: bool) -> str:
    family = feelings.family_of(word)
    guess = f"“{word}” often asks for {family.often}. Only a guess: what does it ask for here?" if family else ""
    help_near = HELP_IS_NEAR if family and family.name == feelings.FEAR else ""
    for line in filter(None, (guess, help_near)):
        click.echo()
        asking.say(line)
    click.echo()
    if line_by_line:
        return _asked(asking, word)
    template = feelings.DRAFT.format(word=word)
    try:
        return feelings.finished(_edited(call, GUIDE + own_words.marked(guess) + template))
    except ReconnectdError as why:
        asking.complain(f"{why}. So line by line:")
        return _asked(asking, word)


def _edited(call: Call, template: str) -> str:
    return plain(own_words.from_editor(template, call.session.places.state), limit=own_words.LONGEST, newlines=True)


def _asked(asking: Questions, word: str) -> str:
    rest = [(start, asking.text(start)) for start in ("when", "I would like")]
    return plain("\n".join([f"I feel {word}", *(f"{start} {said}" for start, said in rest if said)]), newlines=True)


def _shown(asking: Questions, draft: str) -> str:
    """The draft and what might help; what the person wants to become of it."""
    asking.heading("Your draft")
    for line in draft.splitlines():
        asking.say(line, indent="  ")
    for hint in feelings.hints(draft):
        asking.complain(hint)
    asking.heading("And now?")
    return asking.choice("Choose", BECOMES, "let-go")

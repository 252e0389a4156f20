"""What a person wrote and kept for themselves: listed, shown alone, let go of. The same for every kind of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconnectd.cli import listing
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.adapters.store.words import OwnWord
    from reconnectd.cli.main import Call


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of words, whose body has a `text`; `command` writes them, `name` is what several of them are called."""

    kind: str
    command: str
    name: str

    def keep(self, call: Call, text: str) -> int:
        """Keep it; its number."""
        return call.session.store.words.add(self.kind, {"text": text}, call.session.now)

    def tended(self, call: Call, *, listed: bool, shown: int | None, gone: int | None) -> bool:
        """Do what `--list`, `--print` or `--remove` asks for; False when none of them was given."""
        if listed:
            self.list(call)
        elif shown is not None:
            self.show(call, shown)
        elif gone is not None:
            self.let_go(call, gone)
        else:
            return False
        return True

    def list(self, call: Call) -> None:
        """All of them, the oldest first."""
        found = call.session.store.words.of(self.kind)
        if call.output.as_json:
            call.output.document({self.name: [_fields(call, word) for word in found]})
        for word in found:
            call.output.line(f"{word.seq}, {day_of(call, word.at)}")
            for line in str(word.body["text"]).splitlines():
                call.output.line(f"  {line}".rstrip())
        if not found:
            call.output.line("None is kept.")

    def show(self, call: Call, number: int) -> None:
        """One alone, to be copied."""
        word = self._one(call, number)
        if call.output.as_json:
            call.output.document(_fields(call, word))
        call.output.line(str(word.body["text"]))

    def let_go(self, call: Call, number: int) -> None:
        """One is no longer kept."""
        word = self._one(call, number)
        call.session.store.words.remove(number)
        if call.output.as_json:
            call.output.document({"removed": _fields(call, word)})
        call.output.line(f"Let go of the one from {day_of(call, word.at)}.")

    def _one(self, call: Call, number: int) -> OwnWord:
        word = call.session.store.words.get(number)
        if word is None or word.kind != self.kind:
            raise WrongUsage(f"none of yours has the number {number}", f"`{self.command} --list` shows them")
        return word


def one_at_a_time(*options: object) -> None:
    """Of options that each do something else, at most one was given."""
    if sum(option is not None and option is not False for option in options) > 1:
        raise WrongUsage("these options do different things: one at a time, please")


def _fields(call: Call, word: OwnWord) -> dict[str, Any]:
    return {"number": word.seq, "at": iso(call, word.at), "text": word.body["text"]}


def iso(call: Call, at: dt.datetime) -> str:
    """An instant in JSON."""
    return at.astimezone(call.session.zone).isoformat()


def day_of(call: Call, at: dt.datetime) -> str:
    """The day of an instant, as the lists say it."""
    return listing.day_words(at.astimezone(call.session.zone).date(), call.session.now)

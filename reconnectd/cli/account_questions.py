"""The questions about an account, and the account tried with the answers, again and again until it is right."""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from reconnectd.cli.waiting import Waiting
from reconnectd.core.plain import plain
from reconnectd.core.settings import CalendarAccount
from reconnectd.errors import ReconnectdError, Refused
from reconnectd.wiring.beginning import Found, TypedSecret

if TYPE_CHECKING:
    from reconnectd.cli.output import Output
    from reconnectd.cli.questions import Questions
    from reconnectd.wiring.beginning import Beginning

WAYS: tuple[tuple[Literal["command", "keyring", "file"], str], ...] = (
    ("command", 'a command prints it, such as "pass show cloud"'),
    ("keyring", "the desktop's keyring keeps it"),
    ("file", "a file that only you can read keeps it"),
)
BESIDE_THE_CONFIG = Path("password")
Again = Literal["password", "way", "all", "leave"]
AGAIN: tuple[tuple[Again, str], ...] = (
    ("password", "once more with the password"),
    ("way", "another way to the password"),
    ("all", "another address or name"),
    ("leave", "leave it so; it is tried again later"),
)


class AccountQuestions:
    """One account. `typed` is a password that was typed here and is to be kept."""

    def __init__(self, ask: Questions, beginning: Beginning, output: Output) -> None:
        self._ask = ask
        self._beginning = beginning
        self._output = output
        self._known_wrong = False
        self.typed: TypedSecret | None = None

    def account(self, seen_by: Literal["me", "both"], ring: Literal["computer", "phone", "both"]) -> CalendarAccount:
        """The account, tried unless the person left it; with the calendar's name."""
        account = self._way(self._address(CalendarAccount(seen_by=seen_by, ring=ring)))
        found = self._try(account)
        while not isinstance(found, Found):
            again = self._ask.choice("What now", AGAIN, found)
            if again == "leave":
                return dataclasses.replace(account, calendar=self._calendar(None))
            if again == "all":
                account = self._address(account)
            if again in {"way", "all"}:
                account = self._way(account)
            found = self._try(account)
        return dataclasses.replace(account, calendar=self._calendar(found))

    def _address(self, account: CalendarAccount) -> CalendarAccount:
        self._ask.say(
            "Its address: the server's help page calls it the CalDAV address. Often a name such as cloud.example.org "
            "is enough."
        )
        url = self._ask.text("Address", account.url or "", self._no_address)
        user = self._ask.text("User name there", account.username or "", lambda text: self._no_user(url, text))
        return dataclasses.replace(account, url=url, username=user)

    def _no_address(self, answer: str) -> str | None:
        return self._beginning.complaint("calendar", {"url": answer}, "url")

    def _no_user(self, url: str, answer: str) -> str | None:
        return self._beginning.complaint("calendar", {"url": url, "username": answer}, "username")

    def _way(self, account: CalendarAccount) -> CalendarAccount:
        self._known_wrong = False
        self._ask.say("How is the password found? It is never written in the config.")
        way = self._ask.choice("Password", WAYS, _way_of(account))
        bare = dataclasses.replace(account, password_command=(), password_keyring=False, password_file=None)
        if way == "command":
            command = self._ask.text("Command", shlex.join(account.password_command), self._no_command)
            return dataclasses.replace(bare, password_command=tuple(shlex.split(command)))
        if way == "keyring":
            return dataclasses.replace(bare, password_keyring=True)
        return dataclasses.replace(bare, password_file=BESIDE_THE_CONFIG)

    def _no_command(self, answer: str) -> str | None:
        try:
            words = shlex.split(answer)
        except ValueError:
            return "A quotation mark is opened there and never closed."
        if not words:
            return 'It takes a command, such as "pass show cloud".'
        return self._beginning.complaint("calendar", {"url": "x", "password_command": words}, "password_command")

    def _try(self, account: CalendarAccount) -> Found | Again:
        """What the server shows; or what to try next, after saying why it didn't."""
        try:
            password = self._password(account)
        except ReconnectdError as error:
            self._tell(error, error.fix)
            return "way"
        try:
            with Waiting(self._output) as waiting:
                waiting.say("asking the server")
                return self._beginning.look(account, password)
        except Refused as error:
            self._tell(error)
            self._known_wrong = True
            return "way" if account.password_command else "password"
        except ReconnectdError as error:
            self._tell(error)
            return "all"

    def _password(self, account: CalendarAccount) -> str:
        """What is kept already, unless it was wrong; else what the person types now. Refused, Unreachable."""
        kept = self._beginning.stored_password(account)
        if kept is not None and (account.password_command or not self._known_wrong):
            self.typed = None
            return kept
        typed = self._ask.secret("Password (it isn't shown)")
        self.typed = TypedSecret(account, typed)
        return typed

    def _tell(self, error: ReconnectdError, fix: str = "") -> None:
        self._ask.complain(f"{_sentence(plain(str(error)))} {_sentence(plain(fix))}".strip())

    def _calendar(self, found: Found | None) -> str:
        """The name of the one that is written to."""
        if found is None:
            return self._ask.text("Name of the calendar", CalendarAccount().calendar)
        if found.only is not None:
            self._ask.good(f"That is the calendar {plain(found.only)}.")
            return found.only
        names = ", ".join(found.names)
        self._ask.good(f"It lets you in. Calendars there: {names}." if names else "It lets you in. No calendar yet.")
        self._ask.say("Which one shall be written to? A name that isn't there makes a new one.")
        return self._ask.text("Calendar", CalendarAccount().calendar, lambda name: self._no_calendar(found, name))

    def _no_calendar(self, found: Found, name: str) -> str | None:
        same = found.named(name)
        if len(same) > 1:
            return f"There are {len(same)} with that name. Write the address of one: {', '.join(map(plain, same))}"
        return self._beginning.complaint("calendar", {"calendar": name}, "calendar")


def _way_of(account: CalendarAccount) -> Literal["command", "keyring", "file"]:
    if account.password_file is not None:
        return "file"
    return "keyring" if account.password_keyring else "command"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""

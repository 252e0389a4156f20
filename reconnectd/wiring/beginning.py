"""The beginning of everything: an account tried, a week looked at, and at last a config and a password written."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from reconnectd.config.first import Wishes, starter
from reconnectd.core.plain import plain
from reconnectd.errors import ConfigError
from reconnectd.wiring.household import household
from reconnectd.wiring.place import zone_of

if TYPE_CHECKING:
    from reconnectd.core.occurrence import Plan
    from reconnectd.core.settings import CalendarAccount, Settings
    from reconnectd.wiring.session import Session

AHEAD = 7
"""Days of the first look."""

FIRST_DAYS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Found:
    """The calendars of an account, by name and address; `only` when the address was that of one calendar."""

    calendars: tuple[tuple[str, str], ...]
    only: str | None = None

    @property
    def names(self) -> list[str]:
        """Harmless on a terminal."""
        return [plain(name) for name, _ in self.calendars]

    def named(self, wanted: str) -> list[str]:
        """The addresses of those with this name, as the sync would look for it."""
        alike = wanted.strip().casefold()
        exactly = [url for name, url in self.calendars if name == wanted]
        return exactly or [url for name, url in self.calendars if name.strip().casefold() == alike]


@dataclass(frozen=True, slots=True)
class TypedSecret:
    """A password that a person typed here, and that is to be kept where the account says: a file or the keyring."""

    account: CalendarAccount
    password: str = field(repr=False)


class Beginning:
    """Before there is a config. Nothing is written until `write`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.household = household()

    @property
    def config(self) -> Path:
        """Where it will be."""
        return self._session.places.config

    @property
    def today(self) -> dt.date:
        """By the clock of this machine."""
        return self._session.now.astimezone().date()

    def complaint(self, section: str, values: Mapping[str, Any], key: str) -> str | None:
        """What the config would say about the value of one key; None when it is fine."""
        from reconnectd.config import parse
        from reconnectd.config.shown import toml

        lines = "".join(f"{name} = {toml(value)}\n" for name, value in values.items())
        try:
            parse(f"[{section}]\n{lines}", self.config.with_name("config"))
        except ConfigError as error:
            told = (problem.partition(f"{section}.{key}: ")[2] for problem in error.problems)
            return next((re.sub("^expected", "Expected", sentence) for sentence in told if sentence), None)
        return None

    def stored_password(self, account: CalendarAccount) -> str | None:
        """What the account's way finds already; None when a file or the keyring has none yet. Refused, Unreachable."""
        from reconnectd.adapters import secrets

        if account.password_keyring:
            return secrets.in_keyring(account.username or "")
        if account.password_file is not None and not self._absolute(account.password_file).exists():
            return None
        return secrets.password(account, os.environ, self.config.parent)

    def look(self, account: CalendarAccount, password: str) -> Found:
        """Try the account: its calendars. Refused, Unreachable."""
        from reconnectd.adapters.dav import calendars_of

        found = calendars_of(account, password)
        only = found.direct.name if found.direct else None
        return Found(tuple((one.name, one.url) for one in found.calendars), only)

    def settings(self, wishes: Wishes) -> Settings:
        """What the config would say."""
        from reconnectd.config import parse

        return parse(starter(wishes), self.config)

    def with_first_talk(self, wishes: Wishes) -> Wishes:
        """With a day for the first talk, beside all that the chosen routines have."""
        from reconnectd.core.practice.first_talk import first_talk_at

        settings = self.settings(wishes)
        zone = ZoneInfo(zone_of(settings.time.timezone)[0])
        return replace(wishes, first_talk=first_talk_at(settings, self._session.now.astimezone(zone).date(), zone))

    def go_gently(self) -> None:
        """The first seven days: one word a day at most. No answer of a person, so `undo` doesn't see it."""
        from reconnectd.core.rest import EVERYTHING, Rest

        now, rests = self._session.now, self._session.store.rests
        rests.replace([*rests.all(), Rest(EVERYTHING, now, now + FIRST_DAYS, "first-days")])

    def week(self, settings: Settings) -> Plan:
        """The days ahead as they would stand."""
        from reconnectd.core.outlook import Outlook
        from reconnectd.core.planning import plan

        now, zone = self._session.now, zone_of(settings.time.timezone)[0]
        made = plan(settings, Outlook(now=now, zone=zone, ahead=AHEAD + 1))
        end = now + dt.timedelta(days=AHEAD)
        return replace(made, occurrences=tuple(one for one in made.occurrences if now <= one.start < end))

    def write(self, wishes: Wishes, typed: TypedSecret | None) -> bool:
        """The password where it belongs, then the config; False when there is a config by now. Refused."""
        from reconnectd.adapters.private_file import create

        if self.config.exists() or self.config.is_symlink():
            return False
        if typed is not None:
            self._keep(typed)
        return create(self.config, starter(wishes))

    def _keep(self, typed: TypedSecret) -> None:
        from reconnectd.adapters import secrets
        from reconnectd.adapters.private_file import replace as write

        if typed.account.password_file is not None:
            write(self._absolute(typed.account.password_file), typed.password + "\n")
        else:
            secrets.put_in_keyring(typed.account.username or "", typed.password)

    def _absolute(self, file: Path) -> Path:
        return self.config.parent / file.expanduser()

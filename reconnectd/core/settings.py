"""Everything the config says besides the routines, as values with their defaults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reconnectd.core.arranged_talk import TALK
from reconnectd.core.model import Routine, Span, Times


@dataclass(frozen=True, slots=True)
class People:
    """`[people]`. `household` is the same word on both people's machines; "" when there is none."""

    me: str = "you"
    partner: str | None = None
    household: str = ""
    partner_email: str | None = None
    partner_agrees: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """`[time]`. `timezone` is "local" or an IANA name; `day_start` shifts what "today" means, nothing else."""

    timezone: str = "local"
    partner_timezone: str | None = None
    day_start: dt.time = dt.time(4)
    week_start: int = 0


@dataclass(frozen=True, slots=True)
class CalendarAccount:
    """`[calendar]`; `url` None is the embedded calendar. Secrets are never in here, only where they are found."""

    url: str | None = None
    username: str | None = None
    password_command: tuple[str, ...] = ()
    password_keyring: bool = False
    password_file: Path | None = None
    calendar: str = "Us"
    seen_by: Literal["me", "both"] | None = None
    busy: tuple[str, ...] = ()
    partner_busy: tuple[str, ...] = ()
    sync_every: dt.timedelta = dt.timedelta(minutes=15)
    ring: Literal["computer", "phone", "both"] = "computer"
    sync_ack: bool = False
    ca_file: Path | None = None
    client_cert: Path | None = None
    tls_fingerprint: str | None = None
    allow_insecure_http: bool = False
    profile: str | None = None

    @property
    def embedded(self) -> bool:
        """Is it the calendar on this machine that reconnectd runs itself?"""
        return self.url is None

    @property
    def rings_elsewhere(self) -> bool:
        """Are its events left to their alarms? A calendar on this machine is read by no phone: it rings here, too."""
        return self.ring == "phone" and not self.embedded


@dataclass(frozen=True, slots=True)
class Reminders:
    """`[reminders]`. `quiet` are (start, end) wall-clock pairs; `at_most` None is no limit."""

    quiet: tuple[tuple[dt.time, dt.time], ...] = ()
    at_most: Times | None = None
    show_details: Literal["always", "unlocked", "never"] = "unlocked"
    late: dt.timedelta = dt.timedelta(minutes=30)
    fade: bool = True
    command: tuple[str, ...] = ()
    command_input: Literal["text", "json"] = "text"


@dataclass(frozen=True, slots=True)
class Together:
    """`[together]`."""

    kinds: tuple[str, ...] = ("words", "light touch", "small favours", "play")
    place: Literal["together", "apart"] = "together"
    money: Literal["free", "modest", "any"] = "modest"


@dataclass(frozen=True, slots=True)
class Guards:
    """`[guards]`."""

    freeze: dt.timedelta = dt.timedelta(days=7)
    talk_not_after: dt.time = dt.time(21)
    repair_at_most: Times = Times(1, "week")


@dataclass(frozen=True, slots=True)
class Privacy:
    """`[privacy]`."""

    keep_counts: Span = Span(2, "year")
    keep_words: Span = Span(90, "day")
    neutral_title: str = "A reminder"


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole config. `fingerprint` identifies its bytes; `inactive` names keys that this release accepts but
    doesn't use yet, as "section.key"."""

    people: People = People()
    time: Time = Time()
    calendar: CalendarAccount = CalendarAccount()
    reminders: Reminders = Reminders()
    together: Together = Together()
    guards: Guards = Guards()
    privacy: Privacy = Privacy()
    routines: tuple[Routine, ...] = ()
    path: Path = field(default=Path(), compare=False)
    fingerprint: str = field(default="", compare=False)
    inactive: tuple[str, ...] = field(default=(), compare=False)
    _by_slug: Mapping[str, Routine] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_slug", {routine.slug: routine for routine in (TALK, *self.routines)})

    def routine(self, slug: str) -> Routine | None:
        """The routine with this slug, or None. The talks that are arranged by hand are one, too, though no config
        names them and `routines` doesn't hold them."""
        return self._by_slug.get(slug)

    def counts(self, slug: str) -> bool:
        """Does an answer about this routine make another date the next?"""
        routine = self.routine(slug)
        return routine is not None and routine.counts

    @property
    def seen_by_both(self) -> bool:
        """Could the partner see what is written? The embedded calendar is one's own unless the config says else."""
        if self.calendar.seen_by is not None:
            return self.calendar.seen_by == "both"
        return not self.calendar.embedded and self.people.partner is not None

"""A month, looked back at by oneself: what happened on which days, and when it was quiet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Fact
from reconnectd.core.practice.tally import happened, times
from reconnectd.core.wording import MONTHS

MONTH = re.compile(r"(\d{4})-(\d{2})\Z")


@dataclass(frozen=True, slots=True)
class Days:
    """The nominal days on which a routine happened, in their order; twice where it did twice."""

    routine: Routine
    days: tuple[dt.date, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A civil month, [first, last)."""

    first: dt.date

    @property
    def last(self) -> dt.date:
        """The first day of the next one."""
        return (self.first + dt.timedelta(days=31)).replace(day=1)

    @property
    def title(self) -> str:
        """Its name and year."""
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"


def month_of(text: str) -> Month | None:
    """Read "2026-10"; None when it isn't a month."""
    match = MONTH.match(text)
    if match is None or not 1 <= int(match[2]) <= 12 or not dt.MINYEAR <= int(match[1]) < dt.MAXYEAR:
        return None
    return Month(dt.date(int(match[1]), int(match[2]), 1))


def days_of(routine: Routine, facts: Iterable[Fact], month: Month) -> Days:
    """On which days of the month it happened."""
    done = (fact.id.nominal for fact in facts if happened(fact, routine))
    return Days(routine, tuple(sorted(day for day in done if month.first <= day < month.last)))


def summary(month: Month, found: Sequence[Days]) -> Iterator[str]:
    """Lines of Markdown, what happened first; what didn't isn't named."""
    yield f"# {month.title}"
    yield ""
    told = [one for one in found if one.days]
    for one in told:
        listed = ", ".join(str(day.day) for day in one.days)
        yield f"- {one.routine.title}: {times(len(one.days))} (on {listed})"
    if not told:
        yield "Nothing is written down for this month."

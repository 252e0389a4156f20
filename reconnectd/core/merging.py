"""What a person did in a calendar app, as actions: base and theirs → answers, one decision table.

`base` is what the object said when we last wrote or adopted it, `theirs` what the server has now. Forms don't
count, only instants, lengths, meanings of rules and words. Who did it isn't known here and stored nowhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reconnectd.core.ics import Intent, Override, Reading, compose, read
from reconnectd.core.ics.intent import SUMMARY
from reconnectd.core.ics.rules import end_of, instances, shifted_days, without_end
from reconnectd.core.ics.values import iana_name

_DONE = re.compile(r"\s*(?:✓|x |\[x\])\s*")
_SEASON = dt.timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Moved:
    """One instance stands elsewhere: moved, and pinned there. All instants UTC."""

    nominal: dt.datetime
    start: dt.datetime
    end: dt.datetime


@dataclass(frozen=True, slots=True)
class Skipped:
    """One instance was deleted or called off."""

    nominal: dt.datetime


@dataclass(frozen=True, slots=True)
class Restored:
    """What set one instance apart (moved, skipped, done) was taken back; what still does follows. `unticked`: its
    tick went, so it isn't done any more."""

    nominal: dt.datetime
    unticked: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The title of one instance was ticked."""

    nominal: dt.datetime


@dataclass(frozen=True, slots=True)
class Retitled:
    """The words of one instance of a series were edited; the series' own stay."""

    nominal: dt.datetime
    title: str


@dataclass(frozen=True, slots=True)
class SeriesMoved:
    """The series itself was changed. `start` is the wall clock of its first instance in `zone` ("" for a day or
    a floating time), `rrule` canonical (None: it is a single event now), `since` the nominal instant from which
    on it holds (None: from the start)."""

    start: dt.datetime
    rrule: str | None
    duration: dt.timedelta
    zone: str
    since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class SeriesEnded:
    """One instance and all later ones were deleted or split off: the last one left is not after `until` (UTC)."""

    until: dt.datetime


@dataclass(frozen=True, slots=True)
class SeriesDeleted:
    """Nothing of the series is left: deleted, called off, or every instance excluded."""


@dataclass(frozen=True, slots=True)
class FieldEdited:
    """`summary`, `description`, `location`, `transp`, `class` or `alarm` of the object, as text in the manner of
    `intent_fields`; a tick is not part of a title."""

    field: str
    value: str


Action = Moved | Skipped | Restored | Done | Retitled | SeriesMoved | SeriesEnded | SeriesDeleted | FieldEdited


@dataclass(frozen=True, slots=True)
class _Answer:
    """What sets one instance apart."""

    skipped: bool = False
    moved: tuple[dt.datetime, dt.datetime] | None = None
    done: bool = False
    title: str | None = None


_Answers = dict[dt.datetime, _Answer]


def is_done(title: str) -> bool:
    """Does a title begin with a tick: `✓`, `x ` or `[x]`?"""
    return _DONE.match(title) is not None


def without_tick(title: str) -> str:
    """A title without its tick."""
    return _DONE.sub("", title, count=1).strip() if is_done(title) else title.strip()


def merge(base: Reading | None, theirs: Reading | None, *, ours: Intent | None = None) -> tuple[Action, ...]:
    """What a person did between `base` and `theirs`; () for nothing.

    `theirs` None: the object is gone. `base` None: seen for the first time, compared with what `ours` would
    have been. For a single event the nominal instant is that of `ours`, without it that of `base`.
    """
    if base is None and theirs is not None and ours is not None:
        base = read(compose(ours))
    if base is None:
        return ()
    if base.rrule is None and (theirs is None or theirs.rrule is None):
        return _single(base, theirs, base.start if ours is None else ours.nominal)
    if theirs is None or is_over(theirs):
        return () if is_over(base) else (SeriesDeleted(),)
    return tuple(_series(base, theirs))


def _single(base: Reading, theirs: Reading | None, nominal: dt.datetime) -> tuple[Action, ...]:
    """A placed or plain event: it is its own only instance."""
    if theirs is None:
        return () if base.cancelled else (Skipped(nominal),)
    before, after = (_single_answer(each, nominal, base.duration) for each in (base, theirs))
    return (*_differences(nominal, before, after), *_fields(base, theirs))


def _single_answer(reading: Reading, nominal: dt.datetime, length: dt.timedelta) -> _Answer:
    times = (reading.start, reading.end)
    moved = None if times == (nominal, nominal + length) else times
    return _Answer(reading.cancelled, moved, is_done(reading.summary))


def _series(base: Reading, theirs: Reading) -> Iterator[Action]:
    change = _series_change(base, theirs)
    if change is not None:
        yield change
    later = [nominal for nominal, each in theirs.overrides.items() if each.range_this_and_future]
    for nominal in sorted(set(later) - base.overrides.keys()):
        yield _from_here_on(theirs, nominal)
    yield from _exceptions(base, theirs, change, frozenset(later))
    yield from _fields(base, theirs)


def _series_change(base: Reading, theirs: Reading) -> SeriesMoved | SeriesEnded | None:
    same_times = base.start == theirs.start and base.duration == theirs.duration and _same_clock(base, theirs)
    if same_times and base.rrule == theirs.rrule:
        return None
    if same_times and base.rrule and theirs.rrule and without_end(base.rrule) == without_end(theirs.rrule):
        before, after = _end(base), _end(theirs)
        if before is not None and after is not None and _instances(base) == _instances(theirs):
            return None
        if after is not None and (before is None or after < before):
            return SeriesEnded(after)
    return SeriesMoved(theirs.local_start, theirs.rrule, theirs.duration, theirs.zone)


def _same_clock(base: Reading, theirs: Reading) -> bool:
    """Do both zones show the same time all year? One that only the object itself defines is taken at its word."""
    if base.all_day != theirs.all_day:
        return False
    names = {base.zone, theirs.zone}
    if len(names) == 1 or not all(iana_name(name) for name in names):
        return True
    one, other = (ZoneInfo(name) for name in names)
    seasons = [base.start + n * _SEASON for n in range(4)]
    return all(at.astimezone(one).utcoffset() == at.astimezone(other).utcoffset() for at in seasons)


def _end(reading: Reading) -> dt.datetime | None:
    return end_of(reading.rrule, reading.local_start, _zone(reading)) if reading.rrule else None


def _zone(reading: Reading) -> dt.tzinfo:
    """The zone of a reading; one that only the object itself defines, as its offset at the start."""
    name = iana_name(reading.zone)
    offset = reading.local_start - reading.start.replace(tzinfo=None)
    return ZoneInfo(name) if name else dt.timezone(offset)


def _instances(reading: Reading) -> list[dt.datetime]:
    return instances(reading.rrule, reading.local_start, _zone(reading)) if reading.rrule else []


def is_over(reading: Reading) -> bool:
    """Called off, or a series with an end that has no instance left?"""
    if reading.cancelled:
        return True
    end = _end(reading)
    if end is None or end < reading.start:
        return end is not None
    gone = reading.exdates | {nominal for nominal, each in reading.overrides.items() if each.cancelled}
    return bool(gone) and {*_instances(reading), reading.start} <= gone


def _from_here_on(theirs: Reading, nominal: dt.datetime) -> SeriesMoved:
    """KDE's RANGE=THISANDFUTURE: the series goes on elsewhere from `nominal`."""
    override = theirs.overrides[nominal]
    zone = _zone(theirs)
    start = override.start.astimezone(zone).replace(tzinfo=None)
    days = (start.date() - nominal.astimezone(zone).date()).days
    rrule = None if theirs.rrule is None else shifted_days(theirs.rrule, days)
    return SeriesMoved(start, rrule, override.end - override.start, theirs.zone, since=nominal)


def _exceptions(
    base: Reading, theirs: Reading, change: SeriesMoved | SeriesEnded | None, ranges: frozenset[dt.datetime]
) -> Iterator[Action]:
    before, after = _answers(base, base, theirs), _answers(theirs, base, theirs)
    if isinstance(change, SeriesMoved):
        before = _shifted(base, theirs, before, after)
    after = {nominal: answer for nominal, answer in after.items() if nominal not in ranges}
    for nominal in sorted(before.keys() | after.keys()):
        gone = nominal not in after
        if gone and (isinstance(change, SeriesMoved) or _beyond(nominal, change) or nominal in ranges):
            continue
        yield from _differences(nominal, before.get(nominal, _Answer()), after.get(nominal, _Answer()))


def _beyond(nominal: dt.datetime, change: SeriesMoved | SeriesEnded | None) -> bool:
    return isinstance(change, SeriesEnded) and nominal > change.until


def _answers(reading: Reading, *sides: Reading) -> _Answers:
    """What sets the instances of `reading` apart. An exception that still has the title or the length of either
    side's series has none of its own: not every app takes its exceptions along when the series is edited."""
    found = {nominal: _Answer(skipped=True) for nominal in reading.exdates}
    for nominal, override in reading.overrides.items():
        if nominal not in found:
            found[nominal] = _answer(nominal, override, sides)
    return found


def _answer(nominal: dt.datetime, override: Override, sides: tuple[Reading, ...]) -> _Answer:
    if override.cancelled:
        return _Answer(skipped=True)
    times = (override.start, override.end)
    in_place = times in {(nominal, nominal + side.duration) for side in sides}
    title = without_tick(override.summary)
    inherited = {"", *(without_tick(side.summary) for side in sides)}
    return _Answer(
        moved=None if in_place else times,
        done=is_done(override.summary) and not any(is_done(side.summary) for side in sides),
        title=None if title in inherited else title,
    )


def _shifted(base: Reading, theirs: Reading, before: _Answers, after: _Answers) -> _Answers:
    """The answers of `base` under the names that a moved series gives them: Thunderbird and Apple shift the names
    along, others leave them. The times of an exception stay or shift too."""
    found: _Answers = {}
    for nominal, answer in before.items():
        name = _shift(nominal, base, theirs)
        there = after.get(name)
        if nominal in after or there is None:
            found[nominal] = answer
        else:
            found[name] = there if _went_along(answer, there, base, theirs) else answer
    return found


def _went_along(answer: _Answer, there: _Answer, base: Reading, theirs: Reading) -> bool:
    if answer.moved is None or there.moved is None:
        return (answer.skipped, answer.done) == (there.skipped, there.done)
    start = answer.moved[0]
    return there.moved[0] in (start, _shift(start, base, theirs)) and answer.done == there.done


def _shift(instant: dt.datetime, base: Reading, theirs: Reading) -> dt.datetime:
    """As much later on the wall clock as the series was moved."""
    wall = instant.astimezone(_zone(base)).replace(tzinfo=None) + (theirs.local_start - base.local_start)
    return wall.replace(tzinfo=_zone(theirs)).astimezone(dt.UTC)


def _differences(nominal: dt.datetime, before: _Answer, after: _Answer) -> Iterator[Action]:
    """The table of one instance: what is new is said; when something was taken back, that first and then
    everything that still holds."""
    if before == after:
        return
    taken_back = _taken_back(before, after)
    if taken_back:
        yield Restored(nominal, unticked=before.done and not after.done)
        before = _Answer()
    if after.skipped and not before.skipped:
        yield Skipped(nominal)
    elif after.moved is not None and after.moved != before.moved:
        yield Moved(nominal, *after.moved)
    if after.done and not before.done:
        yield Done(nominal)
    if after.title is not None and after.title != before.title:
        yield Retitled(nominal, after.title)


def _taken_back(before: _Answer, after: _Answer) -> bool:
    if after.skipped:
        return False
    return (
        before.skipped
        or (before.done and not after.done)
        or (before.moved is not None and after.moved is None)
        or (before.title is not None and after.title is None)
    )


def _fields(base: Reading, theirs: Reading) -> Iterator[FieldEdited]:
    before, after = _edited(base), _edited(theirs)
    for name, value in after.items():
        if before[name] != value:
            yield FieldEdited(name, value)


def _edited(reading: Reading) -> dict[str, str]:
    return reading.fields | {SUMMARY: without_tick(reading.summary)}

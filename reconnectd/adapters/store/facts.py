"""What people said: facts about occurrences, and what is known of routines."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Iterable, Mapping

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, maybe_instant, stamp
from reconnectd.core.model import Routine
from reconnectd.core.occurrence import Fact, OccurrenceId, Standing, State

SANE = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
"""A clock that shows an earlier time was never set."""

COLUMNS = "id, state, start, end, snoozed_until, title, for_both, at, assumed, body, asked"


class Facts:
    """The tables fact, routine and pin."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, occurrence: OccurrenceId) -> Fact | None:
        """What was said about one occurrence."""
        rows = self._db.read(f"SELECT {COLUMNS} FROM fact WHERE id = ?", str(occurrence))
        return _fact(rows[0]) if rows else None

    def since(self, first: dt.date) -> dict[OccurrenceId, Fact]:
        """Everything said about occurrences of `first` and later."""
        sql = f"SELECT {COLUMNS} FROM fact WHERE nominal >= ? OR start >= ?"
        midnight = dt.datetime.combine(first, dt.time(), dt.UTC)
        facts = (_fact(row) for row in self._db.read(sql, first.isoformat(), stamp(midnight)))
        return {fact.id: fact for fact in facts}

    def of(self, slug: str) -> dict[OccurrenceId, Fact]:
        """Everything said about a routine, however long ago."""
        facts = (_fact(row) for row in self._db.read(f"SELECT {COLUMNS} FROM fact WHERE slug = ?", slug))
        return {fact.id: fact for fact in facts}

    def all(self) -> list[Fact]:
        """Everything said about anything, by its name."""
        return [_fact(row) for row in self._db.read(f"SELECT {COLUMNS} FROM fact ORDER BY nominal, id")]

    def told(self, slugs: Iterable[str]) -> dict[str, list[Fact]]:
        """What was told of these routines, whether it happened: what people said, and what was asked and not answered.
        However long ago, in the order of the dates."""
        sql = (
            f"SELECT {COLUMNS} FROM fact WHERE state IN ('done', 'missed') AND (asked OR NOT assumed)"
            " AND slug IN (SELECT value FROM json_each(?))"
        )
        facts = sorted((_fact(row) for row in self._db.read(sql, json.dumps(list(slugs)))), key=lambda fact: fact.id)
        return {slug: list(group) for slug, group in itertools.groupby(facts, key=lambda fact: fact.id.slug)}

    def exceptions(self, slug: str) -> list[Fact]:
        """Everything said about a routine that a calendar could show: moved or skipped, however long ago."""
        sql = "SELECT " + COLUMNS + " FROM fact WHERE slug = ? AND (state = 'skipped' OR start IS NOT NULL)"
        return [_fact(row) for row in self._db.read(sql, slug)]

    def put(self, fact: Fact) -> None:
        """Write a fact, in place of what was said before about the same occurrence."""
        self._db.write(
            "INSERT OR REPLACE INTO fact"
            " (id, slug, nominal, state, start, end, snoozed_until, title, for_both, at, assumed, body, asked)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            str(fact.id), fact.id.slug, fact.id.nominal.isoformat(), fact.state, stamp(fact.start), stamp(fact.end),
            stamp(fact.snoozed_until), fact.title, fact.for_both, stamp(fact.at), fact.assumed,
            fact.body, fact.asked,
        )  # fmt: skip

    def remove(self, occurrence: OccurrenceId) -> None:
        """Forget what was said about one occurrence."""
        self._db.erase("DELETE FROM fact WHERE id = ?", str(occurrence))

    def taken(self, slug: str, nominal: dt.date) -> int:
        """The highest `.n` of that routine and date about which there is a fact; 0 when there is none."""
        rows = self._db.read("SELECT id FROM fact WHERE slug = ? AND nominal = ?", slug, nominal.isoformat())
        return max((OccurrenceId.stored(str(row[0])).n for row in rows), default=0)

    def unsettle(self, now: dt.datetime) -> None:
        """Take back what settled itself while the clock was ahead of `now`; what a person said stays."""
        with self._db.transaction():
            self._db.write("UPDATE fact SET state = NULL, at = NULL, assumed = 0 WHERE assumed AND at > ?", stamp(now))
            said = "state IS NOT NULL OR start IS NOT NULL OR snoozed_until IS NOT NULL OR title IS NOT NULL"
            self._db.write(f"DELETE FROM fact WHERE at IS NULL AND NOT ({said})")

    def last_done(self, slug: str) -> dt.datetime | None:
        """When a routine was last done."""
        rows = self._db.read("SELECT max(coalesce(at, start)) FROM fact WHERE slug = ? AND state = 'done'", slug)
        return maybe_instant(rows[0][0])

    def forget(self, counts: dt.date, words: dt.date) -> None:
        """What was done before `counts` is forgotten whole; what was written before `words` loses its words, also
        in the journal. The file keeps no copy (secure_delete)."""
        with self._db.transaction():
            self._db.erase("DELETE FROM fact WHERE nominal < ?", counts.isoformat())
            self._db.erase(
                "UPDATE fact SET title = NULL, body = '' WHERE nominal < ? AND title IS NOT NULL", words.isoformat()
            )
            midnight = stamp(dt.datetime.combine(words, dt.time(), dt.UTC))
            self._db.erase("DELETE FROM journal WHERE at < ?", midnight)
            self._db.write("DELETE FROM conflict WHERE at < ?", midnight)

    # What is known of routines.

    def standings(self) -> dict[str, Standing]:
        """Everything remembered of every routine ever seen."""
        pins: dict[tuple[str, int], dict[str, str]] = {}
        for slug, generation, name, value in self._db.read("SELECT slug, generation, field, value FROM pin"):
            pins.setdefault((str(slug), _int(generation)), {})[str(name)] = str(value)
        rows = self._db.read("SELECT slug, generation, zone, first_seen, stopped FROM routine")
        return {
            str(slug): Standing(
                slug=str(slug),
                generation=_int(generation),
                zone=str(zone) if zone else None,
                first_seen=instant(first_seen),
                stopped=bool(stopped),
                pins=pins.get((str(slug), _int(generation)), {}),
            )
            for slug, generation, zone, first_seen, stopped in rows
        }

    def observe(self, slugs: Mapping[str, str | None], at: dt.datetime) -> None:
        """Remember routines that are new: slug -> the zone to pin it to (None: it follows the machine). When one was
        first seen is set right where a wrong clock had told it."""
        rows = ((slug, zone, stamp(at)) for slug, zone in slugs.items())
        with self._db.transaction():
            self._db.write_many("INSERT OR IGNORE INTO routine (slug, zone, first_seen) VALUES (?, ?, ?)", rows)
            self._note_gone(list(slugs), at)
            if at >= SANE:
                sql = "UPDATE routine SET first_seen = ?1 WHERE first_seen > ?1 OR first_seen < ?2"
                self._db.write(sql, stamp(at), stamp(SANE))

    def _note_gone(self, slugs: list[str], at: dt.datetime) -> None:
        """Since when which routines are out of the config. A wait that began under a wrong clock begins anew."""
        here = "slug IN (SELECT value FROM json_each(?1))"
        if self._db.read(f"SELECT 1 FROM routine WHERE gone_since IS NOT NULL AND {here}", json.dumps(slugs)):
            self._db.write("UPDATE collection SET token = NULL")  # what was done to it meanwhile is looked for
        self._db.write(f"UPDATE routine SET gone_since = NULL, retired = 0 WHERE {here}", json.dumps(slugs))
        sql = (
            f"UPDATE routine SET gone_since = ?2 WHERE NOT {here}"
            " AND (gone_since IS NULL OR gone_since > ?2 OR (gone_since < ?3 AND ?2 >= ?3))"
        )
        self._db.write(sql, json.dumps(slugs), stamp(at), stamp(SANE))

    def gone(self) -> dict[str, dt.datetime]:
        """The routines that left the config and were not let go of yet, and since when."""
        sql = "SELECT slug, gone_since FROM routine WHERE gone_since IS NOT NULL AND NOT retired"
        return {str(slug): instant(since) for slug, since in self._db.read(sql)}

    def retired(self) -> frozenset[str]:
        """The routines that were let go of."""
        return frozenset(str(row[0]) for row in self._db.read("SELECT slug FROM routine WHERE retired"))

    def known(self) -> int:
        """How many routines there are, those that just left the config among them."""
        return _int(self._db.read("SELECT count(*) FROM routine WHERE NOT retired")[0][0])

    def retire(self, slug: str) -> None:
        """It has been gone for long: its series was ended."""
        self._db.write("UPDATE routine SET retired = 1 WHERE slug = ?", slug)

    def wait_anew(self, now: dt.datetime) -> None:
        """The clock was set: how long a routine has been gone isn't known any more."""
        self._db.write("UPDATE routine SET gone_since = ? WHERE gone_since IS NOT NULL AND NOT retired", stamp(now))

    def stop_series(self, slug: str, generation: int, at: dt.datetime) -> None:
        """A person deleted the series: it stays away until `resume --yes`."""
        with self._db.transaction():
            self._db.write("UPDATE routine SET stopped = 1 WHERE slug = ?", slug)
            sql = "INSERT OR REPLACE INTO tombstone (slug, generation, period, at) VALUES (?, ?, '', ?)"
            self._db.write(sql, slug, generation, stamp(at))

    def begin_series(self, slug: str) -> None:
        """A series that was deleted is there again."""
        self._db.write("UPDATE routine SET stopped = 0 WHERE slug = ?", slug)

    def new_generation(self, slug: str) -> int:
        """A series begins anew, under another UID; its number. Words that people edited go along, the schedule
        that they gave the old series doesn't."""
        with self._db.transaction():
            number = _int(self._db.read("SELECT generation FROM routine WHERE slug = ?", slug)[0][0]) + 1
            self.set_generation(slug, number)
        return number

    def set_generation(self, slug: str, generation: int) -> None:
        """The same, with the number that another device has chosen."""
        with self._db.transaction():
            self._db.write(
                "INSERT OR IGNORE INTO pin (slug, generation, field, value, over, at)"
                " SELECT pin.slug, ?, field, value, over, at FROM pin JOIN routine USING (slug)"
                " WHERE pin.slug = ? AND pin.generation = routine.generation AND field != 'schedule'",
                generation, slug,
            )  # fmt: skip
            self._db.write("UPDATE routine SET generation = ?, stopped = 0 WHERE slug = ?", generation, slug)

    def set_zone(self, slug: str, zone: str) -> None:
        """The zone in which its series was first written, perhaps by another device."""
        self._db.write("UPDATE routine SET zone = ? WHERE slug = ?", zone, slug)

    def pin(self, routine: Routine, generation: int, name: str, value: str, at: dt.datetime) -> None:
        """A person changed this field of a series in the calendar: theirs stays, until the config says something
        new about it."""
        sql = "INSERT OR REPLACE INTO pin (slug, generation, field, value, over, at) VALUES (?, ?, ?, ?, ?, ?)"
        self._db.write(sql, routine.slug, generation, name, value, own_word(routine, name), stamp(at))

    def is_pinned(self, slug: str, generation: int, name: str) -> bool:
        """Did a person change this field of that generation, and has the config said nothing new since?"""
        sql = "SELECT 1 FROM pin WHERE slug = ? AND generation = ? AND field = ?"
        return bool(self._db.read(sql, slug, generation, name))

    def release_pins(self, routines: Iterable[Routine]) -> None:
        """Let go of pins over which the config has said something new since."""
        known = {routine.slug: routine for routine in routines}
        for slug, name, over in self._db.read("SELECT slug, field, over FROM pin"):
            routine = known.get(str(slug))
            if routine is not None and own_word(routine, str(name)) != over:
                self._db.write("DELETE FROM pin WHERE slug = ? AND field = ?", slug, name)


def own_word(routine: Routine, name: str) -> str:
    """What the config itself says about a field that can be pinned."""
    kept_close = " (private)" if routine.private else ""
    words = {
        "schedule": f"{routine.schedule!r} {routine.lasting!r} {routine.timezone}",
        "summary": routine.title + kept_close,
        "description": routine.notes + kept_close,
        "location": routine.location + kept_close,
        "transp": routine.show_as,
        "class": str(routine.private),
        "alarm": repr(routine.remind),
    }
    return words.get(name, "")


def _fact(row: tuple[object, ...]) -> Fact:
    name, state, start, end, snoozed, title, for_both, at, assumed, body, asked = row
    return Fact(
        id=OccurrenceId.stored(str(name)),
        state=State(str(state)) if state else None,
        start=maybe_instant(start),
        end=maybe_instant(end),
        snoozed_until=maybe_instant(snoozed),
        title=str(title) if title is not None else None,
        for_both=bool(for_both),
        at=maybe_instant(at),
        assumed=bool(assumed),
        body=str(body),
        asked=bool(asked),
    )


def fact_as_json(fact: Fact) -> list[object]:
    """A fact as the journal keeps it."""
    return [
        fact.state, stamp(fact.start), stamp(fact.end), stamp(fact.snoozed_until), fact.title, fact.for_both,
        stamp(fact.at), fact.assumed, fact.body, fact.asked,
    ]  # fmt: skip


def fact_from_json(occurrence: OccurrenceId, fields: list[object]) -> Fact:
    """Read what `fact_as_json` made, also before there was a body, or a question that is remembered."""
    return _fact((str(occurrence), *fields, *["", False][len(fields) - 8 :]))


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value

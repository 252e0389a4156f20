"""What somebody wants to talk about: numbers and times. The words stand in the table word, with everything private."""

from __future__ import annotations

import datetime as dt

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, maybe_instant, stamp
from reconnectd.core.occurrence import OccurrenceId
from reconnectd.core.practice.topic import Topic

COLUMNS = "number, word, opened, temperature, closed, talk, rests_until, talks, hard, went, went_well, follow"


class Topics:
    """The table topic. Numbers are never used again."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, word: int, temperature: int, at: dt.datetime) -> Topic:
        """Open one, whose words are kept under `word`."""
        sql = "INSERT INTO topic (word, opened, temperature) VALUES (?, ?, ?)"
        return Topic(self._db.insert(sql, word, stamp(at), temperature), word, at, temperature)

    def get(self, number: int) -> Topic | None:
        """The one with that number."""
        rows = self._db.read(f"SELECT {COLUMNS} FROM topic WHERE number = ?", number)
        return _topic(rows[0]) if rows else None

    def all(self) -> list[Topic]:
        """Every one, by number."""
        return [_topic(row) for row in self._db.read(f"SELECT {COLUMNS} FROM topic ORDER BY number")]

    def put(self, topic: Topic) -> None:
        """Write it down as it is now."""
        marks = ", ".join("?" * 12)
        self._db.write(
            f"INSERT OR REPLACE INTO topic ({COLUMNS}) VALUES ({marks})",
            topic.number, topic.word, stamp(topic.opened), topic.temperature, stamp(topic.closed),
            None if topic.talk is None else str(topic.talk), stamp(topic.rests_until), topic.talks, topic.hard,
            stamp(topic.went), topic.went_well, stamp(topic.follow),
        )  # fmt: skip

    def forget(self, before: dt.date) -> None:
        """Let go of those that were closed before that day, and of their words, if there still are any."""
        midnight = stamp(dt.datetime.combine(before, dt.time(), dt.UTC))
        with self._db.transaction():
            self._db.erase("DELETE FROM word WHERE seq IN (SELECT word FROM topic WHERE closed < ?)", midnight)
            self._db.write("DELETE FROM topic WHERE closed < ?", midnight)


def _topic(row: tuple[object, ...]) -> Topic:
    number, word, opened, temperature, closed, talk, rests, talks, hard, went, well, follow = row
    return Topic(
        number=_int(number), word=_int(word), opened=instant(opened), temperature=_int(temperature),
        closed=maybe_instant(closed), talk=OccurrenceId.stored(str(talk)) if talk else None,
        rests_until=maybe_instant(rests), talks=_int(talks), hard=_int(hard), went=maybe_instant(went),
        went_well=None if well is None else bool(well), follow=maybe_instant(follow),
    )  # fmt: skip


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value

"""The words: rows keyed (occurrence, lead), and the bubbles they were shown in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, maybe_instant, stamp
from reconnectd.core.lifecycle import ReminderEvent, reminder_after
from reconnectd.core.occurrence import OccurrenceId, Phase, Reminder, ReminderState

COLUMNS = "id, lead, due, expires, phase, state, reason, offers"


@dataclass(frozen=True, slots=True)
class BubbleRow:
    """A bubble that was posted, or is being posted (`server` None)."""

    token: str
    phase: Phase
    server_id: int | None
    server: str | None
    posted: dt.datetime


class Reminders:
    """The tables reminder and bubble."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def waiting(self, now: dt.datetime) -> list[Reminder]:
        """Words whose time has come and that were not said: pending or held, by due time."""
        sql = "SELECT " + COLUMNS + " FROM reminder WHERE state IN ('pending', 'held') AND due <= ? ORDER BY due, id"
        return [_reminder(row) for row in self._db.read(sql, stamp(now))]

    def held(self) -> int:
        """How many words wait for a desktop."""
        rows = self._db.read("SELECT count(*) FROM reminder WHERE state = 'held'")
        assert isinstance(rows[0][0], int)
        return rows[0][0]

    def instants(self, after: dt.datetime, until: dt.datetime, *, in_calendar: bool = False) -> list[dt.datetime]:
        """The distinct instants in (after, until] at which a word is to be said; with `in_calendar` only of words
        about what stands in the calendar."""
        there = " AND id IN (SELECT id FROM occurrence WHERE in_calendar)" if in_calendar else ""
        sql = (
            "SELECT DISTINCT due FROM reminder WHERE state IN ('pending', 'held') AND due > ? AND due <= ?"
            f"{there} ORDER BY due"
        )
        return [instant(row[0]) for row in self._db.read(sql, stamp(after), stamp(until))]

    def of(self, occurrence: OccurrenceId) -> list[Reminder]:
        """The words about one occurrence, by due time."""
        sql = f"SELECT {COLUMNS} FROM reminder WHERE id = ? ORDER BY due"
        return [_reminder(row) for row in self._db.read(sql, str(occurrence))]

    def pending(self, occurrences: Iterable[OccurrenceId]) -> dict[OccurrenceId, list[dt.datetime]]:
        """When words about these occurrences are still to come."""
        found: dict[OccurrenceId, list[dt.datetime]] = {name: [] for name in occurrences}
        for row in self._db.read("SELECT id, due FROM reminder WHERE state IN ('pending', 'held') ORDER BY due"):
            name = OccurrenceId.stored(str(row[0]))
            if name in found:
                found[name].append(instant(row[1]))
        return found

    def announced(self) -> set[OccurrenceId]:
        """Occurrences about which a word was said before or at their start, not closed unsaid."""
        sql = (
            "SELECT DISTINCT id FROM reminder"
            " WHERE state IN ('shown', 'closed') AND bubble IS NOT NULL AND phase != 'afterwards'"
        )
        return {OccurrenceId.stored(str(row[0])) for row in self._db.read(sql)}

    def spoken(self) -> set[tuple[OccurrenceId, str]]:
        """The very words that were said, by (occurrence, lead)."""
        sql = "SELECT id, lead FROM reminder WHERE state IN ('shown', 'closed') AND bubble IS NOT NULL"
        return {(OccurrenceId.stored(str(name)), str(lead)) for name, lead in self._db.read(sql)}

    def said(self, since: dt.datetime) -> list[tuple[dt.datetime, str]]:
        """Bubbles posted since then: (when, phase). Second steps belong to an answer, and aren't among them."""
        sql = "SELECT posted, phase FROM bubble WHERE posted >= ? AND server IS NOT NULL AND phase NOT IN (?, ?)"
        rows = self._db.read(sql, stamp(since), Phase.FOR_BOTH, Phase.OTHER_DAYS)
        return [(instant(posted), str(phase)) for posted, phase in rows]

    def newest(self) -> dt.datetime | None:
        """When the last bubble was posted, or was about to be."""
        return maybe_instant(self._db.read("SELECT max(posted) FROM bubble")[0][0])

    def settle(self, until: dt.datetime) -> None:
        """Words up to `until` were said, and whoever wanted to answer did: only questions may come once more."""
        with self._db.transaction():
            waiting = "state IN ('pending', 'held', 'sending') AND due <= ? AND phase != 'afterwards'"
            self._db.write(f"DELETE FROM reminder WHERE {waiting}", stamp(until))
            self._db.write("UPDATE reminder SET state = 'closed' WHERE state = 'shown' AND due <= ?", stamp(until))
            self._db.write("UPDATE bubble SET closed = ?1 WHERE closed IS NULL AND posted <= ?1", stamp(until))

    def put(self, reminder: Reminder) -> None:
        """Write one word anew, whatever became of an earlier one with this key."""
        self._db.write(
            f"INSERT OR REPLACE INTO reminder ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            str(reminder.occurrence), reminder.lead, stamp(reminder.due), stamp(reminder.expires), reminder.phase,
            reminder.state, reminder.reason, json.dumps([start.isoformat() for start in reminder.offers]),
        )  # fmt: skip

    def move_on(self, reminder: Reminder, event: ReminderEvent, *, reason: str = "", bubble: str | None = None) -> None:
        """Apply an event of the transition table to one row; IllegalMove when it has no such move."""
        state = reminder_after(reminder.state, event)
        self._db.write(
            "UPDATE reminder SET state = ?, reason = ?, bubble = coalesce(?, bubble) WHERE id = ? AND lead = ?",
            state, reason or reminder.reason, bubble, str(reminder.occurrence), reminder.lead,
        )  # fmt: skip

    def close_all(self, occurrence: OccurrenceId, until: dt.datetime | None = None) -> list[BubbleRow]:
        """It was answered: no further word about it (or, when it was put off, none before `until`). The open bubbles
        that spoke only of it, to be taken away."""
        with self._db.transaction():
            bubbles = self._db.read(
                "SELECT DISTINCT b.token, b.phase, b.server_id, b.server, b.posted FROM bubble b"
                " JOIN reminder r ON r.bubble = b.token WHERE r.id = ? AND b.closed IS NULL AND r.state = 'shown'"
                " AND NOT EXISTS (SELECT 1 FROM reminder o WHERE o.bubble = b.token AND o.id != r.id"
                "  AND o.state = 'shown')",
                str(occurrence),
            )
            self._db.write(
                "UPDATE reminder SET state = 'closed'"
                " WHERE id = ? AND (state IN ('sending', 'shown') OR (state IN ('pending', 'held') AND due <= ?))",
                str(occurrence), float("inf") if until is None else stamp(until),
            )  # fmt: skip
        return [_bubble(row) for row in bubbles]

    # Bubbles.

    def claim(self, reminders: Sequence[Reminder], token: str, phase: Phase, now: dt.datetime) -> None:
        """Before it is said: these words are being sent in the bubble with this token."""
        with self._db.transaction():
            self._db.write("INSERT INTO bubble (token, phase, posted) VALUES (?, ?, ?)", token, phase, stamp(now))
            for reminder in reminders:
                assert _claimed(reminder.state) is ReminderState.SENDING
            keys = json.dumps([[str(reminder.occurrence), reminder.lead] for reminder in reminders])
            self._db.write(
                "UPDATE reminder SET state = 'sending', bubble = ? WHERE (id, lead) IN"
                " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))",
                token, keys,
            )  # fmt: skip

    def delivered(self, token: str, server_id: int, server: str) -> None:
        """The server took it."""
        with self._db.transaction():
            self._db.write("UPDATE bubble SET server_id = ?, server = ? WHERE token = ?", server_id, server, token)
            self._db.write("UPDATE reminder SET state = 'shown' WHERE bubble = ? AND state = 'sending'", token)

    def undelivered(self, token: str, reason: str) -> None:
        """Nobody took it: held until somebody does."""
        with self._db.transaction():
            self._db.write("DELETE FROM bubble WHERE token = ?", token)
            sql = "UPDATE reminder SET state = 'held', reason = ?, bubble = NULL WHERE bubble = ? AND state = 'sending'"
            self._db.write(sql, reason, token)

    def bubble(self, token: str) -> tuple[BubbleRow, list[Reminder]] | None:
        """A bubble and the words in it."""
        rows = self._db.read("SELECT token, phase, server_id, server, posted FROM bubble WHERE token = ?", token)
        if not rows:
            return None
        sql = f"SELECT {COLUMNS} FROM reminder WHERE bubble = ? ORDER BY due, id"
        return _bubble(rows[0]), [_reminder(row) for row in self._db.read(sql, token)]

    def sending(self) -> list[Reminder]:
        """Words that were being said when the program ended: nobody knows whether they were seen."""
        sql = f"SELECT {COLUMNS} FROM reminder WHERE state = 'sending' ORDER BY due, id"
        return [_reminder(row) for row in self._db.read(sql)]

    def answered_bubbles(self) -> list[BubbleRow]:
        """Bubbles still on the screen although everything in them was answered elsewhere."""
        sql = (
            "SELECT token, phase, server_id, server, posted FROM bubble WHERE closed IS NULL AND server IS NOT NULL"
            " AND token NOT IN (SELECT bubble FROM reminder WHERE state = 'shown' AND bubble IS NOT NULL)"
        )
        return [_bubble(row) for row in self._db.read(sql)]

    def reset(self, occurrence: OccurrenceId) -> None:
        """It stands elsewhere now: every word about it is still to be said."""
        self._db.write("DELETE FROM reminder WHERE id = ?", str(occurrence))

    def reset_coming(self, slug: str, first: dt.date) -> None:
        """The same for all occurrences of a routine from a nominal date on."""
        sql = "DELETE FROM reminder WHERE id LIKE ? AND substr(id, length(?) + 2, 10) >= ?"
        self._db.write(sql, f"{slug}@%", slug, first.isoformat())

    def forget(self, before: dt.datetime) -> None:
        """Words and bubbles that are long behind; what is still to be said stays."""
        with self._db.transaction():
            self._db.write("DELETE FROM reminder WHERE due < ? AND state IN ('closed', 'dropped')", stamp(before))
            self._db.write("DELETE FROM bubble WHERE posted < ? AND closed IS NOT NULL", stamp(before))

    def forget_unsaid(self, occurrence: OccurrenceId) -> None:
        """An answer was taken back: words that were never said may be said again."""
        self._db.write("DELETE FROM reminder WHERE id = ? AND state = 'closed' AND bubble IS NULL", str(occurrence))
        self._db.write("DELETE FROM reminder WHERE id = ? AND lead = 'snooze' AND state != 'shown'", str(occurrence))

    def open_bubbles(self) -> list[BubbleRow]:
        """Bubbles that are on the screen, as far as we know."""
        sql = "SELECT token, phase, server_id, server, posted FROM bubble WHERE closed IS NULL AND server IS NOT NULL"
        return [_bubble(row) for row in self._db.read(sql)]

    def take_back(self, token: str, now: dt.datetime) -> None:
        """A bubble is to go, and the words in it are to be said once more: another one will count in its place, and
        until then they are held, so that none is lost."""
        with self._db.transaction():
            sql = "UPDATE bubble SET closed = coalesce(closed, ?), server = NULL, server_id = NULL WHERE token = ?"
            self._db.write(sql, stamp(now), token)
            sql = "UPDATE reminder SET state = 'held', bubble = NULL WHERE bubble = ? AND state = 'shown'"
            self._db.write(sql, token)

    def close_bubble(self, token: str, now: dt.datetime) -> None:
        """A bubble is gone from the screen; that is never an answer."""
        with self._db.transaction():
            self._db.write("UPDATE bubble SET closed = ? WHERE token = ? AND closed IS NULL", stamp(now), token)
            self._db.write("UPDATE reminder SET state = 'closed' WHERE bubble = ? AND state = 'shown'", token)


def _claimed(state: ReminderState) -> ReminderState:
    """What is being said for the first time, or once more; IllegalMove for what was answered."""
    return reminder_after(state, "resend" if state in {ReminderState.SENDING, ReminderState.SHOWN} else "claim")


def _reminder(row: tuple[object, ...]) -> Reminder:
    name, lead, due, expires, phase, state, reason, offers = row
    return Reminder(
        occurrence=OccurrenceId.stored(str(name)),
        lead=str(lead),
        due=instant(due),
        expires=maybe_instant(expires),
        phase=Phase(str(phase)),
        state=ReminderState(str(state)),
        reason=str(reason),
        offers=tuple(map(dt.datetime.fromisoformat, json.loads(str(offers)))),
    )


def _bubble(row: tuple[object, ...]) -> BubbleRow:
    token, phase, server_id, server, posted = row
    assert server_id is None or isinstance(server_id, int)
    return BubbleRow(str(token), Phase(str(phase)), server_id, str(server) if server else None, instant(posted))

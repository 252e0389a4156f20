"""What stands in the calendar, as last seen or written; what waits to be written; how the runs went."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reconnectd.adapters.store.database import Database
from reconnectd.adapters.store.instants import instant, stamp
from reconnectd.ports import Collection

KEPT_RUNS = 200
OBJECT = "uid, href, etag, slug, generation, period, base, intent, echo"
QUEUED = "uid, op, href, body, body_hash, if_match, slug, generation, period, intent, tries"


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One object of ours: `base` is the server's text as last seen, `intent` what we wanted it to say then.

    `echo` says that it was written since the sync token was taken: the next answer must name it, or it is gone
    (RFC 6578 lets a server pass over what came and went in between).
    """

    uid: str
    href: str
    etag: str | None
    slug: str
    generation: int
    period: str
    base: bytes
    intent: Mapping[str, str] = field(default_factory=dict)
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Queued:
    """One write that waits. `if_match` None creates. `body_hash` recognises our own write after a crash."""

    uid: str
    op: str
    href: str
    body: bytes
    body_hash: str
    if_match: str | None
    slug: str
    generation: int
    period: str
    intent: Mapping[str, str]
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """How a sync went; `code` is the exit code it would have had, 0 when all was well."""

    at: dt.datetime
    code: int
    error: str
    fix: str


class Objects:
    """The tables collection, object, outbox and run."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # The collection.

    def begin(self, account: str) -> None:
        """From now on the objects are those of this account. Another one's are put aside, and what was put aside of
        this one comes back, so that only what happened in between counts."""
        with self._db.transaction():
            if self._db.read("SELECT 1 FROM collection WHERE account != ?", account):
                self._put_aside()
            if not self._db.read("SELECT 1 FROM collection"):
                self._take_back(account, account)

    def recognise(self, account: str, url: str) -> bool:
        """Is this calendar, found at `url`, one that was put aside under another name or address of the account?
        Then it comes back."""
        with self._db.transaction():
            known = self._db.read("SELECT account FROM left_collection WHERE url = ? AND NOT gone", url)
            if known:
                self._take_back(str(known[0][0]), account)
            return bool(known)

    def _put_aside(self) -> None:
        for table in ("left_collection", "left_object"):
            self._db.write(f"DELETE FROM {table} WHERE account IN (SELECT account FROM collection)")
        self._db.write("INSERT INTO left_collection SELECT * FROM collection")
        self._db.write("INSERT INTO left_object SELECT collection.account, object.* FROM collection, object")
        self.forget()

    def _take_back(self, left_as: str, account: str) -> None:
        columns = ", ".join(str(row[1]) for row in self._db.read("PRAGMA table_info(object)"))
        self._db.write("INSERT INTO collection SELECT * FROM left_collection WHERE account = ?", left_as)
        self._db.write("UPDATE collection SET account = ?", account)
        self._db.write(f"INSERT INTO object SELECT {columns} FROM left_object WHERE account = ?", left_as)
        for table in ("left_collection", "left_object"):
            self._db.write(f"DELETE FROM {table} WHERE account = ?", left_as)

    def forget(self) -> None:
        """What stands in the calendar, and what waits for it; never a fact."""
        with self._db.transaction():
            for table in ("object", "outbox", "collection"):
                self._db.write(f"DELETE FROM {table}")

    def collection(self) -> tuple[Collection, str | None, bool] | None:
        """(collection, sync token, is it gone) of the account, once it was found."""
        rows = self._db.read(
            "SELECT url, name, principal, home, auth_type, data_in_sync, sync_collection, profile, token, gone"
            " FROM collection"
        )
        if not rows:
            return None
        url, name, principal, home, auth, data, by_token, profile, token, gone = rows[0]
        found = Collection(
            url=str(url), name=str(name), principal=str(principal), home=str(home), auth_type=str(auth),
            data_in_sync=None if data is None else bool(data), sync_collection=bool(by_token),
            profile=str(profile) if profile else None,
        )  # fmt: skip
        return found, str(token) if token else None, bool(gone)

    def account(self) -> str | None:
        """Whose collection is remembered."""
        rows = self._db.read("SELECT account FROM collection")
        return str(rows[0][0]) if rows else None

    def put_collection(self, account: str, found: Collection, token: str | None) -> None:
        """Remember where it is and up to where it was read."""
        self._db.write(
            "INSERT OR REPLACE INTO collection (account, url, name, principal, home, auth_type, data_in_sync,"
            " sync_collection, profile, token, gone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            account, found.url, found.name, found.principal, found.home, found.auth_type, found.data_in_sync,
            found.sync_collection, found.profile, token,
        )  # fmt: skip

    def collection_is_gone(self) -> None:
        """It was seen once and isn't there any more: it is not made again."""
        self._db.write("UPDATE collection SET gone = 1")

    # Objects.

    def all(self) -> list[ObjectRow]:
        """Every object of ours."""
        return [_object(row) for row in self._db.read(f"SELECT {OBJECT} FROM object ORDER BY uid")]

    def of(self, slug: str, generation: int, period: str = "") -> ObjectRow | None:
        """The series of one generation of a routine, or its event in a period."""
        sql = "SELECT " + OBJECT + " FROM object WHERE slug = ? AND generation = ? AND period = ?"
        rows = self._db.read(sql, slug, generation, period)
        return _object(rows[0]) if rows else None

    def periods(self, slug: str, generation: int) -> list[ObjectRow]:
        """The events of one generation of a routine, by period."""
        sql = "SELECT " + OBJECT + " FROM object WHERE slug = ? AND generation = ? AND period != '' ORDER BY period"
        return [_object(row) for row in self._db.read(sql, slug, generation)]

    def by_uid(self, uid: str) -> ObjectRow | None:
        """The object with this UID."""
        rows = self._db.read(f"SELECT {OBJECT} FROM object WHERE uid = ?", uid)
        return _object(rows[0]) if rows else None

    def by_href(self, href: str) -> ObjectRow | None:
        """The object at this address."""
        rows = self._db.read(f"SELECT {OBJECT} FROM object WHERE href = ?", href)
        return _object(rows[0]) if rows else None

    def begun(self) -> dict[str, dt.date]:
        """The first day of each routine that stands in the calendar, of whatever generation: both people's devices
        read the same one there."""
        found: dict[str, dt.date] = {}
        for slug, intent in self._db.read("SELECT slug, intent FROM object"):
            words = str(json.loads(str(intent)).get("schedule", "")).split(" ")
            if len(words) > 1 and words[1][:8].isdecimal():
                day = dt.date.fromisoformat(words[1][:8])
                found[str(slug)] = min(day, found.get(str(slug), day))
        return found

    def put(self, row: ObjectRow, at: dt.datetime) -> None:
        """Remember an object; the two texts before this one are kept, too."""
        self._db.write(
            "INSERT INTO object (uid, href, etag, slug, generation, period, base, intent, echo, written)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET"
            " base2 = CASE WHEN excluded.base = base THEN base2 ELSE base1 END,"
            " base1 = CASE WHEN excluded.base = base THEN base1 ELSE base END,"
            " base = excluded.base, href = excluded.href, etag = excluded.etag, intent = excluded.intent,"
            " echo = excluded.echo, written = excluded.written",
            row.uid, row.href, row.etag, row.slug, row.generation, row.period, row.base, json.dumps(dict(row.intent)),
            row.echo, stamp(at),
        )  # fmt: skip

    def heard(self) -> None:
        """Everything that was written has been named by the server, or looked for."""
        self._db.write("UPDATE object SET echo = 0")

    def remove(self, uid: str) -> None:
        """It isn't there any more."""
        with self._db.transaction():
            self._db.write("DELETE FROM object WHERE uid = ?", uid)
            self._db.write("DELETE FROM outbox WHERE uid = ?", uid)

    # What waits.

    def queue(self, item: Queued) -> None:
        """Let a write wait, in place of an earlier one of the same object."""
        marks = ", ".join("?" * 11)
        self._db.write(
            f"INSERT OR REPLACE INTO outbox ({QUEUED}) VALUES ({marks})",
            item.uid, item.op, item.href, item.body, item.body_hash, item.if_match, item.slug, item.generation,
            item.period, json.dumps(dict(item.intent)), item.tries,
        )  # fmt: skip

    def waiting(self) -> Iterator[Queued]:
        """The writes that wait."""
        rows = self._db.read(f"SELECT {QUEUED} FROM outbox ORDER BY uid")
        return (_queued(row) for row in rows)

    def waits(self, uid: str) -> Queued | None:
        """The write of one object that waits."""
        rows = self._db.read(f"SELECT {QUEUED} FROM outbox WHERE uid = ?", uid)
        return _queued(rows[0]) if rows else None

    def dequeue(self, uid: str) -> None:
        """A write is through, or isn't wanted any more."""
        self._db.write("DELETE FROM outbox WHERE uid = ?", uid)

    def let_nothing_wait(self) -> None:
        """Take every write back."""
        self._db.write("DELETE FROM outbox")

    def pending(self) -> int:
        """How many writes wait."""
        value = self._db.read("SELECT count(*) FROM outbox")[0][0]
        assert isinstance(value, int)
        return value

    # How it went.

    def run(self, at: dt.datetime, *, code: int, error: str, fix: str, requests: int, seconds: float) -> None:
        """Remember how a run went."""
        with self._db.transaction():
            self._db.write(
                "INSERT INTO run (at, ok, code, error, fix, requests, seconds) VALUES (?, ?, ?, ?, ?, ?, ?)",
                stamp(at), code == 0, code, error, fix, requests, seconds,
            )  # fmt: skip
            self._db.write("DELETE FROM run WHERE seq <= (SELECT max(seq) FROM run) - ?", KEPT_RUNS)

    def last_run(self) -> Run | None:
        """The newest run."""
        rows = self._db.read("SELECT at, code, error, fix FROM run ORDER BY seq DESC LIMIT 1")
        if not rows:
            return None
        at, code, error, fix = rows[0]
        assert isinstance(code, int)
        return Run(instant(at), code, str(error), str(fix))

    def last_success(self) -> dt.datetime | None:
        """When the calendar was last in step."""
        rows = self._db.read("SELECT max(at) FROM run WHERE ok = 1")
        return instant(rows[0][0]) if rows[0][0] is not None else None


def _object(row: tuple[object, ...]) -> ObjectRow:
    uid, href, etag, slug, generation, period, base, intent, echo = row
    assert isinstance(generation, int)
    assert isinstance(base, bytes)
    return ObjectRow(
        uid=str(uid), href=str(href), etag=str(etag) if etag else None, slug=str(slug), generation=generation,
        period=str(period), base=base, intent=json.loads(str(intent)), echo=bool(echo),
    )  # fmt: skip


def _queued(row: tuple[object, ...]) -> Queued:
    uid, op, href, body, digest, if_match, slug, generation, period, intent, tries = row
    assert isinstance(generation, int)
    assert isinstance(tries, int)
    return Queued(
        uid=str(uid), op=str(op), href=str(href), body=body if isinstance(body, bytes) else b"",
        body_hash=str(digest), if_match=str(if_match) if if_match else None, slug=str(slug), generation=generation,
        period=str(period), intent=json.loads(str(intent)), tries=tries,
    )  # fmt: skip

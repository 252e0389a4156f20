"""One CalDAV collection: what changed, the objects, and conditional writes of raw bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from reconnectd.adapters.dav import queries
from reconnectd.adapters.dav.address import object_path, origin
from reconnectd.adapters.dav.multistatus import CALDAV, DAV, Item, Nonsense, parse_error, parse_multistatus
from reconnectd.adapters.dav.transport import Answer, TooLarge
from reconnectd.adapters.dav.wire import Wire
from reconnectd.errors import Refused, Unreachable
from reconnectd.ports import (
    CalendarGone,
    Changes,
    Collection,
    ItemRefused,
    ObjectGone,
    PreconditionFailed,
    Remote,
    TokenExpired,
    UidConflict,
)

CHUNK = 50
MAX_PAGES = 100
UID_CONFLICT = f"{CALDAV}no-uid-conflict"


class _NoSyncCollection(Exception):
    """The server doesn't offer sync-collection for this calendar."""


class Dav:
    """`ports.Calendar` over HTTP."""

    def __init__(self, wire: Wire, collection: Collection) -> None:
        self._wire = wire
        self._collection = collection
        self._host = urlsplit(collection.url).hostname or ""

    @property
    def collection(self) -> Collection:
        """Where it is, with what was learnt about the server since it was opened."""
        return replace(self._collection, auth_type=self._wire.auth_type)

    def requests(self) -> int:
        """How many HTTP requests were made since it was opened, discovery included."""
        return self._wire.count

    def received(self) -> int:
        """How many bytes of answers were read, inflated."""
        return self._wire.received

    def close(self) -> None:
        """Give the connection back."""
        self._wire.close()

    def href(self, name: str) -> str:
        """The address of the object called `name` (`UID.ics`) in this collection, as `changes` spells it."""
        path = object_path(name, self._collection.url)
        if path is None:
            raise ValueError(f"not the name of an object: {name!r}")
        return path

    def changes(self, token: str | None) -> Changes:
        """RFC 6578; where the server doesn't offer it, every object's state (`complete`, no token)."""
        if self._collection.sync_collection:
            try:
                return self._sync(token)
            except _NoSyncCollection:
                self._learn(sync_collection=False)
        return self._everything()

    def fetch(self, hrefs: Sequence[str]) -> Sequence[Remote]:
        """The objects with their data; what is gone is left out, what can't be read now has data None."""
        paths = [self.href(href) for href in dict.fromkeys(hrefs)]
        found: list[Remote] = []
        for at in range(0, len(paths), CHUNK):
            found += self._multiget(paths[at : at + CHUNK])
        return found

    def put(self, href: str, body: bytes, etag: str | None) -> str | None:
        """Write the bytes as they are, if the object still has `etag` (None: if nothing is there)."""
        condition = {"If-None-Match": "*"} if etag is None else {"If-Match": etag}
        kind = {"Content-Type": "text/calendar; charset=utf-8"}
        answer = self._wire.send("PUT", self._url(href), body, {**kind, **condition})
        if 200 <= answer.status < 300:
            return strong_etag(answer.headers.get("etag"))
        raise self._why_not_written(answer, existed=etag is not None)

    def delete(self, href: str, etag: str) -> None:
        """Delete the object, if it still has `etag`."""
        answer = self._wire.send("DELETE", self._url(href), headers={"If-Match": etag})
        if not 200 <= answer.status < 300:
            raise self._why_not_written(answer, existed=True)

    def _sync(self, token: str | None) -> Changes:
        changed: dict[str, Remote] = {}
        gone: set[str] = set()
        at = token
        for _ in range(MAX_PAGES):
            page, truncated = self._sync_page(at)
            gone = (gone - {one.href for one in page.changed}) | set(page.gone)
            changed.update((one.href, one) for one in page.changed)
            if not truncated:
                kept = tuple(one for one in changed.values() if one.href not in gone)
                return Changes(page.token, kept, tuple(sorted(gone)), complete=token is None)
            if page.token in (None, at):
                break
            at = page.token
        raise _NoSyncCollection

    def _sync_page(self, token: str | None) -> tuple[Changes, bool]:
        answer = self._ask_sync(token)
        if answer.status != 207:
            self._no_sync(answer, token)
        reply = parse_multistatus(answer.body, self._host)
        if reply.token is None:
            raise _NoSyncCollection
        objects = self._objects(reply.items)
        gone = tuple(path for path, item in objects.items() if item.status in (404, 410))
        changed = tuple(_remote(path, item) for path, item in objects.items() if path not in gone)
        self._learn_from(changed)
        return Changes(reply.token, changed, gone), any(item.status == 507 for item in reply.items)

    def _ask_sync(self, token: str | None) -> Answer:
        """With the data where the server is not known to leave it out; without it where that fails."""
        with_data = self._collection.data_in_sync is not False
        try:
            answer = self._report(queries.sync_collection(token, with_data=with_data), depth="0")
        except TooLarge:
            if not with_data:
                raise
            answer = None
        if answer is None or (with_data and token is None and _unsupported(answer)):
            self._learn(data_in_sync=False)
            answer = self._report(queries.sync_collection(token, with_data=False), depth="0")
        return answer

    def _no_sync(self, answer: Answer, token: str | None) -> None:
        """Raise what an answer other than 207 to a sync REPORT means."""
        preconditions = parse_error(answer.body)
        if answer.status == 403 and not preconditions:
            raise self._forbidden()
        if answer.status in (404, 410):
            raise CalendarGone
        if not 400 <= answer.status <= 501:
            raise self._unexpected(answer)
        if token is not None:
            raise TokenExpired
        raise _NoSyncCollection

    def _everything(self) -> Changes:
        answer = self._wire.send("PROPFIND", self._collection.url, queries.etags(), {"Depth": "1"})
        if answer.status in (404, 410):
            raise CalendarGone
        if answer.status != 207:
            raise self._forbidden() if answer.status == 403 else self._unexpected(answer)
        items = parse_multistatus(answer.body, self._host).items
        if not items:
            raise Nonsense(self._host)  # a collection lists at least itself
        if _says_gone(items):
            raise CalendarGone
        changed = tuple(_remote(path, item) for path, item in self._objects(items).items())
        return Changes(None, changed, complete=True)

    def _objects(self, items: Iterable[Item]) -> dict[str, Item]:
        """The items that are objects of this collection, by path."""
        inside: dict[str, Item] = {}
        foreign = 0
        for item in items:
            path = object_path(item.href, self._collection.url)
            if path is not None:
                inside[path] = item
            foreign += path is None and item.href.endswith(".ics")
        if foreign and not inside:
            raise Unreachable(
                f"{self._host} answers with addresses outside of the calendar",
                "look the calendar up again with `reconnect sync`, or check [calendar] url",
            )
        return inside

    def find(self, uid: str) -> str | None:
        """The path of the object with this UID (one calendar-query), None when there is none."""
        answer = self._report(queries.by_uid(uid), depth="1")
        if answer.status != 207:
            raise self._unexpected(answer)
        return next(iter(self._objects(parse_multistatus(answer.body, self._host).items)), None)

    def _multiget(self, paths: Sequence[str]) -> list[Remote]:
        if len(paths) == 1:
            return self._get(paths[0])
        try:
            answer = self._report(queries.multiget(paths), depth=None)
        except TooLarge:
            return self._halves(paths)
        if answer.status in (404, 410):
            raise CalendarGone
        if answer.status != 207:
            if answer.status == 403:
                raise self._forbidden()
            return self._halves(paths)
        told = self._objects(parse_multistatus(answer.body, self._host).items)
        return [one for path in paths for one in self._told_or_got(path, told.get(path))]

    def _halves(self, paths: Sequence[str]) -> list[Remote]:
        middle = len(paths) // 2
        return self._multiget(paths[:middle]) + self._multiget(paths[middle:])

    def _told_or_got(self, path: str, item: Item | None) -> list[Remote]:
        """What a multiget said about one object; asked for alone where it said nothing of use."""
        if item is not None and item.status in (404, 410):
            return []
        remote = _remote(path, item) if item is not None else None
        return [remote] if remote is not None and remote.data is not None else self._get(path)

    def _get(self, path: str) -> list[Remote]:
        try:
            answer = self._wire.send("GET", origin(self._collection.url) + path)
        except TooLarge:
            return [Remote(path, None)]
        if answer.status in (404, 410):
            return []
        if answer.status != 200:
            return [Remote(path, None)]
        if not answer.body.lstrip(b"\xef\xbb\xbf\r\n\t ").upper().startswith(b"BEGIN:VCALENDAR"):
            raise Nonsense(self._host)
        return [Remote(path, strong_etag(answer.headers.get("etag")), answer.body)]

    def _why_not_written(self, answer: Answer, *, existed: bool) -> Exception:
        preconditions = parse_error(answer.body)
        if answer.status in (403, 409, 412) and UID_CONFLICT in preconditions:
            there = preconditions[UID_CONFLICT]
            return UidConflict(object_path(there, self._collection.url) if there else None)
        if answer.status == 412 and not any(tag.startswith(CALDAV) for tag in preconditions):
            return PreconditionFailed()
        if answer.status in (404, 410) and existed:
            return ObjectGone()
        if answer.status == 403 and not preconditions:
            return self._forbidden()
        return self._item_or_calendar(answer)

    def _item_or_calendar(self, answer: Answer) -> Exception:
        if 300 <= answer.status < 400:
            return self._unexpected(answer)
        if answer.status in (404, 409, 410) and not self._is_there():
            return CalendarGone()
        return ItemRefused(answer.status)

    def _is_there(self) -> bool:
        answer = self._wire.send("PROPFIND", self._collection.url, queries.listing(), {"Depth": "0"})
        if answer.status != 207:
            return answer.status not in (404, 410)
        return not _says_gone(parse_multistatus(answer.body, self._host).items)

    def _report(self, body: bytes, depth: str | None) -> Answer:
        headers = {"Depth": depth} if depth is not None else {}
        return self._wire.send("REPORT", self._collection.url, body, headers)

    def _url(self, href: str) -> str:
        return origin(self._collection.url) + self.href(href)

    def _learn_from(self, changed: Sequence[Remote]) -> None:
        if changed and self._collection.data_in_sync is None:
            self._learn(data_in_sync=any(one.data is not None for one in changed))

    def _learn(self, *, data_in_sync: bool | None = None, sync_collection: bool | None = None) -> None:
        known = self._collection
        self._collection = replace(
            known,
            data_in_sync=known.data_in_sync if data_in_sync is None else data_in_sync,
            sync_collection=known.sync_collection if sync_collection is None else sync_collection,
        )

    def _forbidden(self) -> Refused:
        name = self._collection.name
        return Refused(f'{self._host} does not let us into the calendar "{name}"', "check who may write in it")

    def _unexpected(self, answer: Answer) -> Unreachable:
        if 300 <= answer.status < 400:
            return Unreachable(
                f"moved: {self._host} sends us elsewhere for this calendar",
                "the calendar is looked up again at the next sync",
            )
        if answer.status < 300:
            return Nonsense(self._host)
        return Unreachable(f"{self._host} has trouble with this calendar ({answer.status})")


def strong_etag(value: str | None) -> str | None:
    """`value` as it goes into If-Match; None when it is missing, weak, or no entity tag at all."""
    tag = (value or "").strip()
    if not tag or tag.startswith("W/") or not tag.isascii() or not tag.isprintable():
        return None
    return tag if tag.startswith('"') else f'"{tag}"'


def _says_gone(items: Sequence[Item]) -> bool:
    """Some say 404 inside a 207 for what they were asked about itself."""
    return len(items) == 1 and items[0].status in (404, 410)


def _remote(path: str, item: Item) -> Remote:
    data = item.text(f"{CALDAV}calendar-data")
    return Remote(path, strong_etag(item.text(f"{DAV}getetag")), data.encode() if data else None)


def _unsupported(answer: Answer) -> bool:
    return 400 <= answer.status <= 501 and answer.status not in (403, 404, 410)

"""The outbox: writes that wait for the calendar, one for each object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import replace

from reconnectd.adapters.store import Store
from reconnectd.adapters.store.objects import ObjectRow, Queued
from reconnectd.app.tally import Tally
from reconnectd.core.ics import Intent, canonical, compose, intent_fields, revise
from reconnectd.core.identity import href_name


def new_object(wanted: Intent, body: bytes | None = None) -> Queued:
    """An object that isn't there yet."""
    body = compose(wanted) if body is None else body
    return Queued(
        uid=wanted.uid, op="put", href=href_name(wanted.uid), body=body, body_hash=canonical(body), if_match=None,
        slug=wanted.slug, generation=wanted.generation, period=wanted.period or "", intent=intent_fields(wanted),
    )  # fmt: skip


def changed_object(row: ObjectRow, body: bytes, fields: Mapping[str, str]) -> Queued:
    """Another text for an object that is there."""
    return Queued(
        uid=row.uid, op="put", href=row.href, body=body, body_hash=canonical(body), if_match=row.etag, slug=row.slug,
        generation=row.generation, period=row.period, intent=fields,
    )  # fmt: skip


def removed_object(row: ObjectRow) -> Queued:
    """An object that is to go."""
    return Queued(
        uid=row.uid, op="delete", href=row.href, body=b"", body_hash="", if_match=row.etag, slug=row.slug,
        generation=row.generation, period=row.period, intent={},
    )  # fmt: skip


def rewrite(
    store: Store, tally: Tally, row: ObjectRow, wanted: Intent, changed: frozenset[str], now: dt.datetime, *,
    pinned: Collection[str] = (),
) -> None:  # fmt: skip
    """Queue what our own intent changed; nothing when the object says all of it already."""
    fields = intent_fields(wanted)
    body = revise(row.base, wanted, changed, pinned=pinned)
    kept = {key: value for key, value in row.intent.items() if key not in changed}
    kept |= {key: fields[key] for key in changed if key in fields}
    if body != row.base:
        store.objects.queue(changed_object(row, body, kept))
        return
    store.objects.dequeue(row.uid)
    store.objects.put(replace(row, intent=kept), now)
    tally.unchanged += 1

"""The worker's process: `python -m reconnectd worker [--config FILE] [--unasked]` and one of `--offline`, `--look`,
`--dry-run`, `--remove`.

Writes JSON lines: {"progress": words} while it works and {"report": {...}} at the end. Its exit code is the one
that `reconnect sync` will have.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import resource
import sys
import time
from collections.abc import Iterator, Sequence

from reconnectd.adapters.clock import SystemClock
from reconnectd.adapters.lock import Lock
from reconnectd.adapters.places import Places, places
from reconnectd.adapters.store import Store
from reconnectd.adapters.store.backups import back_up
from reconnectd.app.renewal import Place
from reconnectd.app.sync import Sync
from reconnectd.config import load
from reconnectd.core.settings import Settings
from reconnectd.errors import Busy, ReconnectdError, StateDamaged
from reconnectd.ports import Calendar, Collection, Secrets, SyncReport
from reconnectd.wiring.account import account, rebased
from reconnectd.wiring.belonging import belong
from reconnectd.wiring.place import zone_of
from reconnectd.wiring.sealing import set_seal

ADDRESS_SPACE = 256 * 1024 * 1024
PATIENCE = 8.0
"""Seconds to wait for another sync to end."""


def main(argv: Sequence[str]) -> int:
    """One sync, told about on standard output."""
    os.umask(0o077)
    options = _options(argv)
    _limit()
    try:
        report = _run(options)
    except ReconnectdError as error:
        report = SyncReport(error=_fields(error))
    _say({"report": dataclasses.asdict(report)})
    return int(report.error.get("code", 0))


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reconnectd worker", add_help=False)
    parser.add_argument("--config")
    parser.add_argument("--offline", action="store_true")
    parser.add_argument("--look", action="store_true")
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--yes", action="store_true")
    parser.add_argument("--unasked", action="store_true")
    parser.add_argument("--remove", action="store_true")
    return parser.parse_args(argv)


def _limit() -> None:
    """A hostile object may make this process fail, never the machine; and a core file would hold the password."""
    with contextlib.suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(options: argparse.Namespace) -> SyncReport:
    where = places(os.environ, options.config)
    settings = load(where.config)
    with _one_at_a_time(where):
        store = Store(where.database)
        belong(store, where.config)
        set_seal(store, may_ask=False)
        embedded = _Embedded(where)
        try:
            sync = Sync(
                store=store,
                settings=settings,
                place=Place(*zone_of(settings.time.timezone)),
                clock=SystemClock(),
                open=lambda known, create: _open(
                    settings, where, embedded, known, create=create, may_ask=not options.unasked
                ),
                account=account(settings),
                progress=lambda words: _say({"progress": words}),
            )
            if options.remove:
                return sync.remove_all()
            report = sync.run(offline=options.offline, look=options.look, dry_run=options.dry_run, accept=options.yes)
            return report if options.dry_run or options.look else _with_copy(where, report)
        finally:
            embedded.stop()
            store.close()


@contextlib.contextmanager
def _one_at_a_time(where: Places) -> Iterator[None]:
    lock = Lock(
        where.sync_lock, taken=lambda pid: Busy(f"another sync is running (pid {pid})", "try again in a moment")
    )
    end = time.monotonic() + PATIENCE
    while True:
        try:
            lock.acquire()
            break
        except Busy:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.release()


def _with_copy(where: Places, report: SyncReport) -> SyncReport:
    """Once a day. That there is no room for it is no reason for a sync to fail; that the state isn't sound is."""
    try:
        back_up(where.database, SystemClock().now().date())
    except StateDamaged as error:
        return dataclasses.replace(report, error=report.error or _fields(error))
    except ReconnectdError as error:
        sys.stderr.write(f"{error}\n")
    return report


def _fields(error: ReconnectdError) -> dict[str, str | int]:
    return {"code": error.exit_code, "message": str(error), "fix": error.fix}


class _Embedded:
    """The embedded calendar, for as long as this run needs it; joins the daemon's when that has one."""

    def __init__(self, where: Places) -> None:
        from reconnectd.adapters.embedded import EmbeddedCalendar

        self.server = EmbeddedCalendar(where.calendar)
        self._started = False

    def credentials(self) -> tuple[str, str, str]:
        self._started = True
        found = self.server.start()
        return found.url, found.user, found.password

    def stop(self) -> None:
        if self._started:
            self.server.stop()


def _open(
    settings: Settings, where: Places, embedded: _Embedded, known: Collection | None, *, create: bool, may_ask: bool
) -> Calendar:
    from reconnectd.adapters.dav import open_calendar
    from reconnectd.adapters.secrets import AccountSecrets

    calendar = settings.calendar
    if not calendar.embedded:
        keeper: Secrets = AccountSecrets(calendar, os.environ, where.config.parent, may_ask=may_ask)
        return open_calendar(calendar, keeper.password(), known, create=create)
    url, user, secret = embedded.credentials()
    here = rebased(known, url) if known else None
    return open_calendar(calendar, secret, here, create=create, url=url, user=user)


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()

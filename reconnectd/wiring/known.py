"""What can be known of this installation: files, rows, the daemon's own words. What is not there is None."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reconnectd.app.examination import LastRun
from reconnectd.core.agreement import may_write
from reconnectd.core.rest import Rest
from reconnectd.core.settings import Settings
from reconnectd.errors import ConfigError, NoAgreement, ReconnectdError
from reconnectd.wiring.account import account

if TYPE_CHECKING:
    from reconnectd.adapters.store import Store
    from reconnectd.ports import Collection
    from reconnectd.wiring.session import Session


class Known:
    """One look at everything; each thing is looked at once, when it is asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._where = session.places

    @cached_property
    def config(self) -> Settings | ConfigError:
        """The config, or what is wrong with it."""
        try:
            return self._session.read_config()
        except ConfigError as error:
            return error

    @cached_property
    def settings(self) -> Settings | None:
        """The config, if it can be used."""
        return self.config if isinstance(self.config, Settings) else None

    @cached_property
    def state(self) -> Store | ReconnectdError | None:
        """The database to read from, why it can't be read, None when there is none."""
        try:
            store = self._session.peek()
            if store is not None:
                store.meta("plan")
        except ReconnectdError as error:
            return error
        return store

    @cached_property
    def store(self) -> Store | None:
        """The database, if it can be read."""
        return None if isinstance(self.state, ReconnectdError) else self.state

    @cached_property
    def pid(self) -> int | None:
        """The daemon's."""
        return self._session.daemon_pid()

    @cached_property
    def answer(self) -> Mapping[str, Any] | None:
        """What the daemon says of itself."""
        said = self._session.ask("status")
        return said if said is not None and said.get("ok") else None

    @cached_property
    def collection(self) -> tuple[Collection, bool] | None:
        """The calendar as it was found, and whether it is gone; None while it belongs to another account."""
        found = self.store.objects.collection() if self.store else None
        if found is None or self.store is None:
            return None
        if self.settings is not None and self.store.objects.account() != account(self.settings):
            return None
        return found[0], found[2]

    @cached_property
    def last_run(self) -> LastRun | None:
        """How the last sync went; None, too, when it only waited for a yes that was given since."""
        run = self.store.objects.last_run() if self.store else None
        if run and NoAgreement.SHARED in run.error and self._is_agreed:
            return None
        return LastRun(run.at, run.error if run.code else "", run.fix) if run else None

    @property
    def _is_agreed(self) -> bool:
        return self.settings is not None and may_write(self.settings, self._session.now.date())

    @property
    def stands(self) -> bool:
        """Was anything written to this calendar, and stands there as far as is known?"""
        return self.store is not None and self.collection is not None and bool(self.store.objects.all())

    def rests(self, now: dt.datetime) -> list[Rest]:
        """Those that hold; none where the tables are those of an older version."""
        try:
            return [rest for rest in self.store.rests.all() if rest.covers(now)] if self.store else []
        except ReconnectdError:
            return []

    @property
    def pending(self) -> int:
        """Changes that wait to be written."""
        return self.store.objects.pending() if self.store else 0

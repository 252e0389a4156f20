"""The way to the calendar, step by step, as `reconnect doctor` goes it: each step in at most ten seconds."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from reconnectd.app import account_checks, examination, machine_checks
from reconnectd.app.examination import Check
from reconnectd.errors import ReconnectdError, Refused
from reconnectd.wiring.patience import SECONDS, within

if TYPE_CHECKING:
    from reconnectd.core.settings import CalendarAccount
    from reconnectd.wiring.known import Known
    from reconnectd.wiring.session import Session


class AccountHealth:
    """One walk; what a step needs of an earlier one is kept, and after the first that fails nothing further is sent."""

    def __init__(
        self, session: Session, known: Known, account: CalendarAccount, progress: Callable[[str], None]
    ) -> None:
        self._session = session
        self._known = known
        self._account = account
        self._progress = progress
        self._url: str | None = None
        self._user = account.username
        self._password: str | None = None
        self._server: dt.datetime | None = None

    def checks(self) -> Iterator[Check]:
        """Address, certificate, password, login, the server's clock."""
        if self._account.embedded and self._known.pid is None:
            yield account_checks.nobody_home()
            return
        for name, step in self._steps():
            self._progress(f"looking at the {name}")
            try:
                check = within(SECONDS, step)
            except ReconnectdError as error:
                check = examination.unreadable(name, error)
            if check is not None:
                yield check
                if not check.ok:
                    return

    def _steps(self) -> Iterator[tuple[str, Callable[[], Check | None]]]:
        yield "calendar address", self._address
        yield "certificate", self._certificate
        yield "password", self._own_password
        yield "login", self._login
        yield "server clock", self._clock

    def _address(self) -> Check:
        from reconnectd.adapters import certificate

        self._url = self._begin()
        parts = urlsplit(self._url)
        certificate.reach(parts.hostname or "", _port(parts), SECONDS)
        return account_checks.address(parts.hostname or "", _port(parts), encrypted=parts.scheme == "https")

    def _begin(self) -> str:
        """Where a search would begin; the embedded calendar's own address, with its account."""
        if self._account.embedded:
            from reconnectd.adapters.embedded import EmbeddedCalendar

            own = EmbeddedCalendar(self._session.places.calendar).attach()
            self._user, self._password = own.user, own.password
            return own.url
        from reconnectd.adapters.dav.locate import starting_points

        return starting_points(self._account.url or "")[0]

    def _certificate(self) -> Check | None:
        from reconnectd.adapters import certificate

        parts = urlsplit(self._url or "")
        if parts.scheme != "https":
            return None
        host, port = parts.hostname or "", _port(parts)
        seen = certificate.look(
            host, port, ca_file=self._account.ca_file, fingerprint=self._account.tls_fingerprint, seconds=SECONDS / 3
        )
        return account_checks.certificate(
            host, port, seen.trouble, seen.fingerprint, seen.until, self._account, self._session.now
        )

    def _own_password(self) -> Check | None:
        from reconnectd.adapters.secrets import AccountSecrets

        if self._account.embedded:
            return None
        account = self._account
        sources = (account.password_command, account.password_keyring, account.password_file)
        try:
            self._password = AccountSecrets(account, os.environ, self._session.places.config.parent).password()
        except Refused:
            if any(sources):
                raise
        return account_checks.password(found=self._password is not None)

    def _login(self) -> Check | None:
        from reconnectd.adapters.dav import greet

        if self._password is None:
            return None
        self._server = greet(self._account, self._password, url=self._url, user=self._user)
        return account_checks.login(self._user)

    def _clock(self) -> Check | None:
        if self._password is None:
            return None
        return machine_checks.server_clock(self._session.now, self._server)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)

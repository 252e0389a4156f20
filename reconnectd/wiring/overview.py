"""How things stand: the fields of `reconnect status --json`. Works with the daemon stopped, and with nothing set up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reconnectd import __version__
from reconnectd.app import examination
from reconnectd.core.agreement import Agreement, agreement, refusal
from reconnectd.errors import ConfigError, ReconnectdError
from reconnectd.wiring.account import rebased
from reconnectd.wiring.known import Known

if TYPE_CHECKING:
    from reconnectd.adapters.store.agenda import Agenda
    from reconnectd.core.settings import Settings
    from reconnectd.wiring.session import Session


class Overview:
    """One look at everything."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._where = session.places
        self._known = Known(session)

    def fields(self) -> dict[str, Any]:
        """All of them; `next` is left to whoever shows what `agenda` has."""
        return {
            "daemon": self._daemon(),
            "calendar": self._calendar(),
            "notifications": self._notifications(),
            "next": None,
            "problems": [{"what": what, "fix": fix} for what, fix in dict(self._problems()).items()],
        }

    def _daemon(self) -> dict[str, Any]:
        answer = self._known.answer or {}
        running = self._known.pid is not None or self._known.answer is not None
        since = answer.get("since")
        local = dt.datetime.fromisoformat(since).astimezone().isoformat(timespec="seconds") if since else None
        return {"running": running, "pid": self._known.pid, "version": answer.get("version"), "since": local}

    def _calendar(self) -> dict[str, Any]:
        last = self._known.store.objects.last_success() if self._known.store else None
        run = self._known.last_run
        url, name = self._address()
        return {
            "url": url,
            "name": name,
            "kind": self._kind(),
            "last_sync": last.astimezone().isoformat(timespec="seconds") if last else None,
            "ok": not run.error if run else None,
            "pending": self._known.pending,
            "error": (run.error or None) if run else None,
        }

    def _kind(self) -> str | None:
        if self._known.settings is not None:
            return "embedded" if self._known.settings.calendar.embedded else "caldav"
        known = self._known.store.objects.account() if self._known.store else None
        return None if known is None else ("embedded" if known.startswith("embedded\n") else "caldav")

    def _address(self) -> tuple[str | None, str | None]:
        wanted = self._known.settings.calendar.calendar if self._known.settings else None
        if self._known.collection is None:
            return None, wanted
        found = self._known.collection[0]
        if self._kind() == "embedded":
            from reconnectd.adapters.embedded import EmbeddedCalendar

            try:
                found = rebased(found, EmbeddedCalendar(self._where.calendar).credentials().url)
            except ReconnectdError:
                return found.url, found.name
        return found.url, found.name

    def _notifications(self) -> dict[str, Any]:
        held = self._known.store.reminders.held() if self._known.store else 0
        said = (self._known.answer or {}).get("notifications")
        return dict(said) if said else {"backend": None, "server": None, "actions": None, "held": held}

    def agenda(self) -> Agenda | None:
        """The plan: made anew where that is needed and can be done, else as it is stored; None when there is none."""
        return self._plan[0]

    @cached_property
    def _plan(self) -> tuple[Agenda | None, ReconnectdError | None]:
        """The plan, and why it could not be made anew."""
        from reconnectd.adapters.store.agenda import NoPlan

        if self._known.settings is None:
            return self._stored_plan(), None
        try:
            return self._session.agenda(), None
        except NoPlan:
            return None, None
        except ReconnectdError as error:
            return self._stored_plan(), error

    def _stored_plan(self) -> Agenda | None:
        from reconnectd.adapters.store.agenda import Agenda, NoPlan

        try:
            found = Agenda(self._where.database)
            return found if found.key() else None
        except (ReconnectdError, NoPlan):
            return None

    def _problems(self) -> Iterator[tuple[str, str]]:
        if isinstance(self._known.config, ConfigError):
            yield from ((problem, self._known.config.fix) for problem in self._known.config.problems)
        elif (told := (self._known.answer or {}).get("problem")) is not None:
            yield str(told["what"]), str(told["fix"])
        if isinstance(self._known.state, ReconnectdError):
            yield str(self._known.state), self._known.state.fix
        if self._plan[1] is not None:
            yield str(self._plan[1]), self._plan[1].fix
        yield from self._daemon_problems()
        yield from self._calendar_problems()

    def _daemon_problems(self) -> Iterator[tuple[str, str]]:
        if self._known.pid is not None and self._known.answer is None:
            check = examination.daemon(self._known.pid, None, __version__)
            yield f"reconnectd does not answer (pid {self._known.pid})", check.fix
        elif self._known.answer is not None and self._notifications()["server"] is None:
            backend = self._notifications()["backend"]
            if backend != "plyer":
                yield "nobody here shows notifications; words are held until somebody does", "`reconnect doctor`"

    def _calendar_problems(self) -> Iterator[tuple[str, str]]:
        if self._known.settings is not None:
            yield from self._agreement_problems(self._known.settings)
        if self._known.collection is not None and self._known.collection[1]:
            yield examination.CALENDAR_GONE, examination.CALENDAR_GONE_FIX
        elif self._known.last_run is not None and self._known.last_run.error:
            yield self._known.last_run.error, self._known.last_run.fix or "`reconnect sync` tries again"
        for slug, title in self._stopped():
            yield (
                f'"{title}" was taken out of the calendar, and rests',
                f"`reconnect resume {slug} --yes` brings it back; or take [routine.{slug}] out of the config",
            )

    def _agreement_problems(self, settings: Settings) -> Iterator[tuple[str, str]]:
        today, said = self._session.now.date(), settings.people.partner_agrees
        no = refusal(settings, today, stands=self._known.stands)
        if no is not None:
            yield str(no), no.fix
        elif said is not None and agreement(settings, today) is Agreement.OLD:
            yield examination.asked_again(said), examination.ASK_AGAIN_FIX

    def _stopped(self) -> list[tuple[str, str]]:
        if self._known.store is None or self._known.settings is None:
            return []
        standings = self._known.store.facts.standings()
        return [
            (routine.slug, routine.title)
            for routine in self._known.settings.routines
            if (standing := standings.get(routine.slug)) is not None and standing.stopped
        ]

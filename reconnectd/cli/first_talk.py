"""`reconnect init` from the first question to the first event: asked, tried, shown, and only then written."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from reconnectd.cli import listing, rows
from reconnectd.cli.interview import Interview
from reconnectd.cli.questions import Questions
from reconnectd.cli.setup import next_steps
from reconnectd.cli.syncing import summary
from reconnectd.cli.waiting import Waiting
from reconnectd.core import wording
from reconnectd.core.agreement import may_write
from reconnectd.core.plain import plain
from reconnectd.core.shape import written_with_a_yes
from reconnectd.errors import ReconnectdError
from reconnectd.wiring.beginning import Beginning

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.config.first import Wishes
    from reconnectd.core.settings import Settings
    from reconnectd.wiring.beginning import TypedSecret

STOPPED = "stopped; nothing was written"


class FirstTalk:
    """One conversation. Until the config is written nothing is."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._ask = Questions()
        self._beginning = Beginning(call.session)

    def hold(self) -> bool:
        """False when there is a config by now, from elsewhere. Stopped half-way: an error that says so."""
        try:
            wishes, typed = self._agreed_upon()
        except (click.Abort, KeyboardInterrupt):
            click.echo()
            raise ReconnectdError(STOPPED, "`reconnect init` begins anew") from None
        if wishes is None:
            raise ReconnectdError("nothing was written, as you wish", "`reconnect init` begins anew")
        if not self._beginning.write(wishes, typed):
            return False
        self._begin(wishes)
        return True

    def _agreed_upon(self) -> tuple[Wishes | None, TypedSecret | None]:
        """What to write; None when the person would rather not."""
        interview = Interview(self._ask, self._beginning, self._call.output)
        wishes = self._beginning.with_first_talk(interview.wishes())
        self._try_a_notification()
        settings = self._beginning.settings(wishes)
        self._show_the_week(settings)
        if wishes.agreed and not self._may_be_written(settings):
            wishes = dataclasses.replace(wishes, agreed=False)
        self._ask.heading("Ready")
        self._ask.say(f"It will be written to {self._beginning.config}")
        return (wishes if self._ask.yes("Write it?", default=True) else None), interview.typed

    def _try_a_notification(self) -> None:
        self._ask.heading("A notification to try")
        if not self._ask.yes("Show one now?", default=True):
            return
        from reconnectd.cli.health import why_not
        from reconnectd.wiring.trial import show

        with Waiting(self._call.output) as waiting:
            waiting.say("asking the desktop")
            said = show(self._call.session)
        if said.shown:
            self._ask.good(f"It is on your screen now, by {plain(said.server or said.backend)}.")
        else:
            self._ask.complain(f"None could be shown: {why_not(said.backend, by_daemon=said.by_daemon)[0]}.")
            self._ask.say("That is no obstacle: words are held until there is one. `reconnect doctor` knows more.")

    def _show_the_week(self, settings: Settings) -> None:
        self._ask.heading("The week as it will stand")
        now = self._call.session.now
        listing.show(self._call.output, rows.rows_of(self._beginning.week(settings), now), now)
        often = self._call.session.speaks_per_week(settings)
        self._ask.say(f"It speaks about {often:g} times a week, and in the first seven days once a day at most.")
        if settings.calendar.rings_elsewhere:
            self._ask.say("Before an event only the phone rings. This computer says the rest, and asks afterwards.")

    def _may_be_written(self, settings: Settings) -> bool:
        """Asked before the first write into a calendar that both see."""
        name, partner = settings.calendar.calendar, settings.people.partner
        self._ask.heading(f"The first time in a calendar that {partner} sees, too")
        self._ask.say(f"Into {plain(name)} go:")
        for routine in written_with_a_yes(settings, self._call.session.now.date()):
            when = wording.reason(routine.schedule, pinned=False)
            self._ask.say(f"{plain(routine.title)}, {when}", indent="  ")
        if self._ask.yes("May that be written there?", default=False):
            return True
        self._ask.say("Then not. The line partner_agrees waits in the config with a # before it.")
        return False

    def _begin(self, wishes: Wishes) -> None:
        """The config is there: a first sync with an account, and what to do next."""
        self._beginning.go_gently()
        self._ask.good(f"Your config is here: {self._beginning.config}")
        if wishes.account is None:
            self._ask.say("Its calendar is on this machine; `reconnect calendar` says how to look at it.")
        elif may_write(self._call.session.settings, self._call.session.now.date()):
            self._sync()
        else:
            self._ask.say("Nothing is written to the calendar before partner_agrees has its day.")
        next_steps(self._call)
        if wishes.partner:
            click.echo(f"  {'reconnect letter':<26} half a page to give to {wishes.partner}")

    def _sync(self) -> None:
        with Waiting(self._call.output) as waiting:
            report = self._call.session.sync(waiting.say)
        if report is None or report.error:
            why = plain(str(report.error["message"])) if report else "the sync took too long"
            self._ask.complain(f"The calendar is not in step yet: {why}. It is tried again later.")
            return
        for line in summary(report):
            self._ask.say(line)

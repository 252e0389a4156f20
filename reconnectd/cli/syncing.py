"""`reconnect sync` and `reconnect calendar`: the calendar, from this side."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from reconnectd.cli.waiting import Waiting
from reconnectd.config.address import in_clear
from reconnectd.core.agreement import Agreement, agreement
from reconnectd.core.plain import plain
from reconnectd.core.wording import ASK_AGAIN, IN_CLEAR
from reconnectd.errors import ReconnectdError

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.ports import SyncReport


@click.command()
@click.option("--dry-run", is_flag=True, help="Only tell what would be written.")
@click.option(
    "--yes",
    "accept",
    is_flag=True,
    help="Much is gone at once, or the calendar: that was meant; make the calendar again.",
)
@click.pass_obj
def sync(call: Call, *, dry_run: bool, accept: bool) -> int:
    """Bring the calendar and the plan in step now."""
    settings = call.session.read_config()
    if in_clear(settings.calendar):
        call.output.aside(IN_CLEAR)
    with Waiting(call.output) as waiting:
        report = call.session.sync(waiting.say, dry_run=dry_run, accept=accept)
    if not dry_run:
        call.session.ask("changed", sync=False)
    if report is None:
        raise ReconnectdError(
            "the sync took too long, or ended before it could say how it went; nothing is lost",
            "`reconnect sync` tries again; `reconnect doctor` looks closer",
        )
    if report.error:
        error = report.error
        return call.output.failed(str(error["message"]), str(error["fix"]), int(error["code"]))
    _say(call, report)
    if agreement(settings, call.session.now.date()) is Agreement.OLD:
        call.output.line(f"{ASK_AGAIN}. Everything goes on as it is; `reconnect status` says more.")
    return 0


def _say(call: Call, report: SyncReport) -> None:
    if call.output.as_json:
        fields = dataclasses.asdict(report)
        del fields["error"]
        call.output.document(fields)
        return
    for line in summary(report):
        call.output.line(line)


def summary(report: SyncReport) -> list[str]:
    """What came of it, in a few lines."""
    if report.dry_run:
        if not report.would:
            return ["Nothing would be written: everything is in step."]
        return ["Nothing was written. It would:", *(f"  {plain(what)}" for what in report.would)]
    counts = (
        (report.pulled, "taken over from the calendar"),
        (report.pushed, "written"),
        (report.deleted, "taken out"),
        (report.adopted, "recognised as ours"),
    )
    news = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing new on either side"
    return [f"In step: {news} ({report.seconds:.1f} s).", *map(plain, report.conflicts)]


@click.command()
@click.pass_obj
def calendar(call: Call) -> None:
    """Where the calendar is, and how another app signs in to it."""
    found = call.session.sign_in()
    if call.output.as_json:
        call.output.document({**dataclasses.asdict(found), "kind": call.session.calendar_kind})
        return
    for name, value in (("address", found.url), ("user", found.user), ("password", found.password)):
        if value is not None:
            call.output.line(f"{name:<9} {plain(value)}")
    call.output.line()
    if found.password is None:
        call.output.line("The password is the one that you gave that server; it isn't kept here.")
    else:
        call.output.line("Give these to a calendar app on this machine; it answers while reconnectd runs.")

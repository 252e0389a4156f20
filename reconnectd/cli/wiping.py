"""`reconnect wipe`: everything that is stored goes, for good."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reconnectd.cli.examples import examples
from reconnectd.cli.stopping import turn
from reconnectd.core.plain import plain
from reconnectd.errors import Busy, ReconnectdError, Refused, Unreachable, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.ports import SyncReport

WHAT_GOES = (
    "This deletes what was done, everything you wrote here, the plan, and the daily copies. It can't be undone.\n"
    "Your config stays, and copies that you made elsewhere stay, too."
)
NEVERTHELESS = "`reconnect wipe` without --calendar wipes what is here"


@click.command(epilog=examples("reconnect wipe", "reconnect wipe --calendar --yes"))
@click.option(
    "--calendar", is_flag=True, help="First take everything of reconnectd's out of the calendar, its past, too."
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def wipe(call: Call, *, calendar: bool, yes: bool) -> None:
    """Delete everything that is stored here, for good; the service is turned off first.

    Rows and files are overwritten with zeros before they go. A disk may still keep older pages for a while: only an
    encrypted one hides those. Other devices keep what they have.
    """
    _agree(call, calendar=calendar, yes=yes)
    service = turn(call, on=False)
    _nobody_else(call)
    report = _taken_out(call) if calendar else None
    files = call.session.wipe()
    if call.output.as_json:
        out = {"deleted": report.deleted, "left": list(report.conflicts)} if report else None
        call.output.document({"wiped": files > 0, "files": files, "calendar": out, "service": service})
    for line in _words(call, files, report, service):
        call.output.line(line)


def _agree(call: Call, *, calendar: bool, yes: bool) -> None:
    if yes:
        return
    if call.output.as_json or not sys.stdin.isatty():
        raise WrongUsage("this deletes everything for good; nothing was changed", "`reconnect wipe --yes` does it")
    call.output.line(WHAT_GOES)
    if calendar:
        call.output.line("Everything that reconnectd made in the calendar goes, too, also for others who see it.")
    if not click.confirm("Delete it all?", default=False):
        raise ReconnectdError("nothing was changed")


def _nobody_else(call: Call) -> None:
    """A daemon that somebody started by hand would write it all anew."""
    pid = call.session.daemon_pid()
    if pid is not None:
        raise Busy(f"reconnectd is running (pid {pid}); nothing was deleted", "end it where you started it, then again")


def _taken_out(call: Call) -> SyncReport:
    report = call.session.remove_from_calendar(call.output.aside if call.output.is_terminal else lambda _: None)
    if report is None:
        raise Unreachable("the calendar took too long, so nothing was wiped", f"try again; {NEVERTHELESS}")
    if report.error:
        kind = Refused if report.error["code"] == Refused.exit_code else Unreachable
        raise kind(f"{report.error['message']}; so nothing was wiped here", f"{report.error['fix']}; {NEVERTHELESS}")
    return report


def _words(call: Call, files: int, report: SyncReport | None, service: str) -> list[str]:
    lines = ["Everything that was stored here is deleted." if files else "Nothing was stored here."]
    if report is not None:
        lines.append(f"{report.deleted} of reconnectd's objects left the calendar.")
        lines += [f"Still there: {plain(left)}." for left in report.conflicts]
    if service:
        lines.append("The service is off." if service == "off" else f"The service could not be turned off: {service}.")
    return [*lines, f"Your config is still at {plain(str(call.session.places.config), limit=1000)}."]

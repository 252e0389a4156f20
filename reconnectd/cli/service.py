"""`reconnect service …`: reconnectd, started with the session by systemd, the desktop or launchd."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call
    from reconnectd.wiring.service import Installation
    from reconnectd.wiring.starter import Standing


@click.group(no_args_is_help=False)
def service() -> None:
    """Install, remove or look at the user service."""


@service.command()
@click.option("--no-start", is_flag=True, help="Only put it in its place; it starts with the next session.")
@click.option("--hardened", is_flag=True, help="Confine it to its own folders, where the kernel allows that.")
@click.pass_obj
def install(call: Call, *, no_start: bool, hardened: bool) -> None:
    """Let reconnectd run whenever you are logged in."""
    installation = _installation(call)
    unit = installation.install(start=not no_start, hardened=hardened)
    stands = installation.standing()
    runs = not no_start and stands.starter != "autostart"
    if call.output.as_json:
        fields = {"unit": str(unit), "started": runs, "hardened": stands.hardened, "starter": stands.starter}
        call.output.document(fields)
        return
    call.output.line(f"Installed: {unit}")
    for line in _what_now(stands, runs=runs):
        call.output.line(line)


def _what_now(stands: Standing, *, runs: bool) -> Iterator[str]:
    if stands.hardened:
        yield "It is confined: it writes its history and its calendar, and nothing else."
    if runs:
        yield "It runs now, and starts with every session. `reconnect service remove` takes it away again."
    elif stands.starter == "autostart":
        yield "There is no systemd of your own here, so your desktop starts it, from the next session on."
        if stands.pid is None:
            yield "Until then, `reconnectd` in a terminal runs it."
    elif stands.starter == "launchd":
        yield "It starts with your next session."
    else:
        yield "It starts with your next session; `systemctl --user start reconnectd` starts it now."


@service.command()
@click.pass_obj
def remove(call: Call) -> None:
    """Stop it and take it away. Config, history and calendar stay."""
    gone = _installation(call).remove()
    if call.output.as_json:
        call.output.document({"removed": [str(path) for path in gone]})
    if not gone:
        call.output.line("There was no service installed; nothing was changed.")
    else:
        call.output.line("The service is gone; config, history and calendar stay as they are.")


@service.command("status")
@click.pass_obj
def status_(call: Call) -> None:
    """Is it installed, does it run?"""
    stands = _installation(call).standing()
    if call.output.as_json:
        call.output.document(_fields(stands))
        return
    if stands.unit is None:
        call.output.line("reconnectd is not installed as a service; `reconnect service install` does that.")
        return
    for name, value in _rows(stands):
        call.output.line(f"{name:<8} {value}")


def _fields(stands: Standing) -> dict[str, Any]:
    unit = str(stands.unit) if stands.unit else None
    return {"installed": unit is not None, **dataclasses.asdict(stands), "unit": unit}


def _rows(stands: Standing) -> Iterator[tuple[str, str]]:
    yield "unit", str(stands.unit)
    yield "state", f"{stands.active} ({stands.state})" + _since(stands)
    yield "starts", _STARTS[stands.starter] if stands.enabled else "only when asked to"
    if stands.starter == "systemd":
        hint = "" if stands.hardened else "; `reconnect service install --hardened` goes farther"
        yield "confined", ("to its own folders" if stands.hardened else "without namespaces") + hint
    if stands.says:
        yield "says", stands.says
    if stands.restarts:
        yield "restarts", str(stands.restarts)


_STARTS = {
    "systemd": "with every session",
    "autostart": "with every session, by your desktop",
    "launchd": "with every session, by launchd",
}


def _since(stands: Standing) -> str:
    if stands.pid is None:
        return ""
    return f", pid {stands.pid}" + (f", since {stands.since}" if stands.since else "")


@service.command()
@click.option("-n", "--lines", type=click.IntRange(min=0), metavar="N", help="Only the last N lines.")
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes.")
@click.pass_obj
def logs(call: Call, *, lines: int | None, follow: bool) -> None:
    """What it wrote; never titles or words."""
    if call.output.as_json:
        raise WrongUsage(
            "logs are lines, not one document", "`journalctl --user -u reconnectd -o json` has them as JSON"
        )
    code = _installation(call).logs(lines, follow=follow)
    if code:
        raise ReconnectdError(
            f"the log can't be shown: what reads it ended with {code}", "`reconnect doctor` looks closer"
        )


def _installation(call: Call) -> Installation:
    from reconnectd.wiring.service import Installation

    return Installation(call.session)

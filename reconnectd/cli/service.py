"""`reconnect service …`: reconnectd as a service of the user's own systemd."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from reconnectd.errors import ReconnectdError, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

    from reconnectd.cli.main import Call
    from reconnectd.wiring.service import Installation


@click.group()
def service() -> None:
    """Install, remove or look at the user service."""


@service.command()
@click.option("--no-start", is_flag=True, help="Only put it in its place; it starts with the next session.")
@click.pass_obj
def install(call: Call, *, no_start: bool) -> None:
    """Let reconnectd run whenever you are logged in."""
    unit = _installation(call).install(start=not no_start)
    if call.output.as_json:
        call.output.document({"unit": str(unit), "started": not no_start})
    call.output.line(f"Installed: {unit}")
    if no_start:
        call.output.line("It starts with your next session; `systemctl --user start reconnectd` starts it now.")
    else:
        call.output.line("It runs now, and starts with every session. `reconnect service remove` takes it away again.")


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
    installation = _installation(call)
    found = _fields(installation.manager.facts(), installation.unit)
    if call.output.as_json:
        call.output.document(found)
        return
    if not found["installed"]:
        call.output.line("reconnectd is not installed as a service; `reconnect service install` does that.")
        return
    call.output.line(f"unit     {found['unit']}")
    call.output.line(f"state    {found['active']} ({found['state']})" + _since(found))
    call.output.line(f"starts   {'with every session' if found['enabled'] else 'only when asked to'}")
    if found["says"]:
        call.output.line(f"says     {found['says']}")
    if found["restarts"]:
        call.output.line(f"restarts {found['restarts']}")


def _fields(known: dict[str, str], unit: Path | None) -> dict[str, Any]:
    pid = int(known.get("MainPID") or 0)
    return {
        "installed": unit is not None,
        "unit": str(unit) if unit else None,
        "active": known.get("ActiveState", "unknown"),
        "state": known.get("SubState", "unknown"),
        "enabled": known.get("UnitFileState") == "enabled",
        "pid": pid or None,
        "since": known.get("ActiveEnterTimestamp") or None,
        "restarts": int(known.get("NRestarts") or 0),
        "says": known.get("StatusText", ""),
    }


def _since(found: dict[str, Any]) -> str:
    if found["pid"] is None:
        return ""
    return f", pid {found['pid']}" + (f", since {found['since']}" if found["since"] else "")


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
    code = _installation(call).manager.journal(lines, follow=follow)
    if code:
        raise ReconnectdError(f"journalctl ended with {code}", "`journalctl --user -u reconnectd` may say more")


def _installation(call: Call) -> Installation:
    from reconnectd.wiring.service import Installation

    return Installation(call.session)

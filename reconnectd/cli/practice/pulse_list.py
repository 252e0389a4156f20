"""The check-ins that a person kept: listed, and let go of."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reconnectd.app.practice import check_in as kept
from reconnectd.cli.practice.check_in import pulse_fields
from reconnectd.cli.practice.kept import day_of
from reconnectd.cli.questions import WIDEST
from reconnectd.core.practice.pulse import ROOT_WORDS, Pulse
from reconnectd.errors import WrongUsage

if TYPE_CHECKING:
    from reconnectd.cli.main import Call

NONE_YET = "Nothing is kept yet: `reconnect check-in` asks you."


def list_(call: Call) -> None:
    """All of them, the oldest first."""
    found, zone = kept.numbered(call.session.store), call.session.zone
    if call.output.as_json:
        rows = [{"number": number, **pulse_fields(pulse, zone)} for number, pulse in found.items()]
        call.output.document({"pulses": rows})
    width = max((len(str(number)) for number in found), default=0)
    for number, pulse in found.items():
        day = day_of(call, pulse.at)
        before = f"{number:>{width}}  {day}  "
        text = "; ".join(_parts(pulse))
        call.output.line("\n".join(textwrap.wrap(before + text, WIDEST, subsequent_indent=" " * len(before))))
    if not found:
        call.output.line(NONE_YET)


def _parts(pulse: Pulse) -> Iterator[str]:
    scales = (("close", pulse.close), ("heard", pulse.heard), ("load", pulse.load))
    if numbers := ", ".join(f"{name} {value}" for name, value in scales if value is not None):
        yield numbers
    if pulse.roots:
        yield "from " + ", ".join(ROOT_WORDS[root] for root in pulse.roots)
    if pulse.good:
        yield pulse.good


def let_go(call: Call, number: int) -> None:
    """Of one, by its number."""
    if not kept.remove(call.session.store, number):
        raise WrongUsage(f"no check-in has the number {number}", "`reconnect check-in --list` shows them")
    if call.output.as_json:
        call.output.document({"removed": number})
    call.output.line("It is let go of.")

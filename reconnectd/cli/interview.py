"""The questions of `reconnect init`, in the order in which one would ask them. Nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from reconnectd.cli.account_questions import AccountQuestions
from reconnectd.config.first import Wishes
from reconnectd.config.starting_sets import SETS

if TYPE_CHECKING:
    from reconnectd.cli.output import Output
    from reconnectd.cli.questions import Complaint, Questions
    from reconnectd.core.settings import CalendarAccount
    from reconnectd.wiring.beginning import Beginning, TypedSecret

Ring = Literal["computer", "phone", "both"]
SeenBy = Literal["me", "both"]

HELLO = (
    "A few questions, and you have a config. Enter takes what stands in brackets. Ctrl-C ends it; nothing is written "
    "before the last question."
)
NOT_THERAPY = (
    "It is not therapy. If you are afraid of your partner, or are threatened or controlled, it is the wrong tool: "
    "in danger call your emergency number; `reconnect help safety` names who listens."
)
RINGS: tuple[tuple[Ring, str], ...] = (
    ("computer", "on this computer"),
    ("phone", "on the phone, by alarms in a calendar that it looks at"),
    ("both", "on both"),
)


class Interview:
    """One person, asked once. `typed` is a password that is to be kept."""

    def __init__(self, ask: Questions, beginning: Beginning, output: Output) -> None:
        self._ask = ask
        self._output = output
        self._beginning = beginning
        self.typed: TypedSecret | None = None

    def wishes(self) -> Wishes:
        """All that the config needs."""
        self._ask.say(HELLO)
        self._ask.say("")
        self._ask.say(NOT_THERAPY)
        me, partner = self._who()
        ring = self._ring()
        seen_by = self._seen_by(partner) if partner else "me"
        account = self._account(ring, seen_by, partner)
        agreed, word = False, self._beginning.household
        shared = bool(account) and seen_by == "both"
        if partner and shared:
            agreed = self._agreed(partner)
            word = self._household(partner)
        return Wishes(
            me=me,
            partner=partner,
            household=word,
            account=account,
            agreed=agreed,
            agrees_on=self._beginning.today if shared else None,
            routines=self._routines(),
        )

    def _who(self) -> tuple[str, str | None]:
        self._ask.heading("Who is it for?")
        me = self._ask.text("Your name", "you", self._complaint("people", "me"))
        self._ask.say("Your partner's name; Enter for nobody: everything works for one person, too.")
        partner = self._ask.text("Your partner", "", self._unless_empty("people", "partner"))
        return me, partner or None

    def _ring(self) -> Ring:
        self._ask.heading("Where shall it ring?")
        return self._ask.choice("Ring", RINGS, "computer")

    def _seen_by(self, partner: str) -> SeenBy:
        self._ask.heading("Who looks at the calendar?")
        options: tuple[tuple[SeenBy, str], ...] = (
            ("me", "only you"),
            ("both", f"you and {partner}; what is private is never in it"),
        )
        return self._ask.choice("Seen by", options, "me")

    def _account(self, ring: Ring, seen_by: SeenBy, partner: str | None) -> CalendarAccount | None:
        self._ask.heading("Which calendar?")
        needed = ring != "computer" or seen_by == "both"
        options = (
            ("here", "one on this machine, for this machine alone; no account is needed"),
            ("account", "an account of yours: Nextcloud, Radicale, Fastmail, iCloud, any CalDAV"),
        )
        if self._ask.choice("Calendar", options, "account" if needed else "here") == "here":
            if needed:
                self._ask.complain(_stays_here(ring, seen_by, partner))
            return None
        asked = AccountQuestions(self._ask, self._beginning, self._output)
        account = asked.account(seen_by if partner else "me", ring)
        self.typed = asked.typed
        return account

    def _agreed(self, partner: str) -> bool:
        self._ask.heading(f"Does {partner} know, and agree?")
        self._ask.say(
            "A calendar you both see takes a yes from both of you. `reconnect letter` is half a page to show first. "
            "Without that yes nothing is written there; everything else works."
        )
        return self._ask.yes("Have you both said yes?", default=False)

    def _household(self, partner: str) -> str:
        self._ask.heading("One plan for two machines")
        self._ask.say(
            f"Does {partner} use reconnectd, too? Then type the household word of that config. Enter makes one."
        )
        return self._ask.text("Household", self._beginning.household, self._complaint("people", "household"))

    def _routines(self) -> str:
        self._ask.heading("A set to start from (a few lines each, easy to change)")
        options = [
            (one.name, f"{one.name}, at most {one.at_most} words a week\n{one.holds}\n{one.evidence}") for one in SETS
        ]
        return self._ask.choice("Start from", options, SETS[0].name)

    def _complaint(self, section: str, key: str) -> Complaint:
        return lambda answer: self._beginning.complaint(section, {key: answer}, key)

    def _unless_empty(self, section: str, key: str) -> Complaint:
        return lambda answer: self._beginning.complaint(section, {key: answer}, key) if answer else None


def _stays_here(ring: Ring, seen_by: SeenBy, partner: str | None) -> str:
    """What becomes of wishes that a calendar on this machine can't fulfil."""
    parts = ["it rings here"] if ring != "computer" else []
    parts += [f"{partner} doesn't see it"] if seen_by == "both" else []
    return f"That one stays on this machine: {' and '.join(parts)}. An account can be added later."

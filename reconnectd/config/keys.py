"""Every section and key that a config may have: its form, its one line of explanation, and whether this release
uses it. The defaults are those of the classes in `core.settings`; a routine's are in `config.routines`.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import Any

from reconnectd.config import forms
from reconnectd.config.address import ADDRESS, PATH
from reconnectd.config.forms import DATE, FLAG, TIME, choice, duration, several, span, text, times
from reconnectd.config.zones import ZONE, ZONE_OR_LOCAL
from reconnectd.core.expected import Expected, nearest
from reconnectd.core.model import Practice
from reconnectd.core.settings import (
    CalendarAccount,
    Guards,
    People,
    Privacy,
    Reminders,
    Time,
    Together,
)

NOTHING = object()


@dataclass(frozen=True, slots=True)
class Key:
    """`active` says that this release uses it; `rests_at` is a value that asks for nothing, so that it needn't be.
    What a `secret` key was given is never repeated. `example` is a value as the file has it, for editors, where neither
    the default nor the form shows one."""

    name: str
    form: forms.Form
    doc: str
    active: bool = True
    rests_at: object = NOTHING
    secret: bool = False
    example: object = None

    def idle(self, value: object) -> bool:
        """Does the file ask for something that this release doesn't do yet?"""
        return not self.active and value != self.rests_at


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the config and the class its values go into."""

    name: str
    values: type[Any]
    doc: str
    keys: tuple[Key, ...]

    def defaults(self) -> dict[str, Any]:
        """The default of every key; None where it has none."""
        return {field.name: field.default for field in fields(self.values) if field.default is not MISSING}


def named(keys: tuple[Key, ...]) -> dict[str, Key]:
    """Keys by name."""
    return {key.name: key for key in keys}


KINDS = ("words", "light touch", "small favours", "play")


def _kind(value: object) -> str:
    """A kind of affection; decks of one's own may have others, but hardly ones that only look like these."""
    what = 'a kind such as "light touch"'
    found = forms.line_of_text(what, value).lower()
    near = None if found in KINDS else nearest(found, KINDS)
    if near:
        raise Expected(what, value, word=found, names={near: near})
    return found


NAME = text('a name such as "Alex"')
WORDS = text("text", empty=True)
KIND = forms.Form(_kind, str, {"type": "string"})
CALENDARS = several(text('a calendar such as "Work"'), "calendars")
PRACTICE = choice(*Practice)

PEOPLE = (
    Key("me", NAME, "what reconnectd calls you"),
    Key("partner", NAME, "your partner's name; without it everything works for one person", example="Sam"),
    Key(
        "household",
        text('a word such as "k3v9-rt2p"', empty=True),
        "the same word on both people's machines makes one plan of two",
    ),
    Key("partner_email", forms.EMAIL, "where invitations go", active=False),
    Key("partner_agrees", DATE, "the day you both said yes to sharing it; asked for again after six months"),
)
TIME_KEYS = (
    Key("timezone", ZONE_OR_LOCAL, 'the zone you live in: "local" follows the machine, or an IANA name'),
    Key("partner_timezone", ZONE, "your partner's zone, when it differs", example="Europe/Lisbon"),
    Key("day_start", TIME, 'when a new "today" begins; nothing else moves with it'),
    Key("week_start", forms.WEEKDAY, "the day on which a week begins"),
)
_WORDS_OF_A_COMMAND = 'a list of words such as ["pass", "show", "cloud"] (no shell reads it)'
CALENDAR = (
    Key(
        "url",
        ADDRESS,
        "the CalDAV server; without it a calendar on this machine is used",
        secret=True,
        example="https://cloud.example.org/remote.php/dav/",
    ),
    Key("username", text("a user name"), "your name on that server", example="alex"),
    Key(
        "password_command",
        forms.argv(_WORDS_OF_A_COMMAND),
        "a command that prints the password",
        secret=True,
        example=("pass", "show", "cloud"),
    ),
    Key("password_keyring", FLAG, "is the password in the desktop's keyring?", secret=True),
    Key(
        "password_file",
        PATH,
        "a file of your own (mode 600) that holds the password",
        secret=True,
        example="cloud-password",
    ),
    Key(
        "calendar",
        text('a calendar such as "Us"', most=500),
        "which calendar: its name or its address; made when it isn't there",
    ),
    Key("seen_by", choice("me", "both"), 'who looks at this calendar: "me" or "both"'),
    Key(
        "busy",
        CALENDARS,
        "calendars in which you are not free",
        active=False,
        rests_at=(),
        example=("Personal", "Work"),
    ),
    Key(
        "partner_busy",
        CALENDARS,
        "calendars in which your partner is not free",
        active=False,
        rests_at=(),
        example=("Sam",),
    ),
    Key("sync_every", duration("15 min", "1 min", "7 days"), "how often the calendar is looked at"),
    Key(
        "ring",
        choice("computer", "phone", "both"),
        'what rings: "computer", "phone" (an alarm at the nearest remind), "both"',
    ),
    Key(
        "sync_ack",
        FLAG,
        "is an alarm answered elsewhere answered here, and the other way round?",
        active=False,
        rests_at=False,
    ),
    Key("ca_file", PATH, "certificates (PEM) to trust for this server", example="~/cloud-ca.pem"),
    Key("client_cert", PATH, "a certificate with its key (PEM) to show to the server", example="~/alex.pem"),
    Key(
        "tls_fingerprint",
        forms.FINGERPRINT,
        "the SHA-256 fingerprint of the server's own certificate",
        example=":".join(["ab"] * 32),
    ),
    Key("allow_insecure_http", FLAG, "may http:// be used over a network? Others could then read the password"),
    Key(
        "profile",
        text('a server profile such as "nextcloud"'),
        "what kind of server it is, when finding out fails",
        example="nextcloud",
    ),
)
REMINDERS = (
    Key("quiet", several(forms.QUIET, "quiet hours"), "hours without words"),
    Key("at_most", forms.AT_MOST, 'how many cues at most: "3 per day", or "no limit"'),
    Key(
        "show_details",
        choice("always", "unlocked", "never"),
        'when words are shown in full: "always", "unlocked" or "never"',
    ),
    Key("late", duration("30 min"), "how late a cue may still come"),
    Key("fade", FLAG, "do small cues grow fewer when they hold by themselves, and with time?"),
    Key(
        "command",
        forms.argv('a list of words such as ["my-bell"]'),
        "a command to run for each word",
        active=False,
        rests_at=(),
        example=("my-bell", "--gently"),
    ),
    Key(
        "command_input",
        choice("text", "json"),
        'what that command reads: "text" or "json"',
        active=False,
        rests_at="text",
    ),
)
TOGETHER = (
    Key("kinds", several(KIND, "kinds"), "kinds of affection you both like; nothing else is suggested"),
    Key("place", choice("together", "apart"), 'where you two are at present: "together" or "apart"'),
    Key("money", choice("free", "modest", "any"), 'what an idea may cost: "free", "modest" or "any"'),
)
GUARDS = (
    Key("freeze", duration("7 days"), "nearer than this, an event that both see doesn't move by itself", active=False),
    Key("talk_not_after", TIME, "a talk about something hard is over by then"),
    Key("repair_at_most", times("1 per week"), "how often there is such a talk, at the most"),
)
PRIVACY = (
    Key("keep_counts", span("2 years"), "how long it is kept what was done, and when"),
    Key("keep_words", span("90 days"), "how long it is kept what was written"),
    Key(
        "neutral_title",
        text('a title such as "A reminder"'),
        "what stands in place of a title that others shouldn't see",
    ),
)
ROUTINE = (
    Key(
        "title",
        text('a title such as "Date night"'),
        "what it is called; else made from its name in the brackets",
        example="Date night",
    ),
    Key("practice", PRACTICE, "what it is for: " + ", ".join(Practice)),
    Key("on", forms.ON, 'fixed days: "fri", "fri-sun", "daily", "1st sat", "last sun", 15, "14 jun"'),
    Key("at", TIME, "the time of day"),
    Key("every", forms.EVERY, 'every so many: "2 weeks", fitting the days'),
    Key("starting", DATE, "the first day, from which every counts"),
    Key("until", DATE, "the last day, inclusive"),
    Key("rrule", forms.RULE, "in place of on: an RFC 5545 rule", example="FREQ=MONTHLY;BYDAY=1SA"),
    Key("times", times("2 per week"), "in place of on: how often, at times found for you"),
    Key("within", several(forms.WINDOW, "windows", least=1), "where such a time may be"),
    Key("ideal", forms.IDEAL, "the time you'd like best"),
    Key("surprise", FLAG, "is it a cue at a time nobody can guess?"),
    Key("counted_from", forms.LAST_TIME, 'every counts from the "last time" it was done'),
    Key("no_later_than", span("6 weeks"), "the longest it may be since then"),
    Key("after", forms.AFTER, 'a cue that follows something: "unlock 17:30-21:00", "event Work"', active=False),
    Key("lasting", forms.LASTING, "how long it takes; without it, it is a moment"),
    Key("calendar", FLAG, "is it written to the calendar? Yes, when it has a length; a surprise never is"),
    Key("private", FLAG, "is it kept from a calendar that both see? Yes, for affection"),
    Key("show_as", choice("busy", "free"), "how it stands in the calendar: free up to 15 min, else busy"),
    Key(
        "remind",
        several(duration("1 day", "0 min", "366 days"), "reminders"),
        "how long before; an hour, or at the moment itself. Time together and listening: also as it begins",
    ),
    Key("done", choice("ask", "assume"), 'afterwards: "ask" whether it happened, or "assume" so'),
    Key("late", duration("30 min"), "how late its cue may still come; else as in [reminders]"),
    Key("short_month", choice("skip", "last day"), 'in a month without that day: "skip" or "last day"'),
    Key(
        "deck",
        text('a deck such as "small-touches"'),
        'where its ideas come from: the name of a deck, or "none"; else from all',
        example="evenings",
    ),
    Key("location", WORDS, "where it is", example="Kitchen"),
    Key(
        "notes",
        text("text", most=4000, empty=True, lines=True),
        "what stands below it in the calendar",
        example="Phones stay in the hall.",
    ),
    Key("invite", FLAG, "is your partner invited by e-mail?", active=False, rests_at=False),
    Key("paused", forms.PAUSED, "does it rest? true, or the date on which it goes on"),
    Key("timezone", ZONE, "the zone it lives in, when it isn't yours", example="Europe/Lisbon"),
)

SECTIONS = (
    Section("people", People, "Who this is for", PEOPLE),
    Section("time", Time, "Days and zones", TIME_KEYS),
    Section("calendar", CalendarAccount, "The calendar", CALENDAR),
    Section("reminders", Reminders, "Words on the screen", REMINDERS),
    Section("together", Together, "What suits you two", TOGETHER),
    Section("guards", Guards, "What is never done by itself", GUARDS),
    Section("privacy", Privacy, "What is kept, and for how long", PRIVACY),
)
TABLES = (*(section.name for section in SECTIONS), "routine")

"""What a sentence to remember asks for: one word at its time, a word before and after what the other faces, or a word
about good news.

Good news that is met with interest does a couple more good than comfort in bad news does (Gable et al. 2004, 2006;
observed, not proven); hence "ask for the whole story" in the evening, when there is time to hear it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from reconnectd.core.plain_dates import Found, Passed, Present, find
from reconnectd.core.practice import wishes
from reconnectd.core.practice.saying import Saying
from reconnectd.core.practice.wishes import HARD, JOURNEY, JOY, LUCK
from reconnectd.core.quiet import Quiet
from reconnectd.core.recurrence import instant
from reconnectd.core.wording import DAYS
from reconnectd.errors import WrongUsage

Kind = Literal["word", "event", "good news"]

BEFORE, NEARER, NEAREST = (dt.timedelta(minutes=minutes) for minutes in (90, 45, 15))
AFTER = dt.timedelta(hours=3)
IN_A_MOMENT = dt.timedelta(minutes=5)
SOON = dt.timedelta(minutes=30)
ONE_DAY = dt.timedelta(days=1)
MORNING, EVENING = dt.time(8), dt.time(19)
NIGHT = ((dt.time(22), dt.time(8)),)
"""When a word of our own stays away where no quiet hours are set."""

LONGEST_SUBJECT = 150

_NOUNS: dict[str, str] = {
    HARD: "surgery operation biopsy scan mri results funeral hearing court trial hospital chemo chemotherapy treatment"
    " diagnosis memorial",
    JOY: "birthday wedding graduation party concert reunion ceremony",
    JOURNEY: "flight journey trip",
    LUCK: "interview exam exams test appointment presentation doctor dentist meeting audition match race marathon"
    " performance recital viva defence defense speech talk lecture check-up checkup therapy deadline tournament review"
    " pitch assessment competition gig premiere",
}
_MOOD = {noun: mood for mood, nouns in _NOUNS.items() for noun in nouns.split()}
_FEELINGS = """
nervous anxious worried afraid scared tense stressed excited happy sad unsure uneasy dreading dreads hopeful proud
tired exhausted overwhelmed angry restless frightened thrilled eager shy ashamed lonely curious calm upset fearful
jittery glad disappointed hurt fear fears worry worries hope hopes
"""
_OWN = """
buy call phone ring book cancel send write order get pick bring plan prepare make cook pay ask tell return collect
fetch wrap post clean fix check print organise organize arrange find choose reserve renew wash text email mail
take give put go
"""
"""Words with which one speaks of what one does oneself."""
_MINE = "i i'm i'll my our we"
_HOW = "a bit and but little quite rather really so too very about it of that"

_SAYS_SO = re.compile(r"\s*(?:good|great|wonderful|lovely)\s+news\b\s*[:,\u2013-]?\s*", re.IGNORECASE)
_GOOD = re.compile(
    r"\b(?:good news|(?:got|landed|offered) (?:the|a|that|her|his|their) (?:new )?"
    r"(?:job|role|part|place|offer|grant|flat|promotion|scholarship|contract|prize)"
    r"|promoted|promotion|passed(?! (?:away|on|out|by|over|me|us|the time)\b)|won(?!['\u2019]t)|graduated|all clear)\b",
    re.IGNORECASE,
)
_NOT_SO = re.compile(
    r"\b(?:not|never|no|nearly|almost|if|lost|died|death|funeral|passed away|fail\w*|reject\w*)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w'\u2019-]+")


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood. Of an event `at` is its own time (`timed`: to the minute), else that of the word; `other` is
    what the time could also have meant. `sayings` are in order; `early` tells that one of them comes before it."""

    kind: Kind
    subject: str
    sayings: tuple[Saying, ...]
    at: dt.datetime
    timed: bool = True
    other: dt.datetime | None = None
    feeling: str = ""

    @property
    def early(self) -> bool:
        """Is there a word before it?"""
        return bool(self.sayings) and self.sayings[0].until is not None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a sentence is read against: the present, the quiet hours, and when a word comes that names no time."""

    present: Present
    quiet: Quiet
    otherwise: dt.datetime

    def hushed(self) -> Circumstances:
        """The same, with a night where no quiet hours are set."""
        return self if self.quiet.windows else replace(self, quiet=Quiet(NIGHT))


def understand(
    text: str, around: Circumstances, *, exactly: dt.datetime | None = None, stands: Found | None = None,
    for_them: bool = False,
) -> Understood:  # fmt: skip
    """What a sentence asks for. `exactly` is a time that was given apart from it: then the sentence is left as it is.
    `stands` is the time at which it stands in a calendar, which may have passed. `for_them` says that it is about the
    other, whatever it looks like. WrongUsage when a time in it has passed."""
    found = stands
    if exactly is not None:
        found = Found(exactly, timed=True, other=None, rest=text)
        if not for_them:
            return _one_word(text, found)
    elif stands is None:
        found = find(text, around.present) if for_them else _time_in(text, around.present)
    if not for_them and _is_good_news(text, found):
        return _good_news(text, found, around.hushed())
    if found is None:
        if for_them:
            raise WrongUsage("that names no day", 'such as `reconnect remember --for-them "the talk, thursday 10:00"`')
        return _one_word(text, Found(around.otherwise, timed=True, other=None, rest=text))
    subject, feeling = _parted(found.rest or text)
    if for_them or _is_theirs(subject, feeling):
        return _event(subject, feeling, found, around.hushed())
    return _one_word(text, found if found.timed else replace(found, at=outside(found.at, around)))


def _time_in(text: str, present: Present) -> Found | None:
    """The time in it; none in good news of what has happened already."""
    try:
        return find(text, present)
    except Passed:
        if not _is_good_news(text, None):
            raise
        return None


def _one_word(text: str, found: Found) -> Understood:
    title = found.rest or text
    return Understood("word", title, (Saying(found.at, title),), found.at, found.timed, found.other)


# What is it?


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _parted(text: str) -> tuple[str, str]:
    """(what it is, how it feels): the words before the first comma, and those after it."""
    subject, _, feeling = text.partition(",")
    return subject.strip()[:LONGEST_SUBJECT], feeling.strip(" ,.")[:LONGEST_SUBJECT]


def _is_theirs(subject: str, feeling: str) -> bool:
    """By the noun, or by how they feel: "call Jen, she is sad" is one's own, "book fair, nervous" is theirs."""
    named, felt = _words(subject), [word for word in _words(feeling) if word not in _HOW.split()]
    feelings = [word for word in felt if word in _FEELINGS.split()]
    if not named or named[0] in _MINE.split():
        return False
    if named[0] in _OWN.split():
        return bool(felt) and felt == feelings
    return bool(feelings) or any(word in _MOOD for word in named)


def _is_good_news(text: str, found: Found | None) -> bool:
    if _SAYS_SO.match(text):
        return True
    begins = _words(text)[:1]
    is_own = bool(begins) and begins[0] in [*_OWN.split(), *_MINE.split()]
    return found is None and not is_own and _GOOD.search(text) is not None and _NOT_SO.search(text) is None


def _mood(subject: str) -> str:
    moods = {_MOOD[word] for word in _words(subject) if word in _MOOD}
    return next((mood for mood in (HARD, JOY, JOURNEY) if mood in moods), LUCK)


# What is said when?


def _event(subject: str, feeling: str, found: Found, around: Circumstances) -> Understood:
    zone = around.present.zone
    local = found.at.astimezone(zone)
    day, mood = DAYS[local.weekday()], _mood(subject)
    noted = (f"{wishes.NOTED}: {feeling}.",) if feeling else ()
    early, late = _before(found, around), _after(found, around)
    sayings = []
    if early is not None:
        until = found.at if found.timed else instant(local.date() + ONE_DAY, dt.time(0), zone)
        when = f"{day} {local:%H:%M}" if found.timed else day
        sayings.append(Saying(early, f"{subject}, {when}", _joined(*noted, wishes.BEFORE[mood]), until))
    seen_so = wishes.PERSPECTIVES[local.toordinal() % len(wishes.PERSPECTIVES)]
    sayings.append(Saying(late, f"{subject}: {wishes.HOW_WAS_IT}", _joined(*noted, wishes.AFTER[mood], seen_so)))
    return Understood("event", subject, tuple(sayings), found.at, found.timed, found.other, feeling)


def _joined(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _before(found: Found, around: Circumstances) -> dt.datetime | None:
    """90 minutes before; nearer to it, or the evening before, where that is quiet or has come; None: too late for it.
    Of a day without a time: its morning."""
    soonest = around.present.now + IN_A_MOMENT
    zone, quiet = around.present.zone, around.quiet
    day = found.at.astimezone(zone).date()
    if not found.timed:
        morning = instant(day, MORNING, zone) or found.at
        wanted: Iterable[dt.datetime] = (quiet.free_from(morning, zone),)
        latest = instant(day, EVENING, zone) or found.at
    else:
        at = found.at
        evening = outside(instant(day - ONE_DAY, EVENING, zone) or at - ONE_DAY, around)
        held = quiet.holding(at - BEFORE, zone)
        wanted = (at - BEFORE, *((held[1],) if held else ()), evening, at - NEARER, at - NEAREST)
        latest = at - NEAREST
    fitting = (at for at in wanted if soonest <= at <= latest and (quiet.always or quiet.holding(at, zone) is None))
    return next(fitting, None)


def _after(found: Found, around: Circumstances) -> dt.datetime:
    """Three hours after it began, when it is not quiet any more; of a day without a time: its evening."""
    zone = around.present.zone
    if found.timed:
        return around.quiet.free_from(max(found.at + AFTER, around.present.now + SOON), zone)
    return _this_evening(found.at, around)


def _this_evening(at: dt.datetime, around: Circumstances) -> dt.datetime:
    """The evening of that day, outside quiet; in half an hour when it has come already."""
    zone = around.present.zone
    evening = instant(at.astimezone(zone).date(), EVENING, zone) or at
    soonest = (around.present.now + SOON).replace(second=0, microsecond=0)
    return outside(max(evening, soonest), around)


def outside(at: dt.datetime, around: Circumstances) -> dt.datetime:
    """The same outside quiet: after it on the same day, else a quarter of an hour before it, if that is ahead."""
    zone, held = around.present.zone, None if around.quiet.always else around.quiet.holding(at, around.present.zone)
    if held is None:
        return at.astimezone(dt.UTC)
    begins, ends = held
    same_day = ends.astimezone(zone).date() == at.astimezone(zone).date()
    sooner = begins - NEAREST
    return ends if same_day or sooner <= around.present.now or around.quiet.holding(sooner, zone) else sooner


def _good_news(text: str, found: Found | None, around: Circumstances) -> Understood:
    news, now = found.rest if found else text, around.present.now
    subject = _SAYS_SO.sub("", news, count=1).strip() or news.strip() or text
    day = found.at if found else now
    at = outside(day, around) if found and found.timed else _this_evening(day, around)
    asked = wishes.GLAD[at.astimezone(around.present.zone).toordinal() % len(wishes.GLAD)]
    body = _joined(wishes.WHOLE_STORY, asked)
    return Understood("good news", subject, (Saying(at, subject, body),), at)

"""Words → bubbles: which belong together, what they say, and how much of it may be seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reconnectd.core import wording
from reconnectd.core.occurrence import FOR_BOTH, SECOND_STEPS, Occurrence, Phase, Reminder, State
from reconnectd.core.practice.beginning import carries_opening
from reconnectd.core.reminding import DIGEST_ABOVE
from reconnectd.core.settings import Settings
from reconnectd.ports import Bubble

DAY_VERBS = ("later", "later2")
"""What the buttons of the days say, in their order."""

LISTED = 6
"""How many titles a digest names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Word:
    """A reminder and the row it speaks about."""

    reminder: Reminder
    item: Occurrence


def is_answered(reminder: Reminder, item: Occurrence) -> bool:
    """Is there nothing more to say? Whether a skip is for both is asked for as long as it is one."""
    return item.state is not State.SKIPPED if reminder.lead == FOR_BOTH else not item.state.is_open


def grouped(words: Sequence[Word]) -> list[tuple[Phase, list[Word]]]:
    """What is said together: all questions in one bubble, more than three other words in one digest; by start."""
    words = sorted(words, key=lambda word: word.item.begins)
    questions = [word for word in words if word.reminder.phase is Phase.AFTERWARDS]
    second = [word for word in words if word.reminder.lead in SECOND_STEPS]
    others = [word for word in words if word not in questions and word not in second]
    groups = [(word.reminder.phase, [word]) for word in second]
    if len(others) > DIGEST_ABOVE:
        groups.append((Phase.DIGEST, others))
    else:
        groups.extend((word.reminder.phase, [word]) for word in others)
    if questions:
        groups.append((Phase.AFTERWARDS, questions))
    return groups


def bubble(
    phase: Phase,
    words: Sequence[Word],
    settings: Settings,
    *,
    token: str,
    details: bool,
    now: dt.datetime,
) -> Bubble:
    """The bubble for some words. `details`: nobody else can see the screen, as far as anybody can tell."""
    title, body = _text(phase, words, settings, details=details, now=now)
    return Bubble(
        token=token,
        title=title,
        body=body,
        actions=_days(words[0], settings, details=details, now=now)
        if phase is Phase.OTHER_DAYS
        else wording.BUTTONS[phase],
        urgency=0 if phase is Phase.CUE else 1,
        otherwise=_otherwise(phase, words[0], settings, details=details, now=now),
    )


def _days(word: Word, settings: Settings, *, details: bool, now: dt.datetime) -> tuple[tuple[str, str], ...]:
    """When the two may meet is nobody else's to read; who unlocks the screen finds the days again."""
    if not _may_name_days(word.item, settings, details=details):
        return ()
    return tuple(zip(DAY_VERBS, (wording.day_button(start, now) for start in word.reminder.offers), strict=False))


def _otherwise(phase: Phase, word: Word, settings: Settings, *, details: bool, now: dt.datetime) -> str:
    if phase is not Phase.OTHER_DAYS:
        return wording.OTHERWISE[phase]
    if not _may_name_days(word.item, settings, details=details):
        return wording.OTHERWISE[Phase.DIGEST]
    slug = word.item.id.slug if _is_open(word.item, settings, details=details) else ""
    return wording.move_there(word.reminder.offers[0], slug, now)


def _text(
    phase: Phase, words: Sequence[Word], settings: Settings, *, details: bool, now: dt.datetime
) -> tuple[str, str]:
    titles = [_title(word.item, settings, details=details) for word in words]
    open_words = all(_is_open(word.item, settings, details=details) for word in words)
    if phase is Phase.DIGEST:
        return wording.digest_title(len(words)), wording.listing(titles, LISTED) if open_words else ""
    if phase is Phase.AFTERWARDS:
        return wording.asked(titles[:LISTED] if open_words else [settings.privacy.neutral_title]), ""
    if phase is Phase.FOR_BOTH:
        return wording.leave_for_both(titles[0]), ""
    if phase is Phase.OTHER_DAYS:
        return wording.which_day(titles[0]), wording.OTHER_DAYS_BODY
    return titles[0], _body(phase, words[0], now) if open_words else ""


def _body(phase: Phase, word: Word, now: dt.datetime) -> str:
    item = word.item
    span = wording.span(item.start, item.end, now) if phase is Phase.BEFORE else ""
    opening = item.opening if carries_opening(word.reminder.lead) else ""
    return "\n".join(line for line in (span, opening, item.prompt) if line)


def _title(item: Occurrence, settings: Settings, *, details: bool) -> str:
    return item.title if _is_open(item, settings, details=details) else settings.privacy.neutral_title


def _may_name_days(item: Occurrence, settings: Settings, *, details: bool) -> bool:
    """A day that is offered without a name is still a day to choose, for whoever shows no details at all."""
    return details or _is_open(item, settings, details=details)


def _is_open(item: Occurrence, settings: Settings, *, details: bool) -> bool:
    """May its words be shown? A private one never where somebody else could look."""
    wish = settings.reminders.show_details
    if wish == "never":
        return False
    return details or (wish == "always" and not item.private)

"""The pages of screens show what the real programs show today."""

from __future__ import annotations

import re
import shlex

import pytest
from first_week import FIRST_WEEK
from needs import needs
from other_screens import OTHERS
from screens import MARK, Walk
from test_readme import test_every_command_is_one_that_reconnect_understands as is_understood
from tour import TOUR

WALKS = {walk.page.name: walk for walk in (TOUR, FIRST_WEEK, OTHERS)}
EACH = pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)


def commands(walk: Walk) -> list[list[str]]:
    text = walk.page.read_text()
    spans = re.findall(r"`([^`]+)`", MARK.sub("", text))
    found = [shlex.split(words) for words in [*spans, *re.findall(r"(?m)^\$ (.+)$", text)]]
    return [words[1:] for words in found if words[0] == "reconnect"]


@pytest.mark.timeout(240)
@needs("tmux", "faketime", "dbus-daemon")
@EACH
def test_the_screens_are_what_the_programs_show(walk: Walk) -> None:
    assert walk.fresh() == walk.page.read_text(), "`make tour` makes it anew"


@EACH
def test_every_screen_has_its_place(walk: Walk) -> None:
    shown = [found[1] for found in MARK.finditer(walk.page.read_text())]
    assert shown == [step.name for step in walk.steps if step.name in shown]
    assert [step.name for step in walk.steps if step.name not in shown] in ([], ["init"])


@pytest.mark.parametrize("words", [words for walk in WALKS.values() for words in commands(walk)], ids=" ".join)
def test_every_command_is_there(words: list[str]) -> None:
    is_understood(words)


@EACH
def test_nothing_of_the_machine_is_in_it(walk: Walk) -> None:
    assert not re.search(r"/tmp/|Traceback", walk.page.read_text())


@EACH
def test_every_linked_file_is_there(walk: Walk) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", walk.page.read_text())
    assert [link for link in links if not (walk.page.parent / link).is_file()] == []


@EACH
def test_the_words_are_kind(walk: Walk) -> None:
    unkind = r"\b(due|overdue|missed|failed|score|streak|must|owe|target|should)s?\b"
    assert re.findall(unkind, walk.page.read_text(), re.IGNORECASE) == []

"""`reconnect week --svg FILE`: what the list says, as a picture that is safe to open anywhere."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cli_runner import CONFIG, Person, person

from reconnectd.cli.picture import COLUMN, svg

__all__ = ["person"]

SVG = "{http://www.w3.org/2000/svg}"


def texts(picture: str) -> list[str]:
    return [(one.text or "").replace("\xa0", " ") for one in ET.fromstring(picture).iter(f"{SVG}text")]


def drawn(person: Person, title: str = "Date night") -> str:
    """The picture of a week in which an event is called so."""
    rows: list[dict[str, Any]] = person.json("week")["occurrences"]
    changed = [row | {"title": title} if row["routine"] == "date-night" else row for row in rows]
    return svg(changed, [], person.now.date(), person.now)


def test_it_says_what_the_list_says(person: Person, tmp_path: Path) -> None:
    person.run("done", "tea@2026-11-23")
    said = person.run("week", "--svg", str(tmp_path / "week.svg"))
    assert said == person.run("week")
    assert stat.S_IMODE((tmp_path / "week.svg").stat().st_mode) == 0o600
    shown = texts((tmp_path / "week.svg").read_text())
    assert shown[0] == "The week of 23 November 2026"
    assert {"Mon 23 Nov", "15:00", "Tea", "done", "Fri 27 Nov", "19:30-21:30", "Date night"} <= set(shown)


def test_with_json_there_is_still_one_document(person: Person, tmp_path: Path) -> None:
    document = person.json("week", "--svg", str(tmp_path / "week.svg"))
    assert document == person.json("week")
    assert texts((tmp_path / "week.svg").read_text())


def test_the_moment_of_a_surprise_is_not_in_it(person: Person) -> None:
    ahead = [row for row in person.json("week")["occurrences"] if row["routine"] == "small-touch"]
    assert len(ahead) == 7
    picture = drawn(person)
    assert not [row for row in ahead if f">{row['start'][11:16]}<" in picture]


@pytest.mark.parametrize(
    "title",
    ["</text><script>x</script>", "a & b < c", "{unique_id} {} TITLE", '"><image href="http://x"/>', "\x1b[31mred"],
)
def test_no_title_can_become_a_part_of_the_drawing(person: Person, title: str) -> None:
    picture = ET.fromstring(drawn(person, title))
    kinds = {one.tag.removeprefix(SVG) for one in picture.iter()}
    assert kinds == {"svg", "title", "style", "rect", "text", "g"}
    assert title.removeprefix("\x1b[31m") in texts(ET.tostring(picture, "unicode"))


def test_nothing_is_loaded_from_anywhere(person: Person) -> None:
    picture = drawn(person)
    assert picture.count("://") == 1
    assert "url(" not in picture
    assert "@" not in picture


def test_letters_of_two_columns_get_two(person: Person) -> None:
    found = [one for one in ET.fromstring(drawn(person, "約束の夜")).iter(f"{SVG}text") if one.text == "約束の夜"]
    assert [float(one.attrib["textLength"]) for one in found] == [pytest.approx(8 * COLUMN)]


def test_an_empty_week_is_a_free_stretch(person: Person) -> None:
    assert "Nothing is planned: a free stretch." in texts(svg([], [], person.now.date(), person.now))


def test_an_older_picture_is_drawn_anew(person: Person, tmp_path: Path) -> None:
    path = tmp_path / "week.svg"
    person.run("week", "--svg", str(path))
    person.home.write(CONFIG.replace("[routine.tea]", "[routine.coffee]"))
    assert person.run("week", "--svg", str(path)).code == 0
    assert "Coffee" in path.read_text()


def test_a_file_that_is_no_picture_is_left_as_it_is(person: Person) -> None:
    said = person.run("week", "--svg", str(person.home.config))
    assert said.code == 2
    assert "no picture" in said.err
    assert person.home.config.read_text() == CONFIG


def test_where_nothing_can_be_written_it_is_said(person: Person) -> None:
    said = person.run("week", "--svg", "/proc/week.svg")
    assert said.code == 77
    assert "/proc/week.svg can't be written" in said.err

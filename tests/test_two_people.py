"""Two people with a machine each and one calendar, which each finds at an address of their own."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from devices import phone_of
from household import BERLIN, DATE_NIGHT, HOUR, SMALL_TOUCH, SUNDAY_TALK, berlin, fixed
from two_people import Partner, SharedCalendar, shared, shared_by_rights

from reconnectd.app.renewal import Place
from reconnectd.core.model import Daily, Fixed, FixedRule, Lasting, Routine, Weekdays
from reconnectd.core.occurrence import State
from reconnectd.ports import SyncReport

__all__ = ["shared", "shared_by_rights"]

LISBON = Place("Europe/Lisbon", "rules")
FRIDAY = "date-night@2026-11-27"
GOOD_NEWS = fixed("good-news", Weekdays((0, 1, 2)), "18:15", calendar=True, show_as="free")
EASTER = Routine(
    "walk", "A long walk", FixedRule("FREQ=MONTHLY;BYDAY=2SA", dt.time(10)), lasting=Lasting(HOUR, HOUR), calendar=True
)

Couple = Callable[..., tuple[Partner, Partner]]


@pytest.fixture
def couple(tmp_path: Path, shared: SharedCalendar) -> Couple:
    """Alex in Berlin and Sam in Lisbon, with the same routines unless Sam's are given."""

    def make(*routines: Routine, sams: tuple[Routine, ...] = ()) -> tuple[Partner, Partner]:
        ours = routines or (DATE_NIGHT,)
        alex = partner(tmp_path, shared, "alex", ours, BERLIN)
        return alex, partner(tmp_path, shared, "sam", sams or ours, LISBON)

    return make


def partner(folder: Path, shared: SharedCalendar, who: str, routines: tuple[Routine, ...], place: Place) -> Partner:
    (folder / who).mkdir()
    return Partner(folder / who, shared.server, shared.account(who), routines, place=place, who=who)


def in_step(*both: Partner) -> None:
    """Each has seen what the other wrote; from now on two more runs of each ask once and write nothing."""
    for one in (*both, *both):
        assert one.sync().error == {}
    before = phone_of(both[0]).texts()
    for one in (*both, *both):
        report = one.sync()
        assert (report.requests, report.pushed, report.pulled, report.adopted, report.deleted) == (1, 0, 0, 0, 0)
    assert phone_of(both[0]).texts() == before


# One plan of two.


def test_each_period_has_one_event_whoever_came_first(couple: Couple) -> None:
    alex, sam = couple(DATE_NIGHT, SUNDAY_TALK, GOOD_NEWS, EASTER, SMALL_TOUCH)
    assert (alex.account.url, alex.account.username) != (sam.account.url, sam.account.username)
    assert alex.sync().pushed == 4
    report = sam.sync()
    assert (report.pushed, report.adopted) == (0, 4)
    assert len(phone_of(alex).texts()) == 4
    in_step(alex, sam)
    rows = [[(str(one.id), one.begins) for one in each.store.plan.of("date-night")] for each in (alex, sam)]
    assert rows[0] == rows[1]
    assert "Small touch" not in str(phone_of(sam).texts()), "a surprise of each their own, and in no calendar"


def test_both_find_the_same_objects_at_their_own_address(couple: Couple) -> None:
    alex, sam = couple()
    alex.sync()
    sam.sync()
    (hers,), (his,) = phone_of(alex).texts(), phone_of(sam).texts()
    assert hers != his
    assert hers.rpartition("/")[2] == his.rpartition("/")[2]


@pytest.mark.parametrize("spelling", ["/alex/us/", "/alex/us", "{url}alex/us/"])
def test_a_calendar_that_is_shared_at_the_owners_address_is_found_by_it(
    tmp_path: Path, shared_by_rights: SharedCalendar, spelling: str
) -> None:
    """Sam's own home doesn't list it."""
    server = shared_by_rights.server
    alex, sam = (partner(tmp_path, shared_by_rights, who, (DATE_NIGHT,), BERLIN) for who in ("alex", "sam"))
    alex.account = replace(alex.account, url=server.url, calendar="us")
    sam.account = replace(sam.account, url=server.url, calendar=spelling.format(url=server.url))
    alex.sync()
    assert sam.sync().adopted == 1
    in_step(alex, sam)
    sam.account = replace(sam.account, calendar="/alex/none/")
    sam.store.objects.begin("another")
    assert "no calendar at /alex/none/" in str(sam.sync().error["message"])


@pytest.mark.parametrize("shared", ["radicale"], indirect=True)
@pytest.mark.parametrize(
    "sams",
    [
        {"title": "Our evening"},
        {"show_as": "free"},
        {"notes": "At Rosa's", "location": "Rosa"},
        {"remind": (HOUR / 2,)},
        {"schedule": Fixed(Weekdays((4,)), dt.time(20))},
        {"lasting": Lasting(HOUR, HOUR)},
        {"timezone": "Europe/Lisbon"},
    ],
    ids="+".join,
)
def test_where_the_two_configs_differ_the_one_that_wrote_first_stands(couple: Couple, sams: dict[str, object]) -> None:
    alex, sam = couple(DATE_NIGHT, sams=(replace(DATE_NIGHT, **sams),))  # type: ignore[arg-type]
    for one in (alex, sam):
        one.account = replace(one.account, ring="both")
    alex.sync()
    before = phone_of(alex).only()[1]
    in_step(alex, sam)
    assert phone_of(alex).only()[1] == before
    assert sam.row(FRIDAY).begins == alex.row(FRIDAY).begins == berlin("2026-11-27 19:30")
    assert sam.row(FRIDAY).over == alex.row(FRIDAY).over


@pytest.mark.parametrize("first", [0, 1], ids=["alex", "sam"])
def test_a_new_word_in_either_config_stands_for_both(couple: Couple, first: int) -> None:
    both = couple(DATE_NIGHT, sams=(replace(DATE_NIGHT, title="Evening out"),))
    in_step(*both)
    writer, other = both[first], both[1 - first]
    writer.routines = (replace(DATE_NIGHT, title="Ours"),)
    writer.clock.forward(HOUR)
    assert writer.sync().pushed == 1
    in_step(*both)
    assert (writer.row(FRIDAY).title, other.row(FRIDAY).title) == ("Ours", "Ours")
    other.routines = (replace(DATE_NIGHT, title="No, mine"),)
    assert other.sync().pushed == 1
    in_step(*both)
    assert (writer.row(FRIDAY).title, other.row(FRIDAY).title) == ("No, mine", "No, mine")


def test_a_cue_in_the_calendar_is_one_event_and_each_hears_it_by_their_own_clock(couple: Couple) -> None:
    alex, sam = couple(fixed("good-night", Daily(), "22:00", calendar=True))
    in_step(alex, sam)
    assert len(phone_of(sam).texts()) == 1
    rows = [one.row("good-night@2026-11-24") for one in (alex, sam)]
    assert [row.start.strftime("%H:%M") for row in rows] == ["22:00", "22:00"]
    assert rows[1].begins - rows[0].begins == HOUR


# At the same moment.


def test_two_who_make_it_at_the_same_moment_make_one(couple: Couple) -> None:
    alex, sam = couple(DATE_NIGHT, SUNDAY_TALK, sams=(replace(DATE_NIGHT, title="Our evening"), SUNDAY_TALK))
    said: list[SyncReport] = []
    alex.before_the_first_put = lambda: said.append(sam.sync())
    report = alex.sync()
    assert (said[0].pushed, report.pushed, report.error) == (2, 0, {})
    assert len(phone_of(alex).texts()) == 2
    in_step(alex, sam)
    assert (alex.row(FRIDAY).title, sam.row(FRIDAY).title) == ("Our evening", "Our evening")


def test_of_two_moves_at_the_same_moment_the_one_in_the_calendar_stands_and_nothing_else_is_lost(
    couple: Couple,
) -> None:
    """Sam's is there first: Alex's write is refused, merged and told of."""
    alex, sam = couple()
    in_step(alex, sam)
    alex.move(FRIDAY, berlin("2026-11-27 20:00"))
    alex.skip("date-night@2026-12-04")
    sam.move(FRIDAY, berlin("2026-11-28 18:00"))
    sam.move("date-night@2026-12-11", berlin("2026-12-12 18:00"))
    said: list[SyncReport] = []
    alex.before_the_first_put = lambda: said.append(sam.sync())
    report = alex.sync()
    assert (report.error, report.conflicts) == (
        {}, ("date-night move: changed here and in the calendar; the calendar's stands",),
    )  # fmt: skip
    in_step(alex, sam)
    for one in (alex, sam):
        assert one.row(FRIDAY).begins == berlin("2026-11-28 18:00")
        assert one.row("date-night@2026-12-04").state is State.SKIPPED
        assert one.row("date-night@2026-12-11").begins == berlin("2026-12-12 18:00")


@pytest.mark.parametrize("sam_first", [False, True], ids=["one after the other", "crossing"])
def test_a_move_here_and_a_skip_there_are_the_same_for_both_afterwards(couple: Couple, sam_first: bool) -> None:
    alex, sam = couple()
    in_step(alex, sam)
    alex.move(FRIDAY, berlin("2026-11-27 21:00"))
    if sam_first:
        sam.skip(FRIDAY)
        sam.sync()
        in_step(alex, sam)
    else:
        in_step(alex, sam)
        sam.skip(FRIDAY)
        in_step(sam, alex)
    assert (alex.row(FRIDAY).state, sam.row(FRIDAY).state) == (State.SKIPPED, State.SKIPPED)


def test_a_move_that_waits_while_the_other_changes_the_time_of_all_is_still_written(couple: Couple) -> None:
    alex, sam = couple()
    in_step(alex, sam)
    alex.move("date-night@2026-12-04", berlin("2026-12-05 12:00"))
    sam.routines = (replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(20, 30))),)
    sam.sync()
    in_step(alex, sam)
    for one in (alex, sam):
        assert one.row("date-night@2026-12-04").begins == berlin("2026-12-05 12:00")
        assert one.row("date-night@2026-12-11").begins == berlin("2026-12-11 20:30")
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261204T203000" in phone_of(sam).only()[1]


def test_what_one_dragged_while_the_other_gave_the_series_another_time_stays_where_it_is(couple: Couple) -> None:
    alex, sam = couple()
    in_step(alex, sam)
    alex.move("date-night@2026-12-04", berlin("2026-12-04 12:00"))
    alex.sync()
    sam.routines = (replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(18, 30))),)
    in_step(sam, alex)
    for one in (alex, sam):
        assert one.row("date-night@2026-12-04").begins == berlin("2026-12-04 12:00")
        assert one.row("date-night@2026-12-11").begins == berlin("2026-12-11 18:30")


def test_words_that_one_edited_in_an_app_go_along_when_the_series_begins_anew(couple: Couple) -> None:
    alex, sam = couple()
    in_step(alex, sam)
    phone_of(sam).edit("SUMMARY:Date night", "LOCATION:Rosa\nSUMMARY:Our evening")
    in_step(alex, sam)
    for one in (alex, sam):
        one.clock.forward(dt.timedelta(days=7))
    alex.routines = (replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(20, 30))),)
    in_step(alex, sam)
    (new,) = [text for text in phone_of(sam).texts().values() if "UNTIL" not in text]
    assert "SUMMARY:Our evening" in new
    assert "LOCATION:Rosa" in new
    assert [one.row("date-night@2026-12-04").title for one in (alex, sam)] == ["Our evening", "Our evening"]


# What an app writes.

FORMS = {
    "thunderbird": (
        "RECURRENCE-ID;TZID=Europe/Berlin:20261127T193000", "DTSTART;TZID=Europe/Berlin:20261128T180000",
        "DTEND;TZID=Europe/Berlin:20261128T200000", "X-MOZ-GENERATION:1",
    ),
    "gnome": (
        "RECURRENCE-ID:20261127T183000Z", "DTSTART:20261128T170000Z", "DTEND:20261128T190000Z",
    ),
    "davx5 in Lisbon": (
        "RECURRENCE-ID;TZID=Europe/Berlin:20261127T193000", "DTSTART;TZID=Europe/Lisbon:20261128T170000",
        "DURATION:PT2H", "STATUS:CONFIRMED",
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_what_one_drags_in_an_app_is_moved_for_both_and_left_as_the_app_wrote_it(couple: Couple, form: str) -> None:
    alex, sam = couple()
    in_step(alex, sam)
    phone = phone_of(sam)
    uid = next(line for line in phone.only()[1].splitlines() if line.startswith("UID:"))
    lines = ("BEGIN:VEVENT", uid, "DTSTAMP:20261123T080000Z", *FORMS[form], "SUMMARY:Date night", "END:VEVENT")
    phone.add_component("\n".join(lines))
    before = phone.only()
    in_step(alex, sam)
    assert phone.only() == before
    assert (alex.row(FRIDAY).begins, sam.row(FRIDAY).begins) == (berlin("2026-11-28 18:00"),) * 2


def test_a_series_that_one_deletes_rests_for_both_until_one_wants_it_again(couple: Couple) -> None:
    alex, sam = couple()
    in_step(alex, sam)
    phone = phone_of(sam)
    phone.delete(phone.only()[0])
    in_step(sam, alex)
    assert (alex.store.plan.of("date-night"), sam.store.plan.of("date-night"), phone.texts()) == ([], [], {})
    alex.store.facts.new_generation("date-night")
    in_step(alex, sam)
    assert len(phone.texts()) == 1
    assert alex.row(FRIDAY).begins == sam.row(FRIDAY).begins


# Not this time.


def test_a_skip_silences_it_here_only(couple: Couple) -> None:
    alex, sam = couple()
    in_step(alex, sam)
    before = phone_of(alex).only()
    alex.skip(FRIDAY, for_both=False)
    in_step(alex, sam)
    assert phone_of(alex).only() == before
    assert (alex.row(FRIDAY).state, sam.row(FRIDAY).state) == (State.SKIPPED, State.PLANNED)
    assert sam.store.reminders.pending([sam.row(FRIDAY).id])[sam.row(FRIDAY).id]
    assert not alex.store.reminders.pending([alex.row(FRIDAY).id])[alex.row(FRIDAY).id]


def test_skipped_for_both_it_leaves_the_calendar_and_the_other_lets_go_of_it_too(couple: Couple) -> None:
    alex, sam = couple()
    in_step(alex, sam)
    alex.skip(FRIDAY, for_both=False)
    alex.sync()
    alex.skip(FRIDAY, for_both=True)
    in_step(alex, sam)
    assert "EXDATE;TZID=Europe/Berlin:20261127T193000" in phone_of(sam).only()[1]
    assert sam.row(FRIDAY).state is State.SKIPPED


def test_who_it_was_is_stored_nowhere(couple: Couple) -> None:
    """After a story of moves, skips and declines nothing in the database of either names a person."""
    alex, sam = couple(DATE_NIGHT, SUNDAY_TALK)
    in_step(alex, sam)
    alex.move(FRIDAY, berlin("2026-11-27 20:00"))
    alex.sync()
    sam.move(FRIDAY, berlin("2026-11-27 21:00"))
    sam.skip("date-night@2026-12-04")
    in_step(sam, alex)
    phone = phone_of(sam)
    href, text = next((href, text) for href, text in phone.texts().items() if "Sunday talk" in text)
    guests = (
        'ORGANIZER;CN="Alex Hartmann":mailto:alex@example.org',
        'ATTENDEE;CN="Sam Vogel";PARTSTAT=DECLINED:mailto:sam.vogel@example.org',
    )
    phone.write(href, text.replace("\r\n", "\n").replace("SUMMARY:", "\n".join([*guests, "SUMMARY:"])))
    in_step(alex, sam)
    alex.skip("date-night@2026-12-11")
    in_step(alex, sam)
    for one in (alex, sam):
        told = everything_in(one.store.database.connection)
        for word in ("ORGANIZER", "PARTSTAT", "DECLINED", "HARTMANN", "VOGEL", "EXAMPLE.ORG"):
            assert word not in told.upper()


def everything_in(database: sqlite3.Connection) -> str:
    """Every row of every table, and how the tables were made; packed texts unpacked."""
    tables = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    told = [str(sql) for _, sql in tables]
    for name, _ in tables:
        if name == "collection":
            continue  # the address of the calendar, which is one's own to know
        for row in database.execute(f'SELECT * FROM "{name}"'):
            told += [one.decode(errors="replace") if isinstance(one, bytes) else str(one) for one in row]
    return "\n".join(told).replace("\r\n ", "").replace("\n ", "")

"""Two devices, changing configs, a person with a calendar app, in any order: nothing twice, nothing lost, quiet."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from devices import Device, Phone
from household import DATE_NIGHT, HOUR, SUNDAY_TALK, FakeClock
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from jotted import slip
from servers import Server
from test_talks_in_the_calendar import arrange

from reconnectd.core.ics import Reading, read
from reconnectd.core.ics.rules import instances
from reconnectd.core.model import Fixed, Routine, Weekdays

DAY = dt.timedelta(days=1)
LATER = replace(DATE_NIGHT, schedule=Fixed(Weekdays((4,)), dt.time(20, 15)))
SATURDAY = replace(DATE_NIGHT, schedule=Fixed(Weekdays((5,)), dt.time(19, 30)))
RENAMED = replace(DATE_NIGHT, title="Evening out")
CONFIGS: tuple[tuple[Routine, ...], ...] = (
    (DATE_NIGHT, SUNDAY_TALK), (LATER, SUNDAY_TALK), (SATURDAY, SUNDAY_TALK), (RENAMED, SUNDAY_TALK), (SUNDAY_TALK,),
)  # fmt: skip
DEVICES = st.sampled_from(["desk", "laptop"])


class Household(RuleBasedStateMachine):
    """`server` is set by the test; each run has a calendar of its own."""

    server: Server

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="rcd-")
        self.clock = FakeClock()
        self.account = self.server.account()
        self.devices = {name: self._device(name) for name in ("desk", "laptop")}
        self.words: set[str] = set()
        self._settle()

    def _device(self, name: str) -> Device:
        folder = Path(self.folder.name) / name
        folder.mkdir()
        return Device(folder, self.server, self.account, CONFIGS[0], self.clock)

    # What happens.

    @rule(who=DEVICES, config=st.sampled_from(CONFIGS))
    def the_config_changes(self, who: str, config: tuple[Routine, ...]) -> None:
        self.devices[who].routines = config

    @rule(config=st.sampled_from(CONFIGS))
    def both_configs_change(self, config: tuple[Routine, ...]) -> None:
        for device in self.devices.values():
            device.routines = config

    @rule(who=DEVICES)
    def a_sync(self, who: str) -> None:
        assert self.devices[who].sync().error == {}

    @rule(who=DEVICES)
    def offline(self, who: str) -> None:
        self.devices[who].sync(offline=True)

    @rule(days=st.sampled_from([DAY / 96, HOUR, DAY, 3 * DAY]))
    def time_passes(self, days: dt.timedelta) -> None:
        self.clock.forward(days)

    @rule(number=st.integers(1, 99))
    def a_person_edits_the_title(self, number: int) -> None:
        """Of the talk, which no config changes: so theirs is the last word about it."""
        word = f"Talk {number}"
        phone, href, text = self._object_of("sunday-talk")
        if href and "DESCRIPTION" not in text:
            phone.write(href, re.sub("(?m)^SUMMARY:.*$", f"SUMMARY:{word}", text))
            self.words = {word}

    @rule()
    def a_person_deletes_the_next_one(self) -> None:
        phone, href, text = self._object_of("date-night")
        ahead = [at for at in stands(read(text.encode())) if at > self.clock.now()] if href else []
        if ahead:
            start = read(text.encode())
            local = ahead[0].astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
            assert start.rrule
            phone.write(href, text.replace("\nRRULE", f"\nEXDATE:{local}\nRRULE", 1))

    # What holds.

    @invariant()
    def no_day_has_two(self) -> None:
        if not hasattr(self, "devices"):
            return
        seen: set[tuple[str, dt.date]] = set()
        for text in Phone(self.server, self.account).texts().values():
            reading = read(text.encode())
            for at in stands(reading):
                key = (reading.slug or "", at.astimezone(dt.UTC).date())
                assert key not in seen, (key, text)
                seen.add(key)

    @rule()
    def in_step_nothing_more_is_written(self) -> None:
        self._settle()

    def _settle(self) -> None:
        """After a few runs of each there is quiet, however it began."""
        for _ in range(3):
            for device in self.devices.values():
                assert device.sync().error == {}
        for _ in range(2):
            for device in self.devices.values():
                report = device.sync()
                assert (report.pushed, report.deleted, report.requests) == (0, 0, 1)

    def teardown(self) -> None:
        if hasattr(self, "devices"):
            self._settle()
            text = self._object_of("sunday-talk")[2]
            assert all(word in text for word in self.words)
            for device in self.devices.values():
                device.store.close()
            self.folder.cleanup()

    def _object_of(self, slug: str) -> tuple[Phone, str, str]:
        phone = Phone(self.server, self.account)
        found = {href: text.replace("\r\n", "\n") for href, text in phone.texts().items()}
        running = [
            (href, text)
            for href, text in found.items()
            if read(text.encode()).slug == slug and any(at > self.clock.now() for at in stands(read(text.encode())))
        ]
        return phone, *(running[0] if running else ("", ""))


class WithPractices(Household):
    """The same in a calendar that one person sees, with what they jot down, talks that were arranged, and ideas."""

    @initialize()
    def begin(self) -> None:
        self.table = ""
        self.jotted: set[str] = set()
        super().begin()

    def _device(self, name: str) -> Device:
        self.account = replace(self.account, seen_by="me")
        return super()._device(name)

    @rule(who=DEVICES, config=st.sampled_from(CONFIGS))
    def the_config_changes(self, who: str, config: tuple[Routine, ...]) -> None:
        super().the_config_changes(who, config)
        self.table = self.table if len(config) > 1 else ""

    @rule(config=st.sampled_from(CONFIGS))
    def both_configs_change(self, config: tuple[Routine, ...]) -> None:
        super().both_configs_change(config)
        self.table = self.table if len(config) > 1 else ""

    @rule(number=st.integers(1, 99))
    def a_person_writes_into_the_date_night(self, number: int) -> None:
        phone, href, text = self._object_of("date-night")
        event = text.replace("\n ", "").partition("BEGIN:VEVENT")[2]
        if "DESCRIPTION" in event and all(len(device.routines) > 1 for device in self.devices.values()):
            self.table = f"DESCRIPTION:Table {number}"
            head = text.partition("BEGIN:VEVENT")[0]
            phone.write(href, head + "BEGIN:VEVENT" + re.sub("(?m)^DESCRIPTION:.*$", self.table, event))

    @rule(number=st.integers(1, 99))
    def a_person_jots_something_down(self, number: int) -> None:
        phone, title = Phone(self.server, self.account), f"buy {len(self.jotted)} {number}"
        at = f"DTSTART:{self.clock.now() + DAY:%Y%m%dT%H%M%SZ}"
        phone.dav.put(
            phone.dav.href(f"{title.replace(' ', '-')}.ics"), slip(f"remember: {title}", uid=title, start=at), None
        )
        self.jotted.add(title)

    @rule(who=DEVICES, hour=st.integers(17, 20))
    def a_talk_is_arranged(self, who: str, hour: int) -> None:
        start = (self.clock.now() + 2 * DAY).replace(hour=hour, minute=0)
        arrange(self.devices[who], f"{start:%Y-%m-%d %H:%M}")

    @rule(change=st.sampled_from(["delete", "move", "rename"]))
    def a_person_changes_a_talk(self, change: str) -> None:
        phone = Phone(self.server, self.account)
        for href, text in [each for each in phone.texts().items() if "topic" in each[1]][:1]:
            lines, later = text.replace("\r\n", "\n"), self.clock.now() + 5 * DAY
            if change == "delete":
                phone.delete(href)
            elif change == "move":
                once = re.sub(
                    r"(?m)^DTEND.*\n", "", re.sub(r"(?m)^(DTSTART;TZID=.*):.*", rf"\1:{later:%Y%m%d}T210000", lines)
                )
                phone.write(href, once)
            else:
                phone.write(href, re.sub("(?m)^SUMMARY:.*$", "SUMMARY:Us two", lines))

    def teardown(self) -> None:
        if hasattr(self, "devices"):
            self._settle()
            one, other = (device.store.facts for device in self.devices.values())
            titles = sorted(str(fact.title) for facts in (one, other) for fact in facts.of("remember").values())
            assert titles == sorted(self.jotted), "each is kept once"
            texts = {read(text.encode()) for text in Phone(self.server, self.account).texts().values()}
            assert not [each for each in texts if each.summary.startswith("remember")]
            ahead = {each.start for each in texts if each.slug == "topic" and each.start > self.clock.now()}
            for facts in (one, other):
                talks = [fact for fact in facts.of("topic").values() if fact.start and fact.start > self.clock.now()]
                assert {fact.start for fact in talks if fact.state is None} == ahead
            assert self.table in self._object_of("date-night")[2] or len(self.devices["desk"].routines) == 1
        super().teardown()


def stands(reading: Reading) -> list[dt.datetime]:
    """Where its instances stand, for the next months."""
    every = instances(reading.rrule or "", reading.local_start, ZoneInfo(reading.zone)) if reading.rrule else []
    return [at for at in every[:60] if at not in reading.exdates]


@pytest.mark.parametrize(("machine", "examples"), [(Household, 4), (WithPractices, 2)])
def test_whatever_happens_nothing_is_twice_and_nothing_is_lost(
    radicale: Server, machine: type[Household], examples: int
) -> None:
    machine.server = radicale
    calm = settings(
        max_examples=examples, stateful_step_count=12, deadline=None, derandomize=True, print_blob=False,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=calm)

"""While everything rests, nothing of our own is said: no note, no question, no welcome, whatever asks for one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from household import BERLIN, DATE_NIGHT, MONDAY_MORNING, MORNING_WORD, SMALL_TOUCH, SUNDAY_TALK, settings, store_in

from reconnectd.app.actions import Actions
from reconnectd.app.practice import check_in, thanks
from reconnectd.app.practice.topics import Topics
from reconnectd.app.renewal import renew
from reconnectd.core.practice.pulse import Pulse, Root
from reconnectd.core.rest import EVERYTHING, Rest
from reconnectd.core.settings import People

ZONE = ZoneInfo("Europe/Berlin")
DAY = dt.timedelta(days=1)


def test_in_half_a_year_of_silence_only_what_one_asked_for_oneself_is_said(tmp_path: Path) -> None:
    config = settings(DATE_NIGHT, SUNDAY_TALK, SMALL_TOUCH, MORNING_WORD)
    config = replace(config, people=People("Alex", "Sam", "k3v9-rt2p", partner_agrees=dt.date(2026, 7, 1)))
    now = MONDAY_MORNING
    with store_in(tmp_path) as store:
        renew(store, config, BERLIN, now)
        for weeks in range(7):
            pulse = Pulse(now - weeks * 7 * DAY, close=1, heard=1, load=9, good="", roots=(Root("hurt"),))
            check_in.keep(store, pulse)
        thanks.keep(store, "the tea", now)
        topics = Topics(store)
        topics.set_aside(topics.add("one", 5, "", now), now + 3 * DAY, ZONE, now)
        topics.went(topics.add("another", 3, "", now), well=True, now=now)
        Actions(store).remember("the dentist", now + 2 * DAY, ZONE, now)
        assert len({word.occurrence.slug for word in renew(store, config, BERLIN, now).reminders}) > 3
        store.rests.replace([Rest(EVERYTHING, now, None)])
        plans = [renew(store, config, BERLIN, now + days * DAY) for days in range(0, 180, 3)]
        ahead = {(str(word.occurrence), word.due) for plan in plans for word in plan.reminders if word.due > now}
        assert ahead == {("remember@2026-11-25", now + 2 * DAY)}

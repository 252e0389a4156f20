"""What notification servers, plyer and buses do to a word that was only sent: each with the tests that watch over it.

The ids stand in the names of the tests that were written for one of them; `TRAPS` finds the others.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TRAPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "D01 a backend without buttons, ids and closing": (
        "test_desktop_plyer",
        ("a_word_is_shown_without_buttons_and_without_an_id", "what_to_type_stands_in_place_of_the_buttons"),
    ),
    "D02 ids begin again after a server's restart, and another program's Done isn't ours": (
        "test_desktop_answers",
        ("after_a_restart_another_programs_done_is_not_ours",),
    ),
    "D02 … nor is a bubble of the earlier server closed or replaced on the next": (
        "test_desktop",
        ("a_bubble_of_an_earlier_server_is_neither_closed_nor_replaced_on_the_next",),
    ),
    "D03 the bus dies and comes back, or doesn't": (
        "test_desktop_whole",
        (
            "d03_after_the_death_of_the_bus_what_is_open_is_said_once_on_the_next",
            "d03_a_bus_that_is_gone_for_good_costs_nothing_and_ends_nothing",
        ),
    ),
    "D04 a call starts a server that can't start, and waits for it": (
        "test_desktop",
        (
            "every_call_to_the_server_forbids_to_start_one",
            "without_a_server_nobody_is_shown_anything_and_none_is_started",
            "a_server_whose_start_never_ends_holds_nobody_up",
        ),
    ),
    "D05 the server comes after us": (
        "test_desktop_whole",
        ("d05_what_was_held_is_said_once_when_a_server_appears",),
    ),
    "D06 the server hangs": (
        "test_desktop",
        (
            "a_server_that_hangs_costs_the_deadline_and_works_later",
            "a_hanging_server_holds_up_nothing_else",
            "a_bubble_that_comes_after_the_deadline_is_taken_back",
        ),
    ),
    "D06 … and is asked again": ("test_daemon", ("a_server_that_took_no_word_is_asked_again_in_a_minute",)),
    "D07 notify-send reads a leading dash as an option": (
        "test_desktop_plyer",
        (
            "the_real_plyer_hands_a_leading_dash_on_as_text",
            "what_plyer_says_arrives_at_a_notification_server_whole",
        ),
    ),
    "D08 quotes, angles and ampersands in a name": (
        "test_desktop",
        ("the_body_is_escaped_and_the_title_is_not", "any_text_arrives_as_it_was_written"),
    ),
    "D09 a folder /app is taken for a Flatpak": ("test_desktop_plyer", ("a_folder_called_app_makes_no_flatpak",)),
    "D10 the portal's words are built by joining strings": (
        "test_desktop_plyer",
        ("in_a_flatpak_the_portal_can_read_the_words",),
    ),
    "D11 nobody looks how notify-send ended": (
        "test_desktop_plyer",
        (
            "a_word_that_notify_send_could_not_show_is_not_taken_for_shown",
            "without_any_way_to_show_it_a_word_is_not_taken_for_shown",
        ),
    ),
    "D12 plyer blocks, or raises": (
        "test_desktop_plyer",
        ("a_hanging_plyer_costs_the_deadline", "a_failing_plyer_is_logged_without_the_words"),
    ),
    "D13 words to nobody leak a connection each": ("test_desktop", ("words_to_nobody_leave_nothing_open",)),
    "D14 servers tell everybody about everybody's bubbles": (
        "test_desktop_answers",
        ("signals_of_other_programs_bubbles_are_ignored", "ten_thousand_foreign_closings_leave_nothing_behind"),
    ),
    "D15 anybody can send a signal": (
        "test_desktop_answers",
        ("signals_from_anybody_but_the_server_are_ignored", "malformed_signals_are_ignored"),
    ),
    "D16 a signal is told again, too early or too late": (
        "test_desktop_answers",
        (
            "a_second_press_is_not_a_second_answer",
            "a_button_pressed_before_notify_has_returned_counts",
            "a_button_told_after_the_closing_still_counts",
        ),
    ),
    "D17 a server without buttons, markup or a body": (
        "test_desktop",
        ("what_a_server_cannot_do_is_said_in_another_way", "without_markup_the_body_goes_as_it_is"),
    ),
    "D18 a server that doesn't say what it can": (
        "test_desktop",
        (
            "a_server_that_does_not_say_what_it_can_gets_plain_words",
            "a_server_that_refuses_to_say_what_it_can_gets_plain_words",
            "a_server_that_refuses_a_word_has_not_shown_it",
        ),
    ),
    "D19 GNOME keeps three bubbles": (
        "test_speaking",
        (
            "more_than_three_at_once_are_one",
            "many_that_were_held_are_one_digest",
            "what_is_open_and_what_was_held_come_to_a_new_server_together",
            "latecomers_join_what_was_said_just_now_when_they_are_too_many",
        ),
    ),
    "D20 one button for two people": (
        "test_desktop_whole",
        ("d20_an_event_both_see_leaves_the_calendar_by_the_second_step",),
    ),
    "D21 after our own restart the buttons are dead": (
        "test_speaking",
        ("after_a_restart_of_ours_the_buttons_work_again",),
    ),
    "D22 ended between the bubble and the row": ("test_crash_points", ("a_word_that_was_being_said_is_said",)),
    "D23 a bubble that goes is no answer": ("test_buttons", ("closing_a_bubble_is_no_answer",)),
    "D24 what is on the screen when it is locked": (
        "test_desktop_whole",
        (
            "d24_a_lock_makes_what_stands_there_discreet",
            "d24_the_first_word_already_knows_that_the_screen_is_locked",
        ),
    ),
    "D25 a button doesn't always close its bubble": (
        "test_real_servers",
        ("dunsts_menu_answers_and_the_bubble_goes", "a_button_of_xfce_is_an_answer_and_the_bubble_goes"),
    ),
    "D26 a server draws the default action as a button": (
        "test_desktop_answers",
        ("the_default_action_goes_by_its_plain_name",),
    ),
    "D27 a server gives another id than the one to replace": (
        "test_desktop",
        ("the_id_that_the_server_gives_is_the_one_that_counts",),
    ),
    "D28 hints that make noise, stay or break through": (
        "test_desktop",
        ("a_word_goes_out_with_all_its_parts", "a_cue_is_of_low_urgency"),
    ),
    "D29 a desktop that doesn't know the program": (
        "test_cli_service",
        ("the_desktop_knows_the_program_and_shows_it_in_no_menu", "the_entry_is_a_valid_one"),
    ),
    "D30 the log tells what the screen hides": (
        "test_speaking",
        ("what_is_held_is_logged_once_and_without_its_title",),
    ),
}


@pytest.mark.parametrize("trap", TRAPS, ids=[name[:3] for name in TRAPS])
def test_every_trap_has_tests_that_watch_over_it(trap: str) -> None:
    module, names = TRAPS[trap]
    written = set(
        re.findall(r"^(?:async )?def test_(\w+)", Path(__file__).with_name(f"{module}.py").read_text(), re.MULTILINE)
    )
    assert set(names) <= written

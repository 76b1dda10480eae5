"""What a calendar must be, rule by rule, and the tests that keep each rule.

The rules come from RFC 5545, 5546, 6047, 7986 and 8058, and from what calendar programs and mail servers were seen to
do. Tests here look whether every test that is named exists, and whether docs/reference/calendars.md has the same rules.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
UNIT, CONTRACT, MAIL = "tests/notifications/calendars", "tests/contract/calendars", "tests/notifications"
REPLIES = "tests/notifications/inbound/replies"
SCHEDULE, FAULTS = "tests/schedule", "tests/faults/test_worker_killed.py"

RULES: dict[str, list[str]] = {
    # Two shapes, never mixed
    "a mailed invite has METHOD REQUEST or CANCEL; feeds and downloads have none": [
        f"{UNIT}/test_invite.py::test_other_methods_are_never_mailed",
        f"{UNIT}/test_feed.py::test_a_feed_has_no_method_organizer_or_attendee",
        f"{CONTRACT}/test_scenarios.py::test_every_step_updates_the_same_entry_in_mail_and_feed",
    ],
    "PUBLISH is never mailed": [f"{UNIT}/test_invite.py::test_other_methods_are_never_mailed"],
    "an invite has exactly one VEVENT; a feed has many and keeps the cancelled ones": [
        f"{UNIT}/test_invite.py::test_an_invite_has_exactly_one_event_and_one_attendee",
        f"{CONTRACT}/test_life.py::test_a_feed_keeps_cancelled_entries_and_the_order_of_starts",
        f"{UNIT}/test_feed.py::test_cancelled_entries_stay_and_have_no_alarm",
    ],
    "ORGANIZER is the robot mailbox aligned with From, ATTENDEE exactly the recipient, accepted and not asked": [
        f"{UNIT}/test_invite.py::test_an_invite_by_the_letter",
        f"{MAIL}/mails/test_rendering.py::test_invite_holds_what_the_database_holds",
    ],
    "alarms are the person's choice; none in CANCEL": [
        f"{UNIT}/test_invite.py::test_cancel_keeps_uid_organizer_and_attendee_and_drops_the_alarm",
        "tests/website/my/test_calendar.py::test_device_is_changed_and_its_address_stays",
        "tests/website/my/test_calendar.py::test_download_carries_what_was_chosen",
        f"{MAIL}/feeds/test_public_feeds.py::test_reminder_and_file_are_by_choice",
    ],
    "no calendar file for waiting, pending or declined": [
        f"{MAIL}/mails/test_rendering.py::test_headers_and_structure",
        f"{MAIL}/feeds/test_personal_feeds.py::test_waiting_line_that_was_left_never_was_in_the_calendar",
    ],
    # Identity and order
    "one UID per registration and session, the same in mail and feed": [
        f"{CONTRACT}/test_scenarios.py::test_every_step_updates_the_same_entry_in_mail_and_feed",
        "tests/registration/test_invariants.py::test_a_calendar_uid_never_changes",
        f"{UNIT}/test_invite.py::test_a_mailed_entry_has_the_uid_and_sequence_of_the_feed",
    ],
    "SEQUENCE is stored and rises by one with a change of start, end, place, title or status": [
        "tests/registration/test_invariants.py::test_the_sequence_rises_by_one_with_a_change_and_by_nothing_else",
        f"{SCHEDULE}/test_invariants.py::test_the_conferences_calendar_entry_follows_its_name_venue_and_days_and_nothing_else",
        f"{MAIL}/feeds/test_public_feeds.py::test_sequence_rises_with_every_change_and_never_falls",
        f"{CONTRACT}/test_scenarios.py::test_every_step_updates_the_same_entry_in_the_public_calendar",
    ],
    "another name of the room or of the venue is a change of place, in every calendar at once and by mail": [
        "tests/registration/test_invariants.py::test_other_names_of_room_and_venue_raise_the_sequence_of_the_places_there",
        "tests/registration/test_invariants.py::test_nothing_is_renamed_without_the_places_there",
        f"{MAIL}/feeds/test_public_feeds.py::test_names_of_room_and_venue_are_told_at_once_where_they_are_shown",
        f"{MAIL}/feeds/test_personal_feeds.py::test_another_name_of_the_room_or_venue_is_the_next_state_of_the_entry",
        f"{MAIL}/rules/test_gathering.py::test_another_name_of_the_room_is_told_with_the_one_before",
        f"{MAIL}/rules/test_gathering.py::test_renamed_and_renamed_back_is_no_mail",
    ],
    "DTSTAMP and LAST-MODIFIED come from the row: one state, the same bytes": [
        f"{UNIT}/test_feed.py::test_the_same_rows_give_the_same_bytes_and_tag",
        f"{UNIT}/test_invite.py::test_the_same_row_gives_the_same_bytes",
        f"{MAIL}/feeds/test_personal_feeds.py::test_same_state_gives_the_same_bytes",
        f"{CONTRACT}/test_programs.py::test_vdirsyncer_sees_no_change_in_an_unchanged_feed_and_each_change_once",
    ],
    "CANCEL has the same UID, ORGANIZER and ATTENDEE, a higher SEQUENCE and STATUS CANCELLED": [
        f"{UNIT}/test_invite.py::test_cancel_keeps_uid_organizer_and_attendee_and_drops_the_alarm",
        f"{CONTRACT}/test_life.py::test_update_then_cancel_keep_the_uid_and_raise_the_sequence",
        f"{CONTRACT}/test_evolution.py::test_an_update_changes_the_one_entry_and_a_cancellation_removes_it",
    ],
    "mails for one entry leave in order, and a superseded one is never sent": [
        f"{MAIL}/delivery/test_delivering.py::test_newer_message_waits_for_the_older_one_of_its_place",
        f"{MAIL}/delivery/test_delivering.py::test_no_cancel_for_an_entry_that_was_never_requested",
        f"{MAIL}/rules/test_gathering.py::test_cancelled_while_a_move_was_gathered_is_told_alone",
    ],
    # Time
    "local times have a TZID and a VTIMEZONE that covers every event, or are UTC": [
        f"{UNIT}/test_feed.py::test_the_time_zones_cover_every_event_once",
        f"{UNIT}/test_feed.py::test_a_time_zone_without_rules_is_told_for_the_years_of_the_first_event_and_of_the_last",
        f"{UNIT}/test_feed.py::test_a_time_that_happens_twice_is_written_in_utc",
        f"{UNIT}/test_invite.py::test_an_entry_that_cannot_be_written_truthfully_is_refused_by_field",
    ],
    "a VTIMEZONE has rules and no RDATE lists or comments, and is made once per zone and years": [
        f"{UNIT}/test_zones.py::test_no_list_of_dates_and_no_comment",
        f"{UNIT}/test_zones.py::test_a_zone_with_yearly_switches_has_rules_from_their_first_year",
        f"{UNIT}/test_zones.py::test_a_component_is_made_once_per_zone_and_years",
    ],
    "five zones are right across a switch of the clock and over midnight": [
        f"{CONTRACT}/test_times.py::test_all_parsers_find_the_instants_around_every_switch",
        f"{CONTRACT}/test_times.py::test_an_entry_over_midnight_keeps_both_ends",
        f"{CONTRACT}/test_calcurse.py::test_times_are_found_on_any_machine",
    ],
    # Bytes
    "CRLF, lines of at most 75 octets that split no character, no byte order mark": [
        f"{UNIT}/test_feed.py::test_bytes_are_crlf_folded_utf8_without_mark",
        f"{UNIT}/test_values.py::test_a_line_is_folded_to_75_octets_and_unfolds_to_itself",
    ],
    "control characters are stripped before writing": [
        f"{UNIT}/test_checks.py::test_cleaned_text_has_one_line_and_no_control_characters",
        f"{CONTRACT}/test_text.py::test_hostile_text_adds_no_property_and_no_component",
    ],
    "a line break in an address is refused, on input too": [
        f"{UNIT}/test_invite.py::test_an_entry_that_cannot_be_written_truthfully_is_refused_by_field",
        "tests/schedule/domain/programme/test_sessions.py::test_what_is_no_web_address_is_refused_by_the_form_and_by_the_database",
    ],
    "one bad row breaks no feed: it is skipped, logged and shown to the organizer": [
        f"{UNIT}/test_feed.py::test_one_bad_row_is_skipped_and_reported_and_breaks_nothing",
        f"{MAIL}/feeds/test_public_feeds.py::test_one_bad_session_does_not_break_the_calendar",
    ],
    "no comma inside the name of a category": [f"{UNIT}/test_feed.py::test_a_category_has_no_comma"],
    "a feed stays under 900 kB": [
        f"{UNIT}/test_feed.py::test_size_is_counted_and_a_feed_over_the_limit_is_whole_and_flagged",
        f"{MAIL}/feeds/test_public_feeds.py::test_programme_too_big_for_calendars_goes_without_descriptions",
    ],
    # Mail
    "mixed( alternative( plain, html, calendar ), application/ics ), with the method of the file": [
        f"{UNIT}/test_mail_parts.py::test_the_parts_are_nested_as_calendar_programs_expect",
        f"{UNIT}/test_mail_parts.py::test_the_parts_method_equals_the_files_and_both_parts_hold_its_bytes",
    ],
    "one mail per recipient; Message-ID comes from the row": [
        f"{MAIL}/mails/test_rendering.py::test_headers_and_structure",
        f"{MAIL}/delivery/test_faults.py::test_message_of_a_dead_worker_goes_again_with_the_same_id",
    ],
    "headers are bytes any program reads alike: addresses as they are, all else that is not ASCII in encoded words": [
        f"{CONTRACT}/test_mail_headers.py::test_a_foreign_parser_reads_what_was_meant",
        f"{CONTRACT}/test_mail_headers.py::test_headers_keep_to_rfc_5322_and_2047",
        f"{CONTRACT}/test_mail_headers.py::test_every_python_writes_the_same_bytes",
        f"{UNIT}/test_mail_parts.py::test_headers_keep_every_blank",
    ],
    "answers of people reach the conference's contact, answers of calendars the robot mailbox": [
        f"{MAIL}/mails/test_rendering.py::test_answers_reach_the_conferences_contact",
        f"{UNIT}/test_invite.py::test_an_invite_by_the_letter",
    ],
    "announcements carry List-Unsubscribe and one-click, confirmations do not": [
        "tests/website/links/test_announcements.py::test_announcements_carry_the_headers_of_one_click",
        f"{MAIL}/mails/test_rendering.py::test_headers_and_structure",
    ],
    "people's text is inert in mails": [f"{MAIL}/mails/test_rendering.py::test_hostile_name_and_titles_stay_text"],
    # Replies
    "a reply is read within limits of its size, and only its METHOD, UID and ATTENDEEs": [
        f"{REPLIES}/test_parsing.py::test_attendees_in_every_spelling",
        f"{REPLIES}/test_parsing.py::test_a_part_too_big_is_not_looked_into",
        f"{REPLIES}/test_parsing.py::test_what_decides_nothing_may_be_broken",
    ],
    "whatever a stranger sends raises nothing, opens no file and is not remembered": [
        f"{REPLIES}/test_parsing.py::test_any_bytes_are_survived",
        f"{REPLIES}/test_parsing.py::test_a_part_that_names_a_file_has_nothing_read_from_it",
        f"{REPLIES}/test_parsing.py::test_nothing_of_a_strangers_calendar_is_remembered",
    ],
    # Feeds over HTTP
    "Content-Type, Cache-Control, strong ETag, Last-Modified and conditional requests": [
        f"{MAIL}/feeds/test_personal_feeds.py::test_headers_keep_the_secret",
        f"{MAIL}/feeds/test_personal_feeds.py::test_conditional_requests",
        f"{MAIL}/feeds/test_personal_feeds.py::test_every_change_of_what_a_calendar_says_changes_its_tag",
        f"{MAIL}/feeds/test_public_feeds.py::test_entry_is_stamped_with_its_newest_change",
        f"{UNIT}/test_feed.py::test_a_tag_is_strong_quoted_and_follows_the_body",
    ],
    "Last-Modified is a moment no other state of the same address had, so that If-Modified-Since misses nothing": [
        f"{MAIL}/feeds/test_feed_cache.py::test_the_clock_tells_what_is_new_and_never_hides_it",
        f"{MAIL}/feeds/test_personal_feeds.py::test_the_clock_tells_what_is_new_also_where_something_has_gone",
    ],
    "gzip where it is taken, with a tag of its own and Vary": [
        f"{MAIL}/feeds/test_feed_cache.py::test_programme_is_packed_for_whoever_unpacks_it",
        "tests/website/files/test_views.py::test_texts_are_packed_for_whoever_unpacks_them",
    ],
    "a revoked address answers 410, an unknown one 404": [
        f"{MAIL}/feeds/test_personal_feeds.py::test_a_revoked_address_is_gone_and_an_unknown_one_was_never_there",
    ],
    "NAME, X-WR-CALNAME, X-WR-TIMEZONE, REFRESH-INTERVAL, X-PUBLISHED-TTL, SOURCE, COLOR, CATEGORIES": [
        f"{UNIT}/test_feed.py::test_a_feed_says_what_it_is_by_the_letter",
        f"{UNIT}/test_feed.py::test_a_color_is_given_as_name_and_number",
        f"{MAIL}/feeds/test_public_feeds.py::test_calendar_has_the_conferences_colour",
    ],
    "a remote link stands in CONFERENCE and in URL or DESCRIPTION": [
        f"{CONTRACT}/test_life.py::test_addresses_and_categories_survive",
        f"{CONTRACT}/test_life.py::test_an_online_entry_without_a_page_has_its_link_as_url",
        f"{MAIL}/feeds/test_personal_feeds.py::test_online_address_is_for_those_who_have_a_place",
    ],
    "tokens are long, hashed, revocable, never logged, sent without a referrer, and alone say who asks": [
        f"{MAIL}/feeds/test_personal_feeds.py::test_secret_is_hashed_and_never_in_the_journal",
        f"{MAIL}/feeds/test_personal_feeds.py::test_headers_keep_the_secret",
        "tests/ops/backends/test_log_lines.py::test_refused_calendar_is_logged_without_its_key",
    ],
    "https, webcal, Google and Outlook are offered, and that Google refreshes in hours is said": [
        "tests/website/my/test_calendar.py::test_address_is_made_and_shown_to_its_owner",
        "tests/website/calendars/test_pages.py::test_session_is_followed_copied_or_downloaded",
        "tests/website/calendars/test_pages.py::test_each_way_is_explained",
    ],
    # Delivery
    "a change and the reason of its mail are one transaction; a lost wake-up loses nothing": [
        f"{MAIL}/rules/test_intake.py::test_failure_in_a_batch_leaves_journal_and_outbox_untouched",
        f"{FAULTS}::test_every_confirmation_arrives_once_though_the_worker_is_killed_and_redis_emptied",
    ],
    "no task is given out twice: short limits, early acknowledgement, no long countdown": [
        f"{MAIL}/test_tasks.py::test_time_limits_end_a_task_before_the_broker_gives_it_to_another",
        f"{MAIL}/test_tasks.py::test_no_task_waits_at_the_broker_or_is_acknowledged_late",
    ],
    "reminders are rows with the time they are due": [
        f"{MAIL}/mails/test_reminders.py::test_agenda_is_planned_once_for_those_who_have_places_tomorrow",
        f"{MAIL}/mails/test_reminders.py::test_session_that_moves_is_reminded_of_at_its_new_time",
    ],
    "a mail ends before the lease of its sender, and a dead sender's mails go within a minute": [
        f"{MAIL}/delivery/test_faults.py::test_all_steps_of_a_mail_together_have_an_end",
        f"{MAIL}/test_tasks.py::test_dead_workers_messages_go_within_a_minute",
    ],
    "a provider gets so many mails a second from all workers together, and with care while Redis is away": [
        f"{MAIL}/delivery/test_throttle.py::test_a_second_of_mails_goes_and_the_others_each_get_a_turn",
        f"{MAIL}/delivery/test_throttle.py::test_without_redis_a_process_sends_on_at_a_quarter",
    ],
    "a link to sign in waits behind no other mail": [
        f"{MAIL}/delivery/test_delivering.py::test_queues_are_served_apart",
        f"{MAIL}/delivery/test_throttle.py::test_link_to_sign_in_does_not_stand_in_line_behind_what_was_sent_to_its_provider",
    ],
    "4xx is tried again, later each time and never all at once; 5xx is final": [
        f"{MAIL}/delivery/test_faults.py::test_temporary_refusal_backs_off_and_then_fails",
        f"{MAIL}/delivery/test_delivering.py::test_waits_grow_and_end",
        f"{MAIL}/delivery/test_faults.py::test_permanent_refusal_fails_at_once_and_the_others_are_sent",
    ],
    "an address without a mailbox goes on a list that organizers see, whether refused or reported later": [
        f"{MAIL}/delivery/test_suppression.py::test_refused_address_is_listed_and_its_next_message_withheld",
        f"{MAIL}/inbound/test_bounces.py::test_report_of_each_kind_of_server",
        f"{MAIL}/delivery/test_suppression.py::test_organizers_see_the_addresses_of_their_conference_only",
    ],
    # Speed
    "public entries are written once and kept by what they say; losing them loses nothing": [
        f"{UNIT}/test_feed.py::test_written_events_are_kept_by_what_they_say",
        f"{UNIT}/test_feed.py::test_whatever_an_entry_says_is_in_the_key_its_event_is_kept_under",
        f"{MAIL}/feeds/test_feed_cache.py::test_written_events_are_kept_and_only_changed_ones_are_written_again",
        f"{MAIL}/feeds/test_feed_cache.py::test_a_cache_that_is_away_is_asked_once_for_an_answer",
        f"{MAIL}/feeds/test_personal_feeds.py::test_nothing_of_a_calendar_but_its_tag_is_kept_outside_the_database",
    ],
}


@cache
def functions_of(file: str) -> frozenset[str]:
    path = ROOT / file
    if not path.exists():
        return frozenset()
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return frozenset(one.name for one in found if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_its_tests(rule: str) -> None:
    missing = [test for test in RULES[rule] if test.partition("::")[2] not in functions_of(test.partition("::")[0])]
    assert (missing, bool(RULES[rule])) == ([], True)


PAGE = (ROOT / "docs" / "reference" / "calendars.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", PAGE, re.MULTILINE)


def test_the_reference_says_these_rules_and_where_each_is_kept() -> None:
    said = [(rule, where) for rule, where in ROWS if "`" in where]
    assert [rule for rule, _ in said] == list(RULES)
    files = {file for _, where in said for file in re.findall(r"`([^`]+)`", where)}
    assert [file for file in sorted(files) if not (ROOT / file).exists()] == []

"""What each rule of the database means to whoever ran into it; beside it stand the words that models give their own.

A rule is named here where something that a person types, chooses or leaves open at the same time as somebody else can
break it. What only our own code could break stands in `ours.py`. A test compares both with the rules of the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_TAKEN = _("There is one with this code already.")
_TWICE = _("The same is named twice.")
_KEY = _("Another entry has this key of an import already.")
_CHOICE = _("This is none of the choices.")
_ITSELF = _("Nothing can be named together with itself.")
_ONE = _("A number must be at least 1.")
_AREAS = _("Rights are chosen one by one only for the role that is made by hand, and owners have all themes.")
_ELSEWHERE = _("This belongs to another conference.")
_STAYS = _("This stays in its conference.")
_STARTED = _("A search asks for one to five answers.")

# Numbers that have no sign in our models.
BELOW_ZERO = _("A number must not be below 0.")

WORDS: dict[str, _StrOrPromise] = {
    **dict.fromkeys(
        (
            "body_code_is_unique_in_its_conference",
            "kind_code_is_unique_in_its_conference",
            "person_code_is_unique_in_its_conference",
        ),
        _TAKEN,
    ),
    **dict.fromkeys(
        (
            "interest_names_a_session_once",
            "interest_rank_is_given_once",
            "one_signup_per_registration_and_session",
            "not_parallel_pair_is_named_once",
            "session_prefers_a_room_once",
            "person_has_a_role_in_a_session_once",
            "room_part_is_named_once",
            "body_hosts_a_session_once",
            "order_of_two_sessions_is_named_once",
            "term_is_weighed_once_in_its_conference",
            "session_is_placed_once_in_a_draft",
            "person_is_invited_to_a_role_once",
            "person_is_invited_to_host_once",
        ),
        _TWICE,
    ),
    **dict.fromkeys(
        (
            "body_has_its_import_key_alone",
            "kind_has_its_import_key_alone",
            "person_has_its_import_key_alone",
            "room_has_its_import_key_alone",
            "session_has_its_import_key_alone",
            "theme_has_its_import_key_alone",
        ),
        _KEY,
    ),
    **dict.fromkeys(
        (
            "membership_role_is_known",
            "membership_areas_are_known",
            "teaminvitation_role_is_known",
            "teaminvitation_areas_are_known",
            "registration_updates_are_known",
            "signup_exchange_is_known",
            "conference_overlap_rule_is_known",
            "conference_text_kind_is_known",
            "kind_signup_is_known",
            "role_mode_is_known",
            "session_signup_is_known",
            "what_a_group_shares_is_known",
            "solver_run_goal_is_known",
            "solver_term_is_known",
        ),
        _CHOICE,
    ),
    **dict.fromkeys(
        (
            "membership_areas_are_chosen_by_hand_only",
            "membership_owner_has_all_themes",
            "teaminvitation_areas_are_chosen_by_hand_only",
            "teaminvitation_owner_has_all_themes",
        ),
        _AREAS,
    ),
    **dict.fromkeys(("room_is_not_its_own_part", "session_is_not_before_itself"), _ITSELF),
    **dict.fromkeys(
        ("conference_grid_is_at_least_a_minute", "interest_ranks_start_at_one", "kind_may_run_at_least_once"), _ONE
    ),
    "rows_stay_within_one_conference": _ELSEWHERE,
    "rows_keep_their_conference": _STAYS,
    "solver_run_asks_for_some_answers": _STARTED,
    "announcement_goes_to_proved_addresses_only": _("An announcement goes to people whose address is confirmed."),
    "calendar_uid_never_changes": _("What calendars know it by stays as it is."),
    "conference_has_a_language": _("A conference needs at least one language."),
    "conference_takes_no_more_than_it_has_room_for": _("The conference is full."),
    "conference_text_never_changes": _("A published text stays as it is. Write a new version."),
    "device_has_a_name": _("Name the device."),
    "journal_is_append_only": _("The history stays as it is."),
    "no_room_hosts_two_sessions_at_once": _("A room would have two sessions at the same time."),
    "nothing_is_given_after_its_time": _("Its time has come: nobody gets a place any more."),
    "one_open_change_of_address": _("Another address is waiting to be confirmed already."),
    "one_open_invitation_per_team_and_address": _("This address is invited into the team already."),
    "one_template_per_conference_kind_and_language": _("This mail is worded in this language already."),
    "one_text_per_kind_and_version": _("Somebody else published a version of this text at this moment."),
    "one_window_per_day": _("This day has its hours already."),
    "published_address_never_changes": _("The conference is published, so its address stays."),
    "registration_is_accepted_only_with_consent": _("Nobody takes part who has not agreed."),
    "release_is_immutable": _("What is published stays as it was published."),
    "release_number_is_unique_in_its_conference": _("Somebody else published a release at this moment."),
    "reminder_is_at_most_four_weeks_before": _("A reminder comes four weeks before at most."),
    "session_identity_never_changes": _("A session keeps its code and its conference."),
    "solver_weight_is_not_too_heavy": _("A weight is at most 1000."),
    "team_keeps_an_owner": _("A team keeps at least one owner."),
    "template_subject_is_one_line": _("A subject is one line, and not empty."),
    "webhook_names_an_event": _("Choose at least one event."),
}

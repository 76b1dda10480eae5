"""Rules that only our own code could break: they keep invariants, and whoever meets one has met a fault of ours.

What is told then says that nothing was changed, and the log names the rule.
"""

from __future__ import annotations

OURS = frozenset(
    {
        # Accounts: keys that are made, never typed.
        "one_setup_key_at_most",
        "invitation_is_accepted_or_withdrawn",
        "unique_verified_email",
        "unique_primary_email",
        "unique_authenticator_type",
        # The journal.
        "journal_concern_is_known",
        "journal_verb_reads_thing_dot_verb",
        # The outbox and what comes in.
        "a_received_mail_has_an_outcome_once_settled",
        "a_webhook_is_told_of_an_entry_once",
        "announcement_is_due_unless_a_draft",
        "announcement_state_is_known",
        "announcement_that_is_sent_was_started",
        "claimed_message_has_a_lease",
        "delivered_webhook_delivery_has_a_time",
        "message_has_one_recipient",
        "message_state_is_known",
        "one_suppression_per_address",
        "only_a_claimed_webhook_delivery_has_a_lease",
        "sent_message_has_a_time",
        "suppressed_address_is_lower_case",
        "unknown_message_was_cut_off",
        "webhook_delivery_state_is_known",
        "webhook_secrets_are_counted_from_one",
        "webhook_state_is_known",
        # Places and registrations.
        "capacity_follows_cap_room_and_held_seats",
        "confirmed_signup_has_a_time",
        "free_place_goes_to_the_first_waiting",
        "free_registration_goes_to_the_first_in_line",
        "offer_ends_with_its_cause",
        # Said as any other entry that is there already: its sentence would tell who is registered.
        "one_participant_per_email",
        "only_an_offered_place_has_a_deadline",
        "places_follow_names_of_room_and_venue",
        "registration_in_line_waits_or_did",
        "registration_state_is_known",
        "sign_up_closes_by_its_start",
        "sign_up_closes_where_there_is_a_time",
        "signup_state_is_known",
        "signup_stood_as_is_known",
        "taken_places_are_counted",
        # The programme and searches.
        "an_emergency_starts_from_a_release",
        "archive_has_content_once_it_is_ready",
        "archive_state_is_known",
        "answers_of_a_search_are_numbered_once",
        "conference_text_versions_start_at_one",
        "invitation_answer_has_a_time",
        "invitation_is_for_a_role_or_a_host",
        "not_parallel_pair_is_in_key_order",
        "one_archive_is_made_at_a_time",
        "one_import_of_a_file_at_once",
        "one_step_of_a_draft_at_a_time",
        "one_way_of_reading_a_kind_of_file",
        "release_is_sealed_when_made",
        "release_numbers_start_at_one",
        "released_placement_ends_after_it_starts",
        "session_is_moved_once_in_a_step",
        "session_is_placed_once_in_a_release",
        "session_state_is_known",
        "solver_run_purpose_is_known",
        "solver_run_state_is_known",
        "step_finds_a_session_with_start_and_end_or_neither",
        "step_leaves_a_session_with_start_and_end_or_neither",
        "the_first_answer_is_the_search_itself",
    }
)

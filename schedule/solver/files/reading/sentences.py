"""What each finding says in English: what is wrong, and how to mend it. These texts are the keys of the catalogues.

Placeholders are the names of a finding's values. What the command line prints is these texts; pages and commands of the
site put the translation in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def gettext_noop(text: str) -> str:
    """Marks a text for the catalogue, which is asked when the text is said."""
    return text


_ = gettext_noop

_FILE = {
    "file_too_long": (
        _("The file is larger than %(limit)d MB."),
        _("Choose a programme file; one of 1,000 sessions has about 2 MB."),
    ),
    "other_encoding": (_("The file is in UTF-16 or UTF-32."), _("Save it as UTF-8.")),
    "not_utf8": (_("The file is not UTF-8 text (the byte at position %(position)d)."), _("Save it as UTF-8.")),
    "not_json": (
        _("This is not JSON: %(reason)s at line %(line)d, column %(column)d."),
        _("Export the file again, or mend that line."),
    ),
    "nested_too_deeply": (_("The JSON is nested too deeply."), _("Export the file again.")),
    "too_many_digits": (_("A number is far too long."), _("Correct the number.")),
    "name_twice": (_("The name “%(name)s” stands twice in one object."), _("Remove one of the two.")),
    "not_a_json_number": (_("“%(name)s” is not a number in JSON."), _("Write a number or null.")),
    "no_object_in_file": (_("The file must hold one JSON object."), _("Choose a programme file.")),
    "unknown_format": (
        _("This is not a programme file that Plenary knows."),
        _("It must say “format”: “%(format)s” and “format_version”: %(version)d."),
    ),
    "unknown_version": (
        _("This version of the format is not known."),
        _("It must say “format”: “%(format)s” and “format_version”: %(version)d."),
    ),
    "too_large_to_schedule": (
        _(
            "%(sessions)d sessions, %(rooms)d rooms and a grid of %(slot)d minutes over all days need about "
            "%(needed)s GB of memory; the limit is %(limit)s GB."
        ),
        _("Make the grid coarser or the conference smaller."),
    ),
}

_ANY_FIELD = {
    "not_an_object": (_("This must be an object."), _("Write {…} with its fields.")),
    "missing": (_("This is missing."), _("Add it.")),
    "unknown_field": (_("This field is not known and was left out."), _("Check its spelling.")),
    "unknown_field_refused": (
        _("This is not a field of this version of the format."),
        _("Check its spelling, or remove it."),
    ),
    "not_a_list": (_("This must be a list."), _("Write […].")),
    "not_text": (_("This must be text, not %(value)s."), _("Put it in quotes.")),
    "not_shown": (
        _("This has characters that cannot be shown."),
        _("Remove its control characters, or type the text anew."),
    ),
    "turns_direction": (
        _("This has invisible marks that turn the direction of writing."),
        _("Remove the marks, or type the text anew."),
    ),
    "empty": (_("This is empty."), _("Write the text.")),
    "too_long": (_("This has %(length)d characters; there is room for %(longest)d."), _("Shorten it.")),
    "not_texts": (
        _("This must be an object with one text per language, not %(value)s."),
        _("Write {“%(language)s”: “…”}."),
    ),
    "other_language": (
        _("“%(language)s” is not a language of this conference; the text was left out."),
        _("Add it to the languages of the conference."),
    ),
    "text_missing": (
        _("The text in the language “%(language)s” is missing."),
        _("Add it, or take the language from the conference."),
    ),
    "not_whole": (_("This must be a whole number, not %(value)s."), _("Correct it.")),
    "out_of_range": (
        _("This is %(value)s; it must be from %(least)d to %(most)d."),
        _("Correct the number."),
    ),
    "not_a_flag": (_("This must be true or false, not %(value)s."), _("Write true or false.")),
    "not_a_choice": (_("%(value)s is not known."), _("Choose one of: %(allowed)s.")),
    "not_a_code": (
        _("%(value)s is not a code."),
        _("Use letters, digits, hyphens and underscores, beginning with a letter or digit."),
    ),
    "unknown_code": (
        _("There is nothing with the code %(value)s."),
        _("Correct the code, or add the missing record."),
    ),
    "unknown_code_of_few": (_("There is nothing with the code %(value)s."), _("Choose one of: %(allowed)s.")),
    "named_twice": (_("%(value)s is named twice."), _("Remove one of the two.")),
    "group_of_one": (
        _("A group has two sessions or more."),
        _("Add a session, or remove the group."),
    ),
    "not_a_wish": (
        _("A wish is the code of a session and a weight, not %(value)s."),
        _("Write a list such as [“T1”, 3]."),
    ),
    "not_a_date": (_("%(value)s is not a date."), _("Write year-month-day, such as 2017-09-14.")),
    "not_a_time": (_("%(value)s is not a time of day."), _("Write hours:minutes, such as 09:30.")),
    "not_a_moment": (
        _("%(value)s is not a local date and time."),
        _("Write it such as 2017-09-14T13:00."),
    ),
    "year_out_of_range": (
        _("The year %(year)d is not from %(first)d to %(last)d."),
        _("Correct the date."),
    ),
    "skipped_by_clocks": (
        _("%(value)s does not exist: the clocks jump from %(last)s to %(next)s."),
        _("Choose a time before the jump or after it."),
    ),
    "other_offset": (
        _("At %(value)s the clocks are at another offset: %(offsets)s."),
        _("Leave the offset out, or write one of these."),
    ),
    "far_away": (
        _("This is more than %(days)d days from the first day of the conference."),
        _("Correct the date."),
    ),
    "not_later": (_("This is not later than “from”."), _("Correct one of the two times.")),
    "not_a_timezone": (_("“%(zone)s” is not a time zone."), _("Use a name such as Asia/Seoul.")),
}

_PROGRAMME = {
    "not_a_slug": (_("This cannot stand in an address."), _("Use small letters, digits and hyphens.")),
    "reserved_slug": (_("“%(slug)s” is kept for pages of the site."), _("Choose another.")),
    "no_language": (_("A conference needs a language."), _("Write a list such as [“ko”, “en”].")),
    "not_a_language": (_("“%(value)s” is not a language code."), _("Write codes such as “ko” or “en”.")),
    "ends_before_start": (_("The last day is before the first."), _("Correct one of the two dates.")),
    "longer_than_a_year": (
        _("The conference would last more than a year."),
        _("Correct one of the two dates."),
    ),
    "outside_conference": (
        _("%(day)s is not a day of the conference."),
        _("Choose a day from %(first)s to %(last)s."),
    ),
    "wrong_weekday": (
        _("%(day)s is a %(weekday)s, not “%(written)s”."),
        _("Correct the date or remove the weekday."),
    ),
    "day_twice": (_("%(day)s is given twice."), _("Remove one of the two.")),
    "closes_before_opening": (_("The day closes before it opens."), _("Correct one of the two times.")),
    "closes_next_day": (
        _("This is before the opening, and is taken for the night after midnight: %(written)s."),
        _("Write %(written)s if that is meant."),
    ),
    "hours_overlap": (
        _("The opening hours overlap those of %(day)s."),
        _("Let one day end before the next begins; they may touch."),
    ),
    "core_outside_hours": (
        _("The core hours do not lie between opening and closing."),
        _("Correct “core_from” or “core_until”."),
    ),
    "unknown_feature": (
        _("“%(feature)s” is not a feature Plenary knows."),
        _("It is kept. Check its spelling."),
    ),
    "part_of_itself": (
        _("A room cannot be a part of itself."),
        _("Name the smaller rooms it is joined from."),
    ),
    "not_a_country": (
        _("“%(value)s” is not a country code."),
        _("Write two capital letters, such as KR (ISO 3166-1 alpha-2)."),
    ),
    "not_a_mailbox": (
        _("“%(value)s” is not an e-mail address."),
        _("Write one such as name@example.org, or leave it out."),
    ),
    "code_twice": (_("The code “%(code)s” is used already by %(other)s."), _("Give each its own code.")),
    "circle": (_("This goes round in a circle: %(chain)s."), _("Remove one of these.")),
    "feature_nowhere": (
        _("No room has “%(feature)s”; the session cannot be placed."),
        _("Add it to a room, or remove it here."),
    ),
    "impossible_together": (
        _("%(codes)s would have to start at the same time in the same room."),
        _("Take one of them out of a group in “same_time” or “same_room”."),
    ),
    "wishes_left_out": (
        _("Wishes are not imported: they belong to people who have registered."),
        _("Use them with the command line of the scheduler."),
    ),
}

_SESSION = {
    "breaks_only": (_("This room takes breaks only."), _("Choose another room.")),
    "outside_hours": (
        _("This is outside the opening hours."),
        _("Check the time, the length and the day."),
    ),
    "does_not_fit": (
        _("The session (%(minutes)d minutes) does not fit between “not_before” and “not_after”."),
        _("Correct one of the three."),
    ),
    "length_off_grid": (
        _("%(minutes)d minutes are not on the time grid; the session keeps its length."),
        _("Choose a multiple of %(slot)d, or leave it."),
    ),
    "start_off_grid": (
        _("This start is not on the time grid of %(slot)d minutes; the session keeps it."),
        _("Choose a time on the grid, or leave it."),
    ),
    "longer_than_a_day": (
        _("%(minutes)d minutes are longer than the conference is open in one piece."),
        _("Shorten the session, or open a day for longer; days that touch are one piece."),
    ),
    "outside_days": (_("This is outside the days of the conference."), _("Correct the date.")),
    "role_twice": (_("This person has this role twice."), _("Remove one of the two.")),
    "names_itself": (_("The session names itself."), _("Name other sessions only.")),
}

_PROBLEM = {
    "not_an_instant": (
        _("%(value)s is not a date and time with its offset."),
        _("Write it such as 2017-09-14T00:00:00+09:00."),
    ),
    "not_an_interval": (
        _("%(value)s is not a start and an end in whole minutes."),
        _("Write a list such as [540, 600]."),
    ),
    "empty_interval": (_("This does not end after its start."), _("Correct one of the two times.")),
    "empty_pin": (
        _("A pin says nothing without a start or a room."),
        _("Add one of the two, or remove the pin."),
    ),
    "not_a_whole_minute": (_("%(value)s is not a whole minute."), _("Remove the seconds.")),
    "minute_differs": (
        _("The local time is minute %(minute)d, not %(value)s."),
        _("Correct one of the two."),
    ),
}

Sentence = tuple[str, str]

SENTENCES: Final[Mapping[str, Sentence]] = MappingProxyType(_FILE | _ANY_FIELD | _PROGRAMME | _SESSION | _PROBLEM)
"""Code -> what is wrong, how to mend it."""

"""Oddities in words. Each sentence says what is there, and where it helps what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from schedule.exchange.incoming.records import Oddity, Unreadable

# The page on which it is said how a file is to be read; where sentences are shown it is a link.
HOW_TO_READ = _("How to read the file")
SENTENCES: Mapping[str, str] = {
    # The file as a whole.
    "empty": _("The file is empty."),
    "too_large": _("The file is larger than %(most)s MB."),
    "unknown_format": _("No program that we know writes files like this. Save it as XLSX or CSV and name its columns."),
    "not_json": _("This is not JSON: line %(line)s, column %(column)s cannot be read."),
    "not_an_object": _("Something in the file is not what programs of its kind write there."),
    "no_days": _("The file has no days."),
    "xml_doctype": _("The file has a document type or entities, which are not taken. Save it without."),
    "not_xml": _("This is not XML: line %(line)s, column %(column)s cannot be read."),
    "not_a_calendar": _("This calendar cannot be read."),
    "not_utf8": _("The letters of the file are not in UTF-8, as those of its kind have to be. Save it so."),
    "sessionize_view": _("This is another view of Sessionize. Save its view “all”, which has everything."),
    "one_page": _("The file has %(found)s of %(count)s submissions: it is one page of several. Import the others too."),
    "no_rows": _("There is no table in the file with a row of headings and rows under it."),
    "too_many_cells": _(
        "The file has more than %(rows)s rows or %(columns)s columns of cells. Clear what is no table, or divide it."
    ),
    "too_many_records": _("The file has more than %(most)s sessions, people and other things. Divide it."),
    "locked_workbook": _("The workbook is protected by a password. Save it without."),
    "not_a_workbook": _("The workbook is damaged, or of a kind that cannot be read. Save it as XLSX or CSV."),
    "unpacks_to_much": _(
        "The workbook unpacks to more than any programme needs. Clear stray cells far below or to the right of the "
        "table, or save it as CSV."
    ),
    "not_in_encoding": _("The letters of the file are not those of %(encoding)s. Choose another encoding."),
    "web_page": _(
        "This is a web page, whatever its name says. Open it in a spreadsheet program and save it as XLSX or CSV."
    ),
    "old_workbook": _("This workbook is of Excel 95 or older. Open it in a spreadsheet program and save it as XLSX."),
    "excel_xml": _("This is a workbook as XML (Excel 2003). Open it in a spreadsheet program and save it as XLSX."),
    "pdf": _("This is a PDF, of which no table can be read. Ask for the spreadsheet it was made from."),
    "text_document": _("This is a text document. Copy its table into a spreadsheet and save that as XLSX or CSV."),
    "numbers_file": _("This is a file of Numbers. Export it from there as Excel (XLSX) or CSV."),
    "zip_file": _("This is an archive of several files. Unpack it and upload one of them."),
    "mail": _("This is a mail. Upload the file that is attached to it."),
    "picture": _("This is a picture, of which no table can be read."),
    "not_text": _("The file is no text that a table could be read from."),
    "quote_open": _(
        "The quotation marks of the row that begins in line %(line)s do not pair. Close them, or write two of them "
        "within a cell."
    ),
    "column_twice": _("Two columns are to hold the same (%(columns)s). Choose one."),
    "encoding": _("The letters were read as %(encoding)s. Where they look wrong, choose another encoding."),
    "hidden_sheet": _("This sheet is hidden in the workbook. It was read like the others."),
    "hidden_rows": _("Rows that are hidden in the workbook: %(count)s. They were read like the others."),
    "hidden_columns": _("Columns that are hidden in the workbook: %(count)s. They were read like the others."),
    "merged_cells": _(
        "Cells were merged over several rows; what they say was taken for each of these (%(count)s cells)."
    ),
    "cell_error": _("The cell has the error %(said)s in place of a value. Mend it in the file."),
    "formula_without_value": _(
        "The cell has a formula (%(said)s) whose value is not in the file. Open the file in a spreadsheet program and "
        "save it again, or write the value."
    ),
    "sheet_skipped": _("Nothing tells what this sheet is about, so it was left out."),
    "column_ignored": _("Nothing tells what this column holds, so it was left out. Say it under %(how_to_read)s."),
    "ignored": _("“%(column)s” has no place here and was left out (%(count)s times)."),
    "stamps_local": _(
        "Every time has the offset +00:00, though the clocks of the conference are elsewhere. They were taken for "
        "local times, so that %(said)s is %(said)s; if they are UTC, say so, and it is %(shown)s."
    ),
    "stamps_utc": _(
        "Every time has the offset +00:00. They were taken for UTC, so that %(said)s is shown as %(shown)s."
    ),
    "programme_refused": "%(what)s %(mend)s",  # both are sentences of the one reader of such files
    # Rows, events and what they say.
    "no_title": _("There is no title."),
    "no_name": _("There is no name."),
    "no_key": _("It has neither a guid nor an id, so a later import could not find it again."),
    "twice": _("“%(said)s” is there already (%(other)s)."),
    "room_twice": _("The room “%(said)s” is there already."),
    "person_twice": _("“%(said)s” is there already. Give each of two people of one name a code, and use the codes."),
    "said_otherwise": _("“%(said)s” is described in two ways; the first was taken."),
    "abstracts_differ": _("It has two abstracts that differ; the first was taken."),
    "subtitle": _("The subtitle was put before the abstract."),
    "person_without_name": _("Somebody has no name and was left out."),
    "not_accepted": _("It is not accepted (“%(said)s”), so it was left out."),
    "cancelled_there": _("It is cancelled there, so it was left out. Cancel it here by hand: its people are told."),
    "no_kind": _("It does not say what kind of session it is, so it has the kind chosen under %(how_to_read)s."),
    "length_missing": _("It does not say how long it is. Give a length, or one for all under %(how_to_read)s."),
    "length_assumed": _("It does not say how long it is; %(minutes)s minutes were taken, as chosen."),
    "no_length": _("“%(said)s” is no length. Write minutes (45) or hours and minutes (0:45)."),
    "length_out_of_range": _("“%(said)s” is no length between 1 and %(most)s minutes."),
    "no_day": _("“%(said)s” is no day. Write it as 2027-07-02."),
    "day_or_month": _("“%(said)s” can be read in two ways. Write the day as 2027-07-02."),
    "far_day": _("“%(said)s” is too far away."),
    "no_clock": _("“%(said)s” is no time of day. Write it as 14:30."),
    "no_moment": _("“%(said)s” is no day and time. Write them as 2027-07-02 14:30."),
    "no_day_given": _("“%(said)s” has a time and no day."),
    "day_without_time": _("It has a day and no time, so it has no place in the timetable yet."),
    "skipped": _("The clocks never show %(said)s: they jump to %(next)s."),
    "comes_twice": _("The clocks show %(said)s twice; the first was taken."),
    "ends_before_start": _("It ends before it starts (“%(said)s”)."),
    "time_without_room": _("It has a time and no room: the time is kept as its fixed start, any room will do."),
    "room_without_time": _("It has a room and no time: the room is kept as its fixed room."),
    "room_without_seats": _("Nothing says how many seats the room has, so it has none until you say it."),
    "language_unknown": _("“%(said)s” is no code of a language and was left out."),
    "no_language": _("“%(said)s” is no language. Write its code (en) or its name."),
    "no_code": _("“%(said)s” is no code: use letters, digits, hyphens and underscores, and not too many."),
    "no_count": _("“%(said)s” is no whole number."),
    "no_zone": _("“%(said)s” is no time zone."),
    "no_value": _("“%(said)s” cannot be what “%(name)s” is."),
    "names_nothing": _("It names “%(said)s”, which is not in the file or is wrong there."),
    "other_version": _("The archive has the version %(said)s, which is not known here."),
    "other_zone": _("It was written in the time zone %(said)s. Instants stay; the clocks here show other times."),
    "only_codes": _("Its speakers are there by their codes only. Ask the program for their names."),
    "no_guid": _(
        "Sessions without a guid: %(count)s of %(all)s. The conference's name and their number there find them again."
    ),
    "no_date": _(
        "Sessions without a date of their own: %(count)s of %(all)s. Each has that of the day it is listed under; "
        "before the hour at which the file changes the day, that of the next one."
    ),
    "of_the_next_day": _(
        "Sessions that are listed under the day before theirs: %(count)s of %(all)s. Their own dates were taken."
    ),
    "says_none": _("Sessions that say nothing of “%(column)s”: %(count)s of %(all)s. It stays open."),
    "same_name": _("“%(said)s” is the name of several people in the file (%(count)s). They stay apart."),
    "unused_rooms": _("Rooms without a session in the file: %(said)s. They were taken too."),
    "markup": _("Abstracts with HTML: %(count)s. They are kept as they are, and cleaned where they are shown."),
    "repeats": _("It comes several times; the first was taken."),
    "no_places": _("“%(said)s” is no number of places. Leave it empty where any number may come."),
    "no_mailbox": _("“%(said)s” is no e-mail address."),
    "no_country": _("“%(said)s” is no country. Write its two letters, such as KR."),
    "no_pair": _("“%(said)s” does not name two languages. Write it as ko-en."),
    "no_sign_language": _("“%(said)s” is no sign language. Write its code, such as KSL."),
    "no_signup": _("“%(said)s” is no way to sign up. Write open, limited or invitation."),
    "no_address": _("“%(said)s” is no address of a page. It begins with https://."),
    "too_many_people": _("More than %(most)s people are named."),
    "other_number": _("There are %(names)s people and %(found)s addresses. Give each their own, or none."),
    "beside_several": _("It stands beside several people, so nobody can say whose it is, and it was left out."),
    "twice_differing": _("“%(said)s” is there already (%(other)s), with other values. Keep the row that is right."),
    "headings_again": _("The row repeats the headings and was left out."),
    "column_without_heading": _(
        "Column %(number)s has no heading, so it was left out (%(count)s cells). Give it one, or delete it."
    ),
    "title_without_letters": _("The title “%(said)s” has neither letters nor digits, so nobody can search for it."),
    "letters_lost": _("“%(said)s” has letters that another program lost. Write them anew in the file."),
    "code_too_long": _("The code “%(said)s” is longer than %(most)s characters. Shorten it."),
    "code_with_blank": _("The code “%(said)s” has a blank in it. Write a hyphen in its place."),
    "code_begins_so": _("The code “%(said)s” has to begin with a letter or a digit."),
    "code_of_other_letters": _("The code “%(said)s” has letters other than a–z. Write it with A–Z, a–z, 0–9, - and _."),
    "code_by_case_alone": _(
        "The codes “%(said)s” and “%(known)s” (%(other)s) differ by capital letters alone. Give one another code."
    ),
    "negative_length": _("“%(said)s” is less than nothing. Write the length without a minus."),
    "part_of_a_minute": _("“%(said)s” is no whole number of minutes. Round it."),
    "minutes_past_59": _("“%(said)s” has more than 59 minutes or seconds after its hours. Mend the number."),
    "length_span": _("“%(said)s” is from one to another. Write one length, in minutes."),
    "no_such_day": _("The calendar has no day “%(said)s”. Look at its month and its day."),
    "weekday_alone": _("“%(said)s” is a day of the week and comes every week. Write the date, as 2027-07-02."),
    "other_weekday": _("“%(said)s”: %(day)s is another day of the week. Mend one of the two."),
    "month_alone": _("“%(said)s” is a month. Write the day too, as 2027-07-02."),
    "no_year": _("“%(said)s” has no year. Write it as 2027-07-02."),
    "short_year": _("“%(said)s” has a year of two digits. Write all four, as 2027-07-02."),
    "clock_span": _("“%(said)s” is from one time to another. Write the start here and the end in a column of its own."),
    "clock_with_zone": _(
        "“%(said)s” has a time zone beside it. Times are what the clocks of the conference show; write it as 14:30."
    ),
    "day_alone": _("“%(said)s” is a day without a time. Write both, as 2027-07-02 14:30."),
    "hour_alone": _("“%(said)s” is an hour without its minutes. Write it as 14:00."),
    "half_of_no_clock": _("“%(said)s” has an hour that no half of a day has. Leave am or pm out, or mend the hour."),
    "clock_past_next_day": _("“%(said)s” is past the night after its day. Write the day on which it is."),
    "clock_past_its_day": _("“%(said)s” has a time that its day does not have. Write that of the next day, as 00:30."),
    "no_offset": _("“%(said)s” has an offset from UTC that no clock has. Leave it out, or write it as +09:00."),
    "end_contradicts": _(
        "It lasts %(minutes)s minutes, and to its end (“%(said)s”) there are %(found)s. Mend one of the two."
    ),
    "end_differs": _(
        "It is said to last %(minutes)s minutes, and from its start to its end there are %(found)s. The first was "
        "taken."
    ),
    "start_differs": _("It starts at %(said)s, and its date says %(found)s. Its date was taken."),
    "room_differs": _("It is listed under the room “%(found)s” and says “%(said)s”. What it says was taken."),
    "names_itself": _("It is to be kept apart from itself. Name another session."),
    "group_of_one": _("A group has two sessions or more."),
    "day_twice": _("The day %(said)s has its hours twice. Keep those that are right."),
    "hours_overlap": _("The hours of the day %(said)s overlap those of %(other)s."),
    "end_without_start": _("It has an end and no start; the end was left out."),
    "negative_count": _("“%(said)s” is less than nothing. Write a number from 0 on."),
    "part_of_one": _("“%(said)s” has a fraction, and there are whole ones alone. Round it."),
    "count_with_words": _("“%(said)s” has words beside its number. Write the number alone."),
    "count_span": _("“%(said)s” is from one number to another. Write one of them."),
    "count_too_large": _("“%(said)s” is more than %(most)s, the most there can be. Correct the number."),
    "mailbox_for_name": _("“%(said)s” is an e-mail address where a name belongs. Write it into a column of its own."),
    "mailbox_of_nobody": _("“%(said)s” is the address of nobody: no name stands beside it."),
    "mailbox_of_another": _(
        "The address %(said)s has two names, “%(known)s” and “%(name)s”. They were taken for one person with the first."
    ),
    "mailbox_shared": _("The address %(said)s is that of somebody else too (%(other)s). Mails to both go there."),
    "mailbox_with_comma": _("“%(said)s” has a comma where an address has a dot. Mend it."),
    "mailbox_with_blank": _("“%(said)s” has a blank within the address. Take it out."),
    "mailbox_without_at": _("“%(said)s” is no e-mail address: it has no @."),
    "mailbox_with_two_ats": _("“%(said)s” is no e-mail address: it has more than one @."),
    "mailbox_incomplete": _("“%(said)s” is half an e-mail address: one side of its @ is empty."),
    "several_mailboxes": _("“%(said)s” is several e-mail addresses. Write the one to which mails go."),
    "one_mailbox_for_two": _("“%(said)s” has one address for two people. Give each their own."),
    "beside_nobody": _("It stands beside nobody: the row names no people. It was left out."),
    "person_not_listed": _("“%(said)s” is not on the sheet of people. Where another spelling is there, use that one."),
    "room_not_listed": _("“%(said)s” is not on the sheet of rooms. Where another spelling is there, use that one."),
    "unused_people": _("People of the file who appear in no session: %(said)s (%(count)s). They were taken too."),
    "country_unknown": _("“%(said)s” is the code of no country. That of the United Kingdom is GB, that of Korea KR."),
    "language_of_nobody": _("“%(said)s” looks like the code of a language, and there is none. Korean is ko."),
    "pair_of_one": _("“%(said)s” goes from a language to itself. Write the one spoken and the one heard, as ko-en."),
    "address_with_blank": _("“%(said)s” has a blank within the address of a page. Take it out."),
    "address_of_other_kind": _("“%(said)s” is no address of a page that is safe to open. It begins with https://."),
    # The timetable.
    "outside_its_day": _("It lies outside the hours of its day (%(day)s). It was taken as it is."),
    "room_closed": _("The room “%(room)s” is closed then (%(said)s). It was taken as it is."),
    "longer_than_a_day": _("It lasts longer than a day (%(said)s minutes). It was taken as it is."),
    "outside_conference": _("It lies outside the days of the conference (%(said)s). It was taken as it is."),
    "off_grid": _(
        "Starts or lengths off the time grid of %(minutes)s minutes: %(count)s sessions. They were taken as is."
    ),
    "same_room": _("“%(one)s” and “%(other)s” overlap in the room “%(room)s” (%(said)s). Both were taken."),
    "two_places": _("“%(said)s” appears in sessions that overlap (%(count)s times)."),
    "past_midnight": _("Sessions that run past midnight: %(count)s."),
}

_NAMING_PLACES = frozenset({"twice", "twice_differing", "code_by_case_alone", "mailbox_shared"})

_PLACES: Mapping[str, str] = {
    "row": _("row %(number)s"),
    "event": _("event %(number)s"),
    "session": _("session %(number)s"),
    "person": _("person %(number)s"),
    "record": _("record %(number)s"),
}


def in_words(oddity: Oddity) -> str:
    """The sentence, in the language that is active."""
    values = dict(oddity.values)
    if oddity.code in _NAMING_PLACES:
        values["other"] = place_in_words(values["other"])
    named = {"column": oddity.column, "how_to_read": f"“{gettext(HOW_TO_READ)}”"}
    return gettext(SENTENCES[oddity.code]) % (named | values)


def refusal_in_words(refused: Unreadable) -> str:
    """Why a file cannot be read at all."""
    return gettext(SENTENCES[refused.code]) % refused.values


def place_in_words(place: str) -> str:
    """Where in the file something stands."""
    sheet, _bar, rest = place.rpartition("|")[0].partition("|") if place.count("|") >= 2 else (place, "", "")
    if not rest:
        return sheet
    number = place.rpartition("|")[2]
    said = gettext(_PLACES[rest]) % {"number": number}
    return f"{sheet}, {said}" if sheet else said

"""Tables in every form people have them in, and sixty ways in which a row can be wrong, told with row and column."""

from __future__ import annotations

import re
from collections import defaultdict
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from django.utils.translation import gettext

from schedule.exchange.incoming.records import Gathering, HowToRead, SaidRecord, Unreadable, What
from schedule.exchange.incoming.words import SENTENCES, place_in_words
from schedule.exchange.readers.tables.cells import tables_of
from schedule.exchange.readers.tables.sheets import from_table

ASKED = HowToRead(ZoneInfo("Europe/Berlin"), ("en", "ko"), kind="Talk")
GOOD = {
    "code": "A1", "title (en)": "Cities", "minutes": "45", "day": "2027-07-02", "start": "10:00", "room": "Hall",
    "speakers": "Ada Beispiel", "email": "ada@example.org", "languages": "en", "interpretation": "en-ko",
    "sign language": "KSL", "captions": "ko", "sign-up": "open", "places": "20", "expected attendance": "30",
    "address to join online": "https://example.org/a", "end": "", "bio": "",
}  # fmt: skip
# (what is written in the good row instead, the column that is told, the code of the sentence)
BROKEN = [
    ({"title (en)": ""}, "title (en)", "no_title"),
    ({"title (en)": "\u200b"}, "title (en)", "no_title"),
    ({"minutes": ""}, "minutes", "length_missing"),
    ({"minutes": "soon"}, "minutes", "no_length"),
    ({"minutes": "0"}, "minutes", "length_out_of_range"),
    ({"minutes": "-30"}, "minutes", "negative_length"),
    ({"minutes": "1:75"}, "minutes", "minutes_past_59"),
    ({"minutes": "45.5"}, "minutes", "part_of_a_minute"),
    ({"minutes": "99999"}, "minutes", "length_out_of_range"),
    ({"minutes": "45 apples"}, "minutes", "no_length"),
    ({"minutes": "PT"}, "minutes", "no_length"),
    ({"day": "02/07/2027"}, "day", "day_or_month"),
    ({"day": "31.02.2027"}, "day", "no_such_day"),
    ({"day": "2027-13-01"}, "day", "no_such_day"),
    ({"day": "Friday"}, "day", "weekday_alone"),
    ({"day": "0001-01-01"}, "day", "far_day"),
    ({"day": "9999-01-01"}, "day", "far_day"),
    ({"day": "2027-07"}, "day", "month_alone"),
    ({"day": ""}, "start", "no_day_given"),
    ({"start": "25:61"}, "start", "minutes_past_59"),
    ({"start": "noon"}, "start", "no_clock"),
    ({"start": "13:00 pm"}, "start", "half_of_no_clock"),
    ({"start": "10:00:99"}, "start", "minutes_past_59"),
    ({"start": "48:00"}, "start", "clock_past_next_day"),
    ({"start": "10"}, "start", "hour_alone"),
    ({"start": "2027-02-30 10:00"}, "start", "no_such_day"),
    ({"start": "2027-07-02T10:00:00+99:00"}, "start", "no_offset"),
    ({"day": "2027-03-28", "start": "02:30"}, "start", "skipped"),
    ({"start": "2027-03-28 02:30"}, "start", "skipped"),
    ({"code": "A 1"}, "code", "code_with_blank"),
    ({"code": "-A"}, "code", "code_begins_so"),
    ({"code": "Ä1"}, "code", "code_of_other_letters"),
    ({"code": "a/b"}, "code", "no_code"),
    ({"code": "A" * 41}, "code", "code_too_long"),
    ({"email": "ada"}, "email", "mailbox_without_at"),
    ({"email": "ada@"}, "email", "mailbox_incomplete"),
    ({"email": "a b@example.org"}, "email", "mailbox_with_blank"),
    ({"email": "ada@example..org"}, "email", "no_mailbox"),
    ({"email": "ada@example.org; bo@example.org"}, "email", "other_number"),
    ({"speakers": "Ada; Bo; Cy"}, "email", "other_number"),
    ({"speakers": ""}, "email", "mailbox_of_nobody"),
    ({"speakers": ";".join(f"P{n}" for n in range(201)), "email": ""}, "speakers", "too_many_people"),
    ({"languages": "Klingon!"}, "languages", "no_language"),
    ({"languages": "en, ???"}, "languages", "no_language"),
    ({"languages": "English and more"}, "languages", "no_language"),
    ({"interpretation": "en"}, "interpretation", "no_pair"),
    ({"interpretation": "en-ko-fr"}, "interpretation", "no_pair"),
    ({"interpretation": "en-???"}, "interpretation", "no_language"),
    ({"sign language": "K5L"}, "sign language", "no_sign_language"),
    ({"sign language": "K"}, "sign language", "no_sign_language"),
    ({"captions": "1"}, "captions", "no_language"),
    ({"sign-up": "maybe"}, "sign-up", "no_signup"),
    ({"sign-up": "yes"}, "sign-up", "no_signup"),
    ({"places": "0"}, "places", "no_places"),
    ({"places": "many"}, "places", "no_count"),
    ({"places": "-1"}, "places", "negative_count"),
    ({"places": "2.5"}, "places", "part_of_one"),
    ({"expected attendance": "about 30"}, "expected attendance", "count_with_words"),
    ({"expected attendance": "99999999999"}, "expected attendance", "count_too_large"),
    ({"address to join online": "example.org"}, "address to join online", "no_address"),
    ({"address to join online": "javascript:alert(1)"}, "address to join online", "address_of_other_kind"),
    ({"address to join online": "https://exa mple.org"}, "address to join online", "address_with_blank"),
    ({"minutes": "30-45"}, "minutes", "length_span"),
    ({"day": "7/2"}, "day", "no_year"),
    ({"day": "2.7.27"}, "day", "short_year"),
    ({"day": "Mon 2027-07-02"}, "day", "other_weekday"),
    ({"day": "2027년 7월 2일 (목)"}, "day", "other_weekday"),
    ({"start": "10:00-11:00"}, "start", "clock_span"),
    ({"start": "2027-07-02 24:30"}, "start", "clock_past_its_day"),
    ({"start": "2027-07-02 at ten"}, "start", "no_moment"),
    ({"end": "11:30"}, "end", "end_contradicts"),
    ({"minutes": "", "end": "2027-07-02 09:00"}, "end", "ends_before_start"),
    ({"code": "a2"}, "code", "code_by_case_alone"),
    ({"code": "A2"}, "", "twice_differing"),
    ({"email": "ada@example,org"}, "email", "mailbox_with_comma"),
    ({"email": "ada@bo@example.org"}, "email", "mailbox_with_two_ats"),
    ({"speakers": "Ada; Bo", "email": "x@example.org; X@example.org"}, "email", "one_mailbox_for_two"),
    ({"speakers": "ada@example.org", "email": ""}, "speakers", "mailbox_for_name"),
    ({"languages": "qq"}, "languages", "language_of_nobody"),
    ({"interpretation": "en-en"}, "interpretation", "pair_of_one"),
    ({"places": "20-30"}, "places", "count_span"),
    ({"room": "#N/A"}, "room", "cell_error"),
    ({"code": "a.b"}, "code", "no_code"),
    ({"minutes": "soon", "code": "A3"}, "minutes", "no_length"),
]  # fmt: skip
PEOPLE = {"code": "P1", "name": "Ada", "email": "ada@example.org", "country": "KR", "language": "ko"}
ROOMS = {"code": "R1", "name": "Hall", "seats": "80"}
# The same for sheets of people and of rooms.
BROKEN_PEOPLE = [
    ({"name": ""}, "name", "no_name"),
    ({"name": "Bo"}, "name", "person_twice"),
    ({"email": "ada@example.org, bo@example.org"}, "email", "several_mailboxes"),
    ({"email": "ada@example..org"}, "email", "no_mailbox"),
    ({"country": "Korea"}, "country", "no_country"),
    ({"country": "XX"}, "country", "country_unknown"),
    ({"language": "Korean or so"}, "language", "no_language"),
    ({"code": "p2"}, "code", "code_by_case_alone"),
]
BROKEN_ROOMS = [
    ({"name": "", "code": ""}, "name", "no_name"),
    ({"name": "Attic"}, "name", "room_twice"),
    ({"seats": "-80"}, "seats", "negative_count"),
    ({"seats": "eighty"}, "seats", "no_count"),
    ({"seats": "80 chairs"}, "seats", "count_with_words"),
    ({"code": "r2"}, "code", "code_by_case_alone"),
    ({"code": "R 1"}, "code", "code_with_blank"),
]
# What is told of a row that is taken all the same.
ODD = [
    ({"title (en)": "🎉"}, "title (en)", "title_without_letters"),
    ({"title (en)": "Caf\ufffd"}, "title (en)", "letters_lost"),
    ({"start": "", "day": "", "room": "", "end": "11:00"}, "end", "end_without_start"),
    ({"speakers": "", "email": "", "bio": "Of the city."}, "bio", "beside_nobody"),
    ({"speakers": "A. Beispiel"}, "", "mailbox_of_another"),
    ({"start": "", "room": ""}, "day", "day_without_time"),
    ({"room": ""}, "", "time_without_room"),
    ({"day": "", "start": ""}, "", "room_without_time"),
    ({"speakers": "Ada; Bo", "email": "", "bio": "Of the city."}, "bio", "beside_several"),
]


_HANGUL, _ENGLISH = re.compile("[가-힣]{2}"), re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")


def table(*rows: dict[str, str]) -> bytes:
    lines = ["\t".join(rows[0]), *("\t".join(row.values()) for row in rows)]
    return "\n".join(lines).encode()


def gathered(data: bytes, asked: HowToRead = ASKED) -> Gathering:
    found = Gathering(asked)
    from_table(data, found)
    return found


def sessions(found: Gathering) -> list[SaidRecord]:
    return [record for record in found.records if record.what is What.SESSION]


def test_the_good_row_is_good() -> None:
    found = gathered(table(GOOD))
    assert (len(sessions(found)), [one for one in found.oddities if one.is_wrong]) == (1, [])


@pytest.mark.parametrize(("instead", "column", "code"), BROKEN)
def test_a_broken_row_is_told_and_the_others_are_taken(instead: dict[str, str], column: str, code: str) -> None:
    good = GOOD | {"code": "A2", "title (en)": "Another"}
    found = gathered(table(good, GOOD | instead))
    wrong = [one for one in found.oddities if one.is_wrong]
    assert [(place_in_words(one.place), one.column, one.code) for one in wrong] == [("row 3", column, code)]
    assert [record.said["code"] for record in sessions(found)] == ["A2"]


@pytest.mark.parametrize(
    ("about", "good", "other", "instead", "column", "code"),
    [
        *((What.PERSON, PEOPLE, {"code": "P2", "name": "Bo", "email": ""}, *one) for one in BROKEN_PEOPLE),
        *((What.ROOM, ROOMS, {"code": "R2", "name": "Attic"}, *one) for one in BROKEN_ROOMS),
    ],
)
def test_a_broken_person_or_room_is_told_in_its_sheet(
    about: What, good: dict[str, str], other: dict[str, str], instead: dict[str, str], column: str, code: str
) -> None:
    found = gathered(table(good | other, good | instead))
    wrong = [one for one in found.oddities if one.is_wrong]
    assert [(place_in_words(one.place), one.column, one.code) for one in wrong] == [("row 3", column, code)]
    assert [record.said["code"] for record in found.records if record.what is about] == [other["code"]]


@pytest.mark.parametrize(("instead", "column", "code"), ODD)
def test_an_odd_row_is_taken_and_told(instead: dict[str, str], column: str, code: str) -> None:
    good = GOOD | {"code": "A2", "title (en)": "Another"}
    found = gathered(table(good, GOOD | instead))
    told = [(place_in_words(one.place), one.column, one.code) for one in found.oddities if one.code != "no_kind"]
    assert (told, len(sessions(found))) == ([("row 3", column, code)], 2)


def test_sixty_kinds_have_words_of_their_own_in_every_language() -> None:
    kinds = sorted({code for _instead, _column, code in (*BROKEN, *BROKEN_PEOPLE, *BROKEN_ROOMS, *ODD)})
    assert len(kinds) >= 60
    values: dict[str, str] = defaultdict(lambda: "X")
    for code in kinds:
        with translation.override("en"):
            english = gettext(SENTENCES[code]) % values
        with translation.override("ko"):
            korean = gettext(SENTENCES[code]) % values
        assert (code, english == SENTENCES[code] % values, bool(_HANGUL.search(korean))) == (code, True, True)
        assert not _ENGLISH.search(korean), korean
    assert len({SENTENCES[code] for code in kinds}) == len(kinds)


def test_a_row_with_several_faults_tells_all_of_them() -> None:
    found = gathered(table(GOOD | {"title (en)": "", "minutes": "x", "day": "y", "places": "z"}))
    assert [one.code for one in found.oddities if one.is_wrong] == ["no_title", "no_day", "no_length", "no_count"]
    assert found.records == []


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([GOOD, GOOD], ["twice"]),
        ([GOOD, GOOD | {"code": ""}], []),
        ([GOOD | {"code": ""}, GOOD | {"code": ""}], []),
    ],
)
def test_two_rows_of_one_code_are_one_too_many(rows: list[dict[str, str]], codes: list[str]) -> None:
    found = gathered(table(*rows))
    assert [one.code for one in found.oddities if one.is_wrong] == codes
    assert len(sessions(found)) == len(rows) - len(codes)


@pytest.mark.parametrize(
    ("start", "day", "shown"),
    [
        ("10:00", "2.7.2027", "2027-07-02 10:00"),
        ("10.00", "2027년 7월 2일", "2027-07-02 10:00"),
        ("10:00 pm", "7/22/2027", "2027-07-22 22:00"),
        ("25:30", "2027-07-02", "2027-07-03 01:30"),
        ("2027-07-02T08:00:00Z", "", "2027-07-02 10:00"),
        ("2027-10-31 02:30", "", "2027-10-31 02:30"),
        ("10:00", "2027-07-02 00:00", "2027-07-02 10:00"),
    ],
)
def test_days_and_clocks_are_read_as_they_are_written(start: str, day: str, shown: str) -> None:
    found = sessions(gathered(table(GOOD | {"start": start, "day": day})))
    assert [f"{record.said['start']:%Y-%m-%d %H:%M}" for record in found] == [shown]


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        *(("45", 45), ("45.0", 45), ("0:45", 45), ("00:45:00", 45), ("1:00:30:00", 1470)),
        *(("PT1H30M", 90), ("1 h 30 min", 90), ("90분", 90)),
    ],
)
def test_lengths_are_read_as_they_are_written(written: str, minutes: int) -> None:
    found = sessions(gathered(table(GOOD | {"minutes": written})))
    assert [record.said["duration_minutes"] for record in found] == [minutes]


def test_an_end_before_its_start_on_the_clock_is_after_midnight() -> None:
    found = gathered(b"title;day;start;end\nNight;2027-07-02;23:30;01:00\nBack;2027-07-02;10:00;2027-07-02 09:00\n")
    assert [record.said["duration_minutes"] for record in sessions(found)] == [90]
    assert [(one.code, one.column) for one in found.oddities if one.is_wrong] == [("ends_before_start", "end")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_letters_and_separators_are_recognised(encoding: str, separator: str) -> None:
    text = (
        separator.join(["제목", "시간(분)", "장소"])
        + "\r\n"
        + separator.join(["인권 도시, 그리고 “똠방”", "45", "강당"])
    )
    written = text.replace("인권 도시, 그리고 “똠방”", '"인권 도시, 그리고; 똠방"')
    (found,) = tables_of(written.encode(encoding))
    assert found.rows[1] == ["인권 도시, 그리고; 똠방", "45", "강당"]


def test_western_letters_are_no_korean() -> None:
    for text in ("Titel;Raum\nCafé „Ärger“ – naïve;Größe", "title,room\nÄpfel,Ñandú", "title\n“Quoted”"):
        (found,) = tables_of(text.encode("cp1252"))
        assert (found.encoding, found.rows[-1][0][:4]) == ("cp1252", text.split("\n")[1][:4])


def test_a_line_of_excels_own_says_the_separator() -> None:
    assert tables_of(b"sep=|\r\na|b\r\n1|2\r\n")[0].rows == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize(
    "data",
    [
        b'Code,Title,Minutes\nA,"One,45\nB,Two,30\nC,Three,30\n',
        b'Code,Title,Minutes\nA,"One,45\nB,"Two",30\n',
        b'Code,Title,Minutes\nA,"The "new" city",45\n',
    ],
)
def test_quotation_marks_that_do_not_pair_swallow_no_rows(data: bytes) -> None:
    with pytest.raises(Unreadable, match="quote_open") as refused:
        gathered(data)
    assert refused.value.values == {"line": 2}


@pytest.mark.parametrize(
    "data", [b"Code|Title|Minutes\nA|One, two|45\n", b'\xef\xbb\xbfCode,Title,Minutes\n\xef\xbb\xbfA,"One, two",45\n']
)
def test_bars_separate_too_and_marks_in_the_middle_are_none(data: bytes) -> None:
    (session,) = [one for one in gathered(data).records if one.what is What.SESSION]
    assert (session.key, session.said["title"]) == ("code:A", {"": "One, two"})


def test_what_easychair_and_papercall_write() -> None:
    easychair = (
        b"submission_id,title,authors,keywords,decision\n"
        b'17,"Opening, a study","Ada Beispiel and Bo Muster",x,accept\n18,No,Cy,,reject\n'
    )
    found = gathered(easychair, HowToRead(ZoneInfo("Europe/Berlin"), ("en",), kind="Talk", minutes=20))
    (record,) = sessions(found)
    assert (record.key, record.said["title"], record.said["duration_minutes"]) == (
        "row:17",
        {"": "Opening, a study"},
        20,
    )
    assert [r.said["name"][""] for r in found.records if r.what is What.PERSON] == ["Ada Beispiel", "Bo Muster"]
    told = [(one.code, one.column) for one in found.oddities]
    assert told == [
        ("column_ignored", "keywords"),
        ("length_assumed", ""),
        ("no_kind", ""),
        ("not_accepted", "decision"),
    ]
    papercall = (
        b"name,email,title,abstract,talk_format,audience_level,tags\n"
        b'Ada Beispiel,ada@example.org,Opening,"Hello\nall",Talk (30 minutes),All,community\n'
    )
    found = gathered(papercall)
    (record,) = sessions(found)
    assert (record.said["duration_minutes"], record.said["kind"], record.said["abstract"]) == (
        30,
        "name:talk",
        {"": "Hello\nall"},
    )
    people = [(r.key, r.said["email"]) for r in found.records if r.what is What.PERSON]
    assert people == [("mail:ada@example.org", "ada@example.org")]


def test_a_table_as_json_is_a_table() -> None:
    found = gathered(b'[{"ID": "AB", "Title": {"en": "One"}, "Duration": 30, "Speaker names": ["Ada", "Bo"]}]')
    (record,) = sessions(found)
    assert (record.key, record.said["title"], len(record.said["people"])) == ("row:AB", {"": "One"}, 2)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04", b"[1, 2]"])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        gathered(data)

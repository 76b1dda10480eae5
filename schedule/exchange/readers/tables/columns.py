"""What a column can hold, and by which headings that is recognised: our own, other programs', and what people write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from babel import Locale, UnknownLocaleError

from schedule.exchange.incoming.records import What
from schedule.exchange.readers.tables.cells import in_brackets
from schedule.exchange.readers.tables.labels import in_every_language

IGNORED = ""
# By what a sheet is about: what its columns can hold. Those of TEXTS may be followed by ":" and a language.
TARGETS: Mapping[What, Sequence[str]] = {
    What.SESSION: (
        "key", "code", "title", "abstract", "kind", "theme", "minutes", "day", "start", "end", "room", "people",
        "emails", "biographies", "affiliations", "hosts", "languages", "interpretation", "sign", "captions", "signup",
        "places", "expected", "online", "status",
    ),
    What.ROOM: ("code", "name", "seats", "features", "floor"),
    What.PERSON: ("code", "name", "email", "affiliation", "country", "language", "biography"),
}  # fmt: skip
TEXTS = frozenset({"title", "abstract", "name", "biography"})
_HEADINGS: Mapping[str, str] = {
    "key": "id|submission id|session id|proposal id|paper id|#|번호|nr|guid|identifier",
    "code": "code|코드|kürzel|short code",
    "title": "title|session title|talk title|session|제목|세션|세션 제목|titel|name of session|proposal title",
    "abstract": "abstract|description|summary|초록|설명|내용|beschreibung|zusammenfassung|abstrakt",
    "kind": "kind|type|session type|session format|format|talk format|submission type|종류|유형|형식|art|typ",
    "theme": "theme|track|assigned track|topic|주제|트랙|thema|strang",
    "minutes": "minutes|duration|length|duration minutes|minuten|dauer|시간 분|분|길이|소요 시간",
    "day": "day|date|날짜|일자|tag|datum",
    "start": "start|starts|start time|begin|from|time|scheduled at|시작|시작 시간|시작 시각|beginn|von|uhrzeit",
    "end": "end|ends|end time|until|to|끝|종료|종료 시간|종료 시각|ende|bis",
    "room": "room|location|venue|hall|방|회의실|장소|raum|saal|ort",
    "people": "people|speakers|speaker|authors|author|presenter|presenters|speaker names|name|연사|발표자|참가자|사람|personen|referenten|referent|vortragende|autoren",  # noqa: E501  # one row a column
    "emails": "email|emails|speaker email|speaker emails|e mail|e mails|이메일|전자우편|메일",
    "biographies": "bio|biography|speaker bio|about the speaker|소개|약력|biografie",
    "affiliations": "affiliation|affiliations|organization|organisation|company|companies|소속|firma",
    "hosts": "hosts|host|organisations|organizations|주최|주관|veranstalter",
    "languages": "languages|language|언어|sprache|sprachen",
    "interpretation": "interpretation|통역|verdolmetschung|dolmetschung",
    "sign": "sign language|sign languages|수어|gebärdensprache",
    "captions": "captions|자막|untertitel",
    "signup": "sign up|signup|신청|참가 신청|anmeldung",
    "places": "places|places at most|cap|정원|plätze",
    "expected": "expected|expected attendance|예상 인원|erwartet",
    "online": "online|address to join online|link to join|온라인|온라인 주소",
    "status": "status|state|decision|accepted|상태|결정|entscheidung",
    "name": "name|이름|full name|room|room name|방|회의실|raum",
    "seats": "seats|capacity|좌석|수용 인원|plätze|sitzplätze|kapazität",
    "features": "features|equipment|설비|ausstattung",
    "floor": "floor|building|floor or building|층|건물|etage|gebäude",
    "email": "email|e mail|e mail address|이메일|전자우편",
    "affiliation": "affiliation|organization|organisation|company|소속|firma",
    "country": "country|국가|나라|land",
    "language": "language|language for mails|언어|sprache",
    "biography": "bio|biography|about|about the person|소개|약력|biografie",
}
_SHEETS: Mapping[What, str] = {
    What.SESSION: "sessions|programme|program|schedule|세션|프로그램|일정|sitzungen|programm",
    What.ROOM: "rooms|방|회의실|장소|räume",
    What.PERSON: "people|speakers|사람|연사|참가자|personen|referenten",
}
# What makes a sheet one of these where its name does not say it, in the order in which they are asked for.
_TELLING: Mapping[What, frozenset[str]] = {
    What.SESSION: frozenset({"title"}),
    What.ROOM: frozenset({"seats"}),
    What.PERSON: frozenset({"email", "affiliation", "biography"}),
}
_SEARCHED_ROWS = 10


def column_named(about: What, heading: str, languages: Sequence[str]) -> str:
    """What a column with this heading holds; `IGNORED` where nobody can say."""
    plain, language = heading, ""
    before, inside = in_brackets(heading)
    if inside:
        language = language_named(inside, languages)
        plain = before if language else heading
    if not language and (worded := re.match(r"(.+?)[_:\s]([a-z]{2})\Z", heading.strip())) and worded[2] in languages:
        plain, language = worded[1], worded[2]
    said = _plain(plain)
    for target in TARGETS[about]:
        if said in _HEADINGS[target].split("|") or plain.strip().casefold() in in_every_language()[target]:
            return f"{target}:{language}" if language and target in TEXTS else target
    return IGNORED


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[_\-*:./]+", " ", heading.casefold()).split())


def language_named(said: str, languages: Sequence[str]) -> str:
    """The code of a language that is named by its code, or in English, Korean, German or its own words."""
    wanted = said.strip().casefold()
    for code in (*languages, *_MORE):
        if wanted == code.casefold() or wanted in _names(code):
            return code
    return ""


_MORE = ("en", "ko", "de", "fr", "es", "ja", "zh", "it", "pt", "ru", "ar", "nl", "pl", "tr", "vi", "id", "th", "uk")


def _names(code: str) -> set[str]:
    names = set()
    for spoken in ("en", "ko", "de", code):
        try:
            name = Locale.parse(spoken, sep="-").languages.get(code.partition("-")[0])
        except (ValueError, UnknownLocaleError):
            name = None
        if name:
            names.add(name.casefold())
    return names


def headings_of(rows: Sequence[Sequence[str]], about: What, languages: Sequence[str]) -> int | None:
    """Which row has the headings: of the first ones that which says most; None where there is nothing.

    One word that is known makes no headings of a row below others: a room may be called "Hall".
    """
    best, most = None, -1
    for number, row in enumerate(rows[:_SEARCHED_ROWS]):
        if filled := sum(1 for cell in row if cell.strip()):
            known = sum(1 for cell in row if column_named(about, cell, languages))
            if known > most and (best is None or known > 1 or filled == 1):
                best, most = number, known
    return best


def about_of(name: str, rows: Sequence[Sequence[str]], languages: Sequence[str]) -> What | None:
    """What a sheet is about, by its headings and its name; None where neither says it."""
    said = _plain(name)
    for what, names in _SHEETS.items():
        if said in names.split("|"):
            return what
    for what, telling in _TELLING.items():
        number = headings_of(rows, what, languages)
        if number is not None:
            found = {column_named(what, cell, languages).partition(":")[0] for cell in rows[number]}
            if found & telling and len(found - {IGNORED}) > 1:
                return what
    return None


def columns_of(about: What, headings: Sequence[str], languages: Sequence[str]) -> tuple[str, ...]:
    """What each column holds, "session.title:en"; of two that seem to hold the same the first."""
    found: list[str] = []
    for heading in headings:
        target = column_named(about, heading, languages)
        named = f"{about.value}.{target}" if target else IGNORED
        found.append(named if named not in found else IGNORED)
    if about is What.SESSION and "session.title" not in {one.partition(":")[0] for one in found}:
        # In a list of talks "name" is who gives it; where nothing else could be the title it is that.
        found = [
            "session.title" if one == "session.people" and _plain(heading) == "name" else one
            for one, heading in zip(found, headings, strict=True)
        ]
    return tuple(found)

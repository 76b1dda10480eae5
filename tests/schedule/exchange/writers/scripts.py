"""Names in the world's scripts, and a published programme made of them without a database."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from i18nfield.strings import LazyI18nString

from schedule.exchange.writers.published import (
    PublishedDay,
    PublishedPerson,
    PublishedProgramme,
    PublishedRoom,
    PublishedSession,
    PublishedText,
)

NAMES = {
    "Latin": "Łukasz Þórðarson-Nguyễn",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Ђорђе Шевченко Ң",
    "Armenian": "Արամ Խաչատրյան",
    "Georgian": "ნინო ჭავჭავაძე",
    "Hebrew": "נועה בן־דוד",
    "Arabic": "فاطمة الزهراء پژمان",
    "Devanagari": "प्रिया क्षत्रिय",
    "Bengali": "অনন্যা চট্টোপাধ্যায়",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Gujarati": "નરેન્દ્ર પટેલ",
    "Oriya": "ସୁଭଦ୍ରା ମିଶ୍ର",
    "Tamil": "தமிழ்ச்செல்வி",
    "Telugu": "శ్రీనివాస్ రెడ్డి",
    "Kannada": "ಕೃಷ್ಣಮೂರ್ತಿ",
    "Malayalam": "ശ്രീകുമാർ",
    "Sinhala": "චන්ද්‍රිකා",
    "Thai": "ธีรพัฒน์ น้ำใจ",
    "Lao": "ສົມສັກ ພົມວິຫານ",
    "Khmer": "សុខា ព្រហ្មបុត្រ",
    "Burmese": "အောင်ဆန်းစုကြည်",
    "Amharic": "ሃይለ ገብረሥላሴ",
    "Han (simplified)": "张伟 习语讲座",
    "Han (traditional)": "陳怡君 煒",
    "Han (names)": "髙橋 﨑 堃 喆",
    "Kana": "ひらがな カタカナ ｶﾅ",
    "Hangul": "김민수 뷁 똠",
    "Emoji": "🚀 ❤️ 👩🏽‍💻 🇰🇷 1️⃣",
}
# What somebody pastes or a program leaves behind, and what of it is to be read in a file of plain text.
HOSTILE = {
    "controls": ("a\x00b\x07c\x1bd\x7fe", "abcde"),
    "line ends": ("one\r\ntwo", "one\r\ntwo"),
    "direction": ("a\u202etxt.exe\u202c \u2066b\u2069", "a\u202etxt.exe\u202c \u2066b\u2069"),
    "marks of order": ("\ufeffa\ufeffb\ufffec\uffff", "\ufeffa\ufeffbc"),
    "long": ("W" * 300, "W" * 300),
    "markup": ("<b>&amp; \"x\" ]]> --> 'y' #panic() $x$ \\", "<b>&amp; \"x\" ]]> --> 'y' #panic() $x$ \\"),
}
ZONE = ZoneInfo("Asia/Seoul")


def text(value: str) -> PublishedText:
    return PublishedText(LazyI18nString({"en": value}))


def session(
    code: str, title: str, start: str = "10:00", minutes: int = 60, room: PublishedRoom | None = None, abstract: str = ""
) -> PublishedSession:
    begins = datetime.fromisoformat(f"2027-03-27T{start}").replace(tzinfo=ZONE)
    return PublishedSession(
        guid=uuid.uuid5(uuid.NAMESPACE_URL, code),
        number=uuid.uuid5(uuid.NAMESPACE_URL, code).int >> 97,
        code=code,
        url=f"https://plenary.example/forum/sessions/{code}/",
        kind_code="talk",
        kind=text(title),
        title=text(title),
        abstract=text(abstract or title),
        start=begins,
        end=begins + timedelta(minutes=minutes),
        room=room or hall(),
        languages=("en",),
        interpretation_pairs=("ko-en",),
        sign_languages=(),
        caption_languages=(),
        hosts=(text(title),),
        people=(PublishedPerson(uuid.uuid5(uuid.NAMESPACE_URL, f"{code}-person"), text(title)),),
        by_invitation=False,
    )


def hall(name: str = "Hall") -> PublishedRoom:
    return PublishedRoom(name.upper(), uuid.uuid5(uuid.NAMESPACE_URL, name), text(name), 100)


def programme(sessions: Sequence[PublishedSession], name: str = "Forum") -> PublishedProgramme:
    rooms = {one.room.code: one.room for one in sessions}
    day = PublishedDay(
        1, date(2027, 3, 27), min(one.start for one in sessions), max(one.end for one in sessions), tuple(sessions)
    )
    return PublishedProgramme(
        slug="forum",
        name=text(name),
        theme=text(name),
        venue=text(name),
        sample_note=text(""),
        url="https://plenary.example/forum/",
        timezone="Asia/Seoul",
        languages=("en",),
        starts_on=date(2027, 3, 27),
        ends_on=date(2027, 3, 28),
        slot_minutes=15,
        number=1,
        published_at=datetime(2027, 1, 1, 12, tzinfo=ZONE),
        rooms=tuple(rooms.values()),
        days=(day,),
    )

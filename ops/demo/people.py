"""Sample participants: made-up names that say so in their own language, and addresses that reach nobody (RFC 2606)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from registration.domain.registrations.answers import Answers
from schedule.models import Session, SignupPolicy

# (country, language of mails, first parts, second parts, what joins them). Every name is of a storybook, or means
# "sample" or "example" to its readers.
_NAMES: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...], str], ...] = (
    (
        "KR",
        "ko",
        ("홍", "성", "심", "임", "허", "장", "전"),
        ("길동", "춘향", "청", "꺽정", "생원", "화홍련", "우치", "보기", "견본", "예시"),
        "",
    ),
    ("GB", "en", ("Robin", "Alice", "Peter", "Wendy", "Oliver"), ("Sample", "Example", "Placeholder", "Testwell"), " "),
    ("US", "en", ("Jane", "John", "Huck", "Dorothy"), ("Doe-Example", "Specimen", "Sampleton"), " "),
    ("DE", "en", ("Erika", "Max"), ("Mustermann", "Musterfrau", "Beispiel"), " "),
    ("FR", "en", ("Amélie", "Zoé", "Loïc"), ("Exemple", "Échantillon"), " "),
    ("ES", "en", ("Fulano", "Mengana", "Zutano"), ("Ejemplo", "Muestra"), " "),
    ("JP", "en", ("見本", "例"), ("太郎", "花子"), " "),
    ("CN", "en", ("样", "范"), ("例一", "本二", "例三"), ""),
    ("SA", "en", ("علاء", "شهرزاد", "سندباد"), ("المثال", "النموذج"), " "),
    ("IN", "en", ("उदाहरण", "नमूना"), ("कुमार", "देवी"), " "),
    ("TH", "en", ("สมชาย", "สมหญิง"), ("ตัวอย่าง",), " "),
    ("UA", "en", ("Приклад", "Зразок"), ("Іваненко", "Шевченко-Тест"), " "),
    ("ID", "en", ("Contoh", "Misal"), ("Wijaya", "Sari"), " "),
)
LIMITED_DRAWS = 3.5
_SHARES = (60, 8, 5, 4, 3, 3, 4, 3, 2, 2, 2, 2, 2)
_ORGANISATIONS = (
    "",
    "",
    "예시 인권센터",
    "Example City Council",
    "Sample Human Rights Network",
    "견본 시민모임",
    "Placeholder University",
)
_NEEDS = ((), (), (), (), (), (), (), ("captions",), ("wheelchair-place",), ("sign-ksl",), ("large-print",))
_DIETS = ("", "", "", "", "vegetarian", "vegan", "halal")


@dataclass(frozen=True)
class SamplePerson:
    email: str
    answers: Answers


def address(number: int) -> str:
    return f"participant-{number:04}@example.org"


def sample_people(count: int, *, seed: int, sessions: Sequence[Session]) -> list[SamplePerson]:
    """`count` people with two to four ranked wishes each; the same for the same seed and sessions.

    A session is wished for the more, the more people it expects, and sessions with limited places more than they
    hold; sessions held in Korean alone are wished by those who read Korean.
    """
    chance = random.Random(seed)  # noqa: S311  # a repeatable sample, not a secret
    return [_person(number, chance, sessions) for number in range(1, count + 1)]


def _person(number: int, chance: random.Random, sessions: Sequence[Session]) -> SamplePerson:
    country, language, first, second, joint = chance.choices(_NAMES, weights=_SHARES)[0]
    open_to = [one for one in sessions if language == "ko" or one.languages != ["ko"]]
    answers = Answers(
        display_name=f"{chance.choice(first)}{joint}{chance.choice(second)}",
        country=country,
        affiliation=chance.choice(_ORGANISATIONS),
        language=language,
        access_needs=chance.choice(_NEEDS),
        diet=chance.choice(_DIETS),
        wishes=_wishes(open_to, chance, chance.randint(2, 4)),
    )
    return SamplePerson(address(number), answers)


def _wishes(sessions: Sequence[Session], chance: random.Random, count: int) -> tuple[str, ...]:
    left = {session.code: _draw(session) for session in sessions}
    wishes = []
    for _ in range(min(count, len(left))):
        code = chance.choices(list(left), weights=list(left.values()))[0]
        del left[code]
        wishes.append(code)
    return tuple(wishes)


def _draw(session: Session) -> float:
    return max(session.expected_attendance, 1) * (LIMITED_DRAWS if session.signup == SignupPolicy.LIMITED else 1)

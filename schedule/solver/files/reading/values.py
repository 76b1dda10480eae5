"""Kinds of values that any record may have: text, numbers, choices, codes and lists of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from schedule.vocabulary.limits import MOST_COUNTED
from values.text import fault, is_nothing, one_form

from .record import Fields, Record, Value, shown

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
_CLEAN = ("not_text", "not_shown", "turns_direction", "empty", "too_long")
_UNKNOWN = ("unknown_code", "unknown_code_of_few")
_FEW = 12


def clean(record: Record, key: str, value: Any, *, longest: int, required: bool, lines: bool = False) -> str | None:
    """Text in its one form (values.text): of one line, or with `lines` of several, each ended by "\\n"."""
    if not isinstance(value, str):
        record.wrong("not_text", key, value=shown(value))
        return None
    text = one_form(value, lines=lines)
    if (found := fault(text)) is not None:
        record.wrong(found.value, key)
        return None
    if required and not text:
        record.wrong("empty", key)
    if len(text) > longest:
        record.wrong("too_long", key, length=len(text), longest=longest)
    return text


def unknown(record: Record, key: str, value: Any, known: Collection[str]) -> None:
    """Say that no record has this code; the codes there are, if they are few."""
    if known and len(known) <= _FEW:
        record.wrong("unknown_code_of_few", key, value=shown(value), allowed=", ".join(sorted(known)))
    else:
        record.wrong("unknown_code", key, value=shown(value))


class StringField(Value[str]):
    """One line of text; with a `pattern`, what does not match it is `unlike`, which is a finding's code."""

    harmless = ""

    def __init__(
        self, longest: int, *, pattern: re.Pattern[str] | None = None, unlike: str = "", quoted: bool = False
    ) -> None:
        self.longest, self.pattern, self.unlike, self.quoted = longest, pattern, unlike, quoted
        self.codes = (*_CLEAN, *((unlike,) if unlike else ()))

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> str | None:
        text = clean(record, key, value, longest=self.longest, required=required)
        if text and self.pattern and not self.pattern.match(text):
            record.wrong(self.unlike, key, value=shown(text) if self.quoted else text)
        return text

    def schema(self) -> dict[str, Any]:
        pattern = {"pattern": f"^(?:{self.pattern.pattern.removesuffix(chr(92) + 'Z')})$"} if self.pattern else {}
        return {"type": "string", "maxLength": self.longest, **pattern}

    @property
    def words(self) -> str:
        return f"text, at most {self.longest} characters"


class Code(StringField):
    """What other records name this one by."""

    def __init__(self, longest: int = 40) -> None:
        super().__init__(longest, pattern=CODE, unlike="not_a_code", quoted=True)

    @property
    def words(self) -> str:
        return f"code: letters, digits, `-` and `_`, at most {self.longest}"


class Exact(Value[str]):
    """Text of a program's own making, taken as it stands."""

    harmless = ""

    def __init__(self, *, filled: bool = False) -> None:
        self.filled = filled
        self.codes = ("not_text", *(("empty",) if filled else ()))

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> str | None:
        if not isinstance(value, str):
            record.wrong("not_text", key, value=shown(value))
            return None
        if self.filled and is_nothing(value):
            record.wrong("empty", key)
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", **({"minLength": 1} if self.filled else {})}

    @property
    def words(self) -> str:
        return "text"


class Texts(Value[dict[str, str]]):
    """{language: text}. A required one has a text in each language; elsewhere a gap is a warning."""

    harmless: dict[str, str] = {}
    codes = ("not_texts", "other_language", "text_missing", *_CLEAN)

    def __init__(self, longest: int, *, lines: bool = False) -> None:
        self.longest, self.lines = longest, lines

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> dict[str, str] | None:
        languages = record.context.languages
        if not isinstance(value, dict):
            record.wrong("not_texts", key, value=shown(value), language=languages[0] if languages else "en")
            return None
        found = {}
        for language, text in value.items():
            if language not in languages:
                record.warn("other_language", f"{key}.{language[:20]}", language=language[:20])
            elif text is not None:
                place = f"{key}.{language}"
                found[language] = clean(record, place, text, longest=self.longest, required=required, lines=self.lines)
        for language in languages:
            if language not in found:
                say = record.wrong if required else record.warn
                say("text_missing", f"{key}.{language}", language=language)
        return {language: text for language, text in found.items() if text}

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": {"anyOf": [{"type": "string", "maxLength": self.longest}, {"type": "null"}]},
        }

    @property
    def words(self) -> str:
        lines = ", with line breaks" if self.lines else ""
        return f"text in each language, at most {self.longest} characters{lines}"


class Whole(Value[int]):
    """A whole number from `least` to `most`."""

    codes = ("not_whole", "out_of_range")

    def __init__(self, least: int = 0, most: int = MOST_COUNTED) -> None:
        self.least, self.most = least, most
        self.harmless = least

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            record.wrong("not_whole", key, value=shown(value))
            return None
        if not self.least <= value <= self.most:
            record.wrong("out_of_range", key, value=shown(value), least=self.least, most=self.most)
            return None
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    @property
    def words(self) -> str:
        return f"whole number from {self.least} to {self.most}"


class Flag(Value[bool]):
    """true or false."""

    harmless = False
    codes = ("not_a_flag",)

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> bool | None:
        if isinstance(value, bool):
            return value
        record.wrong("not_a_flag", key, value=shown(value))
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    @property
    def words(self) -> str:
        return "`true` or `false`"


class Choice(Value[str]):
    """One of a few words; the first of them is the harmless one."""

    codes = ("not_a_choice",)

    def __init__(self, allowed: Sequence[str]) -> None:
        self.allowed = tuple(allowed)
        self.harmless = self.allowed[0]

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> str | None:
        if isinstance(value, str) and value in self.allowed:
            return value
        record.wrong("not_a_choice", key, value=shown(value), allowed=", ".join(self.allowed))
        return None

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.allowed)}

    @property
    def words(self) -> str:
        return "one of " + ", ".join(f"`{word}`" for word in self.allowed)


class Ref(Value[str]):
    """A code that names another record of the file: one of the `to`, such as "rooms"."""

    harmless = ""
    codes = _UNKNOWN

    def __init__(self, to: str) -> None:
        self.to = to

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> str | None:
        known = record.context.codes[self.to]
        code = one_form(value) if isinstance(value, str) else value
        if isinstance(code, str) and code in known:
            return code
        unknown(record, key, value, known)
        return None

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}

    @property
    def words(self) -> str:
        return f"code of one of the `{self.to}`"


class Refs(Value[tuple[str, ...]]):
    """Codes that name other records, each once."""

    harmless: tuple[str, ...] = ()
    codes = ("not_a_list", "named_twice", *_UNKNOWN)

    def __init__(self, to: str) -> None:
        self.to = to

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> tuple[str, ...] | None:
        known = record.context.codes[self.to]
        found: list[str] = []
        for one in record.list_of(key, value):
            code = one_form(one) if isinstance(one, str) else one
            if not isinstance(code, str) or code not in known:
                unknown(record, key, code, known)
            elif code in found:
                record.wrong("named_twice", key, value=shown(code))
            else:
                found.append(code)
        return tuple(found)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "uniqueItems": True}

    @property
    def words(self) -> str:
        return f"list of codes of the `{self.to}`"


class Groups(Value[tuple[tuple[str, ...], ...]]):
    """Lists of two codes or more; none where the file has no records to name, which is said of those."""

    harmless: tuple[tuple[str, ...], ...] = ()

    def __init__(self, to: str, least: int = 2) -> None:
        self.refs, self.least = Refs(to), least
        self.codes = (*self.refs.codes, "group_of_one")

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> tuple[tuple[str, ...], ...] | None:
        found = []
        problems = record.context.findings.problems
        for index, codes in enumerate(record.list_of(key, value) if record.context.codes[self.refs.to] else []):
            place, before = f"{key}[{index}]", len(problems)
            group = Record({place: codes}, record.where, record.context).read(self.refs, place) or ()
            if len(group) < self.least and len(problems) == before:
                record.wrong("group_of_one", place)
            found.append(group)
        return tuple(found)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {**self.refs.schema(), "minItems": self.least}}

    @property
    def words(self) -> str:
        return f"list of groups, each a list of codes of the `{self.refs.to}`"


class WordsField(Value[tuple[str, ...]]):
    """A list of short texts; one that is there again is left out."""

    harmless: tuple[str, ...] = ()

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.codes = ("not_a_list", *_CLEAN)

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> tuple[str, ...] | None:
        found: list[str] = []
        for one in record.list_of(key, value):
            word = clean(record, key, one, longest=self.longest, required=True)
            if word and word not in found:
                found.append(word)
        return tuple(found)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": self.longest}}

    @property
    def words(self) -> str:
        return f"list of texts, each at most {self.longest} characters"


class Anything(Value[Any]):
    """What is not looked into."""

    harmless = None

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {}

    @property
    def words(self) -> str:
        return "anything"


class Object(Value[None]):
    """A record inside of this one, read with `Record.record`."""

    codes: tuple[str, ...] = ("not_an_object",)
    harmless = None

    def __init__(self, fields: type[Fields], title: str) -> None:
        self.fields, self.title = fields, title

    def read(self, record: Record, key: str, value: Any, *, required: bool) -> None:
        raise NotImplementedError("records are read by Record.record and Record.records")

    def schema(self) -> dict[str, Any]:
        return self.fields.schema()

    @property
    def words(self) -> str:
        return f"[{self.title}](#{self.title.replace(' ', '-')})"


class Objects(Object):
    """A list of records, read with `Record.records`."""

    codes = ("not_a_list", "not_an_object")

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.fields.schema()}

    @property
    def words(self) -> str:
        return f"list of [{self.title}](#{self.title.replace(' ', '-')})"

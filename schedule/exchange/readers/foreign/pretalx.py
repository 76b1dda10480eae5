"""pretalx' API: a page of submissions or talks, with speakers beside or within them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schedule.exchange.incoming.moments import Stamps
from schedule.exchange.incoming.records import Gathering, Unreadable, What, at, text
from schedule.exchange.readers.foreign.events import UNTOLD, EventSaid, take, words

# Of a submission that takes place; without a state it is one of the published programme.
_TAKEN = frozenset({"accepted", "confirmed", ""})
_CANCELLED = frozenset({"canceled", "cancelled"})


def is_one(results: Any) -> bool:
    """Whether these are submissions."""
    return isinstance(results, list) and bool(results) and all(
        isinstance(one, Mapping) and "title" in one and "code" in one and "submission_type" in one for one in results
    )  # fmt: skip


def gather(results: Sequence[Mapping[str, Any]], gathered: Gathering, *, all_there_are: int | None = None) -> None:
    """Gather what a list of submissions says; `all_there_are` counts those of all pages, where the file says it."""
    if all_there_are is not None and all_there_are > len(results):
        gathered.note("one_page", found=len(results), count=all_there_are)
    slots = {id(one): _slot(one) for one in results}
    stamps = Stamps(gathered, [str(slot["start"]) for slot in slots.values() if slot.get("start")])
    for one in results:
        place = at("session", one.get("code"))
        state = str(one.get("state") or "").lower()
        if state not in _TAKEN:
            gathered.note("cancelled_there" if state in _CANCELLED else "not_accepted", place, said=state)
            continue
        _submission(one, slots[id(one)], stamps, place, gathered)


def _slot(one: Mapping[str, Any]) -> Mapping[str, Any]:
    slots = one.get("slots")
    found = slots[0] if isinstance(slots, list) and slots else one.get("slot")
    return found if isinstance(found, Mapping) else {}


def _submission(
    one: Mapping[str, Any], slot: Mapping[str, Any], stamps: Stamps, place: str, gathered: Gathering
) -> None:
    try:
        start, until = (stamps.read(str(slot[name])) if slot.get(name) else None for name in ("start", "end"))
    except Unreadable as refused:
        gathered.wrong(refused.code, place, "start", **refused.values)
        return
    if isinstance(one.get("slots"), list) and len(one["slots"]) > 1:
        gathered.note("repeats", place)
    own = str(one.get("content_locale") or "")
    # Notes for colleagues (`internal_notes`) and for organizers (`notes`) are not taken.
    parts = [str(one.get(name) or "") for name in ("abstract", "description")]
    take(
        gathered,
        EventSaid(
            key=f"pretalx:{one['code']}",
            place=place,
            title=words(one.get("title")),
            minutes=one.get("duration"),
            start=start,
            until=until,
            room=gathered.named(What.ROOM, name_of(slot.get("room")), place),
            kind=name_of(one.get("submission_type")),
            theme=name_of(one.get("track")),
            abstract=parts[0],
            description=parts[1],
            languages=own,
            people=[(key, UNTOLD) for key in _speakers(one, place, gathered)],
            code=str(one["code"]),
        ),
    )


def _speakers(one: Mapping[str, Any], place: str, gathered: Gathering) -> list[str]:
    found = []
    for speaker in one.get("speakers") or ():
        if not isinstance(speaker, Mapping):  # only their codes, as where they were not asked for
            gathered.note("only_codes", place, "speakers")
            continue
        more: dict[str, Any] = {"email": speaker.get("email") or None}
        more["biography"] = text(str(speaker.get("biography") or ""), lines=True)
        key = gathered.person(f"pretalx:{speaker.get('code')}", str(speaker.get("name") or ""), place, **more)
        if key is None:
            gathered.note("person_without_name", place, "speakers")
        else:
            found.append(key)
    return found


def name_of(value: Any) -> str:
    """A name in one or several languages, or of an object that has one; of several the English one, or the first."""
    if isinstance(value, Mapping):
        if "name" in value:
            return name_of(value["name"])
        texts = {str(code): said for code, said in value.items() if isinstance(said, str) and said}
        return texts.get("en") or next(iter(texts.values()), "")
    return value if isinstance(value, str) else ""

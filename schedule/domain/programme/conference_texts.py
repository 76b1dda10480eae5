"""What a conference publishes about itself: privacy notice, code of conduct, contact, imprint. In versions.

Registration opens only with a privacy notice and a contact; the database refuses it otherwise
(registration_opens_with_privacy_notice_and_contact).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from journal import recording as journal
from journal.actors import Actor
from journal.retrying import retried
from schedule.domain.programme.sessions import lock_conference
from schedule.facts.programme import TextPublished
from schedule.models import Conference, ConferenceText
from schedule.vocabulary.languages import language_name

Kind = ConferenceText.Kind
# Longer than any privacy notice that people are meant to read; a page, a form and a request hold it.
LONGEST_TEXT = 60_000


class TextChangedError(Exception):
    """Somebody else has published a version since this one was written."""


@retried
@transaction.atomic
def publish_text(
    conference: Conference,
    kind: str,
    body: LazyI18nString | dict[str, str],
    *,
    seen: int,
    actor: Actor,
    now: datetime,
) -> ConferenceText:
    """Publish the next version of a text. The wording that the newest has already makes none.

    `seen` is the number of the version this one was written after, 0 before the first. Raises `TextChangedError` when
    there is a newer one with other words, and `ValidationError` when a language of the conference is missing. Locks the
    conference.
    """
    locked = lock_conference(conference.pk)
    newest = text_of(locked, kind)
    words = ConferenceText._meta.get_field("body").kept(body)
    written = words.data if isinstance(words.data, dict) else {}
    if newest is not None and newest.body.data == written:
        return newest
    if (newest.version if newest else 0) != seen:
        raise TextChangedError
    missing = [language_name(code) for code in locked.languages if not str(written.get(code) or "").strip()]
    if missing:
        said = _("Write it in every language of the conference; it is missing in: %(languages)s.")
        raise ValidationError({"body": said % {"languages": ", ".join(missing)}})
    text = ConferenceText(conference=locked, kind=kind, version=seen + 1, body=words, published_at=now)
    text.full_clean(exclude=["conference"])
    text.save(force_insert=True)
    fact = TextPublished(conference_id=locked.pk, subject_id=locked.pk, kind=kind, version=text.version)
    journal.record(fact, actor=actor)
    return text


def text_of(conference: Conference, kind: str, version: int | None = None) -> ConferenceText | None:
    """One version of a text, the newest unless `version` says which. One query."""
    versions = ConferenceText.objects.filter(conference=conference, kind=kind)
    if version is not None:
        versions = versions.filter(version=version)
    return versions.order_by("-version").first()


def newest_texts(conference: Conference) -> Mapping[str, ConferenceText]:
    """The newest version of each text there is, by its kind. One query."""
    versions = ConferenceText.objects.filter(conference=conference).order_by("kind", "-version")
    return {text.kind: text for text in versions.distinct("kind")}


def newest_versions(conference: Conference) -> dict[str, int]:
    """The number of the newest version of each text there is, by its kind. One query."""
    rows = ConferenceText.objects.filter(conference=conference).order_by("kind", "-version").distinct("kind")
    return dict(rows.values_list("kind", "version"))


def missing_for_registration(conference: Conference) -> list[Kind]:
    """What the conference must publish before its registration can open. No query."""
    return [kind for kind in (Kind.PRIVACY, Kind.CONTACT) if kind not in conference.linked_texts]

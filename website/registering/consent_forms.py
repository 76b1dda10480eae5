"""Agreements: asked for where what they are about is read again, or written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registration.domain.consents import TEXT_OF, Purpose, agree
from registration.domain.registrations.answers import Answers
from schedule.models import Conference, ConferenceText
from values.forms import LineFormField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FIELDS: Mapping[Purpose, str] = {
    Purpose.PRIVACY: "consent_privacy",
    Purpose.ACCESS: "consent_sensitive",
    Purpose.MEALS: "consent_meals",
    Purpose.CONDUCT: "code_of_conduct",
}
_LABELS: Mapping[Purpose, _StrPromise] = {
    Purpose.PRIVACY: gettext_lazy("I agree to the use of the required data"),
    Purpose.ACCESS: gettext_lazy("I agree to the use of data on access needs, which can concern health"),
    Purpose.MEALS: gettext_lazy("I agree to the use of my wish for meals, which can reveal belief"),
    Purpose.CONDUCT: gettext_lazy("I accept the code of conduct"),
}
_HELP: Mapping[Purpose, _StrPromise] = {
    Purpose.PRIVACY: gettext_lazy(
        "Your name, e-mail address, country and language are used to run this conference. Name, organisation and "
        "country are deleted a year after it; everything else, your address too, once all conferences that you "
        "registered for have been over for a year. You may refuse; then we cannot register you."
    ),
    Purpose.ACCESS: gettext_lazy(
        "Only those who arrange access read it. It is deleted three months after the conference."
    ),
    Purpose.MEALS: gettext_lazy("Only those who arrange meals read it. It is deleted two weeks after the conference."),
}
MISSING: Mapping[Purpose, _StrPromise] = {
    Purpose.PRIVACY: gettext_lazy("Without this agreement we cannot register you."),
    Purpose.ACCESS: gettext_lazy("Without this agreement we cannot keep your access needs: empty them, or agree."),
    Purpose.MEALS: gettext_lazy(
        "Without this agreement we cannot keep your wish for meals: choose “No restriction”, or agree."
    ),
    Purpose.CONDUCT: gettext_lazy("Please accept the code of conduct to take part."),
}


def consent_field(
    purpose: Purpose, conference: Conference, versions: Mapping[str, int], *, required: bool = True
) -> forms.BooleanField:
    """The box of one agreement, with a link to the version of the text that says it."""
    return forms.BooleanField(
        label=_LABELS[purpose],
        help_text=_help(purpose, conference, versions),
        required=required,
        error_messages={"required": MISSING[purpose]},
    )


def _help(purpose: Purpose, conference: Conference, versions: Mapping[str, int]) -> SafeString:
    said, kind = _HELP.get(purpose, ""), TEXT_OF[purpose]
    if kind not in versions:
        return format_html("{}", said)
    address = reverse("website:text_version", args=[conference.slug, kind, versions[kind]])
    words = _("%(text)s, version %(version)s (opens beside this page)") % {
        "text": ConferenceText.Kind(kind).label,
        "version": versions[kind],
    }
    return format_html('{} <a href="{}" target="_blank" rel="noopener">{}</a>', said, address, words)


class ReviewedForm(forms.Form):
    """Sends what was just read again, and only that: it holds a fingerprint of it. Asks for the agreements it needs."""

    reviewed = LineFormField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        conference: Conference,
        answers: Answers,
        email: str,
        purposes: Iterable[Purpose],
        versions: Mapping[str, int],
    ) -> None:
        self.versions, self.purposes = versions, tuple(purposes)
        fingerprint = _fingerprint(conference, answers, email, versions)
        # Who agreed to something else has agreed to nothing of this: the boxes are empty again.
        self.is_stale = data is not None and not constant_time_compare(data.get("reviewed", ""), fingerprint)
        super().__init__(None if self.is_stale else data, initial={"reviewed": fingerprint})
        self.label_suffix = ""
        for purpose in self.purposes:
            self.fields[FIELDS[purpose]] = consent_field(purpose, conference, versions)

    def agreed(self, *, now: datetime) -> dict[str, dict[str, Any]]:
        """The agreements of a valid form."""
        return agree(self.purposes, self.versions, now=now)


def _fingerprint(conference: Conference, answers: Answers, email: str, versions: Mapping[str, int]) -> str:
    shown = [conference.slug, email, answers.as_data(), sorted(versions.items())]
    return salted_hmac("plenary.reviewed", json.dumps(shown, sort_keys=True), algorithm="sha256").hexdigest()


def add_consents(
    form: forms.Form, conference: Conference, held: Mapping[str, Any], versions: Mapping[str, int]
) -> None:
    """Put the agreements on access needs and meals behind the fields they belong to; ticked where they are held, to the
    version that there is: nobody agrees to a new one by leaving a tick where it stands.
    """
    order = list(form.fields)
    for purpose, after in ((Purpose.ACCESS, "access_note"), (Purpose.MEALS, "diet")):
        name = FIELDS[purpose]
        form.fields[name] = consent_field(purpose, conference, versions, required=False)
        form.initial[name] = purpose in held and held[purpose].get("version") == versions.get(TEXT_OF[purpose], 0)
        order.insert(order.index(after) + 1, name)
    form.order_fields(order)


def consents_of(
    form: forms.Form, answers: Answers, held: Mapping[str, Any], versions: Mapping[str, int], *, now: datetime
) -> dict[str, dict[str, Any]] | None:
    """What the boxes of `add_consents` newly agree to; None, with errors in the form, where one is missing."""
    holds = {Purpose.ACCESS: answers.has_access_needs, Purpose.MEALS: bool(answers.diet)}
    asked = [purpose for purpose, is_held in holds.items() if is_held]
    for purpose in asked:
        if not form.cleaned_data[FIELDS[purpose]]:
            form.add_error(FIELDS[purpose], str(MISSING[purpose]))
    if form.errors:
        return None
    fresh = agree(asked, versions, now=now)
    return {purpose: one for purpose, one in fresh.items() if held.get(purpose, {}).get("version") != one["version"]}

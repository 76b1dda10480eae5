"""Forms of the pages about mails."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.announcements.announcing import Content, Segment
from notifications.mails.mail_templates import WordingText
from notifications.models import Announcement, Message
from notifications.rules.mail_rules import ANNOUNCEMENT
from notifications.wordings.own_texts import MAX_BODY, MAX_SUBJECT, WordingRefusedError, read_wording
from notifications.wordings.placeholders import PlaceholderProblem, unix_lines
from organize.filter_forms import ListForm
from organize.kept_choices import with_held
from organize.mail.message_words import KIND_NAMES
from organize.mail.queries import OutboxFilter
from registration.domain.registrations.countries import by_name, name_of
from registration.models import Registration, SignUp
from schedule.models import Conference, Session
from schedule.vocabulary.languages import language_name
from values.forms import LineFormField, LinesFormField
from values.instant_fields import InstantFormField


def language_choices(conference: Conference) -> list[tuple[str, str]]:
    return [(code, language_name(code)) for code in conference.languages]


class OutboxForm(ListForm):
    """Narrows the outbox."""

    q = LineFormField(
        label=_("Recipient"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    session = forms.ChoiceField(label=_("Session"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    announcement = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, conference: Conference) -> None:
        super().__init__(data)
        sessions = Session.objects.for_conference(conference).filter(kind__is_break=False).order_by("code")
        self.choose("state", _("All states"), Message.State.choices)
        self.choose("kind", _("All kinds"), sorted(KIND_NAMES.items(), key=lambda pair: str(pair[1])))
        self.choose("session", _("All sessions"), [(one.code, f"{one.code} {one.title}") for one in sessions])
        self.choose("language", _("All languages"), language_choices(conference))
        self.read()

    @property
    def narrowed(self) -> OutboxFilter:
        chosen = dict(self.chosen)
        return OutboxFilter(recipient=chosen.pop("q", ""), **chosen)


class AnnouncementForm(forms.Form):
    """Write an announcement: a subject and a text for each language of the conference, and whom it is for."""

    registration_states = forms.MultipleChoiceField(
        label=_("State of the registration"), widget=forms.CheckboxSelectMultiple
    )
    signup_states = forms.MultipleChoiceField(
        label=_("Whose place in a session is"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: confirmed, if sessions are chosen; otherwise everybody."),
    )
    sessions = forms.MultipleChoiceField(
        label=_("Sessions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: every session."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Language for mails"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: every language."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Country"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen: every country."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, conference: Conference, announcement: Announcement | None = None) -> None:
        super().__init__(data, initial=_written(announcement))
        self.conference = conference
        held = self.initial
        # What is written in a language that the conference has no more is not shown, and stays.
        self.hidden = {
            code: (text["subject"], text["body"])
            for code, text in (announcement.texts if announcement else {}).items()
            if code not in conference.languages
        }
        offered = Session.objects.taking_signups().filter(conference=conference)
        chosen = Session.objects.for_conference(conference).filter(code__in=held.get("sessions", ()))
        self.sessions_by_code = {session.code: session for session in [*offered, *chosen]}
        for code, name in language_choices(conference):
            # Nothing is stripped: problems are told with their place.
            subject = LineFormField(
                label=_("Subject (%(language)s)") % {"language": name},
                required=False,
                max_length=MAX_SUBJECT,
                strip=False,
                widget=forms.TextInput(attrs={"lang": code}),
            )
            body = LinesFormField(
                label=_("Text (%(language)s)") % {"language": name},
                required=False,
                max_length=MAX_BODY,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 12, "lang": code}),
            )
            self.fields |= {f"subject_{code}": subject, f"body_{code}": body}
        states = [choice for choice in Registration.State.choices if choice[0] != Registration.State.DRAFT]
        self._choose("registration_states", states)
        self._choose("signup_states", SignUp.State.choices)
        self._choose("sessions", [(code, f"{code} {one.title}") for code, one in self.sessions_by_code.items()])
        languages, countries = held.get("languages", ()), held.get("countries", ())
        self._choose("languages", with_held(language_choices(conference), languages, language_name))
        self._choose("countries", with_held(_countries_of(conference), countries, name_of))

    def _choose(self, name: str, choices: Any) -> None:
        cast("forms.MultipleChoiceField", self.fields[name]).choices = list(choices)

    @property
    def texts(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """(language, subject, text) in the order of the conference's languages."""
        return [(code, self[f"subject_{code}"], self[f"body_{code}"]) for code in self.conference.languages]

    @property
    def segment(self) -> list[forms.BoundField]:
        names = ("registration_states", "languages", "countries", "signup_states", "sessions")
        return [self[name] for name in names if cast("forms.MultipleChoiceField", self.fields[name]).choices]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        written = {}
        for code in self.conference.languages:
            subject, body = cleaned.get(f"subject_{code}", ""), cleaned.get(f"body_{code}", "")
            if not subject.strip() and not body.strip():
                continue
            try:
                read_wording(ANNOUNCEMENT, subject, body, code)
            except WordingRefusedError as refusal:
                self._refuse(f"subject_{code}", refusal.subject)
                self._refuse(f"body_{code}", refusal.body)
            written[code] = (subject.strip(), unix_lines(body))
        first = self.conference.languages[0]
        if not written and not self.errors:
            self.add_error(f"subject_{first}", _("Write a subject and a text in at least one language."))
        self.written = written
        return cleaned

    def _refuse(self, name: str, problems: list[PlaceholderProblem]) -> None:
        if problems and name in self.cleaned_data:
            self.add_error(name, [str(problem) for problem in problems])

    @property
    def content(self) -> Content:
        """What a valid form says."""
        chosen = self.cleaned_data
        return Content(
            texts=self.hidden | self.written,
            segment=Segment(
                registration_states=tuple(chosen["registration_states"]),
                sessions=tuple(self.sessions_by_code[code] for code in chosen["sessions"]),
                signup_states=tuple(chosen["signup_states"]),
                languages=tuple(chosen["languages"]),
                countries=tuple(chosen["countries"]),
            ),
        )


def _written(announcement: Announcement | None) -> dict[str, Any]:
    if announcement is None:
        return {"version": 0, "registration_states": list(Registration.ACTIVE)}
    texts = {f"subject_{code}": text["subject"] for code, text in announcement.texts.items()}
    texts |= {f"body_{code}": text["body"] for code, text in announcement.texts.items()}
    return texts | {
        "version": announcement.version,
        "registration_states": announcement.registration_states,
        "signup_states": announcement.signup_states,
        "languages": announcement.languages,
        "countries": announcement.countries,
        "sessions": list(announcement.sessions.values_list("code", flat=True)),
    }


def _countries_of(conference: Conference) -> list[tuple[str, str]]:
    """The countries people come from, in order of their names. One query."""
    rows = Registration.objects.for_conference(conference).exclude(country="").order_by()
    return sorted(((code, name_of(code)) for code in rows.values_list("country", flat=True).distinct()), key=by_name)


class ScheduleForm(forms.Form):
    """When an announcement is sent, on the conference's clocks, which must be active. Without a time: now."""

    due_at = InstantFormField(label=_("Send at"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, now: datetime, version: int) -> None:
        super().__init__(data, initial={"version": version})
        self.now = now
        self.label_suffix = ""

    def clean_due_at(self) -> datetime | None:
        due_at: datetime | None = self.cleaned_data["due_at"]
        if due_at is None and "later" in self.data:
            raise forms.ValidationError(_("Say when it is to be sent."))
        if due_at is not None and "later" in self.data and due_at <= self.now:
            raise forms.ValidationError(_("This time has passed. To send it at once, use “Send now”."))
        return due_at


class TemplateForm(forms.Form):
    """Word a kind of mail. `seen` is when the wording was changed that the organizer starts from."""

    subject = LineFormField(label=_("Subject"), max_length=MAX_SUBJECT, strip=False)
    body = LinesFormField(label=_("Text"), max_length=MAX_BODY, strip=False, widget=forms.Textarea(attrs={"rows": 16}))
    seen = LineFormField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, kind: str, language: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        self.language = language
        for name in ("subject", "body"):
            self.fields[name].widget.attrs["lang"] = language

    def clean_seen(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"]) if self.cleaned_data["seen"] else None
        except ValueError as error:
            raise forms.ValidationError(_("A part of the form did not arrive. Open the page again.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.wording = read_wording(self.kind, cleaned["subject"], cleaned["body"], self.language)
        except WordingRefusedError as refusal:
            for name, problems in (("subject", refusal.subject), ("body", refusal.body)):
                if problems:
                    self.add_error(name, [str(problem) for problem in problems])
        return cleaned

    @property
    def text(self) -> WordingText:
        return WordingText(self.cleaned_data["subject"], self.cleaned_data["body"])

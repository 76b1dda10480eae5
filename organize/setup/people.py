"""People of the programme, with their addresses and absences, and the organisations that host sessions."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organize.long_lists import number_of
from organize.setup.rows.forms import RowForm, text_name
from organize.setup.rows.lines import Choosable, Offers, RowCodeField
from organize.setup.rows.section import ListColumn, Section
from registration.domain.registrations.countries import choices as countries
from schedule.domain.programme.names import role_name
from schedule.models import Body, Conference, Person, Role, SessionHost
from schedule.vocabulary.languages import language_name


class PersonForm(RowForm):
    texts = ("name", "biography")
    country = forms.ChoiceField(label=_("Country"), required=False)
    language = forms.ChoiceField(label=_("Language for mails"), required=False)

    class Meta(RowForm.Meta):
        model = Person
        fields = ("affiliation", "country", "email", "language", "code")

    def arrange(self) -> None:
        own = self.instance.country
        known = [*countries(), *([(own, own)] if own and own not in dict(countries()) else [])]
        self.choose("country", [("", "–"), *known])
        spoken = dict.fromkeys([*self.conference.languages, *filter(None, [self.instance.language])])
        self.choose(
            "language", [("", _("The first of the conference")), *((one, language_name(one)) for one in spoken)]
        )
        for code in self.spoken:
            self.fields[text_name("biography", code)].help_text = _("For organizers; not published.")
        self.fields["email"].help_text = _("Never published. Mails about this person’s sessions go there.")


def _people(conference: Conference) -> QuerySet[Person]:
    appears = number_of(Role.objects.all(), "person")
    return Person.objects.filter(conference=conference).annotate(appears=appears).order_by("code")


def _appearances(person: Person) -> dict[str, Any]:
    roles = Role.objects.filter(person=person).select_related("session").order_by("session__code", "position")
    return {"appearances": [(role.session, role_name(role.role)) for role in roles]}


PEOPLE = Section(
    many="people",
    one="person",
    model=Person,
    form=PersonForm,
    title=_("People"),
    lead=_("Who appears in the programme. Their addresses and absences are never published."),
    new=_("New person"),
    nothing=_("Nobody yet"),
    columns=(
        ListColumn(_("Affiliation"), lambda person: person.affiliation),
        ListColumn(_("E-mail"), lambda person: person.email),
        ListColumn(_("Roles"), lambda person: person.appears or "", is_number=True),
    ),
    rows=_people,
    absences=_("Away"),
    absence=_("Add a time of absence"),
    absence_end=_("Take back"),
    absence_help=_("The scheduler works around it. What is published stays until the next release."),
    template="organize/setup/person.html",
    beside=_appearances,
)


class BodyForm(RowForm):
    texts = ("name",)
    contact_code = RowCodeField(
        "people", label=_("Contact"), help_text=_("Who is written to about its sessions: code or name of a person.")
    )

    class Meta(RowForm.Meta):
        model = Body
        fields = ("single_team", "code")

    def arrange(self) -> None:
        self.offers = Offers(self.conference)
        cast("RowCodeField", self.fields["contact_code"]).offers = self.offers.of(Person)
        self.initial["contact_code"] = self.instance.contact_id

    @property
    def suggestions(self) -> dict[str, list[Choosable]]:
        return {"people": self.offers.of(Person)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "contact_code" in cleaned:
            self.instance.contact_id = cleaned["contact_code"]
        return cleaned


def _bodies(conference: Conference) -> QuerySet[Body]:
    found = Body.objects.filter(conference=conference).select_related("contact")
    return found.annotate(hosts=number_of(SessionHost.objects.all(), "body")).order_by("code")


BODIES = Section(
    many="bodies",
    one="body",
    model=Body,
    form=BodyForm,
    title=_("Organisations"),
    lead=_("Who hosts sessions."),
    new=_("New organisation"),
    nothing=_("No organisations yet"),
    columns=(
        ListColumn(_("Contact"), lambda body: body.contact.name if body.contact else ""),
        ListColumn(_("Sessions"), lambda body: body.hosts or "", is_number=True),
    ),
    rows=_bodies,
    absences=_("Without time"),
    absence=_("Add a time of absence"),
    absence_end=_("Take back"),
    absence_help=_("The scheduler works around it. What is published stays until the next release."),
)

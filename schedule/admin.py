"""Administration of the programme. Whatever sign-ups follow goes through the domain functions, never through `save`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField
from i18nfield.forms import I18nTextarea, I18nTextInput

from accounts.models import User
from journal.actors import Actor
from journal.admin import ReadOnly
from journal.facts import Change, Concern
from journal.recording import record
from journal.retrying import retried
from schedule.admin_changes import relations_in
from schedule.admin_clocks import PagesOfConference, TimesOfConference
from schedule.admin_forms import ApartForm, EditForm, GroupForm, WithinOneConference
from schedule.domain.editing.changes import changes_of, differing, stored_row
from schedule.domain.editing.edits import EDITS
from schedule.domain.programme import sessions as editing
from schedule.domain.timetables.kept import forget_after_commit
from schedule.facts.edits import (
    BodyEdited,
    ConferenceEdited,
    Done,
    Edited,
    GroupEdited,
    KindEdited,
    PairEdited,
    PersonEdited,
    RoomEdited,
    SessionEdited,
    ThemeEdited,
    UnavailabilityEdited,
)
from schedule.models import (
    Body,
    Conference,
    Day,
    Draft,
    Kind,
    NotParallel,
    Person,
    Preference,
    Release,
    ReleasedPlacement,
    Role,
    Room,
    RoomPart,
    Session,
    SessionGroup,
    SessionHost,
    SessionOrder,
    Theme,
    Unavailability,
)
from schedule.ports.follow import follow
from values.choosing import Choosing


def actor_of(request: HttpRequest) -> Actor:
    """Who works in the administration."""
    return Actor.organizer(cast("User", request.user).pk)


class OfMyConferences(PagesOfConference, Choosing, admin.ModelAdmin):
    """Rows of the organizer's own conferences; every change leaves a journal entry, so that pages notice it."""

    # The field that leads to the conference.
    conference_field = "conference"
    # What the journal says of a row that was edited; rows that are only looked at have none.
    fact: type[Edited] | None = None
    # Fields that a domain function changes, with a fact of its own.
    told_apart: Collection[str] = ()
    form: type[EditForm] = WithinOneConference
    # The administration's own text widgets know one language only.
    formfield_overrides = {
        I18nCharField: {"widget": I18nTextInput},
        I18nTextField: {"widget": I18nTextarea},
        URLField: {"assume_scheme": "https"},
    }

    # Each opens a transaction around everything it does.
    changeform_view = retried(PagesOfConference.changeform_view)
    delete_view = retried(admin.ModelAdmin.delete_view)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        mine = Conference.objects.for_user(cast("User", request.user))
        return super().get_queryset(request).filter(**{f"{self.conference_field}__in": mine})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        mine = Conference.objects.for_user(cast("User", request.user))
        model = db_field.remote_field.model
        if model is Conference:
            kwargs.setdefault("queryset", mine)
        elif hasattr(model, "conference"):
            kwargs.setdefault("queryset", model.objects.filter(conference__in=mine))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Whoever changes a programme takes turns, so that of two facts about it the later has the greater key."""
        if (conference_id := self.conference_of(obj)) is not None:
            editing.lock_conference(conference_id)
        form.changes = changes_of(obj) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The row and the rows edited with it are one fact; where nothing was changed there is none."""
        super().save_related(request, form, formsets, change)
        changes = form.changes | (relations_in(form, formsets) if change else {})
        if changes or not change:
            self.note(request, form.instance, Done.CHANGED if change else Done.ADDED, changes)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        if (conference_id := self.conference_of(obj)) is not None:
            editing.lock_conference(conference_id)
        self.note(request, obj, Done.DELETED, {})
        super().delete_model(request, obj)

    @retried
    @transaction.atomic
    def response_action(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse | None:
        """What is done with the chosen rows of a list is done with all of them or with none."""
        return super().response_action(request, *args, **options)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def note(self, request: HttpRequest, obj: Any, done: Done, changes: Mapping[str, Change | None]) -> None:
        """One journal entry. The administration pages run in a transaction of their own."""
        if self.fact is None:
            raise TypeError(f"{type(self).__name__} changes rows without a fact to tell it by")
        said = self.fact(conference_id=self.conference_of(obj), subject_id=obj.pk, done=done, changes=changes)
        record(said, actor=actor_of(request))
        if said.concerns == Concern.PROGRAMME and said.conference_id is not None:
            forget_after_commit(said.conference_id)  # it may have hidden something

    def conference_of(self, obj: Any) -> int | None:
        """The key of the conference that a row is of; None for a conference that is being made."""
        key: int | None = obj.conference_id
        return key


def _put_back(obj: Any, names: Collection[str]) -> dict[str, Any]:
    """What the form wants of these fields. The row keeps what is stored until a domain function changes it."""
    stored = stored_row(obj)
    wanted = {field.name: getattr(obj, field.name) for field in differing(stored, obj) if field.name in names}
    for name in wanted:
        setattr(obj, name, getattr(stored, name))
    return wanted


def _follow_up(obj: Any, wanted: Mapping[str, Any], request: HttpRequest) -> None:
    """Change what people follow by the functions for it."""
    for name, value in wanted.items():
        EDITS[type(obj)].followed[name].change(obj, value, actor_of(request))
        setattr(obj, name, value)


class DayInline(TimesOfConference, Choosing, admin.TabularInline):
    model = Day
    extra = 0


@admin.register(Conference)
class ConferenceAdmin(OfMyConferences):
    conference_field = "pk"
    fact = ConferenceEdited
    told_apart = ("venue",)
    list_display = ("name", "slug", "starts_on", "ends_on", "is_public", "registration_open")
    inlines = (DayInline,)

    def get_readonly_fields(self, _request: HttpRequest, obj: Conference | None = None) -> tuple[str, ...]:
        """The address stands in mails and calendars, so it never changes; the zone decides what released times mean."""
        return ("slug", "timezone") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        wanted = _put_back(obj, self.told_apart) if change else {}
        super().save_model(request, obj, form, change)
        _follow_up(obj, wanted, request)
        if change and {"overlap_rule", "signup_closes_minutes"} & form.changes.keys():
            _follow(obj, request)

    def conference_of(self, obj: Any) -> int | None:
        key: int | None = obj.pk
        return key


class PartInline(Choosing, admin.TabularInline):
    model = RoomPart
    form = WithinOneConference
    fk_name = "room"
    autocomplete_fields = ("part",)
    extra = 0


@admin.register(Room)
class RoomAdmin(OfMyConferences):
    fact = RoomEdited
    told_apart = ("name", "capacity")
    list_display = ("code", "name", "capacity", "conference")
    list_filter = ("conference",)
    search_fields = ("code", "name")
    inlines = (PartInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        wanted = _put_back(obj, self.told_apart) if change else {}
        super().save_model(request, obj, form, change)
        _follow_up(obj, wanted, request)


class HostInline(Choosing, admin.TabularInline):
    model = SessionHost
    form = WithinOneConference
    extra = 0
    autocomplete_fields = ("body",)


class RoleInline(Choosing, admin.TabularInline):
    model = Role
    form = WithinOneConference
    extra = 0
    autocomplete_fields = ("person",)


class PreferenceInline(TimesOfConference, Choosing, admin.TabularInline):
    model = Preference
    form = WithinOneConference
    extra = 0
    autocomplete_fields = ("room",)


class EarlierInline(Choosing, admin.TabularInline):
    """The sessions that this one comes after."""

    model = SessionOrder
    form = WithinOneConference
    fk_name = "later"
    extra = 0
    autocomplete_fields = ("earlier",)


@admin.register(Session)
class SessionAdmin(OfMyConferences):
    fact = SessionEdited
    told_apart = tuple(EDITS[Session].followed)
    list_display = ("code", "title", "kind", "state", "signup", "conference")
    list_filter = ("conference", "state", "signup")
    list_select_related = ("kind", "conference")
    search_fields = ("code", "title")
    inlines = (HostInline, RoleInline, EarlierInline, PreferenceInline)
    actions = ("cancel", "reinstate")

    def get_readonly_fields(self, _request: HttpRequest, obj: Session | None = None) -> tuple[str, ...]:
        """Public identity never changes; cancelling is an action of its own, for everybody loses their place by it."""
        return ("conference", "code", "state") if obj else ("state",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        wanted = _put_back(obj, self.told_apart) if change else {}
        super().save_model(request, obj, form, change)
        _follow_up(obj, wanted, request)
        if not change or {"signup", "kind", "signup_closes_minutes"} & form.changes.keys():
            _follow(obj.conference, request)

    @admin.action(description=_("Cancel the chosen sessions; everybody with a place is told"), permissions=["change"])
    def cancel(self, request: HttpRequest, chosen: QuerySet[Session]) -> None:
        for session in chosen.filter(state=Session.State.ACCEPTED):
            editing.cancel_session(session, actor=actor_of(request))

    @admin.action(description=_("Let the chosen cancelled sessions take place after all"), permissions=["change"])
    def reinstate(self, request: HttpRequest, chosen: QuerySet[Session]) -> None:
        for session in chosen.filter(state=Session.State.CANCELLED):
            editing.reinstate_session(session, actor=actor_of(request))


@admin.register(SessionGroup)
class SessionGroupAdmin(OfMyConferences):
    fact = GroupEdited
    form = GroupForm
    list_display = ("same", "members", "conference")
    list_filter = ("conference", "same")
    autocomplete_fields = ("sessions",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        return super().get_queryset(request).prefetch_related("sessions")

    @admin.display(description=_("sessions"))
    def members(self, group: SessionGroup) -> str:
        return ", ".join(str(session) for session in group.sessions.all())


@admin.register(NotParallel)
class NotParallelAdmin(OfMyConferences):
    conference_field = "first__conference"
    fact = PairEdited
    form = ApartForm
    list_display = ("first", "second")
    list_filter = ("first__conference",)
    list_select_related = ("first", "second")
    autocomplete_fields = ("first", "second")

    def conference_of(self, obj: Any) -> int | None:
        key: int | None = obj.first.conference_id
        return key


@admin.register(Kind)
class KindAdmin(OfMyConferences):
    fact = KindEdited
    list_display = ("code", "name", "signup", "is_break", "conference")
    list_filter = ("conference",)


@admin.register(Theme)
class ThemeAdmin(OfMyConferences):
    fact = ThemeEdited
    list_display = ("code", "name", "conference")
    list_filter = ("conference",)


@admin.register(Body)
class BodyAdmin(OfMyConferences):
    fact = BodyEdited
    list_display = ("code", "name", "conference")
    list_filter = ("conference",)
    search_fields = ("code", "name")


@admin.register(Person)
class PersonAdmin(OfMyConferences):
    fact = PersonEdited
    list_display = ("code", "name", "affiliation", "conference")
    list_filter = ("conference",)
    search_fields = ("code", "name", "affiliation")


@admin.register(Unavailability)
class UnavailabilityAdmin(OfMyConferences):
    fact = UnavailabilityEdited
    list_display = ("room", "person", "body", "starts_at", "ends_at", "conference")
    list_filter = ("conference",)
    list_select_related = ("room", "person", "body", "conference")


@admin.register(Draft)
class DraftAdmin(ReadOnly, OfMyConferences):
    list_display = ("name", "version", "created_at", "conference")
    list_filter = ("conference",)


class ReleasedPlacementInline(ReadOnly, admin.TabularInline):
    model = ReleasedPlacement
    extra = 0
    fields = readonly_fields = ("session", "room", "start", "end", "title", "room_name")


@admin.register(Release)
class ReleaseAdmin(ReadOnly, OfMyConferences):
    list_display = ("number", "published_at", "conference")
    list_filter = ("conference",)
    inlines = (ReleasedPlacementInline,)


def _follow(conference: Conference, request: HttpRequest) -> None:
    follow(conference, actor=actor_of(request), now=timezone.now())

"""Registrations: the list, one of them, who decides, and deciding about one or several."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rights import Area
from notifications.models import Message
from organize.access import Desk, for_team
from organize.history.sentences import in_words
from organize.long_lists import page_of
from organize.mail.message_words import kind_name
from organize.mail.queries import readable
from organize.people.decision_words import VERBS, nothing_changed, outcome, question
from organize.people.registration_forms import RegistrationsForm, RuleForm
from organize.people.registration_queries import (
    MOST_SHOWN,
    history_of,
    places_shown,
    registration_rows,
    registrations_shown,
    shown_counts,
)
from registration.domain.conference_line import position, positions
from registration.domain.mailboxes import numbers_sharing
from registration.domain.registrations.access import local_path
from registration.domain.registrations.answers import answers_of
from registration.domain.registrations.deciding import DECIDABLE, OPEN, Decision, decide, set_approval
from registration.domain.registrations.review import summary_of
from registration.models import Registration

SECTION = "registrations"
PER_PAGE = 50
State = Registration.State
# What the page counts also where there is none; of the others only those there are.
SHOWN = (State.SUBMITTED, State.ACCEPTED)


@require_safe
@for_team()
def registrations(desk: Desk) -> HttpResponse:
    """The registrations of the conference, narrowed by what the form says, with boxes to decide about several."""
    form = RegistrationsForm(desk.request.GET, conference=desk.conference)
    page = page_of(registration_rows(desk.conference, form.narrowed), desk.request.GET, PER_PAGE)
    counts = shown_counts(desk.conference)
    rows = list(page)
    sharing = numbers_sharing(desk.conference, rows)
    lined = positions(rows)
    context = {
        "figures": [(State(state).label, counts[state]) for state in State.values if counts[state] or state in SHOWN],
        "room": _room(desk, counts),
        "rows": rows,
        "marked": [(one, sharing.get(one.pk, 0), lined.get(one.pk)) for one in rows],
        "form": form,
        "decisions": VERBS.items(),
        "page_obj": page,
        "query": form.query,
    }
    return desk.page("organize/people/registrations.html", SECTION, context)


def _room(desk: Desk, counts: dict[str, int]) -> int | None:
    """How many more registrations the conference takes; None where it takes any number."""
    if desk.conference.capacity is None:
        return None
    return max(0, desk.conference.capacity - sum(counts[state] for state in Registration.ACTIVE))


@require_safe
@for_team()
def registration(desk: Desk, uid: UUID) -> HttpResponse:
    """One registration: what was answered, the sign-ups, what happened to it and what was mailed about it.

    What people need because of their health or belief is for those who arrange it: an area of its own. So are places;
    whose rights end with some themes reads of places in sessions of these.
    """
    rows = registrations_shown(desk.conference).select_related("participant", "conference")
    found = get_object_or_404(rows, uid=uid)
    answers = answers_of(found)
    if not desk.rights.may_see(Area.ANSWERS):
        answers = replace(answers, access_needs=(), access_note="", diet="")
    sent = readable(Message.objects.for_conference(desk.conference).filter(registration=found), desk.rights)
    context = {
        "registration": found,
        "place_in_line": position(found),
        "facts": summary_of(desk.conference, answers, found.participant.email),
        "decisions": [(one, word) for one, word in VERBS.items() if found.state in DECIDABLE[one]],
        "signups": places_shown(found, desk.rights),
        "mails": [(one, kind_name(one.kind)) for one in sent.order_by("-pk")[:MOST_SHOWN]],
        "changes": in_words(desk.conference, list(history_of(found, desk.rights))),
    }
    return desk.page("organize/people/registration.html", SECTION, context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def rule(desk: Desk) -> HttpResponse:
    """Choose whether organizers decide about each registration."""
    data = desk.request.POST if desk.request.method == "POST" else None
    form = RuleForm(data, conference=desk.conference)
    if form.is_valid():
        set_approval(desk.conference, wanted=form.cleaned_data["approves"], actor=desk.actor)
        notices.success(desk.request, _("Saved. It holds for whoever registers from now on."))
        return redirect("organize:registrations", desk.conference.slug)
    awaiting = Registration.objects.for_conference(desk.conference).filter(state__in=OPEN).count()
    context = {"form": form, "awaiting": awaiting}
    return desk.page("organize/people/registration_rule.html", SECTION, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(changing=True)
def deciding(desk: Desk) -> HttpResponse:
    """Ask whether this is to be decided about these, and how many they are; the button does it."""
    sent = desk.request.POST if desk.request.method == "POST" else desk.request.GET
    decision = _decision(sent)
    chosen = _chosen(desk, sent)
    back = _back(desk, sent)
    if not chosen:
        notices.warning(desk.request, _("Tick the registrations that you want to decide about."))
        return redirect(back)
    concerned = [one for one in chosen if one.state in DECIDABLE[decision]]
    if desk.request.method == "POST":
        _decide(desk, concerned, decision)
        return redirect(back)
    context = {
        "question": question(decision, len(concerned)),
        "decision": decision,
        "concerned": concerned,
        "others": [one for one in chosen if one not in concerned],
        "room": _room(desk, shown_counts(desk.conference)) if decision is Decision.APPROVE else None,
        "back": back,
    }
    return desk.page("organize/people/decide_registrations.html", SECTION, context)


def _decision(sent: QueryDict) -> Decision:
    try:
        return Decision(sent.get("decision", ""))
    except ValueError as unknown:
        raise Http404 from unknown


def _chosen(desk: Desk, sent: QueryDict) -> list[Registration]:
    """The registrations of this conference that were ticked, at most a page of them, in the order they came in."""
    uids = []
    for text in sent.getlist("chosen")[:PER_PAGE]:
        try:
            uids.append(UUID(text))
        except ValueError as broken:
            raise Http404 from broken
    rows = registrations_shown(desk.conference).filter(uid__in=uids).select_related("participant")
    return list(rows.order_by("created_at", "pk"))


def _back(desk: Desk, sent: QueryDict) -> str:
    """The list as it was narrowed, or the page of one registration: where the question was asked."""
    home = reverse("organize:registrations", args=[desk.conference.slug])
    path = local_path(sent.get("back", ""), default=home)
    return path if path.startswith(home) else home


def _decide(desk: Desk, concerned: list[Registration], decision: Decision) -> None:
    decided = decide(concerned, decision, actor=desk.actor, now=timezone.now())
    if decided.done:
        notices.success(desk.request, outcome(decision, len(decided.done)))
    for reason, number in Counter(str(refusal) for _one, refusal in decided.refused).items():
        notices.warning(desk.request, nothing_changed(reason, number))
    if not concerned:
        notices.info(desk.request, _("Nothing was left to decide."))

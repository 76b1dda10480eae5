"""Searches for a timetable: what was asked for, how far it is, and what came of it."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from schedule.models.conference import Conference
from schedule.models.timetable import Draft, Release

SHORTEST, LONGEST = 5, 600
MOST_ANSWERS = 5
BUSY_STATES = ["queued", "running"]
# What may come of the same search another time: more luck, a living worker, or rules that were changed meanwhile.
UNFULFILLED_STATES = ["stopped", "infeasible", "nothing", "failed", "lost"]
ALL_STATES = [*BUSY_STATES, "done", *UNFULFILLED_STATES]


class SolverRunQuerySet(models.QuerySet["SolverRun"]):
    def for_conference(self, conference: Conference) -> SolverRunQuerySet:
        return self.filter(conference=conference)

    def asked_for_drafts(self) -> SolverRunQuerySet:
        """Those that make drafts: an emergency's repair has pages of its own."""
        return self.exclude(purpose=SolverRun.Purpose.EMERGENCY)

    def busy(self) -> SolverRunQuerySet:
        return self.filter(state__in=BUSY_STATES)


class SolverRun(models.Model):
    """One search of the scheduler. Its timetable becomes a draft of its own; nothing is ever overwritten."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting to begin")
        RUNNING = "running", _("searching")
        DONE = "done", _("finished")
        STOPPED = "stopped", _("stopped by an organizer")
        INFEASIBLE = "infeasible", _("no timetable keeps every rule")
        NOTHING = "nothing", _("none found in the time")
        FAILED = "failed", _("failed")
        LOST = "lost", _("broken off: the worker ended")

    class Purpose(models.TextChoices):
        SEARCH = "search", _("search for a timetable")
        HELP = "help", _("what would help")
        REPAIR = "repair", _("repair with the fewest changes")
        EMERGENCY = "emergency", _("repair of what is published")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="solver_runs")
    purpose = models.CharField(max_length=9, choices=Purpose.choices, default=Purpose.SEARCH)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    seconds = models.PositiveSmallIntegerField(
        _("seconds to search"), default=60, validators=[MinValueValidator(SHORTEST), MaxValueValidator(LONGEST)]
    )
    seed = models.PositiveIntegerField(_("seed"), default=1)
    # How many timetables that differ clearly were asked for; the best is `draft`, the others are SolverAnswers.
    answers = models.PositiveSmallIntegerField(
        _("answers"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_ANSWERS)]
    )
    # It is proved that there are no more answers than were found.
    exhausted = models.BooleanField(default=False)
    # What the new timetable should stay close to; without one it starts afresh.
    base = models.ForeignKey(Draft, models.SET_NULL, null=True, blank=True, related_name="+")
    # What an emergency's repair starts from: what is published, never a draft.
    release = models.ForeignKey(Release, models.CASCADE, null=True, blank=True, related_name="+")
    # What an emergency takes for true until it is published, and is recorded only then: the steps of
    # schedule.domain.emergencies.steps, in their order.
    assumed = models.JSONField(default=list)
    # When the repair was carried out, and the release that did it; None where nothing had to move.
    settled_at = models.DateTimeField(null=True)
    published = models.ForeignKey(Release, models.SET_NULL, null=True, related_name="+")
    # Codes of the sessions that keep the time and room they have in `base`.
    kept = models.JSONField(default=list)
    # The draft that holds what was found.
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, related_name="+")
    actor = models.CharField(max_length=80)
    # What one unit of each term cost in this search; what it was asked with stays comparable.
    weights = models.JSONField(default=dict)
    stop_asked = models.BooleanField(default=False)
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    started_at = models.DateTimeField(null=True)
    # When the worker last gave a sign of life.
    beat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # What it was doing when that was written down, as the solver names it.
    phase = models.CharField(max_length=20, blank=True)
    # How many timetables, each better than the one before, and how many changes of the rules.
    found = models.PositiveIntegerField(default=0)
    tried = models.PositiveIntegerField(default=0)
    # [[seconds, objective, bound or null], ...], each better than the one before.
    curve = models.JSONField(default=list)
    objective = models.BigIntegerField(_("penalty"), null=True)
    bound = models.BigIntegerField(_("proved bound"), null=True)
    # Penalties by name: of what was found, and of `base` for comparison.
    terms = models.JSONField(default=dict)
    base_terms = models.JSONField(default=dict)
    # What people get: {"now": ..., "before": ... or null, "answers": [...], "most_first_wishes": ...}, each as
    # schedule.solver.attendance.experience.Experience has it; empty where nobody wishes for anything.
    attendance = models.JSONField(default=dict)
    # What fights where there is none: [{"rule": ..., "messages": [...]}, ...]. Messages are the solver's and in no
    # language: {"code": ..., "values": ...} (schedule.solver.sentences).
    causes = models.JSONField(default=list)
    # What would help, the best first: [{"asks", "message", "gain", "proved", "effect"}, ...]; the effect is a value of
    # messages, or null.
    remedies = models.JSONField(default=list)
    # What a repair moved: [{"session": code, "old": {"start", "end", "room": code} or null, "new": ...}, ...].
    moves = models.JSONField(default=list)
    # It is proved that no repair moves less.
    minimal = models.BooleanField(default=False)
    failure = models.CharField(
        max_length=10,
        blank=True,
        choices=[
            ("memory", _("It needed more memory than a search may have (SOLVER_MEMORY_MB).")),
            ("time", _("It did not end when it should have, and was ended.")),
            ("broken", _("It broke off. If that happens again, the worker's log says more.")),
        ],
    )

    objects = SolverRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("search for a timetable")
        verbose_name_plural = _("searches for a timetable")
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["conference"],
                # An emergency waits for no search, and no search for it.
                condition=Q(state__in=BUSY_STATES) & ~Q(purpose="emergency"),
                name="one_search_per_conference_at_a_time",
                violation_error_message=_("A search is running already. Wait for it, or stop it."),
            ),
            models.CheckConstraint(condition=Q(state__in=ALL_STATES), name="solver_run_state_is_known"),
            models.CheckConstraint(
                condition=Q(answers__gte=1, answers__lte=MOST_ANSWERS), name="solver_run_asks_for_some_answers"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["search", "help", "repair", "emergency"]), name="solver_run_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(purpose="emergency", release__isnull=False) | ~Q(purpose="emergency"),
                name="an_emergency_starts_from_a_release",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.asked_at:%Y-%m-%d %H:%M} {self.state}"

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY_STATES

    @property
    def may_be_repeated(self) -> bool:
        """Whether it ended without what was asked for, and what it started from is still there if it needs one."""
        if self.purpose == self.Purpose.EMERGENCY:  # it has a way of its own
            return False
        from_nothing = self.purpose == self.Purpose.SEARCH and not self.kept
        return self.state in UNFULFILLED_STATES and (from_nothing or self.base_id is not None)


class SolverAnswer(models.Model):
    """A further timetable of a search: of nearly the same quality as its best, at clearly other times."""

    run = models.ForeignKey(SolverRun, models.CASCADE, related_name="further")
    number = models.PositiveSmallIntegerField()
    draft = models.ForeignKey(Draft, models.SET_NULL, null=True, related_name="+")
    objective = models.BigIntegerField(_("penalty"))
    terms = models.JSONField()
    # How it differs from the best: messages of the solver.
    texts = models.JSONField()

    class Meta:
        verbose_name = _("answer of a search")
        verbose_name_plural = _("answers of searches")
        ordering = ("run", "number")
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="answers_of_a_search_are_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=2), name="the_first_answer_is_the_search_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}.{self.number}"

"""How much each of the scheduler's soft terms counts at a conference, where organizers have changed it."""

from __future__ import annotations

from dataclasses import fields

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from schedule.models.conference import Conference
from schedule.solver.problem import Weights

TERMS = [field.name for field in fields(Weights)]
HEAVIEST = 1000


class SolverWeight(models.Model):
    """What one unit of a term costs (`schedule.solver.objective` names them). A term without a row has its default."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="solver_weights")
    term = models.CharField(max_length=24)
    weight = models.PositiveSmallIntegerField(validators=[MaxValueValidator(HEAVIEST)])

    class Meta:
        ordering = ("term",)
        constraints = [
            models.UniqueConstraint(fields=["conference", "term"], name="term_is_weighed_once_in_its_conference"),
            models.CheckConstraint(condition=Q(term__in=TERMS), name="solver_term_is_known"),
            models.CheckConstraint(condition=Q(weight__lte=HEAVIEST), name="solver_weight_is_not_too_heavy"),
        ]

    def __str__(self) -> str:
        return f"{self.conference_id} {self.term} {self.weight}"

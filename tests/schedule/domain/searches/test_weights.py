from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from journal.actors import Actor
from journal.models import Entry
from schedule.domain.searches.weights import weigh, weights_of
from schedule.models import SolverWeight
from schedule.solver.problem import Weights
from tests.factories import make_conference
from tests.sql import refused, run

pytestmark = pytest.mark.django_db


def entries() -> list[tuple[str, object]]:
    return list(Entry.objects.filter(verb="search.weighed").order_by("pk").values_list("actor", "data"))


def test_without_a_choice_terms_weigh_what_is_usual(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conference = make_conference()
    with django_assert_num_queries(1):
        assert weights_of(conference) == Weights()


def test_a_choice_holds_for_its_conference_and_is_recorded() -> None:
    conference, other = make_conference(), make_conference()
    weigh(other, replace(Weights(), unseated=3), actor=Actor.organizer(2))
    chosen = replace(Weights(), unseated=50, person_gaps=2)
    assert weigh(conference, chosen, actor=Actor.organizer(1)) is True
    assert weights_of(conference) == chosen
    assert weights_of(other) == replace(Weights(), unseated=3)
    assert entries() == [
        ("organizer:2", {"weights": {"unseated": 3}, "were": {"unseated": 10}}),
        ("organizer:1", {"weights": {"unseated": 50, "person_gaps": 2}, "were": {"unseated": 10, "person_gaps": 0}}),
    ]


def test_the_same_again_changes_and_records_nothing() -> None:
    conference = make_conference()
    assert weigh(conference, Weights(), actor=Actor.organizer(1)) is False
    chosen = replace(Weights(), unseated=50)
    weigh(conference, chosen, actor=Actor.organizer(1))
    assert weigh(conference, chosen, actor=Actor.organizer(1)) is False
    assert len(entries()) == 1


def test_back_to_what_is_usual_leaves_no_rows() -> None:
    conference = make_conference()
    weigh(conference, replace(Weights(), unseated=50, empty_seats=0), actor=Actor.organizer(1))
    assert SolverWeight.objects.count() == 2
    assert weigh(conference, Weights(), actor=Actor.organizer(1)) is True
    assert SolverWeight.objects.count() == 0
    assert entries()[-1] == (
        "organizer:1",
        {"weights": {"unseated": 10, "empty_seats": 1}, "were": {"unseated": 50, "empty_seats": 0}},
    )


@pytest.mark.parametrize("weight", [-1, 1001])
def test_a_weight_out_of_bounds_is_refused_and_nothing_is_lost(weight: int) -> None:
    conference = make_conference()
    weigh(conference, replace(Weights(), unseated=50), actor=Actor.organizer(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        weigh(conference, replace(Weights(), empty_seats=weight), actor=Actor.organizer(1))
    assert weights_of(conference) == replace(Weights(), unseated=50)


@pytest.mark.parametrize(
    ("term", "weight", "constraint"),
    [
        ("sunshine", 1, "solver_term_is_known"),
        ("unseated", 1001, "solver_weight_is_not_too_heavy"),
        ("unseated", -1, "schedule_solverweight_weight_check"),
        ("empty_seats", 5, "term_is_weighed_once_in_its_conference"),
    ],
)
def test_terms_of_the_scheduler_are_weighed_once_and_within_bounds(term: str, weight: int, constraint: str) -> None:
    conference = make_conference()
    statement = "INSERT INTO schedule_solverweight (conference_id, term, weight) VALUES (%s, %s, %s)"
    run(statement, conference.pk, "empty_seats", 1000)
    assert refused(statement, conference.pk, term, weight) == constraint

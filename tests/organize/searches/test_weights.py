"""The page on which organizers say what counts how much."""

from __future__ import annotations

import re
from dataclasses import asdict, replace

import pytest

from journal.actors import SYSTEM
from schedule.domain.searches.weights import weigh, weights_of
from schedule.solver.problem import Weights
from tests.organize.conftest import Desk, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asleep")]


USUAL = {name: str(weight) for name, weight in asdict(Weights()).items()}


def test_weights_are_chosen_by_name_and_hold_from_the_next_search_on(desk: Desk) -> None:
    client = signed_in(desk.alice)
    response = client.post("/organize/forum/searches/weights/", USUAL | {"unseated": "50", "wish_clashes": "0"})
    assert response["Location"] == "/organize/forum/searches/"
    chosen = replace(Weights(), unseated=50, wish_clashes=0)
    assert weights_of(desk.conference) == chosen
    assert weights_of(desk.elsewhere) == Weights()
    page = client.get("/organize/forum/searches/weights/").content.decode()
    assert re.findall(r'name="(\w+)" value="(\d+)" min', page) == [
        (name, str(getattr(chosen, name))) for name in asdict(chosen)
    ]


def test_one_button_goes_back_to_what_is_usual(desk: Desk) -> None:
    weigh(desk.conference, replace(Weights(), unseated=50), actor=SYSTEM)
    client = signed_in(desk.alice)
    client.post("/organize/forum/searches/weights/", USUAL | {"unseated": "many", "usual": "1"})
    assert weights_of(desk.conference) == Weights()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("-1", "At least 0, please."),
        ("1001", "At most 1000, please."),
        ("many", "Write a whole number, without a point."),
        ("", "Fill this in."),
    ],
)
def test_a_wrong_weight_is_named_and_nothing_is_lost(desk: Desk, given: str, error: str) -> None:
    client = signed_in(desk.alice)
    response = client.post("/organize/forum/searches/weights/", USUAL | {"unseated": given, "empty_seats": "77"})
    page = response.content.decode()
    assert (response.status_code, page.count(error), 'value="77"' in page) == (422, 2, True)
    assert 'href="#id_unseated"' in page
    assert weights_of(desk.conference) == Weights()

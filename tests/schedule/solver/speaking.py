"""The solver's messages in English and in Korean, with the names of a problem."""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

import polib

from schedule.solver.problem import Problem
from schedule.solver.sentences.catalogue import Catalogue
from schedule.solver.sentences.message import CodedMessage
from schedule.solver.sentences.words import SolverWords, names_of

KOREAN_FILE = Path(__file__).parents[3] / "locale" / "ko" / "LC_MESSAGES" / "django.po"


@cache
def korean_catalogue() -> Catalogue:
    return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(KOREAN_FILE)).to_binary()))


def english(problem: Problem, *messages: CodedMessage) -> str:
    return SolverWords(names_of(problem)).say(*messages)


def korean(problem: Problem, *messages: CodedMessage) -> str:
    return SolverWords(names_of(problem, "ko"), korean_catalogue()).say(*messages)

"""One conflict engine for the organizers' board, the release and the scheduler's checks."""

from schedule.conflicts.board import Board, BoardChange
from schedule.conflicts.conflict import Conflict
from schedule.conflicts.demand import wanted_together
from schedule.conflicts.engine import conflicts_of, find_conflicts
from schedule.conflicts.index import ProblemIndex
from schedule.conflicts.kinds import DEFAULT_LEVELS, NO_RULES, ConflictKind, Level, Levels
from schedule.conflicts.plan import PairCounts
from schedule.conflicts.sentences import in_words

__all__ = [
    "DEFAULT_LEVELS",
    "NO_RULES",
    "Board",
    "BoardChange",
    "Conflict",
    "ConflictKind",
    "Level",
    "Levels",
    "PairCounts",
    "ProblemIndex",
    "conflicts_of",
    "find_conflicts",
    "in_words",
    "wanted_together",
]

"""Which operations are run again after a deadlock: all that open a transaction, for any may meet another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "api", "journal", "notifications", "ops", "organize", "registration", "schedule", "website")
ATOMIC = "transaction.atomic"
# What happens inside is its caller's, who alone could begin anew.
CALLERS = {"accounts/domain/second_factors.py: changes_told"}


def opening() -> Iterator[tuple[str, bool]]:
    """(function, whether it is run again) of every function that opens a transaction."""
    for path in (path for room in ROOMS for path in (BASE / room).rglob("*.py") if "migrations" not in path.parts):
        source = path.read_text(encoding="utf-8")
        if ATOMIC not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                decorators = [ast.unparse(one) for one in node.decorator_list]
                blocks = (one for one in ast.walk(node) if isinstance(one, ast.With))
                inside = any(ast.unparse(item.context_expr).startswith(ATOMIC) for one in blocks for item in one.items)
                if inside or any(one.startswith(ATOMIC) for one in decorators):
                    # The outermost, for what is between it and the transaction is done once.
                    yield f"{path.relative_to(BASE)}: {node.name}", decorators[:1] == ["retried"]


def test_every_operation_with_a_transaction_is_run_again_after_a_deadlock() -> None:
    found = dict(opening())
    assert len(found) > 70
    assert {name for name, is_retried in found.items() if not is_retried} == CALLERS

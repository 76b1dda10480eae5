from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from schedule.solver.warm import warm, warm_enrolment

# Prints what a new process has compiled for which types once it is warm, and what after it met every public format.
COMPILED = """
import json
from importlib import import_module
from schedule.solver.benchmarks.enrolment.files import itc, preferences
from schedule.solver.benchmarks.enrolment.search import solve
from schedule.solver.warm import warm_enrolment
from tests.schedule.solver.benchmarks.enrolment.samples import example, example_2002, wishes

moves = "schedule.solver.benchmarks.enrolment.moves"
modules = [import_module(f"{moves}.{name}") for name in ("state", "eject", "place", "anneal")]

def compiled():
    found = {it for module in modules for it in vars(module).values() if hasattr(it, "signatures")}
    return sorted(f"{it.__name__}{one}" for it in found for one in it.signatures)

warm_enrolment()
warmed = compiled()
met = (itc.read(example()), itc.read(example_2002()), preferences.read(json.dumps(wishes())))
steps = [solve(instance, seconds=1).iterations for instance in met]
print(json.dumps([warmed, compiled(), steps]))
"""


def test_warming_runs_the_local_search() -> None:
    assert warm() > 0


def test_warming_runs_the_search_of_the_public_formats() -> None:
    result = warm_enrolment()
    assert result.feasible is True
    assert result.terms["single_event"] == result.objective == 2
    assert result.iterations > 20_000  # not only placed, annealed too


def test_nothing_is_left_to_compile_for_a_public_format() -> None:
    root = Path(__file__).resolve().parents[3]
    warmed, after, steps = json.loads(
        subprocess.run([sys.executable, "-c", COMPILED], cwd=root, check=True, capture_output=True, timeout=300).stdout
    )
    assert {"anneal", "place"} <= {name.partition("(")[0] for name in warmed}
    assert (after, min(steps) > 20_000) == (warmed, True)

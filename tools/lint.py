"""All static checks, one for each core at a time; every one runs, and the end says which failed.

`tools/lint.py [NAME...]`. What mypy found out about a file is kept in .mypy_cache, so a second run takes seconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
PACKAGES = sorted(path.parent.name for path in BASE_DIR.glob("*/__init__.py"))

# The longest first: the others run beside it.
CHECKS: dict[str, list[str]] = {
    "mypy": [f"{BIN}/mypy", "manage.py", "tools", *PACKAGES],
    "ruff": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "imports": [f"{BIN}/lint-imports", "--no-cache"],
    # H021, no inline styles, is a house rule: mails need them.
    "templates": [f"{BIN}/djlint", "templates", "--lint", "--quiet", "--ignore", "H006,H021,H023,H030,H031,T002"],
    "house": [PYTHON, "tools/house_rules.py"],
    "messages": [PYTHON, "-m", "tools.messages", "check"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "dockerfile": [f"{BIN}/hadolint", "Dockerfile"],
    "compose": [f"{BIN}/check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
}


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in CHECKS]:
        print(f"There is no check {', '.join(unknown)}; there are {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    began = time.monotonic()
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done in as_completed(pool.submit(_run, name) for name in names or CHECKS):
            found = done.result()
            print(f"{found.name:<12}{'FAILED' if found.failed else 'ok':<8}{found.seconds:5.1f} s", flush=True)
            if found.failed:
                failed.append(found.name)
                print(found.output, flush=True)
    print(f"{'all':<20}{time.monotonic() - began:5.1f} s")
    if failed:
        print(f"\nNot passed: {', '.join(failed)}. One alone: make lint ARGS={failed[0]}")
    return 1 if failed else 0


@dataclass(frozen=True)
class Found:
    """How a check ended."""

    name: str
    failed: bool
    seconds: float
    output: str


def _run(name: str) -> Found:
    began = time.monotonic()
    # The state of a check is its own: neither a demo that is running nor another check is disturbed.
    environment = {**os.environ, "PLENARY_STATE": str(BASE_DIR / ".plenary" / "lint" / name)}
    done = subprocess.run(
        CHECKS[name],
        cwd=BASE_DIR,
        env=environment,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return Found(name, done.returncode != 0, time.monotonic() - began, done.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

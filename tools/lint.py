"""All static checks, one after the other; every one runs, and the end says which failed. `tools/lint.py [NAME...]`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
APPS = [
    "accounts",
    "api",
    "config",
    "journal",
    "notifications",
    "ops",
    "organize",
    "registration",
    "schedule",
    "tools",
    "website",
]

CHECKS: dict[str, list[str]] = {
    "ruff": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "mypy": [f"{BIN}/mypy", *APPS],
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
    failed = [name for name in names or CHECKS if not _passes(name)]
    if failed:
        print(f"\nNot passed: {', '.join(failed)}. One alone: make lint ARGS={failed[0]}")
    return 1 if failed else 0


def _passes(name: str) -> bool:
    began = time.monotonic()
    # The state of a lint run is its own: a demo that is running is not disturbed.
    environment = {**os.environ, "PLENARY_STATE": str(BASE_DIR / ".plenary" / "lint")}
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
    print(f"{name:<12}{'ok' if done.returncode == 0 else 'FAILED':<8}{time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

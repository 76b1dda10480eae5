"""What docker-compose.yml and the Dockerfile promise, read from the files; nothing is started."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
import yaml

from ops.embedded import BASE_DIR
from ops.parts import WORKERS

COMPOSE: dict[str, Any] = yaml.safe_load((BASE_DIR / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if service["image"] == "plenary"}
DOCKERFILE = (BASE_DIR / "Dockerfile").read_text()
IGNORED = (BASE_DIR / ".dockerignore").read_text().splitlines()


def test_the_services_are_ours_and_their_servers() -> None:
    assert {"web", "worker", *WORKERS, "beat", "migrate"} - {"worker-urgent"} == OURS
    assert {name: service["image"] for name, service in SERVICES.items() if name not in OURS} == {
        "database": "postgres:18",
        "redis": "redis:8",
        "mailpit": "axllent/mailpit:v1.27",
    }


def test_every_service_that_stays_has_a_health_check() -> None:
    checks = {name: service["healthcheck"] for name, service in SERVICES.items()}
    assert checks.pop("migrate") == {"disable": True}
    assert [name for name, check in checks.items() if check["test"][0] not in ("CMD", "CMD-SHELL")] == []


def test_ours_wait_for_healthy_servers_and_finished_migrations() -> None:
    servers = {name: {"condition": "service_healthy"} for name in ("database", "redis")}
    assert SERVICES["migrate"]["depends_on"] == servers
    for name in OURS - {"migrate"}:
        assert SERVICES[name]["depends_on"] == {**servers, "migrate": {"condition": "service_completed_successfully"}}


def test_migrations_run_once() -> None:
    assert SERVICES["migrate"]["command"] == ["python", "manage.py", "migrate", "--noinput"]
    assert SERVICES["migrate"]["restart"] == "no"


def test_the_workers_are_those_of_the_demo() -> None:
    workers = set()
    for service in SERVICES.values():
        if "worker" in (command := service.get("command", [])):
            given = dict(pairwise(command))
            workers.add((given["--queues"], int(given.get("--processes", 1))))
    assert workers == set(WORKERS.values())
    for name in ("worker", *sorted(WORKERS.keys() - {"worker-urgent"})):
        command = SERVICES[name]["command"]
        node = command[command.index("--name") + 1]
        assert SERVICES[name]["healthcheck"]["test"][1].endswith(f"--destination {node}@$$HOSTNAME")


def test_redis_has_the_bound_of_the_bundled_one() -> None:
    given = dict(pairwise(SERVICES["redis"]["command"]))
    assert (given["--maxmemory"], given["--maxmemory-policy"]) == ("256mb", "volatile-lru")


def test_ports_are_open_on_this_machine_only() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:${PORT:-8000}:8000"], "mailpit": ["127.0.0.1:${MAILPIT_PORT:-8025}:8025"]}
    assert [name for name, service in SERVICES.items() if "network_mode" in service] == []


def test_secrets_come_from_the_environment_and_are_required() -> None:
    environments = {name: service.get("environment", {}) for name, service in SERVICES.items()}
    secrets = {
        value
        for environment in environments.values()
        for key, value in environment.items()
        if "PASSWORD" in key or "SECRET" in key
    }
    assert secrets == {
        "${SECRET_KEY:?Set SECRET_KEY in .env (see .env.example)}",
        "${POSTGRES_PASSWORD:?Set POSTGRES_PASSWORD in .env (see .env.example)}",
    }
    assert environments["web"]["DATABASE_URL"] == "postgresql://plenary@database/plenary"


def test_the_database_keeps_its_data_where_its_image_does_since_18() -> None:
    assert SERVICES["database"]["volumes"] == ["database:/var/lib/postgresql"]
    assert set(COMPOSE["volumes"]) == {"database", "state", "mails", "compiled"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_ours_run_with_nothing_they_do_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(OURS))
def test_ours_may_write_where_compiled_code_is_looked_for(name: str) -> None:
    (folder,) = re.findall(r"NUMBA_CACHE_DIR=(\S+) \\", DOCKERFILE)
    assert f"compiled:{folder}" in SERVICES[name]["volumes"]
    (filled,) = re.findall(r"RUN NUMBA_CACHE_DIR=(\S+) python -m schedule\.solver\.warm", DOCKERFILE)
    assert f"COPY --from=build --chown=10001 {filled} {folder}\n" in DOCKERFILE


def test_the_image_has_two_stages_no_root_and_no_secret() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["python:3.13-slim"] * 2
    assert not DOCKERFILE.startswith("# syntax")
    last = DOCKERFILE.rsplit("FROM", 1)[1]
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001"]
    assert last.index("USER 10001") < last.index("CMD")
    assert "--require-hashes" in DOCKERFILE
    assert "HEALTHCHECK" in last
    assert "SECRET_KEY" not in last
    assert "ARG" not in DOCKERFILE
    assert re.findall(r"SECRET_KEY=(\S+)", DOCKERFILE) == ["for-the-build-only"]


def test_nothing_gets_into_the_image_but_what_it_runs() -> None:
    assert IGNORED[1] == "*"
    wanted = {line.removeprefix("!") for line in IGNORED if line.startswith("!")}
    assert wanted == {
        "manage.py",
        "requirements/base.txt",
        "accounts",
        "api",
        "config",
        "journal",
        "locale",
        "notifications",
        "ops",
        "organize",
        "registration",
        "schedule",
        "static",
        "templates",
        "website",
    }
    assert [path for path in wanted if not (BASE_DIR / path).exists()] == []


def test_the_example_names_every_variable_that_must_be_set() -> None:
    text = (BASE_DIR / "docker-compose.yml").read_text()
    example = (BASE_DIR / ".env.example").read_text()
    required = set(re.findall(r"\$\{(\w+):\?", text))
    assert required == {"SECRET_KEY", "POSTGRES_PASSWORD"}
    given = dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE))
    assert {name: given[name] for name in required} == dict.fromkeys(required, "")  # no key that somebody might keep
    assert set(given) <= set(re.findall(r"\$\{(\w+):", text))

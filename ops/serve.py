"""`python -m ops.serve web|worker|beat`: check what is needed, then become the process.

Where DATABASE_URL or REDIS_URL is unset, the bundled servers run for as long as the process does.
"""

from __future__ import annotations

import argparse
import os
import sys

from ops import embedded, env, parts
from ops.checks import StartRefused, check_python, check_servers
from ops.first_key import announce_first_account
from ops.ports import LOOPBACK, Port, PortInUseError, check_ports
from ops.processes import Process, ProcessError, running


def main(arguments: list[str] | None = None) -> None:
    """Never returns on success where both servers are given: the process is replaced."""
    from django.core.exceptions import ImproperlyConfigured  # --help answers without Django

    options = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        _serve(options)
    except (ImproperlyConfigured, embedded.EmbeddedServerError, PortInUseError, ProcessError, StartRefused) as error:
        sys.exit(f"Plenary does not start: {error}")
    except KeyboardInterrupt:
        sys.exit(0)  # it was asked to stop


def _serve(options: argparse.Namespace) -> None:
    check_python()
    _read_settings()  # what is wrong there is said before a server is started for it
    if options.part == "web":
        check_ports([Port("the pages", options.port, "--port", options.host)])
    command = _command(options)
    database, broker = env.text("DATABASE_URL") is None, env.text("REDIS_URL") is None
    with embedded.servers(database=database, broker=broker):
        check_servers()
        if options.part == "web":
            announce_first_account()
        if not (database or broker):
            sys.stdout.flush()
            os.execv(command[0], command)  # noqa: S606  # replaces this process; no shell is meant
        log_folder = embedded.state_dir() / "log"
        print(f"{options.part} runs with the bundled servers; its log is {log_folder / options.part}.log", flush=True)
        with running([Process(options.part, command)], log_folder=log_folder) as processes:
            processes.wait()


def _read_settings() -> None:
    from django.conf import settings  # where none are to be read, Django is not loaded

    _ = settings.SECRET_KEY  # asking for one makes Django read them all


def _command(options: argparse.Namespace) -> list[str]:
    if options.part == "web":
        return parts.web_command(host=options.host, port=options.port)
    if options.part == "worker":
        return parts.worker_command(queues=options.queues, name=options.name, processes=options.processes)
    return parts.beat_command()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ops.serve", description=__doc__.splitlines()[0] if __doc__ else "")
    kinds = parser.add_subparsers(dest="part", required=True)
    web = kinds.add_parser("web", help="the pages and the API")
    web.add_argument("--host", default=LOOPBACK)
    web.add_argument("--port", type=int, default=8000)
    worker = kinds.add_parser("worker", help="a Celery worker")
    worker.add_argument("--queues", default=parts.QUEUES, help="comma-separated; all of them")
    worker.add_argument("--name", default="worker")
    worker.add_argument("--processes", type=int, default=1)
    kinds.add_parser("beat", help="Celery beat; run exactly one")
    return parser


if __name__ == "__main__":
    main()

"""`manage.py demo`: the whole work of a forum with real parts, then everything served until Ctrl-C."""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from ops import embedded
from ops.checks import check_servers
from ops.demo import alone, counting, people, steps, summary
from ops.demo.dates import next_september
from ops.demo.team import DESK, EDITOR, VIEWER
from ops.inbox.store import Inbox
from ops.parts import demo_processes
from ops.ports import Port, PortInUseError, check_ports
from ops.processes import ProcessError, Running, running
from schedule.domain.problem import instant
from schedule.domain.timetables.changes import Placed, changes_between
from schedule.domain.timetables.queries import newest_release
from schedule.models import Conference

ORGANIZER = "organizer@example.org"


class Command(BaseCommand):
    help = "Run the 7th World Human Rights Cities Forum as a demonstration, with sample people, and serve it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--exit", action="store_true", help="do the work on a database of its own, print JSON, end")
        parser.add_argument(
            "--dates",
            choices=["next", "2017"],
            default="next",
            help="the forum's days: in the next September (next), or its own of 2017, for which nobody registers",
        )
        parser.add_argument("--people", type=int, default=600, help="sample participants (600)")
        parser.add_argument("--seed", type=int, default=2017, help="of the sample and of the solver")
        parser.add_argument("--solve-seconds", type=float, default=6.0, help="time for the solver at most")
        parser.add_argument("--port", type=int, default=8000, help="of the pages")
        parser.add_argument("--inbox-port", type=int, default=1080, help="of the inbox's pages")
        parser.add_argument("--smtp-port", type=int, default=1025, help="of the inbox's mail server")

    def handle(self, **options: Any) -> None:
        if options["exit"] and not alone.is_alone():
            sys.exit(alone.run_alone(sys.argv[1:]))
        if options["dates"] == "2017":
            options["people"] = 0
        if options["exit"]:
            options |= {name: alone.free_port() for name in ("port", "inbox_port", "smtp_port")}
        ports = [
            Port("the pages", options["port"], "--port"),
            Port("the inbox's pages", options["inbox_port"], "--inbox-port"),
            Port("the inbox's mail server", options["smtp_port"], "--smtp-port"),
        ]
        # The sample is made again where a crash has lost its last moment; it need not wait for the disk at every step.
        # The web, the workers and whoever uses them afterwards do.
        connection.settings_dict["OPTIONS"]["options"] = "-c synchronous_commit=off"
        try:
            check_ports(ports)
            self.work(options)
        except (PortInUseError, ProcessError, steps.DemoFailed) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.say("\nStopped.")

    def work(self, options: dict[str, Any]) -> None:
        self.seconds: dict[str, float] = {}
        self.started = time.monotonic()
        state = embedded.state_dir()
        inbox = Inbox(state / "inbox.sqlite")
        # Links in mails must lead to the port that is served; children get the same by their environment.
        settings.SITE_URL = os.environ["SITE_URL"] = f"http://127.0.0.1:{options['port']}"
        with self.step("prepare", "The database is brought up to date"):
            check_servers()
            call_command("migrate", verbosity=0)
        processes = demo_processes(
            port=options["port"], smtp_port=options["smtp_port"], inbox_port=options["inbox_port"], mail_file=inbox.path
        )
        with running(processes, log_folder=state / "log", tell=self.say) as children:
            self.seconds["start"] = round(time.monotonic() - self.started - self.seconds["prepare"], 2)
            self.say(f"Web, workers, beat and inbox are running ({self.seconds['start']:.1f} s)")
            result = self.main_job(inbox, options)
            if options["exit"]:
                self.report(result, options)
            else:
                self.serve(children, options)

    def main_job(self, inbox: Inbox, options: dict[str, Any]) -> dict[str, Any]:
        password = self.password()
        first_day = None if options["dates"] == "2017" else next_september(timezone.localdate())
        with self.step("programme", "The programme is imported"):
            conference = steps.load_programme(ORGANIZER, password, first_day=first_day)
        with self.step("people", f"{options['people']} sample participants register and confirm by mail"):
            steps.register_people(
                conference, inbox, count=options["people"], seed=options["seed"], tell=self.say, seconds=120
            )
            steps.vacuum()
        with self.step("schedule", "The solver makes a timetable"):
            draft, solved = steps.make_timetable(conference, seconds=options["solve_seconds"], seed=options["seed"])
            if solved:
                self.say(f"objective {solved.objective}, proved bound {solved.bound}, {solved.terms}")
        with self.step("release", "The timetable is published as release 1"):
            steps.publish_first(conference, draft)
        with self.step("signups", "Wishes become places, or places in line"):
            steps.sign_everybody_up(conference)
            steps.vacuum()
        with self.step("confirmations", "Confirmations go out through Celery"):
            steps.wait_for_mail(conference, seconds=180, tell=self.say)
        change = self.change(conference, inbox, options) if options["people"] else {}
        with self.step("count", "Everything is counted"):
            counted = counting.counts(conference, inbox)
        total = round(time.monotonic() - self.started, 2)
        return counted | {"change": change, "seconds": {**self.seconds, "total": total}}

    def change(self, conference: Conference, inbox: Inbox, options: dict[str, Any]) -> dict[str, Any]:
        """Lose a room, repair, publish, wait for the mails, and look at whom that touched."""
        first = newest_release(conference)
        if first is None or first.number > 1:
            return {}
        last_mail = max((mail.id for mail in inbox.newest(limit=1)), default=0)
        before = counting.Before(first, steps.signup_states(conference), last_mail)
        with self.step("change", "A room is lost; the timetable is repaired and published"):
            loss, second = steps.lose_a_room(conference, seconds=10, seed=options["seed"])
        closed = conference.local(instant(conference, loss.closed.start))
        proved = "proved to be the fewest" if loss.repaired.proved_minimal else "not proved to be the fewest"
        self.say(f"{conference.rooms.get(code=loss.room).name} is lost on {closed:%d %B}. Changes ({proved}):")
        for one in changes_between(first, second):
            self.say(f"  {one.session.code} {one.session.title}: {_where(one.old)} -> {_where(one.new)}")
        with self.step("updates", "Exactly those concerned are told"):
            steps.wait_for_mail(conference, seconds=120, tell=self.say)
        effect = counting.effect(conference, inbox, before, room=loss.room, states=steps.signup_states(conference))
        self.say(f"{effect['people_affected']} people are concerned, {effect['people_told']} of them were told")
        return effect | {"proved_minimal": loss.repaired.proved_minimal}

    def report(self, result: dict[str, Any], options: dict[str, Any]) -> None:
        wrong = summary.failures(result, people=options["people"])
        for sentence in wrong:
            self.stderr.write(f"Not held: {sentence}")
        self.stdout.write(json.dumps(result, ensure_ascii=False))
        self.stdout.flush()
        if wrong:
            raise SystemExit(1)

    def serve(self, children: Running, options: dict[str, Any]) -> None:
        site = settings.SITE_URL
        self.stdout.write(
            f"""
Plenary is running.  ({time.monotonic() - self.started:.0f} s)

  Programme      {site}/{steps.SLUG}/      (Korean: choose 한국어 at the top)
{_for_people(site, options["people"])}  Inbox          http://127.0.0.1:{options["inbox_port"]}/
  Organizers     {site}/organize/      {ORGANIZER}   password {self.password()}
                 with the same password: {EDITOR} edits the programme, {DESK} has the desk,
                 {VIEWER} looks
  API            {site}/api/v1/

Logs are in {embedded.state_dir() / "log"}. Ctrl-C stops everything."""
        )
        self.stdout.flush()
        children.wait()

    def password(self) -> str:
        """The organizer's password: made once, kept beside the database it is for."""
        kept: Path = embedded.state_dir() / "organizer-password"
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(12), encoding="ascii")
        return kept.read_text(encoding="ascii")

    def say(self, text: str) -> None:
        """Progress goes to standard error, so that standard output ends with the answer."""
        self.stderr.write(text, style_func=str)
        self.stderr.flush()

    @contextmanager
    def step(self, name: str, text: str) -> Iterator[None]:
        began = time.monotonic()
        self.say(f"{text} ...")
        yield
        self.seconds[name] = round(time.monotonic() - began, 2)
        self.say(f"  done in {self.seconds[name]:.1f} s")


def _for_people(site: str, number: int) -> str:
    """The lines about registering; none for a forum that is over."""
    if not number:
        return ""
    return (
        f"  Register       {site}/{steps.SLUG}/register/\n"
        f"  My sessions    {site}/my/      sign in as {people.address(1)} (or any number to {number:04});\n"
        "                 the link comes by mail to the inbox\n"
    )


def _where(placement: Placed | None) -> str:
    if placement is None:
        return "nowhere"
    return f"{placement.session.conference.local(placement.start):%d %b %H:%M} {placement.room.name}"

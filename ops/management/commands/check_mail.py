"""Look what is published for the domain mails come from: `manage.py check_mail [--selector NAME]`."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ops.sender.dns import PORT, Resolver, servers_of_this_machine
from ops.sender.findings import Verdict, look

# Nobody waits longer for a name server.
LONGEST = 60.0


def _port(text: str) -> int:
    if not text.isdecimal() or len(text) > 5 or not 0 < int(text) < 65536:
        raise ArgumentTypeError(f"{text!r} is no port: a number from 1 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= LONGEST:
        raise ArgumentTypeError(f"{text!r} is no time to wait: more than 0, and at most {LONGEST:g} seconds")
    return seconds


class Command(BaseCommand):
    help = (
        "Looks up SPF, DKIM, DMARC and MX of the domain of MAIL_FROM, and the reverse DNS of the mail server of "
        "EMAIL_URL, and says what is missing. Changes nothing and sends nothing. Fails where something is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--selector", action="append", default=[], help="a DKIM selector; may be given again")
        parser.add_argument("--nameserver", action="append", default=[], help="its address, instead of the machine's")
        parser.add_argument("--port", type=_port, default=PORT, help="of the name server")
        parser.add_argument("--seconds", type=_seconds, default=5.0, help="how long one question may take")

    def handle(self, *args: Any, **options: Any) -> None:
        resolver = Resolver(options["nameserver"] or servers_of_this_machine(), options["port"], options["seconds"])
        self.stdout.write(f"Mails come from {settings.MAIL_FROM}, by way of {settings.EMAIL_HOST}.")
        try:
            found = look(resolver, sender=settings.MAIL_FROM, server=settings.EMAIL_HOST, selectors=options["selector"])
        except ValueError as error:
            raise CommandError(f"MAIL_FROM: {error}") from error
        for one in found:
            self.stdout.write(f"{one.verdict:<8}{one.about:<6}{one.text}")
        missing = sum(one.verdict is Verdict.BROKEN for one in found)
        if missing:
            raise CommandError(
                f"{missing} of these make mails arrive badly. docs/howto/mail-that-arrives.md says what to do."
            )

"""What was due and what arrived, counted from the database and from the mails themselves."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.utils import DatabaseError
from django.utils import timezone

from journal.models import Entry
from notifications.models import Message
from tests.faults.crowd import Crowd, MailFolder

State = Message.State
# The first step of the ladder; what is due later than this was meant to wait.
WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Mark:
    """Up to which journal entry and message things had come."""

    entry: int = 0
    message: int = 0


@dataclass
class Row:
    """One line of the table."""

    fault: str
    due: int = 0
    sent: int = 0
    superseded: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    doubled_otherwise: int = 0
    # From the end of the fault until all that was due by then had gone; and from a journal entry to its mail at most.
    seconds: float = 0.0
    slowest: float = 0.0
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Window:
    """What became due between two marks, while a fault struck, and the seconds it took to recover."""

    fault: str
    since: Mark
    until: Mark
    seconds: float


def forget_connection() -> None:
    """The next query gets a connection of its own: the server of the last one may have been killed."""
    connection.close()


def mark() -> Mark:
    """Where things stand."""
    newest_entry, newest_message = Entry.objects.order_by("-pk").first(), Message.objects.order_by("-pk").first()
    return Mark(newest_entry.pk if newest_entry else 0, newest_message.pk if newest_message else 0)


def is_settled(until: Mark | None = None, *, impatient: bool) -> bool:
    """Whether everything (up to a mark) has been handled, and sent unless it is not due yet.

    Whoever is `impatient` waits for what is due later as well, as somebody hurries it: what one fault has put off would
    else meet the next one, and climb the ladder beyond the run. False while the database does not answer.
    """
    soon = timezone.now() + WAIT
    try:
        entries = Entry.objects.filter(handled_at=None)
        waiting = Message.objects.filter(state__in=Message.OPEN)
        if not impatient:
            waiting = waiting.filter(due_at__lte=soon)
        if until is not None:
            entries, waiting = entries.filter(pk__lte=until.entry), waiting.filter(pk__lte=until.message)
        return not entries.exists() and not waiting.exists()
    except DatabaseError:
        forget_connection()
        return False


def hurry() -> None:
    """Make due what is kept for later."""
    now = timezone.now()
    later = Message.objects.filter(state__in=[State.QUEUED, State.UNKNOWN], due_at__gt=now)
    try:
        later.update(due_at=now)
    except DatabaseError:
        forget_connection()


def count(window: Window, mails: MailFolder) -> Row:
    """The line for everything that became due in a window."""
    row = Row(window.fault, seconds=round(window.seconds, 1))
    copies = mails.copies()
    messages = list(Message.objects.filter(pk__gt=window.since.message, pk__lte=window.until.message))
    caused = dict(Entry.objects.filter(pk__in=[one.journal_entry_id for one in messages]).values_list("pk", "at"))
    for message in messages:
        if message.sent_at and message.journal_entry_id in caused:
            took = (message.sent_at - caused[message.journal_entry_id]).total_seconds()
            row.slowest = max(row.slowest, round(took, 1))
        arrived = copies.get(f"<{message.known_by}@{settings.CALENDAR_DOMAIN}>", 0)
        row.due += 1
        if message.state == State.SUPERSEDED:
            row.superseded += 1
        elif message.state == State.FAILED:
            row.refused += 1
        elif arrived:
            row.sent += 1
        else:
            row.lost += 1
            row.remarks.append(f"{message.kind} {message.state} never arrived: {message.last_answer}")
        if arrived > 1:
            # Permitted only for what was cut off after its data, and once.
            permitted = message.cut_offs > 0 and arrived == 2
            row.doubled += permitted
            row.doubled_otherwise += not permitted
            if not permitted:
                row.remarks.append(f"{message.kind} arrived {arrived} times, cut off {message.cut_offs} times")
    return row


def broken_promises(crowd: Crowd, refused: int) -> list[str]:
    """What people were told by pages and never by mail, or twice by different mails."""
    told: Counter[tuple[str, str]] = Counter(
        Message.objects.filter(state__in=[State.SENT, State.FAILED]).values_list("kind", "participant__email")
    )
    wanted = [("registration_confirmed", address) for address in crowd.confirmed]
    wanted += [("place_confirmed", address) for address, _ in crowd.placed]
    problems = [f"{one[0]} for {one[1]}: {told[one]} mails" for one in wanted if told[one] != 1]
    failed = Message.objects.filter(state=State.FAILED).count()
    if failed > refused:
        problems.append(f"{failed} mails were refused for good; the mail server refused {refused}")
    return problems + crowd.given_up


COLUMNS = {
    "fault": "fault",
    "due": "due",
    "sent": "sent",
    "superseded": "replaced",
    "refused": "refused",
    "lost": "lost",
    "doubled": "doubled, same id",
    "doubled_otherwise": "otherwise",
    "seconds": "s to recover",
    "slowest": "slowest, s",
}


def table(rows: list[Row]) -> str:
    """The rows as a table of a document."""
    lines = [f"| {' | '.join(COLUMNS.values())} |", f"|{'---|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(str(getattr(row, name)) for name in COLUMNS)} |" for row in rows]
    return "\n".join(lines)

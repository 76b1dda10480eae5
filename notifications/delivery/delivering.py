"""Sending what is due, from what holds at that moment."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.urls import NoReverseMatch
from django.utils import timezone

from notifications.delivery import leases, throttle
from notifications.delivery.leases import Claim, Next, Settlement
from notifications.delivery.retry_schedule import next_try, once_more
from notifications.delivery.smtp import Answer, Carrier, MailServerAwayError, Outcome
from notifications.delivery.superseding import is_back, is_pointless
from notifications.delivery.suppression import WITHHELD, listed, suppress, suppressions_of
from notifications.mails.render_input import Letter, gather
from notifications.mails.rendering import Mail, compose
from notifications.models import Message, Suppression

logger = logging.getLogger(__name__)
State = Message.State
BATCH = 50
# A round ends after this long, so that a slow server does not keep a worker from its other work.
ROUND_SECONDS = 30.0


@dataclass
class Delivered:
    """What a round of delivery did.

    `more` says that messages were left that are due, `away` that the mail server is, and `wait` in how many seconds the
    first of those is due that a provider would not take yet.
    """

    sent: int = 0
    failed: int = 0
    deferred: int = 0
    unknown: int = 0
    superseded: int = 0
    withheld: int = 0
    postponed: int = 0
    more: bool = False
    away: bool = False
    wait: float | None = None


def deliver(queue: str, limit: int = 500) -> Delivered:
    """Send up to `limit` due messages of a queue, a batch at a time over one connection.

    Any number of workers may do this at once. Stops when nothing is due or the mail server is away.
    """
    result = Delivered()
    claimed_so_far, began = 0, monotonic()
    leases.note_lost(now=timezone.now())
    with Carrier() as carrier:
        while claimed_so_far < limit and not result.away and monotonic() - began < ROUND_SECONDS:
            size = min(BATCH, limit - claimed_so_far)
            claimed = leases.claim(queue, size, now=timezone.now())
            result.more = len(claimed.ids) == size
            if not claimed.ids:
                break
            claimed_so_far += len(claimed.ids)
            batch = _Batch(claimed, carrier, result, urgent=queue == Message.Queue.URGENT)
            try:
                batch.send()
            finally:
                # What is left was not tried, whatever the cause; nobody should have to wait for the lease to run out.
                left = leases.give_back(claimed, now=timezone.now(), answer=batch.why)
                result.more = bool(left) or result.more
    return result


class _Batch:
    """Messages that one worker has claimed together."""

    def __init__(self, claimed: Claim, carrier: Carrier, result: Delivered, *, urgent: bool) -> None:
        self._claimed = claimed
        self._carrier = carrier
        self._result = result
        self._urgent = urgent
        # Why what is left could not be tried, for organizers to read; None where there is nothing to say.
        self.why: str | None = None

    def send(self) -> None:
        letters = self._without_pointless(gather(self._claimed.ids))
        letters = self._without_suppressed(letters)
        letters = self._without_early(letters)
        composed = self._composed(letters)
        if not composed:
            return
        # What may have arrived already goes last: the others prove that the server is well before a copy is risked.
        composed.sort(key=lambda pair: self._is_doubtful(pair[0]))
        try:
            self._hand_over(composed)
        except MailServerAwayError as error:
            logger.warning("The mail server is away: %s", error)
            self._result.away = True
            self.why = str(error)

    # --- What is not sent, and why ------------------------------------------------------------------------------

    def _without_pointless(self, letters: Sequence[Letter]) -> list[Letter]:
        """Drop what says nothing true or new; return the rest."""
        now = timezone.now()
        pointless = [letter for letter in letters if is_pointless(letter, now)]
        if not pointless:
            return list(letters)
        back = {letter.message.pk: letter.signup.sequence for letter in pointless if is_back(letter)}
        leases.supersede(self._claimed, [letter.message.pk for letter in pointless if letter.message.pk not in back])
        for pk, sequence in back.items():
            leases.supersede(self._claimed, [pk], sequence=sequence)
        self._result.superseded += len(pointless)
        dropped = {letter.message.pk for letter in pointless}
        return [letter for letter in letters if letter.message.pk not in dropped]

    def _without_suppressed(self, letters: list[Letter]) -> list[Letter]:
        """Withhold what would go to an address that takes no mail; return the rest."""
        found = suppressions_of([_address(letter) for letter in letters]) if letters else {}
        if not found:
            return letters
        withheld: dict[Suppression, list[int]] = defaultdict(list)
        for letter in letters:
            if suppression := found.get(listed(_address(letter))):
                withheld[suppression].append(letter.message.pk)
        for suppression, ids in withheld.items():
            answer = WITHHELD % {"answer": suppression.answer}
            leases.withhold(self._claimed, ids, suppression_id=suppression.pk, answer=answer)
            self._result.withheld += len(ids)
        return [letter for letter in letters if listed(_address(letter)) not in found]

    def _without_early(self, letters: list[Letter]) -> list[Letter]:
        """Give a later turn to what its provider would not take now; return the rest."""
        providers = {letter.message.pk: throttle.provider_of(_address(letter)) for letter in letters}
        admissions = throttle.admit(Counter(providers.values()), urgent=self._urgent)
        now, turns, passed = timezone.now(), {}, Counter[str]()
        going = []
        for letter in letters:
            provider = providers[letter.message.pk]
            place = passed[provider] - admissions[provider].granted
            passed[provider] += 1
            if place < 0:
                going.append(letter)
            else:
                wait = admissions[provider].wait + place * admissions[provider].step
                turns[letter.message.pk] = now + timedelta(seconds=wait)
                self._result.wait = min(self._result.wait or wait, wait)
        leases.postpone(self._claimed, turns)
        self._result.postponed += len(turns)
        return going

    def _composed(self, letters: list[Letter]) -> list[tuple[Letter, Mail]]:
        """Write every mail; one that cannot be written has failed."""
        composed = []
        for letter in letters:
            now = timezone.now()
            try:
                composed.append((letter, compose(letter, now)))
            except (ValueError, NoReverseMatch, TemplateDoesNotExist) as error:
                logger.exception("Message %s cannot be written.", letter.message.uid)
                answer = Answer(Outcome.REFUSED, f"cannot be written: {error}"[:500])
                leases.settle(self._claimed, self._settlement(letter, None, answer, now))
        return composed

    # --- What is sent -------------------------------------------------------------------------------------------

    def _hand_over(self, composed: list[tuple[Letter, Mail]]) -> None:
        """Send mail after mail. The outcome of one and the beginning of the next are written down together."""
        begun = False
        for (letter, mail), following in zip(composed, [*composed[1:], None], strict=True):
            if not begun:
                self._see_the_server(letter)
                begun = leases.begin(self._claimed, _next(letter, mail), now=timezone.now())
                if not begun:  # somebody else has taken it over
                    continue
            answer = self._answer(letter, mail)
            goes_on = following is not None and not answer.broken and not self._is_doubtful(following[0])
            begun = leases.settle(
                self._claimed,
                self._settlement(letter, mail, answer, timezone.now()),
                _next(*following) if following and goes_on else None,
            )
            if answer.no_mailbox:
                suppress(_address(letter), Suppression.Reason.REFUSED, answer=answer.text, now=timezone.now())
            if answer.broken:
                self._result.away = True
                return

    def _see_the_server(self, letter: Letter) -> None:
        """Connect before anything is begun; for a second copy, make sure that the server is not the one that hung."""
        if self._is_doubtful(letter):
            self._carrier.prove()
        else:
            self._carrier.connect()

    def _answer(self, letter: Letter, mail: Mail) -> Answer:
        try:
            return self._carrier.send(settings.MAIL_FROM, mail.recipient, mail.message)
        except MailServerAwayError:
            leases.put_back(self._claimed, method=letter.message.calendar_method)
            raise

    def _is_doubtful(self, letter: Letter) -> bool:
        return letter.message.pk in self._claimed.doubtful

    def _settlement(self, letter: Letter, mail: Mail | None, answer: Answer, now: datetime) -> Settlement:
        """What an answer means for a message; counts it."""
        state, due_at = self._verdict(letter, answer, now)
        # A mail cut off on its way may have arrived, and its entry stand in the calendar: a CANCEL must follow if it
        # ends.
        in_calendar = mail is not None and answer.outcome in (Outcome.SENT, Outcome.UNKNOWN)
        return Settlement(
            message_id=letter.message.pk,
            state=state,
            outcome=answer.outcome,
            at=now,
            answer=answer.text,
            due_at=due_at,
            subject=mail.subject if mail else "",
            method=(mail.method if mail and in_calendar else "") or letter.message.calendar_method,
            sequence=mail.sequence if mail and state == State.SENT else None,
        )

    def _verdict(self, letter: Letter, answer: Answer, now: datetime) -> tuple[State, datetime | None]:
        """The state that follows from an answer, and when the message is due again if it is."""
        if answer.outcome is Outcome.SENT:
            self._result.sent += 1
            return State.SENT, None
        if answer.outcome is Outcome.UNKNOWN:
            self._result.unknown += 1
            return State.UNKNOWN, once_more(now)
        if answer.outcome is Outcome.DEFERRED and (due_at := next_try(letter.message.attempts, now)):
            self._result.deferred += 1
            return (State.UNKNOWN if self._is_doubtful(letter) else State.QUEUED), due_at
        self._result.failed += 1
        return State.FAILED, None


def _address(letter: Letter) -> str:
    return letter.message.recipient.email


def _next(letter: Letter, mail: Mail) -> Next:
    return Next(letter.message.pk, mail.method)

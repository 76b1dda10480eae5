"""The outbox: one row is one mail to one recipient."""

from __future__ import annotations

import functools
import operator
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import TeamInvitation, User
from notifications.models.announcements import Announcement
from registration.models import MagicLink, Participant, Registration, SignUp
from schedule.models import Conference, Person, Session

# The columns that say to whom.
RECIPIENTS = ("participant", "user", "person", "team_invitation")
STATES = ["queued", "claimed", "sending", "sent", "unknown", "failed", "withheld", "superseded"]


def _only(recipient: str) -> Q:
    return Q(**{f"{one}__isnull": one != recipient for one in RECIPIENTS})


class MessageQuerySet(models.QuerySet["Message"]):
    def for_conference(self, conference: Conference) -> MessageQuerySet:
        return self.filter(conference=conference)

    def told_by(self, mail: uuid.UUID) -> MessageQuerySet:
        """All that the mail known by this uid told."""
        return self.filter(Q(uid=mail, mail_uid=None) | Q(mail_uid=mail))


class Message(models.Model):
    """A mail that is due, is on its way, or has gone. Its text is made when it is sent, from what holds then."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        CLAIMED = "claimed", _("about to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNKNOWN = "unknown", _("may have arrived")
        FAILED = "failed", _("failed")
        WITHHELD = "withheld", _("withheld")
        SUPERSEDED = "superseded", _("superseded")

    class Queue(models.TextChoices):
        URGENT = "urgent", _("urgent")
        BULK = "bulk", _("bulk")
        BACKGROUND = "background", _("background")

    # Not settled yet: what a worker may still have to do something about.
    OPEN = (State.QUEUED, State.CLAIMED, State.SENDING, State.UNKNOWN)

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conference = models.ForeignKey(Conference, models.CASCADE, null=True, related_name="messages")
    # To whom: one of a participant, an organizer, somebody who appears in the programme, or is invited into a team.
    participant = models.ForeignKey(Participant, models.CASCADE, null=True, related_name="messages")
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="messages")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="messages")
    team_invitation = models.ForeignKey(TeamInvitation, models.CASCADE, null=True, related_name="messages")
    registration = models.ForeignKey(Registration, models.CASCADE, null=True, related_name="messages")
    signup = models.ForeignKey(SignUp, models.CASCADE, null=True, related_name="messages")
    # What a message to a person of the programme is about.
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="messages")
    magic_link = models.ForeignKey(MagicLink, models.CASCADE, null=True, related_name="messages")
    announcement = models.ForeignKey(Announcement, models.CASCADE, null=True, related_name="messages")
    kind = models.CharField(_("kind"), max_length=40)
    # One reason, one message: a second one with the same key is refused.
    dedup_key = models.CharField(max_length=120, unique=True)
    queue = models.CharField(max_length=10, choices=Queue.choices, default=Queue.BULK)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    journal_entry_id = models.BigIntegerField(_("journal entry"), null=True)
    # What the cause said and the rows no longer say: where a session was, which day a reminder is for.
    data = models.JSONField(default=dict)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # How often a try ended after the data had gone and before the server's answer came: it may have arrived each time.
    cut_offs = models.PositiveSmallIntegerField(default=0)
    # May be told in one mail with others to the same reader: what it says needs no entry in a calendar.
    joins = models.BooleanField(default=False)
    # What the mail is known by, where one mail tells this and other messages: the uid of one of them.
    mail_uid = models.UUIDField(null=True, editable=False)
    # The entry of the suppression list that this message is withheld for.
    suppression = models.ForeignKey("Suppression", models.SET_NULL, null=True, related_name="withheld")
    subject = models.CharField(_("subject"), max_length=400, blank=True)
    calendar_method = models.CharField(max_length=10, blank=True)
    calendar_sequence = models.PositiveIntegerField(null=True)
    last_answer = models.TextField(_("last answer"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["queue", "due_at", "id"],
                name="messages_due",
                condition=Q(state__in=["queued", "claimed", "unknown"]),
            ),
            models.Index(fields=["claimed_until"], name="messages_in_hand", condition=Q(state="sending")),
            models.Index(fields=["conference", "-id"], name="messages_of_conference"),
            models.Index(fields=["signup", "id"], name="messages_of_signup"),
            models.Index(fields=["mail_uid"], name="messages_of_mail", condition=Q(mail_uid__isnull=False)),
            models.Index(
                fields=["person", "session", "id"], name="messages_of_person", condition=Q(person__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="message_state_is_known"),
            models.CheckConstraint(
                condition=functools.reduce(operator.or_, (_only(one) for one in RECIPIENTS)),
                name="message_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["claimed", "sending"]) | Q(claimed_until__isnull=False),
                name="claimed_message_has_a_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="unknown") | Q(cut_offs__gt=0), name="unknown_message_was_cut_off"
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="sent_message_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid} {self.state}"

    @property
    def recipient(self) -> Participant | User | Person | TeamInvitation:
        """Whom it is written to. Reads one of the four: a query if not loaded."""
        recipient = self.participant or self.user or self.person or self.team_invitation
        if recipient is None:
            raise ValueError(f"message {self.pk} has no recipient")
        return recipient

    @property
    def known_by(self) -> uuid.UUID:
        """What its mail is known by: in the Message-ID and in the address that reports of its delivery come to."""
        return self.mail_uid or self.uid

    @property
    def address(self) -> str:
        """Where it goes: its recipient's address, unless its cause names another, theirs before or after a change."""
        return str(self.data.get("to") or self.recipient.email)


class Attempt(models.Model):
    """One try to hand a message to the mail server, with what it answered."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12)
    answer = models.TextField(blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.message_id} {self.at:%Y-%m-%d %H:%M:%S} {self.outcome}"

"""What can happen to mails, announcements, calendars and webhooks, and what organizers choose for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.facts import MEMBER
from journal.facts import Concern, Fact, Names, Sentence, Thing
from schedule.facts.edits import Edited
from schedule.facts.things import SESSION

DELIVERY, TEAM = Concern.DELIVERY, Concern.TEAM
MESSAGE = Thing("message", "notifications.Message")
ANNOUNCEMENT = Thing("announcement", "notifications.Announcement")
TEMPLATE = Thing("template", "notifications.MailTemplate")
FEED = Thing("feed", "notifications.FeedToken")
SUPPRESSION = Thing("suppression", "notifications.Suppression")
WEBHOOK = Thing("webhook", "notifications.WebhookSubscription")


@dataclass(frozen=True, kw_only=True)
class MessageRetried(Fact, verb="message.retried", subject=MESSAGE, concerns=DELIVERY):
    """A message that had failed is sent again."""

    sentence = _("Message sent again")


@dataclass(frozen=True, kw_only=True)
class MessageBounced(Fact, verb="message.bounced", subject=MESSAGE, concerns=DELIVERY):
    """Another server reported that a message could not be delivered."""

    sentence = _("Message came back")


@dataclass(frozen=True, kw_only=True)
class MessageWithheld(Fact, verb="message.withheld", subject=MESSAGE, concerns=DELIVERY):
    """An organizer keeps a message back."""

    sentence = _("Message withheld")


@dataclass(frozen=True, kw_only=True)
class MessageReleased(Fact, verb="message.released", subject=MESSAGE, concerns=DELIVERY):
    """A message that was kept back may go."""

    sentence = _("Withheld message released")


@dataclass(frozen=True, kw_only=True)
class SuppressionAdded(Fact, verb="suppression.added", subject=SUPPRESSION, concerns=DELIVERY):
    """An address takes no mail; which one is not told. `reason` is one of `Suppression.Reason`."""

    sentence = _("Address put on the list of those that take no mail")
    reason: str


@dataclass(frozen=True, kw_only=True)
class SuppressionLifted(Fact, verb="suppression.lifted", subject=SUPPRESSION, concerns=DELIVERY):
    """An address is written to again; so many messages that waited for it go out."""

    sentence = _("Address taken off the list of those that take no mail (messages sent: %(messages)s)")
    messages: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementCreated(Fact, verb="announcement.created", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """A draft was written."""

    sentence = _("Announcement written")


@dataclass(frozen=True, kw_only=True)
class AnnouncementEdited(Edited, verb="announcement.edited", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """A draft says something else, or goes to somebody else. What it says is for those who may open it."""

    def phrase(self) -> Sentence:
        return _("Announcement changed: %(fields)s")


@dataclass(frozen=True, kw_only=True)
class AnnouncementDiscarded(Fact, verb="announcement.discarded", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """A draft was thrown away."""

    sentence = _("Announcement thrown away")


@dataclass(frozen=True, kw_only=True)
class AnnouncementTested(Fact, verb="announcement.tested", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """An organizer had it mailed to themselves."""

    sentence = _("Announcement mailed to oneself")


@dataclass(frozen=True, kw_only=True)
class AnnouncementScheduled(Fact, verb="announcement.scheduled", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """It is sent at `due`."""

    sentence = _("Announcement scheduled for %(due)s")
    due: datetime


@dataclass(frozen=True, kw_only=True)
class AnnouncementUnscheduled(Fact, verb="announcement.unscheduled", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """It is a draft again."""

    sentence = _("Announcement taken off the schedule")


@dataclass(frozen=True, kw_only=True)
class AnnouncementStarted(Fact, verb="announcement.started", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """Its messages are being composed, for so many people."""

    sentence = _("Announcement begun (people: %(planned)s)")
    planned: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementStopped(Fact, verb="announcement.stopped", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """No more of it is sent; so many messages had not left."""

    sentence = _("Announcement stopped (messages withheld: %(withheld)s)")
    withheld: int


@dataclass(frozen=True, kw_only=True)
class AnnouncementSent(Fact, verb="announcement.sent", subject=ANNOUNCEMENT, concerns=DELIVERY):
    """Nothing of it is on its way any more."""

    sentence = _("Announcement sent")


@dataclass(frozen=True, kw_only=True)
class TemplateChanged(Edited, verb="template.changed", subject=TEMPLATE, concerns=DELIVERY):
    """A kind of mail has wording of the conference's own in a language; before it had another one, or Plenary's."""

    kind: str
    language: str

    def phrase(self) -> Sentence:
        return _("Wording of a mail changed (%(kind)s, %(language)s): %(fields)s")

    def words(self, names: Names) -> dict[str, str]:
        return super().words(names) | {"kind": self.kind, "language": self.language}


@dataclass(frozen=True, kw_only=True)
class TemplateReset(Fact, verb="template.reset", subject=TEMPLATE, concerns=DELIVERY):
    """A kind of mail has Plenary's own wording again."""

    sentence = _("Wording of a mail reset (%(kind)s, %(language)s)")
    kind: str
    language: str


@dataclass(frozen=True, kw_only=True)
class FeedCreated(Fact, verb="feed.created", subject=FEED, concerns=DELIVERY):
    """Somebody has a secret address of their calendar."""

    sentence = _("Personal calendar made")


@dataclass(frozen=True, kw_only=True)
class FeedChanged(Fact, verb="feed.changed", subject=FEED, concerns=DELIVERY):
    """A personal calendar carries something else; the columns that changed, never what they say."""

    sentence = _("Personal calendar set up anew")
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FeedRevoked(Fact, verb="feed.revoked", subject=FEED, concerns=DELIVERY):
    """A secret address is closed for ever."""

    sentence = _("Personal calendar withdrawn")


@dataclass(frozen=True, kw_only=True)
class WebhookCreated(Fact, verb="webhook.created", subject=WEBHOOK, concerns=DELIVERY):
    """An address is told of events."""

    sentence = _("Webhook made")


@dataclass(frozen=True, kw_only=True)
class WebhookChanged(Edited, verb="webhook.changed", subject=WEBHOOK, concerns=DELIVERY):
    """A webhook has another name, address or choice of events. An address may hold a key, and is not told."""

    def phrase(self) -> Sentence:
        return _("Webhook changed: %(fields)s")


@dataclass(frozen=True, kw_only=True)
class WebhookPaused(Fact, verb="webhook.paused", subject=WEBHOOK, concerns=DELIVERY):
    """Nothing is sent until it is resumed."""

    sentence = _("Webhook paused")


@dataclass(frozen=True, kw_only=True)
class WebhookResumed(Fact, verb="webhook.resumed", subject=WEBHOOK, concerns=DELIVERY):
    """It is sent to again."""

    sentence = _("Webhook resumed")


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(Fact, verb="webhook.disabled", subject=WEBHOOK, concerns=DELIVERY):
    """Plenary gave a receiver up: it kept "failing", or said that it is "gone"."""

    reason: str

    def phrase(self) -> Sentence:
        if self.reason == "gone":
            return _("Webhook switched off because its receiver asked for it")
        return _("Webhook switched off because it kept failing")


@dataclass(frozen=True, kw_only=True)
class SecretRotated(Fact, verb="webhook.secret_rotated", subject=WEBHOOK, concerns=DELIVERY):
    """A webhook signs with a new secret."""

    sentence = _("Webhook got a new secret")


@dataclass(frozen=True, kw_only=True)
class WebhookTested(Fact, verb="webhook.tested", subject=WEBHOOK, concerns=DELIVERY):
    """An event that says nothing was sent."""

    sentence = _("Test event sent to a webhook")


@dataclass(frozen=True, kw_only=True)
class WebhookReplayed(Fact, verb="webhook.replayed", subject=WEBHOOK, concerns=DELIVERY):
    """So many deliveries are sent once more."""

    sentence = _("Webhook deliveries sent again (number: %(deliveries)s)")
    deliveries: int


@dataclass(frozen=True, kw_only=True)
class WebhookDeleted(Fact, verb="webhook.deleted", subject=WEBHOOK, concerns=DELIVERY):
    """A webhook is gone, with what was on its way."""

    sentence = _("Webhook deleted")


@dataclass(frozen=True, kw_only=True)
class DigestChanged(Fact, verb="member.digest_changed", subject=MEMBER, concerns=TEAM):
    """A member of the team gets the daily mail from now on, or not."""

    wanted: bool

    def phrase(self) -> Sentence:
        return _("Daily mail to an organizer turned on") if self.wanted else _("Daily mail to an organizer turned off")


@dataclass(frozen=True, kw_only=True)
class NamesExported(Fact, verb="export.made", subject=SESSION, concerns=TEAM):
    """An organizer took along who has a place in a session: so many rows."""

    sentence = _("Names of “%(session)s” exported (rows: %(rows)s)")
    rows: int

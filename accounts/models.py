"""Organizers: who may sign in with a password, and which team they work in. Participants are not here."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rights import ALL, Rights, RoleName, rights_by
from values.fields import EmailAddressField, LineField, LinesArrayField
from values.hosts import one_mailbox


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an organizer account. Without a password it cannot sign in until one is set."""
        user = self.model(email=one_mailbox(self.normalize_email(email)).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The account with this address, however it is capitalised, as the database knows one from another."""
        return self.get(email__iexact=one_mailbox((username or "").strip()))

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An organizer's account, named by its mail address."""

    email = EmailAddressField(_("e-mail address"), unique=True)
    name = LineField(_("name"), max_length=120, blank=True)
    # Empty: the first language of the conference a mail is about.
    language = LineField(_("language for mails"), max_length=12, blank=True)
    is_staff = models.BooleanField(_("may use the administration pages"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    # When a link for a new password was asked for last: what is pressed again is mailed once.
    reset_asked_at = models.DateTimeField(null=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("organizer")
        verbose_name_plural = _("organizers")
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="one_account_per_email", violation_error_message=_("This address has an account.")
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)


class AddressChange(models.Model):
    """That an account is to have another address: proved by a link mailed to it, until `expires_at` and once."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="address_changes")
    address = EmailAddressField(_("new address"))
    # What the account had when it was asked; where the notice goes once it is changed.
    former = EmailAddressField(_("former address"))
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], name="one_open_change_of_address", condition=models.Q(done_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at:%Y-%m-%d %H:%M}"

    def is_open(self, now: datetime) -> bool:
        """Whether its link works still."""
        return self.done_at is None and now < self.expires_at


class Team(models.Model):
    """People who run conferences together; a conference belongs to one team."""

    name = LineField(_("name"), max_length=120)
    # Members without one, and administrators, reach nothing of the team's conferences until they have set one up.
    requires_second_factor = models.BooleanField(_("members need a second factor"), default=False, db_default=False)
    members: models.ManyToManyField[User, Membership] = models.ManyToManyField(
        User, through="Membership", related_name="teams"
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class Grant(models.Model):
    """Rights in a team: a row of the matrix, or areas that were chosen one by one, for all themes or for some."""

    Role = RoleName

    role = models.CharField(_("role"), max_length=10, choices=RoleName.choices, default=RoleName.ORGANIZER)
    # What was chosen by hand: empty in every other role.
    sees = LinesArrayField(LineField(max_length=20), verbose_name=_("sees"), default=list, blank=True)
    changes = LinesArrayField(LineField(max_length=20), verbose_name=_("changes"), default=list, blank=True)
    # Codes, which stay the same where a conference is copied. Nothing: all of them.
    themes = LinesArrayField(LineField(max_length=50), verbose_name=_("themes"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=RoleName.values), name="%(class)s_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(role="custom") | models.Q(sees=[], changes=[]),
                name="%(class)s_areas_are_chosen_by_hand_only",
            ),
            models.CheckConstraint(
                condition=models.Q(sees__contained_by=sorted(ALL), changes__contained_by=sorted(ALL)),
                name="%(class)s_areas_are_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="owner") | models.Q(themes__isnull=True), name="%(class)s_owner_has_all_themes"
            ),
        ]

    @property
    def rights(self) -> Rights:
        """What it lets somebody do."""
        return rights_by(self.role, sees=self.sees, changes=self.changes, themes=self.themes)


class Membership(Grant):
    """What one organizer may do in one team. A team that had an owner keeps one: the database refuses the rest."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    daily_digest = models.BooleanField(_("a daily mail when something needs attention"), default=True)

    class Meta(Grant.Meta):
        abstract = False
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"],
                name="one_membership_per_team_and_user",
                violation_error_message=_("This organizer is in the team already."),
            ),
            *Grant.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.user} / {self.team} / {self.get_role_display()}"


class TeamInvitation(Grant):
    """That somebody is to come into a team: proved by a link mailed to their address, until `expires_at` and once."""

    # Stands in the link; another one each time it is mailed anew, so that an earlier link works no more.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = EmailAddressField(_("e-mail address"))
    language = LineField(_("language of the mail"), max_length=12, blank=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Grant.Meta):
        abstract = False
        verbose_name = _("invitation into a team")
        verbose_name_plural = _("invitations into teams")
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("email"),
                name="one_open_invitation_per_team_and_address",
                condition=models.Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(withdrawn_at__isnull=True),
                name="invitation_is_accepted_or_withdrawn",
            ),
            *Grant.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.asked_at:%Y-%m-%d %H:%M}"

    def is_open(self, now: datetime) -> bool:
        """Whether its link works still."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class SetupKey(models.Model):
    """The key with which the first account of an empty installation is made; another one each time a server starts."""

    # There is one row at most, and none once the first account is made.
    only = models.BooleanField(default=True, primary_key=True)
    # SHA-256 of the key: whoever reads the database cannot use it.
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("key for the first account")
        verbose_name_plural = _("keys for the first account")
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="one_setup_key_at_most")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"

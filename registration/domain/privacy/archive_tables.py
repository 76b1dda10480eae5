"""The tables of an archive of everything that hold who registered, what they said, want and have."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from registration.models import Interest, Registration, SignUp
from schedule.models import Conference
from schedule.ports.archive_tables import ArchiveTable


def archive_tables(conference: Conference) -> list[ArchiveTable]:
    """Registrations with all answers, restricted ones too; sign-ups; wishes."""
    who = {
        "participant_uid": "participant__uid",
        "email": "participant__email",
        "email_proved_at": "participant__verified_at",
    }
    session = {"session_code": "session__code"}
    of_registration = {"registration__conference": conference}
    return [
        ArchiveTable(
            "registrations", _("Registrations with all answers"), Registration.objects.for_conference(conference), who
        ),
        ArchiveTable(
            "signups", _("Places in sessions and waiting lists"), SignUp.objects.filter(**of_registration), session
        ),
        ArchiveTable(
            "wishes", _("What people would like to attend"), Interest.objects.filter(**of_registration), session
        ),
    ]

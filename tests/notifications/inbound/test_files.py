"""`manage.py read_mailbox FILE...`: mails from files, all of them or none."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from notifications.models import ReceivedMail

MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n"


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_said_before_any_is_handled(tmp_path: Path) -> None:
    mail, missing = tmp_path / "mail.eml", tmp_path / "missing.eml"
    mail.write_bytes(MAIL)
    for wrong in (missing, tmp_path):
        with pytest.raises(CommandError, match=rf"^Cannot read {wrong}: "):
            call_command("read_mailbox", mail, wrong)
        assert ReceivedMail.objects.count() == 0

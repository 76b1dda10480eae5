"""A local inbox: takes every mail over SMTP, delivers none, and shows them on a page. `python -m ops.inbox`."""

from ops.inbox.store import Inbox, StoredMail

__all__ = ["Inbox", "StoredMail"]

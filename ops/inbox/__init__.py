"""A local inbox: takes every mail over SMTP, delivers none, and shows them on a page. `python -m ops.inbox`."""

from ops.inbox.store import Inbox, Mail

__all__ = ["Inbox", "Mail"]

"""Calendar files and calendar mails: pure functions from values to bytes. Imports no Django (enforced by a test).

`files` writes invites, feeds and downloads from `entries`; `mail_parts` puts an invite into a mail; `links` opens
somebody's own calendar. The content lines are written here and not with a library: a first view of a feed is ten
times faster, and the VTIMEZONE of `zones` is right in clients in which libraries' are not. Tests compare every
shape with what the icalendar library reads and writes.
"""

"""Calendar files and calendar mails: pure functions from values to bytes. Imports no Django (enforced by a test).

`files` writes invites, feeds and downloads from `entries`; `mail_parts` puts an invite into a mail; `links` opens
somebody's own calendar. The icalendar library writes components, escapes and folds. What it leaves to whoever uses it
is here: `checks` cleans text and refuses what must not be written, once for each entry, `zones` makes a
VTIMEZONE that is right in clients in which the library's own is not, and `events` takes what was written before from
wherever it is kept.
"""

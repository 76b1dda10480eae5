"""A button that is pressed twice does once what it says.

A press has a key that says who pressed what, and where it led: written in the transaction that does the work, so that
of two presses at once the later waits for the earlier, and finds what came of it. It leaves nothing where the work was
refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from journal.acts import current_act
from journal.models import Entry, Press
from journal.retrying import retried

# Of what has a number of its own a press is never repeated on purpose; later than this nobody has the page open.
KEEP_PRESSES = timedelta(days=1)


@retried
@transaction.atomic
def pressed_once(
    key: str, act: Callable[[], str], *, now: datetime, within: timedelta, leaves_fact: bool = True
) -> str | None:
    """Do it, and keep where it led: None. Where the same was pressed `within` this time: the address it led to.

    `act` returns the address, or an empty text where it leads nowhere. Without that, or without a fact in the journal
    (unless what is done never leaves one), nothing was done, and the next press is a first one. It must be one that may
    begin anew.
    """
    press, is_first = Press.objects.select_for_update(no_key=True).get_or_create(key=key, defaults={"at": now})
    if not is_first and press.led_to and press.at > now - within:
        return press.led_to
    press.at, press.led_to = now, act()
    if press.led_to and (not leaves_fact or Entry.objects.filter(act=current_act()).exists()):
        press.save(update_fields=["at", "led_to"])
    else:
        press.delete()
    return None


def forget_presses(*, now: datetime) -> int:
    """Delete those that nobody repeats any more. Returns how many there were."""
    return Press.objects.filter(at__lte=now - KEEP_PRESSES).delete()[0]

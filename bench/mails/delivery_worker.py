"""The process that delivers mails in bench.mails.delivery; Django is not set up when it is started."""

from __future__ import annotations

import os
import time
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier

import django


def work(ready: Barrier, spent: Synchronized[float]) -> None:
    """One worker: deliver until nothing is due; adds the processor time it took to `spent`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from notifications.delivery.delivering import deliver  # models can be imported only now
    from notifications.models import Message

    Message.objects.exists()  # a worker has its connection long before a mail is due
    ready.wait(60)
    began = time.process_time()
    while deliver("bulk").more:
        pass
    with spent.get_lock():
        spent.value += time.process_time() - began

"""Runs in the system's Python within a D-Bus session of its own: gives iTIP messages to evolution-data-server.

Reads {"files": [...]} from standard input and prints, for each file, the entries its calendar then holds.
"""

import json
import sys
from typing import Any

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
gi.require_version("ICalGLib", "3.0")
from gi.repository import ECal, EDataServer, ICalGLib  # noqa: E402  # the versions come first

# It waits this long for a calendar on this machine to say that it is connected, which it never does.
WAIT_SECONDS = 1


def instant(client: Any, moment: Any) -> Any:
    """A time of an entry in seconds since 1970; the calendar itself says what its zone means."""
    _, zone = client.get_timezone_sync(moment.get_tzid(), None)
    return moment.get_value().as_timet_with_zone(zone)


def held(client: Any) -> list[dict[str, Any]]:
    _, found = client.get_object_list_as_comps_sync("#t", None)
    entries = []
    for one in found:
        inner = one.get_icalcomponent()
        entries.append(
            {
                "uid": inner.get_uid(),
                "sequence": inner.get_sequence(),
                "summary": inner.get_summary(),
                "location": inner.get_location(),
                "start": instant(client, one.get_dtstart()),
                "end": instant(client, one.get_dtend()),
                "status": inner.get_status().value_nick.upper(),
            }
        )
    return entries


registry = EDataServer.SourceRegistry.new_sync(None)
client = ECal.Client.connect_sync(registry.ref_builtin_calendar(), ECal.ClientSourceType.EVENTS, WAIT_SECONDS, None)
for text in json.load(sys.stdin)["files"]:
    client.receive_objects_sync(ICalGLib.Component.new_from_string(text), ECal.OperationFlags.NONE, None)
    print(json.dumps(held(client)), flush=True)

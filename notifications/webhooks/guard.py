"""Where webhooks may be sent: not to machines that only the server reaches, and no organizer.

The name is resolved once; what comes out is checked, and the connection goes to just that (see posting). So a name
that points elsewhere the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import socket
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

LONGEST = 500
# All of IPv6 that is given out (RFC 4291 2.4); the rest is private, local, reserved, or holds IPv4 addresses.
_GIVEN_OUT = ip_network("2000::/3")
# Global by Python's tables, but not to be reached: protocol assignments (clouds keep their metadata there), IPv4 inside
# IPv6 (RFC 4380, 3056) and its relays, and the address at which machines of Azure find their metadata.
_REFUSED = tuple(
    ip_network(network) for network in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001::/23", "2002::/16")
)
_PORTS = {"https": 443, "http": 80}


class AddressRefusedError(ValueError):
    """A webhook must not, or cannot, be sent there. Its text is for the organizer."""


def target_of(url: str, *, local: bool) -> tuple[str, str, int, str]:
    """Scheme, host, port and path with query of an address; raises `AddressRefusedError` saying what is wrong with it.

    With `local`, which is for one machine trying things out, http is allowed to that machine itself.
    """
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefusedError(
            _("An address has at most %(longest)d letters, digits and signs of ASCII.") % {"longest": LONGEST}
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefusedError(_("This is not a web address.")) from error
    if parts.scheme not in _PORTS or not parts.hostname or (parts.scheme == "http" and not local):
        raise AddressRefusedError(_("The address must start with https://."))
    if parts.username is not None or parts.fragment:
        raise AddressRefusedError(_("Leave out passwords and what follows #; every request is signed anyway."))
    if port is not None and not local and port != 443 and port < 1024:
        raise AddressRefusedError(_("Use port 443 or one above 1023."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    _check_name(parts.hostname, local=local)
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise AddressRefusedError(_("The address must start with https://."))
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path


def addresses_of(host: str, port: int, *, local: bool) -> list[str]:
    """Where a host is, checked; raises `AddressRefusedError` when any of it lies inside a private network.

    One bad answer spoils them all: a name with a public and a private address is no accident.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefusedError(_("No machine has this name.")) from error
    addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    if not addresses or not all(may_reach(address, local=local) for address in addresses):
        raise AddressRefusedError(_("The address leads into a private network."))
    return addresses


def may_reach(address: str, *, local: bool) -> bool:
    """Whether an IP address is one of the internet; with `local`, this machine's own will do."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:  # Python 3.13 asks the IPv4 address inside, 3.11 does not
        return False
    if local and ip.is_loopback:
        return True
    if isinstance(ip, IPv6Address) and ip not in _GIVEN_OUT:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _REFUSED)


def _check_name(host: str, *, local: bool) -> None:
    """Refuse at once what needs no look-up to be refused; names are looked up when something is sent."""
    try:
        allowed = may_reach(host, local=local)
    except ValueError:  # a name
        allowed = local or not (_is_this_machine(host) or host.endswith((".local", ".internal", ".localhost")))
    if not allowed:
        raise AddressRefusedError(_("The address leads into a private network."))


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")

"""Refuse connections to IP addresses that are not on the public internet.

dialer.py checks each connection with this module, so redirects and DNS rebinding are covered too. No host name is
looked up here.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# IPv4 through obsolete relays (Teredo, 6to4), special networks that older Pythons take for public, and the address at
# which virtual machines in Azure reach the services of their host.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "2001::/32",
        "2002::/16",
        "3fff::/20",
        "2001:db8::/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
    )
)


class PrivateAddress(OSError):
    """A connection was refused: the host has only IP addresses that are not public."""


def is_public(address: str) -> bool:
    """Can this IP address (maybe with a zone) be reached from everywhere on the internet?

    Of IPv6 addresses that contain an IPv4 address, two kinds are checked as that IPv4 address: IPv4-mapped ones, and
    NAT64 with the well-known prefix (RFC 6052), which IPv6-only networks need. The other kinds (local-use NAT64, 6to4
    and Teredo) are never public.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(ip.packed[12:])))
        if ip not in _GLOBAL_UNICAST:
            return False
    excluded = any(ip in network for network in _NOT_PUBLIC if network.version == ip.version)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not excluded


def allowed_addresses(host: str, addresses: Sequence[str], is_allowed: Callable[[str], bool]) -> list[str]:
    """The IP addresses of a host that ``is_allowed`` accepts. Raises PrivateAddress if it accepts none."""
    allowed = [address for address in addresses if is_allowed(address)]
    if not allowed:
        raise PrivateAddress(f"{host} is at {addresses[0]}, which is not a public address")
    return allowed


def refuse_private_numbers(url: str) -> None:
    """Raise PrivateAddress for a URL whose host is a private IP address, in any notation, or localhost.

    This is for requests through a proxy: the proxy looks up host names, so nothing else can be checked here.
    """
    host = urlsplit(url).hostname or ""
    if any(not is_public(address) for address in numeric_addresses(host)) or host.rstrip(".") == "localhost":
        raise PrivateAddress(f"{host} is not a public address")


def numeric_addresses(host: str) -> list[str]:
    """The IP address that a numeric host means, as a list. Returns [] for a name.

    For example, 2130706433, 0x7f.1 and 127.1 all mean 127.0.0.1.
    """
    try:
        infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(info[4][0]) for info in infos]

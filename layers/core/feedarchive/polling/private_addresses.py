"""Refuse connections to IP addresses that are not on the public internet.

Otherwise, a feed could make this program send requests to servers in the local network.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Networks that are refused, although the ipaddress module of some versions of Python says that they are public.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "2001::/32",  # Teredo tunnels to IPv4 addresses
        "2002::/16",  # 6to4 tunnels to IPv4 addresses
        "3fff::/20",  # for examples in documentation
        "2001:db8::/32",  # for examples in documentation
        "192.0.0.0/24",  # reserved for protocols of the IETF
        "192.88.99.0/24",  # 6to4 relays
        "168.63.129.16/32",  # internal services of Azure
    )
)


class PrivateAddress(OSError):
    """The host has no public IP address, so this program does not connect to it."""


def is_public(address: str) -> bool:
    """Check whether an IP address can be reached from everywhere on the internet.

    The address may have a zone, such as ``fe80::1%eth0``.

    An IPv6 address may contain an IPv4 address:

    - An IPv4-mapped address or a NAT64 address (``64:ff9b::/96``) is public if its IPv4 address is public.
    - A 6to4 or Teredo address is never public.
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
    """The IP addresses of a host that ``is_allowed`` accepts. Raises PrivateAddress if it accepts none of them."""
    allowed = [address for address in addresses if is_allowed(address)]
    if not allowed:
        raise PrivateAddress(f"{host} has the IP address {addresses[0]}, which is not public")
    return allowed


def refuse_private_numbers(url: str) -> None:
    """Raise PrivateAddress if the host of a URL is ``localhost`` or an IP address that is not public.

    This is for requests through a proxy. The proxy looks up host names, so their IP addresses cannot be checked here.
    """
    host = urlsplit(url).hostname or ""
    if any(not is_public(address) for address in numeric_addresses(host)) or host.rstrip(".") == "localhost":
        raise PrivateAddress(f"{host} is not a public address")


def numeric_addresses(host: str) -> list[str]:
    """Return the IP addresses of a host that is written in numbers; [] if the host is a name.

    For example, 2130706433, 0x7f.1 and 127.1 all mean 127.0.0.1.
    """
    try:
        infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(info[4][0]) for info in infos]

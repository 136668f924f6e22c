"""Which IP addresses are on the public internet. Pure.

dialer.py checks each address it is about to connect to, so the check also covers redirects and DNS rebinding.
"""

from __future__ import annotations

import ipaddress

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# IPv4 through obsolete relays (Teredo, 6to4), and networks that the ipaddress module of older Pythons does not know.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in ("2001::/32", "2002::/16", "3fff::/20", "2001:db8::/32", "192.0.0.0/24", "192.88.99.0/24")
)


def is_public(address: str) -> bool:
    """Can this IP address (maybe with a zone) be reached from everywhere on the internet?

    An IPv4 address embedded in IPv6 is checked as IPv4 if a connection could reach it: IPv4-mapped, and NAT64 with the
    well-known prefix (RFC 6052), which IPv6-only networks need. Local-use NAT64, 6to4 and Teredo are never public.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(ip.packed[12:])))
        if ip not in _GLOBAL_UNICAST:
            return False
    excluded = any(ip in network for network in _NOT_PUBLIC if network.version == ip.version)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not excluded

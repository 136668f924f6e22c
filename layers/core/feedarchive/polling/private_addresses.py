"""Which IP addresses are on the public internet, in whatever form they are dressed. Pure.

The check is made on the address a connection is about to be opened to (``dial.py``), so it holds for redirects and
for a name that answers differently the second time.
"""

from __future__ import annotations

import ipaddress

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Ways to reach IPv4 by way of a relay nobody needs, and what the ipaddress module of older Pythons does not know.
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in ("2001::/32", "2002::/16", "3fff::/20", "2001:db8::/32", "192.0.0.0/24", "192.88.99.0/24")
)


def is_public(address: str) -> bool:
    """Is this IP address (a zone may follow it) one that everybody on the internet can reach?

    IPv4 in IPv6 counts as the IPv4 address where a connection could lead there: mapped, and NAT64 with the
    well-known prefix (RFC 6052), which networks without IPv4 need. Its local-use prefix, 6to4 and Teredo never do.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(ip.packed[12:])))
        if ip not in _GLOBAL_UNICAST:
            return False
    known_not_to_be = any(ip in network for network in _NEVER if network.version == ip.version)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not known_not_to_be

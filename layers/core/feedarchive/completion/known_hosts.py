"""Keep what a run has learned about hosts for the next run, in the file ``state/jobs/hosts.json``.

A run learns the robots.txt of hosts, and which hosts ask us to wait before the next request.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from feedarchive.fetching.robots_cache import CachedRobots
from feedarchive.fetching.robots_txt import RobotsTxt
from feedarchive.json_values import DamagedJSON, checked_time, parse_json
from feedarchive.polling.retry_after import MAX_RETRY_AFTER
from feedarchive.rfc3339 import format_rfc3339

_VERSION = 1
_MAX_ROBOTS_TXT_CHARS = 32 * 1024
_MAX_ROBOTS_TXT_FILES = 1000


@dataclass(frozen=True)
class KnownHosts:
    """What a run knows about hosts.

    - ``robots``: the robots.txt files, by URL.
    - ``held``: for each host that has asked us to wait, the time until which we send it no request.
    """

    robots: Mapping[str, CachedRobots] = field(default_factory=dict)
    held: Mapping[str, datetime] = field(default_factory=dict)


def to_bytes(known: KnownHosts) -> bytes:
    """Encode as one line of JSON.

    Only the newest _MAX_ROBOTS_TXT_FILES robots.txt files are kept. Very long ones are left out.
    """
    texts = {
        url: (each.at, each.robots.text) for url, each in known.robots.items() if isinstance(each.robots, RobotsTxt)
    }
    short = {url: stored for url, stored in texts.items() if len(stored[1]) <= _MAX_ROBOTS_TXT_CHARS}
    newest = sorted(short, key=lambda url: short[url][0], reverse=True)[:_MAX_ROBOTS_TXT_FILES]
    document = {
        "version": _VERSION,
        "robots": {url: {"at": format_rfc3339(short[url][0]), "text": short[url][1]} for url in sorted(newest)},
        "held": {host: format_rfc3339(until) for host, until in sorted(known.held.items())},
    }
    return (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def from_bytes(data: bytes, now: datetime) -> KnownHosts:
    """Decode the file. It is a cache, so damaged parts are dropped."""
    robots: dict[str, CachedRobots] = {}
    held: dict[str, datetime] = {}
    with suppress(DamagedJSON):
        document = parse_json(data)
        if document.integer("version") != _VERSION:
            return KnownHosts()
        found = document.object("robots")
        for url in found.fields:
            with suppress(DamagedJSON):
                each = found.object(url)
                robots[url] = CachedRobots(RobotsTxt(each.text("text")), each.time("at"))
        for host, until in document.objects_by_name("held").items():
            with suppress(DamagedJSON):
                held[host] = min(checked_time(until), now + MAX_RETRY_AFTER)
    return KnownHosts(robots, held)

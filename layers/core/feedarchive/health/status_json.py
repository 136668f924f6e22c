"""Read and write ``status.json``, the health of every feed, for programs and for ``feedarchive status``.

Feeds that need attention come first. If an archive has more than 2,000 feeds, ``status.json`` contains only the first
feeds and the names of the parts. The parts are files with the other feeds: ``status/2.json`` and so on.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from feedarchive.concurrency import in_parallel
from feedarchive.health.damage import DamagedFile, parse_damaged_file
from feedarchive.health.feed_health import FeedHealth
from feedarchive.json_values import DamagedJSON, JSONObject, checked_integer, parse_json
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import NotRead, update

STATUS = "status.json"
FEEDS_PER_PART, _MAX_PARTS = 2_000, 8
_VERSION = 1

NewByDay = dict[str, dict[str, int]]
"""For each day, such as "2025-12-25": the number of new articles of each feed, by feed URL."""


@dataclass(frozen=True)
class LastStatus:
    """What the next build needs from the last status.json.

    - ``states``: the fingerprint of the polling states that the last build read (``fingerprint_of_states``).
    - ``day``: the day of the last build (UTC), such as "2025-12-25".
    - ``new_by_day``, ``feeds_file_error``, ``silence_reported``, ``damage``, ``notices``, ``complete``: see Status.
    - ``stored``: status.json and its parts as they were read, by key.
    """

    new_by_day: NewByDay = field(default_factory=dict)
    states: str = ""
    day: str = ""
    feeds_file_error: str = ""
    silence_reported: date | None = None
    damage: tuple[DamagedFile, ...] = ()
    notices: tuple[str, ...] = ()
    complete: bool = True
    stored: Mapping[str, Stored] = field(default_factory=dict, compare=False, repr=False)

    def is_current(self, states: str, now: datetime) -> bool:
        """Check whether the polling states and the day (UTC) are still the same as when status.json was written.

        The day matters, because the health of feeds depends on the time.
        """
        return bool(states) and self.states == states and self.is_of_day(now)

    def is_of_day(self, now: datetime) -> bool:
        """Check whether status.json was written on the same day (UTC) as ``now``."""
        return self.day == _utc_day(now)


def read_status(store: Store) -> LastStatus:
    """Read the last status.json and all its parts. The result is empty if a file is missing or damaged."""
    stored = store.read(STATUS)
    if stored is None:
        return LastStatus()
    try:
        document = parse_json(stored.data)
        if document.integer("version") != _VERSION:
            return LastStatus()
        new_by_day = _new_by_day(document)
        names = document.texts("parts") if "parts" in document else ()
        read = zip(names, in_parallel(store.read, names, store.threads), strict=True)
        parts = {key: part for key, part in read if part}
        for key in names:
            for day, counts in _new_by_day(parse_json(parts[key].data if key in parts else b"")).items():
                new_by_day.setdefault(day, {}).update(counts)
        states = document.text("states") if "states" in document else ""
        reported = document.day("silence_reported") if "silence_reported" in document else None
        day = _utc_day(document.time("time"))
        damage = tuple(map(parse_damaged_file, document.objects("damage"))) if "damage" in document else ()
        notices = document.texts("notices") if "notices" in document else ()
        complete = "complete" not in document or document.boolean("complete")
        return LastStatus(
            new_by_day, states, day, document.text("feeds_file"), reported, damage, notices, complete,
            {STATUS: stored, **parts},
        )  # fmt: skip
    except DamagedJSON:
        return LastStatus()


def _new_by_day(document: JSONObject) -> NewByDay:
    days = document.object("new_by_day")
    return {day: {url: checked_integer(count) for url, count in days.object(day).fields.items()} for day in days.fields}


def _utc_day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


@dataclass(frozen=True)
class Status:
    """The contents of status.json.

    - ``health``: the health of every feed. Feeds that need attention come first.
    - ``new_by_day``: how many new articles each feed had on each day.
    - ``time``: the time of this build.
    - ``feeds_file_error``: the error in feeds.toml; "" if there is none.
    - ``states``: a fingerprint of the polling states of all feeds (``fingerprint_of_states``).
    - ``silence_reported``: the last day of the last announced silence (builds/silence.py); None if no silence was
      announced.
    - ``damage``: the damaged files of the archive.
    - ``notices``: problems outside the archive itself, for example on AWS.
    - ``complete``: False if the states of some feeds were not read. Their health is then from an earlier build.
    """

    health: Sequence[FeedHealth]
    new_by_day: NewByDay
    time: datetime
    feeds_file_error: str = ""
    states: str = ""
    silence_reported: date | None = None
    damage: Sequence[DamagedFile] = ()
    notices: Sequence[str] = ()
    complete: bool = True


def write_status(
    store: Store, status: Status, before: Mapping[str, Stored] | None = None, feeds_per_part: int = FEEDS_PER_PART
) -> None:
    """Write the parts, then status.json.

    - ``before``: the files that ``read_status`` has read, by key. They need not be read again.
    - ``feeds_per_part``: how many feeds a file contains. If more than 8 files would be needed, a file contains
      more feeds.
    """
    known = before or {}
    health, new_by_day = status.health, status.new_by_day
    # Write at most _MAX_PARTS files, so that a build needs only few requests, even if there are very many feeds.
    feeds_per_part = max(feeds_per_part, math.ceil(len(health) / _MAX_PARTS))
    numbers = range(feeds_per_part, len(health), feeds_per_part)
    parts = {f"status/{n // feeds_per_part + 1}.json": health[n : n + feeds_per_part] for n in numbers}

    def write(part: tuple[str, Sequence[FeedHealth]]) -> None:
        key, some = part
        feeds = [as_json(each) for each in some]
        document = {"version": _VERSION, "feeds": feeds, "new_by_day": _new_by_day_of(some, new_by_day)}
        update(store, key, lambda stored: _to_bytes(document), known.get(key, NotRead.NOT_READ))

    list(in_parallel(write, parts.items(), store.threads))
    first = health[:feeds_per_part]
    document = {
        "version": _VERSION,
        "time": format_rfc3339(status.time),
        "feeds_file": status.feeds_file_error,
        **({"notices": list(status.notices)} if status.notices else {}),
        **({"states": status.states} if status.states else {}),
        **({} if status.complete else {"complete": False}),
        **({"silence_reported": status.silence_reported.isoformat()} if status.silence_reported else {}),
        "damage": [each.as_json() for each in status.damage],
        "feeds": [as_json(each) for each in first],
        **({"parts": list(parts)} if parts else {}),
        "new_by_day": _new_by_day_of(first, new_by_day) if parts else new_by_day,
    }
    update(store, STATUS, lambda stored: _to_bytes(document), known.get(STATUS, NotRead.NOT_READ))


def _new_by_day_of(feeds: Sequence[FeedHealth], new_by_day: NewByDay) -> NewByDay:
    urls = {each.url for each in feeds}
    return {day: {url: count for url, count in counts.items() if url in urls} for day, counts in new_by_day.items()}


def _to_bytes(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def as_json(health: FeedHealth) -> dict[str, Any]:
    """Return a feed's health as values for JSON. Times are texts as in RFC 3339, or None for "never"."""
    return {
        name: format_rfc3339(value) if isinstance(value, datetime) else value for name, value in vars(health).items()
    }

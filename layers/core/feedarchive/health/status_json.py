"""``status.json``: the health of every feed, for programs and for ``feedarchive status``.

Feeds that need attention come first. An archive of more than 2,000 feeds has several files: ``status.json`` has the
first feeds and the names of the other files (``status/1.json`` and so on).
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
"""Maps a day (ISO) to the numbers of new articles, by feed URL."""


@dataclass(frozen=True)
class LastStatus:
    """What the next build of digests needs from the last status.json.

    - ``states`` is the fingerprint of the states that the last build read (``fingerprint_of_states``).
    - ``day`` is the day of that build (UTC).
    - ``feeds_file_error``, ``silence_reported``, ``damage`` and ``notices``: see Status.
    - ``complete``: that build read the states of all feeds.
    - ``stored`` has the files that this was read from, by key.
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
        """Check whether status.json need not be written again: no state was saved since, and the day (UTC) is the same.

        Health depends on the time, so status.json is written at least once a day.
        """
        return bool(states) and self.states == states and self.is_of_day(now)

    def is_of_day(self, now: datetime) -> bool:
        """Check whether status.json was written on the same day (UTC) as ``now``."""
        return self.day == _utc_day(now)


def read_status(store: Store) -> LastStatus:
    """Read the last status.json and its other parts. The result is empty if one is missing or damaged."""
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

    - ``health`` has the feeds in the order in which they are written.
    - ``new_by_day`` has the numbers of their new articles.
    - ``time`` is the time of this build.
    - ``feeds_file_error`` is the error in feeds.toml, "" if there is none.
    - ``states`` is the fingerprint of all states (``fingerprint_of_states``).
    - ``silence_reported``: the last announcement that no article arrived covered the days up to this one. None if there
      was no such announcement.
    - ``damage`` has the files that digests list and that are missing or changed.
    - ``notices`` are problems outside the archive itself, for example on AWS.
    - ``complete`` is False if the states of some feeds were not read, so that their health is that of an earlier build.
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
    """Write the other parts, then status.json. ``before`` has the files that ``read_status`` read, by key."""
    known = before or {}
    health, new_by_day = status.health, status.new_by_day
    # There are at most _MAX_PARTS files, so a build needs few requests, however many feeds there are.
    feeds_per_part = max(feeds_per_part, math.ceil(len(health) / _MAX_PARTS))
    numbers = range(feeds_per_part, len(health), feeds_per_part)
    parts = {f"status/{n // feeds_per_part + 1}.json": health[n : n + feeds_per_part] for n in numbers}

    def write(part: tuple[str, Sequence[FeedHealth]]) -> None:
        key, some = part
        document = {"version": _VERSION, "feeds": [as_json(each) for each in some], "new_by_day": _of(some, new_by_day)}
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
        "new_by_day": _of(first, new_by_day) if parts else new_by_day,
    }
    update(store, STATUS, lambda stored: _to_bytes(document), known.get(STATUS, NotRead.NOT_READ))


def _of(feeds: Sequence[FeedHealth], new_by_day: NewByDay) -> NewByDay:
    """The part of ``new_by_day`` that is about these feeds."""
    urls = {each.url for each in feeds}
    return {day: {url: count for url, count in counts.items() if url in urls} for day, counts in new_by_day.items()}


def _to_bytes(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def as_json(health: FeedHealth) -> dict[str, Any]:
    """A feed's health as plain values. Times are in RFC 3339, or None for "never"."""
    return {
        name: format_rfc3339(value) if isinstance(value, datetime) else value for name, value in vars(health).items()
    }

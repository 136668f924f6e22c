"""The announcement of a day: what subscribers get by mail, queue or webhook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from feedarchive.digest.digest import Digest, group_by_feed
from feedarchive.digest.markdown_page import describe_counts, display_title
from feedarchive.text import shorten

_MAX_TITLES = 50
_MAX_TITLE = 160
_MAX_SUBJECT = 99


@dataclass(frozen=True)
class Announcement:
    """``subject`` is ASCII and under 100 characters, as SNS asks; ``text`` is for a mail, ``data`` is JSON."""

    subject: str
    text: str
    data: str


class Announcer(Protocol):
    """Where announcements go: a line on a terminal here, a topic in the cloud."""

    def announce(self, announcement: Announcement) -> None:
        """Hand it over. Raises StoreError when that fails: then it is tried again at the next build."""


def announcement_for(digest: Digest, location: str, needing_a_person: Sequence[str]) -> Announcement:
    """What is said of a day. ``needing_a_person`` is a line for each feed somebody must look at."""
    counts, day = digest.counts(), digest.day.isoformat()
    subject = f"Feedarchive {day}: {describe_counts(counts)}"
    keys = {name: f"{digest.folder}{file}" for name, file in FILES.items()}
    text = [f"{day}: {describe_counts(counts)}.", f"{location}/{keys['html']}", ""]
    text += _titles(digest)
    if needing_a_person:
        text += ["", "Feeds that need you:", *(f"- {line}" for line in needing_a_person)]
    data = {"day": day, "location": location, **keys, "counts": counts}
    return Announcement(subject[:_MAX_SUBJECT], "\n".join(text) + "\n", json.dumps(data))


FILES = {"json": "digest.json", "markdown": "digest.md", "html": "index.html"}


def _titles(digest: Digest) -> list[str]:
    lines: list[str] = []
    shown = 0
    for group in group_by_feed(digest.news() or digest.entries):
        if shown == _MAX_TITLES:
            break
        lines.append(group.feed)
        for entry in group.entries[: _MAX_TITLES - shown]:
            lines.append(f"- {shorten(display_title(entry), _MAX_TITLE)}")
            shown += 1
    left = len(digest.entries) - shown
    return lines + ([f"… and {left} more"] if left else [])

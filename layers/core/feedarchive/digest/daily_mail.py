"""The announcement of a day, which subscribers get by mail, queue or webhook."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from feedarchive.digest.digest import Digest, group_by_feed
from feedarchive.digest.markdown_page import describe_counts, display_title
from feedarchive.text import shorten

_MAX_TITLES = 50
_MAX_TITLE = 160  # characters
_MAX_SUBJECT = 99  # characters


@dataclass(frozen=True)
class Announcement:
    """``subject`` is ASCII and shorter than 100 characters, as SNS requires; ``text`` is the mail, ``data`` is JSON."""

    subject: str
    text: str
    data: str


class Announcer(Protocol):
    """Publishes announcements: in the log of a command, or on an SNS topic."""

    def announce(self, announcement: Announcement) -> None:
        """Publish an announcement. Raises StoreError if that fails; the next build then tries again."""


def announcement_for(digest: Digest, location: str, attention: Sequence[str]) -> Announcement:
    """The announcement of a day. ``attention`` has a line for each feed that needs attention."""
    counts, day = digest.counts(), digest.day.isoformat()
    subject = f"Feedarchive {day}: {describe_counts(counts)}"
    keys = {"json": f"{digest.folder}digest.json", "markdown": f"{digest.folder}digest.md", "html": digest.page}
    text = [f"{day}: {describe_counts(counts)}.", f"{location}/{keys['html']}", ""]
    text += _titles(digest)
    if attention:
        text += ["", "Feeds that need attention:", *(f"- {line}" for line in attention)]
    data = {"day": day, "location": location, **keys, "counts": counts}
    return Announcement(subject[:_MAX_SUBJECT], "\n".join(text) + "\n", json.dumps(data))


def _titles(digest: Digest) -> list[str]:
    lines: list[str] = []
    titles = 0
    for group in group_by_feed(digest.news() or digest.entries):
        if titles == _MAX_TITLES:
            break
        lines.append(group.feed)
        for entry in group.entries[: _MAX_TITLES - titles]:
            lines.append(f"- {shorten(display_title(entry), _MAX_TITLE)}")
            titles += 1
    left = len(digest.entries) - titles
    return lines + ([f"… and {left} more"] if left else [])

"""What a site's robots.txt allows this program, and how long it asks to wait between requests (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlsplit

from protego import Protego

USER_AGENT = "Feedarchive"
"""The name of this program in a robots.txt: the rules after ``User-agent: Feedarchive`` apply to it."""
MAX_BYTES = 500 * 1024
"""The number of bytes of a robots.txt that are used. The rest is ignored (RFC 9309 section 2.5)."""
MAX_CRAWL_DELAY = timedelta(minutes=5)
"""A longer Crawl-delay is shortened to this. With a delay of a day, for example, a run could fetch only one page."""
MAX_RECEIVED_BYTES = 4 * MAX_BYTES
"""A larger robots.txt is treated as if it could not be fetched."""
_MAX_LINE_CHARS = 2000  # a longer line is ignored: hardly any URL is so long


@dataclass(frozen=True)
class RobotsTxt:
    """The text of a robots.txt; "" allows everything."""

    text: str = ""

    @classmethod
    def from_bytes(cls, body: bytes) -> RobotsTxt:
        """Decode a robots.txt. Bytes that are not UTF-8 are replaced by U+FFFD, which matches no URL."""
        return cls(body[:MAX_BYTES].decode("utf-8-sig", "replace"))

    @cached_property
    def _rules(self) -> Protego:
        return Protego.parse("\n".join(line for line in self.text.splitlines() if len(line) <= _MAX_LINE_CHARS))

    def allows(self, url: str) -> bool:
        """Check whether this program may request a URL."""
        return not self.text or bool(self._rules.can_fetch(url, USER_AGENT))

    @property
    def crawl_delay(self) -> timedelta:
        """The Crawl-delay for this program, at most MAX_CRAWL_DELAY; zero if the file has none."""
        seconds = self._rules.crawl_delay(USER_AGENT) if self.text else None
        return min(timedelta(seconds=min(seconds or 0.0, 86_400)), MAX_CRAWL_DELAY)


def robots_url(url: str) -> str:
    """Return the URL of the robots.txt that applies to an http(s) URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"

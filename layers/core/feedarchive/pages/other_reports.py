"""Find articles of other sites about the event that an article reports. Pages list them as "Also: …".

Pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedarchive.digest.digest import Digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.markdown_page import display_title
from feedarchive.identity.canonical_url import clean_url
from feedarchive.text import one_line, shorten

_MAX_NAME_CHARS, _MAX_LINK_CHARS = 80, 1_000


@dataclass(frozen=True)
class OtherReport:
    """An article of another site.

    - ``feed`` is the name of its feed.
    - ``page`` is the link to it in the archive.
    - ``web`` is its http(s) URL at the publisher, or "".
    """

    feed: str
    title: str
    page: str
    web: str


def other_reports(entry: DigestEntry, digest: Digest, links: Mapping[str, str], max_title: int) -> list[OtherReport]:
    """The articles of other sites about the same event as ``entry``.

    ``links`` maps the key of each article's file to the link to the article.
    """
    return [
        OtherReport(
            feed_name(other), shorten(one_line(display_title(other)), max_title), links[other.key], web_link(other)
        )
        for other in digest.also.get(entry.key, ())
    ]


def feed_name(entry: DigestEntry) -> str:
    """The name of an entry's feed, shortened for a list."""
    return shorten(one_line(entry.feed or entry.site), _MAX_NAME_CHARS)


def web_link(entry: DigestEntry) -> str:
    """The http(s) URL of an entry's article at the publisher; "" if there is none or it is too long."""
    link = clean_url(entry.link)
    return link if len(link) <= _MAX_LINK_CHARS else ""

"""The articles of other sites about the same event, as the line of an article lists them after "Also". Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedarchive.digest.digest import Digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.markdown_page import display_title
from feedarchive.identity.canonical_url import clean_url
from feedarchive.text import one_line, shorten

_MAX_NAME, _MAX_LINK = 80, 1_000  # characters; a longer link is left out


@dataclass(frozen=True)
class OtherReport:
    """An article of another site: the name of its feed, its title, its page, and its link, an http(s) URL or ""."""

    feed: str
    title: str
    page: str
    web: str


def other_reports(entry: DigestEntry, digest: Digest, links: Mapping[str, str], max_title: int) -> list[OtherReport]:
    """The other reports of an entry. ``links`` are the links to pages by key."""
    return [
        OtherReport(
            feed_name(other), shorten(one_line(display_title(other)), max_title), links[other.key], web_link(other)
        )
        for other in digest.also.get(entry.key, ())
    ]


def feed_name(entry: DigestEntry) -> str:
    """The name of an entry's feed in a list."""
    return shorten(one_line(entry.feed or entry.site), _MAX_NAME)


def web_link(entry: DigestEntry) -> str:
    """The link to an entry's article at its publisher, or ""."""
    link = clean_url(entry.link)
    return link if len(link) <= _MAX_LINK else ""

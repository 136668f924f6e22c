"""Show the stored copies of pictures and enclosures in a text.

A picture is replaced with its stored copy. After a link to an enclosure, a link to its stored copy is added.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from feedarchive.json_values import DamagedJSON
from feedarchive.media.article_media import Role
from feedarchive.media.media_list import parse_media_list

# These expressions match sanitized HTML, in which all attributes are in double quotes.
_SOURCE = re.compile(r'(<img(?:\s[a-z-]+="[^"]*")*?\ssrc=")([^"]*)(")')
_LINK = re.compile(r'<a(?:\s[a-z-]+="[^"]*")*?\shref="([^"]*)"(?:\s[a-z-]+="[^"]*")*>.*?</a>', re.DOTALL)


@dataclass(frozen=True)
class StoredMedia:
    """Maps the URLs of an article's pictures and enclosures to links to the stored copies."""

    pictures: Mapping[str, str] = field(default_factory=dict)
    enclosures: Mapping[str, str] = field(default_factory=dict)

    def show_in(self, sanitized: str) -> str:
        """Put the links to the stored copies into sanitized HTML."""
        if self.pictures:
            sanitized = _SOURCE.sub(self._with_source, sanitized)
        if self.enclosures:
            sanitized = _LINK.sub(self._with_link, sanitized)
        return sanitized

    def picture(self, url: str) -> str:
        """The link to the stored copy of a picture. If there is no copy, return ``url``."""
        return self.pictures.get(url, url)

    def _with_source(self, match: re.Match[str]) -> str:
        link = self.pictures.get(html.unescape(match[2]))
        return f"{match[1]}{html.escape(link)}{match[3]}" if link else match[0]

    def _with_link(self, match: re.Match[str]) -> str:
        link = self.enclosures.get(html.unescape(match[1]))
        return f'{match[0]} (<a href="{html.escape(link)}">stored copy</a>)' if link else match[0]


def stored_media(lists: Iterable[bytes], link_to: Callable[[str], str]) -> StoredMedia:
    """Read lists of media, and make a link to each stored copy. Damaged lists are left out.

    - ``lists``: the contents of the list files.
    - ``link_to``: takes the key of a stored copy and returns the link to it.
    """
    pictures: dict[str, str] = {}
    enclosures: dict[str, str] = {}
    for data in lists:
        with suppress(DamagedJSON):
            for item in parse_media_list(data).items:
                if item.stored:
                    of_role = pictures if item.role is Role.IMAGE else enclosures
                    of_role[item.url] = link_to(item.stored.key)
    return StoredMedia(pictures, enclosures)

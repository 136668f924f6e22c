"""List the files that come with an entry (podcast audio, video, PDF) below its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from feedarchive.article.choose_image import is_fit, is_image
from feedarchive.document.model import Enclosure, Text
from feedarchive.identity.canonical_url import clean_url
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.markdown.inline_escaping import escape_inline
from feedarchive.markdown.link_destinations import link_destination
from feedarchive.markdown.visible_text import plain_line
from feedarchive.text import one_line

# YouTube's feeds still list a Flash player, which no browser supports. The entry's link leads to the video.
_FLASH_PLAYER = re.compile(r"https?://www\.youtube\.com/v/")
_MIN_SIZE_LISTED = 50_000  # bytes; many feeds write 0 or 1


def urls_in(tree: HtmlElement | None) -> set[str]:
    """Return the URLs of all links and images in a body.

    The body must not be converted to Markdown yet, because Markdown may write a URL differently.
    """
    elements = tree.iter("a", "img") if tree is not None else ()
    return {str(element.get("href") or element.get("src")) for element in elements}


def unlisted_enclosures(enclosures: Iterable[Enclosure], urls: set[str], base: str, words: str = "") -> list[Enclosure]:
    """Return the enclosures whose URL is not among ``urls``, each once, with absolute URLs; no avatars or icons.

    If an image has a caption that the text does not contain, it is returned in any case. ``words`` are the letters and
    digits of the text.
    """
    unlisted: dict[str, Enclosure] = {}
    for enclosure in enclosures:
        url = clean_url(enclosure.url, base)
        if (is_image(enclosure) and not is_fit(url)) or _FLASH_PLAYER.match(url):
            continue
        has_caption = bool(enclosure.title) and is_image(enclosure)
        is_listed = url in urls and not (has_caption and letters_and_digits(enclosure.title) not in words)
        if url and not is_listed and url not in unlisted:
            unlisted[url] = Enclosure(url, one_line(enclosure.type), enclosure.length, _plain_title(enclosure.title))
    return list(unlisted.values())


def _plain_title(title: str) -> str:
    """Return a title or caption on one line; some have markup."""
    return plain_line(Text(title, html=True)) if "<" in title or "&" in title else one_line(title)


def enclosure_list(enclosures: Sequence[Enclosure]) -> str:
    """Return a Markdown list of links: "* [audio/mpeg, 12.3 MB](https://…)"."""
    lines = []
    for enclosure in enclosures:
        length = enclosure.length
        size = f"{length / 1e6:.1f} MB" if length and length >= _MIN_SIZE_LISTED else ""
        label = ", ".join(part for part in (enclosure.title, enclosure.type, size) if part) or "attached file"
        # The text's own lists have the bullet "-". A different bullet begins a new list.
        lines.append(f"* [{escape_inline(label)}]({link_destination(enclosure.url)})")
    return "\n".join(lines)

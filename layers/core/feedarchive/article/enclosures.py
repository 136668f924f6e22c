"""List the enclosures of an entry below its text: attached files such as the audio of a podcast, a video or a PDF."""

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

# YouTube's feeds have an enclosure with a Flash player, which no browser supports. It is left out, because the entry's
# link already leads to the video.
_FLASH_PLAYER = re.compile(r"https?://www\.youtube\.com/v/")
_MIN_BYTES_SHOWN = 50_000  # Many feeds write 0 or 1 instead of the real size, so small sizes are not shown.


def urls_in(tree: HtmlElement | None) -> set[str]:
    """Return the URLs of all links and images in a body. Returns an empty set if there is no body."""
    elements = tree.iter("a", "img") if tree is not None else ()
    return {str(element.get("href") or element.get("src")) for element in elements}


def unlisted_enclosures(enclosures: Iterable[Enclosure], urls: set[str], base: str, words: str = "") -> list[Enclosure]:
    """Return the enclosures to list below a text, each once.

    An enclosure is left out if the text contains its URL. An image with a caption is left out only if the text contains
    the caption too. Avatars, icons and YouTube's Flash player are never listed.

    - ``urls``: the URLs in the text.
    - ``base``: the base of relative URLs.
    - ``words``: the letters and digits of the text, in which captions are searched.
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
    return plain_line(Text(title, html=True)) if "<" in title or "&" in title else one_line(title)


def enclosure_list(enclosures: Sequence[Enclosure]) -> str:
    """Return enclosures as a Markdown list of links, for example "* [audio/mpeg, 12.3 MB](https://…)"."""
    lines = []
    for enclosure in enclosures:
        length = enclosure.length
        size = f"{length / 1e6:.1f} MB" if length and length >= _MIN_BYTES_SHOWN else ""
        label = ", ".join(part for part in (enclosure.title, enclosure.type, size) if part) or "attached file"
        # The text may end with a list, whose bullets are "-". The bullet "*" begins a new list.
        lines.append(f"* [{escape_inline(label)}]({link_destination(enclosure.url)})")
    return "\n".join(lines)

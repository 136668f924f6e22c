"""Clean up the links of a body. Each link that stays has text and an absolute URL with an allowed scheme."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.identity.canonical_url import clean_url
from feedarchive.markdown.heading_anchors import drop_heading_anchor
from feedarchive.markdown.linked_blocks import move_link_into_blocks
from feedarchive.markdown.tree import UNWRAPPED, has_text

OTHER_SCHEMES = frozenset(
    (
        "mailto tel sms sip sips xmpp magnet geo ftp ftps sftp gemini gopher irc ircs news nntp snews matrix doi ipfs "
        "ipns at nostr webcal finger spartan nex telnet rtsp mms urn info acct bitcoin lightning ethereum monero mumble"
    ).split()
)
"""Allowed schemes besides http and https. None of them runs code or opens a local file."""
_LINE_ENDS = re.compile(r"[\t\r\n]")
_FOLLOWING_LINK = etree.XPath("following::a[1]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_TEXT_FRAGMENT = ":~:"
_NOT_ENCODED = re.compile(r"[\s<>\"`{}|\\^\[\]()]")


def clean_link(link: HtmlElement, base: str, page: str) -> None:
    """Reduce an ``<a>`` to an absolute ``href`` and ``title``. If it has no usable URL, only its text stays.

    ``page`` is the URL of the article, "" if it is unknown. The new URL of an in-page link such as "#note" is
    ``page`` with "#note".
    """
    href = _LINE_ENDS.sub("", link.get("href") or "").strip()
    in_page = href.startswith(("#", f"{page}#")) if page else href.startswith("#")
    if in_page and drop_heading_anchor(link):
        return
    # If a link contains another link, only the inner link stays, because Markdown has no link inside a link.
    if not href or (len(link) and link.find(".//a") is not None) or _is_continued(link):
        link.tag = UNWRAPPED
        return
    if href.startswith("#"):
        url = clean_link_url(href, page) if page and len(href) > 1 and has_text(link) else ""
    else:
        url = clean_link_url(href, base)
    title = link.get("title")
    link.attrib.clear()
    if not url:
        link.tag = UNWRAPPED
        return
    link.set("href", url)
    if title and title.strip():
        link.set("title", " ".join(title.split()))
    if not has_text(link) and link.find(".//img") is None:
        link.text = "↗"  # a link without text would be invisible
    elif len(link):
        move_link_into_blocks(link)


def _is_continued(link: HtmlElement) -> bool:
    """Check whether a link is empty and the next link has the same URL.

    Parsers split a link that begins inside a paragraph and ends outside of it. The first half may be empty.
    """
    if len(link) or link.text:
        return False
    following = _FOLLOWING_LINK(link)
    return bool(following) and following[0].get("href") == link.get("href")


def clean_link_url(href: str, base: str) -> str:
    """Return the absolute URL of a link in a body; "" if it is not allowed. A text fragment (#:~:text=…) is kept."""
    if _TEXT_FRAGMENT in href:
        url, _, fragment = href.partition("#")
        if _TEXT_FRAGMENT in fragment and (cleaned := clean_url(url, base)):
            return f"{cleaned}#{_NOT_ENCODED.sub(_percent_encoded, fragment)}"
    if not href.startswith("http") and (scheme := _SCHEME.match(href)) and scheme.group(1).lower() in OTHER_SCHEMES:
        return href
    return clean_url(href, base)


def _percent_encoded(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode("utf-8"))

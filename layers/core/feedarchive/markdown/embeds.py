"""Replace embedded frames, players and plug-ins with links to their content."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import lxml.html
from lxml.html import HtmlElement

from feedarchive.identity.canonical_url import clean_url
from feedarchive.urls import host_of

# "iframe" is missing here, because unknown_elements.py has renamed each <iframe> to <object>.
EMBEDS = ("embed", "object", "audio", "video")
# Attributes that may contain the URL of the content. Scripts that load a player later use names such as "data-src".
_SOURCES = (
    "src",
    "data",
    "data-src",
    "data-lazy-src",
    "data-litespeed-src",
    "data-src-lazy",
    "data-cmp-src",
    "data-url",
    "url",
)
_VIDEO_IDS = ("videoid", "data-videoid")
EMBED_ATTRIBUTES = {*_SOURCES, *_VIDEO_IDS, "title", "playlabel", "poster"}


def replace_embed_by_link(element: HtmlElement, base: str) -> None:
    """Turn an embed into a ``<div>`` with its poster, links to its sources, and its fallback content."""
    sources = [element.get(name) for name in _SOURCES]
    versions = _versions(element, base)
    sources += versions
    sources += [f"https://www.youtube.com/watch?v={element.get(name)}" for name in _VIDEO_IDS if element.get(name)]
    url = next((url for source in sources if source and (url := clean_url(source, base))), "")
    label = " ".join((element.get("title") or element.get("playlabel") or "").split())
    kind = element.tag.title() if element.tag in ("audio", "video") else "Embedded"
    poster = clean_url(element.get("poster") or "", base)
    element.attrib.clear()
    element.tag = "div"
    if not url:
        return
    for other, media_type in reversed(versions.items()):
        if other != url:
            _insert_paragraph(element, _new_link(other, f"{kind}: {media_type or _file_name(other)}"))
    _insert_paragraph(element, _new_link(url, f"{kind}: {label or host_of(url)}"))
    if poster:
        image = lxml.html.fragment_fromstring("<img>")
        image.set("src", poster)
        image.set("alt", "")
        _insert_paragraph(element, image)


def _versions(element: HtmlElement, base: str) -> dict[str, str]:
    """Map the URLs of the ``<source>`` elements in an audio or video to their MIME types ("" if not given)."""
    found: dict[str, str] = {}
    for source in element.iter("source"):
        if url := clean_url(source.get("src") or source.get("data-src") or "", base):
            found.setdefault(url, (source.get("type") or "").partition(";")[0].strip())
    return found


def _file_name(url: str) -> str:
    return unquote(urlsplit(url).path.rpartition("/")[2]) or host_of(url)


def _new_link(url: str, text: str) -> HtmlElement:
    link = lxml.html.fragment_fromstring("<a></a>")
    link.set("href", url)
    link.text = text
    return link


def _insert_paragraph(element: HtmlElement, child: HtmlElement) -> None:
    paragraph = lxml.html.fragment_fromstring("<p></p>")
    paragraph.append(child)
    paragraph.tail, element.text = element.text, None
    element.insert(0, paragraph)

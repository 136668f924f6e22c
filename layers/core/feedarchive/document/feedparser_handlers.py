"""Replace methods of feedparser's parser classes, because the original methods lose or mix up contents of a feed.

A handler is a method that feedparser calls at the start or at the end of an element.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from xml.sax.saxutils import unescape

from feedparser.api import LooseFeedParser, StrictFeedParser

from feedarchive.document.feedparser_limits import LimitedHandlers, LimitedStrictHandlers
from feedarchive.document.feedparser_links import LinkHandlers

_ENTRIES = ("item", "entry")
# These elements may contain the full text. feedparser ignores the text of an unknown element with attributes, so the
# attributes are removed. They are kept if one of them is "start": then the element is a subtitle of a video.
_FULL_TEXTS = frozenset(("media:text", "yandex:full-text", "turbo:content", "fulltext", "full-text"))
_NOT_A_FULL_TEXT = "start"
# feedparser raises these errors for tags in unexpected places, such as an end tag "</width>" without a start tag.
_UNEXPECTED_TAG = (LookupError, TypeError, ValueError)
_Handlers = tuple[Callable[[Any, dict[str, str]], None], Callable[[Any], None]]


def _own_text(key: str, content_type: str) -> _Handlers:
    """Return handlers for the start and the end of an element. They store the text of the element under ``key``.

    feedparser's own handlers would overwrite the summary or the title of the entry with this text.
    """

    def start(self: Any, attributes: dict[str, str]) -> None:
        self.push_content(key, attributes, content_type, 1)

    def end(self: Any) -> None:
        self.pop_content(key)

    return start, end


def _own_value(key: str, expecting_text: int) -> _Handlers:
    """Return handlers for the start and the end of an element. They store the element's plain text under ``key``."""

    def start(self: Any, attributes: dict[str, str]) -> None:
        self.push(key, expecting_text)

    def end(self: Any) -> None:
        self.pop(key)

    return start, end


class _SeparateElements:
    """Handlers that keep apart elements that feedparser mixes up, and accept unexpected elements."""

    image_of_entry = False
    # The attributes of the <media:content> that is open at the moment; None if none is open.
    open_media: dict[str, str] | None = None

    _start_media_title, _end_media_title = _own_text("media_title", "text/plain")
    _start_itunes_summary, _end_itunes_summary = _own_text("itunes_summary", "text/plain")
    _start_dc_description, _end_dc_description = _own_text("dc_description", "text/html")
    # In RSS, <dc:date> is the date of publication. feedparser would store it as the date of an update.
    _start_dc_date, _end_dc_date = _own_value("dc_date", 1)
    # Some feeds have the nonstandard elements <links> and <authors>. Without these handlers, the texts of the elements
    # would replace feedparser's lists "links" and "authors".
    _start_links, _end_links = _own_value("links_element", 0)
    _start_authors, _end_authors = _own_value("authors_element", 1)

    def _start_media_content(self: Any, attributes: dict[str, str]) -> None:
        super()._start_media_content(attributes)  # type: ignore[misc]
        self.open_media = attributes

    def _end_media_content(self: Any) -> None:
        self.open_media = None

    def _start_media_description(self: Any, attributes: dict[str, str]) -> None:
        self.push_content("media_description", attributes, "text/plain", 1)

    def _end_media_description(self: Any) -> None:
        text = self.pop_content("media_description")
        if self.open_media is not None and isinstance(text, str):
            self.open_media.setdefault("caption", text)

    def _end_media_credit(self: Any) -> None:
        super()._end_media_credit()  # type: ignore[misc]
        if self.open_media is not None:
            self.open_media.setdefault("credit", self._get_context()["media_credit"][-1].get("content", ""))

    # feedparser adds the second summary of an entry to the entry's contents. "is_summary" marks it as a summary.
    def _start_description(self: Any, attributes: dict[str, str]) -> None:
        super()._start_description(attributes)  # type: ignore[misc]
        if self._summaryKey == "content":
            self.contentparams["is_summary"] = True

    def _start_summary(self: Any, attributes: dict[str, str]) -> None:
        super()._start_summary(attributes)  # type: ignore[misc]
        if self._summaryKey == "content":
            self.contentparams["is_summary"] = True

    def _start_author(self: Any, attributes: dict[str, str]) -> None:
        # Without this line, an author without a name would get the name of the previous author.
        self._get_context().pop("author", None)
        super()._start_author(attributes)  # type: ignore[misc]

    # feedparser knows <image> only as the image of a feed. Without these two handlers, the title and link of an entry's
    # image would become the title and link of the entry.
    def _start_image(self: Any, attributes: dict[str, str]) -> None:
        super()._start_image(attributes)  # type: ignore[misc]
        if self.inentry and not self.insource:
            self.image_of_entry, self.insource = True, 1

    def _end_image(self: Any) -> None:
        is_open = bool(self.elementstack) and self.elementstack[-1][0] == "image"
        text = "".join(p for p in self.elementstack[-1][2] if isinstance(p, str)).strip() if is_open else ""
        super()._end_image()  # type: ignore[misc]
        if self.image_of_entry:
            self.image_of_entry, self.insource = False, 0
            # The standard is <image><url>URL</url></image>, but some feeds have <image>URL</image>.
            self.entries[-1].setdefault("image", {"href": self.sourcedata.get("href") or text})
            self.sourcedata.clear()

    def _end_guid(self: Any) -> None:
        if self.inentry and not self.insource and self.elementstack and self.elementstack[-1][0] == "id":
            pieces = (p.decode("utf-8") if isinstance(p, bytes) else p for p in self.elementstack[-1][2])
            self.entries[-1]["raw_guid"] = self.decode_entities("id", "".join(pieces)).strip()
            self.entries[-1]["guid_is_permalink"] = bool(self.guidislink)
        super()._end_guid()  # type: ignore[misc]

    _end_id = _end_guid

    def handle_data(self: Any, text: str, escape: int = 1) -> None:
        # feedparser writes <br></br> for the <br/> of XHTML. A browser would show two line breaks.
        if escape or text != "</br>":
            super().handle_data(text, escape)  # type: ignore[misc]

    @staticmethod
    def looks_like_html(text: str) -> bool:
        # feedparser does not recognize HTML that contains "&apos;", because HTML 4 does not have this entity.
        return bool(StrictFeedParser.looks_like_html(text.replace("&apos;", "&#39;")))

    def pop_content(self: Any, tag: str) -> Any:
        # Ignore an end tag without a start tag. Otherwise, feedparser would mix up the texts after it.
        if self.elementstack and self.elementstack[-1][0] == tag:
            return super().pop_content(tag)  # type: ignore[misc]
        return None

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        if tag in _FULL_TEXTS and attributes and not any(name == _NOT_A_FULL_TEXT for name, _ in attributes):
            attributes = []
        with suppress(*_UNEXPECTED_TAG):
            super().unknown_starttag(tag, attributes)  # type: ignore[misc]

    def unknown_endtag(self: Any, tag: str) -> None:
        depth, level = self.depth - 1, max(len(self.basestack) - 1, 0)
        with suppress(*_UNEXPECTED_TAG):
            super().unknown_endtag(tag)  # type: ignore[misc]
        self._restore_context(depth, level)

    def _restore_context(self: Any, depth: int, level: int) -> None:
        """Restore depth, base URL and language after an end tag, because feedparser does not always do so."""
        self.depth = depth
        del self.basestack[level:], self.langstack[level:]
        if level:
            self.baseuri, self.lang = self.basestack[-1], self.langstack[-1]


class StrictParser(_SeparateElements, LinkHandlers, LimitedStrictHandlers, StrictFeedParser):  # type: ignore[misc, unused-ignore]
    """The parser for well-formed XML. The SAX reader of Python calls its methods."""


class LooseParser(_SeparateElements, LinkHandlers, LimitedHandlers, LooseFeedParser):  # type: ignore[misc, unused-ignore]
    """The parser for XML that is not well-formed. An entry ends at its end tag or at the next entry."""

    def handle_charref(self, ref: str) -> None:
        try:
            super().handle_charref(ref)
        except (ValueError, OverflowError):  # there is no such character, for example "&#x110000;"
            self.handle_data(f"&amp;#{ref};")

    def decode_entities(self: Any, element: str, data: str) -> str:
        data = super().decode_entities(element, data)
        # feedparser does not decode these two entities in GUIDs, tags and other plain values.
        return data if self.incontent else unescape(data, {"&quot;": '"', "&apos;": "'"})

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        if tag in _ENTRIES:
            if self.inentry:  # the previous entry has no end tag
                self.unknown_endtag(tag)
            elif self.incontent:
                self._close_open_elements()
            self.context_of_entry = (self.depth, self.basestack[:], self.langstack[:])
        super().unknown_starttag(tag, attributes)

    def unknown_endtag(self: Any, tag: str) -> None:
        if tag not in _ENTRIES or not self.inentry:
            super().unknown_endtag(tag)
            return
        self._close_open_elements()
        super().unknown_endtag(tag)
        # If the entry had too many end tags, these values are wrong. Restore them from the start of the entry.
        depth, self.basestack, self.langstack = self.context_of_entry
        self._restore_context(depth, len(self.basestack))

    def _close_open_elements(self: Any) -> None:
        """Close the elements that an entry left open. Otherwise, the next entry would be inside them."""
        while self.elementstack and self.elementstack[-1][0] != "item":
            still_open = len(self.elementstack)
            super().unknown_endtag(self.elementstack[-1][0])
            del self.elementstack[still_open - 1 :]
        self.incontent = self.svgOK = 0


def looks_like_html(text: str) -> bool:
    """Check whether a text is HTML: it has an end tag or an entity, and only tags and entities of HTML."""
    return _SeparateElements.looks_like_html(text)

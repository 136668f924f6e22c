"""feedparser's parser classes, changed where they lose or mix what a feed says.

One element's text must not overwrite another's, and one broken entry must not swallow the others.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from xml.sax.saxutils import unescape

from feedparser.api import LooseFeedParser, StrictFeedParser

from feedarchive.document.feedparser_limits import Bounded, BoundedStrictly

_ENTRIES = ("item", "entry")


class _KeepApart:
    """feedparser's handlers, changed where they mix one element's text with another's, or stumble."""

    image_of_entry = False

    def _start_media_description(self: Any, attributes: dict[str, str]) -> None:
        self.push_content("media_description", attributes, "text/plain", 1)

    def _end_media_description(self: Any) -> None:
        self.pop_content("media_description")

    def _start_media_title(self: Any, attributes: dict[str, str]) -> None:
        self.push_content("media_title", attributes, "text/plain", 1)

    def _end_media_title(self: Any) -> None:
        self.pop_content("media_title")

    def _start_itunes_summary(self: Any, attributes: dict[str, str]) -> None:
        self.push_content("itunes_summary", attributes, "text/plain", 1)

    def _end_itunes_summary(self: Any) -> None:
        self.pop_content("itunes_summary")

    def _start_dc_description(self: Any, attributes: dict[str, str]) -> None:
        self.push_content("dc_description", attributes, "text/html", 1)

    def _end_dc_description(self: Any) -> None:
        self.pop_content("dc_description")

    # feedparser takes Dublin Core's date for the day of an update; in RSS it is the day of publication.
    def _start_dc_date(self: Any, attributes: dict[str, str]) -> None:
        self.push("dc_date", 1)

    def _end_dc_date(self: Any) -> None:
        self.pop("dc_date")

    # Not elements of any format, but feeds have them, and feedparser keeps its own lists under these names.
    def _start_links(self: Any, attributes: dict[str, str]) -> None:
        self.push("links_element", 0)

    def _end_links(self: Any) -> None:
        self.pop("links_element")

    def _start_author(self: Any, attributes: dict[str, str]) -> None:
        # feedparser would give an author without a name the name of the one before.
        self._get_context().pop("author", None)
        super()._start_author(attributes)  # type: ignore[misc]

    def _start_authors(self: Any, attributes: dict[str, str]) -> None:
        self.push("authors_element", 1)

    def _end_authors(self: Any) -> None:
        self.pop("authors_element")

    # An image is the channel's; where an item has one, its title and link are not the item's.
    def _start_image(self: Any, attributes: dict[str, str]) -> None:
        super()._start_image(attributes)  # type: ignore[misc]
        if self.inentry and not self.insource:
            self.image_of_entry, self.insource = True, 1

    def _end_image(self: Any) -> None:
        super()._end_image()  # type: ignore[misc]
        if self.image_of_entry:
            self.image_of_entry, self.insource = False, 0
            self.entries[-1].setdefault("image", {"href": self.sourcedata.get("href")})
            self.sourcedata.clear()

    def _end_guid(self: Any) -> None:
        if self.inentry and not self.insource and self.elementstack and self.elementstack[-1][0] == "id":
            pieces = (p.decode("utf-8") if isinstance(p, bytes) else p for p in self.elementstack[-1][2])
            self.entries[-1]["guid_as_written"] = self.decode_entities("id", "".join(pieces)).strip()
            self.entries[-1]["guid_is_permalink"] = bool(self.guidislink)
        super()._end_guid()  # type: ignore[misc]

    _end_id = _end_guid

    def handle_data(self: Any, text: str, escape: int = 1) -> None:
        # XHTML's <br/> is told as <br></br>, and </br> is one more line break in HTML.
        if escape or text != "</br>":
            super().handle_data(text, escape)  # type: ignore[misc]

    @staticmethod
    def looks_like_html(text: str) -> bool:
        # feedparser knows HTML 4's entities, and &apos; is none of them.
        return bool(StrictFeedParser.looks_like_html(text.replace("&apos;", "&#39;")))

    def pop_content(self: Any, tag: str) -> Any:
        # An end without its start closes nothing: else feedparser loses count, and texts after it.
        if self.elementstack and self.elementstack[-1][0] == tag:
            return super().pop_content(tag)  # type: ignore[misc]
        return None

    # feedparser stumbles over elements it does not expect ("</width>"): the document goes on.
    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        with suppress(LookupError, TypeError, ValueError):
            super().unknown_starttag(tag, attributes)  # type: ignore[misc]

    def unknown_endtag(self: Any, tag: str) -> None:
        depth, level = self.depth - 1, max(len(self.basestack) - 1, 0)
        with suppress(LookupError, TypeError, ValueError):
            super().unknown_endtag(tag)  # type: ignore[misc]
        self._return_to(depth, level)

    def _return_to(self: Any, depth: int, level: int) -> None:
        """Where an element's end leads back to: feedparser leaves some ends halfway."""
        self.depth = depth
        del self.basestack[level:], self.langstack[level:]
        if level:
            self.baseuri, self.lang = self.basestack[-1], self.langstack[-1]


class StrictParser(_KeepApart, BoundedStrictly, StrictFeedParser):  # type: ignore[misc, unused-ignore]
    pass


class LooseParser(_KeepApart, Bounded, LooseFeedParser):  # type: ignore[misc, unused-ignore]
    def handle_charref(self, ref: str) -> None:
        try:
            super().handle_charref(ref)
        except (ValueError, OverflowError):  # a number that is no character: "&#x110000;", "&#9a;"
            self.handle_data(f"&amp;#{ref};")

    def decode_entities(self: Any, element: str, data: str) -> str:
        data = super().decode_entities(element, data)
        # Only in texts does feedparser decode them: a guid or a tag would have "&amp;" in it.
        return data if self.incontent else unescape(data, {"&quot;": '"', "&apos;": "'"})

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        if tag in _ENTRIES:
            if self.inentry:  # the end of the entry before it is missing
                self.unknown_endtag(tag)
            elif self.incontent:
                self._close_what_is_open()
            self.around_entry = (self.depth, self.basestack[:], self.langstack[:])
        super().unknown_starttag(tag, attributes)

    def unknown_endtag(self: Any, tag: str) -> None:
        if tag not in _ENTRIES or not self.inentry:
            super().unknown_endtag(tag)
            return
        self._close_what_is_open()
        super().unknown_endtag(tag)
        # As many elements end in a broken entry as it pleases: what is around it is as it was.
        depth, self.basestack, self.langstack = self.around_entry
        self._return_to(depth, len(self.basestack))

    def _close_what_is_open(self: Any) -> None:
        """What was never closed ends where an entry does: else it would swallow all entries that follow."""
        while self.elementstack and self.elementstack[-1][0] != "item":
            still_open = len(self.elementstack)
            super().unknown_endtag(self.elementstack[-1][0])
            del self.elementstack[still_open - 1 :]
        self.incontent = self.svgOK = 0


def looks_like_html(text: str) -> bool:
    """Closing tags or entities are in it, and no tag or entity that HTML does not know."""
    return _KeepApart.looks_like_html(text)

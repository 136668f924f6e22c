"""Fix methods of feedparser that lose links and enclosures."""

from __future__ import annotations

from typing import Any

_BASES = ("xml:base", "base")
_LINK_TEXT = "link_text"


class LinkHandlers:
    """Handlers that also store the link of an RSS item as it is written, under the key ``written_link``.

    feedparser stores only the absolute URL of a relative link, and ignores the text of <link uri="…">.
    """

    # Whether any element has an xml:base. If so, ``written_link`` is not stored: it may be relative to the xml:base.
    has_base = False

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        if attributes and any(name in _BASES for name, _ in attributes):
            self.has_base = True
        super().unknown_starttag(tag, attributes)  # type: ignore[misc]

    def _start_link(self: Any, attributes: dict[str, str]) -> None:
        has_other_url = "uri" in attributes and "href" not in attributes
        if self._is_in_rss_item() and not has_other_url and attributes.get("rel", "alternate") == "alternate":
            self._keep_written_link(attributes.get("href", ""))
        super()._start_link(attributes)  # type: ignore[misc]
        if self._is_in_rss_item() and has_other_url:
            self.push(_LINK_TEXT, 0)

    def _end_link(self: Any) -> None:
        top = self.elementstack[-1] if self.elementstack else ("", 0, [])
        if top[0] == _LINK_TEXT:
            self._keep_written_link(self.pop(_LINK_TEXT))
        elif top[0] == "link" and self._is_in_rss_item():
            text = "".join(piece for piece in top[2] if isinstance(piece, str)).strip()
            if text[:4].lower() != "http":
                self._keep_written_link(text)
        super()._end_link()  # type: ignore[misc]

    def _is_in_rss_item(self: Any) -> bool:
        is_rss = not self.version.startswith("atom")
        return bool(self.inentry and not self.insource and is_rss and not self.has_base)

    def _keep_written_link(self: Any, link: str) -> None:
        if link:
            self.entries[-1]["written_link"] = link

    # The standard is <enclosure url="URL"/>, but some feeds have <enclosure>URL</enclosure>.
    def _start_enclosure(self: Any, attributes: dict[str, str]) -> None:
        super()._start_enclosure(attributes)  # type: ignore[misc]
        self.push("enclosure", 0)

    def _end_enclosure(self: Any) -> None:
        url = self.pop("enclosure")
        links = self._get_context().get("links")
        if isinstance(url, str) and url[:4].lower() == "http" and links and not links[-1].get("href"):
            links[-1]["href"] = url

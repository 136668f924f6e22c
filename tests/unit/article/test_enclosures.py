"""Enclosures are listed as links with their type and size."""

from __future__ import annotations

from feedarchive.article.enclosures import enclosure_list
from feedarchive.document.model import Enclosure


def test_enclosures_are_links_with_their_title_type_and_size() -> None:
    enclosures = [
        Enclosure("https://example.com/a.mp3", "audio/mpeg", 12_345_678),
        Enclosure("https://example.com/b (1).pdf", "application/pdf", 49_999, "A [paper] {{< x >}}"),
        Enclosure("https://example.com/c(", length=None),
    ]
    assert enclosure_list(enclosures).split("\n") == [
        "* [audio/mpeg, 12.3 MB](https://example.com/a.mp3)",
        "* [A \\[paper\\] \\{\\{\\< x \\>}}, application/pdf](https://example.com/b%20(1).pdf)",
        "* [attached file](https://example.com/c%28)",
    ]
    assert enclosure_list([]) == ""

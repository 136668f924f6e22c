"""The images and files of an entry: the largest image first, related pages, content at another URL."""

from __future__ import annotations

import json

import pytest

from feedarchive.document.model import Document, Enclosure, Entry
from feedarchive.document.parse_document import parse_document

_RSS = (
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">'
    "<channel><title>F</title><item><title>t</title><link>https://e.example/1</link>{}</item></channel></rss>"
)
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><id>1</id><title>t</title>{}</entry></feed>'


def entry_of(document: str) -> Entry:
    parsed = parse_document(document.encode(), "https://e.example/feed")
    assert isinstance(parsed, Document)
    return parsed.entries[0]


@pytest.mark.parametrize(
    ("elements", "images"),
    [
        ("<image>https://i.example/60x60/a.jpg</image>", ["https://i.example/60x60/a.jpg"]),
        ("<image><url>https://i.example/b.jpg</url><title>no</title></image>", ["https://i.example/b.jpg"]),
        ("<fullimage>https://i.example/f.jpg</fullimage>", ["https://i.example/f.jpg"]),
        (
            '<media:thumbnail url="https://i.example/66.jpg" width="66"/>'
            '<media:thumbnail url="https://i.example/144.jpg" width="144"/>',
            ["https://i.example/144.jpg", "https://i.example/66.jpg"],
        ),
        (
            '<media:thumbnail url="https://i.example/t.jpg"/>'
            '<media:content url="https://i.example/c.jpg" medium="image"/>',
            ["https://i.example/c.jpg", "https://i.example/t.jpg"],
        ),
        ('<media:content url="https://i.example/x?w=1" width="460"/>', ["https://i.example/x?w=1"]),
        ('<media:content url="https://i.example/v.mp4" type="video/mp4" width="640"/>', []),
    ],
)
def test_the_largest_image_comes_first(elements: str, images: list[str]) -> None:
    assert list(entry_of(_RSS.format(elements)).images) == images


def test_an_image_in_several_sizes_is_one_file() -> None:
    sizes = "".join(
        f'<media:content width="{width}" url="https://i.example/img/{width}.jpg?w={width}"/>'
        for width in (140, 460, 300)
    )
    other = '<media:content width="140" url="https://i.example/other.jpg"/>'
    files = entry_of(_RSS.format(sizes + other)).enclosures
    assert files == (
        Enclosure("https://i.example/img/460.jpg?w=460", "image"),
        Enclosure("https://i.example/other.jpg", "image"),
    )


def test_related_pages_and_external_content_are_listed() -> None:
    links = (
        '<link href="https://e.example/1"/><link rel="self" href="https://e.example/1.atom"/>'
        '<link rel="related" title="pdf" type="application/pdf" href="https://e.example/1.pdf"/>'
        '<link rel="via" type="text/html" href="https://other.example/"/>'
        '<content type="audio/mpeg" src="https://e.example/1.mp3"/>'
    )
    assert entry_of(_ATOM.format(links)).enclosures == (
        Enclosure("https://e.example/1.mp3", "audio/mpeg"),
        Enclosure("https://e.example/1.pdf", "application/pdf", title="related: pdf"),
        Enclosure("https://other.example/", "", title="via"),
    )
    page = '<content type="text/html" src="https://e.example/full.html"/>'
    assert entry_of(_ATOM.format(page)).enclosures == (Enclosure("https://e.example/full.html", title="full text"),)


def test_an_enclosure_with_its_url_as_text_is_a_file() -> None:
    written = "<enclosure> https://e.example/2.mp3 </enclosure><enclosure url='https://e.example/3.mp3'>no</enclosure>"
    files = entry_of(_RSS.format(f"{written}<enclosure>none</enclosure><enclosure/>")).enclosures
    assert files == (Enclosure("https://e.example/2.mp3"), Enclosure("https://e.example/3.mp3"))


def test_the_external_url_of_a_json_feed_is_listed_beside_its_own() -> None:
    item = {"id": "1", "url": "https://e.example/1", "external_url": "https://other.example/", "content_text": "x"}
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "F", "items": [item]}
    assert entry_of(json.dumps(document)).enclosures == (Enclosure("https://other.example/", title="external link"),)
    del item["url"]
    alone = entry_of(json.dumps(document))
    assert (alone.link, alone.enclosures) == ("https://other.example/", ())

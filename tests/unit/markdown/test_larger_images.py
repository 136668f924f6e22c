"""Which candidate of a srcset is better to store than the URL that an article has."""

from __future__ import annotations

import pytest

from feedarchive.document.model import Text
from feedarchive.markdown.clean_html import clean_html
from feedarchive.markdown.image_urls import larger_images
from feedarchive.markdown.to_html import to_html
from feedarchive.markdown.to_markdown import to_markdown

BASE = "https://example.org/"


@pytest.mark.parametrize(
    ("image", "larger"),
    [
        ('<img src="/s.png" srcset="/s.png 300w, /m.png 1024w, /l.png 1999w, /x.png 2000w">', "l.png"),
        ('<img src="/l.png" srcset="/s.png 300w, /l.png 1999w, /x.png 3000w">', ""),
        ('<img src="/x.png" srcset="/s.png 300w, /l.png 1200w, /x.png 3000w">', "l.png"),
        ('<img srcset="/s.png 300w, /x.png 3000w">', "s.png"),
        ('<img src="/s.png" srcset="/x.png 3000w">', ""),
        ('<img src="/s.png" srcset="/s.png 1x, /d.png 2x">', ""),
        ('<img src="/s.png" data-srcset="/m.png 900w">', "m.png"),
        ('<picture><source srcset="/m.webp 900w"><img src="/s.png"></picture>', "m.webp"),
        ('<img src="/s.png">', ""),
        ('<img src="/s.png" srcset="javascript:x 900w, 99999999w">', ""),
        ('<img src="/s.png" width="1" height="1" srcset="/m.png 900w">', ""),
    ],
)
def test_the_widest_candidate_under_2000_pixels(image: str, larger: str) -> None:
    tree = clean_html(Text(f"<p>{image}</p>", html=True), BASE, BASE)
    assert [url for _, url in larger_images(tree)] == ([BASE + larger] if larger else [])
    before = clean_html(Text(f"<p>{image}</p>", html=True), BASE, BASE)
    for each in before.iter("img"):
        each.attrib.pop("data-larger", None)
    assert to_markdown(tree) == to_markdown(before)
    assert "data-larger" not in to_html(tree)

"""Pictures and enclosures are found in the file of an article. Its body can be Markdown or HTML."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedarchive.article.article import Article
from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import render
from feedarchive.document.model import Enclosure, Entry, Text
from feedarchive.json_values import DamagedJSON
from feedarchive.media.article_media import Role, references_in
from feedarchive.media.media_list import MediaItem, MediaList, StoredFile, media_list_to_json, parse_media_list
from feedarchive.media.picture_size import PictureSize

SITE = "https://example.org"
NOW = datetime(2025, 12, 25, 10, tzinfo=UTC)
_TEXT = (
    '<p>One <img src="/a.jpg" alt="A"> and <a href="/b"><img src="b%20(1).png?x=1&amp;y=2"></a>.</p>'
    '<p><img src="/pixel.gif" width="1" height="1"><img src="/a.jpg"><img src="data:image/png;base64,AAAA"></p>'
    '<pre>![no](https://example.org/code.png)</pre><ul><li><a href="/list.mp3">in the text</a></li></ul>'
)
_ENCLOSURES = (
    Enclosure(f"{SITE}/e_1.mp3?t=1", "audio/mpeg", 12_345_678, "Episode [1], audio/wav"),
    Enclosure(f"{SITE}/photo", "image/webp", None, "A photo"), Enclosure(f"{SITE}/paper.pdf"),
    Enclosure(f"{SITE}/app.zip", "application/zip"), Enclosure(f"{SITE}/related", title="related"),
    Enclosure(f"{SITE}/seed.torrent", "application/x-bittorrent"),
)  # fmt: skip
IMAGES = [f"{SITE}/top.avif", f"{SITE}/a.jpg", f"{SITE}/b%20(1).png?x=1&y=2", f"{SITE}/photo"]
FILES = [f"{SITE}/e_1.mp3?t=1", f"{SITE}/paper.pdf"]


def article_of(html_body: bool = False, text: str = _TEXT) -> Article:
    entry = Entry(
        guid="1", title=Text("A title"), link=f"{SITE}/1", contents=(Text(text, html=True),),
        images=(f"{SITE}/top.avif",), enclosures=_ENCLOSURES,
    )  # fmt: skip
    return compose(entry, "A title", f"{SITE}/1", EntrySource(f"{SITE}/feed", html_body=html_body), "0" * 32)


def file_of(article: Article) -> bytes:
    return render(article, NOW)


@pytest.mark.parametrize("html_body", [False, True])
def test_pictures_and_enclosures_are_found_in_markdown_and_in_html(html_body: bool) -> None:
    found = references_in([file_of(article_of(html_body))], images=True, enclosures=True)
    assert [each.url for each in found if each.role is Role.IMAGE] == IMAGES
    assert [each.url for each in found if each.role is Role.ENCLOSURE] == FILES


def test_only_what_the_options_ask_for_is_found() -> None:
    data = file_of(article_of())
    assert {each.role for each in references_in([data], images=True, enclosures=False)} == {Role.IMAGE}
    assert {each.role for each in references_in([data], images=False, enclosures=True)} == {Role.ENCLOSURE}
    assert references_in([data], images=False, enclosures=False) == []


def test_a_full_text_adds_its_pictures_and_repeats_none() -> None:
    full = file_of(article_of(text='<p>The whole story <img src="/a.jpg"><img src="/more.jpg"></p>'))
    found = references_in([file_of(article_of()), full], images=True, enclosures=False)
    assert [each.url for each in found] == [*IMAGES, f"{SITE}/more.jpg"]


def test_a_file_without_front_matter_or_pictures_has_none() -> None:
    assert references_in([b"", b"no front matter\n", b"\xff\xfe"], images=True, enclosures=True) == []


LIST = MediaList(
    "0" * 32, "archive/2025/12/25/example.org/a-title-000000000000.md", NOW,
    (
        MediaItem(f"{SITE}/ä.jpg", Role.IMAGE, NOW, StoredFile(f"media/ab/ab{'0' * 62}.jpg", 9, PictureSize(3, 2)),
                  larger=f"{SITE}/ä-1600.jpg"),
        MediaItem(f"{SITE}/b.svg", Role.IMAGE, NOW, StoredFile(f"media/cd/cd{'1' * 62}.svg", 9)),
        MediaItem(f"{SITE}/c.png", Role.IMAGE, NOW, problem="not-found"),
        MediaItem(f"{SITE}/e.mp3", Role.ENCLOSURE, NOW, StoredFile(f"media/ef/ef{'2' * 62}.mp3", 10**9)),
    ),
)  # fmt: skip


def test_a_list_of_media_is_read_as_it_was_written() -> None:
    data = media_list_to_json(LIST)
    assert data.endswith(b"\n")
    assert parse_media_list(data) == LIST
    assert LIST.stored_keys[f"{SITE}/ä.jpg"] == f"media/ab/ab{'0' * 62}.jpg"


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"version": 1', b'"version": 2'), (b"media/ab/ab", b"media/ab/cd"), (b"image/jpeg", b"text/html"),
     (b'"role": "image"', b'"role": "script"'), (b'"bytes": 9', b'"bytes": -9'), (b"}", b""),
     (b'.jpg",\n   "sha256"', b'.html",\n   "sha256"'), (b"media/ab/ab0", b"../../claims/0")],
)  # fmt: skip
def test_a_damaged_list_is_refused(old: bytes, new: bytes) -> None:
    data = media_list_to_json(LIST)
    assert old in data
    with pytest.raises(DamagedJSON):
        parse_media_list(data.replace(old, new, 1))

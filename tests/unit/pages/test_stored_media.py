"""Stored pictures replace the pictures of a text, and stored enclosures get a link. Nothing else changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedarchive.media.article_media import Role, references_in
from feedarchive.media.media_list import MediaItem, MediaList, StoredFile, media_list_to_json
from feedarchive.pages.render_body import render_body
from feedarchive.pages.stored_media import StoredMedia, stored_media

NOW = datetime(2025, 12, 25, tzinfo=UTC)
A, MP3 = f"media/ab/ab{'0' * 62}.png", f"media/cd/cd{'1' * 62}.mp3"
SITE = "https://example.org"
_LIST = media_list_to_json(
    MediaList(
        "0" * 32, "archive/2025/12/25/example.org/a-000000000000.md", NOW,
        (
            MediaItem(f"{SITE}/a.png?x=1&y=2", Role.IMAGE, NOW, StoredFile(A, 9)),
            MediaItem(f"{SITE}/gone.png", Role.IMAGE, NOW, problem="gone"),
            MediaItem(f"{SITE}/e.mp3", Role.ENCLOSURE, NOW, StoredFile(MP3, 9)),
        ),
    )
)  # fmt: skip
MEDIA = stored_media([_LIST], lambda key: f"../../../../{key}")
_HTML = (
    f'<p><img alt="a > b &quot;c" src="{SITE}/a.png?x=1&amp;y=2" title="x>y"> '
    f'<a href="{SITE}/e.mp3" title=">">e</a></p>'
)


@pytest.mark.parametrize(
    "body", [f"![a > b]({SITE}/a.png?x=1&y=2) ![]({SITE}/gone.png)\n\n* [audio/mpeg]({SITE}/e.mp3)\n", _HTML]
)
def test_a_stored_picture_is_shown_and_a_stored_enclosure_is_linked(body: str) -> None:
    shown = render_body(body, True, MEDIA)
    assert f'src="../../../../{A}"' in shown
    assert f'(<a href="../../../../{MP3}">stored copy</a>)' in shown
    assert f'href="{SITE}/e.mp3"' in shown
    assert f"{SITE}/a.png" not in shown
    assert shown.count("gone.png") == body.count("gone.png")


@pytest.mark.parametrize("body", ["Words.", f"![]({SITE}/other.png)", f"[{SITE}/a.png]({SITE}/x)", "`<img src=x>`"])
def test_a_text_without_them_stays_as_it_is(body: str) -> None:
    assert render_body(body, True, MEDIA) == render_body(body, True)
    assert render_body(body, True, StoredMedia()) == render_body(body, True)


def test_without_images_a_stored_picture_is_linked() -> None:
    shown = render_body(f"![A bridge]({SITE}/a.png?x=1&y=2)", False, MEDIA)
    assert shown == f'<p><a href="../../../../{A}" rel="noreferrer">[image: A bridge]</a></p>\n'


def test_a_damaged_list_shows_nothing() -> None:
    assert stored_media([_LIST[:-20], b"", b"{}\n"], str) == StoredMedia()


def test_a_picture_whose_description_has_an_angle_bracket_is_found() -> None:
    data = f'---\nid: "x"\n---\n{_HTML}\n'.encode()
    assert [each.url for each in references_in([data], True, False)] == [f"{SITE}/a.png?x=1&y=2"]

"""The front matter of an article's file: seven keys first, clamped dates, the same bytes for the same article."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedarchive.article.article import Article
from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import Revision, render
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.document.model import Enclosure, Entry, Text
from feedarchive.text import one_line

ARCHIVED = datetime(2025, 12, 25, 10, 0, 0, tzinfo=UTC)
SEVEN = ["title", "date", "description", "image", "link", "source", "draft"]
ARTICLE = Article(
    id="0123456789abcdef0123456789abcdef",
    title='Some "title"',
    description="A description",
    image="https://example.com/a.jpg",
    link="https://example.com/a",
    source="https://example.com/feed",
    feed="Example",
    body="Body *text*",
    wording="1:0123456789abcdef",
    guid="tag:x",
    language="en",
    authors=("Jane Doe", "John Roe"),
    tags=("a", "b c"),
    published=datetime(2025, 12, 24, 23, 30, tzinfo=UTC),
    updated=datetime(2025, 12, 25, 1, 2, 3, tzinfo=UTC),
)
BARE = Article(id="0" * 32, title="", description="", image="", link="", source="", feed="", body="", wording="1:0")


def fields_of(article: Article, archived: datetime = ARCHIVED) -> dict[str, object]:
    return parse_front_matter(render(article, archived).decode())


def test_a_complete_file() -> None:
    assert render(ARTICLE, ARCHIVED).decode() == (
        "---\n"
        'title: "Some \\"title\\""\n'
        "date: 2025-12-24\n"
        'description: "A description"\n'
        'image: "https://example.com/a.jpg"\n'
        'link: "https://example.com/a"\n'
        'source: "https://example.com/feed"\n'
        "draft: false\n"
        'id: "0123456789abcdef0123456789abcdef"\n'
        'published: "2025-12-24T23:30:00Z"\n'
        'updated: "2025-12-25T01:02:03Z"\n'
        'archived: "2025-12-25T10:00:00Z"\n'
        'feed: "Example"\n'
        'author: "Jane Doe, John Roe"\n'
        'tags: ["a", "b c"]\n'
        'guid: "tag:x"\n'
        'language: "en"\n'
        'wording: "1:0123456789abcdef"\n'
        "---\n"
        "Body *text*\n"
    )


def test_the_seven_keys_are_always_present_in_order() -> None:
    fields = fields_of(BARE)
    assert list(fields) == [*SEVEN, "id", "archived", "wording"]
    assert [fields[key] for key in SEVEN] == ["", date(2025, 12, 25), "", "", "", "", False]


def test_a_file_without_a_body_ends_with_a_newline() -> None:
    assert render(BARE, ARCHIVED).endswith(b"\n---\n")
    assert body_of(render(BARE, ARCHIVED).decode()) == ""


def test_a_revision_has_its_number_and_the_previous_key() -> None:
    revision = Revision(2, "archive/2025/12/25/example.com/some-title-0123456789ab.md")
    fields = parse_front_matter(render(ARTICLE, ARCHIVED, revision).decode())
    assert list(fields)[-2:] == ["revision", "previous"]
    assert (fields["revision"], fields["previous"]) == (2, revision.previous)


# Dates


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("2025-12-24T23:59:59+00:00", date(2025, 12, 24)),
        ("2025-12-25T00:30:00+01:00", date(2025, 12, 24)),
        ("2025-12-24T20:00:00-05:00", date(2025, 12, 25)),
        ("1999-01-01T00:00:00+00:00", date(1999, 1, 1)),
    ],
)
def test_date_is_the_published_day_in_utc(published: str, day: date) -> None:
    assert fields_of(replace(ARTICLE, published=datetime.fromisoformat(published)))["date"] == day


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=13)), timezone(timedelta(hours=-11))])
def test_date_is_the_archived_day_without_a_publishers_date(zone: timezone) -> None:
    late = datetime(2025, 12, 25, 23, 30, tzinfo=UTC)
    fields = fields_of(replace(ARTICLE, published=None), late.astimezone(zone))
    assert fields["date"] == date(2025, 12, 25)
    assert fields["archived"] == "2025-12-25T23:30:00Z"
    assert "published" not in fields
    assert "published_claimed" not in fields


def test_a_future_date_is_clamped_and_kept_as_claimed() -> None:
    future = datetime(2031, 1, 1, tzinfo=UTC)
    fields = fields_of(replace(ARTICLE, published=future, updated=future))
    assert fields["date"] == date(2025, 12, 25)
    assert fields["published"] == fields["archived"] == fields["updated"] == "2025-12-25T10:00:00Z"
    assert fields["published_claimed"] == "2031-01-01T00:00:00Z"


def test_the_present_moment_is_not_clamped() -> None:
    fields = fields_of(replace(ARTICLE, published=ARCHIVED))
    assert "published_claimed" not in fields
    assert fields_of(replace(ARTICLE, published=ARCHIVED + timedelta(seconds=1)))["published_claimed"] == (
        "2025-12-25T10:00:01Z"
    )


# Round trips


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.text(), min_size=12, max_size=12), st.text())
def test_any_text_in_any_field_is_read_unchanged(texts: list[str], body: str) -> None:
    title, description, image, link, source, feed, wording, guid, language, author, *tags = map(one_line, texts)
    article = Article(
        "0" * 32, title, description, image, link, source, feed, body, wording, guid, language, (author,), tuple(tags)
    )
    file = render(article, ARCHIVED)
    fields = parse_front_matter(file.decode())
    assert list(fields)[:7] == SEVEN
    assert file.endswith(b"\n")
    expected = {
        "title": title,
        "description": description,
        "image": image,
        "link": link,
        "source": source,
        "feed": feed,
        "wording": wording,
        "guid": guid,
        "language": language,
        "author": author,
        "tags": tags,
    }
    optional = ("feed", "guid", "language")
    assert {key: fields[key] for key in expected if key in fields} == {
        key: value for key, value in expected.items() if key in fields
    }
    assert {key for key in expected if key not in fields} == {key for key in optional if not expected[key]}


def test_a_body_that_looks_like_front_matter_stays_the_body() -> None:
    hostile = Entry(contents=(Text("---\ntitle: other\ndraft: true\n---\n"),))
    article = compose(hostile, "Mine", "", EntrySource("https://example.com/feed"), "0" * 32)
    file = render(article, ARCHIVED).decode()
    assert parse_front_matter(file)["title"] == "Mine"
    assert not body_of(file).startswith("---")
    assert "\n---\n" not in body_of(file)


# Reproducible bytes


_SCRIPT = """
import sys
from datetime import UTC, datetime
from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import render
from feedarchive.document.model import Enclosure, Entry, Text
html = "<p class=x title=y>Words <b>bold</b> <a href='/x' title=t>x</a><img src=/a.png alt=a><video src=/v></video></p>"
entry = Entry(
    guid="g", contents=(Text(html, html=True),), summary=Text("s"), authors=("a", "b"), tags=("t", "u", "v", "t"),
    published="2025-12-24", enclosures=(Enclosure("/e.mp3"), Enclosure("/f.mp3")), images=("/i.jpg",), language="en",
)
for html_body in (False, True):
    source = EntrySource("https://example.com/feed", title="Feed", tags=("w", "x"), html_body=html_body)
    article = compose(entry, "Title", "https://example.com/a", source, "0" * 32)
    sys.stdout.buffer.write(render(article, datetime(2025, 12, 25, tzinfo=UTC)))
"""


def test_an_entry_has_the_same_bytes_in_every_process() -> None:
    files = {
        subprocess.run(
            [sys.executable, "-c", _SCRIPT], env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}, check=True,
            capture_output=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"), ("3", "America/New_York"))
    }  # fmt: skip
    assert len(files) == 1
    assert files.pop().count(b'title: "Title"') == 2


def test_composing_and_rendering_twice_is_the_same() -> None:
    entry = Entry(contents=(Text("<p>a</p>", html=True),), enclosures=(Enclosure("/b.mp3"),))
    article = compose(entry, "Title", "https://example.com/a", EntrySource("https://example.com/feed"), "0" * 32)
    assert render(article, ARCHIVED) == render(article, ARCHIVED)
    assert article == compose(
        entry, "Title", "https://example.com/a", EntrySource("https://example.com/feed"), "0" * 32
    )


def test_date_is_the_updated_day_without_a_published_one() -> None:
    """Atom requires only ``updated``."""
    fields = fields_of(replace(ARTICLE, published=None))
    assert fields["date"] == date(2025, 12, 25)
    assert "published" not in fields

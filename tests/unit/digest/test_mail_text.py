"""The text of the daily mail, word for word."""

from __future__ import annotations

import json

import pytest

from feedarchive.digest.daily_mail import Announcement, announcement_for
from feedarchive.digest.digest import make_digest
from tests.unit.digest.entries import DAY, entry, revision

DIGEST = make_digest(
    DAY,
    "UTC",
    [
        entry("A bridge", published="2025-12-25T07:00:00Z"),
        entry("Flour", published="2025-12-25T09:00:00Z"),
        entry("Snow", site="other.example", feed="another feed"),
        entry("", description="A note without a title", key="archive/2025/12/25/example.org/untitled-000.md"),
        entry("From long ago", published="2025-12-01T08:00:00Z"),
        revision("Edited"),
    ],
)
TITLES = """\
2025-12-25: 5 articles from 2 feeds, 1 updated.
{page}

another feed
- Snow
The Example
- Flour
- A note without a title
- A bridge
… and 2 more
"""


def _page(made: Announcement) -> str:
    return f"s3://bucket/{json.loads(made.data)['html']}"


def test_a_day_on_which_nothing_needs_attention() -> None:
    made = announcement_for(DIGEST, "s3://bucket", [])
    assert made.subject == "Feedarchive 2025-12-25: 5 articles from 2 feeds, 1 updated"
    assert made.text == TITLES.format(page=_page(made))


def test_the_feeds_that_need_attention() -> None:
    attention = ["The Example: HTTP 410 Gone; remove it from feeds.toml", "b: it has moved; set url"]
    made = announcement_for(DIGEST, "s3://bucket", attention)
    assert made.text == (
        TITLES.format(page=_page(made)) + "\nFeeds that need attention:\n"
        "- The Example: HTTP 410 Gone; remove it from feeds.toml\n"
        "- b: it has moved; set url\n"
    )


def test_the_data_for_programs() -> None:
    folder = "archive/2025/12/25"
    data = json.loads(announcement_for(DIGEST, "s3://bucket", ["a: fails"]).data)
    assert data.pop("html").endswith("/2025/12/25/index.html")
    assert data == {
        "day": "2025-12-25",
        "location": "s3://bucket",
        "json": f"{folder}/digest.json",
        "markdown": f"{folder}/digest.md",
        "counts": DIGEST.counts(),
    }


def test_a_day_with_nothing_but_revisions_and_backlog_lists_them() -> None:
    digest = make_digest(DAY, "UTC", [entry("Old", published="2025-12-01T08:00:00Z"), revision("Edited")])
    assert announcement_for(digest, "my-archive", []).text.splitlines()[3:] == ["The Example", "- Edited", "- Old"]


@pytest.mark.parametrize(("articles", "last"), [(49, "- b"), (50, "- b"), (51, "… and 1 more")])
def test_at_most_fifty_titles(articles: int, last: str) -> None:
    """The second feed has one title. Beyond fifty titles, its name is not written either."""
    first = [entry(f"Article {n:02}") for n in range(articles - 1)]
    last_feed = entry("b", site="other.example", feed="zzz")
    lines = announcement_for(make_digest(DAY, "UTC", [*first, last_feed]), "my-archive", []).text.splitlines()
    assert lines[-1] == last
    assert sum(line.startswith("- ") for line in lines) == min(articles, 50)
    assert ("zzz" in lines) == (articles <= 50)


def test_a_long_title_is_shortened() -> None:
    digest = make_digest(DAY, "UTC", [entry("word " * 100, key="archive/2025/12/25/example.org/a-000.md")])
    title = announcement_for(digest, "my-archive", []).text.splitlines()[-1].removeprefix("- ")
    assert 150 <= len(title) <= 160
    assert title.endswith("…")

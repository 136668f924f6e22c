"""The announcement of a day: subject, mail and JSON."""

from __future__ import annotations

import json
from datetime import date

from feedarchive.digest.daily_mail import announcement_for
from feedarchive.digest.digest import make_digest
from feedarchive.digest.digest_entry import DigestEntry

DAY = date(2025, 12, 25)


def entry(number: int, feed: str = "Example", title: str = "") -> DigestEntry:
    return DigestEntry(
        key=f"archive/2025/12/25/example.org/article-{number}.md", id=f"{number:032x}",
        title=title or f"Article {number}", link=f"https://example.org/{number}", description="", image="",
        site="example.org", feed=feed, source=f"https://example.org/{feed}.xml", author="", tags=(),
        published="2025-12-25T08:00:00Z", archived="2025-12-25T10:00:00Z", words=3, bytes=100, sha256="0" * 64,
    )  # fmt: skip


def test_the_mail_names_the_page_the_articles_and_the_feeds_that_need_attention() -> None:
    digest = make_digest(DAY, "UTC", [entry(1), entry(2, feed="Other"), entry(3)])
    announcement = announcement_for(digest, "s3://bucket", ["Broken: HTTP 410 Gone; remove it", "feeds.toml: line 3"])
    assert announcement.subject == "Feedarchive 2025-12-25: 3 articles from 2 feeds"
    assert announcement.text.splitlines() == [
        "2025-12-25: 3 articles from 2 feeds.",
        "s3://bucket/pages/2025/12/25/index.html",
        "",
        "Example",
        "- Article 1",
        "- Article 3",
        "Other",
        "- Article 2",
        "",
        "Feeds that need attention:",
        "- Broken: HTTP 410 Gone; remove it",
        "- feeds.toml: line 3",
    ]
    assert json.loads(announcement.data) == {
        "day": "2025-12-25",
        "location": "s3://bucket",
        "json": "archive/2025/12/25/digest.json",
        "markdown": "archive/2025/12/25/digest.md",
        "html": "pages/2025/12/25/index.html",
        "counts": digest.counts(),
    }


def test_without_such_feeds_the_mail_ends_with_the_articles() -> None:
    announcement = announcement_for(make_digest(DAY, "UTC", [entry(1)]), "my-archive", [])
    assert announcement.text.endswith("\n\nExample\n- Article 1\n")


def test_a_long_mail_is_cut_after_50_titles_and_each_title_after_160_characters() -> None:
    digest = make_digest(DAY, "UTC", [entry(number, title="word " * 50 + str(number)) for number in range(70)])
    lines = announcement_for(digest, "my-archive", []).text.splitlines()
    titles = [line for line in lines if line.startswith("- ")]
    assert (len(titles), lines[-1]) == (50, "… and 20 more")
    assert max(map(len, titles)) <= len("- ") + 160

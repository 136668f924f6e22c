"""``digest.md``, word for word."""

from __future__ import annotations

from dataclasses import replace

from feedarchive.digest.digest import make_digest
from feedarchive.digest.markdown_page import markdown_page
from tests.unit.digest.entries import DAY, entry, revision

PAGE = r"""---
title: "Digest of 2025-12-25"
date: 2025-12-25
description: "4 articles from 2 feeds, 4 updated"
draft: false
---
# 2025-12-25

4 articles from 2 feeds, 4 updated

## another feed

- [Snow](other.example/snow-0123456789ab.md): About snow.

## The Example

- [Not \[a\](link)](example.org/a-000.md): Nor \*this\*
- [A note](example.org/untitled-000.md)

## Updated

- [Rain](example.org/rain-ID.md), [before](YESTERDAY/rain-ID.md) (The Example, revision 2, 1 word added, 1,000 removed)
- [Fog](example.org/fog-ID.md), before: [Mist \*](YESTERDAY/fog-ID.md) (The Example, revision 2, 1 word added)
- [Hail](example.org/hail-ID.md), [before](YESTERDAY/hail-ID.md) (The Example, revision 2, no word changed)
- [Ice](example.org/ice-ID.md), [before](YESTERDAY/ice-ID.md) (The Example, revision 3)

## From the backlog

### The Example

- [Old](example.org/old-0123456789ab.md): About old.
""".replace("YESTERDAY", "../../../2025/12/24/example.org").replace("ID", "0123456789ab")


def test_the_page_of_a_day() -> None:
    digest = make_digest(
        DAY,
        "UTC",
        [
            entry("Not [a](link)", key="archive/2025/12/25/example.org/a-000.md", description="Nor *this*"),
            entry("", description="A note", key="archive/2025/12/25/example.org/untitled-000.md"),
            entry("Snow", site="other.example", feed="another feed"),
            entry("Old", published="2025-12-01T08:00:00Z"),
            revision("Ice", 3),
            replace(revision("Fog"), words_added=1, words_removed=0, previous_title="Mist *"),
            replace(revision("Rain"), words_added=1, words_removed=1000),
            replace(revision("Hail"), words_added=0, words_removed=0),
        ],
    )
    assert markdown_page(digest).decode() == PAGE


def test_a_day_with_news_alone_has_no_other_section() -> None:
    page = markdown_page(make_digest(DAY, "UTC", [entry("Snow")])).decode()
    assert "Updated" not in page
    assert "backlog" not in page
    assert "1 article from 1 feed\n" in page

"""Tags as one word: ``[archive] tag_style = "slug"``."""

from __future__ import annotations

import pytest

from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.tag_slugs import slug_tags
from feedarchive.document.model import Entry


@pytest.mark.parametrize(
    ("tag", "slug"),
    [
        ("climate change", "climate-change"),
        ("U.S.  politics", "u-s-politics"),
        ("#AI & ML", "ai-ml"),
        ("news/world / europe", "news/world/europe"),
        ("snake_case", "snake_case"),
        ("Köln", "köln"),
        ("Ko\u0308ln", "köln"),
        ("日本 経済", "日本-経済"),
        ("हिन्दी", "हिन्दी"),
        ("2025", "_2025"),
        ("2025-12", "_2025-12"),
        ("covid-19", "covid-19"),
    ],
)
def test_a_tag_is_one_word(tag: str, slug: str) -> None:
    assert slug_tags([tag]) == (slug,)


def test_tags_without_letters_and_repeated_ones_are_left_out() -> None:
    assert slug_tags(["Climate Change", "!?", "/", "climate-change", ""]) == ("climate-change",)


@pytest.mark.parametrize(("slugs", "tags"), [(True, ("a-b", "my-tag")), (False, ("A b", "My tag"))])
def test_the_tags_of_entry_and_feed_have_the_style(slugs: bool, tags: tuple[str, ...]) -> None:
    source = EntrySource("https://example.org/feed.xml", tags=("My tag",), slug_tags=slugs)
    assert compose(Entry(tags=("A b",)), "T", "", source, "0" * 32).tags == tags

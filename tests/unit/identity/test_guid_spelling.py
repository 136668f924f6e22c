"""GUIDs that differ only in white space are the same; other GUIDs are compared as they are written."""

from __future__ import annotations

import pytest

from feedarchive.document.model import Entry
from feedarchive.identity.article_id import FeedSite, Identity, identify

SITE = FeedSite("feed", "https://example.org/feed.xml", "https://example.org/")


def _identity(guid: str) -> Identity:
    return identify([Entry(guid=guid)], ["A title"], SITE, lambda entry: "")[0]


@pytest.mark.parametrize("guid", [" tag:1 2", "tag:1\n\t2 ", "tag:1   2"])
def test_white_space_in_a_guid_does_not_count(guid: str) -> None:
    assert _identity(guid) == _identity("tag:1 2")


@pytest.mark.parametrize("guid", ["TAG:1 2", "tag:12", "tag:1 2/"])
def test_anything_else_in_a_guid_counts(guid: str) -> None:
    assert _identity(guid).id != _identity("tag:1 2").id

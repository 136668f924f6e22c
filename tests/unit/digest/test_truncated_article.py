"""An article file that a power cut truncated is in no digest, even if its front matter is complete."""

from __future__ import annotations

import pytest

from feedarchive.digest.digest_entry import parse_article_file
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item


@pytest.mark.parametrize("missing", [1, 5, 20])
def test_a_file_without_its_end_is_not_an_entry(folder_store: FolderStore, clock: Clock, missing: int) -> None:
    """Builds do not read an article file again once the digest lists the file. Wrong sizes would stay wrong."""
    text = "A long story about a bridge, its builders and its price."
    FeedArchiver(folder_store, clock).poll(Item("A bridge", link="https://example.org/a", text=text))
    ((key, data),) = articles(folder_store).items()
    complete = parse_article_file(key, data)
    assert complete is not None
    assert (complete.title, complete.bytes) == ("A bridge", len(data))
    assert parse_article_file(key, data[:-missing]) is None

"""Measure what it costs to keep feed documents, and how fast a replay is: ``python -m benchmarks.documents``.

A generated feed has 30 entries of 300 words. It gets a new entry every half hour, 200 times.
"""

from __future__ import annotations

import random
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from feedarchive.documents.month_files import append_document
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.documents.usage import usage
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.replay.replay import Replay
from feedarchive.store.folder import FolderStore
from tests.documents.documents import kept
from tests.harness.clock import CHRISTMAS
from tests.harness.feed_documents import Item, rss

_DOCUMENTS, _ENTRIES, _WORDS = 200, 30, 300
_HALF_HOUR = timedelta(minutes=30)


def main() -> None:
    vocabulary = ["".join(random.Random(n).choices("etaoinshrdlu", k=2 + n % 8)) for n in range(5000)]
    items = [
        Item(
            f"Article {n}",
            f"https://example.org/{n}",
            f"tag:{n}",
            " ".join(random.Random(n).choices(vocabulary, k=_WORDS)),
        )
        for n in range(_DOCUMENTS + _ENTRIES)
    ]
    bodies = [rss(*reversed(items[n : n + _ENTRIES])) for n in range(_DOCUMENTS)]
    with TemporaryDirectory() as folder:
        store, new = FolderStore(Path(folder) / "archive"), FolderStore(Path(folder) / "new")
        began = time.process_time()
        for number, body in enumerate(bodies):
            append_document(store, kept(body, CHRISTMAS - (_DOCUMENTS - number) * _HALF_HOUR))
        milliseconds = (time.process_time() - began) / _DOCUMENTS * 1000
        size = usage(store).bytes / _DOCUMENTS
        print(f"a document of {len(bodies[0]):,} bytes: {milliseconds:.1f} ms of CPU, {size:,.0f} bytes in its file")
        feeds = FeedList((Feed("https://example.org/feed", "feed"),))
        began = time.perf_counter()
        with StoredDocuments(store) as documents:
            Replay(documents, new, ZoneInfo("UTC"), feeds, shared_parser_pool()).run()
        print(f"replay: {_DOCUMENTS / (time.perf_counter() - began):.0f} documents a second")


if __name__ == "__main__":
    main()

"""Measure the digest of a very large day.

    python -m benchmarks.corpus.large_day [ARTICLES]

Writes 20,000 articles (or ARTICLES) of a day, and a revision of every twentieth, to a temporary folder. Builds the
digest, adds 50 articles, and builds it again. Prints seconds, peak memory of the process, and calls of the store.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from feedarchive.article.article import Article
from feedarchive.article.front_matter import Changes, Revision, render
from feedarchive.builds.build_day import build_day
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Stored

_NOW = datetime(2025, 12, 25, 10, tzinfo=UTC)
_WORDS = "the council met on Tuesday and decided to rebuild the old bridge over the river by spring "


class CountingStore(FolderStore):
    """Counts reads, writes and lists."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.calls: Counter[str] = Counter()

    def read(self, key: str) -> Stored | None:
        self.calls["reads"] += 1
        return super().read(key)

    def create(self, key: str, data: bytes) -> bool:
        self.calls["writes"] += 1
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self.calls["writes"] += 1
        return super().replace(key, data, version)


def add_articles(root: Path, numbers: range) -> None:
    """Write article files of about 3 KB, on 200 sites."""
    for number in numbers:
        article = Article(
            id=f"{number:012x}{0:020x}", title=f"Article {number} of a long day", description=_WORDS * 3, image="",
            link=f"https://site{number % 200}.example/{number}", source=f"https://site{number % 200}.example/feed",
            feed=f"Site {number % 200}", body=_WORDS * 25, wording="1:0", published=_NOW,
        )  # fmt: skip
        folder = root / f"archive/2025/12/25/site{number % 200}.example"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"article-{number:012x}"
        (folder / f"{name}.md").write_bytes(render(article, _NOW))
        if number % 20 == 0:
            edited = replace(
                article, body=article.body.replace("Tuesday", "Wednesday"), title=f"{article.title}, edited"
            )
            revision = Revision(2, f"{folder.relative_to(root)}/{name}.md", Changes(26, 25, article.title))
            (folder / f"{name}.r2.md").write_bytes(render(edited, _NOW, revision))


def main(articles: int) -> None:
    """Build, add 50 articles, build again, and build once more with nothing new."""
    with tempfile.TemporaryDirectory() as scratch:
        for new in (range(articles), range(articles, articles + 50), range(0)):
            add_articles(Path(scratch), new)
            store, start = CountingStore(Path(scratch)), time.perf_counter()
            built = build_day(store, date(2025, 12, 25), "UTC")
            took, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            read = built.articles_read if built else 0
            print(f"{len(new):6} new: {took:6.2f} s, {read} articles read, {dict(store.calls)}, peak {peak:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)

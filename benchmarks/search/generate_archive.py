"""Generate an archive of any number of articles: files and digests, without claims and pages.

The words are distributed as in a language: a few words are in most articles, and most words are in only a few articles.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random

from feedarchive.archive.manifest import create_manifest
from feedarchive.article.article import Article
from feedarchive.article.file_names import slug
from feedarchive.article.front_matter import Revision, render
from feedarchive.digest.digest import day_folder, make_digest
from feedarchive.digest.digest_entry import parse_article_file
from feedarchive.digest.digest_json import to_json
from feedarchive.store.folder import FolderStore

FIRST_DAY = date(2025, 1, 1)
ARTICLES_PER_DAY = 300
_SITES = 60
_WORDS = 20_000
_SYLLABLES = "ba den kor li mo nue pra ri sto ta un vel wi xo ya zer gé mü ño за свет 日本 café tion ing er al".split()
_REVISED = 14  # Every 14th article is a revision of the article before it.


def vocabulary(seed: int) -> tuple[list[str], list[float]]:
    """The words, and their cumulated frequencies by Zipf's law."""
    random = Random(f"words {seed}")
    words = ["".join(random.choices(_SYLLABLES, k=random.randint(1, 4))) for _ in range(_WORDS)]
    return words, list(accumulate(1 / rank for rank in range(1, _WORDS + 1)))


def generate(root: Path, articles: int, seed: int = 1) -> None:
    """Write the archive."""
    store = FolderStore(root)
    create_manifest(store, "UTC")
    store.create("feeds.toml", b'[[feeds]]\nurl = "https://site0.example/feed.xml"\n')
    days: dict[date, dict[str, bytes]] = {}
    for day, key, data in _files(articles, seed):
        days.setdefault(day, {})[key] = data
        path = root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for day, files in days.items():
        entries = [entry for key, data in files.items() if (entry := parse_article_file(key, data))]
        (root / day_folder(day) / "digest.json").write_bytes(to_json(make_digest(day, "UTC", entries)))


def _files(articles: int, seed: int) -> Iterator[tuple[date, str, bytes]]:
    words, frequencies = vocabulary(seed)
    random = Random(seed)
    first: tuple[str, Article] | None = None

    def text(length: int) -> str:
        return " ".join(random.choices(words, cum_weights=frequencies, k=length))

    for number in range(articles):
        day = FIRST_DAY + timedelta(days=number // ARTICLES_PER_DAY)
        archived = datetime(day.year, day.month, day.day, 6, tzinfo=UTC) + timedelta(minutes=number % ARTICLES_PER_DAY)
        site = f"site{random.randrange(_SITES)}.example"
        title, body = (
            text(8).capitalize(),
            "\n\n".join(f"{text(60).capitalize()}." for _ in range(random.randint(2, 9))),
        )
        article = Article(
            id=f"{seed:04x}{number:028x}"[::-1], title=title, description=body[:200].replace("\n", " "), image="",
            link=f"https://{site}/{number}", source=f"https://{site}/feed.xml", feed=f"The news of {site}", body=body,
            wording=f"1:{number:016x}", authors=(f"Writer {number % 90}",), tags=(f"topic {number % 40}",),
            published=archived - timedelta(hours=3), guid=f"tag:{number}", language="en",
        )  # fmt: skip
        revision = None
        if number % _REVISED == 1 and first:
            key, before = first
            site = key.split("/")[-2]
            article = Article(**{**article.__dict__, "id": before.id, "link": before.link, "source": before.source})
            revision, name = Revision(2, key), f"{key.rpartition('/')[2].removesuffix('.md')}.r2.md"
        else:
            name = f"{slug(title)}-{article.id[:12]}.md"
        key = f"{day_folder(day)}{site}/{name}"
        first = (key, article)
        yield day, key, render(article, archived, revision)


def article_bytes(root: Path) -> int:
    """The size of all article files of an archive."""
    total = 0
    for path in root.glob("archive/*/*/*/digest.json"):
        total += json.loads(path.read_bytes())["counts"]["bytes"]
    return total

"""The table of a day: written when the day is announced, and again when its files change."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from feedarchive.archive.forget import forget
from feedarchive.article.article import Article
from feedarchive.article.front_matter import render
from feedarchive.builds.builder import DigestBuilder
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.tables.columns import COLUMNS, ColumnType
from feedarchive.tables.select_rows import Selection, select_rows
from feedarchive.tables.write_table import table_key, write_table
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import DAY, FOLDER, ITEMS, SITE, build
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item
from tests.harness.full_texts import complete, full_texts, version_keys
from tests.harness.media import Completing, lists, publisher

KEY = "tables/articles/day=2025-12-25/articles.jsonl.gz"
NEXT_DAY = CHRISTMAS + timedelta(days=1)


def lines(store: Store, key: str = KEY) -> list[dict[str, Any]]:
    stored = store.read(key)
    assert stored is not None
    return [json.loads(line) for line in gzip.decompress(stored.data).splitlines()]


def digest(store: Store) -> list[dict[str, Any]]:
    stored = store.read(f"{FOLDER}digest.json")
    assert stored is not None
    files: list[dict[str, Any]] = json.loads(stored.data)["files"]
    return files


def test_the_table_is_written_when_the_day_is_announced(archived: Store) -> None:
    build(archived, CHRISTMAS + timedelta(hours=2))
    assert archived.read(KEY) is None
    build(archived, NEXT_DAY)
    assert table_key(DAY) == KEY
    files, rows = {file["key"]: file for file in digest(archived)}, lines(archived)
    assert [row["key"] for row in rows] == sorted(files)
    for row in rows:
        listed = {name: value for name, value in files[row["key"]].items() if name != "group"}
        assert {name: row[name] for name in listed} == listed
        stored = archived.read(row["key"])
        assert stored is not None
        assert stored.data.decode().endswith(f"---\n{row['body']}\n")
        assert (row["day"], row["draft"]) == ("2025-12-25", False)


def is_valid_value(value: object, column_type: ColumnType) -> bool:
    match column_type:
        case ColumnType.TEXT:
            return isinstance(value, str)
        case ColumnType.TEXTS:
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case ColumnType.NUMBER:
            return type(value) is int and value >= 0
        case ColumnType.TIME:
            return isinstance(value, str) and len(value) == len("2025-12-25T10:00:00Z") and value.endswith("Z")
        case ColumnType.DAY:
            return isinstance(value, str) and bool(date.fromisoformat(value))
        case ColumnType.BOOLEAN:
            return isinstance(value, bool)


def test_built_again_elsewhere_or_later_it_has_the_same_bytes(archived: Store, tmp_path: Path) -> None:
    build(archived, NEXT_DAY)
    before = archived.read(KEY)
    assert before is not None
    assert before.data[4:8] == bytes(4)  # the gzip header contains no time
    archived.delete(KEY)
    DigestBuilder(archived, ZoneInfo("UTC"), (), NEXT_DAY + timedelta(days=365)).build_all()
    again = archived.read(KEY)
    assert again is not None
    assert again.data == before.data
    copy = FolderStore(tmp_path / "copy")
    for key in archived.list("archive/"):
        if (stored := archived.read(key)) and key.endswith(".md"):
            copy.create(key, stored.data)
    assert write_table(copy, DAY)
    assert not write_table(copy, DAY)
    copied = copy.read(KEY)
    assert copied is not None
    assert copied.data == before.data


def test_full_texts_of_the_same_day_are_in_the_table_and_all_are_in_exports(store: Store, clock: Clock) -> None:
    FeedArchiver(store, clock).poll(*ITEMS[:3])
    first, second, third = sorted(version_keys(store))
    complete(store, clock, first, "All of the **first** story.")
    complete(store, clock, first, "All of the first story, and more.")
    clock.move(days=1)
    complete(store, clock, second, "All of the second story.")
    build(store, clock())
    (full, *_) = (key for key in full_texts(store) if ".full.r2.md" in key)
    with_full_text, *others = lines(store)
    assert {name: with_full_text[name] for name in ("key", "full_text", "full_words", "full_key")} == {
        "key": first, "full_text": "All of the first story, and more.", "full_words": 7, "full_key": full,
    }  # fmt: skip
    assert list(with_full_text) == [column.name for column in COLUMNS if column.name != "media"]
    assert not any("full_text" in row or "full_key" in row for row in others)
    exported = {row["key"]: (row["full_text"], row["full_words"]) for row in select_rows(store, "UTC", Selection())}
    assert exported == {
        first: ("All of the first story, and more.", 7), second: ("All of the second story.", 5), third: (None, None),
    }  # fmt: skip
    selected = select_rows(store, "UTC", Selection(until="2025-12-25"))
    assert [row["full_words"] for row in selected] == [7, 5, None]


def test_stored_pictures_are_in_the_table_of_the_same_day_and_in_exports(store: Store, clock: Clock) -> None:
    with publisher(clock) as site:
        site.serve_pictures()
        completing = Completing(store, clock)
        completing.archive(site.article("/a.png", "/b.svg", "/a.png", "/gone.png"), site.article(link="2"))
        completing.run()
        clock.move(days=1)
        build(store, clock())
    with_pictures, other = lines(store)
    keys = [item.stored.key for found in lists(store).values() for item in found.items if item.stored]
    assert (with_pictures["media"], len(keys)) == (keys, 2)
    assert "media" not in other
    assert [row["media"] for row in select_rows(store, "UTC", Selection())] == [keys, None]


def test_a_file_that_is_added_to_an_announced_day_is_added_to_its_table(archived: Store, clock: Clock) -> None:
    build(archived, NEXT_DAY)
    before = len(lines(archived))
    late = Clock(CHRISTMAS)
    FeedArchiver(archived, late).poll(Item("Healed", f"{SITE}/healed", "tag:healed", "It was claimed in time."))
    build(archived, NEXT_DAY + timedelta(hours=1))
    assert len(lines(archived)) == before + 1


def test_a_forgotten_article_leaves_the_table_before_the_digest(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(*ITEMS)
    build(folder_store, NEXT_DAY)
    forget(folder_store, f"{SITE}/3", NEXT_DAY)

    class FullDisk(FailingStore):
        def replace(self, key: str, data: bytes, version: str) -> bool:
            return False if key.endswith("digest.json") else self._inner.replace(key, data, version)

    builder = DigestBuilder(FullDisk(folder_store, 0, FULL_DISK), ZoneInfo("UTC"), (), NEXT_DAY)
    with pytest.raises(Exception, match=r"digest\.json"):
        builder.build_days([DAY])
    assert "Article 3" not in {row["title"] for row in lines(folder_store)}
    assert len(lines(folder_store)) == 11


def test_a_day_of_which_nothing_is_left_has_an_empty_table(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEMS[0])
    build(folder_store, NEXT_DAY)
    assert len(lines(folder_store)) == 1
    forget(folder_store, f"{SITE}/0", NEXT_DAY)
    DigestBuilder(folder_store, ZoneInfo("UTC"), (), NEXT_DAY).build_days([DAY])
    assert lines(folder_store) == []


def test_an_article_forgotten_while_the_table_is_written_is_not_in_it(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(*ITEMS)

    class Forgetting(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            if key == KEY:
                forget(folder_store, f"{SITE}/5", NEXT_DAY)
            return self._inner.create(key, data)

    assert write_table(Forgetting(folder_store, 0, FULL_DISK), DAY)
    assert "Article 5" not in {row["title"] for row in lines(folder_store)}
    assert len(lines(folder_store)) == 11


def test_duckdb_counts_what_the_digests_count(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    for day in range(4):
        archiver.poll(
            *(Item(f"Of {day}: {n}", f"{SITE}/{day}/{n}", f"{day} {n}", f"Story {n}.") for n in range(day + 2))
        )
        clock.move(days=1)
    build(folder_store, clock())
    tables = f"read_json('{folder_store.location}/tables/articles/*/*.jsonl.gz')"
    found = duckdb.execute(
        f"SELECT day, count(*), sum(words), sum(bytes) FROM {tables} GROUP BY day ORDER BY day"
    ).fetchall()
    index = json.loads((Path(folder_store.location) / "archive" / "index.json").read_bytes())
    expected = [(row["day"], *(row["counts"][name] for name in ("files", "words", "bytes"))) for row in index["days"]]
    assert [(str(day), *map(int, counts)) for day, *counts in found] == sorted(expected)
    assert len(found) == 4


def test_a_large_table_is_in_memory_only_compressed(folder_store: FolderStore) -> None:
    random = Random(1)
    for number in range(80):
        text = random.randbytes(20_000).hex()
        article = Article(
            id=f"{number:032x}", title="T", description="", image="", link=f"{SITE}/{number}", source=SITE,
            feed="F", body=text, wording="1:0",
        )  # fmt: skip
        folder_store.create(f"{FOLDER}example.org/t-{number:012x}.md", render(article, CHRISTMAS))
    write_table(folder_store, DAY)
    folder_store.delete(f"{FOLDER}example.org/t-{0:012x}.md")
    table = Path(folder_store.location, KEY)
    size = table.stat().st_size
    tracemalloc.start()
    try:
        assert write_table(folder_store, DAY)  # replaces the table of 80 articles with a table of 79
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.9 * size < table.stat().st_size < size
    # Only two tables are in memory: the new table, and the old table, whose version the folder store checks.
    assert peak < 2.5 * size

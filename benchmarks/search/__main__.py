"""Measure search, tables and exports on a generated archive, and compare them with other programs such as grep.

    python -m benchmarks.search [ARTICLES] [FOLDER]

Generates 100,000 articles (or ARTICLES) in a temporary folder, or uses the archive that an earlier run left in FOLDER.
Prints seconds, CPU seconds of this process and its children, and peak memory of the commands.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import duckdb

from benchmarks.search.generate_archive import article_bytes, generate, vocabulary
from feedarchive.digest.calendar import days_in_archive
from feedarchive.search.filters import Filters
from feedarchive.search.index_file import INDEX_FILE, remove_index
from feedarchive.search.query import parse_query
from feedarchive.search.search_archive import SearchedArchive
from feedarchive.search.update_index import update_index
from feedarchive.store.folder import FolderStore
from feedarchive.tables.write_table import write_table

_NOW = datetime(2027, 1, 1, tzinfo=UTC)
_QUESTIONS = 100


@dataclass(frozen=True)
class Took:
    """How many seconds something took: by the clock, and of CPU time."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s, CPU {self.cpu:7.2f} s"


def measured(run: Callable[[], object]) -> Took:
    """Run something and measure it."""
    start, cpu = time.perf_counter(), _cpu()
    run()
    return Took(time.perf_counter() - start, _cpu() - cpu)


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main(articles: int, folder: Path) -> None:
    """Print all measurements."""
    if not (folder / "archive.json").exists():
        print(f"generate    {measured(lambda: generate(folder, articles))}")
    size = article_bytes(folder)
    print(f"{articles:,} articles, {size / 1e6:,.0f} MB")
    _search(folder, size)
    _alternatives(folder)
    _tables(folder)
    _exports(folder)


def _search(folder: Path, size: int) -> None:
    remove_index(folder)
    print(f"index       {measured(lambda: update_index(folder, 'UTC', _NOW))}", end="")
    print(f", {(folder / INDEX_FILE).stat().st_size / size:.2f} times the text")
    print(f"up to date  {measured(lambda: update_index(folder, 'UTC', _NOW))}")
    searched, random = SearchedArchive(folder, "UTC"), Random(2)
    words, frequencies = vocabulary(1)
    for name, length in (("one word", 1), ("two words", 2), ("three words", 3)):
        queries = [" ".join(random.choices(words[100:], k=length)) for _ in range(_QUESTIONS)]
        _print_questions(name, searched, queries)
    phrases = [f'"{" ".join(random.choices(words, cum_weights=frequencies, k=2))}"' for _ in range(_QUESTIONS)]
    _print_questions("phrases", searched, phrases)
    _print_questions("phrases in a site", searched, phrases, Filters(site="site3.example"))
    _print_questions("phrases in a month", searched, phrases, Filters(since="2025-03", until="2025-03"))
    frequent = random.choices(words, cum_weights=frequencies, k=_QUESTIONS)
    for letters in (1, 2, 3, 4):
        _print_questions(f"words from {letters} letters", searched, [f"{word[:letters]}*" for word in frequent])
    _print_questions("phrases with an open end", searched, [f'{phrase[:-1][:12]}"*' for phrase in phrases])
    _print_questions("in 3 of 4 articles", searched, [words[0]] * 5)


def _print_questions(
    name: str,
    searched: SearchedArchive,
    queries: Sequence[str],
    filters: Filters = Filters(),  # noqa: B008
) -> None:
    took = sorted((_best_cpu(searched, query, filters), query) for query in queries)
    (median, _), (slowest, query) = took[len(took) // 2], took[-1]
    print(f"search: {name}: CPU of the median {median:.0f} ms, of the slowest {slowest:.0f} ms ({query})")


def _best_cpu(searched: SearchedArchive, query: str, filters: Filters) -> float:
    """Milliseconds of the fastest of three calls. Other programs on the machine can make a call slower."""
    return min(measured(lambda: searched.find(parse_query(query), filters, _NOW, 10)).cpu * 1000 for _ in range(3))


def _alternatives(folder: Path) -> None:
    word = vocabulary(1)[0][500]
    grep = ["grep", "-rlw", word, str(folder / "archive"), "--include=*.md"]
    print(f"grep -rlw   {measured(lambda: subprocess.run(grep, stdout=subprocess.DEVNULL, check=False))}")
    query = f"SELECT count(*) FROM read_text('{folder}/archive/*/*/*/*/*.md') WHERE content LIKE '%{word}%'"
    print(f"DuckDB over the files {measured(lambda: duckdb.execute(query).fetchall())}")


def _tables(folder: Path) -> None:
    store = FolderStore(folder)
    days = days_in_archive(store)
    print(f"tables of all days {measured(lambda: [write_table(store, day) for day in days])}")
    files = f"read_json('{folder}/tables/articles/*/*.jsonl.gz')"
    query = f"SELECT day, count(*), sum(words), sum(bytes) FROM {files} GROUP BY day"
    print(f"DuckDB over the tables {measured(lambda: duckdb.execute(query).fetchall())}")
    found = {date.fromisoformat(str(day)): tuple(map(int, counts)) for day, *counts in duckdb.execute(query).fetchall()}
    expected = {}
    for day in days:
        counts = json.loads((folder / day.strftime("archive/%Y/%m/%d/digest.json")).read_bytes())["counts"]
        expected[day] = (counts["files"], counts["words"], counts["bytes"])
    print(f"the counts of DuckDB and of the digests are {'the same' if found == expected else 'DIFFERENT'}")


def _exports(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for ending in ("jsonl", "csv", "parquet"):
            command = [sys.executable, "-m", "feedarchive", "export", "--archive", str(folder), f"{scratch}/a.{ending}"]
            start = time.perf_counter()
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            _, _, usage = os.wait4(process.pid, 0)
            took = Took(time.perf_counter() - start, usage.ru_utime + usage.ru_stime)
            print(f"export {ending:8} {took}, {usage.ru_maxrss / 1024:.0f} MB of memory")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    if len(sys.argv) > 2:
        main(number, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(number, Path(temporary))

"""The queries in docs/tables.md and docs/aws.md run, and return what the pages say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.tables.columns import COLUMNS, ColumnType
from tests.docs.pages import ROOT
from tests.harness.clock import Clock
from tests.harness.digests import build
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item
from tests.harness.full_texts import complete, version_keys

_PAGE = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
BRIDGE = Item("The bridge", "https://example.org/bridge", "b", "It is old.", "Thu, 25 Dec 2025 08:00:00 GMT")


def blocks(page: str, heading: str) -> list[str]:
    """The code blocks of a section, without their indentation."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line[4:] if line.startswith("    ") else ("" if line else "\n") for line in section.splitlines()]
    return [block.strip() for block in "\n".join(lines).split("\n\n\n") if block.strip()]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``my-archive`` with an article in four versions and a second article. All days are announced."""
    folder, clock = tmp_path_factory.mktemp("tables"), Clock()
    archiver = FeedArchiver(FolderStore(folder / "my-archive"), clock)
    snow = Item("Snow", "https://example.org/snow", "s", "It fell.", "Thu, 25 Dec 2025 09:00:00 GMT")
    for text in ("It is old.", "It is closed.", "It is to be rebuilt.", "It was rebuilt."):
        archiver.poll(replace(BRIDGE, text=f"The bridge: {text}"), snow)
        clock.move(days=1)
    version = next(key for key in version_keys(FolderStore(folder / "my-archive")) if key.endswith(".r4.md"))
    clock.move(days=-1)
    complete(FolderStore(folder / "my-archive"), clock, version, "The mayor says: It was rebuilt.")
    clock.move(days=1, hours=3)
    build(FolderStore(folder / "my-archive"), clock())
    return folder


def rows(result: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in result]


_SITES = [("example.org", 2)]
_VERSIONS = [("The bridge", "https://example.org/bridge", 4)]


def test_the_queries_of_duckdb(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(archive)
    sites, versions, week, full = blocks(_PAGE, "DuckDB")
    assert rows(duckdb.execute(sites).fetchall()) == _SITES
    assert rows(duckdb.execute(versions).fetchall()) == _VERSIONS
    found = duckdb.execute(week).fetchall()
    assert [str(day) for day, _, _ in found] == ["2025-12-25", "2025-12-26", "2025-12-27", "2025-12-28"]
    assert {title for _, title, _ in found} == {"The bridge"}
    assert rows(duckdb.execute(full).fetchall()) == [("The bridge", 5, 6)]


def test_the_queries_of_polars(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(archive)
    names: dict[str, Any] = {}
    results = []
    for block in blocks(_PAGE, "Polars"):
        *statements, last = block.splitlines()
        exec("\n".join(statements), names)
        if last.startswith("import ") or " = " in last:
            exec(last, names)
        else:
            results.append(eval(last, names))
    sites, versions, week = results
    assert sites.rows() == _SITES
    assert versions.drop("id").rows() == _VERSIONS
    assert week.height == 4


_GLUE_TYPES = {ColumnType.TEXTS: "VARCHAR[]", ColumnType.NUMBER: "BIGINT", ColumnType.BOOLEAN: "BOOLEAN"}


def _as_athena(folder: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    """Return a function that runs queries for Athena in DuckDB. Two functions have other names in DuckDB."""
    connection = duckdb.connect()
    columns = ", ".join(f"{c.name}: '{_GLUE_TYPES.get(c.type, 'VARCHAR')}'" for c in COLUMNS)
    connection.execute(
        f"CREATE VIEW articles AS SELECT * FROM read_json('{folder}/my-archive/tables/articles/*/*.jsonl.gz',"
        f" columns = {{{columns}}}, hive_partitioning = false)"
    )
    connection.execute("CREATE MACRO from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMP)")
    return lambda query: connection.execute(query.replace("arbitrary(", "any_value(")).fetchall()


def test_the_queries_of_athena(archive: Path) -> None:
    ask = _as_athena(archive)
    sites, versions, hours = blocks(_PAGE, "Athena")
    assert ask(sites) == _SITES
    assert ask(versions) == _VERSIONS
    assert [(str(hour), number) for hour, number in ask(hours)] == [
        ("2025-12-25 08:00:00", 1),
        ("2025-12-25 09:00:00", 1),
    ]


def test_the_question_in_the_documentation_of_aws(archive: Path) -> None:
    page = (ROOT / "docs" / "aws.md").read_text(encoding="utf-8")
    (query,) = re.findall(r'--query-string "(.+?)"', page, re.DOTALL)
    assert _as_athena(archive)(" ".join(query.replace("\\\n", " ").split())) == [_VERSIONS[0]]

"""The lines in docs/reading.md that load digest.json with pandas, Polars and DuckDB."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from feedarchive.digest.digest import make_digest
from feedarchive.digest.digest_json import to_json
from tests.docs.pages import ROOT, code_blocks
from tests.unit.digest.entries import DAY, entry, revision

LINES = [
    line
    for block in code_blocks(ROOT / "docs" / "reading.md")
    for line in block.splitlines()
    if line.startswith(("pandas.", "polars.", "duckdb."))
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.partition(".")[0])
def test_each_line_gives_a_row_for_each_file(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    day = tmp_path / "my-archive" / "archive" / "2025" / "12" / "25"
    day.mkdir(parents=True)
    digest = make_digest(DAY, "UTC", [entry("A", published=""), entry("B"), revision("C", 3)])
    (day / "digest.json").write_bytes(to_json(digest))
    monkeypatch.chdir(tmp_path)
    library = line.partition(".")[0]
    # The library is large, so it is imported here: only the process that runs this test needs it.
    table: Any = eval(line, {library: import_module(library)})
    assert len(table) == 3
    assert list(table["title"] if line.startswith(("pandas", "polars")) else _column(table, "title")) == ["A", "C", "B"]
    assert "revision" in table.columns


def _column(table: Any, name: str) -> list[str]:
    return [row[0] for row in table.project(name).fetchall()]


def test_there_is_a_line_for_each_library() -> None:
    assert sorted(line.partition(".")[0] for line in LINES) == ["duckdb", "pandas", "polars"]

"""``feedarchive export`` of articles: formats, selections, and messages."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.tables.columns import COLUMNS
from tests.cli.command import MODULE, Workspace
from tests.harness.clock import Clock
from tests.harness.digests import build
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

_OTHER = "https://other.example/"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Articles of three days and two sites; the last day has no digest."""
    workspace, clock = Workspace(tmp_path_factory.mktemp("export")), Clock()
    assert workspace.run("init", "--time-zone", "UTC").status == 0
    archiver = FeedArchiver(FolderStore(workspace.archive), clock)
    formula = Item("=HYPERLINK(1)", f"{_OTHER}1", "1", "-1 is a number.", "Mon, 01 Dec 2025 08:00:00 GMT")
    archiver.poll(formula, url=f"{_OTHER}feed", home=_OTHER, tags=("a, b", "c"))
    clock.move(days=1)
    archiver.poll(Item("Second", "https://example.org/2", "2", date="Fri, 26 Dec 2025 08:00:00 GMT"))
    build(FolderStore(workspace.archive), clock())
    clock.move(days=1)
    archiver.poll(Item("Third — 漢字", "https://example.org/3", "3", date=None))
    return workspace


def exported(workspace: Workspace, *arguments: str) -> list[str | None]:
    """Export articles to stdout, and return their titles."""
    result = workspace.run("export", "--format", "jsonl", *arguments)
    assert (result.status, result.stderr) == (0, "")
    return [json.loads(line)["title"] for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        ([], ["=HYPERLINK(1)", "Second", "Third — 漢字"]),
        (["--since", "2025-12-26"], ["Second", "Third — 漢字"]),
        (["--until", "2025-12-25"], ["=HYPERLINK(1)"]),
        (["--published", "--until", "2025-12-20"], ["=HYPERLINK(1)"]),
        (["--published", "--since", "2025-12-26", "--site", "Example.org"], ["Second", "Third — 漢字"]),
        (["--since", "2026"], []),
    ],
)
def test_a_selection_on_stdout(workspace: Workspace, arguments: list[str], titles: list[str]) -> None:
    assert exported(workspace, *arguments) == titles


def test_days_of_publication_are_in_utc(tmp_path: Path) -> None:
    """The folder of the article is that of 24 December, because the archive's time zone is west of Greenwich."""
    workspace, clock = Workspace(tmp_path), Clock(datetime(2025, 12, 25, 4, tzinfo=UTC))
    assert workspace.run("init", "--time-zone", "America/New_York").status == 0
    archiver = FeedArchiver(FolderStore(workspace.archive), clock, zone="America/New_York")
    archiver.poll(Item("Late", "https://example.org/1", "1", date="Thu, 25 Dec 2025 03:00:00 GMT"))
    assert exported(workspace, "--since", "2025-12-25") == []
    assert exported(workspace, "--published", "--since", "2025-12-25") == ["Late"]


def test_all_formats_have_the_same_rows(workspace: Workspace, tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.jsonl.gz", "a.csv", "a.parquet"):
        result = workspace.run("export", str(tmp_path / name))
        assert result.stdout == f"3 article files written to {tmp_path / name}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.jsonl", "a.jsonl.gz", "a.parquet"]
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == (tmp_path / "a.jsonl").read_bytes()
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [list(row) for row in rows] == [[column.name for column in COLUMNS if not column.sparse]] * 3

    cells = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"), newline="")))
    assert [cell["title"] for cell in cells] == ["'=HYPERLINK(1)", "Second", "Third — 漢字"]
    assert json.loads(cells[0]["tags"]) == ["a, b", "c"]
    assert [cell["sha256"] for cell in cells] == [row["sha256"] for row in rows]

    from pyarrow import parquet  # pyarrow is large: only the process that runs this test imports it

    table = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert [row["title"] for row in table] == ["=HYPERLINK(1)", "Second", "Third — 漢字"]
    assert table[0]["published"] == datetime(2025, 12, 1, 8, tzinfo=UTC)
    assert (table[0]["day"], table[0]["tags"], table[0]["revision"]) == (date(2025, 12, 25), ["a, b", "c"], None)


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--format", "parquet"], 2, "Parquet cannot be written to stdout: give the name of a file"),
        (["--since", "2025", "feeds.opml"], 2, "--since, --until, --published and --site select articles"),
        (["--format", "csv", "no/such/folder.csv"], 1, "cannot write no/such/folder.csv: No such file or directory"),
        (["--format", "yaml"], 2, "invalid choice"),
    ],
)
def test_statuses_and_messages(workspace: Workspace, arguments: list[str], status: int, message: str) -> None:
    result = workspace.run("export", *arguments)
    assert result.status == status
    assert message in result.stderr


def test_without_pyarrow_parquet_says_how_to_get_it(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError('not installed')\n")
    env = {**os.environ, "PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"}
    command = [*MODULE, "export", "a.parquet"]
    done = subprocess.run(command, cwd=workspace.folder, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, list(workspace.folder.glob("*.parquet*"))) == (2, [])
    message = "Parquet needs pyarrow: install feedarchive[parquet], or choose --format jsonl"
    assert done.stderr == f"feedarchive: {message}\n"


def test_a_reader_that_closes_the_pipe_is_no_error(workspace: Workspace) -> None:
    command = f"{' '.join(MODULE)} export --format jsonl | head -c 1"
    done = subprocess.run(command, shell=True, cwd=workspace.folder, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("{", "")

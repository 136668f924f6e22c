"""The output of ``feedarchive fetch``: as JSON, and when stdout is closed or cannot be written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.command import Workspace
from tests.cli.test_fetch_command import ITEMS
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_json_is_one_document_with_the_documented_fields(workspace: Workspace, server: FeedServer) -> None:
    good = server.serve("/good", rss(*ITEMS))
    workspace.write_feeds(f'id = "good"\nurl = "{good}"', f'id = "gone"\nurl = "{server.url("/gone")}"')
    result = workspace.run("fetch", "--json")
    assert result.status == 0
    assert result.stdout.count("\n") == 1
    assert result.report == {
        "feeds": 2,
        "polled": 2,
        "unchanged": 0,
        "failed": 1,
        "deferred": 0,
        "left": 0,
        "bytes": len(rss(*ITEMS)),
        "articles": {"new": 2, "known": 0, "revised": 0, "rejected": 0},
        "problems": [{"feed": "gone", "kind": "not-found", "detail": "HTTP 404 Not Found", "repeated": False}],
    }


def test_json_counts_unchanged_feeds_and_known_and_dropped_entries(workspace: Workspace, server: FeedServer) -> None:
    still = server.serve("/still", rss(*ITEMS))
    moving = server.serve("/moving", rss(Item("Three", "https://example.org/three")))
    workspace.write_feeds(
        f'id = "still"\nurl = "{still}"', f'id = "moving"\nurl = "{moving}"\ndrop = {{ title = "Four" }}'
    )
    workspace.run("fetch", "--json")
    server.serve("/moving", rss(Item("Four", "https://example.org/four"), Item("Three", "https://example.org/three")))
    report = workspace.run("fetch", "--all", "--json").report
    assert (report["polled"], report["unchanged"], report["failed"]) == (2, 1, 0)
    assert report["articles"] == {"new": 0, "known": 1, "revised": 0, "rejected": 1}
    detail = "not archived: 'Four': your rules exclude it (drop: title = 'Four')"
    assert report["problems"] == [{"feed": "moving", "kind": "dropped", "detail": detail, "repeated": False}]


def test_json_is_written_whatever_the_encoding_of_the_terminal(workspace: Workspace, server: FeedServer) -> None:
    url = server.serve("/feed", rss(Item("Ünïcode 漢字", "https://example.org/one")))
    workspace.write_feeds(f'url = "{url}"\ndrop = {{ title = "." }}')
    result = workspace.run("fetch", "--json", env={"PYTHONIOENCODING": "ascii"})
    assert "Ünïcode 漢字" in result.report["problems"][0]["detail"]


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_a_run_with_closed_output_still_runs(workspace: Workspace, server: FeedServer, closed: str) -> None:
    """No file of the archive and no connection gets the file descriptor of a closed stream."""
    workspace.write_feeds(f'url = "{server.serve("/good", rss(*ITEMS))}"')
    result = workspace.run("-c", f'exec "$0" -m feedarchive fetch {closed}', sys.executable, program=("sh",))
    assert result.status == 0
    assert len(workspace.articles()) == 2


def test_a_reader_that_closed_the_pipe_stops_no_work_and_causes_no_traceback(
    workspace: Workspace, server: FeedServer
) -> None:
    workspace.write_feeds(f'url = "{server.serve("/good", rss(*ITEMS))}"')
    for arguments in ("--help", "fetch --json", "status", "status --json", "digest --day 1999-01-01"):
        gone = f'{{ "$0" -m feedarchive {arguments}; echo $? >status; }} | exec 0<&-'
        result = workspace.run("-c", gone, sys.executable, program=("sh",))
        assert (result.stdout, (workspace.folder / "status").read_text()) == ("", "141\n"), arguments
        assert result.stderr == "", arguments
        assert len(workspace.articles()) == (0 if arguments == "--help" else 2), arguments


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_that_cannot_be_written_is_reported_after_the_work(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.serve("/good", rss(*ITEMS))}"')
    result = workspace.run("-c", 'exec "$0" -m feedarchive fetch --json >/dev/full', sys.executable, program=("sh",))
    assert (result.status, result.stderr.splitlines()[-1]) == (
        1, "feedarchive: cannot write to stdout: No space left on device; the command itself has finished",
    )  # fmt: skip
    assert len(workspace.articles()) == 2

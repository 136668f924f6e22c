"""``feedarchive fetch``: exit status, usage errors, and which feeds are polled."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from feedarchive.cli.main import main
from tests.cli.command import MODULE, CommandResult, Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response, feed_server

ITEMS = (Item("One", "https://example.org/one"), Item("Two", "https://example.org/two"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def run_all(
    workspace: Workspace, calls: Sequence[tuple[str, ...]], program: tuple[str, ...] = MODULE
) -> list[CommandResult]:
    """Run independent commands, two at a time to save time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda call: workspace.run(*call, program=program), calls))


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/feed"


def test_a_feed_that_is_not_due_is_not_polled_and_all_polls_it(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    written = (workspace.archive / "feeds.toml").read_text()
    first = workspace.run("fetch")
    assert "created a new archive in my-archive with 1 feed\n" in first.stdout
    assert "1 of 1 feed polled" in first.stdout
    later = workspace.run("fetch", "--json")
    assert (later.status, later.report["polled"], len(server.requests)) == (0, 0, 1)
    assert (first.stderr, later.stderr) == ("", "")
    assert (workspace.archive / "feeds.toml").read_text() == written
    assert workspace.run("fetch", "--all", "--json").report["polled"] == 1
    assert len(server.requests) == 2


def test_force_overrules_every_wait_and_names_it(workspace: Workspace) -> None:
    """Each of the four feeds waits for another reason: HTTP 429, Retry-After, HTTP 410, or its interval."""
    responses = {
        "/host": Response(b"", 429, {"Retry-After": "3600"}),
        "/retry-after": Response(b"", 503, {"Retry-After": "7200"}),
        "/gone": Response(b"", 410),
        "/good": Response(rss(*ITEMS)),
    }
    hosts = {path: f"127.0.0.{number}" for number, path in enumerate(responses, 2)}
    with ExitStack() as stack:
        servers = {path: stack.enter_context(feed_server(host)) for path, host in hosts.items()}
        for path, each in servers.items():
            each.responses[path] = responses[path]
        workspace.write_feeds(*(f'url = "{each.url(path)}"\nid = "{path[1:]}"' for path, each in servers.items()))
        workspace.run("fetch")
        for path in ("/host", "/retry-after"):
            assert workspace.run("fetch", "--only", path[1:]).status == 0
            assert len(servers[path].requests) == 1
        result = workspace.run("fetch", "--only", *(path[1:] for path in hosts), "--force", "--json")
        assert [len(each.requests) for each in servers.values()] == [2] * 4
    assert result.report["deferred"] == 0
    lines = [line for line in result.stderr.splitlines() if ": polled now instead of at " in line]
    reasons = {
        "host": "the feed's host limits how often it may be polled (HTTP 429)",
        "retry-after": "the server says when to retry (Retry-After)",
        "gone": "the server says that the feed is gone for good (HTTP 410): it is polled once a month",
        "good": "the second poll is at a random time, so that new feeds are not all polled at the same time",
    }
    assert len(lines) == 4
    for line, (name, reason) in zip(lines, reasons.items(), strict=True):
        start, _, rest = line.partition(" instead of at ")
        assert (start, rest[len("2025-12-25 10:00") :]) == (f"feedarchive: {name}: polled now", f" UTC: {reason}")


def test_a_run_with_some_failed_feeds_succeeds(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(
        f'url = "{server.serve("/feed", rss(*ITEMS))}"', f'url = "{server.url("/gone")}"', f'url = "{closed_port()}"'
    )
    result = workspace.run("fetch")
    assert (result.status, result.stderr.count("\n")) == (0, 2)
    assert len(workspace.articles()) == 2


def test_a_run_in_which_every_feed_fails_is_a_failure(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.url("/gone")}"', f'url = "{closed_port()}"')
    result = workspace.run("fetch")
    assert result.status == 1
    assert "machine online" not in result.stderr  # one of the two servers was reached
    assert workspace.run("fetch").status == 0  # nothing is due, so nothing fails


def test_a_machine_that_reaches_no_server_may_be_offline(workspace: Workspace) -> None:
    workspace.write_feeds(f'url = "{closed_port()}"', f'url = "{closed_port()}"')
    result = workspace.run("fetch")
    assert (result.status, result.stderr.splitlines()[-1].rpartition(", ")[2]) == (
        1, "no server could be reached: is this machine online?",
    )  # fmt: skip
    status = workspace.run("status").stdout.splitlines()
    assert status[-3:] == [
        "2 feeds, 2 failing; times are UTC",
        "no server could be reached: is this machine online?",
        "new articles are not counted yet, because no digest was built: run feedarchive digest",
    ]


@pytest.mark.parametrize("blocking", [".tmp", "archive", "state"])
def test_a_file_in_place_of_a_folder_is_named(workspace: Workspace, server: FeedServer, blocking: str) -> None:
    workspace.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    (workspace.archive / blocking).write_text("I am a file.\n")
    result = workspace.run("fetch")
    assert result.status == 1
    wrong = f": my-archive/{blocking} is a file, but a folder is needed; move it away"
    assert result.stderr.splitlines()[-1].endswith(wrong)


def test_a_store_error_is_one_line(workspace: Workspace, server: FeedServer) -> None:
    (workspace.folder / "feeds.toml").write_text(f'[[feeds]]\nurl = "{server.url("/feed")}"\n')
    workspace.archive.write_text("I am a file.\n")
    for feeds in ([], ["--feeds", "feeds.toml"]):
        result = workspace.run("fetch", *feeds)
        assert (result.status, result.stdout) == (1, "")
        assert result.stderr.startswith("feedarchive: cannot ")
        assert result.stderr.endswith(": my-archive is a file, but a folder is needed; move it away\n")
        assert result.stderr.count("\n") == 1
    assert workspace.archive.read_text() == "I am a file.\n"
    assert server.requests == []


def test_a_usage_error_creates_nothing(workspace: Workspace) -> None:
    calls = [(), ("fetch", "--everything"), ("fetch", "--archive", "s3://"), ("fetch", "--feeds", "no-such.toml")]
    for call, result in zip(calls, run_all(workspace, calls), strict=True):
        assert (call, result.status, result.stdout) == (call, 2, "")
        assert result.stderr.splitlines()[-1].startswith("feedarchive")
    assert list(workspace.folder.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["fletch"],
        ["fetch", "something"],
        ["fetch", "--archive"],
        ["fetch", "--archive", "ftp://example.org/archive"],
        ["fetch", "--archive", "s3://NoBucket/"],
        ["fetch", "--archive", ""],
        ["fetch", "--feeds", "."],
        ["fetch", "--force"],
        ["forget"],
    ],
    ids=" ".join,
)
def test_so_does_every_other_usage_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    # main runs in this process, because starting a process for each error takes long. argparse raises SystemExit.
    monkeypatch.chdir(tmp_path)
    try:
        status: object = main(arguments)
    except SystemExit as left:
        status = left.code
    output = capsys.readouterr()
    assert (status, output.out) == (2, "")
    assert output.err.splitlines()[-1].startswith("feedarchive")
    assert list(tmp_path.iterdir()) == []


def test_requests_have_the_contact_and_the_feeds_headers(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(
        f'url = "{server.serve("/feed", rss(*ITEMS))}"\nheaders = {{ X-Key = "k" }}',
        head='[archive]\ncontact = "https://example.org/me"\n[fetch]\nallow_private_addresses = true\n',
    )
    workspace.run("fetch")
    assert server.requests[0].headers["User-Agent"].startswith("Feedarchive/")
    assert server.requests[0].headers["User-Agent"].endswith(" (+https://example.org/me)")
    assert server.requests[0].headers["X-Key"] == "k"


def test_the_module_and_the_console_script_are_the_same(workspace: Workspace) -> None:
    script = (str(Path(sys.executable).with_name("feedarchive")),)
    calls = [("--help",), ("fetch", "--help")]
    as_module, as_script = run_all(workspace, calls), run_all(workspace, calls, program=script)
    assert as_script == as_module
    for result in as_script:
        assert (result.status, result.stderr) == (0, "")
        assert "feedarchive" in result.stdout
    assert "fetch" in as_script[0].stdout
    assert "--feeds FILE" in as_script[1].stdout


def test_an_archive_in_a_bucket(workspace: Workspace, server: FeedServer, bucket: str) -> None:
    import boto3

    workspace.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    location = f"s3://{bucket}/some/prefix"
    arguments = ("fetch", "--archive", location, "--feeds", "my-archive/feeds.toml", "--all", "--json")
    first, second = workspace.run(*arguments), workspace.run(*arguments)
    assert (first.status, first.report["articles"]["new"]) == (0, 2)
    assert (second.status, second.report["unchanged"]) == (0, 1)
    listed = boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    keys = [found["Key"] for found in listed]
    assert all(key.startswith("some/prefix/") for key in keys)
    articles = [key for key in keys if key.endswith(".md")]
    assert len(articles) == 2
    assert "some/prefix/archive.json" in keys
    forgotten = workspace.run("forget", "--archive", location, articles[0].removeprefix("some/prefix/"))
    assert (forgotten.status, forgotten.stdout) == (0, f"removed {articles[0].removeprefix('some/prefix/')}\n")
    missing = workspace.run("fetch", "--archive", "s3://no-such-bucket-anywhere", "--feeds", "my-archive/feeds.toml")
    assert missing.status == 1
    assert "the bucket does not exist; create it first" in missing.stderr


# Drop the capability CAP_SYS_RESOURCE, with which root could raise the limit.
WITHOUT_RIGHTS = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 24); "
    "os.execv(sys.executable, [sys.executable, '-m', 'feedarchive', 'fetch'])"
)


@pytest.mark.skipif(sys.platform != "linux", reason="limits and rights of Linux")
def test_a_hard_limit_on_memory_does_not_prevent_a_run(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.serve("/good", rss(*ITEMS))}"')
    result = workspace.run("-c", f'ulimit -v 8000000; exec "$0" -c "{WITHOUT_RIGHTS}"', sys.executable, program=("sh",))
    assert result.status == 0, result.stderr
    assert len(workspace.articles()) == 2

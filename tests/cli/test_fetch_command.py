"""``feedarchive fetch``: exit status, report, and which feeds are polled."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from command import MODULE, Desk, Ran

from feedarchive.cli.main import main
from loopback import FeedServer
from press import Item, rss

ITEMS = (Item("One", "https://example.org/one"), Item("Two", "https://example.org/two"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def at_once(desk: Desk, calls: Sequence[tuple[str, ...]], program: tuple[str, ...] = MODULE) -> list[Ran]:
    """Several calls that do not touch one another, two at a time to save half of it."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda call: desk.run(*call, program=program), calls))


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/feed"


def test_json_is_one_document_of_the_documented_shape_and_nothing_else(desk: Desk, server: FeedServer) -> None:
    good = server.serve("/good", rss(*ITEMS))
    desk.write_feeds(f'id = "good"\nurl = "{good}"', f'id = "gone"\nurl = "{server.url("/gone")}"')
    ran = desk.run("fetch", "--json")
    assert ran.status == 0
    assert ran.stdout.count("\n") == 1
    assert ran.report == {
        "feeds": 2,
        "polled": 2,
        "unchanged": 0,
        "failed": 1,
        "deferred": 0,
        "left": 0,
        "bytes": len(rss(*ITEMS)),
        "articles": {"new": 2, "known": 0, "revised": 0, "rejected": 0},
        "problems": [{"feed": "gone", "kind": "not-found", "detail": "the server answers 404 Not Found"}],
    }


def test_json_counts_what_is_unchanged_known_and_kept_out(desk: Desk, server: FeedServer) -> None:
    still = server.serve("/still", rss(*ITEMS))
    moving = server.serve("/moving", rss(Item("Three", "https://example.org/three")))
    desk.write_feeds(f'id = "still"\nurl = "{still}"', f'id = "moving"\nurl = "{moving}"\ndrop = {{ title = "Four" }}')
    desk.run("fetch", "--json")
    server.serve("/moving", rss(Item("Four", "https://example.org/four"), Item("Three", "https://example.org/three")))
    report = desk.run("fetch", "--all", "--json").report
    assert (report["polled"], report["unchanged"], report["failed"]) == (2, 1, 0)
    assert report["articles"] == {"new": 0, "known": 1, "revised": 0, "rejected": 1}
    detail = "not archived: 'Four': your rules keep it out (drop: title = 'Four')"
    assert report["problems"] == [{"feed": "moving", "kind": "dropped", "detail": detail}]


def test_json_is_written_whatever_the_encoding_of_the_terminal(desk: Desk, server: FeedServer) -> None:
    url = server.serve("/feed", rss(Item("Ünïcode 漢字", "https://example.org/one")))
    desk.write_feeds(f'url = "{url}"\ndrop = {{ title = "." }}')
    ran = desk.run("fetch", "--json", env={"PYTHONIOENCODING": "ascii"})
    assert "Ünïcode 漢字" in ran.report["problems"][0]["detail"]


def test_a_feed_that_is_not_due_is_not_polled_and_all_polls_it(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    written = (desk.archive / "feeds.toml").read_text()
    first = desk.run("fetch", "--json")
    assert first.report["polled"] == 1
    assert "made a new archive in my-archive with 1 feed\n" in first.stderr
    later = desk.run("fetch", "--json")
    assert (later.status, later.report["polled"], len(server.asked)) == (0, 0, 1)
    assert "made a new archive" not in later.stderr
    assert (desk.archive / "feeds.toml").read_text() == written
    assert desk.run("fetch", "--all", "--json").report["polled"] == 1
    assert len(server.asked) == 2


def test_some_feeds_failing_is_a_run_that_did_its_work(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(
        f'url = "{server.serve("/feed", rss(*ITEMS))}"', f'url = "{server.url("/gone")}"', f'url = "{closed_port()}"'
    )
    ran = desk.run("fetch")
    assert (ran.status, ran.stdout) == (0, "")
    assert len(desk.articles()) == 2


def test_every_feed_failing_is_a_failure(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.url("/gone")}"', f'url = "{closed_port()}"')
    ran = desk.run("fetch")
    assert (ran.status, "machine online" in ran.stderr) == (1, False)  # a server was reached, and has no such feed
    # Nothing is due: nothing has failed.
    assert desk.run("fetch").status == 0


def test_a_machine_that_reaches_nobody_is_told_where_to_look(desk: Desk) -> None:
    desk.write_feeds(f'url = "{closed_port()}"', f'url = "{closed_port()}"')
    ran = desk.run("fetch")
    assert (ran.status, ran.stderr.splitlines()[-1].rpartition(", ")[2]) == (
        1, "no server was reached: is this machine online?",
    )  # fmt: skip
    status = desk.run("status").stdout.splitlines()
    assert status[-3:] == [
        "2 feeds, 2 failing; times are UTC",
        "no server was reached: is this machine online?",
        "New articles are counted when digests are built: feedarchive digest does that.",
    ]


@pytest.mark.parametrize("blocking", [".tmp", "archive", "state"])
def test_a_file_in_the_way_is_named(desk: Desk, server: FeedServer, blocking: str) -> None:
    desk.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    (desk.archive / blocking).write_text("I am a file.\n")
    ran = desk.run("fetch")
    assert ran.status == 1
    wrong = f": my-archive/{blocking} is a file where a folder must be: move it away"
    assert ran.stderr.splitlines()[-1].endswith(wrong)


def test_a_store_that_fails_is_a_failure_told_in_one_line(desk: Desk, server: FeedServer) -> None:
    (desk.folder / "feeds.toml").write_text(f'[[feeds]]\nurl = "{server.url("/feed")}"\n')
    desk.archive.write_text("I am a file.\n")
    for feeds in ([], ["--feeds", "feeds.toml"]):
        ran = desk.run("fetch", *feeds)
        assert (ran.status, ran.stdout) == (1, "")
        assert ran.stderr.startswith("feedarchive: cannot ")
        assert ran.stderr.endswith(": my-archive is a file where a folder must be: move it away\n")
        assert ran.stderr.count("\n") == 1
    assert desk.archive.read_text() == "I am a file.\n"
    assert server.asked == []


def test_a_wrong_call_is_told_and_makes_nothing(desk: Desk) -> None:
    calls = [(), ("fetch", "--everything"), ("fetch", "--archive", "s3://"), ("fetch", "--feeds", "no-such.toml")]
    for call, ran in zip(calls, at_once(desk, calls), strict=True):
        assert (call, ran.status, ran.stdout) == (call, 2, "")
        assert ran.stderr.splitlines()[-1].startswith("feedarchive")
    assert list(desk.folder.iterdir()) == []


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
        ["forget"],
    ],
    ids=" ".join,
)
def test_so_is_every_other_wrong_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    # In this process, which saves the start of one for each; argparse leaves by SystemExit.
    monkeypatch.chdir(tmp_path)
    try:
        status: object = main(arguments)
    except SystemExit as left:
        status = left.code
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert said.err.splitlines()[-1].startswith("feedarchive")
    assert list(tmp_path.iterdir()) == []


def test_who_asks_is_told_to_publishers(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(
        f'url = "{server.serve("/feed", rss(*ITEMS))}"\nheaders = {{ X-Key = "k" }}',
        head='[archive]\ncontact = "https://example.org/me"\n[fetch]\nallow_private_addresses = true\n',
    )
    desk.run("fetch")
    assert server.asked[0].headers["User-Agent"].startswith("Feedarchive/")
    assert server.asked[0].headers["User-Agent"].endswith(" (+https://example.org/me)")
    assert server.asked[0].headers["X-Key"] == "k"


def test_the_module_and_the_console_script_are_the_same(desk: Desk) -> None:
    script = (str(Path(sys.executable).with_name("feedarchive")),)
    calls = [("--help",), ("fetch", "--help")]
    as_module, as_script = at_once(desk, calls), at_once(desk, calls, program=script)
    assert as_script == as_module
    for ran in as_script:
        assert (ran.status, ran.stderr) == (0, "")
        assert "feedarchive" in ran.stdout
    assert "fetch" in as_script[0].stdout
    assert "--feeds FILE" in as_script[1].stdout


def test_an_archive_in_a_bucket(desk: Desk, server: FeedServer, bucket: str) -> None:
    import boto3

    desk.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    location = f"s3://{bucket}/some/prefix"
    arguments = ("fetch", "--archive", location, "--feeds", "my-archive/feeds.toml", "--all", "--json")
    first, second = desk.run(*arguments), desk.run(*arguments)
    assert (first.status, first.report["articles"]["new"]) == (0, 2)
    assert (second.status, second.report["unchanged"]) == (0, 1)
    listed = boto3.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
    keys = [found["Key"] for found in listed]
    assert all(key.startswith("some/prefix/") for key in keys)
    articles = [key for key in keys if key.endswith(".md")]
    assert len(articles) == 2
    assert "some/prefix/archive.json" in keys
    forgotten = desk.run("forget", "--archive", location, articles[0].removeprefix("some/prefix/"))
    assert (forgotten.status, forgotten.stdout) == (0, f"removed {articles[0].removeprefix('some/prefix/')}\n")
    missing = desk.run("fetch", "--archive", "s3://no-such-bucket-anywhere", "--feeds", "my-archive/feeds.toml")
    assert missing.status == 1
    assert "there is no such bucket: create it first" in missing.stderr


@pytest.mark.parametrize("closed", ["2>&-", ">&-", "<&- >&- 2>&-"])
def test_a_run_whose_output_is_closed_is_a_run(desk: Desk, server: FeedServer, closed: str) -> None:
    """No file of the archive and no connection takes the place of what is closed, either."""
    desk.write_feeds(f'url = "{server.serve("/good", rss(*ITEMS))}"')
    ran = desk.run("-c", f'exec "$0" -m feedarchive fetch {closed}', sys.executable, program=("sh",))
    assert ran.status == 0
    assert len(desk.articles()) == 2


@pytest.mark.parametrize("arguments", ["fetch --json", "status", "status --json", "digest --day 1999-01-01", "--help"])
def test_a_reader_that_has_left_stops_no_work_and_sees_no_traceback(
    desk: Desk, server: FeedServer, arguments: str
) -> None:
    desk.write_feeds(f'url = "{server.serve("/good", rss(*ITEMS))}"')
    if not arguments.startswith(("fetch", "-")):
        desk.run("fetch")
    gone = f'{{ "$0" -m feedarchive {arguments}; echo $? >status; }} | exec 0<&-'
    ran = desk.run("-c", gone, sys.executable, program=("sh",))
    assert (ran.stdout, (desk.folder / "status").read_text()) == ("", "141\n")
    assert [line for line in ran.stderr.splitlines() if " INFO " not in line] == []
    assert len(desk.articles()) == (0 if arguments == "--help" else 2)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_output_that_cannot_be_written_is_told_when_the_work_is_done(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.serve("/good", rss(*ITEMS))}"')
    ran = desk.run("-c", 'exec "$0" -m feedarchive fetch --json >/dev/full', sys.executable, program=("sh",))
    assert (ran.status, ran.stderr.splitlines()[-1]) == (
        1, "feedarchive: cannot write to stdout: No space left on device; what was to be done is done",
    )  # fmt: skip
    assert len(desk.articles()) == 2


# Root may raise limits that others may not: without that right it is like them.
WITHOUT_RIGHTS = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(24, 24); "
    "os.execv(sys.executable, [sys.executable, '-m', 'feedarchive', 'fetch'])"
)


@pytest.mark.skipif(sys.platform != "linux", reason="limits and rights of Linux")
def test_a_limit_on_memory_that_nobody_may_raise_is_none_on_feeds(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.serve("/good", rss(*ITEMS))}"')
    ran = desk.run("-c", f'ulimit -v 8000000; exec "$0" -c "{WITHOUT_RIGHTS}"', sys.executable, program=("sh",))
    assert ran.status == 0, ran.stderr
    assert len(desk.articles()) == 2

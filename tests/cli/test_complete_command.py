"""Full texts at the command line: what ``fetch``, ``complete`` and ``status`` store, print and report."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.cli import complete, complete_articles, fetch
from feedarchive.cli.main import main
from feedarchive.completion.job_counts import JobCounts
from feedarchive.full_text import extractor_library
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.completing import article_page
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer
from tests.harness.polite import MovingWait


class InterruptibleWait(MovingWait):
    def interrupt(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _waits_take_no_time(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)  # with a time before the release, commands refuse to run
    for module in (fetch, complete, complete_articles):
        monkeypatch.setattr(module, "now", clock)
    monkeypatch.setattr(complete_articles, "Waiting", lambda: InterruptibleWait(clock))


@pytest.fixture
def archive(tmp_path: Path, server: FeedServer) -> Path:
    """An empty folder. The server has three feeds with one article each. The page of the third article is a PDF."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for number, name in enumerate(("one", "two", "three")):
        server.serve(f"/{name}.xml", rss(Item(name, server.url(f"/{name}"), name, "A sentence."), title=name))
        server.serve(f"/{name}", article_page(number), "text/html")
    server.serve("/three", b"%PDF-1.7", "application/pdf")
    return folder


def write_feeds(folder: Path, server: FeedServer, defaults: str) -> None:
    feeds = "".join(
        f'[[feeds]]\nid = "{name}"\nurl = "{server.url(f"/{name}.xml")}"\n' for name in ("one", "two", "three")
    )
    (folder / "feeds.toml").write_text(f"[fetch]\nallow_private_addresses = true\n[defaults]\n{defaults}\n{feeds}")


def full_texts(folder: Path) -> list[str]:
    """The titles in the file names of the stored full texts."""
    keys = FolderStore(folder).list("archive/")
    return sorted(Path(key).name.partition("-")[0] for key in keys if companion_kind(key) is CompanionKind.FULL_TEXT)


def test_fetch_reports_full_texts(archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]) -> None:
    write_feeds(archive, server, "full_text = true")
    assert main(["fetch", "--archive", str(archive), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["articles"]["new"] == 3
    assert report["completed"]["page"] == {"stored": 2, "unchanged": 0, "already-stored": 0, "not-wanted": 0}
    (problem,) = report["completed"]["problems"]
    assert (problem["feed"], problem["reason"], problem["given_up"]) == ("three", "not-html", True)
    assert full_texts(archive) == ["one", "two"]


def test_fetch_without_the_option_reports_nothing_of_them(
    archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_feeds(archive, server, "")
    assert main(["fetch", "--archive", str(archive), "--json"]) == 0
    assert "completed" not in json.loads(capsys.readouterr().out)
    assert full_texts(archive) == []


def test_fetch_of_some_feeds_fetches_only_their_pages(archive: Path, server: FeedServer) -> None:
    write_feeds(archive, server, "full_text = true")
    main(["fetch", "--archive", str(archive), "--only", "one", "-q"])
    assert full_texts(archive) == ["one"]


def test_complete_gets_what_was_archived_before(
    archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    write_feeds(archive, server, "")
    main(["fetch", "--archive", str(archive), "-q"])
    assert main(["complete", "--archive", str(archive)]) == 1
    assert "no feed asks for full texts or pictures: set full_text = true" in capsys.readouterr().err
    write_feeds(archive, server, "full_text = true")
    assert main(["complete", "--archive", str(archive), "--feed", "one", "-q"]) == 0
    assert full_texts(archive) == ["one"]
    assert main(["complete", "--archive", str(archive), "--since", "2027-01-11", "-q"]) == 0
    assert full_texts(archive) == ["one"]
    assert main(["complete", "--archive", str(archive), "--limit", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["page"]["stored"] == 1
    assert full_texts(archive) == ["one", "two"]
    requests = len(server.requests)
    with caplog.at_level(logging.INFO, "feedarchive"):
        assert main(["complete", "--archive", str(archive)]) == 0
    assert caplog.messages == ["nothing to fetch now"]
    assert len(server.requests) == requests  # pages that are stored or given up are not requested again


@pytest.mark.parametrize("option", [["--limit", "0"], ["--limit", "x"], ["--since", "yesterday"]])
def test_invalid_options_of_complete(archive: Path, option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["complete", "--archive", str(archive), *option])
    assert ended.value.code == 2
    assert "expected a" in capsys.readouterr().err


def test_status_counts_what_waits_and_what_was_given_up(
    archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_feeds(archive, server, "full_text = true")
    del server.responses["/two"]
    main(["fetch", "--archive", str(archive), "-q"])
    main(["status", "--archive", str(archive), "--json"])
    counts = json.loads(capsys.readouterr().out)["full_texts_and_media"]
    assert counts == [
        {"id": "two", "waiting": 1, "given_up": {}},
        {"id": "three", "waiting": 0, "given_up": {"not-html": 1}},
    ]
    main(["status", "--archive", str(archive)])
    shown = capsys.readouterr().out
    assert "three: 1 given up: the link leads to a file that is not a web page" in shown
    assert "two: 1 page or list of pictures still to fetch\n" in shown
    assert JobCounts("two", waiting=1200).line == "1,200 pages or lists of pictures still to fetch"


def test_without_the_library_the_pages_wait_and_the_report_says_what_to_install(
    archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_feeds(archive, server, "full_text = true")
    monkeypatch.setattr(extractor_library, "extractor_version", lambda: "")
    monkeypatch.setattr("feedarchive.completion.handlers.extractor_version", lambda: "")
    main(["fetch", "--archive", str(archive), "--json"])
    assert json.loads(capsys.readouterr().out)["completed"]["missing"] == [extractor_library.MISSING]
    assert main(["complete", "--archive", str(archive)]) == 1
    write_feeds(archive, server, "images = true")
    main(["fetch", "--archive", str(archive), "--json"])
    assert json.loads(capsys.readouterr().out)["completed"]["missing"] == []
    monkeypatch.undo()
    assert [request.path for request in server.requests] == ["/one.xml", "/two.xml", "/three.xml"]


def test_a_token_in_a_link_is_not_logged(archive: Path, server: FeedServer, caplog: pytest.LogCaptureFixture) -> None:
    link = server.url("/private?token=swordfish")
    server.serve("/one.xml", rss(Item("one", link, "one", "A sentence.")))
    server.serve("/private?token=swordfish", b"%PDF-1.7", "application/pdf")
    write_feeds(archive, server, "full_text = true")
    with caplog.at_level(logging.INFO, "feedarchive"):
        main(["fetch", "--archive", str(archive)])
    assert f"one: 1 failed (1 not-html); {server.url('/private?token=***')}: a document" in caplog.text
    assert "swordfish" not in caplog.text

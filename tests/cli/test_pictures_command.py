"""Pictures and enclosures at the command line: their number before they are fetched, and their size afterwards."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedarchive.cli import complete, complete_articles, fetch, forget, status
from feedarchive.cli.main import main
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer
from tests.harness.media import lists, objects
from tests.harness.polite import MovingWait
from tests.media.pictures import MP3, png


class InterruptibleWait(MovingWait):
    def interrupt(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _waits_take_no_time(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    clock.now = datetime(2027, 1, 10, 12, tzinfo=UTC)  # with a time before the release, commands refuse to run
    for module in (fetch, complete, complete_articles, status, forget):
        monkeypatch.setattr(module, "now", clock)
    monkeypatch.setattr(complete_articles, "Waiting", lambda: InterruptibleWait(clock))


@pytest.fixture
def archive(tmp_path: Path, server: FeedServer) -> Path:
    """Serve a feed with four entries. Two have pictures and share one, one has no picture, and one is an episode."""
    a, b = server.serve("/a.png", png(3, 2), "image/png"), server.serve("/b.png", png(9, 9), "image/png")
    episode = f'<enclosure url="{server.serve("/e.mp3", MP3)}" type="audio/mpeg" length="9"/></item>'.encode()
    items = [
        Item("one", server.url("/1"), "1", f'<p>One.</p><img src="{a}"><img src="{b}">'),
        Item("two", server.url("/2"), "2", f'<p>Two.</p><img src="{a}">'),
        Item("three", server.url("/3"), "3", "No picture."),
        Item("four", server.url("/4"), "4", "An episode."),
    ]
    document = rss(*items, title="News")
    server.serve("/feed.xml", document[: document.rindex(b"</item>")] + episode + b"</channel></rss>")
    return tmp_path / "archive"


def write_feeds(folder: Path, server: FeedServer, options: str) -> None:
    folder.mkdir(exist_ok=True)
    feed = f'[[feeds]]\nid = "news"\nurl = "{server.url("/feed.xml")}"\n{options}\n'
    (folder / "feeds.toml").write_text(f"[fetch]\nallow_private_addresses = true\n{feed}", encoding="utf-8")


def run(folder: Path, *arguments: str) -> int:
    return main([*arguments, "--archive", str(folder)])


def pictures_requested(server: FeedServer) -> list[str]:
    return sorted(r.path for r in server.requests if r.path not in ("/feed.xml", "/robots.txt"))


def test_fetch_stores_pictures_and_status_says_what_they_take(
    archive: Path, server: FeedServer, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    write_feeds(archive, server, "images = true\nenclosures = true")
    assert run(archive, "init") == 0
    assert run(archive, "status") == 0
    assert (
        "pictures and enclosures: none stored yet; to count them, run feedarchive complete" in capsys.readouterr().out
    )
    assert run(archive, "fetch", "--json") == 0
    report = json.loads(capsys.readouterr().out)["completed"]
    store = FolderStore(archive)
    assert pictures_requested(server) == ["/a.png", "/b.png", "/e.mp3"]
    assert len(lists(store)) == 3
    size = sum(map(len, objects(store).values()))
    assert (report["media"]["stored"], report["media_files"], report["media_bytes"]) == (3, 3, size)
    clock.now += timedelta(days=1)
    assert run(archive, "digest") == 0
    capsys.readouterr()
    run(archive, "status")
    a_month = sum(sum(found.objects.values()) for found in [*lists(store).values()])
    assert f"pictures and enclosures: 3 files, {size} bytes; about" in (said := capsys.readouterr().out)
    assert "a month if every day is like 2027-01-10" in said
    run(archive, "status", "--json")
    media = json.loads(capsys.readouterr().out)["media"]
    assert media["files"] == 3
    assert size * 30 <= media["bytes_a_month"] <= a_month * 30


def test_before_pictures_are_fetched_a_dry_run_says_how_many_there_are(
    archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_feeds(archive, server, "")
    run(archive, "fetch")
    write_feeds(archive, server, "images = true\nenclosures = true")
    server.requests.clear()
    capsys.readouterr()
    assert run(archive, "complete", "--dry-run") == 0
    line = "not fetched yet: 3 pictures, 1 enclosure of 3 articles; about 450.0 kB at 150.0 kB a picture\n"
    assert capsys.readouterr().out == line
    assert run(archive, "complete", "--dry-run", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found == {"articles": 3, "pages": 0, "pictures": 3, "enclosures": 1, "picture_bytes": 450_000}
    assert server.requests == []
    assert objects(FolderStore(archive)) == {}


def test_complete_fetches_the_pictures_of_old_articles_once(
    archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_feeds(archive, server, "")
    run(archive, "fetch")
    write_feeds(archive, server, "images = true")
    assert run(archive, "complete") == 0
    assert pictures_requested(server) == ["/a.png", "/b.png"]
    assert len(lists(FolderStore(archive))) == 2
    server.requests.clear()
    capsys.readouterr()
    assert run(archive, "complete", "--json") == 0
    assert json.loads(capsys.readouterr().out)["media"]["already-stored"] == 0  # no picture was checked again
    assert server.requests == []


def test_forget_removes_the_pictures_that_no_other_article_uses(
    archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_feeds(archive, server, "images = true")
    run(archive, "fetch")
    store = FolderStore(archive)
    before = objects(store)
    capsys.readouterr()
    assert run(archive, "forget", server.url("/1")) == 0
    (removed,) = before.keys() - objects(store).keys()
    assert before[removed] == png(9, 9)
    assert f"removed {removed}\n" in capsys.readouterr().out
    assert run(archive, "digest") == 0
    assert main(["verify", str(archive)]) == 0


def test_forget_keeps_pictures_and_says_so_while_another_list_is_damaged(
    archive: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    write_feeds(archive, server, "images = true")
    run(archive, "fetch")
    before = objects(FolderStore(archive))
    (damaged,) = archive.glob("archive/*/*/*/*/two-*.media.json")
    damaged.write_bytes(b"{}\n")
    assert run(archive, "forget", server.url("/1")) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(
        f"feedarchive: the list of pictures {damaged} is damaged, so no stored pictures were removed: "
    )
    assert objects(FolderStore(archive)) == before

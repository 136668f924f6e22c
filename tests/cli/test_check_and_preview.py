"""``feedarchive check``, ``preview``, ``fetch --only`` and ``completion``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command import MODULE, Desk

from feedarchive.article.yaml_format import parse_front_matter
from loopback import Answer, FeedServer
from press import Item, rss

ITEMS = [Item(f"Number {n}", f"https://example.org/{n}", f"g{n}", f"Words of {n}.") for n in range(4)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    assert desk.run("init", "--allow-private-addresses", "--time-zone", "UTC").status == 0
    return desk


def test_a_good_file(desk: Desk) -> None:
    desk.write_feeds('url = "https://a.example/feed"', 'url = "http://www.a.example/feed/"')
    ran = desk.run("check")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "warning: my-archive/feeds.toml: line 7: http://www.a.example/feed/ may be the same feed as "
        "https://a.example/feed",
        "my-archive/feeds.toml: 2 feeds, no mistakes",
    ]


def test_every_mistake_with_its_line(desk: Desk) -> None:
    desk.write_feeds('url = "nowhere"', 'url = "https://a.example/"\nintervall = "1 h"')
    ran = desk.run("check")
    assert (ran.status, ran.stdout) == (2, "")
    first, second = ran.stderr.splitlines()
    assert first.startswith("feedarchive: my-archive/feeds.toml: line 4: feeds, number 1: url: expected")
    assert second.startswith(
        "feedarchive: my-archive/feeds.toml: line 7: feeds, number 2 (https://a.example/): 'intervall'"
    )


def test_another_file_needs_no_archive(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "a.toml").write_text('[[feeds]]\nurl = "https://a.example/"\n')
    (tmp_path / "a.opml").write_text('<opml><body><outline xmlUrl="https://a.example/"/></body></opml>')
    (tmp_path / "b.opml").write_text('<opml><body><outline xmlUrl="x"/></body></opml>')
    (tmp_path / "latin.toml").write_bytes(b'[[feeds]]\nurl = "https://a.example/"\ntitle = "Caf\xe9"')
    assert desk.run("check", "a.toml").stdout == "a.toml: 1 feed, no mistakes\n"
    assert desk.run("check", "a.opml").stdout == "a.opml: OPML with 1 feed; feedarchive import adds them\n"
    for name, words in [
        ("b.opml", "line 1: an outline without text: 'x' is not a URL"),
        ("latin.toml", "line 3: expected UTF-8 text"),
        ("none", "No such file"),
        (".", "Is a dir"),
    ]:
        ran = desk.run("check", name)
        assert (ran.status, ran.stderr.count("\n")) == (2, 1)
        assert ran.stderr.startswith(f"feedarchive: {name}: {words}")
    assert desk.run("check").status == 1
    assert not desk.archive.exists()


def test_a_preview_keeps_nothing(desk: Desk, server: FeedServer) -> None:
    before = sorted(desk.archive.rglob("*"))
    url = server.serve("/feed", rss(*ITEMS, Item("Number 1", "https://example.org/1", "g1", "Other words.")))
    ran = desk.run("preview", url)
    assert (ran.status, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[:3] == ["The Example", f"  {url}", "  5 entries, newest 2025-12-24, teasers only (median 3 words)"]
    assert "4 articles would be archived, unless the archive has them:" in lines
    assert "   1  2025-12-24  Number 0" in lines
    assert "      'Number 1': the same document has this article in other words before it" in lines
    assert sorted(desk.archive.rglob("*")) == before
    assert len(server.asked) == 1


def test_an_entry_is_shown_as_its_file_would_be(desk: Desk, server: FeedServer) -> None:
    desk.run("add", server.serve("/feed", rss(*ITEMS)), "--tag", "sea")
    server.serve("/", b'<!doctype html><link rel=alternate type="application/rss+xml" href=/feed>', "text/html")
    for name in ("the-example", "The Example", server.url("/feed"), server.url("/")):
        ran = desk.run("preview", name, "--entry", "2")
        key, _, file = ran.stdout.partition("\n")
        fields = parse_front_matter(file)
        assert (ran.status, fields["title"], fields["tags"]) == (0, "Number 1", ["sea"])
        assert file.endswith("Words of 1.\n")
    desk.run("fetch")
    assert key.partition("/example.org/")[2] in {path.rpartition("/")[2] for path in desk.articles()}
    for number in ("0", "5"):
        ran = desk.run("preview", "the-example", "--entry", number)
        assert (ran.status, ran.stderr) == (2, f"feedarchive: --entry {number}: expected 1 to 4\n")


def test_rules_and_damage_are_shown(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'id = "x"\nurl = "{server.serve("/feed", rss(*ITEMS)[:-30])}"\ndrop = {{ title = "Number 1" }}')
    shown = desk.run("preview", "x").stdout
    assert "'Number 1': your rules keep it out (drop: title = 'Number 1')" in shown
    assert "damaged: ends before its root element closes" in shown


@pytest.mark.parametrize("path", ["/missing", "/page"])
def test_a_preview_of_no_feed_is_one_line(desk: Desk, server: FeedServer, path: str) -> None:
    server.serve("/page", b"<!doctype html><p>Hello", "text/html")
    desk.write_feeds(f'id = "x"\nurl = "{server.url(path)}"')
    for name in ("x", server.url(path)):
        ran = desk.run("preview", name)
        assert (ran.status, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert desk.run("preview", "nonsense").status == 2


def test_only_some_feeds_are_polled(desk: Desk, server: FeedServer) -> None:
    urls = [
        server.serve(f"/{name}", rss(Item(name, f"https://example.org/{name}"), title=name.upper())) for name in "abc"
    ]
    desk.write_feeds(*(f'id = "{name}"\nurl = "{url}"' for name, url in zip("abc", urls, strict=True)))
    assert desk.run("fetch", "--json").report["polled"] == 3
    report = desk.run("fetch", "--only", "a", "B", "--json").report
    assert (report["polled"], report["unchanged"]) == (2, 2)
    assert [asked.path for asked in server.asked[3:]] in (["/a", "/b"], ["/b", "/a"])
    # The state of the others is not lost: they are not due, and their documents are known.
    assert desk.run("fetch", "--json").report["polled"] == 0
    assert desk.run("fetch", "--all", "--json").report["unchanged"] == 3
    ran = desk.run("fetch", "--only", "a", "nobody")
    assert (ran.status, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)


def test_only_never_asks_a_server_that_wants_to_be_left_alone(desk: Desk, server: FeedServer) -> None:
    server.answers["/a"] = Answer(b"", 429, {"Retry-After": "3600"})
    desk.write_feeds(f'id = "a"\nurl = "{server.url("/a")}"')
    desk.run("fetch")
    assert desk.run("fetch", "--only", "a", "--json").report["deferred"] == 1
    assert len(server.asked) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(desk: Desk, shell: str) -> None:
    ran = desk.run("completion", shell)
    assert (ran.status, ran.stderr) == (0, "")
    assert "feedarchive" in ran.stdout


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("feedarchive fe", {"fetch", "feeds"}),
        ("feedarchive add --t", {"--tag", "--title"}),
        ("feedarchive remove al", {"aljazeera"}),
        ("feedarchive fetch --only b", {"bbc"}),
        ("feedarchive completion ", {"bash", "zsh", "fish"}),
    ],
)
def test_what_a_shell_is_offered(desk: Desk, line: str, expected: set[str]) -> None:
    desk.write_feeds('id = "aljazeera"\nurl = "https://a.example/"', 'id = "bbc"\nurl = "https://b.example/"')
    found = desk.folder / "found"
    environment = {
        **os.environ, "_ARGCOMPLETE": "1", "_ARGCOMPLETE_STDOUT_FILENAME": str(found), "COMP_LINE": line,
        "COMP_POINT": str(len(line)), "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
    }  # fmt: skip
    subprocess.run(MODULE, cwd=desk.folder, env=environment, check=False, capture_output=True)
    offered = {word.strip() for word in found.read_text().splitlines() if not word.startswith("--help")}
    assert expected <= offered
    assert {word for word in offered if not word.startswith("-")} <= expected


def test_bash_completes_with_the_script(desk: Desk) -> None:
    script = desk.run("completion", "bash").stdout
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    assert sys.executable

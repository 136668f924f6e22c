"""``feedarchive check``, ``preview``, ``fetch --only`` and ``completion``."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from feedarchive.article.yaml_format import parse_front_matter
from tests.cli.command import Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response

ITEMS = [Item(f"Number {n}", f"https://example.org/{n}", f"g{n}", f"Words of {n}.") for n in range(4)]


def test_a_good_file(workspace: Workspace) -> None:
    workspace.write_feeds('url = "https://a.example/feed"', 'url = "http://www.a.example/feed/"')
    result = workspace.run("check")
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "warning: my-archive/feeds.toml: line 7: http://www.a.example/feed/ may be the same feed as "
        "https://a.example/feed",
        "my-archive/feeds.toml: 2 feeds, no mistakes",
    ]


def test_every_mistake_with_its_line(workspace: Workspace) -> None:
    workspace.write_feeds('url = "nowhere"', 'url = "https://a.example/"\nintervall = "1 h"')
    result = workspace.run("check")
    assert (result.status, result.stdout) == (2, "")
    first, second = result.stderr.splitlines()
    assert first.startswith("feedarchive: my-archive/feeds.toml: line 4: feed number 1: url: expected")
    assert second.startswith(
        "feedarchive: my-archive/feeds.toml: line 7: feed number 2 (https://a.example/): unknown key 'intervall'"
    )


def test_another_file_needs_no_archive(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    (tmp_path / "a.toml").write_text('[[feeds]]\nurl = "https://a.example/"\n')
    (tmp_path / "a.opml").write_text('<opml><body><outline xmlUrl="https://a.example/"/></body></opml>')
    (tmp_path / "b.opml").write_text('<opml><body><outline xmlUrl="x"/></body></opml>')
    (tmp_path / "latin.toml").write_bytes(b'[[feeds]]\nurl = "https://a.example/"\ntitle = "Caf\xe9"')
    assert workspace.run("check", "a.toml").stdout == "a.toml: 1 feed, no mistakes\n"
    assert workspace.run("check", "a.opml").stdout == "a.opml: OPML with 1 feed; run feedarchive import to add them\n"
    for name, words in [
        ("b.opml", "line 1: an outline without text: 'x' is not a URL"),
        ("latin.toml", "line 3: expected UTF-8 text"),
        ("none", "No such file"),
        (".", "Is a dir"),
    ]:
        result = workspace.run("check", name)
        assert (result.status, result.stderr.count("\n")) == (2, 1)
        assert result.stderr.startswith(f"feedarchive: {name}: {words}")
    assert workspace.run("check").status == 1
    assert not workspace.archive.exists()


def test_a_preview_keeps_nothing(workspace: Workspace, server: FeedServer) -> None:
    before = sorted(workspace.archive.rglob("*"))
    url = server.serve("/feed", rss(*ITEMS, Item("Number 1", "https://example.org/1", "g1", "Other words.")))
    result = workspace.run("preview", url)
    assert (result.status, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[:3] == ["The Example", f"  {url}", "  5 entries, newest 2025-12-24, teasers only (median 3 words)"]
    assert "4 articles would be archived, unless the archive has them already:" in lines
    assert "   1  2025-12-24  Number 0" in lines
    assert "      'Number 1': the document has an earlier entry of the same article, with another wording" in lines
    assert sorted(workspace.archive.rglob("*")) == before
    assert len(server.requests) == 1


def test_an_entry_is_shown_as_its_file_would_be(workspace: Workspace, server: FeedServer) -> None:
    workspace.run("add", server.serve("/feed", rss(*ITEMS)), "--tag", "sea")
    server.serve("/", b'<!doctype html><link rel=alternate type="application/rss+xml" href=/feed>', "text/html")
    for name in ("the-example", "The Example", server.url("/feed"), server.url("/")):
        result = workspace.run("preview", name, "--entry", "2")
        key, _, file = result.stdout.partition("\n")
        fields = parse_front_matter(file)
        assert (result.status, fields["title"], fields["tags"]) == (0, "Number 1", ["sea"])
        assert file.endswith("Words of 1.\n")
    workspace.run("fetch")
    assert key.partition("/example.org/")[2] in {path.rpartition("/")[2] for path in workspace.articles()}
    for number in ("0", "5"):
        result = workspace.run("preview", "the-example", "--entry", number)
        assert (result.status, result.stderr) == (2, f"feedarchive: --entry {number}: expected 1 to 4\n")
    result = workspace.run("preview", server.serve("/new", rss()), "--entry", "1")
    assert (result.status, result.stderr) == (
        1,
        f"feedarchive: {server.url('/new')}: the feed document has no entries\n",
    )


def test_rules_and_damage_are_shown(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(
        f'id = "x"\nurl = "{server.serve("/feed", rss(*ITEMS)[:-30])}"\ndrop = {{ title = "Number 1" }}'
    )
    shown = workspace.run("preview", "x").stdout
    assert "'Number 1': your rules exclude it (drop: title = 'Number 1')" in shown
    assert "damaged: ends before its root element closes" in shown


@pytest.mark.parametrize("path", ["/missing", "/page"])
def test_a_preview_of_no_feed_is_one_line(workspace: Workspace, server: FeedServer, path: str) -> None:
    server.serve("/page", b"<!doctype html><p>Hello", "text/html")
    workspace.write_feeds(f'id = "x"\nurl = "{server.url(path)}"')
    for name in ("x", server.url(path)):
        result = workspace.run("preview", name)
        assert (result.status, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert workspace.run("preview", "nonsense").status == 2


def test_only_some_feeds_are_polled(workspace: Workspace, server: FeedServer) -> None:
    urls = [
        server.serve(f"/{name}", rss(Item(name, f"https://example.org/{name}"), title=name.upper())) for name in "abc"
    ]
    workspace.write_feeds(*(f'id = "{name}"\nurl = "{url}"' for name, url in zip("abc", urls, strict=True)))
    assert workspace.run("fetch", "--json").report["polled"] == 3
    report = workspace.run("fetch", "--only", "a", "B", "--json").report
    assert (report["polled"], report["unchanged"]) == (2, 2)
    assert [request.path for request in server.requests[3:]] in (["/a", "/b"], ["/b", "/a"])
    # The state of the third feed is not lost: the feed is not due, and its document is known.
    assert workspace.run("fetch", "--json").report["polled"] == 0
    assert workspace.run("fetch", "--all", "--json").report["unchanged"] == 3
    result = workspace.run("fetch", "--only", "a", "nobody")
    assert (result.status, result.stdout, result.stderr.count("\n")) == (2, "", 1)


def test_only_never_asks_a_server_that_wants_to_be_left_alone(workspace: Workspace, server: FeedServer) -> None:
    server.responses["/a"] = Response(b"", 429, {"Retry-After": "3600"})
    workspace.write_feeds(f'id = "a"\nurl = "{server.url("/a")}"')
    workspace.run("fetch")
    assert workspace.run("fetch", "--only", "a", "--json").report["deferred"] == 1
    assert len(server.requests) == 1


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(workspace: Workspace, shell: str) -> None:
    result = workspace.run("completion", shell)
    assert (result.status, result.stderr) == (0, "")
    assert "feedarchive" in result.stdout


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
def test_what_a_shell_is_offered(workspace: Workspace, line: str, expected: set[str]) -> None:
    workspace.write_feeds('id = "aljazeera"\nurl = "https://a.example/"', 'id = "bbc"\nurl = "https://b.example/"')
    found = workspace.folder / "found"
    environment = {
        "_ARGCOMPLETE": "1", "_ARGCOMPLETE_STDOUT_FILENAME": str(found), "COMP_LINE": line,
        "COMP_POINT": str(len(line)), "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
    }  # fmt: skip
    workspace.run(env=environment)
    offered = {word.strip() for word in found.read_text().splitlines() if not word.startswith("--help")}
    assert expected <= offered
    assert {word for word in offered if not word.startswith("-")} <= expected


def test_the_script_for_bash_has_no_syntax_error(workspace: Workspace) -> None:
    script = workspace.run("completion", "bash").stdout
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0

"""``feedarchive add``, as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedarchive.feeds.feeds_file import parse_feeds_file
from tests.cli.command import MODULE, CommandResult, Workspace
from tests.cli.terminal import terminal
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response

POSTS = rss(*(Item(f"Post {n}", f"https://example.org/{n}", f"g{n}", "word " * 200) for n in range(6)), title="Posts")
NOTES = rss(*(Item(f"Note {n}", f"https://example.org/n/{n}", date=None) for n in range(3)), title="Notes & more")


def feeds_file(workspace: Workspace) -> str:
    return (workspace.archive / "feeds.toml").read_text(encoding="utf-8")


def page(server: FeedServer, path: str, *feeds: str) -> str:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    return server.serve(path, f"<!doctype html><head>{links}</head>".encode(), "text/html")


def refused(result: CommandResult, status: int) -> str:
    assert (result.status, result.stdout, result.stderr.count("\n")) == (status, "", 1)
    return result.stderr.removeprefix("feedarchive: ").strip()


def test_a_feed_is_described_and_added(workspace: Workspace, server: FeedServer) -> None:
    before = feeds_file(workspace)
    url = server.serve("/feed", POSTS)
    result = workspace.run("add", url, "--tag", "sea", "--tag", "news")
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "Posts", f"  {url}", "  6 entries, newest 2025-12-24, full text (median 200 words)",
        "added to my-archive/feeds.toml as posts; run feedarchive fetch to archive it",
    ]  # fmt: skip
    assert feeds_file(workspace) == before + (
        f'\n[[feeds]]\nurl = "{url}"\nid = "posts"\ntitle = "Posts"\nhome_page = "https://example.org/"\n'
        'tags = ["sea", "news"]\n'
    )
    assert workspace.run("fetch", "--json").report["articles"]["new"] == 6


def test_a_site_without_scheme_and_options_for_title_and_id(workspace: Workspace, server: FeedServer) -> None:
    server.serve("/rss", NOTES)
    page(server, "/", "/rss")
    result = workspace.run("add", f"{server.host}:{server.port}", "--title", "Mine", "--id", "my-notes")
    assert result.status == 0
    assert "  warning: its entries have no dates" in result.stdout
    assert "  warning: its entries have no GUIDs" in result.stdout
    assert result.stdout.endswith("texts of their web pages too, add full_text = true to the feed in feeds.toml\n")
    (feed,) = parse_feeds_file(feeds_file(workspace), "").feeds
    assert (feed.url, feed.id, feed.title) == (server.url("/rss"), "my-notes", "Mine")


def test_full_text_is_not_named_if_the_defaults_have_it(workspace: Workspace, server: FeedServer) -> None:
    (workspace.archive / "feeds.toml").write_text(feeds_file(workspace) + '\n[defaults]\nfull_text = "short"\n')
    result = workspace.run("add", server.serve("/rss", NOTES))
    assert "teasers only" in result.stdout
    assert "full_text" not in result.stdout


def test_several_feeds_are_listed_without_a_terminal(workspace: Workspace, server: FeedServer) -> None:
    server.serve("/posts", POSTS)
    server.serve("/notes", NOTES)
    url, before = page(server, "/", "/posts", "/notes"), feeds_file(workspace)
    result = workspace.run("add", url)
    assert result.status == 2
    assert (
        result.stderr
        == f"feedarchive: {url} has several feeds: run feedarchive add with the URL of a feed, or with --yes to add "
        "the first\n"
    )
    assert [line for line in result.stdout.splitlines() if line.strip().startswith("http")] == [
        f"{url} has 2 feeds:", f"       {server.url('/posts')}", f"       {server.url('/notes')}",
    ]  # fmt: skip
    assert feeds_file(workspace) == before
    assert "as posts" in workspace.run("add", url, "--yes").stdout


def test_a_choice_on_a_terminal(workspace: Workspace, server: FeedServer) -> None:
    server.serve("/posts", POSTS)
    server.serve("/notes", NOTES)
    url = page(server, "/", "/posts", "/notes", *(f"/f{n}" for n in range(20)))
    for number in range(20):
        server.serve(f"/f{number}", rss(Item("x", f"https://example.org/f{number}"), title=f"Feed {number}"))
    for keys, status, ids in ((b"n\n", 1, []), (b"9999\n2 15\n", 0, ["notes-more", "feed-12"]), (b"\n", 0, ["posts"])):
        before = {feed.id for feed in parse_feeds_file(feeds_file(workspace), "").feeds}
        with terminal([*MODULE, "add", url], workspace.folder) as at:
            at.wait_for(b"n for none: ")
            at.press(keys)
            assert at.status() == status, at.screen
        added = [feed.id for feed in parse_feeds_file(feeds_file(workspace), "").feeds if feed.id not in before]
        assert added == ids
        assert b"Traceback" not in at.screen


def test_a_subscribed_feed_is_not_added_under_another_url(workspace: Workspace, server: FeedServer) -> None:
    url = server.serve("/feed", POSTS)
    workspace.run("add", url)
    before, requests = feeds_file(workspace), len(server.requests)
    for spelling in (url, url + "/", url.removeprefix("http://"), url.replace("http", "feed"), url + "?utm_source=x#a"):
        message = refused(workspace.run("add", spelling), 1)
        assert message.startswith(f'already subscribed to {spelling} as posts ("Posts")')
    assert len(server.requests) == requests
    server.responses["/moved"] = Response(status=302, headers={"Location": "/feed"})
    page(server, "/", "/moved")
    assert " as posts" in refused(workspace.run("add", server.url("/moved")), 1)
    assert " as posts" in refused(workspace.run("add", server.url("/")), 1)
    assert feeds_file(workspace) == before


def test_two_urls_of_one_feed_in_one_call(workspace: Workspace, server: FeedServer) -> None:
    url = server.serve("/feed", POSTS)
    result = workspace.run("add", url, url + "/")
    assert result.status == 1
    assert "already subscribed to " in result.stderr
    assert len(parse_feeds_file(feeds_file(workspace), "").feeds) == 1


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/login", 1, "asks for a login"),
        ("/page", 1, "no feed there"),
        ("/missing", 1, "HTTP 404 Not Found"),
        ("/empty", 1, "the server sent an empty document"),
        ("/there", 1, "redirect loop"),
    ],
)
def test_a_url_without_a_feed_gives_one_line(
    workspace: Workspace, server: FeedServer, path: str, status: int, words: str
) -> None:
    server.serve("/login", b"<!doctype html><input type=password>", "text/html")
    server.serve("/page", b"<!doctype html><p>Hello", "text/html")
    server.serve("/empty", b"")
    server.responses["/there"] = Response(status=302, headers={"Location": "/back"})
    server.responses["/back"] = Response(status=302, headers={"Location": "/there"})
    before = feeds_file(workspace)
    assert words in refused(workspace.run("add", server.url(path)), status)
    assert feeds_file(workspace) == before


@pytest.mark.parametrize(
    "wrong",
    [
        ["nonsense"],
        ["ftp://example.org/"],
        ["a.example", "b.example", "--id", "x"],
        ["a.example", "--id", "not an id"],
        ["a.example", "--archive", "s3://"],
    ],
)
def test_a_usage_error_gives_one_line(workspace: Workspace, wrong: list[str]) -> None:
    refused(workspace.run("add", *wrong), 2)


def test_an_id_of_another_feed_gives_one_line(workspace: Workspace, server: FeedServer) -> None:
    workspace.run("add", server.serve("/a", POSTS))
    result = workspace.run("add", server.serve("/b", NOTES), "--id", "posts")
    assert (result.status, result.stderr) == (
        1,
        "feedarchive: another feed has the id posts: choose another id with --id, or omit --id\n",
    )


def test_a_private_address_is_refused_unless_it_is_allowed(tmp_path: Path, server: FeedServer) -> None:
    message = refused(Workspace(tmp_path).run("add", server.serve("/feed", POSTS)), 1)
    assert "has no public IP address; to allow it, set allow_private_addresses = true" in message
    assert (server.requests, list(tmp_path.iterdir())) == ([], [])


def test_add_creates_the_archive(tmp_path: Path, server: FeedServer) -> None:
    """The user wrote the feeds file before. It allows private addresses, because the server runs on this machine."""
    workspace = Workspace(tmp_path)
    workspace.write_feeds()
    result = workspace.run("add", server.serve("/feed", POSTS), env={"TZ": "Asia/Tokyo"})
    assert result.status == 0
    assert "created an archive in my-archive; its days begin at midnight in Asia/Tokyo" in result.stdout
    assert feeds_file(workspace).startswith("[fetch]\nallow_private_addresses = true\n")
    assert len(parse_feeds_file(feeds_file(workspace), "").feeds) == 1


def test_an_archive_in_a_bucket(tmp_path: Path, server: FeedServer, bucket: str) -> None:
    workspace, location = Workspace(tmp_path), ("--archive", f"s3://{bucket}/mine")
    assert workspace.run("init", "--allow-private-addresses", *location).status == 0
    assert workspace.run("add", server.serve("/feed", POSTS), *location).status == 0
    assert workspace.run("fetch", "--json", *location).report["articles"]["new"] == 6
    assert workspace.run("feeds", "--json", *location).report["feeds"][0]["id"] == "posts"
    assert workspace.run("check", *location).stdout == f"s3://{bucket}/mine/feeds.toml: 1 feed, no mistakes\n"
    assert (
        workspace.run("remove", "Posts", *location).stdout
        == 'removed posts ("Posts"); its 6 articles stay in the archive\n'
    )
    missing = workspace.run("init", "--archive", "s3://no-such-bucket-anywhere")
    assert "the bucket does not exist; create it first" in refused(missing, 1)


def test_a_read_only_archive_changes_nothing(workspace: Workspace, server: FeedServer) -> None:
    """A file has the name of the folder for temporary files, so that nothing can be written, not even by root.

    A read-only file system would have the same effect.
    """
    url, before = server.serve("/feed", POSTS), feeds_file(workspace)
    (workspace.folder / "subs.opml").write_text('<opml><body><outline xmlUrl="https://a.example/"/></body></opml>')
    temporary = workspace.archive / ".tmp"
    for left in temporary.iterdir():
        left.unlink()
    temporary.rmdir()
    temporary.write_text("in the way\n")
    for command in (["add", url], ["import", "subs.opml"]):
        result = workspace.run(*command)
        assert (result.status, result.stderr.count("\n")) == (1, 1)
        assert "is a file, but a folder is needed" in result.stderr
        assert feeds_file(workspace) == before

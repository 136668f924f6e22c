"""``feedarchive feeds`` and ``remove``, as a user runs them."""

from __future__ import annotations

import json

from feedarchive.feeds.feeds_file import parse_feeds_file
from tests.cli.command import Workspace
from tests.cli.test_add_command import NOTES, POSTS, feeds_file, refused
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, feed_server


def test_feeds_are_listed_with_their_tags(workspace: Workspace, server: FeedServer) -> None:
    workspace.run("add", server.serve("/a", POSTS), "--tag", "sea")
    workspace.run("add", server.serve("/b", NOTES))
    result = workspace.run("feeds")
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["id", "title", "tags", "URL"],
        ["posts", "Posts", "sea", server.url("/a")],
        ["notes-more", "Notes", "&", "more", server.url("/b")],
        ["2", "feeds"],
    ]
    status, screen = workspace.run_on_terminal("feeds", columns=80)
    assert (status, screen.splitlines()) == (0, [
        "posts  Posts  [sea]", f"    {server.url('/a')}",
        "notes-more  Notes & more", f"    {server.url('/b')}",
        "2 feeds",
    ])  # fmt: skip
    assert json.loads(workspace.run("feeds", "--json").stdout)["feeds"][0] == {
        "id": "posts", "url": server.url("/a"), "title": "Posts", "home_page": "https://example.org/", "tags": ["sea"],
    }  # fmt: skip


def test_passwords_are_not_listed(workspace: Workspace) -> None:
    workspace.write_feeds('url = "https://ada:swordfish@example.org/feed"')
    for command in (["feeds"], ["feeds", "--json"], ["export"], ["remove", "https://example.org/feed"]):
        result = workspace.run(*command)
        assert result.status == 0
        assert "swordfish" not in result.stdout + result.stderr


def test_a_removed_feed_keeps_its_articles(workspace: Workspace, server: FeedServer) -> None:
    workspace.run("add", server.serve("/a", POSTS))
    workspace.run("add", server.serve("/b", NOTES))
    workspace.run("fetch")
    workspace.run("digest")
    articles = workspace.articles()
    with feed_server("127.0.0.3") as other:
        workspace.run("add", other.serve("/c", rss(Item("Late", "https://example.org/late"), title="Late")))
        workspace.run("fetch")
    result = workspace.run("remove", server.url("/a/"), "LATE", "nobody")
    assert (result.status, result.stdout.splitlines()) == (1, [
        'removed posts ("Posts"); its 6 articles stay in the archive',
        'removed late ("Late"); its 1 article stays in the archive',
    ])  # fmt: skip
    assert result.stderr == (
        "feedarchive: 'nobody' is not the id, URL or title of a subscribed feed: run feedarchive feeds to list them\n"
    )
    assert [feed.id for feed in parse_feeds_file(feeds_file(workspace), "").feeds] == ["notes-more"]
    assert set(articles) < set(workspace.articles())
    # Added again, it is the same feed, and nothing is archived twice.
    assert "as posts" in workspace.run("add", server.url("/a")).stdout
    assert workspace.run("fetch", "--all", "--json").report["articles"]["new"] == 0


def test_an_ambiguous_title_is_rejected(workspace: Workspace, server: FeedServer) -> None:
    workspace.run("add", server.serve("/a", POSTS))
    workspace.run("add", server.serve("/b", rss(Item("x", "https://example.org/x"), title="Posts")))
    workspace.write_feeds(f'url = "{server.url("/a")}"\ntitle = "Same"', f'url = "{server.url("/b")}"\ntitle = "Same"')
    assert "'same' is the title of several feeds: give an id (127-0-0-1-" in refused(workspace.run("remove", "same"), 1)

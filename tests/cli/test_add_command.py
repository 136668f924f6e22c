"""``feedarchive add``, ``feeds`` and ``remove``, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import MODULE, Desk, Ran
from terminal import terminal

from feedarchive.feeds.feeds_file import parse_feeds_file
from loopback import Answer, FeedServer, feed_server
from press import Item, rss

POSTS = rss(*(Item(f"Post {n}", f"https://example.org/{n}", f"g{n}", "word " * 200) for n in range(6)), title="Posts")
NOTES = rss(*(Item(f"Note {n}", f"https://example.org/n/{n}", date=None) for n in range(3)), title="Notes & more")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """With an archive that polls this machine, too."""
    desk = Desk(tmp_path)
    assert desk.run("init", "--allow-private-addresses", "--time-zone", "UTC").status == 0
    return desk


def feeds_file(desk: Desk) -> str:
    return (desk.archive / "feeds.toml").read_text(encoding="utf-8")


def page(server: FeedServer, path: str, *feeds: str) -> str:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    return server.serve(path, f"<!doctype html><head>{links}</head>".encode(), "text/html")


def refused(ran: Ran, status: int) -> str:
    assert (ran.status, ran.stdout, ran.stderr.count("\n")) == (status, "", 1)
    return ran.stderr.removeprefix("feedarchive: ").strip()


def test_a_feed_is_shown_and_added(desk: Desk, server: FeedServer) -> None:
    before = feeds_file(desk)
    url = server.serve("/feed", POSTS)
    ran = desk.run("add", url, "--tag", "sea", "--tag", "news")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "Posts", f"  {url}", "  6 entries, newest 2025-12-24, full text (median 200 words)",
        "added to my-archive/feeds.toml as posts; feedarchive fetch archives it",
    ]  # fmt: skip
    assert feeds_file(desk) == before + (
        f'\n[[feeds]]\nurl = "{url}"\nid = "posts"\ntitle = "Posts"\nhome_page = "https://example.org/"\n'
        'tags = ["sea", "news"]\n'
    )
    assert desk.run("fetch", "--json").report["articles"]["new"] == 6


def test_a_site_without_scheme_and_a_title_and_id_of_ones_own(desk: Desk, server: FeedServer) -> None:
    server.serve("/rss", NOTES)
    page(server, "/", "/rss")
    ran = desk.run("add", f"{server.host}:{server.port}", "--title", "Mine", "--id", "my-notes")
    assert ran.status == 0
    assert "  warning: its entries have no dates" in ran.stdout
    assert "  warning: its entries have no GUIDs" in ran.stdout
    (feed,) = parse_feeds_file(feeds_file(desk), "").feeds
    assert (feed.url, feed.id, feed.title) == (server.url("/rss"), "my-notes", "Mine")


def test_of_several_feeds_none_is_chosen_without_a_terminal(desk: Desk, server: FeedServer) -> None:
    server.serve("/posts", POSTS)
    server.serve("/notes", NOTES)
    url, before = page(server, "/", "/posts", "/notes"), feeds_file(desk)
    ran = desk.run("add", url)
    assert ran.status == 2
    assert (
        ran.stderr
        == f"feedarchive: {url} has several feeds: give the URL of the one you want, or --yes for the first\n"
    )
    assert [line for line in ran.stdout.splitlines() if line.strip().startswith("http")] == [
        f"{url} has 2 feeds:", f"       {server.url('/posts')}", f"       {server.url('/notes')}",
    ]  # fmt: skip
    assert feeds_file(desk) == before
    assert "as posts" in desk.run("add", url, "--yes").stdout


def test_a_choice_on_a_terminal(desk: Desk, server: FeedServer) -> None:
    server.serve("/posts", POSTS)
    server.serve("/notes", NOTES)
    url = page(server, "/", "/posts", "/notes", *(f"/f{n}" for n in range(20)))
    for number in range(20):
        server.serve(f"/f{number}", rss(Item("x", f"https://example.org/f{number}"), title=f"Feed {number}"))
    for keys, status, ids in ((b"n\n", 1, []), (b"9999\n2 15\n", 0, ["notes-more", "feed-12"]), (b"\n", 0, ["posts"])):
        before = {feed.id for feed in parse_feeds_file(feeds_file(desk), "").feeds}
        with terminal([*MODULE, "add", url], desk.folder) as at:
            at.until(b"n for none: ")
            at.press(keys)
            assert at.status() == status, at.shown
        added = [feed.id for feed in parse_feeds_file(feeds_file(desk), "").feeds if feed.id not in before]
        assert added == ids
        assert b"Traceback" not in at.shown


def test_what_is_subscribed_already_is_refused_and_named(desk: Desk, server: FeedServer) -> None:
    url = server.serve("/feed", POSTS)
    desk.run("add", url)
    before, asked = feeds_file(desk), len(server.asked)
    for spelling in (url, url + "/", url.removeprefix("http://"), url.replace("http", "feed"), url + "?utm_source=x#a"):
        said = refused(desk.run("add", spelling), 1)
        assert said.startswith(f'{spelling} is subscribed already as posts ("Posts")')
    assert len(server.asked) == asked
    server.answers["/moved"] = Answer(status=302, headers={"Location": "/feed"})
    page(server, "/", "/moved")
    assert "is subscribed already as posts" in refused(desk.run("add", server.url("/moved")), 1)
    assert "is subscribed already as posts" in refused(desk.run("add", server.url("/")), 1)
    assert feeds_file(desk) == before


def test_two_urls_of_one_feed_in_one_call(desk: Desk, server: FeedServer) -> None:
    url = server.serve("/feed", POSTS)
    ran = desk.run("add", url, url + "/")
    assert ran.status == 1
    assert "is subscribed already as posts" in ran.stderr
    assert len(parse_feeds_file(feeds_file(desk), "").feeds) == 1


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/login", 1, "asks for a login"),
        ("/page", 1, "no feed there"),
        ("/missing", 1, "the server answers 404"),
        ("/empty", 1, "the server answers with an empty document"),
        ("/there", 1, "it redirects in a loop"),
    ],
)
def test_what_is_no_feed_is_one_line(desk: Desk, server: FeedServer, path: str, status: int, words: str) -> None:
    server.serve("/login", b"<!doctype html><input type=password>", "text/html")
    server.serve("/page", b"<!doctype html><p>Hello", "text/html")
    server.serve("/empty", b"")
    server.answers["/there"] = Answer(status=302, headers={"Location": "/back"})
    server.answers["/back"] = Answer(status=302, headers={"Location": "/there"})
    before = feeds_file(desk)
    assert words in refused(desk.run("add", server.url(path)), status)
    assert feeds_file(desk) == before


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
def test_a_wrong_call_is_one_line(desk: Desk, wrong: list[str]) -> None:
    refused(desk.run("add", *wrong), 2)


def test_an_id_that_is_taken_is_one_line(desk: Desk, server: FeedServer) -> None:
    desk.run("add", server.serve("/a", POSTS))
    ran = desk.run("add", server.serve("/b", NOTES), "--id", "posts")
    assert (ran.status, ran.stderr) == (
        1,
        "feedarchive: the id posts is taken: give another with --id, or leave it out\n",
    )


def test_a_private_address_is_refused_unless_it_is_allowed(tmp_path: Path, server: FeedServer) -> None:
    said = refused(Desk(tmp_path).run("add", server.serve("/feed", POSTS)), 1)
    assert "is not at a public address (allow_private_addresses = true" in said
    assert (server.asked, list(tmp_path.iterdir())) == ([], [])


def test_the_archive_is_made_on_the_way(tmp_path: Path, server: FeedServer) -> None:
    """With a feeds file of one's own, which here permits this machine."""
    desk = Desk(tmp_path)
    desk.write_feeds()
    ran = desk.run("add", server.serve("/feed", POSTS), env={"TZ": "Asia/Tokyo"})
    assert ran.status == 0
    assert "created an archive in my-archive; its days are those of the time zone Asia/Tokyo" in ran.stdout
    assert feeds_file(desk).startswith("[fetch]\nallow_private_addresses = true\n")
    assert len(parse_feeds_file(feeds_file(desk), "").feeds) == 1


def test_an_archive_in_a_bucket(tmp_path: Path, server: FeedServer, bucket: str) -> None:
    desk, location = Desk(tmp_path), ("--archive", f"s3://{bucket}/mine")
    assert desk.run("init", "--allow-private-addresses", *location).status == 0
    assert desk.run("add", server.serve("/feed", POSTS), *location).status == 0
    assert desk.run("fetch", "--json", *location).report["articles"]["new"] == 6
    assert desk.run("feeds", "--json", *location).report["feeds"][0]["id"] == "posts"
    assert desk.run("check", *location).stdout == f"s3://{bucket}/mine/feeds.toml: 1 feed, no mistakes\n"
    assert (
        desk.run("remove", "Posts", *location).stdout == 'removed posts ("Posts"); its 6 articles stay in the archive\n'
    )
    missing = desk.run("init", "--archive", "s3://no-such-bucket-anywhere")
    assert "there is no such bucket: create it first" in refused(missing, 1)


def test_feeds_are_listed_with_their_tags(desk: Desk, server: FeedServer) -> None:
    desk.run("add", server.serve("/a", POSTS), "--tag", "sea")
    desk.run("add", server.serve("/b", NOTES))
    ran = desk.run("feeds")
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["id", "title", "tags", "URL"],
        ["posts", "Posts", "sea", server.url("/a")],
        ["notes-more", "Notes", "&", "more", server.url("/b")],
        ["2", "feeds"],
    ]
    status, shown = desk.run_on_terminal("feeds", columns=80)
    assert (status, shown.splitlines()) == (0, [
        "posts  Posts  [sea]", f"    {server.url('/a')}",
        "notes-more  Notes & more", f"    {server.url('/b')}",
        "2 feeds",
    ])  # fmt: skip
    assert json.loads(desk.run("feeds", "--json").stdout)["feeds"][0] == {
        "id": "posts", "url": server.url("/a"), "title": "Posts", "home_page": "https://example.org/", "tags": ["sea"],
    }  # fmt: skip


def test_passwords_are_not_listed(desk: Desk) -> None:
    desk.write_feeds('url = "https://ada:secret@example.org/feed"')
    for command in (["feeds"], ["feeds", "--json"], ["export"], ["remove", "https://example.org/feed"]):
        ran = desk.run(*command)
        assert ran.status == 0
        assert "secret" not in ran.stdout + ran.stderr


def test_a_removed_feed_keeps_its_articles(desk: Desk, server: FeedServer) -> None:
    desk.run("add", server.serve("/a", POSTS))
    desk.run("add", server.serve("/b", NOTES))
    desk.run("fetch")
    desk.run("digest")
    articles = desk.articles()
    with feed_server("127.0.0.3") as other:
        desk.run("add", other.serve("/c", rss(Item("Late", "https://example.org/late"), title="Late")))
        desk.run("fetch")
    ran = desk.run("remove", server.url("/a/"), "LATE", "nobody")
    assert (ran.status, ran.stdout.splitlines()) == (1, [
        'removed posts ("Posts"); its 6 articles stay in the archive',
        'removed late ("Late"); its 1 article stays in the archive',
    ])  # fmt: skip
    assert ran.stderr == (
        "feedarchive: 'nobody' is not the id, URL or title of a subscribed feed: feedarchive feeds lists them\n"
    )
    assert [feed.id for feed in parse_feeds_file(feeds_file(desk), "").feeds] == ["notes-more"]
    assert set(articles) < set(desk.articles())
    # Added again, it is the same feed, and nothing is archived twice.
    assert "as posts" in desk.run("add", server.url("/a")).stdout
    assert desk.run("fetch", "--all", "--json").report["articles"]["new"] == 0


def test_a_title_of_two_feeds_names_neither(desk: Desk, server: FeedServer) -> None:
    desk.run("add", server.serve("/a", POSTS))
    desk.run("add", server.serve("/b", rss(Item("x", "https://example.org/x"), title="Posts")))
    desk.write_feeds(f'url = "{server.url("/a")}"\ntitle = "Same"', f'url = "{server.url("/b")}"\ntitle = "Same"')
    assert "'same' is the title of several feeds: give an id (127-0-0-1-" in refused(desk.run("remove", "same"), 1)


def test_a_read_only_archive_changes_nothing(desk: Desk, server: FeedServer) -> None:
    """A file in the way of temporary files stops root, too, as a read-only file system would."""
    url, before = server.serve("/feed", POSTS), feeds_file(desk)
    (desk.folder / "subs.opml").write_text('<opml><body><outline xmlUrl="https://a.example/"/></body></opml>')
    temporary = desk.archive / ".tmp"
    for left in temporary.iterdir():
        left.unlink()
    temporary.rmdir()
    temporary.write_text("in the way\n")
    for command in (["add", url], ["import", "subs.opml"]):
        ran = desk.run(*command)
        assert (ran.status, ran.stderr.count("\n")) == (1, 1)
        assert "is a file where a folder must be" in ran.stderr
        assert feeds_file(desk) == before

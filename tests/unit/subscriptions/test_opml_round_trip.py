"""Export, then import: the same subscriptions, whatever is in their titles, URLs and tags."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.subscriptions.feed_urls import spelling_key
from feedarchive.subscriptions.feeds_file_editor import NewFeed, append_feeds
from feedarchive.subscriptions.opml import parse_opml
from feedarchive.subscriptions.opml_export import render_opml
from feedarchive.subscriptions.opml_outlines import OpmlFeed
from feedarchive.text import safe_text

NOW = datetime(2025, 12, 25, 10, tzinfo=UTC)
HEAD = '[archive]\ntime_zone = "UTC"\n'

# Any text that a feeds file can contain. safe_text removes the characters that the program removes. These include
# all characters that XML forbids.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(lambda text: safe_text(text).strip())
names = texts.filter(bool)
words = st.text("abcdefghij0123456789-_~%&=+;,'()", min_size=1, max_size=12).map(lambda word: word.replace("%", "%25"))
hosts = st.sampled_from(["example.org", "www.example.com", "a.b.example", "127.0.0.1:8080", "xn--bcher-kva.example"])
urls = st.builds(
    "{}://{}/{}{}".format,
    st.sampled_from(["http", "https"]),
    hosts,
    st.lists(words, max_size=3).map("/".join),
    st.one_of(st.just(""), words.map("?q={}".format)),
)
feeds = st.builds(
    OpmlFeed,
    url=urls,
    title=texts,
    home_page=st.one_of(st.just(""), urls),
    tags=st.lists(names, max_size=4, unique=True).map(tuple),
    id=st.from_regex(r"[a-z0-9][a-z0-9._-]{0,30}", fullmatch=True),
)
lists = st.lists(feeds, min_size=1, max_size=12, unique_by=(lambda f: spelling_key(f.url), lambda f: f.id))


def is_titled(feed: OpmlFeed) -> bool:
    """Whether a feed has a title of its own. The import ignores a title that equals the feed's URL."""
    return spelling_key(feed.title) != spelling_key(feed.url)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(lists.filter(lambda each: all(map(is_titled, each))))
def test_import_of_an_export_is_the_same_list(subscriptions: list[OpmlFeed]) -> None:
    # Write the feeds to a feeds file and read it, as the commands do.
    text = append_feeds(HEAD, [NewFeed(f.url, f.id, f.title, f.home_page, f.tags) for f in subscriptions])
    written = parse_feeds_file(text, "feeds.toml").feeds
    exported = [OpmlFeed(f.url, f.title, f.home_page, f.tags, f.id) for f in written]
    opml = render_opml(exported, "Subscriptions & <more>", NOW)
    imported = parse_opml(opml, "subs.opml")
    again = append_feeds(HEAD, [NewFeed(f.url, f.id, f.title, f.home_page, f.tags) for f in imported.feeds])
    assert imported.problems == ()
    # The export puts feeds with the same tags into one folder, so their order can change.
    assert sorted(map(str, parse_feeds_file(again, "feeds.toml").feeds)) == sorted(map(str, written))
    assert render_opml(imported.feeds, "Subscriptions & <more>", NOW) == opml


def test_logins_are_not_exported() -> None:
    opml = render_opml([OpmlFeed("https://ada:secret@example.org/feed", "Mine")], "x", NOW)
    assert b"secret" not in opml
    assert b'xmlUrl="https://example.org/feed"' in opml


def test_the_shape_of_an_export() -> None:
    listed = [
        OpmlFeed("https://a.example/feed", "A", "https://a.example/", ("news", "world"), "a"),
        OpmlFeed("https://b.example/feed", "", "", (), "b"),
        OpmlFeed("https://c.example/feed", "C", "", ("news", "world"), "c"),
    ]
    body = render_opml(listed, "Mine", NOW).decode().partition("<body>\n")[2].splitlines()
    assert body == [
        '    <outline type="rss" text="https://b.example/feed" title="https://b.example/feed" '
        'xmlUrl="https://b.example/feed" feedarchive:id="b"/>',
        '    <outline text="news" title="news">',
        '      <outline text="world" title="world">',
        '        <outline type="rss" text="A" title="A" xmlUrl="https://a.example/feed" '
        'htmlUrl="https://a.example/" feedarchive:id="a"/>',
        '        <outline type="rss" text="C" title="C" xmlUrl="https://c.example/feed" feedarchive:id="c"/>',
        "      </outline>",
        "    </outline>",
        "  </body>",
        "</opml>",
    ]

"""Metadata of an entry: dates, authors, titles, podcast episodes, and the feed that it was aggregated from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedarchive.article.article import Article
from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.front_matter import render
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.markdown.visible_text import plain_line
from tests.unit.article.one_entry import URL, parse_entry


def article_of(item: str, root: str = "rss") -> Article:
    entry = parse_entry(f"<title>Mill</title>{item}" if root == "atom" else item, root)
    return compose(entry, plain_line(entry.title), entry.link, EntrySource(URL, title="Town"), "id")


def test_the_first_date_that_can_be_parsed_counts() -> None:
    article = article_of("<pubDate>yesterday</pubDate><dc:date>2025-12-25T10:00:00Z</dc:date>")
    assert (article.published, article.published_as_written) == (datetime(2025, 12, 25, 10, tzinfo=UTC), "")


def test_a_date_that_cannot_be_parsed_is_kept_as_written() -> None:
    article = article_of("<pubDate>03/04/2025 at noon</pubDate>")
    fields = parse_front_matter(render(article, datetime(2025, 12, 25, tzinfo=UTC)).decode())
    assert fields["published_as_written"] == "03/04/2025 at noon"
    assert "published" not in fields


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("kim@poe.industries (Kim Poe)", ("Kim Poe",)),
        ("Kim Poe (mailto:kim@poe.example)", ("Kim Poe",)),
        ("Kim Poe &lt;kim@poe.photography&gt;", ("Kim Poe",)),
        ("kim@poe.photography", ("kim@poe.photography",)),
        ("Kim Poe", ("Kim Poe",)),
    ],
)
def test_authors_are_names_without_addresses(author: str, expected: tuple[str, ...]) -> None:
    for element in ("author", "dc:creator"):
        assert article_of(f"<{element}>{author}</{element}>").authors == expected


def test_names_with_commas_are_separated_by_semicolons() -> None:
    def author(*names: str) -> str:
        article = article_of("<title>A</title>" + "".join(f"<dc:creator>{name}</dc:creator>" for name in names))
        return str(parse_front_matter(render(article, datetime(2025, 12, 25, tzinfo=UTC)).decode())["author"])

    assert author("Doe, Jane", "Roe, Rick") == "Doe, Jane; Roe, Rick"
    assert author("Doe, Jane") == "Doe, Jane"
    assert author("Jane Doe", "Rick Roe") == "Jane Doe, Rick Roe"


def test_the_tag_that_an_entry_is_a_post_is_left_out() -> None:
    kind = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#post'/>"
    assert article_of(f"{kind}<category term='mills'/>", "atom").tags == ("mills",)


def test_an_author_with_nothing_but_a_page_is_the_page() -> None:
    assert article_of("<author><uri>https://poe.example/kim</uri></author>", "atom").authors == (
        "https://poe.example/kim",
    )


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("It&amp;#8217;s &amp;hellip; &amp;check; &amp;nosuch;", "It’s … ✓ &nosuch;"),
        ("&lt;scp&gt;dna&lt;/scp&gt; of &lt;i&gt;E. coli&lt;/i&gt;", "dna of E. coli"),
        ("One&lt;br/&gt;two", "One two"),
        ("&lt;![CDATA[Wrapped &amp; sound]]&gt;", "Wrapped & sound"),
        ("&lt;img src='m.png' alt='A mill'/&gt;", "A mill"),
        ("The &lt;div&gt; element", "The <div> element"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("AT&amp;amp;T", "AT&T"),
        ("10&lt;sup&gt;3&lt;/sup&gt; mills of CO&lt;SUB class='x'&gt;2&lt;/SUB&gt;", "10³ mills of CO₂"),
        ("On &lt;math&gt;&lt;msub&gt;&lt;mi&gt;B&lt;/mi&gt;&lt;mi&gt;s&lt;/mi&gt;&lt;/msub&gt;&lt;/math&gt;", "On B_s"),
        ("\ufeffWind\u00admill\u200b and\u2060 weir", "Windmill and weir"),
        ("\u200b", ""),
        (
            "\u1780\u200b\u1781 \u0915\u094d\u200d\u0937 \U0001f469\u200d\U0001f33e",
            "\u1780\u200b\u1781 \u0915\u094d\u200d\u0937 \U0001f469\u200d\U0001f33e",
        ),
    ],
)
def test_markup_and_entities_of_a_title_are_decoded(title: str, expected: str) -> None:
    assert article_of(f"<title>{title}</title>").title == expected


def test_the_title_of_a_json_item_is_decoded() -> None:
    assert article_of('{"id": "1", "title": "It&#8217;s AT&amp;T"}', "json").title == "It’s AT&T"


def test_an_episode_without_a_title_has_that_of_itunes() -> None:
    assert article_of("<title/><itunes:title>Bees</itunes:title>").title == "Bees"
    assert article_of("<title>Ep 3: Bees</title><itunes:title>Bees</itunes:title>").title == "Ep 3: Bees"


def test_a_podcast_episode_has_its_facts_in_the_front_matter() -> None:
    item = (
        "<title>Bees</title><itunes:duration>1:02:03</itunes:duration><itunes:episode>12</itunes:episode>"
        "<itunes:season>3</itunes:season><podcast:transcript url='/t.vtt' type='text/vtt'/>"
        "<podcast:chapters url='https://town.example/c.json' type='application/json+chapters'/>"
    )
    fields = parse_front_matter(render(article_of(item), datetime(2025, 12, 25, tzinfo=UTC)).decode())
    assert {name: fields[name] for name in ("duration", "episode", "season", "transcript", "chapters")} == {
        "duration": 3723,
        "episode": "12",
        "season": "3",
        "transcript": "https://town.example/t.vtt",
        "chapters": "https://town.example/c.json",
    }


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("62:03", 3723), ("3723", 3723), ("3723.5", 3723), ("0", None), ("an hour", None), ("", None)],
)
def test_durations_are_written_in_seconds(written: str, seconds: int | None) -> None:
    assert article_of(f"<itunes:duration>{written}</itunes:duration>").duration == seconds


def test_the_duration_of_a_json_attachment_is_that_of_the_episode() -> None:
    item = '{"id": "1", "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 90}]}'
    assert article_of(item, "json").duration == 90


def test_an_aggregated_entry_names_its_own_feed() -> None:
    rss = article_of('<title>A</title><source url="https://mill.example/feed">The Mill</source>')
    atom = article_of(
        "<source><title>The Mill</title><link href='https://mill.example/'/>"
        "<link rel='self' href='https://mill.example/feed'/></source>",
        "atom",
    )
    for article in (rss, atom):
        assert (article.original_feed, article.original_source) == ("The Mill", "https://mill.example/feed")


def test_the_feed_itself_is_not_named_as_the_source() -> None:
    assert article_of(f'<title>A</title><source url="{URL}">Town</source>').original_feed == ""


def test_the_flash_player_of_youtube_is_not_listed() -> None:
    player = 'url="https://www.youtube.com/v/abc?version=3" type="application/x-shockwave-flash"'
    assert article_of(f"<title>A</title><enclosure {player}/>").body == ""

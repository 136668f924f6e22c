"""The link in an article's file can differ from the link that the article's id is made from. The id does not change."""

from __future__ import annotations

import pytest

from feedarchive.article.article import Article
from feedarchive.article.shown_link import unwrap_link
from feedarchive.feeds.feed import Feed
from feedarchive.identity.article_id import id_of_url
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest

FEED = "https://feeds.town.example/all.xml"


def article_of(item: str, channel: str = "https://www.town.example/news/", url: str = FEED, root: str = "") -> Article:
    document = (
        f"<rss version='2.0' {root}><channel><link>{channel}</link><item><title>A</title>{item}</item></channel></rss>"
    )
    return converted(document.encode(), url)


def converted(body: bytes, url: str = FEED) -> Article:
    parsed = parse_and_convert(ParseRequest(body, url, "", Feed(url, "town")))
    assert isinstance(parsed, ParsedDocument)
    return parsed.candidates[0].article


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("/mill", "https://www.town.example/mill"),
        ("mill?id=1", "https://www.town.example/news/mill?id=1"),
        ("//www.town.example/mill", "https://www.town.example/mill"),
        ("www.mill.example/wheel", "https://www.mill.example/wheel"),
        ("www.html", "https://www.town.example/news/www.html"),
    ],
)
def test_a_relative_link_of_rss_leads_to_the_site_of_its_channel(written: str, link: str) -> None:
    article = article_of(f"<link>{written}</link><description>&lt;a href='x'&gt;x&lt;/a&gt;</description>")
    assert article.link == link
    assert article_of(f"<link href='{written}'/>").link == link


def test_the_id_is_that_of_the_link_relative_to_the_document() -> None:
    assert article_of("<link>/mill</link>").id == id_of_url("https://feeds.town.example/mill")


def test_relative_urls_in_the_text_are_relative_to_the_link_that_is_shown() -> None:
    article = article_of("<link>/mill/</link><description>&lt;a href='wheel'&gt;wheel&lt;/a&gt;</description>")
    assert article.body == "[wheel](https://www.town.example/mill/wheel)"


@pytest.mark.parametrize("channel", ["https://other.example/", "http://localhost:1313/", "", "/"])
def test_a_relative_link_leads_to_the_host_of_the_feed_if_the_channel_has_another_site(channel: str) -> None:
    assert article_of("<link>/mill</link>", channel).link == "https://feeds.town.example/mill"


def test_a_relative_link_of_a_feed_at_an_ip_address_leads_to_the_site_of_its_channel() -> None:
    article = article_of("<link>/mill</link>", url="http://127.0.0.1:8000/feed")
    assert article.link == "https://www.town.example/mill"


def test_a_base_in_the_document_counts_instead() -> None:
    article = article_of("<link>mill</link>", root="xml:base='https://feeds.town.example/sub/'")
    assert article.link == "https://feeds.town.example/sub/mill"


def test_a_relative_link_of_atom_is_relative_to_the_document() -> None:
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://www.town.example/'/>"
        "<entry><id>a</id><title>A</title><link href='/mill'/></entry></feed>"
    )
    assert converted(atom.encode()).link == "https://feeds.town.example/mill"


def test_the_text_of_a_link_with_a_uri_is_shown() -> None:
    article = article_of("<link uri='at://did:plc:abc/post/1'>https://www.town.example/1</link>")
    assert article.link == "https://www.town.example/1"
    assert article.id == article_of("<link uri='at://did:plc:abc/post/1'/>").id


def test_another_link_of_the_entry_counts_as_before() -> None:
    other = "<link xmlns='http://www.w3.org/2005/Atom' href='https://www.town.example/2'/>"
    assert article_of(f"<link>/1</link>{other}").link == "https://www.town.example/2"
    assert article_of(f"{other}<link>https://www.town.example/3</link>").link == "https://www.town.example/3"


def test_a_link_that_is_no_url_is_not_shown() -> None:
    assert article_of("<link>javascript:alert(1)</link>").link == ""


def test_the_id_of_a_json_item_without_a_url_is_shown_if_it_is_one() -> None:
    def link(item: str) -> str:
        body = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"content_text": "x", {item}}}]}}'
        return converted(body.encode()).link

    assert link('"id": "https://town.example/1"') == "https://town.example/1"
    assert link('"id": "https://town.example/1", "url": "https://town.example/2"') == "https://town.example/2"
    assert link('"id": "1"') == ""


WRAPPED = {
    "https://www.google.com/url?rct=j&sa=t&url=https://mill.example/story%3Fa%3D1&ct=ga": "https://mill.example/story?a=1",
    "https://www.google.co.uk/url?q=https://mill.example/": "https://mill.example/",
    "https://news.google.com/news/url?sa=t&url=http://mill.example/1": "http://mill.example/1",
    "https://news.google.com/rss/articles/CBMiGmh0dHBzOi8vbWlsbC5leGFtcGxlL3N0b3J50gEA?oc=5": "https://mill.example/story",
    "https://www.bing.com/news/apiclick.aspx?ref=x&url=https%3a%2f%2fmill.example%2f2": "https://mill.example/2",
}


@pytest.mark.parametrize(("link", "page"), WRAPPED.items())
def test_a_link_through_a_search_engine_is_written_as_the_page(link: str, page: str) -> None:
    assert unwrap_link(link) == page


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://www.google.com/search?q=https://mill.example/",
        "https://google.mill.example/url?url=https://other.example/",
        "https://news.google.com/rss/articles/CBMiAAAAAAAAAAAAAAAAAAAAAA",
        "https://mill.example/url?url=https://other.example/",
        "",
    ],
)
def test_other_links_stay_as_they_are(link: str) -> None:
    assert unwrap_link(link) == link

"""Hostile titles, dates, URLs, names and enclosures."""

from __future__ import annotations

from tests.hostile.inputs.forms import Input, atom, filled, item, numbered, rss

_NAMESPACES = (
    ' xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:georss="http://www.georss.org/georss" xmlns:psc="http://podlove.org/simple-chapters"'
)


def _titled(title: str) -> bytes:
    return rss(f"<item><title>{title}</title><link>https://example.org/bad</link></item>")


def _linked(link: str) -> bytes:
    return rss(f"<item><title>bad</title><link>{link}</link></item>")


def _dated(date: str) -> bytes:
    return rss(item(f"<pubDate>{date}</pubDate>"))


def _numbered(piece: str) -> Input:
    return Input(lambda n: rss(item(numbered(piece, n)), _NAMESPACES))


def _one(before: str, piece: str, behind: str) -> Input:
    return Input(lambda n: rss(item(before + filled(piece, n) + behind), _NAMESPACES))


def _each_linked(link: str, size: int) -> bytes:
    """As many entries as fit, each with a link of about 8,000 characters, the maximum length."""
    count = size // 8100 + 1
    return rss(
        "".join(f"<item><title>{n}</title><link>{link.replace('{}', str(n))}</link></item>" for n in range(count))
    )


FIELDS = {
    "title of all bytes": Input(lambda n: _titled(filled("word ", n))),
    "title of one word": Input(lambda n: _titled(filled("w", n))),
    "title of tags": Input(lambda n: _titled(filled("&lt;b&gt;", n) + "&lt;/b&gt;")),
    "title of ampersands": Input(lambda n: _titled(filled("&amp;", n) + "&lt;/b&gt;")),
    "title of combining marks": Input(lambda n: _titled("e" + filled("\u0323\u0301", n))),
    "title that grows eighteenfold": Input(lambda n: _titled(filled("\ufdfa", n))),
    "titles of the feed": Input(lambda n: rss(filled("<title>x</title>", n))),
    "title of the feed": Input(lambda n: rss(f"<title>{filled('t', n // 2)}</title>" + filled(item(""), n // 2))),
    "author with an e-mail address": Input(lambda n: rss(item(f"<author>{'a@' + filled('a.', n)}!</author>"))),
    "author of 64 KB": Input(lambda n: rss(item(f"<author>{'a@' + filled('a.', 64_000)}!</author>"))),
    "author of one word": Input(lambda n: rss(item(f"<author>{filled('a', n)}</author>"))),
    "authors with e-mail addresses": Input(lambda n: rss(item(filled(f"<author>{'a@' + 'a.' * 140}!</author>", n)))),
    "authors": Input(lambda n: rss(item(numbered("<author>a{}</author>", n)))),
    "authors without a name": Input(lambda n: atom(filled("<author/>", n))),
    "authors of an Atom feed": Input(
        lambda n: (
            atom("")
            .replace(b"<entry>", numbered("<author><name>{}</name></author>", n // 2).encode() + b"<entry>", 1)
            .replace(b"</feed>", numbered("<entry><id>{}</id></entry>", n // 2).encode() + b"</feed>")
        )
    ),
    "contributors": Input(lambda n: atom(filled("<contributor><name>x</name></contributor>", n))),
    "categories": Input(lambda n: rss(item(numbered("<category>c{}</category>", n)))),
    "categories of Atom": Input(lambda n: atom(numbered('<category term="c{}" label="l{}"/>', n))),
    "keywords": Input(lambda n: rss(item(f"<itunes:keywords>{numbered('k{},', n)}</itunes:keywords>"), _NAMESPACES)),
    "category of all bytes": Input(lambda n: rss(item(f"<category>{filled('c ', n)}</category>"))),
    "guid of all bytes": Input(lambda n: rss(item(f"<guid>{filled('g', n)}</guid>"))),
    "guid of spaces": Input(lambda n: rss(item(f"<guid>{filled('g ', n)}</guid>"))),
    "guid that is a URL": Input(lambda n: rss(item(f"<guid>http://{filled('%', n)}</guid>"))),
    "guids": Input(lambda n: rss(item(numbered("<guid>{}</guid>", n)))),
    "one guid for all": Input(lambda n: rss(numbered("<item><guid>g</guid><title>{}</title></item>", n))),
    "links": Input(lambda n: rss(item(numbered("<link>https://example.org/{}</link>", n)))),
    "link of all bytes": Input(lambda n: _linked("https://example.org/" + filled("a", n))),
    "link of percents": Input(lambda n: _each_linked("https://example.org/{}" + "%" * 8000, n)),
    "link of escapes": Input(lambda n: _each_linked("https://example.org/{}" + "%41" * 2600, n)),
    "link of parameters": Input(lambda n: _each_linked("https://example.org/{}?" + "utm_a=1&amp;" * 900, n)),
    "link of steps up": Input(lambda n: _each_linked("/{}" + "/../a" * 1600, n)),
    "host of dots": Input(lambda n: _each_linked("https://{}" + ".a" * 4000 + "/", n)),
    "host of labels": Input(lambda n: _each_linked("https://{}." + "ä" * 60 + ".ä" * 1900 + "/", n)),
    "host of one label": Input(lambda n: _each_linked("https://{}" + "ä" * 4000 + "/", n)),
    "host of combining marks": Input(lambda n: _each_linked("https://{}e" + "\u0323\u0301" * 2000 + "/", n)),
    "host in punycode": Input(lambda n: _each_linked("https://xn--{}" + "a" * 4000 + "-" + "9" * 3000 + "/", n)),
    "host of digits": Input(lambda n: _linked("http://" + filled("1", n))),
    "host of colons": Input(lambda n: _linked("http://[" + filled("1:", n) + "]/")),
    "port of digits": Input(lambda n: _linked("http://example.org:" + filled("1", n))),
    "host without end": Input(lambda n: _linked("http://[")),
    "date of digits": Input(lambda n: _dated(filled("1", n))),
    "date of spaces": Input(lambda n: _dated("Thu," + filled(" ", n) + "25 Dec 2025")),
    "date of colons": Input(lambda n: _dated("2025-12-25T" + filled("10:", n))),
    "date with a zone of all letters": Input(lambda n: _dated("Thu, 25 Dec 2025 10:11:12 " + filled("Z", n))),
    "dates": Input(lambda n: rss(item(filled("<pubDate>Thu, 25 Dec 2025 10:11:12 GMT</pubDate>", n)))),
    "dates out of range": Input(
        lambda n: rss(
            "".join(
                item(f"<pubDate>{d}</pubDate><guid>{d}</guid>")
                for d in (
                    "9999-12-31T23:59:59-14:00",
                    "0000-00-00",
                    "99999999999999999999",
                    "0001-01-01T00:00:00+14:00",
                    "-1",
                    "2025-12-25T24:00:60Z",
                    "31 Feb 2025",
                    "1e309",
                    "٢٠٢٥-١٢-٢٥",
                )
            )
        )
    ),
    "enclosures": _numbered('<enclosure url="/{}" type="audio/mpeg"/>'),
    "equal enclosures": _one("", '<enclosure url="/x"/>', ""),
    "enclosure with a length of digits": _one('<enclosure url="/x" length="', "9", '"/>'),
    "enclosure with a type of all bytes": _one('<enclosure url="/x" type="', "a/", '"/>'),
    "media": _numbered('<media:content url="/{}"><media:thumbnail url="/{}"/></media:content>'),
    "width of digits": _one("<image><width>", "9", "</width></image>"),
    "positions": _one("<georss:line>", "1.5 2.5 ", "</georss:line>"),
    "chapters": _one("<psc:chapters>", '<psc:chapter start="1:1" title="x"/>', "</psc:chapters>"),
    "chapter at a time of digits": _one('<psc:chapters><psc:chapter start="', "1", '"/></psc:chapters>'),
    "language of all bytes": Input(lambda n: rss(item(f"<language>{filled('e', n)}</language>"))),
}

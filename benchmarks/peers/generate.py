"""Generate feeds from a seed: the same seed and number give the same bytes on any machine.

Feeds are of four kinds in turn:

- RSS with summaries; the guid of an entry is its link
- RSS with full content; the guid is another URL
- Atom with summaries; the id of an entry is its link
- Atom with full content; the id is a ``tag:`` URI
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from random import Random

ENTRIES = 30
SEED = 6
KINDS = ("rss-summary", "rss-full", "atom-summary", "atom-full")
# The kinds in which an entry's guid is not its link, so an archive has to store both.
KINDS_WITH_OWN_GUID = ("rss-full", "atom-full")
_FIRST_DAY = datetime(2025, 9, 1, 6, 30, tzinfo=UTC)
_SYLLABLES = "ba den kor li mo nue pra ri sto ta un vel wi xo ya zer gé mü ño за свет 日 café tion ing er al".split()
_PARAGRAPHS = 800


def kind_of(number: int) -> str:
    """The kind of a feed, by its number from 0."""
    return KINDS[number % len(KINDS)]


def document(number: int, new_entries: int = 0, entries: int = ENTRIES, seed: int = SEED) -> bytes:
    """A feed document, newest entry first, in which ``new_entries`` entries have replaced as many of the oldest."""
    numbers = range(entries - 1 + new_entries, new_entries - 1, -1)
    kind, home = kind_of(number), f"https://site{number}.example/"
    title, style = f"The {_words(Random(f'{seed} {number}'), 2)} of site {number}", kind.partition("-")[2]
    if kind.startswith("rss"):
        items = "".join(_rss_item(seed, number, entry, home, style) for entry in numbers)
        return _RSS.format(title=title, home=home, items=items).encode()
    updated = _date(number, numbers[0]).isoformat()
    items = "".join(_atom_entry(seed, number, entry, home, style) for entry in numbers)
    return _ATOM.format(title=title, home=home, updated=updated, items=items).encode()


def _rss_item(seed: int, number: int, entry: int, home: str, style: str) -> str:
    title, link, summary, body = _texts(seed, number, entry, home)
    guid = f'<guid isPermaLink="true">{link}</guid>'
    content = ""
    if style == "full":
        guid = f'<guid isPermaLink="false">{home}?p={entry + 1000}</guid>'
        content = f"<content:encoded><![CDATA[{body}]]></content:encoded>"
    return (
        f"<item><title>{html.escape(title)}</title><link>{link}</link>{guid}"
        f"<pubDate>{format_datetime(_date(number, entry))}</pubDate><dc:creator>Writer {entry % 7}</dc:creator>"
        f"<category>News</category><category>Topic {entry % 5}</category>"
        f"<description>{html.escape(summary)}</description>{content}</item>\n"
    )


def _atom_entry(seed: int, number: int, entry: int, home: str, style: str) -> str:
    title, link, summary, body = _texts(seed, number, entry, home)
    date, name = _date(number, entry).isoformat(), link
    content = f'<summary type="html">{html.escape(summary)}</summary>'
    if style == "full":
        name = f"tag:site{number}.example,2025:{entry + 1000}"
        content = f'<content type="html">{html.escape(body)}</content>'
    return (
        f"<entry><title>{html.escape(title)}</title>"
        f'<link rel="alternate" type="text/html" href="{link}"/><id>{name}</id>'
        f"<published>{date}</published><updated>{date}</updated><author><name>Writer {entry % 7}</name></author>"
        f'<category term="topic-{entry % 5}"/>{content}</entry>\n'
    )


def _texts(seed: int, number: int, entry: int, home: str) -> tuple[str, str, str, str]:
    """An entry's title, link, summary and body; the last two are HTML."""
    random = Random(f"{seed} {number} {entry}")
    title = f"{_words(random, 6).capitalize()} & {number}-{entry}"
    slug = f"{number}-{entry}-{random.randrange(10**6)}"
    paragraphs = _paragraphs(seed)
    summary = f"<p>{random.choice(paragraphs)}</p>"
    return title, f"{home}2025/{slug}", summary, _body(random, paragraphs, slug)


def _body(random: Random, paragraphs: Sequence[str], slug: str) -> str:
    parts = [f"<p>{random.choice(paragraphs)}</p>" for _ in range(random.randint(2, 4))]
    parts.insert(1, f'<figure><img src="/images/{slug}.jpg" alt="A view"><figcaption>By hand</figcaption></figure>')
    if random.random() < 0.5:
        items = "".join(f"<li>{_words(random, 5)}</li>" for _ in range(3))
        parts.append(f"<h3>{_words(random, 3)}</h3>\n<ul>{items}</ul>")
    if random.random() < 0.2:
        parts.append(f"<blockquote><p>{random.choice(paragraphs)}</p></blockquote>")
    return "\n".join(parts)


@lru_cache
def _paragraphs(seed: int) -> Sequence[str]:
    """The paragraphs from which the texts of all feeds are made. To generate more would take longer than to measure."""
    random = Random(f"{seed} paragraphs")
    return [_paragraph(random) for _ in range(_PARAGRAPHS)]


def _paragraph(random: Random) -> str:
    sentences = [f"{_words(random, random.randint(6, 14)).capitalize()}." for _ in range(random.randint(3, 6))]
    where = random.randrange(len(sentences))
    sentences[where] = (
        f'<a href="https://elsewhere.example/{random.randrange(10**6)}?a=1&amp;b=2">{sentences[where]}</a>'
    )
    sentences.append(f"It&#8217;s <em>{_words(random, 2)}</em>&nbsp;&mdash; <strong>{_words(random, 1)}</strong>.")
    return " ".join(sentences)


def _words(random: Random, count: int) -> str:
    return " ".join("".join(random.choices(_SYLLABLES, k=random.randint(1, 3))) for _ in range(count))


def _date(number: int, entry: int) -> datetime:
    return _FIRST_DAY + timedelta(hours=entry * 11, minutes=number % 60)


_RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>{title}</title><link>{home}</link><description>Generated.</description><language>en</language>
{items}</channel></rss>
"""
_ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>{title}</title><link rel="alternate" href="{home}"/><id>{home}</id>
<updated>{updated}</updated>
{items}</feed>
"""

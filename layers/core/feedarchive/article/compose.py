"""From an entry to the article that is written: text chosen, cleaned, converted. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from lxml.html import HtmlElement

from feedarchive.article.article import Article
from feedarchive.document.dates import parse_date
from feedarchive.document.model import Enclosure, Entry, Text
from feedarchive.identity.canonical_url import clean_url
from feedarchive.identity.fingerprint import fingerprint, letters_and_digits
from feedarchive.identity.site import is_own_site
from feedarchive.markdown.clean_html import as_html, sanitised
from feedarchive.markdown.plain_text import plain_line, visible_text
from feedarchive.markdown.to_markdown import enclosure_list, to_markdown
from feedarchive.text import one_line, shorten

_MAX_DESCRIPTION = 500
_MAX_TITLE = 1000
_MAX_LIST = 100
_MAX_NAME_READ = 2000


@dataclass(frozen=True)
class EntrySource:
    """Where an entry comes from: the feed's URL and title, and what the feed says of all its entries.

    ``base`` is the URL the document was at in the end, which relative addresses follow.
    """

    url: str
    base: str = ""
    title: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    html_body: bool = False
    home_page: str = ""

    def page_of(self, link: str) -> str:
        """What relative links in an entry's text are relative to: its own page, where its publisher shows it.

        A link blog's entry links a stranger's page: then it is the document that counts.
        """
        return link if is_own_site(link, self.url, self.home_page) else self.base or self.url


def richest_text(entry: Entry) -> Text | None:
    """The text with the most to read; of equals the one the feed calls content."""
    candidates = [*entry.contents, *([entry.summary] if entry.summary else [])]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    return max(candidates, key=lambda text: len(letters_and_digits(visible_text(text))))


def entry_text(entry: Entry) -> str:
    """An entry's visible text: what a wording is made of, besides the title."""
    chosen = richest_text(entry)
    return visible_text(chosen) if chosen else ""


def wording_of(title: str, entry: Entry) -> str:
    """The fingerprint of an article's words: its title and its visible text."""
    return fingerprint(title, entry_text(entry))


def compose(entry: Entry, title: str, link: str, source: EntrySource, article_id: str) -> Article:
    """The article an entry is."""
    chosen = richest_text(entry)
    base = source.base or source.url
    tree = sanitised(_with_own_base_only(chosen, base), source.page_of(link)) if chosen else None
    image = _image(entry, tree, base)
    attached = enclosure_list(_not_shown_yet(entry.enclosures, _addresses_in(tree) | {image}, base))
    body = ""
    if tree is not None:
        body = as_html(tree) if source.html_body else to_markdown(tree)
    text = visible_text(chosen) if chosen else ""
    return Article(
        id=article_id,
        title=shorten(title, _MAX_TITLE),
        description=_description(entry, chosen, text),
        image=image,
        link=link,
        source=source.url,
        feed=source.title,
        body="\n\n".join(part for part in (body, attached) if part),
        wording=fingerprint(title, text),
        guid=one_line(entry.guid),
        language=one_line(entry.language or source.language)[:35],
        authors=_lines(entry.authors),
        tags=_lines((*entry.tags, *source.tags)),
        published=parse_date(entry.published),
        updated=parse_date(entry.updated),
    )


def _with_own_base_only(text: Text, document_url: str) -> Text:
    """feedparser gives every text the document's URL as its base; only an xml:base of its own says more."""
    return replace(text, base="") if text.base == document_url else text


def _description(entry: Entry, chosen: Text | None, text: str) -> str:
    """The publisher's summary, or the beginning of the text where there is none besides it."""
    if entry.summary and entry.summary is not chosen and (line := plain_line(entry.summary)):
        return shorten(line, _MAX_DESCRIPTION)
    return shorten(one_line(text[: _MAX_DESCRIPTION * 20]), _MAX_DESCRIPTION)


def _image(entry: Entry, tree: HtmlElement | None, base: str) -> str:
    """The picture that stands for the article: named by the feed, attached, or the first in the text."""
    named = (*entry.images, *(e.url for e in entry.enclosures if e.type.startswith("image")))
    for candidate in named:
        if address := clean_url(candidate, base):
            return address
    first = next(iter(tree.iter("img")), None) if tree is not None else None
    return str(first.get("src") or "") if first is not None else ""


def _addresses_in(tree: HtmlElement | None) -> set[str]:
    """What the text links to and shows. Before it is converted: in Markdown a URL may look otherwise."""
    elements = tree.iter("a", "img") if tree is not None else ()
    return {str(element.get("href") or element.get("src")) for element in elements}


def _not_shown_yet(enclosures: tuple[Enclosure, ...], shown: set[str], base: str) -> list[Enclosure]:
    missing: dict[str, Enclosure] = {}
    for enclosure in enclosures:
        address = clean_url(enclosure.url, base)
        if address and address not in shown and address not in missing:
            missing[address] = Enclosure(address, one_line(enclosure.type), enclosure.length, one_line(enclosure.title))
    return list(missing.values())


def _lines(values: Iterable[str]) -> tuple[str, ...]:
    """Distinct names as plain lines; a feed with 100,000 tags on an entry keeps the first hundred."""
    lines: dict[str, None] = {}
    for value in values:
        if len(lines) == _MAX_LIST:
            break
        if line := _name(value[:_MAX_NAME_READ]):
            lines[line] = None
    return tuple(lines)


@lru_cache(maxsize=4096)
def _name(value: str) -> str:
    """An author or a tag as a line. Most of a feed's entries have the same ones."""
    return shorten(plain_line(Text(value, html=True)), 200)

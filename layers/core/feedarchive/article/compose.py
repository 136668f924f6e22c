"""Compose an article from an entry: choose its text, sanitize it, convert it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from feedarchive.article.article import Article
from feedarchive.article.choose_image import choose_image
from feedarchive.article.choose_text import ChosenText, choose_text
from feedarchive.article.enclosures import enclosure_list, unlisted_enclosures, urls_in
from feedarchive.document.dates import parse_date
from feedarchive.document.model import Entry, Text
from feedarchive.identity.canonical_url import clean_url
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.identity.site import is_own_site
from feedarchive.markdown.clean_html import clean_html
from feedarchive.markdown.readable_text import readable_line, readable_text
from feedarchive.markdown.to_html import to_html
from feedarchive.markdown.to_markdown import to_markdown
from feedarchive.markdown.visible_text import plain_line
from feedarchive.text import one_line, shorten

# In characters, but for _MAX_NAMES.
_MAX_DESCRIPTION = 500
_MAX_TITLE = 1000
_MAX_LANGUAGE = 35
_MAX_NAME = 200
_MAX_NAMES = 100
_MAX_NAME_PARSED = 2000
_MAX_DESCRIPTION_PARSED = _MAX_DESCRIPTION * 20


@dataclass(frozen=True)
class EntrySource:
    """Where an entry comes from: the feed's URL and title, and what the feed says about all its entries.

    ``base`` is the URL of the document after redirects.
    """

    url: str
    base: str = ""
    title: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    html_body: bool = False
    home_page: str = ""

    def base_url(self, link: str) -> str:
        """Return the URL that resolves relative URLs in an entry's text: its own page, if that is on the feed's site.

        An entry of a link blog links to a page of another site. Then it is the URL of the document.
        """
        return link if is_own_site(link, self.url, self.home_page) else self.base or self.url

    def page_url(self, link: str, guid: str) -> str:
        """Return the URL of an entry's own page, "" if it is not known: in-page links lead there."""
        own = (url for url in (link, clean_url(guid)) if url and is_own_site(url, self.url, self.home_page))
        return next(own, "").partition("#")[0]


def compose(
    entry: Entry, title: str, link: str, source: EntrySource, article_id: str, text: ChosenText | None = None
) -> Article:
    """Return the article of an entry. ``text`` is what ``choose_text`` returned for it, if that was called already."""
    text = text or choose_text(entry)
    chosen = text.text
    base = source.base or source.url
    page = source.page_url(link, entry.guid)
    tree = clean_html(_without_document_base(chosen, base), source.base_url(link), page) if chosen else None
    image = choose_image(entry, tree, base)
    words = letters_and_digits(text.words) if any(e.title for e in entry.enclosures) else ""
    attached = enclosure_list(unlisted_enclosures(entry.enclosures, urls_in(tree) | {image}, base, words))
    body = ""
    if tree is not None:
        body = to_html(tree) if source.html_body else to_markdown(tree)
    return Article(
        id=article_id,
        title=shorten(_written_title(entry, title), _MAX_TITLE),
        description=_description(text),
        image=image,
        link=link,
        source=source.url,
        feed=source.title,
        body="\n\n".join(part for part in (body, attached) if part),
        wording=text.wording(title),
        wording_1=text.wording_1(title) if text.is_changed else "",
        guid=one_line(entry.guid),
        language=one_line(entry.language or source.language)[:_MAX_LANGUAGE],
        authors=_plain_names(entry.authors),
        tags=_plain_names((*entry.tags, *source.tags)),
        published=parse_date(entry.published),
        updated=parse_date(entry.updated),
    )


def _written_title(entry: Entry, title: str) -> str:
    """Return the title as it is written: ids depend on ``title``, where "10<sup>3</sup>" is "103"."""
    is_marked_up = entry.title.html and "<" in entry.title.value
    return readable_line(entry.title) if is_marked_up and plain_line(entry.title) == title else title


def _without_document_base(text: Text, document_url: str) -> Text:
    """Drop a base that is the document's URL: feedparser sets it on every text, only an ``xml:base`` differs."""
    return replace(text, base="") if text.base == document_url else text


def _description(chosen: ChosenText) -> str:
    """Return the publisher's summary, or the beginning of the text if there is no other summary."""
    if chosen.summary and (line := readable_line(chosen.summary)):
        return shorten(line, _MAX_DESCRIPTION)
    text = readable_text(chosen.text) if chosen.text else ""
    return shorten(one_line(text[:_MAX_DESCRIPTION_PARSED]), _MAX_DESCRIPTION)


def _plain_names(values: Iterable[str]) -> tuple[str, ...]:
    """Return distinct authors or tags as plain lines; of an entry with 100,000 tags the first hundred."""
    names: dict[str, None] = {}
    for value in values:
        if len(names) == _MAX_NAMES:
            break
        if name := _plain_name(value[:_MAX_NAME_PARSED]):
            names[name] = None
    return tuple(names)


@lru_cache(maxsize=4096)
def _plain_name(value: str) -> str:
    """Convert one name. Cached, because most entries of a feed have the same authors and tags."""
    return shorten(plain_line(Text(value, html=True)), _MAX_NAME)

"""Make an article from an entry: choose the entry's text, sanitize it, and convert it to Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from feedarchive.article.article import Article
from feedarchive.article.choose_image import choose_image
from feedarchive.article.choose_text import MAX_DESCRIPTION, ChosenText, choose_text
from feedarchive.article.enclosures import enclosure_list, unlisted_enclosures, urls_in
from feedarchive.article.shown_link import shown_link, unwrap_link
from feedarchive.article.tag_slugs import slug_tags
from feedarchive.article.written_title import written_title
from feedarchive.document.dates import parse_date
from feedarchive.document.model import Entry, Origin, Text
from feedarchive.identity.canonical_url import clean_url
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.identity.site import is_own_site
from feedarchive.markdown.clean_html import clean_html
from feedarchive.markdown.image_urls import larger_images
from feedarchive.markdown.readable_text import readable_line, readable_text
from feedarchive.markdown.to_html import to_html
from feedarchive.markdown.to_markdown import to_markdown
from feedarchive.markdown.visible_text import plain_line
from feedarchive.text import one_line, shorten

_MAX_TITLE_CHARS = 1000
_MAX_LANGUAGE_CHARS = 35
# Blogger adds a tag that starts with this to every entry. It is left out, because the author did not choose it.
_KIND_OF_ENTRY = "http://schemas.google.com/"
_MAX_NAME_CHARS = 200
_MAX_NAMES = 100
_MAX_DATE_CHARS = 100
_MAX_NAME_PARSED_CHARS = 2000
_MAX_DESCRIPTION_PARSED_CHARS = MAX_DESCRIPTION * 20


@dataclass(frozen=True)
class EntrySource:
    """The values and settings of a feed that are needed to make articles from its entries.

    - ``url``, ``title``: the URL and title of the feed.
    - ``base``: the URL of the feed document after redirects; "" if it is the same as ``url``.
    - ``language``: the language of entries that do not name one.
    - ``tags``: added to the tags of each entry.
    - ``html_body``: write the body as HTML instead of Markdown.
    - ``home_page``: the URL of the feed's site.
    - ``slug_tags``: write each tag as one word (tag_slugs.py).
    """

    url: str
    base: str = ""
    title: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    html_body: bool = False
    home_page: str = ""
    slug_tags: bool = False

    def base_url(self, link: str) -> str:
        """Return the base of the relative URLs in an entry's text.

        This is the entry's link if it leads to the feed's own site, otherwise the URL of the feed document.
        """
        return link if is_own_site(link, self.url, self.home_page) else self.base or self.url

    def page_url(self, link: str, guid: str) -> str:
        """Return the URL of an entry's own page, without fragment; "" if the entry has no URL on the feed's site.

        Links within the text, such as ``#note-1``, become links to this page.
        """
        own = (url for url in (link, clean_url(guid)) if url and is_own_site(url, self.url, self.home_page))
        return next(own, "").partition("#")[0]


def compose(
    entry: Entry, title: str, link: str, source: EntrySource, article_id: str, text: ChosenText | None = None
) -> Article:
    """Return the article of an entry.

    - ``title``, ``link``: the title and the link from which the article's id was made.
    - ``text``: the result of ``choose_text``; if it is None, ``choose_text`` is called.
    """
    text = text or choose_text(entry)
    chosen = text.text
    base = source.base or source.url
    link = shown_link(link, entry.written_link, base, source.url, source.home_page)
    page = source.page_url(link, entry.guid)
    tree = clean_html(_without_document_base(chosen, base), source.base_url(link), page) if chosen else None
    image = choose_image(entry, tree, base)
    words = letters_and_digits(text.words) if any(e.title for e in entry.enclosures) else ""
    attached = enclosure_list(unlisted_enclosures(entry.enclosures, urls_in(tree) | {image}, base, words))
    body = ""
    if tree is not None:
        body = to_html(tree) if source.html_body else to_markdown(tree)
    published, as_written = _published(entry)
    return Article(
        id=article_id,
        title=shorten(written_title(entry.title, title) or plain_line(entry.other_title), _MAX_TITLE_CHARS),
        description=_description(text),
        image=image,
        link=unwrap_link(link),
        source=source.url,
        feed=source.title,
        body="\n\n".join(part for part in (body, attached) if part),
        wording=text.wording(title),
        wording_1=text.wording_1(title) if text.differs_from_version_1 else "",
        guid=one_line(entry.guid),
        language=one_line(entry.language or source.language)[:_MAX_LANGUAGE_CHARS],
        authors=_plain_names(entry.authors),
        tags=_tags(entry, source),
        published=published,
        published_as_written=as_written,
        updated=parse_date(entry.updated),
        duration=entry.episode.duration,
        episode=one_line(entry.episode.number),
        season=one_line(entry.episode.season),
        transcript=clean_url(entry.episode.transcript, base),
        chapters=clean_url(entry.episode.chapters, base),
        larger_images=larger_images(tree) if tree is not None else (),
        **_original(entry.origin, source, base),
    )


def _published(entry: Entry) -> tuple[datetime | None, str]:
    """Return the first date of publication that can be parsed; None if there is none.

    The second value is the text of the date as the feed has it, on one line; "" if a date was parsed.
    """
    for written in dict.fromkeys((entry.published, *entry.other_dates)):
        if date := parse_date(written):
            return date, ""
    return None, one_line(entry.published)[:_MAX_DATE_CHARS]


def _original(origin: Origin, source: EntrySource, base: str) -> dict[str, str]:
    """Return the fields that name the feed from which an aggregator took an entry.

    Returns {} if the entry is from the polled feed itself.
    """
    url, title = clean_url(origin.url, base), shorten(plain_line(Text(origin.title, html=True)), _MAX_NAME_CHARS)
    if url in (source.url, base) or title == source.title:
        return {}
    return {"original_feed": title, "original_source": url}


def _without_document_base(text: Text, document_url: str) -> Text:
    """Remove the base URL of a text if it is only feedparser's default: the URL of the document."""
    return replace(text, base="") if text.base == document_url else text


def _description(chosen: ChosenText) -> str:
    """Return the publisher's summary as one line. If there is none, return the beginning of the text."""
    if chosen.summary and (line := readable_line(chosen.summary, chosen.summary_words)):
        return shorten(line, MAX_DESCRIPTION)
    text = readable_text(chosen.text, chosen.words) if chosen.text else ""
    return shorten(one_line(text[:_MAX_DESCRIPTION_PARSED_CHARS]), MAX_DESCRIPTION)


def _tags(entry: Entry, source: EntrySource) -> tuple[str, ...]:
    tags = _plain_names((*(tag for tag in entry.tags if not tag.startswith(_KIND_OF_ENTRY)), *source.tags))
    return slug_tags(tags) if source.slug_tags else tags


def _plain_names(values: Iterable[str]) -> tuple[str, ...]:
    """Return authors or tags as plain text, each once. At most _MAX_NAMES, because some entries have 100,000 tags."""
    names: dict[str, None] = {}
    for value in values:
        if len(names) == _MAX_NAMES:
            break
        if name := _plain_name(value[:_MAX_NAME_PARSED_CHARS]):
            names[name] = None
    return tuple(names)


@lru_cache(maxsize=4096)
def _plain_name(value: str) -> str:
    """Return one author or tag as plain text. Cached: most entries of a feed have the same authors and tags."""
    return shorten(plain_line(Text(value, html=True)), _MAX_NAME_CHARS)

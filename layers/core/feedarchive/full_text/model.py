"""A request to extract the text of a page, and its results. These values are sent between processes."""

from __future__ import annotations

from dataclasses import dataclass

from feedarchive.kinds import Kind


class NoTextReason(Kind):
    """Why a page that was fetched gives no full text."""

    NOT_HTML = "not-html", "the link leads to a file that is not a web page, such as a PDF"
    CHALLENGE = (
        "challenge",
        "a challenge page, which only a browser can pass",
        "the server admits only browsers: ask the publisher to admit feed readers",
    )
    LOGIN = (
        "login",
        "the page asks for a login",
        "if the page is on the feed's own host, add your login to the feed in feeds.toml, under headers",
    )
    PAYWALL = (
        "paywall",
        "the page shows only the beginning to those who do not pay",
        "if you pay, and the page is on the feed's own host, add your login to the feed in feeds.toml, under headers",
    )
    TOO_SHORT = (
        "too-short",
        "the page has no text, or only a line: it may be a video, a gallery, or a page that needs scripts",
    )
    TEASER_ONLY = (
        "teaser-only",
        "the page has no more words than the feed",
        "if this happens with all articles of the feed, turn full_text off",
    )
    OTHER_PAGE = (
        "other-page",
        "the page is about something else: the article was removed, or the site asks for consent first",
        "open the link in a browser",
    )
    TOO_HARD = "too-hard", "extracting the text takes too much time or memory"


@dataclass(frozen=True)
class PageRequest:
    """A request to extract the article of a page. ``body`` is the page as the server sent it.

    - ``url`` is the URL after redirects.
    - ``content_type`` is the Content-Type header.
    - ``feed_words`` is the number of words in the text from the feed. If the page does not have more words, the result
      is TEASER_ONLY.
    - ``html_body``: whether the result is HTML instead of Markdown.
    - ``title`` is the article's title. If too few of its words are in the page, the result is OTHER_PAGE. "" turns
      this check off.
    """

    body: bytes
    url: str
    content_type: str = ""
    feed_words: int = 0
    html_body: bool = False
    title: str = ""


@dataclass(frozen=True)
class ExtractedPage:
    """The article in a page.

    - ``html`` is not yet sanitized. It is "" if the page has no article.
    - ``extractor`` is what found the text: "json-ld", or a library with its version such as "trafilatura 2.3.1".
    - ``title`` and ``language`` are the title and the language of the page, "" if unknown.
    - ``canonical`` is the canonical URL that the page names, "" if it names none.
    - ``base`` is the URL that relative links refer to.
    """

    html: str
    extractor: str
    title: str = ""
    language: str = ""
    canonical: str = ""
    base: str = ""


@dataclass(frozen=True)
class PageText:
    """The full text of an article.

    - ``body`` is the text in Markdown or HTML.
    - ``words`` is the number of words in it.
    - ``larger_images``: pairs of URLs: a picture in the page, and a larger version of the picture.
    - The other fields are copied from ``ExtractedPage``.
    """

    body: str
    words: int
    extractor: str
    title: str = ""
    language: str = ""
    canonical: str = ""
    larger_images: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class NoText:
    """The reason why a page gives no full text. ``detail`` is a message for people."""

    reason: NoTextReason
    detail: str

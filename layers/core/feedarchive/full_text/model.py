"""A page whose text is to be extracted, and the results. Plain values that are sent between processes."""

from __future__ import annotations

from dataclasses import dataclass

from feedarchive.kinds import Kind


class NoTextReason(Kind):
    """Why a page that was received gives no full text."""

    NOT_HTML = "not-html", "the link leads to a file that is not a web page, such as a PDF"
    CHALLENGE = (
        "challenge",
        "a challenge page, which only a browser can pass",
        "the server admits only browsers: ask the publisher to admit feed readers",
    )
    LOGIN = (
        "login",
        "the page asks for a login",
        "if you have one, and the page is on the feed's own host, add it to the feed in feeds.toml, under headers",
    )
    PAYWALL = (
        "paywall",
        "the page shows only the beginning to those who do not pay",
        "if you pay, and the page is on the feed's own host, add your login to the feed in feeds.toml, under headers",
    )
    TOO_SHORT = (
        "too-short",
        "the page has no text, or only a line: a video, a gallery, or a page that a script fills",
    )
    TEASER_ONLY = (
        "teaser-only",
        "the page has no more words than the feed",
        "if it is so for all articles of the feed, turn full_text off",
    )
    OTHER_PAGE = (
        "other-page",
        "the page is about something else: the article was removed, or the site asks for consent first",
        "open the link in a browser",
    )
    TOO_HARD = "too-hard", "extracting the text takes too much time or memory"


@dataclass(frozen=True)
class PageRequest:
    """A page as a server sent it. ``url`` is its URL after redirects, ``content_type`` its header.

    ``feed_words`` is the number of words of the article's file (article/word_count.py): a page with no more words
    adds nothing. ``html_body``: write HTML instead of Markdown (``body = "html"`` of the feed). ``title`` is the
    article's: a page with few of its words is another one; "" if that is not to be checked.
    """

    body: bytes
    url: str
    content_type: str = ""
    feed_words: int = 0
    html_body: bool = False
    title: str = ""


@dataclass(frozen=True)
class ExtractedPage:
    """The article in a page, as HTML that is not yet sanitized.

    ``canonical`` is the URL that the page calls its own, "" if it names none. ``extractor`` is the name of what found
    the text, with the version of a library: "trafilatura 2.3.1". Title and language are "" if unknown. ``base`` is the
    URL for relative links.
    """

    html: str
    extractor: str
    title: str = ""
    language: str = ""
    canonical: str = ""
    base: str = ""


@dataclass(frozen=True)
class PageText:
    """The full text of an article: ``body`` as an article's file has it, in Markdown or HTML, and its words.

    ``larger_images``: see Article. The other fields are those of ``ExtractedPage``.
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
    """A page without a full text. ``detail`` is a message for people."""

    reason: NoTextReason
    detail: str

"""Find the feeds at a URL, which may be the URL of a feed or of a web page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed, default_id
from feedarchive.parsing.model import LimitExceeded, ParsedDocument
from feedarchive.parsing.pool import ParserPool
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.results import Fetched, FetchFailed, FetchResult
from feedarchive.polling.validators import Validators
from feedarchive.problems import FeedError
from feedarchive.subscriptions.feed_summary import FeedSummary, changed_at_once, summarize, wordings
from feedarchive.subscriptions.feed_urls import spelling_key, urls_to_try
from feedarchive.subscriptions.page_links import FeedLink, advertised_links, asks_for_login, linked_feeds
from feedarchive.url_secrets import public_url

MAX_FETCHED = 12
"""How many of the feeds that a page links to are fetched. The other feeds are only listed."""
_WELL_KNOWN = (
    "feed", "feed.xml", "rss", "rss.xml", "atom.xml", "index.xml", "feed.json", "feeds/posts/default",
)  # fmt: skip
_MAX_WELL_KNOWN = 16
# If https fails with one of these errors, http is tried.
_TRY_OTHER_SCHEME = frozenset({FeedError.UNREACHABLE, FeedError.TLS, FeedError.TIMEOUT, FeedError.CONNECTION})
# After one of these errors, no further request is sent to the server.
_STOP = frozenset({FeedError.RATE_LIMITED, FeedError.CHALLENGE})
# Two feeds count as the same feed if 80% of the smaller feed's articles are in the larger feed too.
_MIN_SHARED = 0.8


@dataclass(frozen=True)
class FoundFeed:
    """A feed that was fetched.

    - ``url``: the URL to subscribe to. It may contain secrets.
    - ``response``: the response that contains the feed document.
    - ``home_page``: the URL of the web site of the feed; "" if unknown.
    - ``is_for_comments``: whether the feed probably contains comments, not articles.
    - ``same_as``: the URL of another found feed with the same articles; "" if there is none.
    """

    url: str
    response: Fetched
    title: str
    home_page: str
    summary: FeedSummary
    document: ParsedDocument
    is_for_comments: bool = False
    same_as: str = ""

    @property
    def urls(self) -> tuple[str, str]:
        return self.url, self.response.private_url


@dataclass(frozen=True)
class Discovery:
    """The feeds that were found at a URL.

    - ``page``: the URL of the web page; "" if there is a feed at the URL itself.
    - ``not_fetched``: links on the page that may lead to feeds, but were not fetched.
    - ``failed``: the URLs at which no feed was found, each with the reason.
    - ``problem``: why no feed was found at all; "" if a feed was found.
    """

    feeds: tuple[FoundFeed, ...] = ()
    page: str = ""
    not_fetched: tuple[FeedLink, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Finder:
    """Finds feeds. ``on_request`` is called with each URL before the request is made."""

    fetcher: Fetcher
    parsers: ParserPool
    clock: Callable[[], datetime]
    on_request: Callable[[str], None] = field(default=lambda url: None)

    def find(self, url: str) -> Discovery:
        """Find the feeds at a URL that a user typed. The best feed comes first. Raises InvalidUrl."""
        urls = urls_to_try(url)
        failures: list[FetchFailed] = []
        for candidate in urls:
            response = self._fetch(candidate)
            if isinstance(response, Fetched):
                return self._at(candidate, response)
            assert isinstance(response, FetchFailed)
            failures.append(response)
            if response.kind not in _TRY_OTHER_SCHEME:
                break
        return Discovery(problem=f"{public_url(urls[len(failures) - 1])}: {failures[-1].detail}")

    def fetch_link(self, link: FeedLink) -> FoundFeed | str:
        """Fetch the feed to which a link leads. Returns the feed, or a message that says why there is none."""
        response = self._fetch(link.url)
        if not isinstance(response, Fetched):
            return response.detail if isinstance(response, FetchFailed) else "the server sent no document"
        return self._feed(link.url, response, link)

    def with_changes(self, found: FoundFeed) -> FoundFeed:
        """Fetch a feed again, to find out whether its entries change at every poll.

        If the entries have changed, the summary of the returned feed contains the risk ``CHANGES``.
        """
        before = wordings(found.document)
        if len(before) < 2:
            return found
        self.on_request(public_url(found.url))
        response = self.fetcher.fetch(
            _as_feed(found.url), Validators(found.response.etag, found.response.last_modified)
        )
        if not isinstance(response, Fetched):
            return found
        document = self._parse(found.url, response)
        changes = isinstance(document, ParsedDocument) and changed_at_once(before, wordings(document))
        summary = summarize(found.document, self.clock(), changes)
        return replace(found, summary=summary)

    def _at(self, url: str, response: Fetched) -> Discovery:
        found = self._feed(url, response, FeedLink(url))
        if isinstance(found, FoundFeed):
            return Discovery((found,))
        page, url_of_page = response.url, response.private_url
        links = advertised_links(response.body, url_of_page, response.content_type)
        links = links or linked_feeds(response.body, url_of_page, response.content_type)
        links = [link for link in links if spelling_key(link.url) != spelling_key(page)]
        feeds, failed = self._fetch_all(links[:MAX_FETCHED], only_first=False)
        if not feeds and not links:
            feeds, _ = self._fetch_all(_well_known(url_of_page), only_first=True)
        if feeds:
            return Discovery(tuple(_in_order(feeds)), page, tuple(links[MAX_FETCHED:]), tuple(failed))
        return Discovery(page=page, failed=tuple(failed), problem=_no_feed(url, response, found, failed))

    def _fetch_all(self, links: Iterable[FeedLink], only_first: bool) -> tuple[list[FoundFeed], list[tuple[str, str]]]:
        feeds: list[FoundFeed] = []
        failed: list[tuple[str, str]] = []
        for link in links:
            response = self._fetch(link.url)
            if isinstance(response, Fetched):
                found = self._feed(link.url, response, link)
            else:
                found = response.detail if isinstance(response, FetchFailed) else ""
            if isinstance(found, FoundFeed):
                feeds.append(found)
                if only_first:
                    break
            else:
                failed.append((public_url(link.url), found))
            if isinstance(response, FetchFailed) and response.kind in _STOP:
                break
        return feeds, failed

    def _fetch(self, url: str) -> FetchResult:
        self.on_request(public_url(url))
        return self.fetcher.fetch(_as_feed(url))

    def _parse(self, url: str, response: Fetched) -> ParsedDocument | NotAFeed | LimitExceeded:
        return self.parsers.parse(response.parse_request(_as_feed(url)))

    def _feed(self, url: str, response: Fetched, link: FeedLink) -> FoundFeed | str:
        """Parse a response. Returns the feed, or a message that says why the response is not a feed."""
        document = self._parse(url, response)
        if isinstance(document, NotAFeed):
            return f"the server sent {document.reason}"
        if isinstance(document, LimitExceeded):
            return document.reason
        return FoundFeed(
            url=response.private_url if response.moved_permanently and "@" not in urlsplit(url).netloc else url,
            response=response,
            title=document.title or link.title,
            home_page=document.home_page,
            summary=summarize(document, self.clock()),
            document=document,
            is_for_comments=link.is_for_comments or FeedLink(response.url, document.title).is_for_comments,
        )


def _as_feed(url: str) -> Feed:
    return Feed(url, default_id(url))


def _well_known(page: str) -> list[FeedLink]:
    """Return usual URLs of feeds, such as ``/feed.xml``, in the folder of a page and at the root of its site."""
    folder = page if urlsplit(page).path.endswith("/") else urljoin(page, ".")
    bases = dict.fromkeys((folder.partition("?")[0], urljoin(page, "/")))
    urls = dict.fromkeys(urljoin(base, path) for path in _WELL_KNOWN for base in bases)
    return [FeedLink(url) for url in list(urls)[:_MAX_WELL_KNOWN]]


def _in_order(feeds: list[FoundFeed]) -> list[FoundFeed]:
    """Sort the feeds and remove duplicates.

    Normal feeds come first, then feeds that repeat the articles of another feed, then feeds of comments.
    """
    unique: dict[str, FoundFeed] = {}
    for each in feeds:
        unique.setdefault(spelling_key(each.response.private_url), each)
    result: list[FoundFeed] = []
    for each in unique.values():
        same = next((first.url for first in result if not first.same_as and _same_articles(first, each)), "")
        result.append(replace(each, same_as=same))
    return sorted(result, key=lambda each: (each.is_for_comments, bool(each.same_as)))


def _same_articles(first: FoundFeed, other: FoundFeed) -> bool:
    links = {each.article.link for each in first.document.candidates} - {""}
    others = {each.article.link for each in other.document.candidates} - {""}
    smaller = min(len(links), len(others))
    return smaller > 0 and len(links & others) >= _MIN_SHARED * smaller


def _no_feed(url: str, response: Fetched, reason: str, failed: list[tuple[str, str]]) -> str:
    page = response.url
    where = page if spelling_key(page) == spelling_key(url) else f"{public_url(url)} leads to {page}, which"
    if asks_for_login(response.body):
        return f"{where} asks for a login, and no feed was found there: log in with a browser and copy the feed's URL"
    if len(failed) == 1:
        return f"{where} declares one feed, {failed[0][0]}, which could not be read: {failed[0][1]}"
    if failed:
        first, why = failed[0]
        return f"{where} declares {len(failed)} feeds, but none could be read, for example {first}: {why}"
    no_feed = f"{where.removesuffix(', which')}: no feed there ({reason})"
    return f"{no_feed}; the page links to no feed, and usual paths such as /feed.xml have none"

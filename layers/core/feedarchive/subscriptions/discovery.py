"""Find the feeds at a URL that a person gave: the feed itself, or those of a web page.

Every request goes through the Fetcher, which checks each connection; they are made one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from feedarchive.document.model import NotAFeed
from feedarchive.feeds.feed import Feed, default_id
from feedarchive.parsing.model import LimitExceeded, ParsedDocument, ParseRequest
from feedarchive.parsing.pool import ParserPool
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.results import Fetched, FetchFailed, FetchResult
from feedarchive.problems import FeedError
from feedarchive.subscriptions.feed_summary import FeedSummary, changed_at_once, summarize, wordings
from feedarchive.subscriptions.feed_urls import spelling_key, urls_to_try
from feedarchive.subscriptions.page_links import FeedLink, advertised_links, asks_for_login, linked_feeds
from feedarchive.urls import without_credentials

MAX_FETCHED = 12
"""How many feeds of one page are fetched for their summary; more are only listed."""
_WELL_KNOWN = (
    "feed", "feed.xml", "rss", "rss.xml", "atom.xml", "index.xml", "feed.json", "feeds/posts/default",
)  # fmt: skip
_MAX_WELL_KNOWN = 16
# With these, the same host may answer over http.
_TRY_OTHER_SCHEME = frozenset({FeedError.UNREACHABLE, FeedError.TLS, FeedError.TIMEOUT, FeedError.CONNECTION})
# After these, the server gets no further requests.
_STOP = frozenset({FeedError.RATE_LIMITED, FeedError.CHALLENGE})
_SAME_FEED = 0.8  # of the articles of one feed that are also in another


@dataclass(frozen=True)
class FoundFeed:
    """A feed that was fetched. ``url`` is the one to subscribe to, ``response.url`` where its document was found."""

    url: str
    response: Fetched
    title: str
    home_page: str
    summary: FeedSummary
    document: ParsedDocument
    is_for_comments: bool = False
    same_as: str = ""  # the URL of the feed that has the same articles

    @property
    def urls(self) -> tuple[str, str]:
        return self.url, self.response.url


@dataclass(frozen=True)
class Discovery:
    """What is at a URL. ``page`` is that of the web page, "" if the URL is a feed. ``not_fetched`` are further feeds
    that the page declares, ``failed`` those that turned out not to be any. ``problem`` says why there is no feed.
    """

    feeds: tuple[FoundFeed, ...] = ()
    page: str = ""
    not_fetched: tuple[FeedLink, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Finder:
    """Finds feeds. ``looking_at`` gets each URL before it is requested."""

    fetcher: Fetcher
    parsers: ParserPool
    clock: Callable[[], datetime]
    looking_at: Callable[[str], None] = field(default=lambda url: None)

    def find(self, written: str) -> Discovery:
        """The feeds at a URL, the best first. Raises InvalidUrl."""
        urls = urls_to_try(written)
        answers: list[FetchFailed] = []
        for url in urls:
            answer = self._fetch(url)
            if isinstance(answer, Fetched):
                return self._at(url, answer)
            assert isinstance(answer, FetchFailed)
            answers.append(answer)
            if answer.kind not in _TRY_OTHER_SCHEME:
                break
        return Discovery(problem=f"{without_credentials(urls[len(answers) - 1])}: {answers[-1].detail}")

    def look_at(self, link: FeedLink) -> FoundFeed | str:
        """The feed that a link leads to, or why there is none."""
        answer = self._fetch(link.url)
        if not isinstance(answer, Fetched):
            return answer.detail if isinstance(answer, FetchFailed) else "the server sent no document"
        return self._feed(link.url, answer, link)

    def with_changes(self, found: FoundFeed) -> FoundFeed:
        """The same feed, and whether its entries change at every poll: it is requested once more, conditionally."""
        before = wordings(found.document)
        if len(before) < 2:
            return found
        self.looking_at(found.url)
        answer = self.fetcher.fetch(_as_feed(found.url), found.response.etag, found.response.last_modified)
        if not isinstance(answer, Fetched):
            return found
        document = self._parse(found.url, answer)
        changes = isinstance(document, ParsedDocument) and changed_at_once(before, wordings(document))
        summary = summarize(found.document, self.clock(), changes)
        return replace(found, summary=summary)

    def _at(self, url: str, answer: Fetched) -> Discovery:
        found = self._feed(url, answer, FeedLink(url))
        if isinstance(found, FoundFeed):
            return Discovery((found,))
        page = without_credentials(answer.url)
        links = advertised_links(answer.body, answer.url, answer.content_type)
        links = links or linked_feeds(answer.body, answer.url, answer.content_type)
        links = [link for link in links if spelling_key(link.url) != spelling_key(page)]
        feeds, failed = self._fetch_all(links[:MAX_FETCHED], only_first=False)
        if not feeds and not links:
            feeds, _ = self._fetch_all(_well_known(answer.url), only_first=True)
        if feeds:
            return Discovery(tuple(_in_order(feeds)), page, tuple(links[MAX_FETCHED:]), tuple(failed))
        return Discovery(page=page, failed=tuple(failed), problem=_no_feed(url, answer, found, failed))

    def _fetch_all(self, links: Iterable[FeedLink], only_first: bool) -> tuple[list[FoundFeed], list[tuple[str, str]]]:
        feeds: list[FoundFeed] = []
        failed: list[tuple[str, str]] = []
        for link in links:
            answer = self._fetch(link.url)
            if isinstance(answer, Fetched):
                found = self._feed(link.url, answer, link)
            else:
                found = answer.detail if isinstance(answer, FetchFailed) else ""
            if isinstance(found, FoundFeed):
                feeds.append(found)
                if only_first:
                    break
            else:
                failed.append((link.url, found))
            if isinstance(answer, FetchFailed) and answer.kind in _STOP:
                break
        return feeds, failed

    def _fetch(self, url: str) -> FetchResult:
        self.looking_at(without_credentials(url))
        return self.fetcher.fetch(_as_feed(url))

    def _parse(self, url: str, answer: Fetched) -> ParsedDocument | NotAFeed | LimitExceeded:
        return self.parsers.read(ParseRequest(answer.body, answer.url, answer.content_type, _as_feed(url)))

    def _feed(self, url: str, answer: Fetched, link: FeedLink) -> FoundFeed | str:
        """The feed in a response, or why it holds none."""
        document = self._parse(url, answer)
        if isinstance(document, NotAFeed):
            return f"the server sent {document.reason.partition(';')[0]}"
        if isinstance(document, LimitExceeded):
            return document.reason
        return FoundFeed(
            url=answer.url if answer.moved and "@" not in urlsplit(url).netloc else url,
            response=answer,
            title=document.title or link.title,
            home_page=document.home_page,
            summary=summarize(document, self.clock()),
            document=document,
            is_for_comments=link.is_for_comments or FeedLink(answer.url, document.title).is_for_comments,
        )


def _as_feed(url: str) -> Feed:
    return Feed(url, default_id(url))


def _well_known(page: str) -> list[FeedLink]:
    """The paths at which sites have feeds without saying so: below the page, then at the root of the site."""
    folder = page if urlsplit(page).path.endswith("/") else urljoin(page, ".")
    bases = dict.fromkeys((folder.partition("?")[0], urljoin(page, "/")))
    urls = dict.fromkeys(urljoin(base, path) for path in _WELL_KNOWN for base in bases)
    return [FeedLink(url) for url in list(urls)[:_MAX_WELL_KNOWN]]


def _in_order(feeds: list[FoundFeed]) -> list[FoundFeed]:
    """Comments last, before them feeds with the same articles as another, and no feed twice."""
    unique: dict[str, FoundFeed] = {}
    for each in feeds:
        unique.setdefault(spelling_key(each.response.url), each)
    marked: list[FoundFeed] = []
    for each in unique.values():
        same = next((first.url for first in marked if not first.same_as and _same_articles(first, each)), "")
        marked.append(replace(each, same_as=same))
    return sorted(marked, key=lambda each: (each.is_for_comments, bool(each.same_as)))


def _same_articles(first: FoundFeed, other: FoundFeed) -> bool:
    links = {each.article.link for each in first.document.articles} - {""}
    others = {each.article.link for each in other.document.articles} - {""}
    smaller = min(len(links), len(others))
    return smaller > 0 and len(links & others) >= _SAME_FEED * smaller


def _no_feed(url: str, answer: Fetched, reason: str, failed: list[tuple[str, str]]) -> str:
    page = without_credentials(answer.url)
    where = page if spelling_key(page) == spelling_key(url) else f"{without_credentials(url)} leads to {page}, which"
    if asks_for_login(answer.body):
        return f"{where} asks for a login, and no feed was found there: log in with a browser and copy the feed's URL"
    if len(failed) == 1:
        return f"{where} declares one feed, {failed[0][0]}, which could not be read: {failed[0][1]}"
    if failed:
        first, why = failed[0]
        return f"{where} declares {len(failed)} feeds, but none could be read; the first, {first}: {why}"
    return f"{where.removesuffix(', which')}: no feed there ({reason}); it declares none, and the usual paths have none"

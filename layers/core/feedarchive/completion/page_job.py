"""Do the jobs that fetch the text of an article's page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from feedarchive.archive.claim import ArticleClaim
from feedarchive.archive.companion_file import ArchivedCompanions
from feedarchive.article.file_names import CompanionKind, claim_name, version_of
from feedarchive.article.shown_link import unwrap_link
from feedarchive.article.word_count import count_visible_words
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.completion.fetch_results import is_front_page, not_fetched
from feedarchive.completion.job import Done, DoneKind, Job, JobResult, NotDone
from feedarchive.completion.tools import JobTools
from feedarchive.completion.wanted_jobs import has_enough_words
from feedarchive.feeds.feed import Feed
from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Failed
from feedarchive.full_text.full_text_file import FullText as PageFullText
from feedarchive.full_text.model import NoText, NoTextReason, PageRequest, PageText
from feedarchive.full_text.page_text import read_page
from feedarchive.full_text.write_full_text import FullTextOutcome, archived_full_texts, write_full_text
from feedarchive.media.article_media import MAX_IMAGES
from feedarchive.url_secrets import hide_secrets
from feedarchive.urls import host_of

# After a failure for one of these reasons the job is given up, because the page would be the same at the next attempt.
_FINAL = frozenset({NoTextReason.NOT_HTML, NoTextReason.TOO_HARD})
_RESULTS = {
    FullTextOutcome.CREATED: DoneKind.STORED,
    FullTextOutcome.ALREADY_ARCHIVED: DoneKind.ALREADY_STORED,
    FullTextOutcome.UNCHANGED: DoneKind.UNCHANGED,
    FullTextOutcome.DELETED: DoneKind.NOT_WANTED,
    FullTextOutcome.NO_ARTICLE: DoneKind.NOT_WANTED,
}


@dataclass(frozen=True)
class PageJobs:
    """Fetches the texts of pages. Implements JobHandler (tools.py)."""

    tools: JobTools

    def __call__(self, job: Job, feed: Feed) -> JobResult:
        """Fetch the page of an article, extract its text, and write the text to a file beside the article.

        If the archive already has the text of the page for this version of the article, do nothing.
        """
        tools = self.tools
        before = archived_full_texts(tools.claims, job.id)
        if before.is_deleted:
            return Done(DoneKind.NOT_WANTED)
        if before.number and not _is_edited(job, before, tools):
            return Done(DoneKind.ALREADY_STORED)
        stored = tools.store.read(job.version)
        if stored is None or not stored.is_complete:
            return Done(DoneKind.NOT_WANTED)
        article = stored.data.decode("utf-8", "replace")
        words = count_visible_words(body_of(article))
        if has_enough_words(feed, words):
            return Done(DoneKind.NOT_WANTED)
        page = tools.fetcher.get(job.link, feed=feed)
        if isinstance(page, Failed):
            return not_fetched(page, tools.clock())
        if is_front_page(page.private_url) and not is_front_page(unwrap_link(job.link)):
            return NotDone(FetchProblem.GONE, f"it redirects to the front page of {host_of(page.private_url)}")
        title = str(parse_front_matter(article).get("title", ""))
        secrets = tools.fetcher.secrets_of(feed)
        request = PageRequest(_masked(page.body, secrets), page.url, page.content_type, words, feed.html_body, title)
        text = read_page(tools.parsers, request)
        if isinstance(text, NoText):
            return NotDone(text.reason, text.detail, final=text.reason in _FINAL)
        text = _without_secrets(text, secrets)
        full_text = PageFullText(text.body, hide_secrets(page.url, secrets), text.extractor, text.canonical)
        outcome = write_full_text(tools.claims, tools.time_zone, job.version, full_text, before, feed.id)
        if outcome is not FullTextOutcome.CREATED or not (feed.images or feed.enclosures):
            return Done(_RESULTS[outcome], requested=True)
        larger = text.larger_images[:MAX_IMAGES]
        tools.larger_images[job.id] = larger
        return Done(_RESULTS[outcome], requested=True, has_pictures=True, larger_images=larger)


def _masked(body: bytes, secrets: tuple[str, ...]) -> bytes:
    """Mask the secrets of the feed's URL in a page. A link in the page may contain a secret such as a token."""
    return hide_secrets(body.decode("latin-1"), secrets).encode("latin-1") if secrets else body


def _without_secrets(text: PageText, secrets: tuple[str, ...]) -> PageText:
    """Mask the secrets in the extracted text.

    ``_masked`` does not find a secret that the page writes with character references, such as "&#97;" for "a".
    """

    def hidden(value: str) -> str:
        return hide_secrets(value, secrets)

    larger = tuple((hidden(url), hidden(larger)) for url, larger in text.larger_images)
    return replace(text, body=hidden(text.body), canonical=hidden(text.canonical), larger_images=larger)


def _is_edited(job: Job, before: ArchivedCompanions, tools: JobTools) -> bool:
    """Check whether the article was edited after its last full text was made."""
    if version_of(job.version) == 1:
        return False
    claim = tools.claims.read(claim_name(job.id, before.number, CompanionKind.FULL_TEXT))
    stored = tools.store.read(claim.key) if isinstance(claim, ArticleClaim) else None
    if stored is None:
        return False
    of = str(parse_front_matter(stored.data.decode("utf-8", "replace")).get("of", ""))
    return version_of(job.version) > version_of(of)

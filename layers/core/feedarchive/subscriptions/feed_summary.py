"""Summarize a feed for people who are about to subscribe to it. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from feedarchive.parsing.model import ParsedDocument
from feedarchive.text import count_of

# Matches the URLs of Markdown links. They are removed before the words are counted.
_DESTINATION = re.compile(r"\]\([^)\s]*\)|<https?://[^>\s]*>")
_WORD = re.compile(r"\w+")
_TEASER_WORDS, _SHORT_WORDS = 60, 150
_MIN_CHANGED = 4  # fewer changed entries may be normal edits
_STALE = timedelta(days=365)


class FeedRisk(StrEnum):
    """A problem of a feed that people should know before they subscribe. The values are messages."""

    NO_DATES = "its entries have no dates: articles get the date on which they were archived"
    NO_GUIDS = "its entries have no GUIDs: an article whose link changes is archived again"
    NO_LINKS = "its entries have no links"
    CHANGES = "its entries change at every poll, so no revisions can be kept: set revisions = false to avoid warnings"
    DAMAGED = "its document is damaged and had to be repaired: entries may be missing"
    STALE = "it has had nothing new for a year: the site may have another feed"


@dataclass(frozen=True)
class FeedSummary:
    """Facts about a feed, from one feed document.

    - ``entries``: the number of entries.
    - ``newest``: the latest date of an entry; None if the entries have no dates.
    - ``median_words``: the median number of words in the texts of the entries.
    - ``per_week``: how many entries are published in a week, according to their dates; None if unknown.
    """

    entries: int
    newest: datetime | None = None
    median_words: int = 0
    per_week: float | None = None
    risks: tuple[FeedRisk, ...] = ()

    @property
    def has_teasers_only(self) -> bool:
        """Whether most entries have only a few sentences."""
        return self.entries > 0 and self.median_words < _TEASER_WORDS


def summarize(document: ParsedDocument, now: datetime, changes: bool = False) -> FeedSummary:
    """Summarize a feed document, which must have been parsed without skipping known entries.

    ``changes``: whether the entries change at every poll (see ``changed_at_once``).
    """
    articles = [each.article for each in document.candidates]
    dates = sorted(date for article in articles if (date := article.published or article.updated))
    risks = {
        FeedRisk.NO_DATES: bool(articles) and not dates,
        FeedRisk.NO_GUIDS: bool(articles) and not any(article.guid for article in articles),
        FeedRisk.NO_LINKS: bool(articles) and not any(article.link for article in articles),
        FeedRisk.CHANGES: changes,
        FeedRisk.DAMAGED: bool(document.damage),
        FeedRisk.STALE: bool(dates) and now - dates[-1] > _STALE,
    }
    words = [len(_WORD.findall(_DESTINATION.sub("]", article.body))) for article in articles]
    return FeedSummary(
        entries=len(document.candidates) + len(document.rejected),
        newest=dates[-1] if dates else None,
        median_words=round(median(words)) if words else 0,
        per_week=_per_week(dates),
        risks=tuple(risk for risk, applies in risks.items() if applies),
    )


def wordings(document: ParsedDocument) -> dict[str, str]:
    """Return the wording of each entry, by article id. A wording is a fingerprint of title and text."""
    return {each.article.id: each.article.wording for each in document.candidates}


def changed_at_once(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Check whether most entries have changed between two requests that were made one right after the other.

    ``before``, ``after``: the wordings of the entries in the first and in the second document.
    """
    changed = sum(wording != after.get(article_id, wording) for article_id, wording in before.items())
    return changed >= _MIN_CHANGED and changed * 2 > len(before)


def summary_line(summary: FeedSummary) -> str:
    """Write a summary as one line: ``25 entries, newest 2025-12-24, about 3 a day, full text (median 640 words)``."""
    parts = [count_of(summary.entries, "entry")]
    if summary.newest:
        parts.append(f"newest {summary.newest:%Y-%m-%d}")
    if summary.per_week is not None:
        parts.append(_rate(summary.per_week))
    if summary.entries:
        kind = "full text" if summary.median_words >= _SHORT_WORDS else "short texts"
        kind = "teasers only" if summary.has_teasers_only else kind
        parts.append(f"{kind} (median {count_of(summary.median_words, 'word')})")
    return ", ".join(parts)


def _per_week(dates: list[datetime]) -> float | None:
    if len(dates) < 2 or dates[-1] - dates[0] < timedelta(minutes=1):
        return None
    return (len(dates) - 1) / ((dates[-1] - dates[0]) / timedelta(weeks=1))


def _rate(per_week: float) -> str:
    for unit, weeks in (("day", 1 / 7), ("week", 1.0), ("month", 365.25 / 84), ("year", 365.25 / 7)):
        if (number := per_week * weeks) >= 1:
            return f"about {number:,.0f} a {unit}"
    return "less than one a year"

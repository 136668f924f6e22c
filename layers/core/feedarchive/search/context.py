"""Make an excerpt of an article's text, and mark the words of the query in it. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from feedarchive.search.folded_text import fold, word_spans
from feedarchive.search.query import Query, Term

_MAX_EXCERPT_CHARS = 200
_MAX_CHARS_BEFORE_MATCH = 60
_MAX_CACHED_WORD_CHARS = 40
_MAX_TEXT_CHARS = 200_000


@dataclass(frozen=True)
class Context:
    """An excerpt of a text.

    ``marks``: the start and end of each word of the query in ``text``.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def context_of(text: str, query: Query) -> Context:
    """Make an excerpt: the part of a text that contains the most terms of a query.

    If the text contains none of the terms, the excerpt is the beginning of the text.
    """
    text = text[:_MAX_TEXT_CHARS]
    spans = word_spans(text)
    found = _occurrences(text, spans, query.wanted)
    if not found:
        return _line(text, spans, 0, [])
    return _line(text, spans, _best_start(found), [span for span, _ in found])


def marked(text: str, query: Query) -> Context:
    """Mark the words of a query in a complete text. This is for short texts, such as titles."""
    found = _occurrences(text, word_spans(text), query.wanted)
    return Context(text, _merged([span for span, _ in found]))


_Span = tuple[int, int]


def _occurrences(text: str, spans: Sequence[_Span], terms: Sequence[Term]) -> list[tuple[_Span, int]]:
    """Find all occurrences of the terms in a text, in order.

    Returns for each occurrence its start and end in the text, and the index of its term in ``terms``.

    ``spans``: the start and end of each word of the text.
    """
    words = (text[start:end] for start, end in spans)
    folded = [_folded(word) if len(word) <= _MAX_CACHED_WORD_CHARS else fold(word) for word in words]
    found = []
    for number, term in enumerate(terms):
        *head, last = term.sequence or ("",)
        for at, word in enumerate(folded):
            end = at + len(head)
            if end >= len(folded) or (word != head[0] if head else not _matches(word, last, term)):
                continue
            if folded[at:end] == head and _matches(folded[end], last, term):
                found.append(((spans[at][0], spans[end][1]), number))
    return sorted(found)


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """Fold a word. The result is cached, because most words of a text occur in other texts too."""
    return fold(word)


def _matches(word: str, wanted: str, term: Term) -> bool:
    return bool(wanted) and (word.startswith(wanted) if term.is_prefix else word == wanted)


def _best_start(found: Sequence[tuple[_Span, int]]) -> int:
    """Return the start of the occurrence around which an excerpt contains the most different terms."""

    def near(first: int) -> int:
        limit = found[first][0][0] + _MAX_EXCERPT_CHARS - _MAX_CHARS_BEFORE_MATCH
        terms = set()
        for (_, end), number in found[first : first + 50]:
            if end <= limit:
                terms.add(number)
        return len(terms)

    return found[max(range(len(found)), key=lambda n: (near(n), -n))][0][0]


def _line(text: str, spans: Sequence[_Span], first: int, marks: Sequence[_Span]) -> Context:
    start = (
        next((begin for begin, _ in spans if begin >= first - _MAX_CHARS_BEFORE_MATCH), 0)
        if first > _MAX_CHARS_BEFORE_MATCH
        else 0
    )
    end = min(start + _MAX_EXCERPT_CHARS, len(text))
    if end < len(text):
        end = max((stop for _, stop in spans if start < stop <= end), default=end)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = [(a + shift, min(b, end) + shift) for a, b in marks if start <= a < end]
    return Context(f"{before}{text[start:end]}{after}", _merged(inside))


def _merged(marks: Sequence[_Span]) -> tuple[_Span, ...]:
    """Join marks that overlap. The marks must be sorted."""
    merged: list[_Span] = []
    for start, end in marks:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def has_all(text: str, query: Query) -> bool:
    """Check whether a text contains all wanted terms of a query, and none of its excluded terms."""
    spans = word_spans(text)
    found = {number for _, number in _occurrences(text, spans, query.wanted)}
    return len(found) == len(query.wanted) and not _occurrences(text, spans, query.excluded)

"""An excerpt of an article's text around the words that were searched for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feedarchive.search.folded_text import fold, word_spans
from feedarchive.search.query import Query, Term

_MAX_LENGTH = 200  # characters
_MAX_BEFORE = 60  # characters before the first marked word
_MAX_READ = 200_000  # characters of a text


@dataclass(frozen=True)
class Context:
    """An excerpt of a text. ``marks`` are the start and end of each place with words that were searched for."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def context_of(text: str, query: Query) -> Context:
    """The excerpt of a text that has the most wanted terms; the beginning of the text if it has none of them."""
    text = text[:_MAX_READ]
    spans = word_spans(text)
    found = _occurrences(text, spans, query.wanted)
    if not found:
        return _line(text, spans, 0, [])
    return _line(text, spans, _best_start(found), [span for span, _ in found])


def marked(text: str, query: Query) -> Context:
    """The complete text with its marks. For titles."""
    found = _occurrences(text, word_spans(text), query.wanted)
    return Context(text, _merged([span for span, _ in found]))


_Span = tuple[int, int]


def _occurrences(text: str, spans: Sequence[_Span], terms: Sequence[Term]) -> list[tuple[_Span, int]]:
    """The places of a text that have one of the terms, in order: start and end, and the index of the term."""
    folded = [fold(text[start:end]) for start, end in spans]
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


def _matches(word: str, wanted: str, term: Term) -> bool:
    return bool(wanted) and (word.startswith(wanted) if term.is_prefix else word == wanted)


def _best_start(found: Sequence[tuple[_Span, int]]) -> int:
    """The start of the occurrence that has the most different terms near it (after it, within one excerpt)."""

    def near(first: int) -> int:
        limit = found[first][0][0] + _MAX_LENGTH - _MAX_BEFORE
        terms = set()
        for (_, end), number in found[first : first + 50]:
            if end <= limit:
                terms.add(number)
        return len(terms)

    return found[max(range(len(found)), key=lambda n: (near(n), -n))][0][0]


def _line(text: str, spans: Sequence[_Span], first: int, marks: Sequence[_Span]) -> Context:
    start = next((begin for begin, _ in spans if begin >= first - _MAX_BEFORE), 0) if first > _MAX_BEFORE else 0
    end = min(start + _MAX_LENGTH, len(text))
    if end < len(text):
        end = max((stop for _, stop in spans if start < stop <= end), default=end)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    inside = [(a + shift, min(b, end) + shift) for a, b in marks if start <= a < end]
    return Context(f"{before}{text[start:end]}{after}", _merged(inside))


def _merged(marks: Sequence[_Span]) -> tuple[_Span, ...]:
    """The marks, with those that overlap joined to one."""
    merged: list[_Span] = []
    for start, end in marks:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def has_all(text: str, query: Query) -> bool:
    """Check whether a text has all wanted terms and none of the excluded terms."""
    spans = word_spans(text)
    found = {number for _, number in _occurrences(text, spans, query.wanted)}
    return len(found) == len(query.wanted) and not _occurrences(text, spans, query.excluded)

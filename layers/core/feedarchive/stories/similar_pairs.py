"""Find the pairs of articles of different sites whose words are similar."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from math import isqrt, sqrt

from feedarchive.stories.words import Vector, count_documents, weigh, words_of

# Two articles with a larger cosine (similarity of their words) are about one event. docs/decisions.md says how this
# limit was measured.
_MIN_COSINE_PERCENT = 38
# Two articles must share this many words besides numbers: short titles are often the same by chance ("Weekly notes").
_MIN_SHARED_WORDS = 5
# Words that are in more texts than this are left out of the index, because most pairs of articles share some of them.
_MAX_INDEXED = 0.01  # of all texts
_MIN_INDEXED = 10  # texts
# How many pairs are compared at most. More pairs are an attempt to slow down a build: 5,000 articles of real feeds have
# 170,000 candidates.
_MAX_CANDIDATES = 1_000_000


@dataclass(frozen=True)
class Text:
    """The parts of an article that are compared."""

    key: str
    site: str
    title: str
    description: str


@dataclass(frozen=True, order=True)
class Pair:
    """Two similar texts. ``first`` and ``second`` are their positions in the sequence; ``cosine`` is in millionths."""

    cosine: int
    first: int
    second: int


def similar_pairs(texts: Sequence[Text]) -> list[Pair]:
    """All pairs of texts of different sites that have a cosine above 0.38 and share at least five words.

    Returns no pairs at all if too many texts have mostly the same words.
    """
    words = [words_of(text.title, text.description) for text in texts]
    documents = count_documents(words)
    vectors = [weigh(each, documents, len(texts)) for each in words]
    squares = [sum(weight * weight for weight in vector.values()) for vector in vectors]
    found = []
    candidates = _candidates([text.site for text in texts], vectors, squares, documents)
    for number, (first, second) in enumerate(candidates):
        if number == _MAX_CANDIDATES:
            return []
        one, other = sorted((vectors[first], vectors[second]), key=len)
        shared = [word for word in one if word in other]
        dot, product = sum(one[word] * other[word] for word in shared), squares[first] * squares[second]
        is_similar = dot * dot * 100**2 > _MIN_COSINE_PERCENT**2 * product
        if is_similar and sum(not word.isdecimal() for word in shared) >= _MIN_SHARED_WORDS:
            found.append(Pair(isqrt(dot * dot * 10**12 // product), first, second))
    return found


def _candidates(
    sites: Sequence[str], vectors: Sequence[Vector], squares: Sequence[int], documents: Counter[str]
) -> Iterator[tuple[int, int]]:
    """Pairs of texts whose cosine may be large enough. Each pair is listed once, the smaller position first.

    The cosine is the sum of a part for rare and a part for common words. Both parts have a bound (Cauchy-Schwarz):

    - Common words: the product of the lengths of both texts' vectors of common words.
    - Rare words: an index counts the rare words that both texts share. If they share n, the bound is the product of the
      lengths of both texts' vectors of their n largest weights.

    If the sum of the bounds may be enough, the part for rare words is computed exactly.
    """
    least = _MIN_COSINE_PERCENT / 100 - 1e-9
    limit = max(_MIN_INDEXED, round(len(vectors) * _MAX_INDEXED))
    lengths = [sqrt(square) or 1.0 for square in squares]
    rare = [
        {word: weight / length for word, weight in vector.items() if documents[word] <= limit}
        for vector, length in zip(vectors, lengths, strict=True)
    ]
    common = [
        sqrt(sum(weight * weight for word, weight in vector.items() if documents[word] > limit)) / length
        for vector, length in zip(vectors, lengths, strict=True)
    ]
    largest = [_lengths_of_largest(each.values()) for each in rare]
    index: dict[str, list[int]] = defaultdict(list)
    mostly_common: list[int] = []
    for number, words in enumerate(rare):
        # Counting shared words is many times faster than adding up weights, and leaves few pairs for the adding up.
        shared = Counter(chain.from_iterable(index[word] for word in words))
        for other in mostly_common:
            if common[number] * common[other] > least:
                shared[other] += 0
        own_common, own_largest, site = common[number], largest[number], sites[number]
        for other, count in shared.items():
            missing = least - own_common * common[other]
            is_possible = missing < 0 or own_largest[count] * largest[other][count] > missing
            if is_possible and sites[other] != site and (missing < 0 or _product(words, rare[other]) > missing):
                yield other, number
        for word in words:
            index[word].append(number)
        if common[number] > least:
            mostly_common.append(number)


def _lengths_of_largest(weights: Iterable[float]) -> list[float]:
    """For each n from 0: the length of the vector of the n largest weights."""
    return [sqrt(total) for total in accumulate(sorted((w * w for w in weights), reverse=True), initial=0.0)]


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum([weight * other[word] for word, weight in one.items() if word in other])

"""Find pairs of similar articles from different sites, by their words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from math import isqrt, sqrt

from feedarchive.stories.words import Vector, count_documents, weigh, words_of

# Two articles are similar only if the cosine of their vectors of weighted words is greater than this. docs/decisions.md
# says how the limit was measured.
_MIN_COSINE_PERCENT = 38
# Two articles are similar only if they share at least this many words, not counting numbers. Without this rule, all
# articles with only the title "Weekly notes" would be similar.
_MIN_SHARED_WORDS = 5
# A word is rare if it is in at most _RARE_TEXTS texts, or in at most a share of _RARE_SHARE of all texts.
_RARE_SHARE = 0.01
_RARE_TEXTS = 10
# If more pairs than this must be compared, ``similar_pairs`` finds nothing, so that no feed can slow down a build.
# 5,000 articles of real feeds have 170,000 pairs to compare.
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
    """Two similar texts.

    - ``cosine`` is their similarity in millionths: 1,000,000 if the words are the same.
    - ``first`` and ``second`` are the positions of the texts in the argument of ``similar_pairs``. ``first`` is
      smaller.
    """

    cosine: int
    first: int
    second: int


def similar_pairs(texts: Sequence[Text]) -> list[Pair]:
    """Find all pairs of similar texts.

    Return no pairs at all if more than _MAX_CANDIDATES pairs must be compared.
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
    """Find the pairs of texts whose cosine may be large enough, without computing the cosine of every pair.

    Yield the positions of both texts, the smaller position first.

    Rare and common words both add to the cosine. An upper bound of what each kind of words adds is fast to compute
    (Cauchy-Schwarz inequality). The exact sum for the rare words is computed only if both bounds together are large
    enough.
    """
    least = _MIN_COSINE_PERCENT / 100 - 1e-9
    limit = max(_RARE_TEXTS, round(len(vectors) * _RARE_SHARE))
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
        # Counting the shared rare words is fast, and the number is enough to exclude most pairs (``bound``).
        shared = Counter(chain.from_iterable(index[word] for word in words))
        for other in mostly_common:
            if common[number] * common[other] > least:
                shared[other] += 0
        own_common, own_largest, site = common[number], largest[number], sites[number]
        for other, count in shared.items():
            missing = least - own_common * common[other]
            # The shared rare words add at most this much to the cosine.
            bound = own_largest[count] * largest[other][count]
            is_possible = missing < 0 or bound > missing
            if is_possible and sites[other] != site and (missing < 0 or _product(words, rare[other]) > missing):
                yield other, number
        for word in words:
            index[word].append(number)
        if common[number] > least:
            mostly_common.append(number)


def _lengths_of_largest(weights: Iterable[float]) -> list[float]:
    """Return the length (Euclidean norm) of the vector of the n largest weights, for n = 0, 1, 2 and so on."""
    return [sqrt(total) for total in accumulate(sorted((w * w for w in weights), reverse=True), initial=0.0)]


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum([weight * other[word] for word, weight in one.items() if word in other])

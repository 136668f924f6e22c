"""Find the pairs of articles of different sites whose words are similar."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isqrt, sqrt

from feedarchive.stories.words import Vector, count_documents, weigh, words_of

# Pairs with a larger cosine are about one event. docs/decisions.md says how this was measured.
_MIN_COSINE_PERCENT = 38
# Short titles are often the same by chance ("Weekly notes"). Numbers do not count.
_MIN_SHARED_WORDS = 5
# Words in more texts than this are left out of the index, because most pairs of articles share some of them.
_MAX_INDEXED = 0.01  # of all texts
_MIN_INDEXED = 10  # texts
# More pairs are an attempt to slow down a build: 5,000 articles of real feeds have 170,000.
_MAX_CANDIDATES = 1_000_000


@dataclass(frozen=True)
class Text:
    """What is compared of an article."""

    key: str
    site: str
    title: str
    description: str


@dataclass(frozen=True, order=True)
class Pair:
    """Two similar texts, by their numbers. ``cosine`` is in millionths."""

    cosine: int
    first: int
    second: int


def similar_pairs(texts: Sequence[Text]) -> list[Pair]:
    """All pairs of texts of different sites with a cosine above 0.38 that share at least five words.

    No pairs if too many texts have mostly the same words.
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
    """Pairs whose cosine may be large enough, each once, the smaller number first.

    The cosine is a sum over rare and over common words. The part of the rare words is added up with an index. The part
    of the common words is at most the product of the lengths of both common parts (Cauchy-Schwarz).
    """
    least = _MIN_COSINE_PERCENT / 100 - 1e-9
    limit = max(_MIN_INDEXED, round(len(vectors) * _MAX_INDEXED))
    lengths = [sqrt(square) or 1.0 for square in squares]
    common = [
        sqrt(sum(weight * weight for word, weight in vector.items() if documents[word] > limit)) / length
        for vector, length in zip(vectors, lengths, strict=True)
    ]
    index: dict[str, list[tuple[int, float]]] = defaultdict(list)
    mostly_common: list[int] = []
    for number, vector in enumerate(vectors):
        rare: dict[int, float] = defaultdict(float)
        for other in mostly_common:
            if common[number] * common[other] > least:
                rare[other] = 0.0
        for word, weight in vector.items():
            if documents[word] <= limit:
                scaled = weight / lengths[number]
                for other, other_scaled in index[word]:
                    rare[other] += scaled * other_scaled
                index[word].append((number, scaled))
        if common[number] > least:
            mostly_common.append(number)
        for other, cosine in rare.items():
            if cosine + common[number] * common[other] > least and sites[number] != sites[other]:
                yield other, number

"""The words by which the articles of a day are compared, and their weights."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_MAX_DESCRIPTION = 200  # characters; the longer the descriptions of an event are, the more they differ
_WORD = re.compile(r"[^\W_]+")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese are written without spaces between words.
_WITHOUT_SPACES = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)")
# Weights are multiplied by this and rounded to whole numbers, so that sums are exact, in any order and on any machine.
_SCALE = 100

Vector = dict[str, int]
"""The weight of each word of an article."""


def words_of(title: str, description: str) -> list[str]:
    """The words of the title and of the first 200 characters of the description, in order.

    Text in a script without spaces is cut into overlapping pairs of characters.
    """
    text = unicodedata.normalize("NFKC", f"{title} {description[:_MAX_DESCRIPTION]}").casefold()
    words: list[str] = []
    for run in _WORD.findall(text):
        for part in filter(None, _WITHOUT_SPACES.split(run)):
            if _WITHOUT_SPACES.match(part):
                words += [part[start : start + 2] for start in range(max(1, len(part) - 1))]
            else:
                words.append(part)
    return words


def count_documents(texts: Sequence[Sequence[str]]) -> Counter[str]:
    """The number of texts that contain each word."""
    return Counter(word for text in texts for word in set(text))


def weigh(text: Sequence[str], documents: Counter[str], number: int) -> Vector:
    """The weight of each word of a text, by TF-IDF.

    The term frequency is logarithmic, so that a repeated word does not dominate. ``documents`` is the result of
    ``count_documents`` for all texts of the day; ``number`` is how many texts there are.
    """
    return {
        word: round(_SCALE * (1 + math.log(count)) * math.log((number + 1) / documents[word]))
        for word, count in Counter(text).items()
    }

"""The words by which articles are compared, and how much each of them weighs on this day."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_MAX_DESCRIPTION = 200  # characters; descriptions of one event differ more the longer they are
_WORD = re.compile(r"[^\W_]+")
# Thai, Lao, Burmese, Khmer, Japanese and Chinese are written without spaces between words.
_WITHOUT_SPACES = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)")
# Weights are whole numbers, so that sums and comparisons are exact, in any order and on any machine.
_SCALE = 100

Vector = dict[str, int]
"""The weight of each word of an article."""


def words_of(title: str, description: str) -> list[str]:
    """The words of the title and of the first 200 characters of the description, in order.

    Text of a script without spaces is cut into overlapping pairs of characters.
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
    """In how many of these texts each word is."""
    return Counter(word for text in texts for word in set(text))


def weigh(text: Sequence[str], documents: Counter[str], number: int) -> Vector:
    """TF-IDF with a logarithmic term frequency: a word that is repeated must not decide alone.

    ``documents`` is the result of :func:`count_documents` for all ``number`` texts of the day.
    """
    return {
        word: round(_SCALE * (1 + math.log(count)) * math.log((number + 1) / documents[word]))
        for word, count in Counter(text).items()
    }

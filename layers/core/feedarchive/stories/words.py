"""Split articles into words and weigh the words, to compare the articles of a day."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

# Only the beginnings of descriptions are compared. The rest differs even between descriptions of the same event.
_MAX_DESCRIPTION = 200
_WORD = re.compile(r"[^\W_]+")
# Characters of Thai, Lao, Burmese, Khmer, Japanese and Chinese, which are written without spaces between words.
_WITHOUT_SPACES = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+)")
# Weights are multiplied by this and rounded to whole numbers. A sum of whole numbers has no rounding errors, so it is
# the same on every machine.
_SCALE = 100

Vector = dict[str, int]
"""The words of an article, each with its weight."""


def words_of(title: str, description: str) -> list[str]:
    """Return the words of a title and of the beginning of a description, in lower case and in order.

    Text in a script without spaces is cut into overlapping pairs of characters: "東京都" becomes "東京" and "京都".
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
    """Count for each word how many texts contain it."""
    return Counter(word for text in texts for word in set(text))


def weigh(text: Sequence[str], documents: Counter[str], number: int) -> Vector:
    """Weigh the words of a text by TF-IDF: a word that few texts of the day contain has a large weight.

    Repetitions of a word increase its weight only a little.

    - ``documents``: for each word, the number of texts of the day that contain it.
    - ``number``: the number of texts of the day.
    """
    return {
        word: round(_SCALE * (1 + math.log(count)) * math.log((number + 1) / documents[word]))
        for word, count in Counter(text).items()
    }

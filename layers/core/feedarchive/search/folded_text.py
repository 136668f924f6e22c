"""Fold texts, so that a search ignores case, accents and full-width letters. Pure functions.

Both the indexed texts and the queries are folded: a search for "cafe" finds "Café". SQLite's tokenizer
(``unicode61``) splits the folded texts into words. Words consist of letters, digits and marks.
"""

from __future__ import annotations

import re
import unicodedata

from feedarchive.identity.unicode_normalization import normalization_chunks

# These characters are removed: accents of Latin, Greek and Cyrillic letters, vowel points of Hebrew and Arabic, and
# invisible characters within words. The vowel signs of other scripts are kept, because they distinguish words.
_IGNORED = re.compile("[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u20d0-\u20ff\ufe00-\ufe0f]+")
# Matches text in scripts in which words may follow each other without a space: Thai, Lao, Burmese, Khmer, Hangul, kana,
# Bopomofo, Chinese characters. Each pair of neighboring characters of such text is a token of the index.
_UNSPACED = re.compile(
    "[\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u1000-\u109f\u1100-\u11ff\u1780-\u17d3\u3005-\u3007\u3040-\u30fa"
    "\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff]+"
)


def without_surrogates(text: str) -> str:
    """Replace lone surrogates by "?", because SQLite does not accept them. JSON and arguments may contain them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def fold(text: str) -> str:
    """Fold a text: ``Cafés`` and ``ＣＡＦＥＳ`` become ``cafes``."""
    if text.isascii():
        return text.lower()
    decomposed = "".join(unicodedata.normalize("NFKD", chunk) for chunk in normalization_chunks(text))
    return unicodedata.normalize("NFC", _IGNORED.sub("", decomposed).casefold())


def split_unspaced(folded: str) -> str:
    """Split text in scripts without spaces between words into tokens. Other text is not changed.

    The tokens are all pairs of neighboring characters, and the last character: ``東京都`` becomes ``東京 京都 都``.
    So a token begins at every character.
    """
    if folded.isascii():
        return folded
    return _UNSPACED.sub(lambda match: f" {' '.join(_pairs(match.group()))} ", folded)


def split_unspaced_query(folded: str) -> tuple[str, bool]:
    """Split a query into tokens. Return the tokens, and whether to search for the last token as a prefix.

    ``東京都`` becomes ``東京 京都``. The last character is not a token, because other characters may follow it in a
    text. A query of one character is a prefix: ``東`` finds the token ``東京``.
    """
    folded = folded.rstrip()
    *_, last = [None, *_UNSPACED.finditer(folded)]
    if last is None or last.end() != len(folded):
        return split_unspaced(folded), False
    pairs = _pairs(last.group())
    end = pairs if len(pairs) == 1 else pairs[:-1]
    return f"{split_unspaced(folded[: last.start()])} {' '.join(end)}", len(pairs) == 1


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run))]


def has_word(folded: str) -> bool:
    """Check whether a text contains a letter, a digit or another character that the tokenizer puts into words."""
    return any(_is_word_character(unicodedata.category(char)) for char in folded)


def is_one_word(folded: str) -> bool:
    """Check whether a text is a single word for the tokenizer of every version of SQLite.

    Versions of SQLite use different versions of Unicode. So each character must be a letter, digit or mark both in
    Unicode 3.2 and in Python's version of Unicode.
    """
    return all(
        _is_word_character(unicodedata.category(char)) and _is_word_character(unicodedata.ucd_3_2_0.category(char))
        for char in folded
    )


def _is_word_character(category: str) -> bool:
    return category[0] in "LNM" or category == "Co"


def word_spans(text: str) -> list[tuple[int, int]]:
    """The start and end of each word of a text. In scripts without spaces, each character counts as a word."""
    return [match.span() for match in _WORD.finditer(text)]


_WORD = re.compile(f"{_UNSPACED.pattern[:-1]}|(?:(?!{_UNSPACED.pattern[:-1]})[\\w\u0300-\u036f\u00ad])+")

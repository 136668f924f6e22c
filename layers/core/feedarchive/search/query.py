"""Parse what a person types into the search box, and write it as an expression of FTS5. Pure functions.

- ``old bridge`` finds articles with both words.
- ``"old bridge"`` finds the phrase.
- ``bridg*`` finds words that begin with these letters.
- ``-ferry`` and ``-"the ferry"`` exclude articles with a word or phrase.

All other characters have no special meaning, so every query is valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedarchive.search.folded_text import (
    fold,
    has_word,
    is_one_word,
    split_unspaced_query,
    without_surrogates,
    word_spans,
)

_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)(?:"(?P<phrase_star>\*?)|$)|(?P<word>\S+))')
_CURLY_QUOTES = str.maketrans("“”„‟«»", '""""""')


@dataclass(frozen=True)
class Term:
    """A word or phrase of a query.

    - ``words``: the words as they are in the index, with spaces between them.
    - ``is_prefix``: whether the last word is a prefix, which finds all words that begin with it.
    - ``sequence``: the words in lower case and without accents, to find the term in a text. In scripts without spaces,
      each character is a word.
    """

    words: str
    is_prefix: bool = False
    sequence: tuple[str, ...] = ()

    @property
    def expression(self) -> str:
        """The term as an expression of FTS5. It is in quotes, so that words such as "AND" are not operators."""
        return f'"{self.words}"' + (" *" if self.is_prefix else "")

    @property
    def is_one_word(self) -> bool:
        """Whether this is a word or a prefix, and not a phrase."""
        return is_one_word(self.words)


@dataclass(frozen=True)
class Query:
    """What is searched for.

    - ``wanted``: the terms that an article must contain.
    - ``excluded``: the terms that an article must not contain.
    """

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.wanted and not self.excluded


def parse_query(text: str) -> Query:
    """Parse a query. The result is empty if the text has no letters and no digits."""
    wanted: list[Term] = []
    excluded: list[Term] = []
    for match in _TERM.finditer(without_surrogates(text).translate(_CURLY_QUOTES)):
        phrase, word = match["phrase"], match["word"]
        star = match["phrase_star"] if word is None else word[-1:]
        if term := _term(word if word is not None else phrase, star == "*"):
            (excluded if match["minus"] else wanted).append(term)
    return Query(tuple(wanted), tuple(excluded))


def _term(text: str, is_prefix: bool) -> Term | None:
    folded = fold(text.replace('"', " ").replace("\0", " "))
    if not has_word(folded):
        return None
    folded = folded.rstrip("* ")
    words, ends_in_prefix = split_unspaced_query(folded)
    sequence = tuple(folded[start:end] for start, end in word_spans(folded))
    return Term(words.strip(), is_prefix or ends_in_prefix, sequence)


def words_of(query: Query) -> list[Term]:
    """Return the words of the wanted terms, each as a term of its own."""
    found = [
        Term(word, term.is_prefix and word is words[-1])
        for term in query.wanted
        for words in [term.words.split()]
        for word in words
        if has_word(word)
    ]
    return list(dict.fromkeys(found))

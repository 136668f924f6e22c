"""Choose which of an entry's texts is the article's text.

docs/archive-format.md, "Which text", states the rule. The first releases had another rule (version_1_text.py).

The wording of an article is a fingerprint of its title and text. It has format 2 if the two rules choose different
texts, otherwise format 1, so that the wordings that the first releases stored stay valid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from feedarchive.article.escaped_html import decode_escaped_html
from feedarchive.article.version_1_text import richest_text
from feedarchive.document.model import Entry, Text, TextRole
from feedarchive.identity.fingerprint import fingerprint, letters_and_digits, word_overlap, words_of
from feedarchive.markdown.plain_text_to_html import plain_text_to_html
from feedarchive.markdown.visible_text import plain_line, visible_text

TEXT_RULES = 2
"""The version of the rules that choose a text. If it changes, each document is parsed once more, even if unchanged."""
_RANKS = {TextRole.CONTENT: 0, TextRole.PLAIN_VERSION: 1, TextRole.SUMMARY: 2, TextRole.CAPTION: 3}
_MEDIA = re.compile(r"<(?:img|picture|video|audio|iframe|embed|object|svg|math|amp-img)\b[^>]{0,4000}", re.IGNORECASE)
_TINY = re.compile(r"\b(?:width|height)\s*=\s*[\"']?[01](?:px)?[\"'\s/>]?(?!\d)", re.IGNORECASE)
_URL = re.compile(r"https?://\S+")
_MARKUP_WITH_URL = re.compile(r"<(?:a|img|iframe|video|audio|source)\s", re.IGNORECASE)
# A plain text that continues an HTML text replaces it. If the HTML text has links or media, the plain text must be at
# least this many times as long.
_MUCH_LONGER = 1.5
# Two texts say the same if they share at least this part of the words of the shorter text. Only one of them is kept.
_SAYS_THE_SAME = 0.5
# Two texts with the role CONTENT must share at least this part.
_REPEATS = 0.9
MAX_DESCRIPTION = 500
"""The maximum number of characters of an article's description."""


@dataclass(frozen=True)
class ChosenText:
    """The texts of an article.

    - ``text``: the article's text; None if the entry has no text.
    - ``summary``: the publisher's summary; None if it is the article's text, or if there is none.
    - ``version_1``: the text that the rule of the first releases chooses; None if the entry has no text.
    - ``summary_words``: the visible text of ``summary``.
    """

    text: Text | None = None
    summary: Text | None = None
    version_1: Text | None = None
    summary_words: str = ""

    @cached_property
    def differs_from_version_1(self) -> bool:
        """Whether ``text`` and ``version_1`` have different words."""
        return self.text is not self.version_1 and self.words != _visible(self.version_1)

    @cached_property
    def words(self) -> str:
        """The words of ``text`` without markup; "" if there is no text."""
        return _visible(self.text)

    def wording(self, title: str) -> str:
        """Return the fingerprint of title and text, in format 1 or 2 (see the top of this module)."""
        return fingerprint(title, self.words, version=2 if self.differs_from_version_1 else 1)

    def wording_1(self, title: str) -> str:
        """Return the fingerprint of the title and of ``version_1``, in format 1."""
        return fingerprint(title, _visible(self.version_1))


def choose_text(entry: Entry) -> ChosenText:
    """Choose the text of an article, and append the other texts of the entry that do not repeat it."""
    all_texts = [*entry.contents, *entry.full_texts]
    if entry.summary:
        all_texts.append(replace(entry.summary, role=TextRole.SUMMARY) if all_texts else entry.summary)
    version_1 = richest_text(entry)
    files = [text for text in entry.full_texts if text.role is TextRole.FILE]
    candidates = [_Candidate(text, decode_escaped_html(text)) for text in all_texts if text.role is not TextRole.FILE]
    main = _main(candidates)
    if main is None:
        return ChosenText(_join([], files), None, version_1)
    parts = [main.decoded, *(other.decoded for other in _second_texts(main, candidates, entry.summary))]
    text = _join(parts, files) if len(parts) > 1 or files else main.decoded
    # For equal texts, use the same object: ``differs_from_version_1`` is then fast.
    same = text is main.decoded and version_1 is not None and text.value == version_1.value
    summary = None
    if entry.summary and main.source.value != entry.summary.value:
        summary = decode_escaped_html(entry.summary)
    chosen = ChosenText(version_1 if same else text, summary, version_1, _visible(summary))
    if len(candidates) > 1:
        # Compute the words now, while the small cache of ``visible_text`` contains this text.
        _ = chosen.words
    return chosen


@dataclass(frozen=True)
class _Candidate:
    """A text of an entry that may become the article's text.

    - ``source``: the text as the feed has it.
    - ``decoded``: the same text after ``decode_escaped_html``.
    """

    source: Text
    decoded: Text

    @property
    def role(self) -> TextRole:
        return self.source.role

    @cached_property
    def letters(self) -> str:
        return letters_and_digits(visible_text(self.decoded))

    @cached_property
    def has_media(self) -> bool:
        if not self.decoded.html:
            return False
        return any(not _TINY.search(tag.group()) for tag in _MEDIA.finditer(self.decoded.value))

    @property
    def is_empty(self) -> bool:
        return not (self.letters or self.has_media)


def _main(candidates: Sequence[_Candidate]) -> _Candidate | None:
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    ranked = sorted(candidates, key=lambda each: (_RANKS[each.role], not each.decoded.html))
    main = next((each for each in ranked if not each.is_empty), None)
    if main is None:
        return ranked[0]
    for other in ranked:
        may_replace = other is not main and other.role in (TextRole.CONTENT, TextRole.SUMMARY)
        if may_replace and main.role is not TextRole.CAPTION and _is_continued_by(main, other):
            main = other
    return main


def _is_continued_by(text: _Candidate, longer: _Candidate) -> bool:
    """Is ``text`` only the beginning of ``longer``, so that ``longer`` is the better choice?"""
    if not text.letters or len(longer.letters) <= len(text.letters) or not longer.letters.startswith(text.letters):
        return False
    has_more_than_words = text.decoded.html and bool(_MARKUP_WITH_URL.search(text.decoded.value))
    if longer.decoded.html or not has_more_than_words:
        return True
    # Do not count URLs in the plain text: in HTML, the URLs of links are not counted either.
    without_urls = letters_and_digits(_URL.sub("", visible_text(longer.decoded)))
    return len(without_urls) >= _MUCH_LONGER * len(text.letters)


def _second_texts(main: _Candidate, candidates: Sequence[_Candidate], summary: Text | None) -> list[_Candidate]:
    """Return the texts to append to the main text: those that do not repeat it."""
    found: list[_Candidate] = []
    for other in sorted(candidates, key=lambda each: _RANKS[each.role]):
        if other is main or other.role in (TextRole.CAPTION, TextRole.PLAIN_VERSION) or other.is_empty:
            continue
        both_are_content = other.role is TextRole.CONTENT and main.role is TextRole.CONTENT
        if not both_are_content and len(other.letters) <= len(main.letters):
            continue
        if summary and other.source.value == summary.value and _fits_in_description(other):
            continue
        most = _REPEATS if both_are_content else _SAYS_THE_SAME
        if all(_overlap(other, each) < most for each in (main, *found)):
            found.append(other)
    return found


def _fits_in_description(text: _Candidate) -> bool:
    is_plain = not (text.decoded.html and _MARKUP_WITH_URL.search(text.decoded.value))
    return is_plain and len(plain_line(text.decoded)) <= MAX_DESCRIPTION


def _overlap(one: _Candidate, other: _Candidate) -> float:
    if one.letters and one.letters in other.letters:
        return 1.0
    return word_overlap(words_of(visible_text(one.decoded)), words_of(visible_text(other.decoded)))


def _join(texts: Sequence[Text], files: Sequence[Text]) -> Text | None:
    """Join texts with horizontal rules between them, and append ``files``. Returns None if both are empty."""
    if not texts and not files:
        return None
    parts = [text.value if text.html else plain_text_to_html(text.value) for text in texts]
    value = "\n<hr>\n".join(parts) + "".join(file.value for file in files)
    return Text(value, html=True, base=texts[0].base if texts else "")


def _visible(text: Text | None) -> str:
    return visible_text(text) if text else ""

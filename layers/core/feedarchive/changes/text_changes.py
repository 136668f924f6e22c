"""Compare two versions of an article. The result is the text of both versions, with the changed words marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.changes.paragraphs import is_renderable, source_lines, visible_paragraphs
from feedarchive.changes.word_diff import hunks
from feedarchive.changes.words import BREAK, Word, words_of


class ChangeKind(StrEnum):
    """Whether words are in both versions, only in the old one (removed), or only in the new one (added)."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Run(NamedTuple):
    """Neighboring words of the same kind, as one text."""

    kind: ChangeKind
    text: str


Paragraph = tuple[Run, ...]


@dataclass(frozen=True)
class Version:
    """The title and the body of a version of an article. The body is the text after the file's front matter."""

    title: str
    body: str


@dataclass(frozen=True)
class TextChanges:
    """The result of comparing two versions.

    - ``title``, ``paragraphs``: the text of both versions, with the changed words marked.
    - ``words_added``, ``words_removed``: numbers of words in title and paragraphs. Punctuation marks do not count.
    """

    title: Paragraph
    paragraphs: tuple[Paragraph, ...]
    words_added: int
    words_removed: int


def version_in(data: bytes) -> Version:
    """Return the title and body in an article's file."""
    text = data.decode("utf-8", "replace")
    return Version(str(parse_front_matter(text).get("title") or ""), body_of(text))


def can_compare(before: Version, after: Version) -> bool:
    """Check whether both versions are short enough to compare their visible text.

    Comparing long texts can take 560 MB of memory.
    """
    return is_renderable(before.body) and is_renderable(after.body)


def compare(before: Version, after: Version) -> TextChanges:
    """Compare the visible text of two versions, without markup, links and pictures.

    If ``can_compare`` returns False for the two versions, compare the source lines of their bodies instead.
    """
    titles = words_of([before.title]), words_of([after.title])
    paragraphs = visible_paragraphs if can_compare(before, after) else source_lines
    texts = words_of(paragraphs(before.body)), words_of(paragraphs(after.body))
    parts = [list(_parts(*titles)), list(_parts(*texts))]
    changed = [(kind, word) for kind, word in (*parts[0], *parts[1]) if word.is_word]
    title = tuple(_paragraphs(parts[0]))
    return TextChanges(
        title[0] if title else (),
        tuple(_paragraphs(parts[1])),
        sum(kind is ChangeKind.ADDED for kind, _ in changed),
        sum(kind is ChangeKind.REMOVED for kind, _ in changed),
    )


def compare_lines(before: str, after: str) -> tuple[Paragraph, Paragraph]:
    """Compare two lines, such as titles.

    Returns the old line with its removed words marked, and the new line with its added words marked.
    """
    parts = list(_parts(words_of([before]), words_of([after])))
    sides = ([part for part in parts if part[0] is not other] for other in (ChangeKind.ADDED, ChangeKind.REMOVED))
    old, new = (next(_paragraphs(side), ()) for side in sides)
    return old, new


def _parts(before: Sequence[Word], after: Sequence[Word]) -> Iterator[tuple[ChangeKind, Word]]:
    """Yield the words of both versions in order, each with its kind.

    A word that is in both versions is yielded once. Removed words come before the words that replace them.
    """
    position = 0
    for hunk in hunks([word.text for word in before], [word.text for word in after]):
        yield from ((ChangeKind.SAME, word) for word in after[position : hunk.added_from])
        yield from ((ChangeKind.REMOVED, word) for word in before[hunk.removed_from : hunk.removed_to])
        yield from ((ChangeKind.ADDED, word) for word in after[hunk.added_from : hunk.added_to])
        position = hunk.added_to
    yield from ((ChangeKind.SAME, word) for word in after[position:])


def _paragraphs(parts: Iterable[tuple[ChangeKind, Word]]) -> Iterator[Paragraph]:
    runs: list[tuple[ChangeKind, list[str]]] = []
    for kind, word in parts:
        if word.text == BREAK:
            if runs:
                yield _joined(runs)
            runs = []
            continue
        if word.spaced and runs:
            # A space between words of different kinds is not marked as removed or added.
            if runs[-1][0] is not kind and runs[-1][0] is not ChangeKind.SAME:
                runs.append((ChangeKind.SAME, []))
            runs[-1][1].append(" ")
        if not runs or runs[-1][0] is not kind:
            runs.append((kind, []))
        runs[-1][1].append(word.text)
    if runs:
        yield _joined(runs)


def _joined(runs: Iterable[tuple[ChangeKind, list[str]]]) -> Paragraph:
    return tuple(Run(kind, "".join(texts)) for kind, texts in runs)

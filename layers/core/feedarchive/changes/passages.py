"""Shorten the comparison of two versions: keep the changed paragraphs, and in them only the text near the changes."""

from __future__ import annotations

from collections.abc import Iterable

from feedarchive.changes.text_changes import ChangeKind, Paragraph, Run

_CONTEXT = 160  # How many characters of unchanged text are shown before and after a change.


def changed_passages(paragraphs: Iterable[Paragraph], limit: int | None = None) -> tuple[list[Paragraph], int]:
    """Return the changed paragraphs, shortened, and the number of changed paragraphs that were left out.

    ``limit``: the maximum number of characters in total; None for no limit. The first paragraph is returned even if it
    is longer, but each added or removed text in it is cut to ``limit`` characters.
    """
    passages = [_shortened(each, limit) for each in paragraphs if any(run.kind is not ChangeKind.SAME for run in each)]
    if limit is None:
        return passages, 0
    total = 0
    for number, passage in enumerate(passages):
        total += sum(len(run.text) for run in passage)
        if total > limit and number:
            return passages[:number], len(passages) - number
    return passages, 0


def _shortened(paragraph: Paragraph, limit: int | None) -> Paragraph:
    last = len(paragraph) - 1
    runs: list[Run] = []
    for number, run in enumerate(paragraph):
        if run.kind is ChangeKind.SAME:
            runs.append(Run(run.kind, _around(run.text, before=number < last, after=number > 0)))
        else:
            runs.append(run if limit is None or len(run.text) <= limit else Run(run.kind, f"{run.text[:limit]}…"))
    return tuple(runs)


def _around(text: str, before: bool, after: bool) -> str:
    """Shorten an unchanged text between changes, for example to "… the end of the text".

    - ``before``: a change follows the text, so its end is kept.
    - ``after``: a change precedes the text, so its beginning is kept.
    """
    if len(text) <= _CONTEXT * (before + after) + 20:
        return text
    beginning, end = text[:_CONTEXT], text[-_CONTEXT:]
    head = (beginning.rpartition(" ")[0] or beginning) + " … " if after else "… "
    tail = (end.partition(" ")[2] or end) if before else ""
    return (head + tail) if before else head.rstrip()

"""Select the changed passages of two versions, each with a little of the text around the changes."""

from __future__ import annotations

from collections.abc import Iterable

from feedarchive.changes.text_changes import ChangeKind, Paragraph, Run

_CONTEXT = 160  # characters of unchanged text before and after a change


def changed_passages(paragraphs: Iterable[Paragraph], limit: int | None = None) -> tuple[list[Paragraph], int]:
    """Return the paragraphs with changes, shortened, and how many of them are left out.

    With ``limit``, paragraphs beyond this total number of characters are left out. The first is always returned. Each
    added or removed run is cut to ``limit`` characters.
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
    """The shown part of unchanged text: its end if a change follows, its beginning if a change precedes it, or both."""
    if len(text) <= _CONTEXT * (before + after) + 20:
        return text
    beginning, end = text[:_CONTEXT], text[-_CONTEXT:]
    head = (beginning.rpartition(" ")[0] or beginning) + " … " if after else "… "
    tail = (end.partition(" ")[2] or end) if before else ""
    return (head + tail) if before else head.rstrip()

"""``feedarchive diff``: what changed between two versions of an article, word by word."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection

from rich.console import Console
from rich.text import Text

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.article.file_names import version_of_name
from feedarchive.changes.passages import changed_passages
from feedarchive.changes.text_changes import ChangeKind, Paragraph, TextChanges
from feedarchive.cli.history import find_articles, not_found
from feedarchive.digest.markdown_page import describe_words
from feedarchive.history.find_article import file_name
from feedarchive.history.versions import ArchivedVersion, changes_between
from feedarchive.store.location import open_store
from feedarchive.text import one_line

_USAGE_ERROR = 2
# For each kind of change: the signs before and after the text, as in wdiff and `git diff --word-diff`, and the color
# on a terminal.
_FORMS = {
    ChangeKind.SAME: ("", "", ""), ChangeKind.REMOVED: ("[-", "-]", "red"), ChangeKind.ADDED: ("{+", "+}", "green"),
}  # fmt: skip


def diff(arguments: argparse.Namespace) -> int:
    """Print what changed in the article of the given file, or in each article with the given link.

    Returns 0; 1 if there is no such article; 2 if ``--from`` or ``--to`` is a version that does not exist.
    """
    store = open_store(arguments.archive)
    zone = open_for_reading(store).time_zone
    articles = find_articles(store, arguments.article, zone.key)
    if not articles:
        return not_found(store, arguments.article)
    compared: list[tuple[ArchivedVersion, ArchivedVersion]] = []
    for versions in articles:
        present = {version.number: version for version in versions if version.entry}
        start, to = _numbers(present, arguments)
        if missing := {start, to} - present.keys():
            has = ", ".join(map(str, present))
            print(f"feedarchive: {arguments.article}: it has no version {min(missing)}, only {has}", file=sys.stderr)
            return _USAGE_ERROR
        if start != to:
            compared.append((present[start], present[to]))
    if arguments.json:
        print(json.dumps({"diffs": [_as_json(*pair) for pair in compared]}, ensure_ascii=False))
        return 0
    console = Console(highlight=False, soft_wrap=True)
    for number, (before, after) in enumerate(compared):
        if number:
            console.print()
        _print(console, before, after)
    if not compared:
        print(f"{arguments.article}: there is no earlier version to compare with")
    return 0


def _numbers(present: Collection[int], arguments: argparse.Namespace) -> tuple[int, int]:
    """Returns the numbers of the versions to compare, the older one first.

    If there is no older version, both numbers are the same.
    """
    named = version_of_name(file_name(arguments.article))
    to: int = arguments.to or (named if named > 1 else max(present))
    return arguments.start or max((number for number in present if number < to), default=to), to


def _as_json(before: ArchivedVersion, after: ArchivedVersion) -> dict[str, object]:
    changes = changes_between(before, after)
    passages, _ = changed_passages(changes.paragraphs)
    return {
        "from": {"version": before.number, "key": before.key},
        "to": {"version": after.number, "key": after.key},
        "words_added": changes.words_added,
        "words_removed": changes.words_removed,
        "title": _runs(changes.title),
        "passages": [_runs(passage) for passage in passages],
    }


def _runs(paragraph: Paragraph) -> list[dict[str, str]]:
    return [{"kind": run.kind.value, "text": run.text} for run in paragraph]


def _print(console: Console, before: ArchivedVersion, after: ArchivedVersion) -> None:
    changes: TextChanges = changes_between(before, after)
    console.print(Text(f"version {before.number}: {before.key}"))
    console.print(Text(f"version {after.number}: {after.key}"))
    console.print(Text(describe_words(changes.words_added, changes.words_removed)))
    titles, _ = changed_passages([changes.title])
    passages, _ = changed_passages(changes.paragraphs)
    for label, passage in (*(("Title: ", title) for title in titles), *(("", passage) for passage in passages)):
        console.print()
        console.print(Text.assemble(label, *map(_styled, passage)))


def _styled(run: tuple[ChangeKind, str]) -> tuple[str, str]:
    kind, text = run
    before, after, style = _FORMS[kind]
    # one_line() strips the spaces at both ends of the text, so they are added again.
    words = one_line(text)
    spaced = f"{' ' * text[:1].isspace()}{words}{' ' * text[-1:].isspace()}" if words else " "
    return f"{before}{spaced}{after}", style

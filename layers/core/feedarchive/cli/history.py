"""``feedarchive history``: all versions of an article."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.cli.table import LOG_WIDTH, Column, Row, print_table
from feedarchive.digest.markdown_page import describe_edit, display_title
from feedarchive.history.find_article import is_link, short_ids
from feedarchive.history.versions import ArchivedVersion, find_versions
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from feedarchive.text import one_line

_COLUMNS = (Column("version", "right"), Column("archived"), Column("bytes", "right"), Column("change"), Column("file"))
_FIELDS = ("title", "link", "published", "archived", "words", "bytes", "sha256", "words_added", "words_removed")


def history(arguments: argparse.Namespace) -> int:
    """Print every version of the article: time, size, words changed, file. Returns 1 if there is no such article."""
    store = open_store(arguments.archive)
    zone = open_for_reading(store).time_zone
    articles = find_articles(store, arguments.article, zone.key)
    if arguments.json:
        print(json.dumps({"articles": [_as_json(versions) for versions in articles]}, ensure_ascii=False))
    elif articles:
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=LOG_WIDTH)
        for versions in articles:
            _print(console, versions, zone)
    return 0 if articles else not_found(store, arguments.article)


def find_articles(store: Store, target: str, time_zone: str) -> list[list[ArchivedVersion]]:
    """The versions of each article that a file or a link names."""
    found = (find_versions(store, short_id) for short_id in short_ids(store, target, time_zone))
    return [versions for versions in found if any(version.entry for version in versions)]


def not_found(store: Store, target: str) -> int:
    """Say that a file or link names no article. Return the exit status."""
    hint = ": run feedarchive digest, which lists new links, or name its file" if is_link(target) else ""
    kind = "link" if is_link(target) else "file"
    print(f"feedarchive: {target}: no article in {store.location} has this {kind}{hint}", file=sys.stderr)
    return 1


def _as_json(versions: list[ArchivedVersion]) -> dict[str, object]:
    rows = [{"version": each.number, "key": each.key, **_facts(each)} for each in versions]
    article_id = next(each.entry.id for each in versions if each.entry)
    return {"id": article_id, "versions": rows}


def _facts(version: ArchivedVersion) -> dict[str, object]:
    fields = asdict(version.entry) if version.entry else {}
    return {name: None if fields.get(name) == "" else fields.get(name) for name in _FIELDS}


def _print(console: Console, versions: list[ArchivedVersion], zone: ZoneInfo) -> None:
    last = next(each.entry for each in reversed(versions) if each.entry)
    console.print(Text(one_line(display_title(last)), style="bold"))
    if last.link:
        console.print(Text(one_line(last.link)))
    console.print()
    print_table(console, _COLUMNS, [_row(version, zone) for version in versions])
    console.print(Text(f"Times are in {zone.key}."))


def _row(version: ArchivedVersion, zone: ZoneInfo) -> Row:
    entry = version.entry
    if entry is None:
        return Row((str(version.number), "removed or truncated", "", ""), version.key)
    archived = datetime.fromisoformat(entry.archived).astimezone(zone)
    change = describe_edit(entry) if entry.is_revision else "first version"
    return Row((str(version.number), f"{archived:%Y-%m-%d %H:%M}", f"{entry.bytes:,}", change), version.key)

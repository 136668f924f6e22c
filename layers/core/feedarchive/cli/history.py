"""``feedarchive history``: all versions of an article, and its full texts."""

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
from feedarchive.article.file_names import CompanionKind, short_id_of_key, version_of
from feedarchive.cli.table import LOG_WIDTH, Column, Row, print_table
from feedarchive.digest.companion import Companion
from feedarchive.digest.markdown_page import describe_edit, display_title
from feedarchive.history.find_article import is_link, short_ids
from feedarchive.history.versions import ArchivedVersion, find_companions, find_versions
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from feedarchive.text import count_of, one_line

_COLUMNS = (Column("version", "right"), Column("archived"), Column("bytes", "right"), Column("change"), Column("file"))
_FIELDS = ("title", "link", "published", "archived", "words", "bytes", "sha256", "words_added", "words_removed")
_FULL_TEXT_FIELDS = ("key", "of", "archived", "words", "bytes", "sha256")


def history(arguments: argparse.Namespace) -> int:
    """Print the versions and the full texts of an article.

    Returns 0, or 1 if there is no such article.
    """
    store = open_store(arguments.archive)
    zone = open_for_reading(store).time_zone
    articles = find_articles(store, arguments.article, zone.key)
    if arguments.json:
        rows = [_as_json(versions, _full_texts(store, versions)) for versions in articles]
        print(json.dumps({"articles": rows}, ensure_ascii=False))
    elif articles:
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=LOG_WIDTH)
        for versions in articles:
            _print(console, versions, _full_texts(store, versions), zone)
    return 0 if articles else not_found(store, arguments.article)


def find_articles(store: Store, target: str, time_zone: str) -> list[list[ArchivedVersion]]:
    """Find the articles with the file or link ``target``. Returns the versions of each article, oldest first."""
    found = (find_versions(store, short_id) for short_id in short_ids(store, target, time_zone))
    return [versions for versions in found if any(version.entry for version in versions)]


def not_found(store: Store, target: str) -> int:
    """Print that no article has this file or link. Returns the exit status 1."""
    hint = "; if the article is new, run feedarchive digest first, or name its file" if is_link(target) else ""
    kind = "link" if is_link(target) else "file"
    print(f"feedarchive: {target}: no article in {store.location} has this {kind}{hint}", file=sys.stderr)
    return 1


def _full_texts(store: Store, versions: list[ArchivedVersion]) -> list[Companion]:
    companions = find_companions(store, short_id_of_key(versions[0].key))
    return [each.companion for each in companions if each.companion.kind is CompanionKind.FULL_TEXT]


def _as_json(versions: list[ArchivedVersion], full_texts: list[Companion]) -> dict[str, object]:
    rows = [{"version": each.number, "key": each.key, **_facts(each)} for each in versions]
    article_id = next(each.entry.id for each in versions if each.entry)
    found = [{name: getattr(each, name) for name in _FULL_TEXT_FIELDS} for each in full_texts]
    return {"id": article_id, "versions": rows, "full_texts": found}


def _facts(version: ArchivedVersion) -> dict[str, object]:
    fields = asdict(version.entry) if version.entry else {}
    return {name: None if fields.get(name) == "" else fields.get(name) for name in _FIELDS}


def _print(console: Console, versions: list[ArchivedVersion], full_texts: list[Companion], zone: ZoneInfo) -> None:
    last = next(each.entry for each in reversed(versions) if each.entry)
    console.print(Text(one_line(display_title(last)), style="bold"))
    if last.link:
        console.print(Text(one_line(last.link)))
    console.print()
    rows = [*(_row(version, zone) for version in versions), *(_full_text_row(each, zone) for each in full_texts)]
    print_table(console, _COLUMNS, rows)
    console.print(Text(f"Times are in {zone.key}."))


def _row(version: ArchivedVersion, zone: ZoneInfo) -> Row:
    entry = version.entry
    if entry is None:
        return Row((str(version.number), "removed or truncated", "", ""), version.key)
    archived = datetime.fromisoformat(entry.archived).astimezone(zone)
    change = describe_edit(entry) if entry.is_revision else "first version"
    return Row((str(version.number), f"{archived:%Y-%m-%d %H:%M}", f"{entry.bytes:,}", change), version.key)


def _full_text_row(full: Companion, zone: ZoneInfo) -> Row:
    archived = datetime.fromisoformat(full.archived).astimezone(zone)
    change = f"full text of version {version_of(full.of)}, {count_of(full.words or 0, 'word')}"
    return Row(("", f"{archived:%Y-%m-%d %H:%M}", f"{full.bytes:,}", change), full.key)

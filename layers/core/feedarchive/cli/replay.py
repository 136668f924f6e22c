"""``feedarchive replay``: make a new archive from the feed documents that another archive has kept."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime

from feedarchive.cli.external_feeds import read_external_feeds
from feedarchive.cli.print_problems import print_problems
from feedarchive.cli.replay_progress import replay_progress
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.replay.new_archive import (
    Source,
    find_source,
    finish_archive,
    keep_forgotten,
    read_subscriptions,
    require_empty,
)
from feedarchive.replay.replay import Replay, ReplayReport
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.location import open_store
from feedarchive.text import count_of


def replay(arguments: argparse.Namespace) -> int:
    """Make the new archive. Returns 0, or 1 if there are no documents or if some were left out."""
    source, store = find_source(arguments.documents), open_store(arguments.archive)
    subscriptions = read_subscriptions(source, *read_external_feeds(arguments.feeds))
    require_empty(store)
    with StoredDocuments(source.store, source.prefix) as documents:
        if not documents.months():
            print(f"feedarchive: {_no_documents(source)}", file=sys.stderr)
            return 1
        with replay_progress() as on_document:
            forgotten = keep_forgotten(source, store)
            report = Replay(
                documents, store, subscriptions.time_zone, subscriptions.feeds, shared_parser_pool(), on_document
            ).run()
        finish_archive(store, subscriptions)
    problems = _problems(report, documents.damaged)
    if arguments.json:
        print(json.dumps(_as_json(report, forgotten, documents.damaged)))
    else:
        _print(report, forgotten, arguments.archive)
    print_problems(problems)
    return 1 if problems else 0


def _no_documents(source: Source) -> str:
    where = f"{source.store.location}/{source.prefix}".rstrip("/")
    return f"there are no feed documents in {where}: only feeds with keep_documents = true keep them"


def _print(report: ReplayReport, forgotten: int, location: str) -> None:
    span = f" ({report.first:%Y-%m-%d} to {report.last:%Y-%m-%d})" if report.first and report.last else ""
    revisions = f" and {count_of(report.revised, 'revision')}" if report.revised else ""
    print(
        f"replayed {count_of(report.documents, 'document')}{span}: {count_of(report.new, 'article')}{revisions} in "
        f"{location}"
    )
    if report.unreadable:
        print(f"these feeds have documents that could not be parsed: {', '.join(sorted(report.unreadable))}")
    if forgotten:
        print(f"left out {count_of(forgotten, 'file')} that the other archive has forgotten")
    print(f"build its digests with feedarchive digest --archive {location}")


def _problems(report: ReplayReport, damaged: list[str]) -> list[str]:
    lines = [
        f"{feed}: left out {count_of(number, 'document')}: the feeds file has no feed with this id; add it, or give "
        "another file with --feeds"
        for feed, number in sorted(report.left_out.items())
    ]
    lines += [f"{key}: left out damaged records; put the file back from a copy of the archive" for key in damaged]
    if report.without_body:
        left_out = count_of(report.without_body, "document")
        lines.append(f"left out {left_out}: the record with the content is missing or damaged")
    return lines


def _as_json(report: ReplayReport, forgotten: int, damaged: list[str]) -> dict[str, object]:
    return {
        "documents": report.documents,
        "new": report.new,
        "revised": report.revised,
        "first": _time(report.first),
        "last": _time(report.last),
        "forgotten": forgotten,
        "not_feeds": sorted(report.unreadable),
        "left_out": dict(report.left_out),
        "without_body": report.without_body,
        "damaged": damaged,
    }


def _time(time: datetime | None) -> str | None:
    return format_rfc3339(time) if time else None

"""``feedarchive check``: check a feeds file without polling."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from feedarchive.archive.manifest import require_time_zone
from feedarchive.archive.stored_feeds import FEEDS_FILE, decode_feeds_file
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.store.location import open_store
from feedarchive.subscriptions.feeds_file_check import check_feeds_file
from feedarchive.subscriptions.opml import looks_like_xml, parse_opml
from feedarchive.text import count_of, one_line

_INVALID = 2


def check(arguments: argparse.Namespace) -> int:
    """Check a feeds file or an OPML file and print every mistake. Returns 0, or 2 if there are mistakes."""
    name, data = _read(arguments)
    if looks_like_xml(data):
        return _check_opml(data, name)
    found = check_feeds_file(decode_feeds_file(data, name), name)
    for problem in found.problems:
        print(f"feedarchive: {one_line(problem)}", file=sys.stderr)
    for warning in found.warnings:
        print(f"warning: {one_line(warning)}")
    if found.feeds is None:
        return _INVALID
    print(f"{name}: {count_of(len(found.feeds.feeds), 'feed')}, no mistakes")
    return 0


def _read(arguments: argparse.Namespace) -> tuple[str, bytes]:
    if arguments.file is None:
        store = open_store(arguments.archive)
        if (stored := store.read(FEEDS_FILE)) is None:
            require_time_zone(store)
            raise InvalidFeedsFile(f"{store.location}/{FEEDS_FILE} is missing: put a feeds file there")
        return f"{store.location}/{FEEDS_FILE}", stored.data
    try:
        return arguments.file, Path(arguments.file).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        raise InvalidFeedsFile(f"{arguments.file}: {reason}") from None


def _check_opml(data: bytes, name: str) -> int:
    opml = parse_opml(data, name)
    for problem in opml.problems:
        print(f"feedarchive: {name}: line {problem.line}: {one_line(problem.detail)}", file=sys.stderr)
    print(f"{name}: OPML with {count_of(len(opml.feeds), 'feed')}; run feedarchive import to add them")
    return _INVALID if opml.problems else 0

"""``feedarchive check``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from feedarchive.archive.open_archive import FEEDS_FILE, require_archive
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.store.location import open_store
from feedarchive.subscriptions.feeds_file_check import check_feeds_file
from feedarchive.subscriptions.opml import looks_like_xml, parse_opml
from feedarchive.text import count_of, one_line

_WRONG = 2


def check(arguments: argparse.Namespace) -> int:
    """Check a feeds file, or an OPML file, and name every problem. 2 if there is one."""
    name, data = _read(arguments)
    if looks_like_xml(data):
        return _check_opml(data, name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidFeedsFile(f"{name}: line {line}: expected UTF-8 text") from None
    found = check_feeds_file(text, name)
    for problem in found.problems:
        print(f"feedarchive: {one_line(problem)}", file=sys.stderr)
    for warning in found.warnings:
        print(f"warning: {one_line(warning)}")
    if found.feeds is None:
        return _WRONG
    print(f"{name}: {count_of(len(found.feeds.feeds), 'feed')}, no mistakes")
    return 0


def _read(arguments: argparse.Namespace) -> tuple[str, bytes]:
    if arguments.file is None:
        store = open_store(arguments.archive)
        if (stored := store.read(FEEDS_FILE)) is None:
            require_archive(store)
            raise InvalidFeedsFile(
                f"{store.location}/{FEEDS_FILE} is missing, though this is an archive: put one there"
            )
        return f"{store.location}/{FEEDS_FILE}", stored.data
    try:
        return arguments.file, Path(arguments.file).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not the name of a file"
        raise InvalidFeedsFile(f"{arguments.file}: {reason}") from None


def _check_opml(data: bytes, name: str) -> int:
    opml = parse_opml(data, name)
    for problem in opml.problems:
        print(f"feedarchive: {name}: line {problem.line}: {one_line(problem.detail)}", file=sys.stderr)
    print(f"{name}: OPML with {count_of(len(opml.feeds), 'feed')}; feedarchive import adds them")
    return _WRONG if opml.problems else 0

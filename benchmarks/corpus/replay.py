"""Replay recorded polls of one feed, oldest first, and count what happened to their entries.

    python -m benchmarks.corpus.replay FOLDER URL [ARCHIVE] [--parse-everything]

- FOLDER contains one document for each poll. Its name ends with the time of the poll: ``…_2020-04-21T124301.xml``.
- URL is the URL of the feed.
- ARCHIVE is the folder for the archive. If it is missing, a temporary folder is used.
- ``--parse-everything``: known entries are not skipped, so every document is parsed as a whole. The archive must be the
  same as without this option.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from feedarchive.archive.archive_document import archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.archive.document_result import PreviousPoll
from feedarchive.article.file_names import short_id_of_key
from feedarchive.feeds.feed import Feed, default_id
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.known_entry import KnownEntry
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.store.folder import FolderStore

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}")


def polls_in(folder: Path) -> Iterator[tuple[datetime, Path]]:
    """The documents of a folder with the times in their names, oldest first."""
    for path in sorted(folder.iterdir()):
        if match := _TIME.search(path.name):
            yield datetime.strptime(match.group(), "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC), path


def replay(folder: Path, url: str, archive: Path, skip_known: bool = True) -> Counter[str]:
    """Archive every document of a folder at the time in its name, and count what happened."""
    counts: Counter[str] = Counter()
    feed, seen, by_xml = Feed(url, default_id(url)), PreviousPoll(), dict[str, KnownEntry]()
    store = FolderStore(archive)
    for now, path in polls_in(folder):
        counts["polls"] += 1
        parsed = parse_and_convert(
            ParseRequest(path.read_bytes(), url, "", feed, frozenset(seen.known_entries), by_xml)
        )
        if not isinstance(parsed, ParsedDocument):
            counts["polls that were not a feed"] += 1
            continue
        archiver = Archiver(store, ZoneInfo("UTC"), lambda now=now: now)  # type: ignore[misc]
        tally = archive_document(parsed, feed, seen, archiver)
        seen, by_xml = tally.for_next_poll(), dict(parsed.entries_by_xml) if skip_known else {}
        counts["entries"] += len(parsed.known) + len(parsed.rejected) + len(parsed.candidates)
        counts.update({"new": tally.new, "known": tally.known, "revised": tally.revised, "rejected": tally.rejected})
        counts.update(f"problem: {problem.kind}" for problem in tally.problems)
    keys = list(store.list("archive/"))
    counts["files"] = len(keys)
    counts["articles"] = len({short_id_of_key(key) for key in keys})
    return counts


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(arguments[2]) if len(arguments) > 2 else Path(scratch)
        for what, number in replay(
            Path(arguments[0]), arguments[1], where, "--parse-everything" not in sys.argv
        ).items():
            print(f"{number:8} {what}")

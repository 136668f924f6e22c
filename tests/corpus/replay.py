"""Replays recorded polls of one feed, oldest first, and says what became of their entries.

    python tests/corpus/replay.py FOLDER URL [ARCHIVE] [--without-seals]

FOLDER holds one document per poll, named ``…_2020-04-21T124301.xml`` after its time; URL is where
the feed was. Without ARCHIVE the archive is made in a temporary folder. With ``--without-seals`` every
document is read as a whole: the files must be the same.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from feedarchive.archive.archive_document import PreviousPoll, archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.article.file_names import short_id_of_key
from feedarchive.feeds.feed import Feed, default_id
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.store.folder import FolderStore

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}")


def replay(folder: Path, url: str, archive: Path, with_seals: bool = True) -> Counter[str]:
    """Archive every document of a folder at the time in its name; counts of what happened."""
    counts: Counter[str] = Counter()
    feed, seen, seals = Feed(url, default_id(url)), PreviousPoll(), dict[str, str]()
    store = FolderStore(archive)
    for path in sorted(folder.iterdir()):
        match = _TIME.search(path.name)
        if not match:
            continue
        now = datetime.strptime(match.group(), "%Y-%m-%dT%H%M%S").replace(tzinfo=UTC)
        counts["polls"] += 1
        reading = parse_and_convert(ParseRequest(path.read_bytes(), url, "", feed, frozenset(seen.known), seals))
        if not isinstance(reading, ParsedDocument):
            counts["polls that were no feed"] += 1
            continue
        archiver = Archiver(store, ZoneInfo("UTC"), lambda now=now: now)  # type: ignore[misc]
        tally = archive_document(reading, feed, seen, archiver)
        seen, seals = tally.seen(), dict(reading.seals) if with_seals else {}
        counts["entries"] += len(reading.known) + len(reading.refused) + len(reading.articles)
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
        for what, number in replay(Path(arguments[0]), arguments[1], where, "--without-seals" not in sys.argv).items():
            print(f"{number:8} {what}")

"""The feeds of a measurement. Each feed has two documents, and the second one contains one new entry."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers.generate import ENTRIES, document

BEFORE, AFTER = "before", "after"
_ENTRY = re.compile(rb"<(item|entry)[\s>].*?</\1\s*>", re.DOTALL)
# The times of the files, from which the server makes validators (ETag, Last-Modified). They are fixed, so that all
# rounds are the same.
_TIMES = {BEFORE: 1_760_000_000, AFTER: 1_760_100_000}


@dataclass(frozen=True)
class Subscriptions:
    """The documents of all feeds.

    - ``root`` is the folder with the folders BEFORE and AFTER, in which the documents are.
    - ``names`` are the names of the documents, the same in both folders.
    - ``entries`` is the number of different entries in all documents in BEFORE, None if unknown.
    - ``size`` is the mean size of a document in bytes.
    """

    root: Path
    names: tuple[str, ...]
    entries: int | None
    size: float

    def urls(self, port: int) -> list[str]:
        """The URLs of all feeds. Each feed has a host of its own."""
        return [f"http://{ip_address(number)}:{port}/{name}" for number, name in enumerate(self.names)]

    def publish(self, version: str) -> None:
        """Let the server send the documents of this version (BEFORE or AFTER) from now on."""
        link = self.root / "now.new"
        link.symlink_to(version)
        link.replace(self.root / "now")


def ip_address(number: int) -> str:
    """The loopback address with this number (0 to four million). It is outside 127.0.0.0/16."""
    return f"127.{1 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def generated(root: Path, count: int, entries: int = ENTRIES) -> Subscriptions:
    """Generate feeds (generate.py) with ``entries`` entries each."""
    names = tuple(f"feed{number}.xml" for number in range(count))
    size = 0
    for number, name in enumerate(names):
        before = document(number, entries=entries)
        size += len(before)
        _write(root, name, before, document(number, new_entries=1, entries=entries))
    return Subscriptions(root, names, count * entries, size / count)


def recorded(root: Path, folder: Path) -> Subscriptions:
    """Use recorded documents.

    ``folder`` contains feeds.tsv, with a column ``file``, and the documents in feeds/. It may also be the folder feeds/
    itself. The version BEFORE of a document lacks its first entry.
    """
    folder = folder if (folder / "feeds.tsv").exists() else folder.parent
    with (folder / "feeds.tsv").open(encoding="utf-8") as table:
        names = tuple(row["file"] for row in csv.DictReader(table, delimiter="\t"))
    size = 0
    for name in names:
        data = (folder / "feeds" / name).read_bytes()
        size += len(data)
        _write(root, name, _ENTRY.sub(b"", data, count=1), data)
    return Subscriptions(root, names, None, size / len(names))


def _write(root: Path, name: str, before: bytes, after: bytes) -> None:
    for version, data in ((BEFORE, before), (AFTER, after)):
        path = root / version / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (_TIMES[version], _TIMES[version]))

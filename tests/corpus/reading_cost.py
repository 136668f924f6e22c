"""Measure what it costs to read documents in a process that may be killed, against reading them here.

    .venv/bin/python tests/corpus/reading_cost.py FOLDER

FOLDER holds feed documents. Times are wall seconds for all of them, one after another, three rounds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from feedarchive.feeds.feed import Feed
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParseRequest
from feedarchive.parsing.pool import ParserPool

_URL = "https://example.org/feed"


def seconds(read: Callable[[ParseRequest], object], requests: list[ParseRequest]) -> float:
    started = time.perf_counter()
    for request in requests:
        read(request)
    return time.perf_counter() - started


if __name__ == "__main__":
    bodies = [path.read_bytes() for path in sorted(Path(sys.argv[1]).rglob("*")) if path.is_file()]
    documents = [ParseRequest(body, _URL, "", Feed(_URL, "feed")) for body in bodies]
    readers = ParserPool(1)
    seconds(readers.read, documents[:3])  # what is done once is not counted
    seconds(parse_and_convert, documents[:3])
    for _ in range(3):
        here, there = seconds(parse_and_convert, documents), seconds(readers.read, documents)
        print(f"{len(documents)} documents: here {here:.2f} s, in the process {there:.2f} s, ratio {there / here:.3f}")
    readers.close()

"""Compare the time to parse documents in a parser process with the time to parse them in the current process.

    .venv/bin/python -m benchmarks.corpus.parser_process_cost FOLDER

FOLDER contains feed documents. Prints the wall seconds for all of them, in three rounds.
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


def seconds(parse: Callable[[ParseRequest], object], requests: list[ParseRequest]) -> float:
    started = time.perf_counter()
    for request in requests:
        parse(request)
    return time.perf_counter() - started


if __name__ == "__main__":
    bodies = [path.read_bytes() for path in sorted(Path(sys.argv[1]).rglob("*")) if path.is_file()]
    documents = [ParseRequest(body, _URL, "", Feed(_URL, "feed")) for body in bodies]
    pool = ParserPool(1)
    seconds(pool.parse, documents[:3])  # not measured: the first calls import modules
    seconds(parse_and_convert, documents[:3])
    for _ in range(3):
        here, there = seconds(parse_and_convert, documents), seconds(pool.parse, documents)
        print(f"{len(documents)} documents: here {here:.2f} s, parser process {there:.2f} s, ratio {there / here:.3f}")
    pool.close()

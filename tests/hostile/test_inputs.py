"""Every hostile input ends by itself, within bounds, as an archived article or a named problem.

Here each has 100 KB, so that what takes the square of its size shows; ``python -m hostile.measure`` makes them as
large as a document may be.
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from clock import Clock
from feedarchive.archive.archive_document import PreviousPoll, archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.store.folder import FolderStore
from hostile.breaches import breaches_of
from hostile.inputs import INPUTS
from hostile.limited import run
from hostile.pipeline import URL, files_of
from press import articles

_SIZE = 50_000
_MOST_CPU = 6
# Files that are looked into: a document of a hundred bytes says most of what one of a megabyte does.
_SMALL = 300


@pytest.mark.parametrize("name", INPUTS)
def test_a_hostile_input_ends_within_bounds(name: str) -> None:
    ended = run(INPUTS[name], _SIZE, _MOST_CPU)
    assert ended.ended, ended
    assert ended.outcome
    assert ended.written < 50 * _SIZE


@pytest.mark.parametrize("name", INPUTS)
def test_what_is_written_of_a_hostile_input_keeps_to_the_format(name: str) -> None:
    made = INPUTS[name]
    for size in (0, _SMALL):
        result = files_of(made.make(size), made.content_type, made.html_body)
        for file in result.files[:20]:
            assert breaches_of(file) == []


@pytest.mark.parametrize(
    "name",
    [
        *("field: categories", "field: guid of all bytes", "field: title of tags", "html: combining marks"),
        *("html: div in div", "xml: billion laughs", "json: wrong types everywhere", "bytes: overlong", "html: links"),
    ],
)
def test_the_other_entries_of_a_hostile_document_are_archived(name: str, tmp_path: Path) -> None:
    made = INPUTS[name]
    feed = Feed(URL, "example")
    reading = parse_and_convert(ParseRequest(made.make(20_000), URL, made.content_type, feed))
    assert isinstance(reading, ParsedDocument)
    store = FolderStore(tmp_path)
    archiver = Archiver(store, ZoneInfo("UTC"), Clock())
    tally = archive_document(reading, feed, PreviousPoll(), archiver)
    assert tally.new == len(articles(store)) >= 2
    assert not [problem for problem in tally.problems if problem.kind == "bug"]
    for data in articles(store).values():
        assert breaches_of(data) == []

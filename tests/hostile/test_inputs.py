"""Every hostile input is processed within limits, and becomes articles or reported problems.

Here each has 15 KB, enough for quadratic time to exceed the limit. ``python -m benchmarks.hostile`` uses the largest
size that is allowed.
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.archive_document import archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.archive.document_result import PreviousPoll
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import articles
from tests.hostile.format_violations import violations_of
from tests.hostile.inputs import INPUTS
from tests.hostile.limited import run_all
from tests.hostile.pipeline import URL, files_of

_SIZE = 15_000
_MAX_CPU_SECONDS = 0.7  # the slowest input takes a fifth of this
# Files are checked only for small documents: most mistakes in a large document are in a small one, too.
_SMALL_SIZE, _FILES = 300, 6


@pytest.mark.parametrize("kind", ["xml", "json", "bytes", "html", "field"])
def test_each_hostile_input_is_processed_within_limits(kind: str) -> None:
    inputs = {name: hostile for name, hostile in INPUTS.items() if name.startswith(f"{kind}: ")}
    results = run_all(inputs, _SIZE, _MAX_CPU_SECONDS)
    assert len(results) == len(inputs) > 20
    wrong = {n: r for n, r in results.items() if not r.finished or not r.outcome or r.written >= 50 * _SIZE}
    assert wrong == {}


@pytest.mark.parametrize("size", [0, _SMALL_SIZE])
def test_the_files_of_hostile_inputs_conform_to_the_format(size: int) -> None:
    # Many inputs make the same files, because they share the good entries. Each file is checked once.
    files = {
        file: name
        for name, hostile in INPUTS.items()
        for file in files_of(hostile.make(size), hostile.content_type, hostile.html_body).files[:_FILES]
    }
    found = {name: violations for file, name in files.items() if (violations := violations_of(file))}
    assert found == {}


@pytest.mark.parametrize(
    "name",
    [
        *("field: categories", "field: guid of all bytes", "field: title of tags", "html: combining marks"),
        *("html: div in div", "xml: billion laughs", "json: wrong types everywhere", "bytes: overlong", "html: links"),
    ],
)
def test_the_other_entries_of_a_hostile_document_are_archived(name: str, tmp_path: Path) -> None:
    hostile = INPUTS[name]
    feed = Feed(URL, "example")
    parsed = parse_and_convert(ParseRequest(hostile.make(20_000), URL, hostile.content_type, feed))
    assert isinstance(parsed, ParsedDocument)
    store = FolderStore(tmp_path)
    archiver = Archiver(store, ZoneInfo("UTC"), Clock())
    result = archive_document(parsed, feed, PreviousPoll(), archiver)
    assert result.new == len(articles(store)) >= 2
    assert not [problem for problem in result.problems if problem.kind == "bug"]
    for data in articles(store).values():
        assert violations_of(data) == []

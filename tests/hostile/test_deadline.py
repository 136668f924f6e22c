"""Documents that exceed their limits are reported, and the other feeds of the run are not affected."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.pool import ParserPool
from feedarchive.parsing.protocol import Limits
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer
from tests.hostile.inputs import INPUTS, NEED_A_DEADLINE

_MIB = 2**20


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("html: ampersands", 3 * _MIB),
        ("html: combining marks", 4 * _MIB),
        ("xml: attributes by the thousand", 4 * _MIB),
    ],
)
def test_the_run_continues_after_a_document_that_exceeds_its_limits(
    name: str, size: int, tmp_path: Path, clock: Clock, server: FeedServer
) -> None:
    assert name in NEED_A_DEADLINE
    document = INPUTS[name]
    pool = ParserPool(1, Limits(document=0.3, entry=0.15))
    hostile = Feed(server.serve("/hostile", document.make(size), document.content_type or "application/xml"), "hostile")
    good = Feed(server.serve("/good", rss(*(Item(f"Good {n}", guid=str(n)) for n in range(9)))), "good")
    archive = OpenArchive(ZoneInfo("UTC"), FeedList((hostile, good), allow_private_addresses=True), created=False)
    run = Run(FolderStore(tmp_path), archive, clock, parsers=pool)
    reports = {report.feed: report for report in run.execute(run.plan()).reports}
    pool.close()
    assert (reports["good"].new, reports["good"].problems) == (9, ())
    assert reports["hostile"].problems
    assert {problem.kind for problem in reports["hostile"].problems} <= {"too-hard", "too-slow", "damaged", "cut-off"}

"""Documents that only a limit ends: the run names them, and the other feeds of the run do not notice."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from clock import Clock
from feedarchive import run as runs
from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.pool import ParserPool
from feedarchive.parsing.protocol import Limits
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from hostile.inputs import INPUTS, NEED_A_DEADLINE
from loopback import FeedServer
from press import Item, rss

_LARGEST = 10 * 2**20 - 1000


@pytest.mark.parametrize("name", ["html: ampersands", "html: combining marks", "xml: attributes by the thousand"])
def test_the_run_goes_on(
    name: str, tmp_path: Path, clock: Clock, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert name in NEED_A_DEADLINE
    made = INPUTS[name]
    readers = ParserPool(1, Limits(document=1, entry=0.5))
    monkeypatch.setattr(runs, "shared_parser_pool", lambda: readers)
    hostile = Feed(server.serve("/hostile", made.make(_LARGEST), made.content_type or "application/xml"), "hostile")
    good = Feed(server.serve("/good", rss(*(Item(f"Good {n}", guid=str(n)) for n in range(9)))), "good")
    archive = OpenArchive(ZoneInfo("UTC"), FeedList((hostile, good), allow_private_addresses=True), created=False)
    run = Run(FolderStore(tmp_path), archive, clock)
    reports = {report.feed: report for report in run.go(run.plan()).reports}
    readers.close()
    assert (reports["good"].new, reports["good"].problems) == (9, ())
    assert reports["hostile"].problems
    assert {problem.kind for problem in reports["hostile"].problems} <= {"too-hard", "too-slow", "damaged", "cut-off"}

"""``feedarchive copy``: copy an archive, or only the files that people read, to another folder or bucket."""

from __future__ import annotations

import argparse
import json
import sys

from feedarchive.cli.copy_progress import copy_progress
from feedarchive.cli.print_problems import print_problems
from feedarchive.copying.copy_archive import ArchiveCopy
from feedarchive.copying.report import CopyReport
from feedarchive.copying.selection import Selection
from feedarchive.copying.transfer import CONNECTIONS
from feedarchive.store.location import open_store
from feedarchive.text import bytes_of, count_of


def copy(arguments: argparse.Namespace) -> int:
    """Copy an archive, or a part of it.

    Returns 0; 1 if something could not be copied; 2 if ``--everything`` is given with an option that selects a part.
    """
    selection = Selection(arguments.days, arguments.since, arguments.until, arguments.feed, arguments.site)
    if arguments.everything and selection != Selection():
        print(
            "feedarchive: --everything copies the whole archive: leave out --days, --since, --until, --feed and --site",
            file=sys.stderr,
        )
        return 2
    source, destination = (open_store(each, CONNECTIONS) for each in (arguments.source, arguments.destination))
    with copy_progress(sys.stdout.isatty() and not arguments.json) as progress:
        report = ArchiveCopy(
            source, destination, selection, arguments.everything, arguments.dry_run, progress
        ).run()  # fmt: skip
    if arguments.json:
        print(json.dumps(report.as_json()))
    else:
        _print(report, destination.location, arguments.dry_run)
    print_problems([problem.line for problem in report.problems])
    if report.problems and arguments.everything:
        line = f"the copy is not complete, so archive.json was not written to {destination.location}"
        line = f"{line}; solve these problems and run the command again"
        print(f"feedarchive: {line}", file=sys.stderr)
    return 1 if report.problems else 0


def _print(report: CopyReport, location: str, dry_run: bool) -> None:
    for key in report.removed:
        print(f"{'would remove' if dry_run else 'removed'} {key}: its article was forgotten")
    verb = "would copy" if dry_run else "copied"
    if report.files:
        print(f"{verb} {count_of(report.files, 'file')} ({bytes_of(report.bytes)}) to {location}")
    elif not report.problems and not report.removed:
        print(f"{location} is up to date")

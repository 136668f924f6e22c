"""``feedarchive serve``: show an archive as web pages in the browser."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.cli.progress_bar import progress_bar
from feedarchive.clock import now
from feedarchive.search.update_index import update_index
from feedarchive.serve.finder import finder_for
from feedarchive.serve.served_archive import ServedArchive
from feedarchive.serve.server import listening
from feedarchive.store.folder import FolderStore
from feedarchive.store.location import open_store


def serve(arguments: argparse.Namespace) -> int:
    """Answer the requests of browsers until Ctrl-C."""
    store = open_store(arguments.archive)
    archive = open_for_reading(store)
    zone = archive.time_zone
    if isinstance(store, FolderStore):
        with progress_bar("indexing") as progress:
            update_index(Path(store.location), zone.key, now(), progress)
    served = ServedArchive(store, zone, finder_for(store, zone.key, now), now, archive.feeds.images)
    with listening(served, arguments.host, arguments.port) as running:
        # Print to the real stdout, because sys.stdout keeps everything in memory until the command ends.
        print(f"{store.location} is at {running.url} until you press Ctrl-C", file=sys.__stdout__, flush=True)
        running.run()
    return 0

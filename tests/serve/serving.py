"""Serve an archive on loopback, and send it requests with any headers."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

from feedarchive.archive.manifest import create_manifest
from feedarchive.serve.finder import finder_for
from feedarchive.serve.served_archive import ServedArchive
from feedarchive.serve.server import listening
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store

FEEDS = b'[[feeds]]\nurl = "https://example.org/feed.xml"\nid = "example"\n'


@dataclass(frozen=True)
class Answer:
    """A response."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Served:
    """An archive that is served. ``url`` is what ``feedarchive serve`` prints."""

    url: str
    port: int

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Request a path exactly as it is written. ``headers``: underscores stand for hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in sent, skip_accept_encoding=True)
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read().decode("utf-8"))
        connection.close()
        return answer


@contextmanager
def served(store: Store, now: Callable[[], datetime], host: str = "127.0.0.1", images: bool = True) -> Iterator[Served]:
    """Serve an archive until the block ends."""
    zone = ZoneInfo("UTC")
    archive = ServedArchive(store, zone, finder_for(store, zone.key, now), now, images)
    with listening(archive, host, 0) as running:
        thread = Thread(target=running.run, daemon=True)
        thread.start()
        try:
            yield Served(running.url, running.port)
        finally:
            running.stop()
            thread.join()


def make_archive(store: Store) -> None:
    """Write the manifest and the list of feeds."""
    create_manifest(store, "UTC")
    store.create("feeds.toml", FEEDS)


def files(folder: Path) -> dict[str, bytes]:
    """All files of an archive but the search index."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("search.sqlite")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if ".tmp" not in path.parts}


def folder_of(store: Store) -> Path:
    assert isinstance(store, FolderStore)
    return Path(store.location)

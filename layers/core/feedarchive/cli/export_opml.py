"""``feedarchive export``: write the subscriptions as OPML."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from feedarchive.clock import now
from feedarchive.store.interface import StoreError
from feedarchive.store.location import open_store
from feedarchive.subscriptions.feed_list import read_feeds
from feedarchive.subscriptions.feed_titles import feed_titles
from feedarchive.subscriptions.opml_export import render_opml
from feedarchive.subscriptions.opml_outlines import OpmlFeed
from feedarchive.text import count_of
from feedarchive.url_secrets import has_secrets

_TITLE = "Feedarchive subscriptions"


def export_opml(arguments: argparse.Namespace) -> int:
    """Write the subscriptions as OPML to a file or to stdout."""
    store = open_store(arguments.archive)
    feeds = read_feeds(store).feeds
    titles = feed_titles(store, feeds)
    listed = [OpmlFeed(feed.url, titles[feed.id], feed.home_page, feed.tags, feed.id) for feed in feeds]
    data = render_opml(listed, _TITLE, now())
    if arguments.file in (None, "-"):
        # The encoding of stdout may not have all letters, so "é" is written as "&#233;".
        print(data.decode().encode("ascii", "xmlcharrefreplace").decode("ascii"), end="")
    else:
        _write(Path(arguments.file), data)
        print(f"{count_of(len(feeds), 'feed')} written to {arguments.file}")
    if secret := sum(has_secrets(feed.url) for feed in feeds):
        print(f"feedarchive: the secrets in the URLs of {count_of(secret, 'feed')} were left out", file=sys.stderr)
    return 0


def _write(path: Path, data: bytes) -> None:
    """Write a file. If this fails, an existing file stays as it is. Raises StoreError."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from None

"""``feedarchive search``: find articles by their words."""

from __future__ import annotations

import argparse
import json
import webbrowser
from pathlib import Path
from urllib.parse import quote

from rich.console import Console
from rich.text import Text

from feedarchive.archive.open_archive import OpenArchive, open_for_reading
from feedarchive.cli.progress_bar import progress_bar
from feedarchive.clock import now
from feedarchive.digest.calendar import day_of
from feedarchive.digest.digest import pages_folder
from feedarchive.pages.page_names import anchor_of, page_name
from feedarchive.search.context import Context
from feedarchive.search.filters import Filters
from feedarchive.search.find_articles import Found, Hit
from feedarchive.search.query import parse_query
from feedarchive.search.search_archive import SearchedArchive
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import InvalidLocation, open_store
from feedarchive.subscriptions.feed_lookup import NoSuchFeed, find_feed
from feedarchive.subscriptions.feed_titles import feed_titles
from feedarchive.text import count_of, one_line

_MARK_STYLE = "bold yellow"
NOTHING_FOUND = 1


def search(arguments: argparse.Namespace) -> int:
    """Print the articles that were found. With ``--open``, open the first one in the browser.

    Returns 0, or 1 if nothing was found.
    """
    store = open_store(arguments.archive)
    if not isinstance(store, FolderStore):
        raise InvalidLocation(
            f"search needs an archive in a folder: copy it (feedarchive copy {store.location} my-archive "
            "--everything), or use Athena (docs/aws.md)"
        )
    words = " ".join(arguments.words)
    query = parse_query(words)
    if words.strip() and query.is_empty:
        raise InvalidLocation(f"{words!r} has no letters or digits to search for")
    archive = open_for_reading(store)
    filters = Filters(
        arguments.site.lower(), _names_of_feed(store, archive, arguments.feed), arguments.tag, arguments.since,
        arguments.until, arguments.published, arguments.all_versions,
    )  # fmt: skip
    with progress_bar("indexing") as progress:
        searched = SearchedArchive(Path(store.location), archive.time_zone.key, progress)
        found = searched.find(query, filters, now(), arguments.limit)
    if arguments.json:
        print(json.dumps({"query": words, "total": found.total, "articles": [_as_json(hit) for hit in found.hits]}))
    else:
        _print(found, store.location)
    if arguments.open and found.hits:
        webbrowser.open(_page(Path(store.location), found.hits[0]))
    return 0 if found.hits else NOTHING_FOUND


def _names_of_feed(store: Store, archive: OpenArchive, name: str) -> tuple[str, ...]:
    """Return the feed's URL (if the feed is subscribed to) and ``name``, which may be the feed's title."""
    if not name:
        return ()
    feeds = archive.feeds.feeds
    try:
        feed = find_feed(name, feeds, feed_titles(store, feeds))
    except NoSuchFeed:
        return (name,)
    return (feed.public_url, name)


def _as_json(hit: Hit) -> dict[str, object]:
    return {
        "key": hit.key,
        "id": hit.id,
        "revision": hit.revision,
        "day": hit.day,
        "date": hit.date,
        "site": hit.site,
        "feed": hit.feed,
        "source": hit.source,
        "author": hit.author,
        "tags": list(hit.tags),
        "title": hit.title.text,
        "context": hit.context.text,
        "marks": [list(mark) for mark in hit.context.marks],
    }


def _print(found: Found, location: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for hit in found.hits:
        title = hit.title if hit.title.text else Context("Untitled")
        console.print(_styled(title, "bold"))
        version = f" · version {hit.revision}" if hit.revision > 1 else ""
        console.print(Text(f"  {hit.date} · {one_line(hit.feed or hit.site)}{version}", "dim"))
        if hit.context.text:
            console.print(Text("  ") + _styled(hit.context, ""))
        console.print(Text(f"  {location}/{hit.key}\n"))
    left = found.total - len(found.hits)
    more = f"; {left:,} more with a larger --limit" if left else ""
    console.print(Text(f"{count_of(found.total, 'article')} found{more}" if found.total else "nothing found"))


def _styled(context: Context, style: str) -> Text:
    # A control character in a file could disturb the terminal, so a space is printed instead.
    text = Text("".join(char if char.isprintable() else " " for char in context.text), style)
    for start, end in context.marks:
        text.stylize(_MARK_STYLE, start, end)
    return text


def _page(archive: Path, hit: Hit) -> str:
    """Returns the URL of an article: its place on an HTML page or, if the page was not built yet, its file."""
    day = day_of(hit.key)
    if day is not None:
        page = archive.absolute() / pages_folder(day) / page_name(hit.site)
        if page.exists():
            return f"{page.as_uri()}#{quote(anchor_of(hit.key))}"
    return (archive.absolute() / hit.key).as_uri()

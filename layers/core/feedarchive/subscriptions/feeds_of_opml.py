"""Use an OPML file as a feeds file, without an archive of its own (``fetch --feeds subs.opml``)."""

from __future__ import annotations

import logging

from feedarchive.feeds.feed import default_id
from feedarchive.subscriptions.errors import InvalidOpml
from feedarchive.subscriptions.feeds_file_editor import NewFeed, append_feeds
from feedarchive.subscriptions.opml import parse_opml
from feedarchive.text import one_line

_log = logging.getLogger("feedarchive")


def feeds_file_of_opml(data: bytes, name: str) -> str:
    """The feeds file that an OPML file amounts to. What is not a feed in it is logged. Raises InvalidOpml.

    Ids come from the URLs alone: with those of ``feedarchive import``, a feed's id could depend on the other feeds of
    the file, and a changed file would archive articles again.
    """
    opml = parse_opml(data, name)
    for problem in opml.problems:
        _log.warning("%s: line %d: %s", name, problem.line, one_line(problem.detail))
    if not opml.feeds:
        raise InvalidOpml(f"{name}: has no feeds in it")
    new = [NewFeed(each.url, default_id(each.url), each.title, each.home_page, each.tags) for each in opml.feeds]
    return append_feeds("", new)

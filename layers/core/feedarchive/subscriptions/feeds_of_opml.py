"""Use an OPML file as a feeds file (``fetch --feeds subs.opml``)."""

from __future__ import annotations

import logging

from feedarchive.subscriptions.errors import InvalidOpml
from feedarchive.subscriptions.feeds_file_editor import NewFeed, append_feeds
from feedarchive.subscriptions.opml import parse_opml
from feedarchive.text import one_line

_log = logging.getLogger("feedarchive")


def feeds_file_of_opml(data: bytes, name: str) -> str:
    """Convert an OPML file to the text of a feeds file. Problems are logged. Raises InvalidOpml.

    The feeds get no ``id``. So each feed has the default id, which depends only on the feed's URL.
    """
    opml = parse_opml(data, name)
    for problem in opml.problems:
        _log.warning("%s: line %d: %s", name, problem.line, one_line(problem.detail))
    if not opml.feeds:
        raise InvalidOpml(f"{name}: has no feeds")
    new = [NewFeed(each.url, "", each.title, each.home_page, each.tags) for each in opml.feeds]
    return append_feeds("", new)

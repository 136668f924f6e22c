"""Make a copy of a valid feeds file, with its secrets masked. If the file later has a mistake, runs use the copy.

References to secrets are not masked. While the copy is used, a feed with masked secrets cannot be polled.
"""

from __future__ import annotations

import tomllib
from typing import Any

from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.feeds.secret_references import HEADER_REFERENCE
from feedarchive.feeds.toml_text import feeds_file_text
from feedarchive.url_secrets import MASK, masked_url

_TITLE = f"# A copy of feeds.toml, written by Feedarchive. {MASK} stands for a secret.\n\n"


def has_literal_secrets(feed: Feed) -> bool:
    """Check whether feeds.toml contains a secret of the feed. References to secrets do not count."""
    return masked_url(feed.url) != feed.url or any(map(_is_literal, feed.headers.values()))


def has_literal_proxy_password(feeds: FeedList) -> bool:
    """Check whether feeds.toml contains the password of the proxy. A reference to the password does not count."""
    return masked_url(feeds.proxy) != feeds.proxy


def masked_copy(text: str, feeds: FeedList) -> str:
    """Return the text of a valid feeds file with its secrets masked; ``text`` itself if it has no secrets.

    If there are secrets, the comments are left out, because they may contain secrets too.

    ``feeds``: what was parsed from ``text``.
    """
    if not any(map(has_literal_secrets, feeds.feeds)) and not has_literal_proxy_password(feeds):
        return text
    data = tomllib.loads(text)
    if has_literal_proxy_password(feeds):
        data["fetch"]["proxy"] = masked_url(feeds.proxy)
    for table, feed in zip(data["feeds"], feeds.feeds, strict=True):
        # Write the id of every feed, because masking a URL may change the default ids (``feed_ids``).
        table["id"] = feed.id
        if has_literal_secrets(feed):
            table |= {"url": masked_url(feed.url), **_masked_headers(feed)}
    return _TITLE + feeds_file_text(data)


def _masked_headers(feed: Feed) -> dict[str, Any]:
    masked = {name: MASK if _is_literal(value) else value for name, value in feed.headers.items()}
    return {"headers": masked} if masked else {}


def _is_literal(value: str) -> bool:
    return not HEADER_REFERENCE.fullmatch(value)

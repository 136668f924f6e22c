"""Make feed ids that are easy to read and type. Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from itertools import accumulate

from feedarchive.article.file_names import slug
from feedarchive.identity.site import site_of_host
from feedarchive.urls import host_of

_MAX_NAME_CHARS = 32
_NO_WORDS = "untitled"


def readable_id(url: str, title: str, taken: Collection[str]) -> str:
    """Make a short id that is not in ``taken``. The same arguments always give the same id.

    - If the title begins with the site's name, the id is that name: "Al Jazeera – Breaking News" at aljazeera.com gets
      ``aljazeera``.
    - Otherwise, or if that id is taken, the id is made from the title: "NYT > World News" at nytimes.com gets
      ``nyt-world-news``.
    - If this id is taken too, a number is appended.
    """
    used = {each.lower() for each in taken}
    site, words = site_name(url), _cut(slug(title))
    words = "" if words == _NO_WORDS or len(words) < 2 else words
    # Only whole words count: "Al Jazeera English" begins with aljazeera, but "Examples" does not begin with example.
    beginnings = set(accumulate(slug(title).split("-")))
    names_site = site.replace("-", "") in beginnings
    wanted = [name for name in ((site, words) if names_site or not words else (words,)) if name]
    for name in wanted:
        if name not in used:
            return name
    name, number = (wanted or ["feed"])[-1], 2 if wanted else 1
    while f"{name}-{number}" in used:
        number += 1
    return f"{name}-{number}"


def site_name(url: str) -> str:
    """Return the name of a URL's site: ``bbc`` for https://news.bbc.co.uk/, ``127-0-0-1`` for http://127.0.0.1/.

    Returns "" if the URL has no host.
    """
    host = host_of(url)
    registrable = site_of_host(host)
    if not registrable:
        return _cut(slug(host)) if host else ""
    name = registrable.partition(".")[0]
    return _cut(slug(name.removeprefix("xn--")))


def _cut(words: str) -> str:
    if len(words) <= _MAX_NAME_CHARS:
        return words
    cut = words[: _MAX_NAME_CHARS + 1]
    return cut.rpartition("-")[0] or words[:_MAX_NAME_CHARS]

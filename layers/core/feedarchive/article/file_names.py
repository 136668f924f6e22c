"""File names of articles: from title and date to key, and from key to article."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from anyascii import anyascii

_MAX_SLUG = 80
# In characters: enough for the slug, and fast even if the title has a megabyte.
_MAX_TITLE_READ = 400
_FILE_NAME = re.compile(r"[a-z0-9-]+-(?P<id12>[0-9a-f]{12})(?:\.r(?P<revision>\d{1,6}))?\.md")
_ARTICLE_KEY = re.compile(rf"archive/\d{{4}}/\d{{2}}/\d{{2}}/[a-z0-9.-]+/{_FILE_NAME.pattern}")


def slug(title: str) -> str:
    """Return a title in ASCII: lower-case letters, digits and hyphens, at most 80 characters, cut between words."""
    ascii_title = anyascii(title[:_MAX_TITLE_READ]).lower()
    # An apostrophe does not separate words: "don't" becomes "dont".
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’`]", "", ascii_title)).strip("-")
    if len(words) > _MAX_SLUG:
        cut = words[: _MAX_SLUG + 1]
        words = cut.rpartition("-")[0] or words[:_MAX_SLUG]
    return words.strip("-") or "untitled"


def article_key(archived: datetime, time_zone: ZoneInfo, folder: str, title: str, article_id: str) -> str:
    """Return ``archive/2025/12/25/foxnews.com/<slug>-<id12>.md``, with the day in the archive's time zone."""
    day = archived.astimezone(time_zone).strftime("%Y/%m/%d")
    return f"archive/{day}/{folder}/{slug(title)}-{article_id[:12]}.md"


def short_id_of_key(key: str) -> str:
    """Return the first 12 hex digits of the id in the key of an article or revision, "" for other keys."""
    match = _ARTICLE_KEY.fullmatch(key)
    return match.group("id12") if match else ""


def short_id_of_name(name: str) -> str:
    """Return the first 12 hex digits of the id in a file name of an article or revision, "" for other names."""
    match = _FILE_NAME.fullmatch(name)
    return match.group("id12") if match else ""


def version_of(key: str) -> int:
    """Return 1 for the first version of an article, 2 for ``….r2.md``, 0 for keys that are not articles."""
    match = _ARTICLE_KEY.fullmatch(key)
    return int(match.group("revision") or 1) if match else 0


def version_of_name(name: str) -> int:
    """Return the version in a file name of an article or revision, 0 for other names."""
    match = _FILE_NAME.fullmatch(name)
    return int(match.group("revision") or 1) if match else 0


def revision_key(first: str, number: int, archived: datetime, time_zone: ZoneInfo) -> str:
    """Return the key of a revision: the name of the first version with ``.r2``, in the folder of the revision's day."""
    day = archived.astimezone(time_zone).strftime("%Y/%m/%d")
    folder, name = first.split("/")[-2:]
    return f"archive/{day}/{folder}/{name.removesuffix('.md')}.r{number}.md"

"""Make and parse the keys and file names of articles and their companions (files beside an article).

A key is the path of a file in the archive, for example ``archive/2025/12/25/foxnews.com/<slug>-<id12>.md``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from anyascii import anyascii

_MAX_SLUG = 80
# Only this many characters of a title are read. This is enough for the slug, and fast even for a title of a megabyte.
_MAX_TITLE_READ = 400
_FILE_NAME = re.compile(r"[a-z0-9-]+-(?P<id12>[0-9a-f]{12})(?:\.r(?P<revision>\d{1,6}))?\.md")
_COMPANION_NAME = re.compile(
    r"[a-z0-9-]+-(?P<id12>[0-9a-f]{12})\.(?P<ending>full|media)(?:\.r(?P<number>\d{1,6}))?\.(?P<extension>md|json)"
)
_FOLDER = r"archive/\d{4}/\d{2}/\d{2}/[a-z0-9.-]+/"
_ARTICLE_KEY = re.compile(f"{_FOLDER}{_FILE_NAME.pattern}")
_COMPANION_KEY = re.compile(f"{_FOLDER}{_COMPANION_NAME.pattern}")


class CompanionKind(StrEnum):
    """What a companion contains. A companion is a file beside the versions of an article, with a claim of its own.

    - FULL_TEXT: the text of the article's page (``….full.md``).
    - MEDIA: the list of the article's pictures and enclosures (``….media.json``).
    """

    FULL_TEXT = "full_text"
    MEDIA = "media"


# For each kind of companion: the word in the names of its files and claims, and the extension of its files.
_ENDINGS = {CompanionKind.FULL_TEXT: ("full", "md"), CompanionKind.MEDIA: ("media", "json")}
_KINDS = {ending: kind for kind, ending in _ENDINGS.items()}
_CLAIM_NAME = re.compile(r"(?P<id>[0-9a-f]{32})(?:\.(?P<ending>full|media))?(?:\.r(?P<number>[1-9]\d{0,5}))?")
_KIND_OF_ENDING = {ending: kind for kind, (ending, _) in _ENDINGS.items()}


@dataclass(frozen=True)
class FileName:
    """What the key of an archived file says about it. The name of the file's claim says the same.

    - ``id``: the article's id; its first 12 digits if read from a key, because a key has no more.
    - ``kind``: the kind of the companion; None for a version of the article.
    - ``number``: 2 for ``….r2.md`` or ``….full.r2.md``; 1 for a name without a number.
    """

    id: str
    kind: CompanionKind | None
    number: int

    def matches(self, claim_name: FileName) -> bool:
        """Check whether a claim with this name belongs to this file."""
        return (claim_name.id[:12], claim_name.kind, claim_name.number) == (self.id[:12], self.kind, self.number)


def file_name_of(key: str) -> FileName | None:
    """Parse the key of a version or companion. Returns None for any other key."""
    if match := _ARTICLE_KEY.fullmatch(key):
        return FileName(match["id12"], None, int(match["revision"] or 1))
    return _companion(_COMPANION_KEY.fullmatch(key))


def claim_name(article_id: str, number: int = 1, kind: CompanionKind | None = None) -> str:
    """Return the name of a claim: ``<id>`` or ``<id>.r2`` for a version, ``<id>.full.r2`` for a companion.

    ``kind`` is None for a version.
    """
    ending = f".{_ENDINGS[kind][0]}" if kind else ""
    return f"{article_id}{ending}{f'.r{number}' if number > 1 else ''}"


def parse_claim_name(name: str) -> FileName | None:
    """Parse the name of a claim, such as ``3f9a….r2``. Returns None for other names."""
    match = _CLAIM_NAME.fullmatch(name)
    if not match:
        return None
    return FileName(match["id"], _KIND_OF_ENDING.get(match["ending"] or ""), int(match["number"] or 1))


def slug(title: str) -> str:
    """Return a title in ASCII, as it is used in file names: "A Bridge – Over It" -> "a-bridge-over-it".

    The slug has lower-case letters, digits and hyphens. It is cut between words to at most 80 characters. If the title
    has no letters, it is "untitled".
    """
    ascii_title = anyascii(title[:_MAX_TITLE_READ]).lower()
    # An apostrophe does not separate words: "don't" becomes "dont".
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’`]", "", ascii_title)).strip("-")
    if len(words) > _MAX_SLUG:
        cut = words[: _MAX_SLUG + 1]
        words = cut.rpartition("-")[0] or words[:_MAX_SLUG]
    return words.strip("-") or "untitled"


def article_key(archived: datetime, time_zone: ZoneInfo, folder: str, title: str, article_id: str) -> str:
    """Return the key of an article: ``archive/2025/12/25/foxnews.com/<slug>-<id12>.md``.

    - ``archived``: the time of archiving. The key contains its day in the archive's time zone.
    - ``folder``: the site's folder, here foxnews.com.
    """
    day = archived.astimezone(time_zone).strftime("%Y/%m/%d")
    return f"archive/{day}/{folder}/{slug(title)}-{article_id[:12]}.md"


def short_id_of_key(key: str) -> str:
    """Return the 12 hex digits of the article's id in the key of a version or companion; "" for any other key."""
    name = file_name_of(key)
    return name.id if name else ""


def short_id_of_name(name: str) -> str:
    """Return the 12 hex digits of the article's id in the name of a version or companion; "" for any other name."""
    match = _FILE_NAME.fullmatch(name)
    if match:
        return match["id12"]
    companion = _companion(_COMPANION_NAME.fullmatch(name))
    return companion.id if companion else ""


def version_of(key: str) -> int:
    """Return the number of a version from its key: 1 for the first version, 2 for ``….r2.md``.

    Returns 0 if ``key`` is not the key of a version.
    """
    match = _ARTICLE_KEY.fullmatch(key)
    return int(match.group("revision") or 1) if match else 0


def version_of_name(name: str) -> int:
    """Return the number of a version from its file name: 1 for the first version, 2 for ``….r2.md``.

    Returns 0 if ``name`` is not the file name of a version.
    """
    match = _FILE_NAME.fullmatch(name)
    return int(match.group("revision") or 1) if match else 0


def companion_kind(key: str) -> CompanionKind | None:
    """Return the kind of a companion (a full text or a list of media) by its key; None for any other key."""
    found = _companion(_COMPANION_KEY.fullmatch(key))
    return found.kind if found else None


def slug_of_key(key: str) -> str:
    """Return the slug in the key of a version or companion: ``…/a-bridge-2a503f1b3f43.r2.md`` -> ``a-bridge``."""
    return key.rpartition("/")[2].partition(".")[0].rpartition("-")[0]


def is_full_text(key: str) -> bool:
    """Is this the key of a full text (the text of an article's page)?"""
    return companion_kind(key) is CompanionKind.FULL_TEXT


def is_archived_file(key: str) -> bool:
    """Is this the key of a version or companion?"""
    return bool(version_of(key) or companion_kind(key))


def revision_key(first: str, number: int, archived: datetime, time_zone: ZoneInfo) -> str:
    """Return the key of a revision: the file name of the first version with ``.r<number>`` added.

    - ``first``: the key of the first version.
    - ``archived``: the time of archiving, whose day is in the key.
    """
    day = archived.astimezone(time_zone).strftime("%Y/%m/%d")
    folder, name = first.split("/")[-2:]
    return f"archive/{day}/{folder}/{name.removesuffix('.md')}.r{number}.md"


def companion_key(version: str, kind: CompanionKind, number: int, archived: datetime, time_zone: ZoneInfo) -> str:
    """Return the key of a companion: the file name of its version with ``.full`` or ``.media`` added.

    - ``version``: the key of the version.
    - ``archived``: the time of archiving, whose day is in the key.
    """
    day = archived.astimezone(time_zone).strftime("%Y/%m/%d")
    folder, name = version.split("/")[-2:]
    ending, extension = _ENDINGS[kind]
    # The part before the first dot is ``<slug>-<id12>``, because a slug has no dot.
    return f"archive/{day}/{folder}/{name.partition('.')[0]}.{ending}{f'.r{number}' if number > 1 else ''}.{extension}"


def _companion(match: re.Match[str] | None) -> FileName | None:
    kind = _KINDS.get((match["ending"], match["extension"])) if match else None
    return FileName(match["id12"], kind, int(match["number"] or 1)) if match and kind else None

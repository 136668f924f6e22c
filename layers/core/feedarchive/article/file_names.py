"""File names of articles and their companions: from title and date to key, and from key to article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from anyascii import anyascii

_MAX_SLUG = 80
# Characters of the title that are read: enough for the slug, and fast even if the title has a megabyte.
_MAX_TITLE_READ = 400
_FILE_NAME = re.compile(r"[a-z0-9-]+-(?P<id12>[0-9a-f]{12})(?:\.r(?P<revision>\d{1,6}))?\.md")
_COMPANION_NAME = re.compile(
    r"[a-z0-9-]+-(?P<id12>[0-9a-f]{12})\.(?P<ending>full|media)(?:\.r(?P<number>\d{1,6}))?\.(?P<extension>md|json)"
)
_FOLDER = r"archive/\d{4}/\d{2}/\d{2}/[a-z0-9.-]+/"
_ARTICLE_KEY = re.compile(f"{_FOLDER}{_FILE_NAME.pattern}")
_COMPANION_KEY = re.compile(f"{_FOLDER}{_COMPANION_NAME.pattern}")


class CompanionKind(StrEnum):
    """What a companion contains. A companion is a file beside the versions of an article, claimed like a version.

    - FULL_TEXT: the text of the article's page (``….full.md``).
    - MEDIA: what became of the article's pictures (``….media.json``).
    """

    FULL_TEXT = "full_text"
    MEDIA = "media"


# For each kind of companion: its part of file names and claim names, and the extension of its files.
_ENDINGS = {CompanionKind.FULL_TEXT: ("full", "md"), CompanionKind.MEDIA: ("media", "json")}
_KINDS = {ending: kind for kind, ending in _ENDINGS.items()}
_CLAIM_NAME = re.compile(r"(?P<id>[0-9a-f]{32})(?:\.(?P<ending>full|media))?(?:\.r(?P<number>[1-9]\d{0,5}))?")
_KIND_OF_ENDING = {ending: kind for kind, (ending, _) in _ENDINGS.items()}


@dataclass(frozen=True)
class FileName:
    """What the key of a file, or the name of its claim, says.

    - ``id``: the article's id. A key has only its first 12 digits.
    - ``kind``: the kind of the companion; None for a version of the article.
    - ``number``: 1 for the first version or the first companion of its kind; 2 for ``….r2.md`` or ``….full.r2.md``.
    """

    id: str
    kind: CompanionKind | None
    number: int

    def is_claimed_as(self, claimed: FileName) -> bool:
        """Check whether a file with this key may have the claim with the name ``claimed``."""
        return (claimed.id[:12], claimed.kind, claimed.number) == (self.id[:12], self.kind, self.number)


def file_name_of(key: str) -> FileName | None:
    """Parse the key of a version or of a companion; None for other keys."""
    if match := _ARTICLE_KEY.fullmatch(key):
        return FileName(match["id12"], None, int(match["revision"] or 1))
    return _companion(_COMPANION_KEY.fullmatch(key))


def claim_name(article_id: str, number: int = 1, kind: CompanionKind | None = None) -> str:
    """Name the claim of a version (``<id>``, ``<id>.r2``) or, with a kind, of a companion (``<id>.full.r2``)."""
    ending = f".{_ENDINGS[kind][0]}" if kind else ""
    return f"{article_id}{ending}{f'.r{number}' if number > 1 else ''}"


def parse_claim_name(name: str) -> FileName | None:
    """Parse the name of a claim; None for other names."""
    match = _CLAIM_NAME.fullmatch(name)
    if not match:
        return None
    return FileName(match["id"], _KIND_OF_ENDING.get(match["ending"] or ""), int(match["number"] or 1))


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
    """Return the first 12 hex digits of the article's id from the key of a version or companion; "" for other keys."""
    name = file_name_of(key)
    return name.id if name else ""


def short_id_of_name(name: str) -> str:
    """Return the first 12 hex digits of the article's id from the file name of a version or companion; else ""."""
    match = _FILE_NAME.fullmatch(name)
    if match:
        return match["id12"]
    companion = _companion(_COMPANION_NAME.fullmatch(name))
    return companion.id if companion else ""


def version_of(key: str) -> int:
    """Return 1 for the first version of an article, 2 for ``….r2.md``, 0 for keys that are not versions."""
    match = _ARTICLE_KEY.fullmatch(key)
    return int(match.group("revision") or 1) if match else 0


def version_of_name(name: str) -> int:
    """Return the number of the version from its file name; 0 for names that are not those of versions."""
    match = _FILE_NAME.fullmatch(name)
    return int(match.group("revision") or 1) if match else 0


def companion_kind(key: str) -> CompanionKind | None:
    """The kind of the companion with a key; None for other keys."""
    found = _companion(_COMPANION_KEY.fullmatch(key))
    return found.kind if found else None


def slug_of_key(key: str) -> str:
    """Return the slug in the key of a version or companion: its title in ASCII, with hyphens between the words."""
    return key.rpartition("/")[2].partition(".")[0].rpartition("-")[0]


def is_full_text(key: str) -> bool:
    """Check whether this is the key of a full text."""
    return companion_kind(key) is CompanionKind.FULL_TEXT


def is_archived_file(key: str) -> bool:
    """Check whether this is the key of a version or of a companion. These are the files that digests list."""
    return bool(version_of(key) or companion_kind(key))


def revision_key(first: str, number: int, archived: datetime, time_zone: ZoneInfo) -> str:
    """Return the key of a revision: the name of the first version with ``.r2``, in the folder of the revision's day."""
    day = archived.astimezone(time_zone).strftime("%Y/%m/%d")
    folder, name = first.split("/")[-2:]
    return f"archive/{day}/{folder}/{name.removesuffix('.md')}.r{number}.md"


def companion_key(version: str, kind: CompanionKind, number: int, archived: datetime, time_zone: ZoneInfo) -> str:
    """Return the key of a companion of a version: the article's name with ``.full`` or ``.media``.

    Its folder is that of the day on which the companion is archived.
    """
    day = archived.astimezone(time_zone).strftime("%Y/%m/%d")
    folder, name = version.split("/")[-2:]
    ending, extension = _ENDINGS[kind]
    # A slug has no dot, so what precedes the first dot is the name that all files of the article share.
    return f"archive/{day}/{folder}/{name.partition('.')[0]}.{ending}{f'.r{number}' if number > 1 else ''}.{extension}"


def _companion(match: re.Match[str] | None) -> FileName | None:
    kind = _KINDS.get((match["ending"], match["extension"])) if match else None
    return FileName(match["id12"], kind, int(match["number"] or 1)) if match and kind else None

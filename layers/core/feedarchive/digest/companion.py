"""A companion of an article as a digest lists it: a full text, or a list of media."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from feedarchive.article.file_fields import fields_of_file
from feedarchive.article.file_names import CompanionKind, claim_name, file_name_of, slug_of_key, version_of
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON, JSONObject
from feedarchive.rfc3339 import parse_rfc3339


@dataclass(frozen=True, slots=True)
class Companion:
    """A companion that was archived on the day of a digest.

    ``of``: the key of the version that it belongs to.
    ``words``: the number of words of a full text; None for a list of media.
    The order of the fields is that of the keys in digest.json.
    """

    key: str
    id: str
    kind: CompanionKind
    of: str
    bytes: int
    sha256: str
    words: int | None
    archived: str

    @property
    def number(self) -> int:
        """1 for the first companion of its kind, 2 for the second one, such as ``….full.r2.md``."""
        name = file_name_of(self.key)
        return name.number if name else 1

    @property
    def site(self) -> str:
        """The site of the article, which is the name of the file's folder."""
        return self.key.split("/")[-2]

    @property
    def name(self) -> str:
        """The text of the link to the companion on the pages of the day: the words in the name of its file.

        The title of the article may be missing in the digest, because the article may have been archived on another
        day.
        """
        return slug_of_key(self.key).replace("-", " ")

    @property
    def claim_name(self) -> str:
        return claim_name(self.id, self.number, self.kind)


def parse_companion_file(key: str, data: bytes) -> Companion | None:
    """Parse the file of a companion. None if it is truncated, or was not written by this program."""
    name = file_name_of(key)
    found = fields_of_file(key, data) if name and data.endswith(b"\n") else {}
    article_id, of, archived, words = (found.get(each) for each in ("id", "of", "archived", "words"))
    if not (name and name.kind and isinstance(article_id, str) and article_id[:12] == name.id):
        return None
    if not (isinstance(of, str) and version_of(of) and isinstance(archived, str) and _is_time(archived)):
        return None
    sha256, counted = sha256_of(data), words if type(words) is int else None
    return Companion(key, article_id, name.kind, of, len(data), sha256, counted, archived)


def companion_to_json(companion: Companion) -> dict[str, Any]:
    """The companion as an object of digest.json."""
    return {name: getattr(companion, name) for name in _FIELDS}


def parse_companion_json(written: JSONObject) -> Companion:
    """Parse a companion of a digest.json. Raises DamagedJSON, also if a field is missing or unknown."""
    written.allow_only(*_FIELDS)
    written.time("archived")  # only checks that it is a time
    texts = {name: written.text(name) for name in ("key", "id", "of", "sha256", "archived")}
    name = file_name_of(texts["key"])
    if not name or name.kind != written.text("kind") or not version_of(texts["of"]):
        raise DamagedJSON(f"expected the keys of a companion and of its version, got {texts['key']!r:.80}")
    kind, words = CompanionKind(written.text("kind")), written.optional_integer("words")
    return Companion(**texts, kind=kind, bytes=written.integer("bytes"), words=words)


_FIELDS = [field.name for field in fields(Companion)]


def _is_time(written: str) -> bool:
    try:
        return bool(parse_rfc3339(written))
    except ValueError:
        return False

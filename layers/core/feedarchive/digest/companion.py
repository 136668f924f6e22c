"""The companions that a digest lists.

A companion is a file beside an article: its full text, or a list of its media (pictures and enclosures).
"""

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
    """A companion in a digest. The fields have the same order in digest.json.

    - ``of``: the key of the article file to which the companion belongs.
    - ``bytes``: the size of the companion's file.
    - ``words``: the number of words of a full text; None for a list of media.
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
        """1 for the article's first companion of this kind (``….full.md``), 2 for the second (``….full.r2.md``)."""
        name = file_name_of(self.key)
        return name.number if name else 1

    @property
    def site(self) -> str:
        """The site of the article, such as example.org: the last folder of the key."""
        return self.key.split("/")[-2]

    @property
    def name(self) -> str:
        """A name to show: the words in the file name, such as "a bridge over the river".

        The article's title may be unknown, because the article may be in the digest of another day.
        """
        return slug_of_key(self.key).replace("-", " ")

    @property
    def claim_name(self) -> str:
        return claim_name(self.id, self.number, self.kind)


def parse_companion_file(key: str, data: bytes) -> Companion | None:
    """Parse the file of a companion. Returns None if it is truncated, or if this program did not write it."""
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
    """Return a companion as an object for digest.json."""
    return {name: getattr(companion, name) for name in _FIELDS}


def parse_companion_json(written: JSONObject) -> Companion:
    """Parse the object of a companion in digest.json. Raises DamagedJSON if a field is missing, wrong or unknown."""
    written.allow_only(*_FIELDS)
    written.time("archived")  # raises DamagedJSON if the field is not a time
    texts = {name: written.text(name) for name in ("key", "id", "of", "sha256", "archived")}
    name = file_name_of(texts["key"])
    if not name or name.kind != written.text("kind") or not version_of(texts["of"]):
        raise DamagedJSON(f"companion {texts['key']!r:.80}: its key, its kind or the key of its article is invalid")
    kind, words = CompanionKind(written.text("kind")), written.optional_integer("words")
    return Companion(**texts, kind=kind, bytes=written.integer("bytes"), words=words)


_FIELDS = [field.name for field in fields(Companion)]


def _is_time(written: str) -> bool:
    try:
        return bool(parse_rfc3339(written))
    except ValueError:
        return False

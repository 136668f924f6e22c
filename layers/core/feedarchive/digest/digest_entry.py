"""One entry of a digest: facts about one article file, all of them read from that file."""

from __future__ import annotations

import sys
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from feedarchive.article.file_names import claim_name, version_of
from feedarchive.article.word_count import count_words
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON, JSONObject, checked_time
from feedarchive.rfc3339 import parse_rfc3339
from feedarchive.url_secrets import public_url

# An article that is older than this when it is archived belongs to the backlog of the feed. It is not listed as new.
_BACKLOG_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One article file of a day. A string is "" if its value is unknown. Times are written as in RFC 3339.

    - ``bytes``: the size of the file.
    - ``revision``: the number of the version: 1 for the first version of an article.
    - ``previous``: the key of the previous version's file.
    - ``words_added``, ``words_removed``: the difference to the previous version in words; None if unknown.
    - ``previous_title``: the title of the previous version; "" if it is the same or unknown.

    The fields have the same order in digest.json. A new field needs a default value, because old digests lack it.
    """

    key: str
    id: str
    title: str
    link: str
    description: str
    image: str
    site: str
    feed: str
    source: str
    author: str
    tags: tuple[str, ...]
    published: str
    archived: str
    words: int
    bytes: int
    sha256: str
    language: str = ""
    guid: str = ""
    wording: str = ""
    revision: int = 1
    previous: str = ""
    words_added: int | None = None
    words_removed: int | None = None
    previous_title: str = ""

    @property
    def claim_name(self) -> str:
        return claim_name(self.id, self.revision)

    @property
    def is_revision(self) -> bool:
        return self.revision > 1

    @property
    def edit_size(self) -> int:
        """The number of words added plus the number of words removed; -1 if unknown."""
        return -1 if self.words_added is None or self.words_removed is None else self.words_added + self.words_removed

    @property
    def is_backlog(self) -> bool:
        """Whether a new article was published more than two days before it was archived. False for later versions."""
        if self.is_revision or not self.published or not self.archived:
            return False
        return parse_rfc3339(self.archived) - parse_rfc3339(self.published) > _BACKLOG_AFTER


def is_news(entry: DigestEntry) -> bool:
    """Whether this is the first version of an article and not part of the backlog."""
    return not entry.is_revision and not entry.is_backlog


def parse_article_file(key: str, data: bytes) -> DigestEntry | None:
    """Parse an article file. Returns None if it is truncated, or if this program did not write its front matter."""
    text = data.decode("utf-8", "replace")
    fields = parse_front_matter(text) if data.endswith(b"\n") else {}
    if not fields.get("id") or not _is_time(fields.get("archived")):
        return None

    def line(name: str) -> str:
        return str(fields.get(name) or "")

    tags = fields.get("tags")
    published = line("published")
    return DigestEntry(
        key=key,
        id=line("id"),
        title=line("title"),
        link=line("link"),
        description=line("description"),
        image=line("image"),
        site=key.split("/")[-2],
        feed=line("feed"),
        source=public_url(line("source")),  # In files of release 0.1.0, the URL may contain secrets.
        author=line("author"),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        published=published if _is_time(published) else "",
        archived=line("archived"),
        words=count_words(body_of(text)),
        bytes=len(data),
        sha256=sha256_of(data),
        language=line("language"),
        guid=line("guid"),
        wording=line("wording"),
        revision=_count(fields.get("revision")) or 1,
        previous=line("previous"),
        words_added=_count(fields.get("words_added")),
        words_removed=_count(fields.get("words_removed")),
        previous_title=line("previous_title"),
    )


def entry_to_json(entry: DigestEntry) -> dict[str, Any]:
    """Return an entry as an object for digest.json. It has every field; unknown values are null."""
    values = {name: getattr(entry, name) for name in _FIELDS}
    nulls = {name: None for name in _OPTIONAL_TEXTS if not values[name]}
    return {**values, **nulls, "revision": entry.revision if entry.is_revision else None}


def parse_entry_json(written: JSONObject, version: int) -> DigestEntry:
    """Parse the object of an entry in digest.json. ``version`` is the version of the digest.json, 1 or 2.

    In version 2, an unknown string is null; in version 1, it is "". Raises DamagedJSON if a field is missing, wrong or
    unknown.
    """
    if version == 1:
        written = JSONObject({**_NOT_IN_VERSION_1, **written.fields})
    if written.fields.keys() != set(_FIELDS):
        raise DamagedJSON("fields are missing or unknown")
    written.time("archived")  # Raises DamagedJSON if this is not a time.
    if published := written.optional_text("published"):
        checked_time(published)
    texts = {name: written.text(name) for name in _REQUIRED_TEXTS}
    texts |= {name: written.optional_text(name) for name in _OPTIONAL_TEXTS}
    _check_key(texts["key"])
    texts["source"] = public_url(texts["source"])
    # All entries of a feed have these texts in common. sys.intern keeps each of them in memory only once.
    texts |= {name: sys.intern(texts[name]) for name in _SHARED_TEXTS}
    return DigestEntry(
        **texts,
        tags=written.texts("tags"),
        words=written.integer("words"),
        bytes=written.integer("bytes"),
        revision=written.optional_integer("revision") or 1,
        words_added=written.optional_integer("words_added"),
        words_removed=written.optional_integer("words_removed"),
    )


def intact_entry(written: JSONObject) -> DigestEntry:
    """Read only the values that are needed to verify the file and the claim of an entry. Other values are left empty.

    Call this only if the hash of the digest.json is right. Raises DamagedJSON if the key, hash or size is missing.
    """
    fields = written.fields
    return DigestEntry(
        key=written.text("key"), id=written.text("id"), sha256=written.text("sha256"), bytes=written.integer("bytes"),
        archived=written.text("archived"), title=fields.get("title") or "", source=fields.get("source") or "",
        guid=fields.get("guid") or "", wording=fields.get("wording") or "", revision=fields.get("revision") or 1,
        link="", description="", image="", site="", feed="", author="", tags=(), published="", words=0,
    )  # fmt: skip


def salvage_entry(written: JSONObject) -> DigestEntry:
    """Read an entry of a damaged digest.json. Most values that are missing or wrong are left empty.

    Raises DamagedJSON if ``key``, ``id``, ``site``, ``archived``, ``sha256`` or ``bytes`` is missing or wrong.
    """

    def text(name: str) -> str:
        value = written.fields.get(name)
        return value if isinstance(value, str) else ""

    written.time("archived")  # Raises DamagedJSON if this is not a time.
    tags, words, revision = (written.fields.get(name) for name in ("tags", "words", "revision"))
    values: dict[str, Any] = {name: written.text(name) for name in _REQUIRED_TEXTS}
    _check_key(values["key"])
    values |= {name: text(name) for name in _OPTIONAL_TEXTS}
    return DigestEntry(
        **{**values, "published": values["published"] if _is_time(values["published"]) else ""},
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        words=words if isinstance(words, int) else 0,
        bytes=written.integer("bytes"),
        revision=revision if isinstance(revision, int) else 1,
    )


_FIELDS = [field.name for field in fields(DigestEntry)]
_REQUIRED_TEXTS = ("key", "id", "site", "archived", "sha256")
_SHARED_TEXTS = ("site", "feed", "source", "author", "language")
_OPTIONAL_TEXTS = [
    field.name for field in fields(DigestEntry) if field.type == "str" if field.name not in _REQUIRED_TEXTS
]
# The fields of every entry in a digest.json of version 1. An entry of a changed article also had ``revision`` and
# ``previous``.
_IN_VERSION_1 = {
    "key", "id", "title", "link", "description", "image", "site", "feed", "source", "author", "tags", "published",
    "archived", "words", "bytes", "sha256",
}  # fmt: skip
_NOT_IN_VERSION_1 = {name: None for name in _FIELDS if name not in _IN_VERSION_1}


def _check_key(key: str) -> None:
    """Raise DamagedJSON if this is not the key of an article file. It could be ``../file`` in a damaged digest."""
    if not version_of(key):
        raise DamagedJSON(f"expected the key of an article, got {key!r:.80}")


def _count(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(parse_rfc3339(value))
    except ValueError:
        return False

"""What a digest says of one file, read from the file and nothing else."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.rfc3339 import parse_rfc3339

# Published longer before it was archived, an article is from a feed's backlog, not news of the day.
_BACKLOG_AFTER = timedelta(days=2)
# A link's destination is no text of the article.
_DESTINATION = re.compile(r"\]\([^)\s]*\)|<https?://[^>\s]*>")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class DigestEntry:
    """One file of a day. Times are RFC 3339, "" where unknown; ``bytes`` is the file's size.

    ``revision`` is 1 for an article's first version; ``previous`` is the key of the version before.
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
    revision: int = 1
    previous: str = ""

    @property
    def is_revision(self) -> bool:
        return self.revision > 1

    @property
    def is_backlog(self) -> bool:
        """Published more than two days before it was archived."""
        if self.is_revision or not self.published or not self.archived:
            return False
        return parse_rfc3339(self.archived) - parse_rfc3339(self.published) > _BACKLOG_AFTER


def parse_article_file(key: str, data: bytes) -> DigestEntry | None:
    """The entry of an article's file; None for one that is not whole or has no front matter of ours."""
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
        source=line("source"),
        author=line("author"),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        published=published if _is_time(published) else "",
        archived=line("archived"),
        words=len(_WORD.findall(_DESTINATION.sub("]", body_of(text)))),
        bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        revision=fields["revision"] if isinstance(fields.get("revision"), int) else 1,
        previous=line("previous"),
    )


def parse_entry_json(written: dict[str, Any]) -> DigestEntry:
    """An entry as a digest.json has it. ValueError, KeyError or TypeError for what no program of ours wrote."""
    entry = DigestEntry(**{**written, "tags": tuple(written["tags"])})
    if any(type(getattr(entry, name)) is not kind for name, kind in _TYPES.items()):
        raise TypeError
    if not _is_time(entry.archived) or not (entry.published == "" or _is_time(entry.published)):
        raise ValueError
    if any(type(tag) is not str for tag in entry.tags):
        raise TypeError
    return entry


_TYPES = {field.name: {"str": str, "int": int}.get(str(field.type), tuple) for field in fields(DigestEntry)}


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(parse_rfc3339(value))
    except ValueError:
        return False

"""The row of an article file, and a day's rows as compressed JSON Lines. Pure."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from feedarchive.article.file_names import CompanionKind
from feedarchive.article.word_count import count_visible_words
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.hashes import sha256_of
from feedarchive.json_values import DamagedJSON
from feedarchive.media.media_list import parse_media_list
from feedarchive.pages.companion_files import CompanionFile
from feedarchive.rfc3339 import format_rfc3339, parse_rfc3339
from feedarchive.tables.columns import COLUMNS, Column, ColumnType

Row = dict[str, Any]
_SPARSE = frozenset(column.name for column in COLUMNS if column.sparse)
_NAMES = tuple(column.name for column in COLUMNS)
# The header of gzip without a name and a time (RFC 1952), always the same whatever the version of Python.
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_COMPRESSION = 6


def row_of(
    key: str,
    data: bytes,
    day: date,
    known: DigestEntry | None = None,
    companions: Mapping[CompanionKind, CompanionFile] = {},
) -> Row | None:
    """The values of all columns by name, as JSON has them; None for a file that digests leave out too.

    ``known`` is the file's entry in the digest: if it was made of the same bytes, the words are not counted again.
    ``companions`` are its full text and its list of media, if it has them.
    """
    is_known = known is not None and known.sha256 == sha256_of(data)
    entry = known if is_known else parse_article_file(key, data)
    if entry is None or not data.endswith(b"\n"):
        return None
    text = data.decode("utf-8", "replace")
    fields = parse_front_matter(text)
    row: Row = {column.name: _value(column, fields.get(column.name)) for column in COLUMNS}
    row |= {
        "key": key,
        "day": day.isoformat(),
        "site": entry.site,
        "id": entry.id,
        "archived": format_rfc3339(parse_rfc3339(entry.archived)),
        "tags": list(entry.tags),
        "words": entry.words,
        "bytes": entry.bytes,
        "sha256": entry.sha256,
        "body": body_of(text).removesuffix("\n"),
        **_full_columns(companions.get(CompanionKind.FULL_TEXT)),
        **_media_columns(companions.get(CompanionKind.MEDIA)),
    }
    return row


def _full_columns(full: CompanionFile | None) -> Row:
    if full is None:
        return {"full_text": None, "full_words": None, "full_key": None}
    body = body_of(full.data.decode("utf-8", "replace"))
    return {"full_text": body.removesuffix("\n"), "full_words": count_visible_words(body), "full_key": full.key}


def _media_columns(media: CompanionFile | None) -> Row:
    try:
        keys = [*dict.fromkeys(parse_media_list(media.data).stored_keys.values())] if media else []
    except DamagedJSON:
        keys = []
    return {"media": keys or None}


def _value(column: Column, written: object) -> object:
    """A value of the front matter, null if it is empty or of another type than the column."""
    if column.type is ColumnType.NUMBER:
        return written if type(written) is int and 0 <= written < 2**53 else None
    if column.type is ColumnType.BOOLEAN:
        return written if isinstance(written, bool) else None
    if column.type is ColumnType.DAY:
        return written.isoformat() if type(written) is date else None
    if not isinstance(written, str) or not written:
        return None
    if column.type is ColumnType.TIME:
        return _time(written)
    return written


def _time(written: str) -> str | None:
    try:
        return format_rfc3339(parse_rfc3339(written))
    except ValueError:
        return None


def json_line(row: Row) -> bytes:
    """A row as a line of JSON, with its columns in their order."""
    ordered = {name: row[name] for name in _NAMES if name not in _SPARSE or row[name] is not None}
    return (json.dumps(ordered, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")


def gzip_lines(lines: Iterable[bytes]) -> bytes:
    """Compress lines, one after the other. The same lines give the same bytes, because the time is left out."""
    compressor = zlib.compressobj(_COMPRESSION, wbits=-zlib.MAX_WBITS)
    compressed = io.BytesIO()
    compressed.write(_GZIP_HEADER)
    checksum, size = 0, 0
    for line in lines:
        compressed.write(compressor.compress(line))
        checksum, size = zlib.crc32(line, checksum), size + len(line)
    compressed.write(compressor.flush() + struct.pack("<LL", checksum, size & 0xFFFFFFFF))
    return compressed.getvalue()  # without a copy, unlike bytes(bytearray)

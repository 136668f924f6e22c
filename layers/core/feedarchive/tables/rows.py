"""Make the row of an article file, and make compressed JSON Lines of rows. Pure functions."""

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
# The header of a gzip file without name and time (RFC 1952). Python's gzip module is not used, because its headers
# differ between versions of Python.
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_COMPRESSION = 6


def row_of(
    key: str,
    data: bytes,
    day: date,
    known: DigestEntry | None = None,
    companions: Mapping[CompanionKind, CompanionFile] = {},
) -> Row | None:
    """Make the row of an article file: the values of all columns, by column name, in the types of JSON.

    Returns None if the file is truncated, or is not an article file of this program.

    - ``data``: the content of the file.
    - ``known``: the file's entry in the digest. If the file has not changed since the digest was written, its words are
      not counted again.
    - ``companions``: the article's full text and list of media, if there are any.
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
    """Convert a value of the front matter for a column. Returns None if the value is empty or has the wrong type."""
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
    """Write a row as a line of JSON in UTF-8, with the columns in the order of COLUMNS."""
    ordered = {name: row[name] for name in _NAMES if name not in _SPARSE or row[name] is not None}
    return (json.dumps(ordered, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8", "replace")


def gzip_lines(lines: Iterable[bytes]) -> bytes:
    """Compress lines with gzip. The same lines always give the same bytes, because the header has no time."""
    compressor = zlib.compressobj(_COMPRESSION, wbits=-zlib.MAX_WBITS)
    compressed = io.BytesIO()
    compressed.write(_GZIP_HEADER)
    checksum, size = 0, 0
    for line in lines:
        compressed.write(compressor.compress(line))
        checksum, size = zlib.crc32(line, checksum), size + len(line)
    compressed.write(compressor.flush() + struct.pack("<LL", checksum, size & 0xFFFFFFFF))
    return compressed.getvalue()

"""Detect the character encoding of a feed document and decode it.

Servers and documents often declare a wrong encoding. So the encoding is the first of these that applies:

1. the encoding of the byte order mark;
2. UTF-8, if at most a few bytes are not valid UTF-8, even if another encoding is declared;
3. the declared encoding, if no other encoding is far more probable;
4. the most probable encoding (detect_encoding.py).

RFC 7303 puts the declared encoding before UTF-8. But then a wrong declaration would garble all non-ASCII characters of
a UTF-8 document.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

import webencodings

from feedarchive.document.surrogate_pairs import join_bytes, join_references

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Maps a declared encoding to the encoding that is used instead, as in browsers. For example, documents that declare
# ISO-8859-1 often have characters of Windows-1252.
_SUPERSETS = {
    "utf-8-sig": "utf-8",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# These encodings use only ASCII bytes, so a document in one of them is also valid UTF-8. They are tried before UTF-8.
_ASCII_BASED = {"iso2022_jp", "iso2022_kr", "hz", "utf-7"}
# ISO-2022-JP starts Japanese text with these bytes. The first one is the escape character, which XML forbids, so other
# documents do not contain it.
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
# Names of Python codecs that no document uses as its encoding.
_NOT_CHARSETS = {"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
_XML_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
# A document counts as UTF-8 if it has at most this number of bad bytes for each non-ASCII character.
_MAX_BAD_SHARE = 0.2
# Most bad bytes in UTF-8 documents are characters of Windows-1252. Maps the code points that Python's error handler
# "surrogateescape" writes for bad bytes to these characters.
_ESCAPED_BYTES = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
# U+FFFD in UTF-8. If a document itself contains it, it does not count as a bad byte.
_REPLACEMENT_CHARACTER = "\ufffd".encode()


@dataclass(frozen=True)
class Decoded:
    """A decoded document, its encoding, and the number of bytes that are invalid in this encoding."""

    text: str
    encoding: str
    bad_bytes: int = 0


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a feed document. Never raises an error: invalid bytes are replaced and counted."""
    decoded = _decode(body, content_type)
    joined = join_references(decoded.text)
    return decoded if joined == decoded.text else replace(decoded, text=joined)


def _decode(body: bytes, content_type: str) -> Decoded:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decode_leniently(body[len(mark) :], encoding)
    if utf_16 := _utf_16_without_mark(body):
        return _decode_leniently(body, utf_16)
    declared = _declared_encodings(body, content_type)
    ascii_based = next((encoding for encoding in declared if encoding in _ASCII_BASED), None)
    if not ascii_based and _ISO_2022_JP.search(body):
        ascii_based = "iso2022_jp"
    if ascii_based and (text := _decode_strictly(body, ascii_based)) is not None:
        return Decoded(text, ascii_based)
    if (text := _decode_strictly(body, "utf-8")) is not None:
        return Decoded(text, "utf-8")
    return _decode_other_than_utf_8(body, declared)


def _decode_other_than_utf_8(body: bytes, declared: list[str]) -> Decoded:
    # Imported only when needed, because most documents are in UTF-8.
    from feedarchive.document.detect_encoding import DEFAULT, detect_encoding, refuted_by

    joined = join_bytes(body)
    if joined is not body and (text := _decode_strictly(joined, "utf-8")) is not None:
        return Decoded(text, "utf-8")
    as_utf_8 = _decode_leniently(joined, "utf-8")
    non_ascii = len(as_utf_8.text) - len(as_utf_8.text.encode("ascii", "ignore"))
    if as_utf_8.bad_bytes <= _MAX_BAD_SHARE * non_ascii:
        return as_utf_8
    for encoding in declared:
        if encoding != "utf-8" and (text := _decode_strictly(body, encoding)) is not None:
            better = refuted_by(body, encoding)
            return _decode_leniently(body, better) if better else Decoded(text, encoding)
    if declared and "utf-8" not in declared:
        return _decode_leniently(body, refuted_by(body, declared[0]) or declared[0])
    detected = detect_encoding(body)
    if detected == DEFAULT and "utf-8" in declared:
        return as_utf_8  # UTF-8 is declared, and no other encoding was detected
    return _decode_leniently(body, detected)


def _declared_encodings(body: bytes, content_type: str) -> list[str]:
    """Return the encodings that the HTTP header and the document declare, as names of Python codecs.

    The most credible encoding comes first.
    """
    in_header = _HEADER_CHARSET.search(content_type)
    in_document = _XML_DECLARATION.search(body[:1024])
    labels = [in_document.group(1).decode("ascii")] if in_document else []
    if in_header:
        # The header is usually more credible than the document. But ISO-8859-1 or ASCII in a header is often only the
        # default of the server, so it comes last.
        is_default = _codec_name(in_header.group(1)) in ("cp1252", None)
        labels.insert(len(labels) if is_default else 0, in_header.group(1))
    names = [name for label in labels if (name := _codec_name(label))]
    # ``_decode`` recognizes UTF-16 and UTF-32 by the first bytes of a document, before it looks at declarations. So a
    # declaration of UTF-16 or UTF-32 is wrong here.
    return [name for name in dict.fromkeys(names) if not name.startswith(("utf-16", "utf-32"))]


def _codec_name(label: str) -> str | None:
    """Return the name of Python's codec for a declared encoding; None if there is no such codec.

    The declared name means what it means in browsers. For Python, some names mean another encoding.
    """
    known = webencodings.lookup(label)
    if known and known.name not in ("replacement", "x-user-defined"):
        label = known.codec_info.name
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # Some codecs of Python, such as base64 and rot13, are not character encodings.
    if codec.name in _NOT_CHARSETS or not getattr(codec, "_is_text_encoding", True):
        return None
    return _SUPERSETS.get(codec.name, codec.name)


def _utf_16_without_mark(body: bytes) -> str | None:
    if body[:4] in (b"<\0?\0", b"<\0r\0", b"<\0f\0"):
        return "utf-16-le"
    if body[:4] in (b"\0<\0?", b"\0<\0r", b"\0<\0f"):
        return "utf-16-be"
    return None


def _decode_strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _decode_leniently(body: bytes, encoding: str) -> Decoded:
    if (text := _decode_strictly(body, encoding)) is not None:
        return Decoded(text, encoding)
    bad_bytes = body.decode(encoding, "replace").count("\ufffd")
    if encoding == "utf-8":
        bad_bytes -= body.count(_REPLACEMENT_CHARACTER)
        return Decoded(body.decode(encoding, "surrogateescape").translate(_ESCAPED_BYTES), encoding, bad_bytes)
    return Decoded(body.decode(encoding, "replace"), encoding, bad_bytes)

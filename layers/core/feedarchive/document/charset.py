"""Bytes to characters, whatever the server and the document claim about them.

The order of belief: a byte order mark; then what the bytes themselves prove (text that is valid
UTF-8 with accents in it is UTF-8, whatever the labels say); then the labels. One bad byte in a
UTF-8 document costs that one character, never the document (RFC 7303 would let the label win).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Labels publishers use for what is really a larger set (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {
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
# Encodings whose text is 7-bit bytes: such a document is valid UTF-8 and still something else.
_SEVEN_BIT = {"iso2022_jp", "iso2022_kr", "hz", "utf-7"}
# Names of Python's that are no character sets of documents; some of them raise even when told not to.
_NOT_MEANT = {"charmap", "idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
# A document counts as UTF-8 with bad bytes while those are at most this share of its non-ASCII characters.
_BAD_BYTES_TOLERATED = 0.2
# Fewer bad bytes than these are not worth detecting a charset by.
_FEW = 8
# charset detection looks at this much (bytes): it is slow, and the first part tells.
_DETECT_ON = 64 * 1024

# What Python's "surrogateescape" makes of a byte that is wrong, and what it is meant to be.
_ESCAPED_BYTES = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}
# U+FFFD itself in UTF-8: somebody else's bad byte, and no longer one here.
_REPLACED_BEFORE = "\ufffd".encode()


@dataclass(frozen=True)
class Decoded:
    """The characters, the encoding they were read with, and how many bytes made no sense in it."""

    text: str
    encoding: str
    bad_bytes: int = 0


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a feed document; never raises, never loses more than the bytes that are wrong."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _lenient(body[len(bom) :], encoding)
    if wide := _utf16_without_bom(body):
        return _lenient(body, wide)
    labels = _labels(body, content_type)
    seven_bit = next((label for label in labels if label in _SEVEN_BIT), None)
    if seven_bit and (text := _strict(body, seven_bit)) is not None:
        return Decoded(text, seven_bit)
    if (text := _strict(body, "utf-8")) is not None:
        return Decoded(text, "utf-8")
    return _not_valid_utf8(body, labels)


def _not_valid_utf8(body: bytes, labels: list[str]) -> Decoded:
    as_utf8 = _lenient(body, "utf-8")
    non_ascii = len(as_utf8.text) - len(as_utf8.text.encode("ascii", "ignore"))
    if as_utf8.bad_bytes <= _BAD_BYTES_TOLERATED * non_ascii:
        return as_utf8
    for label in labels:
        if label != "utf-8" and (text := _strict(body, label)) is not None:
            return Decoded(text, label)
    if not labels or "utf-8" in labels:
        # The label lies, so ask the letters. Few of them prove nothing: then Western it is, and a
        # document that says UTF-8 is one with a few bytes that are wrong.
        if as_utf8.bad_bytes <= _FEW and "utf-8" in labels:
            return as_utf8
        return _lenient(body, _guessed(body) if as_utf8.bad_bytes > _FEW else "cp1252")
    return _lenient(body, labels[0])


def _guessed(body: bytes) -> str:
    # Hardly any document needs it, and every process that reads some would have 4 MB more.
    from charset_normalizer import from_bytes

    best = from_bytes(body[:_DETECT_ON]).best()
    return best.encoding if best else "cp1252"


def _labels(body: bytes, content_type: str) -> list[str]:
    """The encodings the labels name, most credible first, each a name Python knows."""
    header = _HEADER_CHARSET.search(content_type)
    declared = _DECLARATION.search(body[:1024])
    names = [declared.group(1).decode("ascii")] if declared else []
    if header:
        # A header of Latin-1 or ASCII is a server's default more often than knowledge.
        weak = _known(header.group(1)) in ("cp1252", None)
        names.insert(len(names) if weak else 0, header.group(1))
    known = [found for name in names if (found := _known(name))]
    # Labels that say "UTF-16" were read as ASCII to be found: they are wrong.
    return [name for name in dict.fromkeys(known) if not name.startswith(("utf-16", "utf-32"))]


def _known(label: str) -> str | None:
    try:
        codec = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # base64, rot13 and their like are codecs too, and no character encodings.
    if codec.name in _NOT_MEANT or not getattr(codec, "_is_text_encoding", True):
        return None
    return _MEANT.get(codec.name, codec.name)


def _utf16_without_bom(body: bytes) -> str | None:
    if body[:4] in (b"<\0?\0", b"<\0r\0", b"<\0f\0"):
        return "utf-16-le"
    if body[:4] in (b"\0<\0?", b"\0<\0r", b"\0<\0f"):
        return "utf-16-be"
    return None


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, ValueError):
        return None


def _lenient(body: bytes, encoding: str) -> Decoded:
    if (text := _strict(body, encoding)) is not None:
        return Decoded(text, encoding)
    replaced = body.decode(encoding, "replace").count("\ufffd")
    if encoding == "utf-8":
        replaced -= body.count(_REPLACED_BEFORE)
        # The bytes that are wrong as Windows-1252: that is what they are in most UTF-8 feeds.
        return Decoded(body.decode(encoding, "surrogateescape").translate(_ESCAPED_BYTES), encoding, replaced)
    return Decoded(body.decode(encoding, "replace"), encoding, replaced)

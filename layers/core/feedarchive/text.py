"""Clean up text: remove forbidden characters, fold to one line, shorten."""

from __future__ import annotations

import re

# Forbidden or discouraged in XML 1.0 (https://www.w3.org/TR/xml/#charsets), and unwanted in Markdown files: C0 controls
# except tab and newlines, DEL and C1 controls except NEL, surrogates, and the noncharacters up to U+FFFF.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF])"
    r"|0*(?:[0-8]|1[1245-9]|2[0-9]|3[01]));"
)
# The quotes and dashes of Windows-1252 become U+0080 to U+009F when they are decoded as Latin-1.
_WINDOWS_1252 = re.compile("[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")
_FORBIDDEN_OR_WINDOWS_1252 = re.compile(f"{_FORBIDDEN.pattern[:-1]}{_WINDOWS_1252.pattern[1:]}")
# Forbidden characters, and the two characters that override the reading direction. These two can reverse the text that
# follows, so that a title could disguise a link.
_UNSAFE = re.compile(f"{_FORBIDDEN.pattern[:-1]}\u202d\u202e]")
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def remove_forbidden(text: str) -> tuple[str, bool]:
    """Remove characters that XML forbids, also if they are written as references such as ``&#0;``.

    Returns the text, and whether anything was removed. Quotes and dashes of Windows-1252 that were decoded as Latin-1
    are repaired.
    """
    cleaned, removed = text, 0
    if _FORBIDDEN_OR_WINDOWS_1252.search(text):
        text = _WINDOWS_1252.sub(lambda match: match.group().encode("latin-1").decode("cp1252"), text)
        cleaned, removed = _FORBIDDEN.subn("", text)
    cleaned, references = _FORBIDDEN_REFERENCE.subn("", cleaned)
    return cleaned, bool(removed or references)


def safe_text(text: str) -> str:
    """Remove forbidden characters and overrides of the reading direction."""
    return _UNSAFE.sub("", text)


def one_line(text: str) -> str:
    """Fold text to one line: white space becomes single spaces, direction marks are removed."""
    return " ".join(_DIRECTION_MARKS.sub("", _FORBIDDEN.sub(" ", text)).split())


def shorten(text: str, limit: int) -> str:
    """Return at most ``limit`` characters. A longer text is cut between words and gets an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:-–—") + "…"


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 feed``, ``1,200 feeds``, ``2 entries``."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{number:,} {plural}"


def bytes_of(number: int) -> str:
    """Return a number of bytes for people: ``512 bytes``, ``1.2 MB``."""
    size, units = float(number), ["kB", "MB", "GB", "TB"]
    if number < 1000:
        return count_of(number, "byte")
    while size >= 1000 and units:
        size, unit = size / 1000, units.pop(0)
    return f"{size:,.1f} {unit}"

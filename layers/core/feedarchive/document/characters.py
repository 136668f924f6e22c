"""Characters that have no place in a document or a file, and what becomes of them."""

from __future__ import annotations

import re

# Not allowed in XML 1.0 (https://www.w3.org/TR/xml/#charsets), nor wanted in a Markdown file:
# C0 controls but tab and newlines, DEL and C1 controls but NEL, surrogates, non-characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF])"
    r"|0*(?:[0-8]|1[1245-9]|2[0-9]|3[01]));"
)
# U+0080 to U+009F are what Windows-1252's quotes and dashes became when somebody took them for Latin-1.
_WINDOWS = re.compile("[\x80\x82-\x8c\x8e\x91-\x9c\x9e\x9f]")
# They turn the direction of all that follows: a title could dress a link up as another.
_DIRECTION_OVERRIDES = re.compile("[\u202d\u202e]")
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def without_forbidden(text: str) -> tuple[str, bool]:
    """The text without characters XML forbids, and whether there were any."""
    text = _WINDOWS.sub(lambda match: match.group().encode("latin-1").decode("cp1252"), text)
    cleaned, removed = _FORBIDDEN.subn("", text)
    cleaned, references = _FORBIDDEN_REFERENCE.subn("", cleaned)
    return cleaned, bool(removed or references)


def safe_text(text: str) -> str:
    """Text for a file: nothing forbidden, no override of the reading direction."""
    return _DIRECTION_OVERRIDES.sub("", _FORBIDDEN.sub("", text))


def one_line(text: str) -> str:
    """Text for one line of front matter: white space folded, no direction marks left open."""
    return " ".join(_DIRECTION.sub("", _FORBIDDEN.sub(" ", text)).split())

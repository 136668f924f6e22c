"""Replace surrogate pairs with characters.

Some publishers write an emoji as a surrogate pair, either in bytes (CESU-8) or as two character references.
"""

from __future__ import annotations

import re

_HIGH = r"(?:[xX]0*(?P<{0}x>[dD][{1}][0-9a-fA-F]{{2}})|0*(?P<{0}d>5[5-7]\d{{3}}));"
# In HTML that is escaped in XML, a character reference starts with "&amp;#" instead of "&#".
_REFERENCES = re.compile(
    rf"&(?P<amp>amp;)?#{_HIGH.format('high', '89abAB')}&(?(amp)amp;)#{_HIGH.format('low', 'c-fC-F')}", re.ASCII
)
_SURROGATE = re.compile(r"#(?:0*5[5-7]\d\d\d;|[xX]0*[dD][89a-fA-F])", re.ASCII)
_BYTES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


def join_references(text: str) -> str:
    """Replace the two character references of a surrogate pair, such as ``&#55357;&#56832;``, with the character."""
    return _REFERENCES.sub(_character, text) if _SURROGATE.search(text) else text


def join_bytes(body: bytes) -> bytes:
    """Replace the six bytes of a surrogate pair in CESU-8 with the four bytes of the character in UTF-8."""
    return _BYTES.sub(lambda pair: _joined(pair.group().decode("utf-8", "surrogatepass")).encode(), body)


def _character(match: re.Match[str]) -> str:
    high = int(match["highx"], 16) if match["highx"] else int(match["highd"])
    low = int(match["lowx"], 16) if match["lowx"] else int(match["lowd"])
    is_pair = 0xD800 <= high < 0xDC00 <= low < 0xE000
    return _joined(chr(high) + chr(low)) if is_pair else match.group()


def _joined(pair: str) -> str:
    return pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le")

"""Make the title that is written to an article's file.

A new release may write titles in another way. Article ids that depend on the title are made from ``plain_line``
instead, which must never change (identity rule 4).
"""

from __future__ import annotations

import html
import re

from feedarchive.document.model import Text
from feedarchive.markdown.readable_text import readable_line
from feedarchive.markdown.visible_text import plain_line
from feedarchive.text import one_line

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# Some feeds declare HTML titles as plain text. A title counts as HTML if it contains an element with an end tag, a line
# break, or an image with a description. Any other "<" is kept, because a title may be about HTML.
_ELEMENT = re.compile(
    r"<([A-Za-z][\w:-]{0,20})(?:\s[^<>]{0,500})?>[^<>]{0,500}(?:<[^<>]{0,500}>[^<>]{0,500}){0,20}?</\1\s*>"
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]{0,1000}?\balt\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')[^<>]{0,1000}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_MAX_CHARS_SEARCHED = 20_000
# Invisible characters to remove. The zero width space (U+200B) is not removed after a letter of Thai, Lao, Burmese or
# Khmer, where it separates words. Joiners (U+200C, U+200D) are not in this list, because letters and emoji change
# without them.
_INVISIBLE = re.compile("[\u00ad\u180e\u2060\ufeff]|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b")


def written_title(source: Text, title: str) -> str:
    """Return the title of an entry on one line, without markup and invisible characters.

    - ``source``: the title as the feed has it.
    - ``title``: the result of ``plain_line`` for ``source``. It is returned if there is no markup that is handled
      better here.
    """
    written = _without_markup(source, title)
    return written if written.isascii() else one_line(_INVISIBLE.sub("", written))


def _without_markup(source: Text, title: str) -> str:
    value = source.value
    if not ("<" in value or "&" in value) or len(value) > _MAX_CHARS_SEARCHED or plain_line(source) != title:
        return title
    value = _IMAGE.sub(lambda image: image.group(1) or image.group(2) or "", _CDATA.sub(r"\1", value))
    has_markup = source.html or value != source.value or bool(_BREAK.search(value) or _ELEMENT.search(value))
    if has_markup and "<" in value:
        return readable_line(Text(_BREAK.sub(" ", value), html=True)) or title
    if value != source.value or (not source.html and _ENTITY.search(value)):
        return one_line(html.unescape(value)) or title
    return title

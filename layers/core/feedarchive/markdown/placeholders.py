"""Placeholders: private Unicode characters that stand for other characters during the conversion.

The converter (html-to-markdown) puts a backslash before every character that could ever mean something in Markdown.
Most of these backslashes are unnecessary and make the text hard to read (``well\\-known``), and no option switches them
off for single characters.

1. Before the conversion, ``escaping.py`` replaces each character that needs no backslash with its placeholder: a
   private character of Unicode, such as U+F002D for "-" (U+002D). It also inserts some of the backslashes that are
   needed, as placeholders.
2. The converter copies the placeholders unchanged, as it copies letters.
3. After the conversion, :func:`restore` replaces the placeholders with the characters that they stand for.

RULE, PARAGRAPH_BREAK and EMPTY_LINE stand for Markdown that the converter cannot write.

Before step 1, :func:`remove_placeholders_in` removes these private characters from the text of the feed, so that a feed
cannot use them.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_FIRST = 0xF0000
# In UTF-8, all placeholders begin with these bytes.
_IN_UTF_8 = b"\xf3\xb0"
_OF_ASCII = {chr(code): chr(_FIRST + code) for code in range(0x80)}
_PLACEHOLDER = re.compile("[\U000f0000-\U000f007f]")
RULE = chr(_FIRST + 1)
"""Stands for a thematic break."""
PARAGRAPH_BREAK = chr(_FIRST + 2)
"""Stands for the end of a paragraph that the HTML writes as ``<br><br>``."""
EMPTY_LINE = chr(_FIRST + 3)
"""Stands for an empty line."""
LESS_THAN = chr(_FIRST + 0x80)
"""Stands for "<" in text. It is written as "&lt;" after a bare URL, and as "\\<" elsewhere."""
WORD_JOINER = "\u2060"
"""An invisible character that is written into markup such as "{{<", so that no program runs this markup.

It is not a placeholder: it stays in the file.
"""

# Matches a bare URL as GitHub recognizes it. A "<" after a bare URL is written as "&lt;", because GitHub would read the
# backslash of "\<" as a part of the URL.
_BARE_URL = re.compile(r"(?i:https?://|ftp://|www\.)[^\s<]*+")
_SHORTCODE = re.compile(r"\{(?=\{[<%])|<(?=%)")
_MORE_DIVIDER = re.compile(r"<(?=!--\s*more\s*-->)", re.IGNORECASE)


def placeholder(char: str) -> str:
    """Return the placeholder of an ASCII character."""
    return _OF_ASCII[char]


def placeholder_of(match: re.Match[str]) -> str:
    """Return the placeholder of the single ASCII character that was matched."""
    return _OF_ASCII[match.group()]


def protect(markdown: str) -> str:
    """Replace all ASCII characters of some Markdown with placeholders, so that the converter does not touch it."""
    return "".join(_OF_ASCII.get(char, char) for char in markdown)


def remove_placeholders(text: str) -> str:
    """Remove the characters that serve as placeholders from a text of a feed."""
    return _PLACEHOLDER.sub("", text).replace(LESS_THAN, "") if _may_have_placeholders(text) else text


def remove_placeholders_in(root: HtmlElement) -> None:
    """Remove the characters that serve as placeholders from the texts of a tree, but not from its attributes."""
    if not _may_have_placeholders(str(root.text_content())):
        return
    for element in root.iter():
        element.text = element.text and remove_placeholders(element.text)
        element.tail = element.tail and remove_placeholders(element.tail)


def _may_have_placeholders(text: str) -> bool:
    # Searching for two bytes of UTF-8 is ten times as fast as searching for a range of characters.
    return not text.isascii() and _IN_UTF_8 in text.encode("utf-8", "replace")


def restore(markdown: str) -> str:
    """Replace all placeholders in the converter's output with what they stand for."""
    if PARAGRAPH_BREAK in markdown:
        markdown = re.sub(rf"(?:(?<!\s)\s+)?{PARAGRAPH_BREAK}\s*", "\n\n", markdown)
    markdown = _PLACEHOLDER.sub(_restored, _restore_empty_lines(markdown))
    if LESS_THAN in markdown:
        markdown = _BARE_URL.sub(lambda m: m.group().replace(LESS_THAN, "&lt;"), markdown).replace(LESS_THAN, "\\<")
    # In code, a backslash does not disable a shortcode. A WORD JOINER after the first character does.
    if "{{" in markdown or "<%" in markdown:
        markdown = _SHORTCODE.sub(rf"\g<0>{WORD_JOINER}", markdown)
    return _MORE_DIVIDER.sub(f"<{WORD_JOINER}", markdown) if "<!--" in markdown else markdown


def _restored(match: re.Match[str]) -> str:
    return "* * *" if match.group() == RULE else chr(ord(match.group()) - _FIRST)


def _restore_empty_lines(markdown: str) -> str:
    """Write exactly one empty line for each EMPTY_LINE, and drop the other empty lines around it."""
    if EMPTY_LINE not in markdown:
        return markdown
    lines: list[str] = []
    in_gap = False
    for line in markdown.split("\n"):
        in_gap = EMPTY_LINE in line or (in_gap and not line.strip(" >"))
        if not in_gap:
            lines.append(line)
        elif EMPTY_LINE in line and lines and lines[-1].strip(" >"):
            lines.append(line.replace(EMPTY_LINE, ""))
    return "\n".join(lines)

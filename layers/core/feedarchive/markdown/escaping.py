"""Escape the texts of a tree for Markdown, with as few backslashes as possible.

The converter escapes too many characters, and it does not know the markup of Obsidian and Hugo. So the texts are
prepared before the conversion:

- Characters that need no backslash are replaced with placeholders (placeholders.py), which the converter leaves as
  they are.
- The markup of Obsidian and Hugo is escaped.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedarchive.markdown.bare_urls import link_joined_urls
from feedarchive.markdown.inline_code import INLINE_CODE
from feedarchive.markdown.placeholders import (
    EMPTY_LINE,
    LESS_THAN,
    PARAGRAPH_BREAK,
    RULE,
    placeholder,
    placeholder_of,
    remove_placeholders,
)

_CODE = ("pre", *INLINE_CODE)
FORMULA = "formula"
"""The temporary name of formula elements in a tree. formulas.py converts them after all other texts were escaped."""
_INLINE = frozenset("a b strong i em var del s strike sup sub code kbd samp tt img q".split()) | {FORMULA}

_SPACES = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
# A text without any of these characters is passed to the converter unchanged.
_MEANINGFUL = re.compile(r"[-+>=#.)_&{%$^\\</]")
# Characters that are markup only at the start of a block. "==" and "#word" are not matched: Obsidian shows a highlight
# or a tag wherever they occur.
_SAFE_INSIDE = re.compile(r"[-+>](?![-+])|=(?<!==)(?!=)|#(?<=\w#)(?!\w)")
# "1." and "1)" begin a list only at the start of a block. After other text, their "." and ")" are harmless.
_NUMBER = re.compile(r"\d[.)]")
_SAFE_AFTER_NUMBER = re.compile(r"(?<=[^\s\d])(?P<gap>\s*\d+)(?P<char>[.)])")
# Characters that are harmless inside a word.
_SAFE_IN_WORD = re.compile(r"[_.+=-](?<=[^\W_].)(?=[^\W_])")
# "&" is markup only if it begins a character reference such as "&lt;". At the end of a text it is escaped, because the
# rest of a reference may be in the next text.
_SAFE_AMPERSAND = re.compile(r"&(?!#?\w+;|$)")
# Renderers turn a URL in a text into a link. Inside it, the characters of _SPECIAL_IN_URL are not markup.
_URL = re.compile(r"https?://[^\s<>\"'`\\]+")
_SPECIAL_IN_URL = re.compile(r"[-_.+=#~&!]")
# Markup of Hugo: shortcodes ("{{<") and attributes ("{.class}"). Markup of Obsidian: comments ("%%"), formulas ("$"),
# block ids ("^id") and commands of the plug-in Templater ("<%").
_OPENERS = re.compile(r"\{\{(?=[<%])|%%|\$(?<=\S\$)(?!\d)|\$\$|\^(?<!\S\^)(?=[A-Za-z0-9-]+\s*$)|\{(?=[.#:%])|<%")
# All characters that could be markup in an attribute.
_MARKUP = re.compile(r"[\\\[\]<>`*_{}!&|$~^]|%(?=%)|(?<=<)%|=(?==)")
_DOLLAR = "\U000f0090"  # stands for "$" while other characters are escaped
_BRACKET = re.compile(r"[\[\]]")
# Directly before a link, "!" would turn it into an image, and "^" would turn it into a footnote in Obsidian.
_BEFORE_LINK = re.compile(r"[!^]$")


def escape_texts(root: HtmlElement) -> None:
    """Escape all texts of a tree before its conversion. Formulas are left as they are."""
    in_code = {element for code in root.iter(*_CODE) for element in code.iter()}
    has_formulas = root.find(f".//{FORMULA}") is not None
    escape_prose = _escape_prose_beside_formulas if has_formulas else _escape_prose
    for element in root.iter():
        escape = _escape_code if element in in_code else escape_prose
        text = None if has_formulas and element.tag == FORMULA else element.text
        if text and text not in (RULE, EMPTY_LINE):
            escaped = escape(text, element, None, element[0] if len(element) else None)
            if escaped != text:
                element.text = escaped
        for child in element:
            if tail := child.tail:
                escaped = escape(tail, element, child, child.getnext())
                if escaped != tail:
                    child.tail = escaped


def escape_attribute(text: str) -> str:
    """Escape all markup in the title of a link or the alternative text of an image."""
    escaped = _MARKUP.sub(lambda m: placeholder("\\") + placeholder(m.group()), remove_placeholders(text))
    return escaped.replace('"', "”")


# The next three functions have the same arguments: a text, the element that contains it, and the elements directly
# before and after the text.


def _escape_code(text: str, _parent: HtmlElement, _before: HtmlElement | None, _after: HtmlElement | None) -> str:
    # The converter would escape brackets in the text of a link, even in code, where the backslash would be visible.
    return _BRACKET.sub(placeholder_of, text)


def _escape_prose(text: str, parent: HtmlElement, before: HtmlElement | None, after: HtmlElement | None) -> str:
    if PARAGRAPH_BREAK in text or _MEANINGFUL.search(text):
        # A text after an inline element is not at the start of a block. For the regular expressions, a bracket stands
        # in for the element.
        stand_in = ")" if before is not None and _is_inline(before) else ""
        text = stand_in + text
        if PARAGRAPH_BREAK in text:
            *paragraphs, last = text.split(PARAGRAPH_BREAK)
            escaped = [_escape_paragraph(paragraph, parent, None) for paragraph in paragraphs]
            text = PARAGRAPH_BREAK.join((*escaped, _escape_paragraph(last, parent, after)))
        else:
            text = _escape_paragraph(text, parent, after)
        text = text[len(stand_in) :]
    else:
        text = _fold_spaces(text)
    if after is not None and after.tag == "a":
        text = _BEFORE_LINK.sub(lambda m: placeholder("\\") + placeholder(m.group()), text)
    return text


def _escape_prose_beside_formulas(
    text: str, parent: HtmlElement, before: HtmlElement | None, after: HtmlElement | None
) -> str:
    """Escape prose and every dollar sign in it. Otherwise a dollar sign could begin or end a formula."""
    text = text.replace("$", _DOLLAR)
    return _escape_prose(text, parent, before, after).replace(_DOLLAR, placeholder("\\") + placeholder("$"))


def _is_inline(element: HtmlElement) -> bool:
    return all(each.tag in _INLINE for each in element.iter())


def _is_in_link(element: HtmlElement) -> bool:
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def _escape_paragraph(text: str, parent: HtmlElement, after: HtmlElement | None) -> str:
    text = _fold_spaces(text)
    if not _MEANINGFUL.search(text):
        return text
    if "://" in text or "www." in text or "WWW." in text:
        if not _is_in_link(parent):
            text = link_joined_urls(text, after)
        text = _URL.sub(lambda m: _SPECIAL_IN_URL.sub(placeholder_of, m.group()), text)
    text = _OPENERS.sub(_escape_last, text)
    # Escape backslashes. Placeholders are needed, because the converter reads a backslash at the end of a list item as
    # a line break.
    text = text.replace("\\", 2 * placeholder("\\"))
    if "&" in text:
        text = _SAFE_AMPERSAND.sub(placeholder("&"), text)
    text = _SAFE_IN_WORD.sub(placeholder_of, text)
    if _NUMBER.search(text):
        text = _SAFE_AFTER_NUMBER.sub(lambda m: m.group("gap") + placeholder(m.group("char")), text)
    start = len(text) - len(text.lstrip())
    text = _SAFE_INSIDE.sub(lambda m: placeholder_of(m) if m.start() > start else m.group(), text)
    return text.replace("<", LESS_THAN)


def _fold_spaces(text: str) -> str:
    # Most texts have only single spaces. For such texts, these searches are faster than the regular expression.
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        return _SPACES.sub(" ", text)
    return text


def _escape_last(match: re.Match[str]) -> str:
    return match.group()[:-1] + placeholder("\\") + match.group()[-1]

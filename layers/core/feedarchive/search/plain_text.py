"""Remove the markup of Markdown and HTML from an article's body, so that only its words are indexed. Pure functions."""

from __future__ import annotations

import html
import re

# All regular expressions in this module take linear time, even for hostile texts.

# Matches the destination of a link or image, such as ``](https://example.org)``.
_DESTINATION = re.compile(r"\]\((?:[^\s()\]]|\([^\s()\]]*\))*\)?")
_AUTOLINK = re.compile(r"<https?://[^<>\s]*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Matches the characters at the start of a line that make it a quote, a heading or an item of a list.
_BLOCK = re.compile(r"^(?:[ \t]*(?:>|#{1,6}(?=\s)|[-+*](?=\s)|\d{1,9}[.)](?=\s)))+", re.MULTILINE)
_RULES = re.compile(r"^[ \t|:=-]{3,}$", re.MULTILINE)
# Matches underscores around words, which mean emphasis. Underscores within a word, such as snake_case, are not matched.
_UNDERSCORES = re.compile(r"(?<!\w)_++|(?<!_)_++(?!\w)")
_MARKS = ("*", "`", "~~", "![", "[", "]")
# A character after a backslash is text, not markup. Until all markup is removed, it is replaced with U+E000, its code
# point and ";": "\*" becomes U+E000 and "42;".
_PROTECTED = "\ue000"
_PROTECTED_CHARACTER = re.compile(f"{_PROTECTED}(\\d+);")


def plain_text(body: str) -> str:
    """The text of a body without markup, on one line."""
    # For speed, each substitution is made only if the text contains a character that it looks for.
    text = body.replace(_PROTECTED, "")
    if "\\" in text:
        text = _ESCAPED.sub(lambda match: f"{_PROTECTED}{ord(match[1])};", text)
    if "](" in text:
        text = _DESTINATION.sub(" ", text)
    if "<" in text:
        text = _TAG.sub(" ", _AUTOLINK.sub(" ", text))
    text = _RULES.sub(" ", _BLOCK.sub(" ", text))
    for mark in _MARKS:
        text = text.replace(mark, "")
    if "_" in text:
        text = _UNDERSCORES.sub("", text)
    if _PROTECTED in text:
        text = _PROTECTED_CHARACTER.sub(lambda match: chr(int(match[1])), text)
    return " ".join(html.unescape(text).split() if "&" in text else text.split())

"""The words of an article's body, without the markup of Markdown or HTML. Pure."""

from __future__ import annotations

import html
import re

# All expressions take linear time even for hostile texts. This one matches destinations of links and images.
_DESTINATION = re.compile(r"\]\((?:[^\s()\]]|\([^\s()\]]*\))*\)?")
_AUTOLINK = re.compile(r"<https?://[^<>\s]*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# At the start of a line: quotes, headings, items of lists.
_BLOCK = re.compile(r"^(?:[ \t]*(?:>|#{1,6}(?=\s)|[-+*](?=\s)|\d{1,9}[.)](?=\s)))+", re.MULTILINE)
_RULES = re.compile(r"^[ \t|:=-]{3,}$", re.MULTILINE)
# Underscores around words mean emphasis. Those within a word, as in snake_case, do not.
_UNDERSCORES = re.compile(r"(?<!\w)_++|(?<!_)_++(?!\w)")
_MARKS = ("*", "`", "~~", "![", "[", "]")
# A private-use character. With a code point after it, it replaces an escaped character until the marks are removed.
_PROTECTED = "\ue000"
_PROTECTED_CHARACTER = re.compile(f"{_PROTECTED}(\\d+);")


def plain_text(body: str) -> str:
    """The words of a body, on one line."""
    # Most texts have few kinds of marks, and looking for a mark is faster than a substitution.
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

"""HTML that is nested beyond reason, seen before a parser builds a tree of it, and its words without the tags.

A parser of HTML looks through all open elements at most tags: 100,000 in each other take it a minute, inside Rust.
And what is never closed, it opens again in each paragraph.
"""

from __future__ import annotations

import re
from collections import Counter

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)")
# Deeper than this no person nests. What is deeper than 200 is made flat with its links, once there is a tree.
_MAX_DEPTH = 1_000
_MAX_TAGS = 60_000
_MAX_REOPENED = 100_000
_MAX_PARAGRAPHS = 20_000
# They have no end, or another of them ends them.
_NEVER_DEEP = frozenset(
    (
        "a area base br col embed hr img input link meta param source track wbr p li dd dt td th tr thead tbody tfoot "
        "caption colgroup"
    ).split()
)
_REOPENED = frozenset("b big code em font i s small strike strong tt u".split())
_INVISIBLE = re.compile(
    r"<!--(?>.*?-->|.*)|<(?P<name>script|style|template)\b(?>.*?</(?P=name)\b[^>]*+>?|.*)", re.DOTALL | re.IGNORECASE
)
_WHOLE_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*+)[^>]*+>?|<[!?][^>]*+>?")
_BLOCK = frozenset("p div br li ul ol tr td th table h1 h2 h3 h4 h5 h6 blockquote pre hr dd dt dl section".split())

# Longer texts (characters) are parted, but in no reference.
_LONG_TEXT = 20_000
_PART = re.compile(r".{2000,}?(?=[^A-Za-z0-9#;])|.+", re.DOTALL)


def with_texts_parted(source: str) -> str:
    """The same HTML, with places to break a line in long texts.

    For each text nh3 takes the square of how many "&" and bytes A0 (in "à", "Р" and many more) it has.
    """
    if len(source) <= _LONG_TEXT:
        return source
    parts = source.split("<")
    return "<".join(_PART.sub(r"\g<0><wbr>", part) if len(part) > _LONG_TEXT else part for part in parts)


def is_bearable(source: str) -> bool:
    """Can a parser make a tree of some HTML in time and memory that grow with its length?"""
    if source.count("<") <= _MAX_DEPTH:
        return True
    opened: Counter[str] = Counter()
    depth = to_reopen = reopened = 0
    for tags, tag in enumerate(_TAG.finditer(source)):
        ends, name = tag.group(1), tag.group(2).lower()
        if name in _NEVER_DEEP:
            reopened += to_reopen
        elif not ends:
            opened[name] += 1
            depth += 1
            to_reopen += name in _REOPENED
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
            to_reopen -= name in _REOPENED
        if depth > _MAX_DEPTH or tags > _MAX_TAGS or reopened > _MAX_REOPENED:
            return False
    return True


def flattened(source: str) -> str:
    """The words of some HTML in paragraphs: every tag of a block begins another one, all others are gone."""
    text = re.sub(r"(?:<p>\s*+)++", "<p>", _WHOLE_TAG.sub(_paragraph, _INVISIBLE.sub(" ", source)))
    *paragraphs, rest = text.split("<p>", _MAX_PARAGRAPHS)
    return "\n<p>".join((*paragraphs, rest.replace("<p>", " ")))


def _paragraph(tag: re.Match[str]) -> str:
    return "<p>" if (tag.group(1) or "").lower() in _BLOCK else " "

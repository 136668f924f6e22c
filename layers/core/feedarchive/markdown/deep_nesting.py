"""Detect HTML that is nested too deeply for a parser, and flatten it to paragraphs of its text.

Deep nesting costs time and memory:

- Parsing 100,000 nested elements takes a minute, and Python cannot interrupt the parser.
- The parser repeats an unclosed ``<b>`` or ``<i>`` in every paragraph that follows. The parsed page may become much
  larger than its source.
"""

from __future__ import annotations

import re
from collections import Counter

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*+)")
# HTML that is nested deeper than this is flattened without parsing it, so its links are lost.
_MAX_DEPTH = 1_000
_MAX_TAGS = 60_000
_MAX_REOPENED = 100_000
_MAX_PARAGRAPHS = 20_000
# These elements add no depth: they have no content, or the parser ends one of them before the next one starts.
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


def is_too_deep(source: str) -> bool:
    """Check whether HTML is nested so deeply that parsing it would take too much time or memory."""
    if source.count("<") <= _MAX_DEPTH:
        return False
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
            return True
    return False


def flatten(source: str) -> str:
    """Reduce HTML to paragraphs of text. Each tag of a block element begins a paragraph; all other tags are removed."""
    text = re.sub(r"(?:<p>\s*+)++", "<p>", _WHOLE_TAG.sub(_paragraph_or_space, _INVISIBLE.sub(" ", source)))
    *paragraphs, rest = text.split("<p>", _MAX_PARAGRAPHS)
    return "\n<p>".join((*paragraphs, rest.replace("<p>", " ")))


def _paragraph_or_space(tag: re.Match[str]) -> str:
    return "<p>" if (tag.group(1) or "").lower() in _BLOCK else " "

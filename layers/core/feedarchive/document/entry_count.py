"""Count the entries of an XML document by their tags, to notice entries that feedparser does not find.

feedparser ignores an entry such as <x:item> if the document does not declare the prefix "x", or declares a namespace
that feedparser does not know.
"""

from __future__ import annotations

import re
from collections import Counter

from feedarchive.document.xml_repair import VERBATIM

# Matches a start tag such as <item> or <x:entry>. re.IGNORECASE would be four times as slow.
_ENTRY = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?(?:[iI][tT][eE][mM]|[eE][nN][tT][rR][yY])(?=[\s/>])")
_VERBATIM_OR_ENTRY = re.compile(rf"(?:{VERBATIM})|{_ENTRY.pattern}", re.DOTALL)


def count_entries(text: str, found: int) -> tuple[int, frozenset[str]]:
    """Return the number of entries, and the prefixes that hide entries from feedparser (see ``remove_prefixes``).

    ``found``: how many entries feedparser has found. If this is not 0, elements with a declared prefix, such as
    <x:item>, are not counted: they are probably parts of entries.
    """
    if len(_ENTRY.findall(text)) <= found:
        return found, frozenset()
    # A tag in a CDATA section or in a comment is only text.
    tags = (match for match in _VERBATIM_OR_ENTRY.finditer(text) if not match.group().startswith("<!"))
    by_prefix = Counter(match.group(1) or "" for match in tags)
    prefixes = frozenset(p for p in by_prefix if p and (not found or not _is_declared(p, text)))
    count = by_prefix[""] + sum(by_prefix[prefix] for prefix in prefixes)
    return max(count, found), prefixes


def remove_prefixes(text: str, prefixes: frozenset[str]) -> str:
    """Remove prefixes from the names of elements and attributes. CDATA sections and comments stay unchanged."""
    names = "|".join(map(re.escape, sorted(prefixes)))
    pattern = re.compile(rf"(?:{VERBATIM})|(</?|<[A-Za-z_][\w.-]*\s)(?:{names}):(?=[A-Za-z_])", re.DOTALL)
    return pattern.sub(lambda match: match.group(1) or match.group(), text)


def _is_declared(prefix: str, text: str) -> bool:
    return re.search(rf"\sxmlns:{re.escape(prefix)}\s*=", text) is not None

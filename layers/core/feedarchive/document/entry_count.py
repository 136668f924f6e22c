"""Count the entries of an XML document by their tags, to notice entries that the parser does not find.

feedparser ignores elements with a prefix that is not declared, or is declared for a namespace unknown to it.
"""

from __future__ import annotations

import re
from collections import Counter

from feedarchive.document.xml_repair import VERBATIM

# Without re.IGNORECASE, which is four times as slow.
_ENTRY = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?(?:[iI][tT][eE][mM]|[eE][nN][tT][rR][yY])(?=[\s/>])")
_VERBATIM_OR_ENTRY = re.compile(rf"(?:{VERBATIM})|{_ENTRY.pattern}", re.DOTALL)


def count_entries(text: str, found: int) -> tuple[int, frozenset[str]]:
    """Return the number of entries, and the prefixes to remove so that the parser finds all of them.

    ``found``: the number of entries that the parser has found.
    The prefixes are those that are not declared. If the parser has found no entry, they include declared ones.
    """
    if len(_ENTRY.findall(text)) <= found:
        return found, frozenset()
    # CDATA sections and comments may contain such tags as text.
    tags = (match for match in _VERBATIM_OR_ENTRY.finditer(text) if not match.group().startswith("<!"))
    by_prefix = Counter(match.group(1) or "" for match in tags)
    prefixes = frozenset(p for p in by_prefix if p and (not found or not _is_declared(p, text)))
    # Elements with other prefixes are not entries: they are part of an entry.
    count = by_prefix[""] + sum(by_prefix[prefix] for prefix in prefixes)
    return max(count, found), prefixes


def remove_prefixes(text: str, prefixes: frozenset[str]) -> str:
    """Remove prefixes from the names of elements and attributes, but not in CDATA sections and comments."""
    names = "|".join(map(re.escape, sorted(prefixes)))
    pattern = re.compile(rf"(?:{VERBATIM})|(</?|<[A-Za-z_][\w.-]*\s)(?:{names}):(?=[A-Za-z_])", re.DOTALL)
    return pattern.sub(lambda match: match.group(1) or match.group(), text)


def _is_declared(prefix: str, text: str) -> bool:
    return re.search(rf"\sxmlns:{re.escape(prefix)}\s*=", text) is not None

"""Remove an XML document's prolog, and keep only the short entities that its DOCTYPE declares.

The other entities are dangerous. Nested and long ones let a few lines grow to gigabytes ("billion laughs"). External
and parameter entities can read local files. If they were kept, expat would stop a document only after it has grown more
than a hundredfold.
"""

from __future__ import annotations

import html
import re

# XML 1.0, section 2.8: white space, comments and processing instructions may be before and after the document type. All
# quantifiers are possessive, so that matching takes linear time.
_MISC = r"(?>\s++|<!--.*?-->|<\?.*?\?>)*+"
_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
_PROLOG_WITH_DOCTYPE = re.compile(
    rf"{_MISC}<!DOCTYPE(?P<outside>(?:[^\[\]\"'<>]++|{_QUOTED})*+)"
    rf"(?:\[(?P<inside>(?>[^\]\"'<]++|{_QUOTED}|<!--.*?-->|<\?.*?\?>|<)*+)\]\s*+)?>{_MISC}",
    re.DOTALL,
)
# A prolog without a document type. If a processing instruction without an end matched up to the end of a later one,
# the root element would be removed.
_PROLOG = re.compile(r"(?>\s++|<!--.*?-->|<\?(?:[^<>?]++|\?(?!>))*+\?>)*+", re.DOTALL)
_ENTITY = re.compile(
    r"<!ENTITY\s++([A-Za-z_][\w.-]*+)\s++(?:\"([^\"&%<]*+)\"|'([^'&%<\"]*+)'|[\"'](&#x?[0-9a-fA-F]++;)[\"'])\s*+>"
)
_MAX_VALUE = 100  # characters
_MAX_ENTITIES = 300
# Netscape's RSS 0.91 can only be recognized by its document type.
_NETSCAPE = "rss091n"


def without_prolog(text: str) -> tuple[str, str, dict[str, str]]:
    """Replace the prolog by its line breaks, so that error messages keep their line numbers.

    Returns the text, the feed version that the DOCTYPE names ("" if none), and the short entities that it declares.
    """
    prolog = _PROLOG_WITH_DOCTYPE.match(text) or _PROLOG.match(text)
    assert prolog  # the second pattern matches the empty string, too
    found = prolog.groupdict()
    root = text[prolog.end() :]
    if root.startswith("<!DOCTYPE"):  # a document type without an end
        root = root.replace("DOCTYPE", "", 1)
    version = _NETSCAPE if "netscape" in (found.get("outside") or "").lower() else ""
    return "\n" * prolog.group().count("\n") + root, version, _entities(found.get("inside") or "", root)


def _entities(inside: str, root: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, reference in _ENTITY.findall(inside):
        value = double or single or html.unescape(reference)
        if len(value) <= _MAX_VALUE and value not in tuple('&<"%') and len(found) < _MAX_ENTITIES:
            found.setdefault(name, value)  # the first of two declarations counts (XML 1.0, section 4.2)
    growth = sum(root.count(f"&{name};") * len(value) for name, value in found.items())
    return found if growth <= len(root) else {}


def doctype_with(entities: dict[str, str]) -> str:
    """A document type that declares these entities and nothing else; "" if there are no entities."""
    declarations = "".join(f'<!ENTITY {name} "{value}">' for name, value in entities.items())
    return f"<!DOCTYPE feed [{declarations}]>" if declarations else ""

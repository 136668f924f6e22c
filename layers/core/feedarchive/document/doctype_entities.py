"""Remove the prolog of an XML document (all that is before its root element), and read the entities of its DOCTYPE.

Only short entities whose value is plain text are kept. The others are dangerous: nested and long entities let a few
lines grow to gigabytes ("billion laughs"), and external and parameter entities can read local files. The XML parser,
expat, has a limit of its own, but only stops after a document has grown more than a hundredfold.
"""

from __future__ import annotations

import html
import re

# White space, comments and processing instructions, which may be before and after the document type (XML 1.0, section
# 2.8). All quantifiers are possessive, so that matching takes linear time.
_MISC = r"(?>\s++|<!--.*?-->|<\?.*?\?>)*+"
_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
_PROLOG_WITH_DOCTYPE = re.compile(
    rf"{_MISC}<!DOCTYPE(?P<outside>(?:[^\[\]\"'<>]++|{_QUOTED})*+)"
    rf"(?:\[(?P<inside>(?>[^\]\"'<]++|{_QUOTED}|<!--.*?-->|<\?.*?\?>|<)*+)\]\s*+)?>{_MISC}",
    re.DOTALL,
)
# A prolog without a document type. A processing instruction must not contain "<": if its end is missing, it would
# otherwise extend to the end of a later one, and the root element would be removed with it.
_PROLOG = re.compile(r"(?>\s++|<!--.*?-->|<\?(?:[^<>?]++|\?(?!>))*+\?>)*+", re.DOTALL)
_ENTITY = re.compile(
    r"<!ENTITY\s++([A-Za-z_][\w.-]*+)\s++(?:\"([^\"&%<]*+)\"|'([^'&%<\"]*+)'|[\"'](&#x?[0-9a-fA-F]++;)[\"'])\s*+>"
)
_MAX_VALUE_CHARS = 100
_MAX_ENTITIES = 300
# The version of Netscape's RSS 0.91. Only its document type distinguishes it from other RSS 0.91.
_NETSCAPE = "rss091n"


def without_prolog(text: str) -> tuple[str, str, dict[str, str]]:
    """Replace the prolog by as many line breaks as it has, so that the line numbers in error messages stay right.

    Returns three values:
    - the text;
    - the feed version that the DOCTYPE names; "" if it names none;
    - the short entities that the DOCTYPE declares, by name.
    """
    prolog = _PROLOG_WITH_DOCTYPE.match(text) or _PROLOG.match(text)
    assert prolog  # the second pattern always matches: it also matches the empty string
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
        if len(value) <= _MAX_VALUE_CHARS and value not in tuple('&<"%') and len(found) < _MAX_ENTITIES:
            found.setdefault(name, value)  # of two declarations, the first counts (XML 1.0, section 4.2)
    growth = sum(root.count(f"&{name};") * len(value) for name, value in found.items())
    return found if growth <= len(root) else {}


def doctype_with(entities: dict[str, str]) -> str:
    """Returns a document type that declares only these entities; "" if there are no entities."""
    declarations = "".join(f'<!ENTITY {name} "{value}">' for name, value in entities.items())
    return f"<!DOCTYPE feed [{declarations}]>" if declarations else ""

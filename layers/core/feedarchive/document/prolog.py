"""What stands before the root of an XML document. Of all of it, only short entities are let through to a parser.

Entities within entities, long ones, external ones and parameters are how a few lines grow to gigabytes, or reach
for files. expat stops only what grows to more than a hundred times the document's size.
"""

from __future__ import annotations

import html
import re

# XML 1.0, 2.8: white space, comments and instructions, a document type, and the same again. Possessive throughout:
# nothing is looked at twice.
_MISC = r"(?>\s++|<!--.*?-->|<\?.*?\?>)*+"
_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
_WITH_DOCTYPE = re.compile(
    rf"{_MISC}<!DOCTYPE(?P<outside>(?:[^\[\]\"'<>]++|{_QUOTED})*+)"
    rf"(?:\[(?P<inside>(?>[^\]\"'<]++|{_QUOTED}|<!--.*?-->|<\?.*?\?>|<)*+)\]\s*+)?>{_MISC}",
    re.DOTALL,
)
# An instruction whose end is missing is no reason to take all that follows for a part of it.
_WITHOUT_DOCTYPE = re.compile(r"(?>\s++|<!--.*?-->|<\?(?:[^<>?]++|\?(?!>))*+\?>)*+", re.DOTALL)
_ENTITY = re.compile(
    r"<!ENTITY\s++([A-Za-z_][\w.-]*+)\s++(?:\"([^\"&%<]*+)\"|'([^'&%<\"]*+)'|[\"'](&#x?[0-9a-fA-F]++;)[\"'])\s*+>"
)
_MAX_VALUE = 100
_MAX_ENTITIES = 300
# Netscape's RSS 0.91 is known by its document type.
_NETSCAPE = "rss091n"


def without_prolog(text: str) -> tuple[str, str, dict[str, str]]:
    """The document from its root on, the version its document type tells ("" if none), its harmless entities.

    The line ends before the root stay: a parser's complaint names the line.
    """
    prolog = _WITH_DOCTYPE.match(text) or _WITHOUT_DOCTYPE.match(text)
    assert prolog  # the second may match nothing
    found = prolog.groupdict()
    root = text[prolog.end() :]
    if root.startswith("<!DOCTYPE"):  # one without an end
        root = root.replace("DOCTYPE", "", 1)
    version = _NETSCAPE if "netscape" in (found.get("outside") or "").lower() else ""
    return "\n" * prolog.group().count("\n") + root, version, _entities(found.get("inside") or "", root)


def _entities(inside: str, root: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, reference in _ENTITY.findall(inside):
        value = double or single or html.unescape(reference)
        if len(value) <= _MAX_VALUE and value not in tuple('&<"%') and len(found) < _MAX_ENTITIES:
            found.setdefault(name, value)  # of two declarations the first counts (XML 1.0, 4.2)
    grown = sum(root.count(f"&{name};") * len(value) for name, value in found.items())
    return found if grown <= len(root) else {}


def declared(entities: dict[str, str]) -> str:
    """A document type with these entities and nothing else; "" for none."""
    lines = "".join(f'<!ENTITY {name} "{value}">' for name, value in entities.items())
    return f"<!DOCTYPE feed [{lines}]>" if lines else ""

"""Remove the prolog of an XML document, and read the entities of its DOCTYPE.

The prolog is everything before the root element. Only short entities whose value is plain text are kept. Nested and
long entities could let a few lines grow to gigabytes ("billion laughs"), and external entities could read local files.
"""

from __future__ import annotations

import html
import re

# Matches white space, comments and processing instructions. All quantifiers are possessive, so that matching takes
# linear time.
_MISC = r"(?>\s++|<!--.*?-->|<\?.*?\?>)*+"
_QUOTED = r"\"[^\"]*+\"|'[^']*+'"
_PROLOG_WITH_DOCTYPE = re.compile(
    rf"{_MISC}<!DOCTYPE(?P<outside>(?:[^\[\]\"'<>]++|{_QUOTED})*+)"
    rf"(?:\[(?P<inside>(?>[^\]\"'<]++|{_QUOTED}|<!--.*?-->|<\?.*?\?>|<)*+)\]\s*+)?>{_MISC}",
    re.DOTALL,
)
# Matches a prolog without a DOCTYPE. A processing instruction must not contain "<". Otherwise, if its "?>" is missing,
# the match would continue into the root element.
_PROLOG = re.compile(r"(?>\s++|<!--.*?-->|<\?(?:[^<>?]++|\?(?!>))*+\?>)*+", re.DOTALL)
_ENTITY = re.compile(
    r"<!ENTITY\s++([A-Za-z_][\w.-]*+)\s++(?:\"([^\"&%<]*+)\"|'([^'&%<\"]*+)'|[\"'](&#x?[0-9a-fA-F]++;)[\"'])\s*+>"
)
_MAX_VALUE_CHARS = 100
_MAX_ENTITIES = 300
# feedparser's name for Netscape's variant of RSS 0.91, which only the DOCTYPE shows.
_NETSCAPE = "rss091n"


def without_prolog(text: str) -> tuple[str, str, dict[str, str]]:
    """Remove everything from the prolog but its line breaks, so that line numbers in error messages stay right.

    Returns three values:
    - the text without the prolog;
    - the feed version that the DOCTYPE names; "" if it names none;
    - the short entities that the DOCTYPE declares: their values by name.
    """
    prolog = _PROLOG_WITH_DOCTYPE.match(text) or _PROLOG.match(text)
    assert prolog  # _PROLOG always matches, because it also matches the empty string
    found = prolog.groupdict()
    root = text[prolog.end() :]
    # The DOCTYPE was not recognized, for example because it has no end. Hide it from the parser.
    if root.startswith("<!DOCTYPE"):
        root = root.replace("DOCTYPE", "", 1)
    version = _NETSCAPE if "netscape" in (found.get("outside") or "").lower() else ""
    return "\n" * prolog.group().count("\n") + root, version, _entities(found.get("inside") or "", root)


def _entities(inside: str, root: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, reference in _ENTITY.findall(inside):
        value = double or single or html.unescape(reference)
        if len(value) <= _MAX_VALUE_CHARS and value not in tuple('&<"%') and len(found) < _MAX_ENTITIES:
            found.setdefault(name, value)  # the first of two declarations counts (XML 1.0, section 4.2)
    growth = sum(root.count(f"&{name};") * len(value) for name, value in found.items())
    return found if growth <= len(root) else {}


def doctype_with(entities: dict[str, str]) -> str:
    """Return a DOCTYPE that declares these entities; "" if there are none."""
    declarations = "".join(f'<!ENTITY {name} "{value}">' for name, value in entities.items())
    return f"<!DOCTYPE feed [{declarations}]>" if declarations else ""

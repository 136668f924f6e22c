"""Elements under names that the sanitiser keeps or unwraps; under their own it would lose their words."""

from __future__ import annotations

import re

from feedarchive.markdown.deep_nesting import flattened, is_bearable

# Names a parser of HTML knows, in the living standard or from before it.
_HTML = frozenset(
    (
        "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote "
        "body br button canvas caption center cite code col colgroup data dd del details dfn dialog dir div dl dt em "
        "embed figcaption figure font footer frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i image img "
        "input ins kbd label li link listing main map mark marquee menu meta meter nav nobr object ol output p param "
        "picture pre progress q rb rp rt rtc ruby s samp script search section small source span strike strong style "
        "sub summary sup table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp"
    ).split()
)
_RENAMED = {
    **dict.fromkeys(_HTML, ""),
    # What is in these is markup here: nothing runs scripts or shows frames.
    **dict.fromkeys(("noscript", "noembed", "noframes", "plaintext"), "span"),
    "iframe": "object",
    # A choice is a line of its own; inside <select> a parser drops every other element.
    **dict.fromkeys(("select", "optgroup", "option", "datalist", "form", "fieldset", "legend"), "div"),
}
_AS_THEY_ARE = frozenset(name for name, renamed in _RENAMED.items() if not renamed)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*+)")
# With its attributes, for there may be a "<" in one. Possessive: no document makes it look at anything twice.
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)")

# A parser of HTML compares each attribute with all others of its element.
_MAX_ATTRIBUTES = 1_000


def with_known_elements(source: str) -> str:
    """The same HTML without elements whose content a sanitiser takes for something else and drops.

    nh3 removes elements of SVG and MathML that stand outside of these, and all that is in them; so
    ``vector<int>``, an element that is never closed, took the rest of its paragraph along. Of HTML that is nested
    beyond reason the words are left.
    """
    if "<" not in source:
        return source
    bearable = source if is_bearable(source) else flattened(source)
    names = {name.lower() for name in _NAME.findall(bearable)}
    return bearable if names <= _AS_THEY_ARE else _TAG.sub(_renamed, bearable)


def _renamed(tag: re.Match[str]) -> str:
    name = _RENAMED.get(tag.group(2).lower(), "span")
    if len(tag.group(3)) > _MAX_ATTRIBUTES and len(tag.group(3).split()) > _MAX_ATTRIBUTES:
        return f"<{tag.group(1)}{name or tag.group(2)}>"
    return f"<{tag.group(1)}{name}{tag.group(3)}" if name else tag.group()

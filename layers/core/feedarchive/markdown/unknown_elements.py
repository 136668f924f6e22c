"""Rename elements so that the sanitizer keeps their text: unknown elements, SVG, MathML, forms and ``<noscript>``."""

from __future__ import annotations

import re
from functools import lru_cache

from feedarchive.markdown.deep_nesting import flatten, is_too_deep

# The names of the elements that an HTML parser knows, from the Living Standard and older versions of HTML.
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
_NEW_NAMES = {
    **dict.fromkeys(_HTML, ""),
    # Browsers that run scripts and show frames hide the content of these elements. An archive needs the content.
    **dict.fromkeys(("noscript", "noembed", "noframes", "plaintext"), "span"),
    "iframe": "object",
    # Elements that show nothing without a script: elements of AMP, video players, and <oembed url="…"> of CKEditor.
    **dict.fromkeys(("amp-img", "amp-anim"), "img"),
    "amp-video": "video",
    "amp-audio": "audio",
    **dict.fromkeys(("amp-iframe", "amp-youtube", "lite-youtube", "lite-vimeo", "oembed"), "object"),
    # HTML parsers remove most elements inside <select>. As <div>, they stay, and each option gets a line of its own.
    **dict.fromkeys(("select", "optgroup", "option", "datalist", "form", "fieldset", "legend"), "div"),
}
_UNCHANGED = frozenset(name for name, new in _NEW_NAMES.items() if not new)
_NAME = re.compile(r"</?([A-Za-z][^\s/>]*+)")
# A tag with its attributes, which may contain "<". Possessive quantifiers prevent backtracking.
_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)")

# If a tag has more attributes than this, all of them are removed. Parsing them takes quadratic time, because an HTML
# parser compares each attribute with all others.
_MAX_ATTRIBUTES = 1_000


# Cached, because the names are needed twice: to sanitize a text, and directly after that to extract its readable text.
@lru_cache(maxsize=2)
def tag_names(source: str) -> frozenset[str]:
    """Return the names of all tags in some HTML, in lower case."""
    return frozenset(name.lower() for name in set(_NAME.findall(source))) if "<" in source else frozenset()


def rename_unknown_elements(source: str, names: frozenset[str] | None = None) -> str:
    """Rename each element that is not HTML to ``<span>``. Some HTML elements, such as forms, are renamed too.

    Otherwise nh3 could remove text. For example, it takes ``<int>`` in ``vector<int>`` for the start of a MathML
    element, and would remove the rest of the paragraph.

    HTML that is nested too deeply is flattened to paragraphs first.

    ``names``: the names of all tags in ``source``; None if the caller does not know them.
    """
    if "<" not in source:
        return source
    source = flatten(source) if is_too_deep(source) else source
    names = tag_names(source) if names is None else names
    return source if names <= _UNCHANGED else _TAG.sub(_renamed, source)


def _renamed(tag: re.Match[str]) -> str:
    name = _NEW_NAMES.get(tag.group(2).lower(), "span")
    if not tag.group(1) and tag.group(2).lower() == "noscript":
        name = "span data-noscript"
    if len(tag.group(3)) > _MAX_ATTRIBUTES and len(tag.group(3).split()) > _MAX_ATTRIBUTES:
        return f"<{tag.group(1)}{name or tag.group(2)}>"
    return f"<{tag.group(1)}{name}{tag.group(3)}" if name else tag.group()

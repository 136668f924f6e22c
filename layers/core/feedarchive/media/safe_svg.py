"""Sanitize an SVG. The result is a still picture that runs nothing, loads nothing and links nowhere.

This module lists the allowed elements and attributes, and removes all others. The sanitizer of article bodies cannot do
this, because it reads and writes HTML, and an SVG file is XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from enum import Enum

from lxml import etree

from feedarchive.media.svg_references import is_too_hard

MAX_SVG_BYTES = 2 * 1024 * 1024
_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_MAX_ELEMENTS = 50_000
# The allowed elements. Scripts, animations, links, foreign objects, filters, fonts, audio and video are not allowed.
_ELEMENTS = frozenset(
    (
        "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath "
        "linearGradient radialGradient stop clipPath mask pattern marker switch style image"
    ).split()
)
_ATTRIBUTES = frozenset(
    (
        "id class style lang space role transform viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points "
        "dx dy rotate textLength lengthAdjust startOffset method spacing side preserveAspectRatio version pathLength "
        "gradientUnits gradientTransform spreadMethod offset clipPathUnits maskUnits maskContentUnits patternUnits "
        "patternContentUnits patternTransform markerUnits markerWidth markerHeight refX refY orient overflow "
        "fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin "
        "stroke-miterlimit stroke-dasharray stroke-dashoffset opacity color display visibility clip-path clip-rule "
        "mask marker-start marker-mid marker-end stop-color stop-opacity paint-order vector-effect shape-rendering "
        "text-rendering image-rendering color-interpolation font-family font-size font-style font-weight font-variant "
        "font-stretch text-anchor text-decoration letter-spacing word-spacing dominant-baseline alignment-baseline "
        "baseline-shift writing-mode direction unicode-bidi mix-blend-mode isolation type"
    ).split()
)
_URL = re.compile(r"url\(\s*['\"]?\s*(?!['\"]?\s*#)", re.IGNORECASE)
# Matches styles that may load something. A backslash (a CSS escape) can hide a URL. At-rules such as @import load style
# sheets and fonts. The functions named here load pictures.
_LOADING_STYLE = re.compile(r"\\|@(?!media\b)|(?:image|image-set|src|expression)\s*\(|javascript:", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")


class SvgFault(Enum):
    """Why a file is not stored as an SVG."""

    NOT_SVG = "not an SVG"
    TOO_HARD = "a browser would need too much time or memory to draw it"


def safe_svg(data: bytes) -> bytes | SvgFault:
    """The sanitized SVG in UTF-8, or the reason why it is not stored.

    The document type, comments and processing instructions are removed too.
    """
    if len(data) > MAX_SVG_BYTES:
        return SvgFault.TOO_HARD
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):  # ValueError: the file declares an encoding that does not exist
        return SvgFault.NOT_SVG
    if root.tag != f"{_SVG}svg":
        return SvgFault.NOT_SVG
    if sum(1 for _ in root.iter()) > _MAX_ELEMENTS:
        return SvgFault.TOO_HARD
    _clean(root)
    if is_too_hard(root):
        return SvgFault.TOO_HARD
    etree.cleanup_namespaces(root)
    copy = deepcopy(root)  # leaves out the document type of ``root``
    return etree.tostring(copy, encoding="UTF-8", xml_declaration=True) + b"\n"


def _clean(root: etree._Element) -> None:
    for element in [*root.iter()]:
        if _is_allowed(element):
            for name in [*_unsafe_attributes(element)]:
                del element.attrib[name]
        else:
            _remove(element)


def _is_allowed(element: etree._Element) -> bool:
    if not isinstance(element.tag, str):  # a reference to an entity, such as "&name;", has no tag name
        return False
    if not element.tag.startswith(_SVG) or element.tag.removeprefix(_SVG) not in _ELEMENTS:
        return False
    return element.tag != f"{_SVG}style" or not _loads("".join(element.itertext()))


def _unsafe_attributes(element: etree._Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        written = str(name)
        plain = written.removeprefix(_XLINK)
        if plain == "href":
            is_picture = element.tag == f"{_SVG}image" and bool(_PICTURE.fullmatch(str(value)))
            if not (is_picture or str(value).startswith("#")):
                yield written
        elif written.removeprefix("{http://www.w3.org/XML/1998/namespace}") not in _ATTRIBUTES or _loads(str(value)):
            yield written


def _loads(style: str) -> bool:
    return bool(_URL.search(style) or _LOADING_STYLE.search(style))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    # lxml removes the text after an element (its tail) together with the element. So the text is moved first.
    tail, before = element.tail or "", element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(element)

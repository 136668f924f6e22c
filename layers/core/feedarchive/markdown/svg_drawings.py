"""Replace inline SVG drawings with their titles, such as "[drawing: Sales by year]". Icons are removed."""

from __future__ import annotations

import html
import re

from feedarchive.markdown.source_elements import replace_elements

_OPENING = re.compile(r"<svg\b([^>]{0,2000}+)>", re.IGNORECASE)
_TITLE = re.compile(r"<(title|desc)\b[^>]{0,200}+>([^<]{1,500}+)<", re.IGNORECASE)
_LABEL = re.compile(r"\baria-label\s*=\s*(?:\"([^\"]{1,500})\"|'([^']{1,500})')", re.IGNORECASE)
_TEXT = re.compile(r"<(?:text|tspan|foreignObject)[\s>]", re.IGNORECASE)
_HIDDEN = re.compile(r"aria-hidden\s*=\s*[\"']?true", re.IGNORECASE)
_SIZE = re.compile(
    r"(?<![\w-])(?:width|height)\s*=\s*[\"']?(\d+)(?:px)?[\"'\s>/]|viewbox\s*=\s*[\"']\S+ \S+ (\d+)", re.IGNORECASE
)
_MAX_ICON_PIXELS = 64


def replace_drawings(source: str) -> str:
    """Replace each ``<svg>`` with its title. Otherwise the article would contain all labels, run together."""
    return replace_elements(source, "svg", _name_drawing)


def _name_drawing(svg: str, before: str) -> str:
    opening = _OPENING.match(svg)
    attributes = opening.group(1) if opening else ""
    title, label = _TITLE.search(svg), _LABEL.search(attributes)
    name = html.unescape(title.group(2)).strip() if title else ""
    name = name or (html.unescape(label.group(1) or label.group(2)).strip() if label else "")
    if not _TEXT.search(svg) and (
        not name or _is_icon(attributes) or before.rfind("<button") > before.rfind("</button")
    ):
        return " "
    return f" <span>[drawing{': ' if name else ''}{html.escape(' '.join(name.split()))}]</span> "


def _is_icon(attributes: str) -> bool:
    sizes = [int(first or second) for first, second in _SIZE.findall(attributes + " ")]
    return bool(_HIDDEN.search(attributes)) or (bool(sizes) and max(sizes) <= _MAX_ICON_PIXELS)

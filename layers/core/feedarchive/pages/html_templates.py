"""Render the templates of pages."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

_TEMPLATES = (
    "article.html",
    "day.html",
    "days.html",
    "edits.html",
    "marks.html",
    "page.html",
    "site.html",
    "style.css",
)
# All pages are built again if this number or a file in _TEMPLATES changes. Increase the number if a change of the code
# changes how pages look. full_text.html is not in _TEMPLATES, because few archives use it.
_RENDERER = 1


def render(template: str, values: Mapping[str, object]) -> bytes:
    """Render a page from a template in the folder ``templates``. Values are escaped."""
    return (render_text(template, values) + "\n").encode("utf-8", "replace")


def render_text(template: str, values: Mapping[str, object]) -> str:
    """Render a part of a page from a template in the folder ``templates``. Values are escaped."""
    return _environment().get_template(template).render(values)


def templates_hash(settings: str) -> str:
    """A hash of the templates and the settings. Pages that were built with another hash are built again."""
    parts = [str(_RENDERER), settings, *map(source_of, _TEMPLATES)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(source_of),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = source_of("style.css")
    environment.globals.update(style=style, style_hash=_style_hash(style))
    return environment


@cache
def source_of(template: str) -> str:
    return files("feedarchive.pages").joinpath("templates", template).read_text(encoding="utf-8")


def _style_hash(style: str) -> str:
    """The hash of the style sheet. Browsers use the style sheet only if the Content Security Policy has its hash."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

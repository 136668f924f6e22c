"""Render the pages of the window."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from feedarchive.pages.html_templates import source_of
from feedarchive.search.context import Context
from feedarchive.serve.http import Response


def page(template: str, values: Mapping[str, object], status: str = "200 OK") -> Response:
    """Render a page of the window. The values are escaped."""
    return Response(status, _environment().get_template(template).render(values).encode("utf-8", "replace"))


def style() -> Response:
    """The style sheet of the window: the one of the pages of days in the archive, and additional rules."""
    text = f"{source_of('style.css')}\n{_template('serve.css')}"
    return Response("200 OK", text.encode(), "text/css; charset=utf-8")


def article_path(key: str) -> str:
    """The path of an article's page in the window."""
    return f"/{quote(key)}"


def _marked(context: Context) -> Markup:
    """The text of a context as HTML, with each of its marks inside ``<mark>``."""
    parts, done = [], 0
    for start, end in context.marks:
        parts += [
            escape(context.text[done:start]),
            Markup("<mark>"),
            escape(context.text[start:end]),
            Markup("</mark>"),
        ]
        done = end
    return Markup("").join([*parts, escape(context.text[done:])])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(marked=_marked, article_path=article_path)
    return environment


@cache
def _template(name: str) -> str:
    return files("feedarchive.serve").joinpath("templates", name).read_text(encoding="utf-8")

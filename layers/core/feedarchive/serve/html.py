"""Render web pages from the templates."""

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
    """Render a web page. The values are escaped.

    - ``template``: the name of a file in ``templates``.
    - ``values``: the variables of the template.
    - ``status``: the HTTP status.
    """
    return Response(status, _environment().get_template(template).render(values).encode("utf-8", "replace"))


def style() -> Response:
    """The style sheet of ``feedarchive serve``. It extends the style sheet of the archive's own pages."""
    text = f"{source_of('style.css')}\n{_template('serve.css')}"
    return Response("200 OK", text.encode(), "text/css; charset=utf-8")


def article_path(key: str) -> str:
    """The path of the web page of an article. ``key`` is the key of the article's file."""
    return f"/{quote(key)}"


def _marked(context: Context) -> Markup:
    """Write an excerpt as HTML. The words found are in ``<mark>`` elements."""
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

"""Render the body of an article file as sanitized HTML. The body is Markdown or HTML."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_TAGS = set(
    (
        "a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins "
        "kbd li ol p pre q rp rt ruby s samp small span strong sub sup table tbody td tfoot th thead tr u ul var"
    ).split()
)
_ATTRIBUTES = {
    "*": {"dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_INVISIBLE = {"script", "style", "template", "title", "noscript", "textarea", "iframe"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS, clean_content_tags=_INVISIBLE, attributes=_ATTRIBUTES, link_rel="noreferrer",
    url_schemes={"http", "https", "mailto", "tel", "xmpp", "irc", "ircs", "magnet", "gemini", "geo", "news"},
)  # fmt: skip
# If a body is longer than this, its source is displayed. The renderer needs about a second for a megabyte.
_MAX_RENDERED_CHARS = 2_000_000
_STARTS_WITH_ELEMENT = re.compile(r"<[a-z][a-z0-9]*[\s/>]")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")


def to_safe_html(body: str) -> str:
    """Return a body as HTML without scripts, styles and unknown elements.

    A very long body is not rendered: its source is returned as escaped text.
    """
    if len(body) > _MAX_RENDERED_CHARS:
        return f"<pre>{html.escape(body)}</pre>"
    return _CLEANER.clean(_to_html(body))


def _to_html(body: str) -> str:
    """Return a body as HTML that is not yet sanitized.

    A body is either Markdown or HTML. After HTML there may be an empty line and a list of enclosures in Markdown.
    """
    first = _EMPTY_LINE.split(body, 1)[0]
    if not _is_html(first):
        return str(_markdown().render(body))
    return f"{first}\n{_markdown().render(body[len(first) :])}"


def _is_html(block: str) -> bool:
    """Check whether a body is HTML. ``block`` is the text before the body's first empty line.

    In HTML this text has an element. In Markdown it has none: the converter escapes text that looks like an element.
    """
    start = block.lstrip()
    if _STARTS_WITH_ELEMENT.match(start):
        return True
    if "<" not in start or start.startswith(("```", "~~~", "#", ">", "|", "* ", "- ", "1. ")):
        return False
    tokens = _markdown_with_html().parse(start)
    return any(child.type == "html_inline" for token in tokens for child in token.children or ())


@cache
def _markdown() -> MarkdownIt:
    return _renderer(raw_html=False)


@cache
def _markdown_with_html() -> MarkdownIt:
    return _renderer(raw_html=True)


def _renderer(raw_html: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # imported here, so that cold starts on AWS do not wait for it

    renderer = MarkdownIt("commonmark", {"html": raw_html}).enable(["table", "strikethrough"])
    # The first call is not thread-safe. Make it here, before threads share the renderer.
    renderer.render("*ready*")
    return renderer

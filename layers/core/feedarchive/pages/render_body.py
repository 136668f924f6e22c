"""Render the body of an article file as HTML that is safe and accessible within a page."""

from __future__ import annotations

import html
import re
from functools import cache

import nh3
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
# The renderer needs about a second for a megabyte. The source of longer bodies is displayed.
_MAX_RENDERED = 2_000_000  # characters
# An article's body in HTML (``body = "html"``) begins with an element, or has one in its first lines.
_STARTS_WITH_ELEMENT = re.compile(r"<[a-z][a-z0-9]*[\s/>]")
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
# The sanitizer writes attributes in double quotes.
_IMAGE = re.compile(r'<img((?:\s[a-z-]+="[^"]*")*)\s*/?>')
_LINKED_IMAGE = re.compile(r'(<a\b[^>]*>\s*<img(?:\s[a-z-]+="[^"]*")*?\salt=")("(?:\s[a-z-]+="[^"]*")*\s*/?>\s*</a>)')
_ATTRIBUTE = re.compile(r'\s([a-z-]+)="([^"]*)"')
_HEADING = re.compile(r"<(/?)h([1-6])>")
# Below the title of an article, which is a heading of level 2.
_LEVELS_DOWN = 2


def render_body(body: str, images: bool) -> str:
    """Return a body, which is Markdown or already HTML, as HTML. Without ``images``, each image becomes a link."""
    if len(body) > _MAX_RENDERED:
        return f"<pre>{html.escape(body)}</pre>"
    return _accessible(_CLEANER.clean(_to_html(body)), images)


def _to_html(body: str) -> str:
    """HTML that has not been sanitized. HTML bodies have no empty line, and may have a list of enclosures below."""
    first = _EMPTY_LINE.split(body, 1)[0]
    if not _is_html(first):
        return str(_markdown().render(body))
    return f"{first}\n{_markdown().render(body[len(first) :])}"


def _is_html(block: str) -> bool:
    """Check whether the first block of a body is HTML. In Markdown, the archiver escapes what looks like an element."""
    start = block.lstrip()
    if _STARTS_WITH_ELEMENT.match(start):
        return True
    if "<" not in start or start.startswith(("```", "~~~", "#", ">", "|", "* ", "- ", "1. ")):
        return False
    tokens = _markdown_with_html().parse(start)
    return any(child.type == "html_inline" for token in tokens for child in token.children or ())


def _accessible(cleaned: str, images: bool) -> str:
    shifted = _HEADING.sub(lambda match: f"<{match[1]}h{min(int(match[2]) + _LEVELS_DOWN, 6)}>", cleaned)
    shifted = _IMAGE.sub(_with_alt if images else _link_to_image, shifted)
    shifted = _LINKED_IMAGE.sub(r"\1image\2", shifted)
    # A table that is wider than a phone scrolls, also by keyboard.
    return shifted.replace("<table>", '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>').replace(
        "</table>", "</table></div>"
    )


def _with_alt(match: re.Match[str]) -> str:
    attributes = match[1] if ' alt="' in match[1] else f' alt=""{match[1]}'
    # These attributes are added here, because the sanitizer would add them in a random order.
    return f'<img{attributes} loading="lazy" referrerpolicy="no-referrer">' if ' src="' in attributes else ""


def _link_to_image(match: re.Match[str]) -> str:
    found = dict(_ATTRIBUTE.findall(match[1]))
    label = f"[image: {found['alt']}]" if found.get("alt") else "[image]"
    url = found.get("src", "")
    return f'<a href="{url}" rel="noreferrer">{label}</a>' if url.startswith(("http://", "https://")) else label


@cache
def _markdown() -> MarkdownIt:
    return _renderer(raw_html=False)


@cache
def _markdown_with_html() -> MarkdownIt:
    return _renderer(raw_html=True)


def _renderer(raw_html: bool) -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": raw_html}).enable(["table", "strikethrough"])
    renderer.render("*ready*")  # it prepares its rules on first use, which threads must not do at the same time
    return renderer

"""Render the body of an article for a page: lower heading levels, add alternative texts, make wide tables scroll."""

from __future__ import annotations

import re

from feedarchive.markdown.to_safe_html import to_safe_html
from feedarchive.pages.stored_media import StoredMedia

# These expressions match sanitized HTML, in which all attributes are in double quotes.
_IMAGE = re.compile(r'<img((?:\s[a-z-]+="[^"]*")*)\s*/?>')
_LINKED_IMAGE = re.compile(r'(<a\b[^>]*>\s*<img(?:\s[a-z-]+="[^"]*")*?\salt=")("(?:\s[a-z-]+="[^"]*")*\s*/?>\s*</a>)')
_ATTRIBUTE = re.compile(r'\s([a-z-]+)="([^"]*)"')
_HEADING = re.compile(r"<(/?)h([1-6])>")
# Only URLs that begin with one of these become links to images: "http" for the publisher's image, "../" for a stored
# copy in pages, "/media/" for a stored copy in ``feedarchive serve``.
_LINKED = ("http://", "https://", "../", "/media/")
# The title of an article is a heading of level 2, so <h1> in the body becomes <h3>.
_LEVELS_DOWN = 2


def render_body(body: str, images: bool, media: StoredMedia | None = None) -> str:
    """Return a body, which is Markdown or HTML, as sanitized HTML.

    - ``images``: whether to show images. If False, each image becomes a link.
    - ``media``: the stored pictures and enclosures. A picture is replaced with its stored copy, and an enclosure gets a
      link to its stored copy.
    """
    sanitized = to_safe_html(body)
    return _accessible(media.show_in(sanitized) if media else sanitized, images)


def _accessible(cleaned: str, images: bool) -> str:
    shifted = _HEADING.sub(lambda match: f"<{match[1]}h{min(int(match[2]) + _LEVELS_DOWN, 6)}>", cleaned)
    shifted = _IMAGE.sub(_with_alt if images else _link_to_image, shifted)
    shifted = _LINKED_IMAGE.sub(r"\1image\2", shifted)
    # A wide table scrolls within the page. It can be focused, so that it scrolls by keyboard too.
    return shifted.replace("<table>", '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>').replace(
        "</table>", "</table></div>"
    )


def _with_alt(match: re.Match[str]) -> str:
    attributes = match[1] if ' alt="' in match[1] else f' alt=""{match[1]}'
    # The sanitizer would write these attributes in a random order, so that the bytes of a page would vary.
    return f'<img{attributes} loading="lazy" referrerpolicy="no-referrer">' if ' src="' in attributes else ""


def _link_to_image(match: re.Match[str]) -> str:
    found = dict(_ATTRIBUTE.findall(match[1]))
    label = f"[image: {found['alt']}]" if found.get("alt") else "[image]"
    url = found.get("src", "")
    return f'<a href="{url}" rel="noreferrer">{label}</a>' if url.startswith(_LINKED) else label

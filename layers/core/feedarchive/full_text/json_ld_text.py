"""The text that a page has in its JSON-LD, for pages whose visible text is incomplete without a script. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import lxml.html
from lxml.html import HtmlElement

from feedarchive.full_text.page_facts import is_free, json_ld_objects
from feedarchive.full_text.parse_page import drop_forbidden
from feedarchive.markdown.plain_text_to_html import plain_text_to_html
from feedarchive.text import safe_text

# By how much it must be longer than the visible text, and how much of that it must contain: some publishers put the
# summary there, or the texts of other articles.
_LONGER = 1.3
_CONTAINED = 0.8
_MAX_LENGTH = 2_000_000  # characters


def json_ld_article(page: HtmlElement) -> HtmlElement | None:
    """The longest ``articleBody`` as a tree, None without one.

    None also if the page says that one has to pay for the article, even if its text is there.
    """
    if not is_free(page):
        return None
    bodies = [body for found in json_ld_objects(page) if isinstance(body := found.get("articleBody"), str)]
    body = max(bodies, key=len, default="")
    if not body.strip() or len(body) > _MAX_LENGTH:
        return None
    body = safe_text(body)
    tree = lxml.html.fragment_fromstring(body if "</" in body else plain_text_to_html(body), create_parent="div")
    drop_forbidden(tree)
    return tree


def completes(longer: Sequence[str], visible: Sequence[str]) -> bool:
    """Check whether the words of a JSON-LD text are those of the visible text and many more."""
    common = (Counter(longer) & Counter(visible)).total()
    return len(longer) >= _LONGER * len(visible) and common >= _CONTAINED * len(visible)

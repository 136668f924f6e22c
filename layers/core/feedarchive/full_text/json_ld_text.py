"""Find the article's text in the JSON-LD of a page. Pure functions.

On some pages a script loads a part of the visible text, but the JSON-LD contains the whole text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import lxml.html
from lxml.html import HtmlElement

from feedarchive.full_text.page_facts import is_free, json_ld_objects
from feedarchive.full_text.parse_page import drop_forbidden
from feedarchive.markdown.plain_text_to_html import plain_text_to_html
from feedarchive.text import safe_text

# A text in the JSON-LD may be only a summary, or the text of another article. So it is used only if it has at least
# _MIN_RATIO times as many words as the visible text, and contains at least the share _MIN_CONTAINED of these words.
_MIN_RATIO = 1.3
_MIN_CONTAINED = 0.8
_MAX_BODY_CHARS = 2_000_000


def json_ld_article(page: HtmlElement) -> HtmlElement | None:
    """The longest ``articleBody`` in the page's JSON-LD, as a tree.

    Returns None if there is none, if it is too long, or if the page says that the article is not free.
    """
    if not is_free(page):
        return None
    bodies = [body for found in json_ld_objects(page) if isinstance(body := found.get("articleBody"), str)]
    body = max(bodies, key=len, default="")
    if not body.strip() or len(body) > _MAX_BODY_CHARS:
        return None
    body = safe_text(body)
    tree = lxml.html.fragment_fromstring(body if "</" in body else plain_text_to_html(body), create_parent="div")
    drop_forbidden(tree)
    return tree


def completes(json_ld: Sequence[str], visible: Sequence[str]) -> bool:
    """Check whether the JSON-LD contains almost all words of the visible text, and is much longer."""
    common = (Counter(json_ld) & Counter(visible)).total()
    return len(json_ld) >= _MIN_RATIO * len(visible) and common >= _MIN_CONTAINED * len(visible)

"""Remove the permalinks of headings, such as "#", "¶" and "🔗"."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.markdown.tree import UNWRAPPED

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 dt".split())
_SIGNS = frozenset(
    ("", "#", "##", "###", "¶", "§", "🔗", "⚓", "⚓︎", "link", "anchor", "permalink", "direct link", "∞", "top")
)


def drop_heading_anchor(link: HtmlElement) -> bool:
    """Remove an in-page link if it is the permalink of the heading that contains it. Return whether it was removed.

    - If the text of the link is only a sign such as "#", the text is removed too.
    - If the text of the link is the whole text of the heading, the text stays.
    """
    heading = next(link.iterancestors(*_HEADINGS), None)
    if heading is None:
        return False
    text = " ".join(str(link.text_content()).split()).lower()
    if text in _SIGNS and link.find(".//img") is None:
        for child in list(link):
            link.remove(child)
        link.text = None
    elif text != " ".join(str(heading.text_content()).split()).lower():
        return False
    link.tag = UNWRAPPED
    return True

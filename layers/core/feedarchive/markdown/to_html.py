"""Write a sanitized tree as HTML: the body of an article whose feed has ``body = "html"``."""

from __future__ import annotations

import html
import re

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.escaping import FORMULA
from feedarchive.markdown.image_urls import LARGER, UNFIT


def to_html(root: HtmlElement) -> str:
    """Return the HTML of a tree made by :func:`feedarchive.markdown.clean_html.clean_html`. The tree is changed."""
    for formula in list(root.iter(FORMULA)):
        if tex := formula.get("tex"):
            formula.text = f"\\[{tex}\\]" if formula.get("display") else f"\\({tex}\\)"
    etree.strip_tags(root, FORMULA)
    for image in root.iter("img"):
        for mark in (UNFIT, LARGER):
            image.attrib.pop(mark, None)
    content = html.escape(root.text or "", quote=False) + "".join(
        lxml.html.tostring(child, encoding="unicode") for child in root
    )
    # Markdown renderers end an HTML block at an empty line, and would read the rest as Markdown.
    content = re.sub(r"\n(?=[ \t\r\f]*\n)", "&#10;", content.strip())
    # Escape shortcodes, because Hugo runs them even inside HTML.
    return content.replace("{{<", "{&#123;<").replace("{{%", "{&#123;%").replace("{{&lt;", "{&#123;&lt;")

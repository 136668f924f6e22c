"""Find active content in rendered Markdown: elements, attributes and URLs that an article must not have."""

from __future__ import annotations

import html
import re

import cmarkgfm
import lxml.html
from cmarkgfm.cmark import Options

HARMLESS = frozenset(
    "a blockquote br code del div em figcaption figure h1 h2 h3 h4 h5 h6 hr img li ol p picture pre s span strong sub "
    "sup table tbody td th thead tr ul b i u small q cite dl dt dd details summary ins kbd center caption section "
    "article aside header footer main nav address abbr var samp tt ruby rt rp strike tfoot".split()
)
_URL_ATTRIBUTES = (
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "cite",
    "background",
    "srcset",
    "xlink:href",
)
_GFM = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
# All of GitHub's extensions except its filter of raw HTML.
_EXTENSIONS = ["table", "strikethrough", "autolink", "tasklist"]


def as_github(markdown: str) -> str:
    """Render with GitHub's cmark, with raw HTML enabled."""
    return str(cmarkgfm.markdown_to_html_with_extensions(markdown, options=_GFM, extensions=_EXTENSIONS))


def dangers_of(rendered: str) -> list[str]:
    """Elements, attributes and URLs that no article may have."""
    found: list[str] = []
    root = lxml.html.fragment_fromstring(
        rendered, create_parent="div", parser=lxml.html.HTMLParser(huge_tree=True, encoding="utf-8")
    )
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag not in HARMLESS:
            found.append(str(element.tag))
        for name, value in element.attrib.items():
            url = re.sub(r"[\x00-\x20]", "", html.unescape(str(value))).lower()
            if str(name).startswith("on") or name in ("style", "srcdoc"):
                found.append(f"{name}={value}")
            if name in _URL_ATTRIBUTES and not re.match(r"(https?://|ftp://|mailto:|tel:|xmpp:|magnet:|geo:)", url):
                found.append(f"{name}={value}")
    return found

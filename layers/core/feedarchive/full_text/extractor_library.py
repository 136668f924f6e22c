"""The library that finds an article in a page: trafilatura. Only this module imports it, and only when a page needs it.

It is an optional part of the installation: ``pip install 'feedarchive[full-text]'``.
"""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import lxml.html
from lxml.html import HtmlElement

MISSING = "full_text needs trafilatura: install feedarchive[full-text], or remove full_text from feeds.toml"


@cache
def extractor_version() -> str:
    """The name and version of the library, "" if it is not installed. Does not import it."""
    try:
        return f"trafilatura {version('trafilatura')}"
    except PackageNotFoundError:
        return ""


def article_html(page: HtmlElement, url: str) -> str:
    """The article that the library finds in a page, as HTML; "" if it finds none."""
    from trafilatura import extract  # takes 0.3 s and 40 MB

    found = extract(
        deepcopy(page), url=url, output_format="html", favor_recall=True, include_comments=False,
        include_formatting=True, include_links=True, include_images=True, include_tables=True,
    )  # fmt: skip
    return _body_of(found) if found else ""


def _body_of(document: str) -> str:
    """The content of the body of a document of the library, without the elements around it."""
    body = lxml.html.document_fromstring(document).find("body")
    if body is None:
        return ""
    return "".join(lxml.html.tostring(child, encoding="unicode") for child in body)

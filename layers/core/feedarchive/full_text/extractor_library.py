"""Call trafilatura, the library that finds an article in a page.

trafilatura is an optional dependency: ``pip install 'feedarchive[full-text]'``. Only this module imports it, and only
when an article is extracted.
"""

from __future__ import annotations

from copy import deepcopy
from enum import StrEnum
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import lxml.html
from lxml.html import HtmlElement

MISSING = "full_text needs trafilatura: install feedarchive[full-text], or remove full_text from feeds.toml"


class Favor(StrEnum):
    """What the library does with a part of a page if it is uncertain whether it belongs to the article.

    RECALL keeps such a part, PRECISION drops it.
    """

    RECALL = "recall"
    PRECISION = "precision"


@cache
def extractor_version() -> str:
    """The name and version of the library; "" if it is not installed. This does not import the library."""
    try:
        return f"trafilatura {version('trafilatura')}"
    except PackageNotFoundError:
        return ""


def find_article(page: HtmlElement, url: str, favor: Favor) -> HtmlElement | None:
    """The article that the library finds in a page, as a new tree with simpler markup; None if it finds none."""
    from trafilatura import extract  # imported only when it is needed: this takes 0.3 s and 40 MB

    found = extract(
        deepcopy(page), url=url, output_format="html", include_comments=False, include_tables=True,
        favor_recall=favor is Favor.RECALL, favor_precision=favor is Favor.PRECISION,
        include_formatting=True, include_links=True, include_images=True,
    )  # fmt: skip
    return lxml.html.document_fromstring(found).find("body") if found else None

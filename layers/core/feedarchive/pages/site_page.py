"""Render the page with the articles of one site and one day.

Articles that have not changed are taken from the stored page, because rendering them takes longer.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from markupsafe import Markup

from feedarchive.digest.digest import Digest
from feedarchive.digest.markdown_page import display_title
from feedarchive.media.object_key import MEDIA
from feedarchive.pages.dates import long_date
from feedarchive.pages.html_templates import render
from feedarchive.pages.later_versions import Later
from feedarchive.pages.page_names import Placed, SitePage, page_name
from feedarchive.text import one_line, shorten

_MAX_LINK_TITLE_CHARS = 160
# Matches a rendered article between two comments. The article itself has no comments, because it was sanitized.
_ARTICLE = re.compile(r"<!--([0-9a-z-]+ [0-9a-f]{64}(?: [0-9a-f]{12})?)-->\n(.*?)\n<!--/-->", re.DOTALL)

_STORED = f'src="../../../../{MEDIA}'


@dataclass(frozen=True)
class _Title:
    link: str
    title: str


@dataclass(frozen=True)
class _ArticleOnPage:
    marker: Markup
    content: Markup
    previous: _Title | None
    next: _Title | None


def input_hash(page: SitePage, digest: Digest, page_format: str, later: Later) -> str:
    """A hash of what the page is made from. If it changes, the page must be made again.

    It covers the format of pages, and what the digest and ``later`` say about the articles of the page.
    """
    keys = [placed.entry.key for placed in page.articles]
    facts: list[object] = [
        page_format, digest.time_zone, digest.day.isoformat(), page.number, page.pages,
        [(placed.anchor, asdict(placed.entry), later.next_version(placed.entry.key) or None)
         for placed in page.articles],
        [(placed.link, placed.entry.title, placed.entry.description) for placed in page.later],
    ]  # fmt: skip
    # Appended only for a page with companions. Other pages keep the hashes that earlier releases computed.
    if companions := {key: found for key in keys if (found := later.companions_of(key))}:
        facts.append(companions)
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


def article_marker(placed: Placed, later: Later) -> str:
    """The marker of a rendered article: a text that changes if the article must be rendered again.

    It consists of the article's anchor and the SHA-256 of the article's file. If there are files to link to (the next
    version and companions), a hash of their keys follows.
    """
    key = placed.entry.key
    links = "\n".join((later.next_version(key), *later.companions_of(key)))
    marker = f"{placed.anchor} {placed.entry.sha256}"
    return f"{marker} {hashlib.sha256(links.encode()).hexdigest()[:12]}" if links else marker


def articles_in(data: bytes) -> dict[str, str]:
    """Find the rendered articles in a page that this program wrote. Return their HTML by ``article_marker``."""
    return dict(_ARTICLE.findall(data.decode("utf-8", "replace")))


def site_page(page: SitePage, digest: Digest, rendered: Mapping[str, str], images: bool, later: Later) -> bytes:
    """Render the page. ``rendered``: the HTML of articles, by ``article_marker``. Other articles are left out."""
    markers = {placed.anchor: article_marker(placed, later) for placed in page.articles}
    present = [placed for placed in page.articles if markers[placed.anchor] in rendered]
    titles = [_Title(f"#{placed.anchor}", _title(placed)) for placed in present]
    articles = [
        _ArticleOnPage(
            marker=Markup(f"<!--{markers[placed.anchor]}-->"),  # noqa: S704 - hexadecimal
            content=Markup(rendered[markers[placed.anchor]]),  # noqa: S704 - made by article_html
            previous=titles[number - 1] if number else None,
            next=titles[number + 1] if number + 1 < len(titles) else None,
        )
        for number, placed in enumerate(present)
    ]
    return render(
        "site.html",
        {
            "site": page.site,
            "day": long_date(digest.day),
            "time_zone": digest.time_zone,
            "number": page.number,
            "pages": [(n, page_name(page.site, n)) for n in range(1, page.pages + 1)],
            "titles": titles,
            "later": [(placed.anchor, _Title(placed.link, _title(placed))) for placed in page.later],
            "articles": articles,
            "total": len(titles) + len(page.later),
            "images": images,
            "stored": any(_STORED in each.content for each in articles),
        },
    )


def _title(placed: Placed) -> str:
    title = shorten(one_line(display_title(placed.entry)), _MAX_LINK_TITLE_CHARS)
    return f"{title} (revision {placed.entry.revision})" if placed.entry.is_revision else title

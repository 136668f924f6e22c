"""Make the file of a full text: front matter, then the text of the article's page. Pure functions.

The front matter has most fields of the article's own front matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from feedarchive.article.word_count import count_visible_words
from feedarchive.article.yaml_format import format_markdown
from feedarchive.document.model import Text
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.markdown.to_safe_html import to_safe_html
from feedarchive.markdown.visible_text import visible_text
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.url_secrets import public_url

_FIRST_KEYS = ("title", "date", "description", "image", "link", "source", "draft", "id")
# Fields of the article's front matter that are not copied, because they describe the article's own text.
_NOT_COPIED = {
    "archived", "wording", "revision", "previous", "words_added", "words_removed", "previous_title",
}  # fmt: skip


@dataclass(frozen=True)
class FullText:
    """The text of an article's page. It was sanitized and converted in the same way as the text of an entry.

    - ``body`` is Markdown, or HTML for a feed with ``body = "html"``.
    - ``page`` is the URL of the page after all redirects.
    - ``extractor`` is the library that extracted the text, such as "trafilatura 2.3.1".
    - ``canonical`` is the canonical URL that the page names, "" if it names none.
    """

    body: str
    page: str
    extractor: str
    canonical: str = ""


@dataclass(frozen=True)
class FullTextPlace:
    """The version of an article to which a full text belongs, and the number of the full text.

    - ``version`` is the key of an article or a revision. The full text was fetched from the link of this version.
    - ``number`` is 1 for the first full text of the article, 2 for the second, and so on.
    - ``previous`` is the key of the full text with ``number - 1``; "" for the first full text.
    """

    version: str
    number: int = 1
    previous: str = ""


def wording_of(text: FullText) -> str:
    """The fingerprint of the words of a full text, without markup, links and pictures."""
    return fingerprint(visible_text(Text(to_safe_html(text.body), html=True)))


def render_full_text(
    article: Mapping[str, Any], place: FullTextPlace, text: FullText, wording: str, archived: datetime
) -> bytes:
    """The contents of a full text's file as UTF-8: front matter, body, newline.

    - ``article`` is the front matter of the file ``place.version``.
    - ``wording`` is what ``wording_of`` returned for the text.
    - ``archived`` is the time to write into the file.
    """
    own: dict[str, str | int] = {"of": place.version, "page": public_url(text.page), "extractor": text.extractor}
    if text.canonical:
        own["canonical"] = public_url(text.canonical)
    own |= {"words": count_visible_words(text.body), "archived": format_rfc3339(archived), "wording": wording}
    if place.number > 1:
        own |= {"revision": place.number, "previous": place.previous}
    kept = {name: value for name, value in article.items() if name not in _NOT_COPIED | own.keys()}
    first = {name: kept[name] for name in _FIRST_KEYS if name in kept}
    fields: dict[str, str | int | bool | date | list[str]] = {**first, **kept, **own}
    return format_markdown(fields, text.body).encode("utf-8", "replace")

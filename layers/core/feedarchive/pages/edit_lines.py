"""The list of edited articles on the day's page. Each article is listed once; the largest edit comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedarchive.digest.digest import Digest
from feedarchive.digest.markdown_page import describe_words, display_title
from feedarchive.identity.canonical_url import clean_url
from feedarchive.pages.dates import machine_time, short_time
from feedarchive.pages.edits import EditedArticle, edited_articles
from feedarchive.pages.version_links import previous_link
from feedarchive.text import count_of, one_line, shorten
from feedarchive.urls import host_of


@dataclass(frozen=True)
class EditLine:
    """An edited article on the day's page.

    - ``page``: the link to the article's last version of the day.
    - ``title_before``: the title before the edits; "" if it is the same or unknown.
    - ``moment``: the time of the last edit in UTC, such as "2025-12-25T09:15:00Z".
    - ``time``: the same time for people, such as "10:15".
    - ``edit``: the words that were added and removed, as text; "" if their number is unknown.
    - ``edits``: how often the article was edited, such as "2 edits"; "" if it was edited once.
    - ``previous``: the link to the version before the edits.
    - ``web``: the http(s) URL of the article at the publisher; "" if there is none.
    """

    title: str
    page: str
    title_before: str
    feed: str
    moment: str
    time: str
    edit: str
    edits: str
    revision: int
    previous: str
    web: str
    host: str


def edit_lines(digest: Digest, links: Mapping[str, str], max_title: int, max_link: int) -> list[EditLine]:
    """One line for each edited article of the day.

    - ``links``: the links to the versions of the day, by key.
    - Titles are shortened to ``max_title`` characters.
    - A web link of more than ``max_link`` characters is left out.
    """
    return [_line(article, digest, links, max_title, max_link) for article in edited_articles(digest)]


def _line(article: EditedArticle, digest: Digest, links: Mapping[str, str], max_title: int, max_link: int) -> EditLine:
    first, last = article.versions[0], article.last
    web = clean_url(last.link)
    moment = datetime.fromisoformat(last.archived).astimezone(ZoneInfo(digest.time_zone))
    return EditLine(
        title=shorten(one_line(display_title(last)), max_title),
        page=links[last.key],
        title_before=shorten(one_line(article.title_before), max_title),
        feed=shorten(one_line(last.feed or last.site), max_title),
        moment=machine_time(moment),
        time=short_time(moment, digest.day),
        edit=describe_words(article.words_added, article.words_removed) if article.size >= 0 else "",
        edits=count_of(len(article.versions), "edit") if len(article.versions) > 1 else "",
        revision=last.revision,
        previous=links.get(first.previous) or previous_link(first),
        web=web if len(web) <= max_link else "",
        host=host_of(web).removeprefix("www."),
    )

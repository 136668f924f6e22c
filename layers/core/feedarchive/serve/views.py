"""The web pages of ``feedarchive serve``. search_view.py has the search page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.article.file_names import CompanionKind, is_archived_file, short_id_of_key
from feedarchive.article.yaml_format import body_of
from feedarchive.changes.passages import changed_passages
from feedarchive.digest.companion import parse_companion_file
from feedarchive.digest.digest import day_folder, make_digest, parse_digest
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.feed_groups import group_by_feed
from feedarchive.digest.index import indexed_days
from feedarchive.digest.markdown_page import describe_counts, describe_digest, display_title
from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth
from feedarchive.health.load_states import all_health, load_states
from feedarchive.health.status_json import read_status
from feedarchive.history.versions import ArchivedVersion, changes_between, find_companions, find_versions, full_text_at
from feedarchive.identity.canonical_url import clean_url
from feedarchive.pages.companion_files import CompanionFile
from feedarchive.pages.dates import WEEKDAYS, long_date, long_time
from feedarchive.pages.full_text_html import FeedText, Shown, full_text_html
from feedarchive.pages.render_body import render_body
from feedarchive.pages.stored_media import StoredMedia, stored_media
from feedarchive.search.filters import Filters
from feedarchive.search.query import parse_query
from feedarchive.serve.chart import chart_of
from feedarchive.serve.finder import Finder, written_day
from feedarchive.serve.html import article_path, page
from feedarchive.serve.http import Response
from feedarchive.serve.search_view import PER_PAGE, address_of_search
from feedarchive.store.interface import Store
from feedarchive.urls import host_of


@dataclass(frozen=True)
class FeedRow:
    """A feed in the list of feeds.

    - ``source``: the URL of the feed, as in the front matter of its articles.
    - ``last_success``: the time of the last successful poll, as text for people; "" if there was none.
    - ``failing_since``: the time of the first failed poll since then, as text for people; "" if the feed does not fail.
    """

    health: FeedHealth
    source: str
    title: str
    last_success: str
    failing_since: str


@dataclass(frozen=True)
class WebPages:
    """The web pages of one archive. A method returns None if the archive does not have what the page would show.

    - ``finder``: finds articles.
    - ``images``: whether the pages show pictures.
    """

    store: Store
    time_zone: ZoneInfo
    finder: Finder
    now: Callable[[], datetime]
    images: bool

    def days(self) -> Response:
        """A list of all days, newest first, with the number of articles of each day."""
        indexed = sorted(indexed_days(self.store, self.time_zone.key).items(), reverse=True)
        rows = [(day.isoformat(), f"{WEEKDAYS[day.weekday()]}, {long_date(day)}", describe_counts(row.counts))
                for day, row in indexed]  # fmt: skip
        return page("days.html", {"days": rows})

    def day(self, name: str) -> Response | None:
        """The articles of a day, grouped by feed. Returns None if the day has no digest.

        ``name``: the day, such as ``2025-12-25``.
        """
        try:
            day = date.fromisoformat(name)
        except ValueError:
            return None
        stored = self.store.read(f"{day_folder(day)}digest.json")
        if stored is None:
            return None
        digest = make_digest(
            day, self.time_zone.key, parse_digest(stored.data, day, self.time_zone.key).listed.values()
        )
        days = sorted(indexed_days(self.store, self.time_zone.key))
        before = max((each for each in days if each < day), default=None)
        after = min((each for each in days if each > day), default=None)
        groups = [
            (group.feed, group.site, [(article_path(e.key), display_title(e), e) for e in group.entries])
            for group in group_by_feed(digest.entries)
        ]
        return page(
            "day.html",
            {
                "heading": f"{WEEKDAYS[day.weekday()]}, {long_date(day)}",
                "counted": describe_digest(digest),
                "groups": groups,
                "before": before.isoformat() if before else "",
                "after": after.isoformat() if after else "",
            },
        )

    def article(self, key: str) -> Response | None:
        """A version of an article, with its full text and links to its other versions.

        Returns None if there is no file with this key, or if it is no article.
        """
        versions = self._versions(key)
        at = next((number for number, version in enumerate(versions) if version.key == key), None)
        if at is None or versions[at].entry is None:
            return None
        entry = versions[at].entry
        assert entry is not None
        return page(
            "article.html",
            {
                **self._facts(entry),
                "body": self._fullest_body(versions[at]),
                "versions": [self._version_link(version) for version in versions],
                "number": versions[at].number,
                "previous": article_path(versions[at - 1].key) if at else "",
                "next": article_path(versions[at + 1].key) if at + 1 < len(versions) else "",
                "compare": f"/compare{article_path(key)}" if at else "",
                "raw": f"/raw{article_path(key)}",
                "sha256": entry.sha256,
            },
        )

    def full_text(self, key: str) -> Response | None:
        """The page of the article version to which a full text belongs. ``key`` is the key of the full text.

        Returns None if the full text or the version is missing.
        """
        stored = self.store.read(key)
        companion = parse_companion_file(key, stored.data) if stored else None
        return self.article(companion.of) if companion else None

    def compare(self, key: str) -> Response | None:
        """A comparison of a version with the previous version: the changed words, and both versions side by side.

        Returns None if one of the two versions is missing.
        """
        versions = self._versions(key)
        at = next((number for number, version in enumerate(versions) if version.key == key), 0)
        if at == 0 or versions[at].entry is None or versions[at - 1].entry is None:
            return None
        before, after = versions[at - 1], versions[at]
        changes = changes_between(before, after)
        titles, _ = changed_passages([changes.title])
        passages, _ = changed_passages(changes.paragraphs)
        entry = after.entry
        assert entry is not None
        return page(
            "compare.html",
            {
                **self._facts(entry),
                "passages": [*titles, *passages],
                "added": changes.words_added,
                "removed": changes.words_removed,
                "sides": [
                    {**self._version_link(each), "body": self._body(each), "heading": display_title(each.entry)}
                    for each in (before, after)
                    if each.entry
                ],
                "previous": f"/compare{article_path(before.key)}" if at > 1 else "",
                "next": f"/compare{article_path(versions[at + 1].key)}" if at + 1 < len(versions) else "",
                "article": article_path(key),
            },
        )

    def raw(self, key: str) -> Response | None:
        """The file of a version, or of a companion such as a full text, as plain text, byte for byte.

        Returns None if there is no such file.
        """
        stored = self.store.read(key) if is_archived_file(key) else None
        return Response("200 OK", stored.data, "text/plain; charset=utf-8") if stored else None

    def feeds(self) -> Response:
        """A list of all feeds with their health. Feeds that need attention come first."""
        return page("feeds.html", {"feeds": self._health()})

    def feed(self, feed_id: str) -> Response | None:
        """A feed: its health, its newest articles, and a chart of how many articles each day has.

        Returns None if no feed with this id is subscribed.
        """
        found = next((each for each in self._health() if each.health.feed == feed_id), None)
        if found is None:
            return None
        by_day = {day: counts.get(found.source, 0) for day, counts in read_status(self.store).new_by_day.items()}
        today = self.now().astimezone(self.time_zone).date()
        newest = self.finder.find(parse_query(""), Filters(feeds=(found.source,)), PER_PAGE, 0)
        return page(
            "feed.html",
            {
                "feed": found,
                "chart": chart_of(by_day, today),
                "hits_of": newest.hits,
                "total": newest.total,
                "all": address_of_search({"feed": found.source}),
                "link": clean_url(found.health.url),
            },
        )

    def _health(self) -> list[FeedRow]:
        feeds: Sequence[Feed] = open_for_reading(self.store).feeds.feeds
        sources = {feed.id: feed.public_url for feed in feeds}
        health = all_health(feeds, load_states(self.store, feeds), read_status(self.store).new_by_day, self.now())
        return [
            FeedRow(
                each, sources[each.feed], each.title or each.feed, self._time(each.last_success),
                self._time(each.failing_since),
            )
            for each in health
        ]  # fmt: skip

    def _versions(self, key: str) -> list[ArchivedVersion]:
        short_id = short_id_of_key(key)
        return find_versions(self.store, short_id) if short_id else []

    def _body(self, version: ArchivedVersion, media: StoredMedia | None = None) -> Markup:
        body = body_of(version.data.decode("utf-8", "replace"))
        return Markup(render_body(body, self.images, media))  # noqa: S704 - sanitized by render_body

    def _fullest_body(self, version: ArchivedVersion) -> Markup:
        """The body of a version as HTML, with its stored pictures. If it has a full text, this is shown too."""
        companions = find_companions(self.store, short_id_of_key(version.key))
        lists = (each.data for each in companions if each.companion.kind is CompanionKind.MEDIA)
        media = stored_media(lists, article_path)
        body = self._body(version, media)
        full = full_text_at(companions, version.number)
        if full is None or version.entry is None:
            return body
        file, link = CompanionFile(full.companion.key, full.data), f"/raw{article_path(full.companion.key)}"
        shown = Shown(self.time_zone, self.images, media)
        html = full_text_html(file, link, FeedText(body, version.entry.words), shown)
        return Markup(html)  # noqa: S704 - sanitized by full_text_html

    def _facts(self, entry: DigestEntry) -> Mapping[str, object]:
        link = clean_url(entry.link)
        day = written_day(entry)
        return {
            "title": display_title(entry), "feed": entry.feed or entry.site, "site": entry.site, "author": entry.author,
            "tags": entry.tags, "link": link, "host": host_of(link).removeprefix("www."), "day": day,
            "published": self._written(entry.published), "archived": self._written(entry.archived),
        }  # fmt: skip

    def _version_link(self, version: ArchivedVersion) -> dict[str, object]:
        entry = version.entry
        return {"number": version.number, "href": article_path(version.key) if entry else "",
                "archived": self._written(entry.archived) if entry else "removed"}  # fmt: skip

    def _written(self, written: str) -> str:
        return self._time(datetime.fromisoformat(written)) if written else ""

    def _time(self, moment: datetime | None) -> str:
        return long_time(moment.astimezone(self.time_zone)) if moment else ""

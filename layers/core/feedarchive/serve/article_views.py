"""The web pages of ``feedarchive serve`` about articles and their versions."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from feedarchive.article.file_names import CompanionKind, is_archived_file, short_id_of_key
from feedarchive.article.yaml_format import body_of
from feedarchive.changes.passages import changed_passages
from feedarchive.digest.companion import parse_companion_file
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.markdown_page import display_title
from feedarchive.history.versions import ArchivedVersion, changes_between, find_companions, find_versions, full_text_at
from feedarchive.identity.canonical_url import clean_url
from feedarchive.pages.companion_files import CompanionFile
from feedarchive.pages.full_text_html import FeedText, Shown, full_text_html
from feedarchive.pages.render_body import render_body
from feedarchive.pages.stored_media import StoredMedia, stored_media
from feedarchive.serve.finder import written_day
from feedarchive.serve.html import article_path, page
from feedarchive.serve.http import Response
from feedarchive.serve.served_archive import ServedArchive
from feedarchive.urls import host_of


def article_view(archive: ServedArchive, key: str) -> Response | None:
    """A version of an article, with its full text and links to its other versions.

    Returns None if there is no file with this key, or if it is no article.
    """
    versions = _versions(archive, key)
    at = next((number for number, version in enumerate(versions) if version.key == key), None)
    entry = None if at is None else versions[at].entry
    if at is None or entry is None:
        return None
    return page(
        "article.html",
        {
            **_facts(archive, entry),
            "body": _body_and_full_text(archive, versions[at]),
            "versions": [_version_link(archive, version) for version in versions],
            "number": versions[at].number,
            "previous": article_path(versions[at - 1].key) if at else "",
            "next": article_path(versions[at + 1].key) if at + 1 < len(versions) else "",
            "compare": f"/compare{article_path(key)}" if at else "",
            "raw": f"/raw{article_path(key)}",
            "sha256": entry.sha256,
        },
    )


def full_text_view(archive: ServedArchive, key: str) -> Response | None:
    """The page of the article version to which a full text belongs. ``key`` is the key of the full text.

    Returns None if the full text or the version is missing.
    """
    stored = archive.store.read(key)
    companion = parse_companion_file(key, stored.data) if stored else None
    return article_view(archive, companion.of) if companion else None


def compare_view(archive: ServedArchive, key: str) -> Response | None:
    """A comparison of a version with the previous version: the changed words, and both versions side by side.

    Returns None if one of the two versions is missing.
    """
    versions = _versions(archive, key)
    at = next((number for number, version in enumerate(versions) if version.key == key), 0)
    if at == 0:
        return None
    before, after = versions[at - 1], versions[at]
    entry = after.entry
    if before.entry is None or entry is None:
        return None
    changes = changes_between(before, after)
    titles, _ = changed_passages([changes.title])
    passages, _ = changed_passages(changes.paragraphs)
    return page(
        "compare.html",
        {
            **_facts(archive, entry),
            "passages": [*titles, *passages],
            "added": changes.words_added,
            "removed": changes.words_removed,
            "sides": [
                {**_version_link(archive, each), "body": _body(archive, each), "heading": display_title(each.entry)}
                for each in (before, after)
                if each.entry
            ],
            "previous": f"/compare{article_path(before.key)}" if at > 1 else "",
            "next": f"/compare{article_path(versions[at + 1].key)}" if at + 1 < len(versions) else "",
            "article": article_path(key),
        },
    )


def raw_view(archive: ServedArchive, key: str) -> Response | None:
    """The file of a version, or of a companion such as a full text, as plain text, byte for byte.

    Returns None if there is no such file.
    """
    stored = archive.store.read(key) if is_archived_file(key) else None
    return Response("200 OK", stored.data, "text/plain; charset=utf-8") if stored else None


def _versions(archive: ServedArchive, key: str) -> list[ArchivedVersion]:
    short_id = short_id_of_key(key)
    return find_versions(archive.store, short_id) if short_id else []


def _body(archive: ServedArchive, version: ArchivedVersion, media: StoredMedia | None = None) -> Markup:
    body = body_of(version.data.decode("utf-8", "replace"))
    return Markup(render_body(body, archive.images, media))  # noqa: S704 - sanitized by render_body


def _body_and_full_text(archive: ServedArchive, version: ArchivedVersion) -> Markup:
    companions = find_companions(archive.store, short_id_of_key(version.key))
    lists = (each.data for each in companions if each.companion.kind is CompanionKind.MEDIA)
    media = stored_media(lists, article_path)
    body = _body(archive, version, media)
    full = full_text_at(companions, version.number)
    if full is None or version.entry is None:
        return body
    file, link = CompanionFile(full.companion.key, full.data), f"/raw{article_path(full.companion.key)}"
    shown = Shown(archive.time_zone, archive.images, media)
    html = full_text_html(file, link, FeedText(body, version.entry.words), shown)
    return Markup(html)  # noqa: S704 - sanitized by full_text_html


def _facts(archive: ServedArchive, entry: DigestEntry) -> Mapping[str, object]:
    link = clean_url(entry.link)
    day = written_day(entry)
    return {
        "title": display_title(entry), "feed": entry.feed or entry.site, "site": entry.site, "author": entry.author,
        "tags": entry.tags, "link": link, "host": host_of(link).removeprefix("www."), "day": day,
        "published": archive.local_time_of(entry.published), "archived": archive.local_time_of(entry.archived),
    }  # fmt: skip


def _version_link(archive: ServedArchive, version: ArchivedVersion) -> dict[str, object]:
    entry = version.entry
    return {"number": version.number, "href": article_path(version.key) if entry else "",
            "archived": archive.local_time_of(entry.archived) if entry else "removed"}  # fmt: skip

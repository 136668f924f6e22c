"""The WSGI application of ``feedarchive serve``. It chooses the page for the path of a request."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from feedarchive.article.file_names import is_archived_file, is_full_text, version_of
from feedarchive.serve.article_views import article_view, compare_view, full_text_view, raw_view
from feedarchive.serve.day_views import day_list, day_view
from feedarchive.serve.feed_views import feed_list, feed_view
from feedarchive.serve.guard import Guard
from feedarchive.serve.html import page, style
from feedarchive.serve.http import Request, Response, headers_of, request_of
from feedarchive.serve.media_file import media_file
from feedarchive.serve.search_view import search_view
from feedarchive.serve.served_archive import ServedArchive
from feedarchive.store.interface import StoreError

_log = logging.getLogger("feedarchive")
_StartResponse = Callable[[str, list[tuple[str, str]]], object]


def application(archive: ServedArchive, guard: Guard) -> Callable[[Mapping[str, Any], _StartResponse], Iterable[bytes]]:
    """Make a WSGI application (PEP 3333) that answers requests with web pages.

    ``guard``: decides which requests are answered.
    """

    def answer(environ: Mapping[str, Any], start: _StartResponse) -> Iterable[bytes]:
        request = request_of(environ)
        response = guard.refusal(request) or _response(archive, request)
        start(response.status, headers_of(response, archive.images))
        return [] if request.method == "HEAD" else response.parts or [response.body]

    return answer


def _response(archive: ServedArchive, request: Request) -> Response:
    try:
        found = _page(archive, request)
    except StoreError as error:
        _log.error("%s", error)
        return _message("The archive cannot be read.", str(error), "503 Service Unavailable")
    return found or _message("Not found.", "The archive has no page at this address.", "404 Not Found")


def _page(archive: ServedArchive, request: Request) -> Response | None:
    """The page at the path of a request. Returns None if there is no page at this path.

    Only articles, companions (full texts and lists of media) and stored media are served.
    """
    name, _, rest = request.path.removeprefix("/").partition("/")
    if not rest:
        return _fixed_page(archive, name, request)
    if name == "media":
        return media_file(archive.store, request.path[1:], request.byte_range)
    if name == "archive":
        key = request.path[1:]
        if version_of(key):
            return article_view(archive, key)
        return full_text_view(archive, key) if is_full_text(key) else None
    if name == "compare":
        return compare_view(archive, rest) if version_of(rest) else None
    if name == "raw":
        return raw_view(archive, rest) if is_archived_file(rest) else None
    if name == "days":
        return day_view(archive, rest)
    return feed_view(archive, rest) if name == "feeds" else None


def _fixed_page(archive: ServedArchive, name: str, request: Request) -> Response | None:
    if name == "style.css":
        return style()
    if name == "favicon.ico":  # browsers ask for an icon, but there is none
        return Response("204 No Content", b"")
    if name == "":
        return search_view(archive.finder, request)
    if name == "days":
        return day_list(archive)
    return feed_list(archive) if name == "feeds" else None


def _message(heading: str, text: str, status: str) -> Response:
    return page("message.html", {"heading": heading, "text": text}, status)

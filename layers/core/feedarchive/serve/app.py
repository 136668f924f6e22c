"""The WSGI application of the window. It decides which path shows which page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from feedarchive.article.file_names import is_archived_file, is_full_text, version_of
from feedarchive.serve.guard import Guard
from feedarchive.serve.html import page, style
from feedarchive.serve.http import Request, Response, headers_of, request_of
from feedarchive.serve.media_file import media_file
from feedarchive.serve.search_view import search_view
from feedarchive.serve.views import Window
from feedarchive.store.interface import StoreError

_log = logging.getLogger("feedarchive")
_StartResponse = Callable[[str, list[tuple[str, str]]], object]


def application(window: Window, guard: Guard) -> Callable[[Mapping[str, Any], _StartResponse], Iterable[bytes]]:
    """The WSGI application (PEP 3333) for a window."""

    def answer(environ: Mapping[str, Any], start: _StartResponse) -> Iterable[bytes]:
        request = request_of(environ)
        response = guard.refusal(request) or _response(window, request)
        start(response.status, headers_of(response, window.images))
        return [] if request.method == "HEAD" else response.parts or [response.body]

    return answer


def _response(window: Window, request: Request) -> Response:
    try:
        found = _page(window, request)
    except StoreError as error:
        _log.error("%s", error)
        return _message("The archive cannot be read.", str(error), "503 Service Unavailable")
    return found or _message("Not found.", "The archive has no page here.", "404 Not Found")


def _page(window: Window, request: Request) -> Response | None:
    """The page at the path of a request. Returns None if there is none.

    A path never gives access to files of the archive other than articles, their companions and stored media.
    """
    name, _, rest = request.path.removeprefix("/").partition("/")
    if not rest:
        return _fixed_page(window, name, request)
    if name == "media":
        return media_file(window.store, request.path[1:], request.byte_range)
    if name == "archive":
        key = request.path[1:]
        return window.article(key) if version_of(key) else window.full_text(key) if is_full_text(key) else None
    if name == "compare":
        return window.compare(rest) if version_of(rest) else None
    if name == "raw":
        return window.raw(rest) if is_archived_file(rest) else None
    if name == "days":
        return window.day(rest)
    return window.feed(rest) if name == "feeds" else None


def _fixed_page(window: Window, name: str, request: Request) -> Response | None:
    if name == "style.css":
        return style()
    if name == "favicon.ico":  # browsers ask for it
        return Response("204 No Content", b"")
    if name == "":
        return search_view(window.finder, request)
    if name == "days":
        return window.days()
    return window.feeds() if name == "feeds" else None


def _message(heading: str, text: str, status: str) -> Response:
    return page("message.html", {"heading": heading, "text": text}, status)

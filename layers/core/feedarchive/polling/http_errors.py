"""Turn an HTTP response that has no document into an error with a message. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from feedarchive.polling.gone_feeds import is_gone
from feedarchive.polling.results import FetchFailed
from feedarchive.polling.retry_after import rate_limited_message
from feedarchive.problems import FeedError

# Headers of responses with a challenge page (a test that only a browser passes): the name of the header, a part of its
# value ("" for any value), and the provider of the page.
_CHALLENGE_HEADERS = {
    "cf-mitigated": ("challenge", "Cloudflare"),
    "x-amzn-waf-action": ("", "AWS WAF"),
    "x-vercel-mitigated": ("challenge", "Vercel"),
    "x-datadome": ("", "DataDome"),
}
# Texts in challenge pages, with the provider of the page.
_CHALLENGE_PAGES = {
    b"/cdn-cgi/challenge-platform/": "Cloudflare",
    b"cf-chl-": "Cloudflare",
    b"cf-browser-verification": "Cloudflare",
    b"_incapsula_resource": "Imperva",
    b"captcha-delivery.com": "DataDome",
    b"px-captcha": "HUMAN",
    b"ddos-guard": "DDoS-Guard",
    b"sucuri website firewall": "Sucuri",
    b"awswaf": "AWS WAF",
    b"/.within.website/x/cmd/anubis": "Anubis",
    b"g-recaptcha": "reCAPTCHA",
    b"h-captcha": "hCaptcha",
}
_SEARCHED_BYTES = 64 * 1024
_MAX_REASON_CHARS = 40
_ERRORS = {
    204: FeedError.EMPTY,
    205: FeedError.EMPTY,
    401: FeedError.LOGIN,
    403: FeedError.FORBIDDEN,
    404: FeedError.NOT_FOUND,
    410: FeedError.GONE,
    429: FeedError.RATE_LIMITED,
}


def error_for_status(status: int) -> FeedError:
    """Return the kind of error for the HTTP status of a response that is neither a document nor a redirect."""
    return _ERRORS.get(status, FeedError.SERVER_ERROR if 500 <= status <= 599 else FeedError.HTTP)


def challenge_provider(headers: Mapping[str, str], page: bytes) -> str:
    """Return the provider of a challenge page, such as "Cloudflare"; "" if the page is no challenge page.

    A challenge page is a test that only a browser passes.
    """
    for name, (value, provider) in _CHALLENGE_HEADERS.items():
        if name in headers and value in headers[name].lower():
            return provider
    searched = page[:_SEARCHED_BYTES].lower()
    return next((provider for text, provider in _CHALLENGE_PAGES.items() if text in searched), "")


def http_error(
    status: int,
    reason: str,
    challenger: str,
    retry_after: timedelta | None,
    received: datetime,
    login: str = "",
) -> FetchFailed:
    """Make the error for a response that is neither a document nor a redirect.

    - ``status``: the HTTP status.
    - ``reason``: the server's text after the status, such as "Not Found".
    - ``challenger``: the provider of a challenge page, such as "Cloudflare"; "" if the response is no challenge page.
    - ``retry_after``: how long the server asks to wait, counted from ``received``; None if it does not ask.
    - ``login``: for HTTP 401, a message that says what is wrong with the login.
    """
    error = error_for_status(status)
    details = []
    if challenger and error not in (FeedError.NOT_FOUND, FeedError.GONE):
        error = FeedError.CHALLENGE
        details = [f"a challenge page of {challenger}, which only a browser can pass"]
    elif error is FeedError.GONE:
        details = ["the feed is gone for good"]
    elif error is FeedError.LOGIN:
        details = [login or "a login is required"]
    elif status == HTTPStatus.NOT_ACCEPTABLE:
        details = [
            "the server refuses this program or the formats that it asks for: "
            'in feeds.toml, give the feed another user_agent or headers = { Accept = "*/*" }'
        ]
    elif error is FeedError.EMPTY:
        details = ["the response has no document"]
    if retry_after and not is_gone(error):
        details.append(rate_limited_message(received, retry_after))
    detail = f"HTTP {status}{_phrase(status, reason)}" + (": " + "; ".join(details) if details else "")
    return FetchFailed(error, detail, status, retry_after)


def _phrase(status: int, reason: str) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        text = "".join(c for c in reason if c.isascii() and c.isprintable())[:_MAX_REASON_CHARS].strip()
        return f" {text}" if text else ""

"""An answer that is no document, in words a person can act on. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from feedarchive.polling.results import FetchFailed

# Who keeps programs out with a page that wants a browser: marks in its headers, and in its page.
_BY_HEADER = {
    "cf-mitigated": ("challenge", "Cloudflare"),
    "x-amzn-waf-action": ("", "AWS WAF"),
    "x-vercel-mitigated": ("challenge", "Vercel"),
    "x-datadome": ("", "DataDome"),
}
_BY_PAGE = {
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
_LOOKED_AT = 64 * 1024  # bytes of a page
_KINDS = {401: "login", 403: "forbidden", 404: "not-found", 410: "gone", 429: "too-often"}
_SHOWN = 40  # characters of a reason the server made up


def challenge_provider(headers: Mapping[str, str], page: bytes) -> str:
    """Who answers with a page that only a browser passes; "" if nobody does."""
    for name, (value, who) in _BY_HEADER.items():
        if value in headers.get(name, "\n").lower() and name in headers:
            return who
    looked_at = page[:_LOOKED_AT].lower()
    return next((who for mark, who in _BY_PAGE.items() if mark in looked_at), "")


def http_error(
    status: int, reason: str, who: str, wait: timedelta | None, received: datetime, logged_in: bool = False
) -> FetchFailed:
    """What an answer other than 200 and 304 comes to.

    ``reason`` is the server's own word for the status, ``who`` a challenger, ``wait`` its Retry-After;
    ``logged_in`` tells that the request had an Authorization.
    """
    answers = f"the server answers {status}{_phrase(status, reason)}"
    until = f": it wants to be left alone until {_minute(received, wait)} UTC" if wait else ""
    if who and status not in (404, 410):
        detail = f"{answers} with a challenge page of {who}, which only a browser passes{until}"
        return FetchFailed("challenge", detail, status, wait)
    if status == HTTPStatus.GONE:
        return FetchFailed("gone", "the server answers 410: the feed is gone for good", status, wait)
    if status == HTTPStatus.UNAUTHORIZED:
        answers += ": it does not take the login it is given" if logged_in else ": it wants a login"
    if status in (204, 205):
        return FetchFailed("empty", f"{answers}: there is no document", status, wait)
    kind = _KINDS.get(status, "server-error" if 500 <= status <= 599 else "http")
    return FetchFailed(kind, answers + until, status, wait)


def _phrase(status: int, reason: str) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        words = "".join(c for c in reason if c.isascii() and c.isprintable())[:_SHOWN].strip()
        return f" {words}" if words else ""


def _minute(received: datetime, wait: timedelta) -> str:
    try:
        return f"{received + wait:%Y-%m-%d %H:%M}"
    except OverflowError:
        return "the end of time,"

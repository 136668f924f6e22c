"""Find the page that a link of Google Alerts, Google News or Bing News redirects to, without any request."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from feedarchive.identity.canonical_url import clean_url

_PARAMETERS = ("url", "q")
_WRAPPERS = re.compile(r"(?:www\.|news\.)?google(?:\.[a-z]{2,3}){1,2}|www\.bing\.com")
_WRAPPING_PATHS = ("/url", "/news/url", "/news/apiclick.aspx")
# Older links of Google News contain the URL in base64, newer ones only a number.
_NEWS_ARTICLE = re.compile(r"/(?:rss/|__i/rss/rd/)?articles/([A-Za-z0-9_-]{20,2000})")
_URL = re.compile(rb"https?://[\x21-\x7e]+")


def unwrap_link(link: str) -> str:
    """Return the URL inside the link, or the link itself if it contains none."""
    if "google." not in link and "bing." not in link:
        return link
    parts = urlsplit(link)
    if not _WRAPPERS.fullmatch(parts.hostname or ""):
        return link
    if parts.path.lower() in _WRAPPING_PATHS:
        query = parse_qs(parts.query)
        return next((url for name in _PARAMETERS if (url := clean_url(query.get(name, [""])[0]))), link)
    if parts.hostname == "news.google.com" and (article := _NEWS_ARTICLE.match(parts.path)):
        return _url_in(article.group(1)) or link
    return link


def _url_in(encoded: str) -> str:
    try:
        decoded = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        return ""
    found = _URL.search(decoded)
    return clean_url(found.group().decode("ascii")) if found else ""

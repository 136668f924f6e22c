"""Find the link for an article's file where it differs from the link that ids depend on. No request is made.

There are two cases: relative links of RSS, and links of Google Alerts, Google News or Bing News, which redirect to the
article's page.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from feedarchive.identity.canonical_url import clean_url
from feedarchive.identity.site import is_own_site, site_of

_HOST = re.compile(r"www\.(?:[\w-]+\.)+[a-z]{2,}(?=[/?#]|$)", re.IGNORECASE)
_PARAMETERS = ("url", "q")
_WRAPPERS = re.compile(r"(?:www\.|news\.)?google(?:\.[a-z]{2,3}){1,2}|www\.bing\.com")
_WRAPPING_PATHS = ("/url", "/news/url", "/news/apiclick.aspx")
# Older links of Google News contain the URL in base64, newer ones only a number.
_NEWS_ARTICLE = re.compile(r"/(?:rss/|__i/rss/rd/)?articles/([A-Za-z0-9_-]{20,2000})")
_URL = re.compile(rb"https?://[\x21-\x7e]+")


def shown_link(link: str, written: str, document_url: str, feed_url: str, home_page: str) -> str:
    """Return the URL of an entry's page.

    - ``link``: the URL that ids depend on, which may be "".
    - ``written``: ``Entry.written_link``. It counts only if ``link`` was made from it or is empty.

    RSS does not say what its relative links are relative to. Publishers mean their site, which the channel links to,
    and not the host that serves the document.
    """
    if not written or (link and link != clean_url(written, document_url)):
        return link
    base = home_page if site_of(home_page) and _is_on_site(home_page, feed_url) else ""
    return clean_url(f"https://{written}" if _HOST.match(written) else written, base) or link


def _is_on_site(home_page: str, feed_url: str) -> bool:
    """Is the home page on the site of the feed's URL? A URL with an IP address has no site."""
    return not site_of(feed_url) or is_own_site(home_page, feed_url, "")


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

"""Choose the link that is written into an article's file, without making a request.

The link is the URL from which the article's id is made, except in two cases:

- A relative link in RSS is resolved against the feed's home page.
- A link of Google Alerts, Google News or Bing News that redirects to the article's page is replaced with the URL of
  this page.
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
# The path of a link of Google News. In older links the last part is the article's URL in base64. In newer links it is
# only a number, from which the URL cannot be found.
_NEWS_ARTICLE = re.compile(r"/(?:rss/|__i/rss/rd/)?articles/([A-Za-z0-9_-]{20,2000})")
_URL = re.compile(rb"https?://[\x21-\x7e]+")


def shown_link(link: str, written: str, document_url: str, feed_url: str, home_page: str) -> str:
    """Return the URL of an entry's page. A relative link is resolved against the home page of the feed.

    Publishers write relative links in RSS for their own site, even if another host serves the feed document.

    - ``link``: the URL that identifies the article; "" if there is none.
    - ``written``: the link as it is written in the feed (``Entry.written_link``). It is used only
      if ``link`` is "" or was made from it.
    """
    if not written or (link and link != clean_url(written, document_url)):
        return link
    base = home_page if site_of(home_page) and _is_on_site(home_page, feed_url) else ""
    return clean_url(f"https://{written}" if _HOST.match(written) else written, base) or link


def _is_on_site(home_page: str, feed_url: str) -> bool:
    """Is the home page on the feed's site? Also True if the feed has no site, because its host is an IP address."""
    return not site_of(feed_url) or is_own_site(home_page, feed_url, "")


def unwrap_link(link: str) -> str:
    """Return the target of a redirecting link of Google or Bing, if the link contains the target's URL.

    All other links are returned unchanged.
    """
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

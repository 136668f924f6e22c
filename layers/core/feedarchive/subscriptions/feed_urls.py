"""Feed URLs as people write them, and which of them mean the same feed. Pure."""

from __future__ import annotations

import re

from feedarchive.identity.canonical_url import canonical_url
from feedarchive.text import shorten
from feedarchive.url_secrets import public_url
from feedarchive.urls import host_of, is_ip_address

# Schemes that browsers and podcast programs use for "open this in a feed reader".
_READER_SCHEME = re.compile(r"^(?:feed|rss|itpc|pcast|podcast):(?://)?", re.IGNORECASE)
_HTTP = re.compile(r"^https?://", re.IGNORECASE)
# Matches "mailto:someone", which has another scheme, but not "localhost:8080", which is a host and a port.
_OTHER_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\\]")
_MAX_QUOTED = 200


class InvalidUrl(ValueError):
    """A text is not the URL of a web page or feed. The message is one line."""


def urls_to_try(written: str) -> tuple[str, ...]:
    """The http(s) URLs that a text may mean, the most likely first.

    A URL without scheme, or with ``feed://``, may be https or http. Raises InvalidUrl.
    """
    text = _READER_SCHEME.sub("", written.strip().removeprefix("<").removesuffix(">").strip())
    # Feedly and Google Reader put this before a feed's URL.
    text = text.removeprefix("feed/") if text.startswith("feed/http") else text
    if _HTTP.match(text):
        candidates: tuple[str, ...] = (text,)
    elif match := _OTHER_SCHEME.match(text):
        raise InvalidUrl(f"{_quoted(written)}: {match.group(1)[:20]} is not supported, only http and https are")
    else:
        candidates = (f"https://{text}", f"http://{text}")
    host = host_of(candidates[0])
    # A text without http(s) and with "@" is an email address, such as "newsletter:123:someone@example.org" of NewsBlur.
    is_plausible = _HTTP.match(text) or (_is_plausible(host) and "@" not in text.partition("/")[0])
    if _NOT_IN_URLS.search(text) or not host or not is_plausible:
        raise InvalidUrl(
            f"{_quoted(written)} is not a URL: expected one such as example.org or https://example.org/feed"
        )
    return candidates


def feed_url(written: str) -> str:
    """The http(s) URL that another program means by what it wrote as a feed's URL. Raises InvalidUrl."""
    urls = urls_to_try(written)
    return urls[-1] if _READER_SCHEME.match(written.strip()) else urls[0]  # feed:// has always meant http://


def spelling_key(url: str) -> str:
    """A key that is the same for all spellings of a URL.

    It ignores the scheme, ``www.``, upper and lower case, a slash at the end, and tracking parameters.
    """
    return canonical_url(url.partition("#")[0])


def _is_plausible(host: str) -> bool:
    return "." in host or host == "localhost" or is_ip_address(host)


def _quoted(written: str) -> str:
    return repr(shorten(public_url(written.strip()), _MAX_QUOTED))

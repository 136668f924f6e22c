"""Why a page or a file of an article could not be fetched. Archived files contain the values: never change one."""

from __future__ import annotations

from feedarchive.kinds import Kind


class FetchProblem(Kind):
    """Why a request gave no usable response."""

    ROBOTS = (
        "robots",
        "the site's robots.txt forbids this program to fetch it",
        "ask the publisher to allow Feedarchive",
    )
    ROBOTS_UNAVAILABLE = (
        "robots-unavailable",
        "the site's robots.txt cannot be fetched, so nothing else of the site is requested for now",
        "it is retried automatically",
    )
    LOGIN = "login", "a login is required", "add a login for the feed's own site in feeds.toml, under headers"
    PAYWALL = "paywall", "only subscribers of the site can read it", "add a login for the feed's own site in feeds.toml"
    FORBIDDEN = "forbidden", "HTTP 403 or 406: the server refuses access", "the server may block programs"
    CHALLENGE = "challenge", "a challenge page, which only a browser can pass", "the server admits only browsers"
    RATE_LIMITED = "too-often", "the server asks to send fewer requests", "it is retried automatically"
    GONE = (
        "gone",
        "HTTP 404 or 410, or a redirect to the site's front page: it is no longer there",
        "the publisher removed it",
    )
    SERVER_ERROR = "server-error", "HTTP 5xx: the server failed", "it is retried automatically"
    HTTP = "http", "any other HTTP status", "open the URL in a browser"
    REDIRECTS = (
        "redirects",
        "a redirect loop, too many redirects, or a redirect to an invalid URL",
        "open the URL in a browser",
    )
    PRIVATE_ADDRESS = (
        "private-address",
        "the host has no public IP address, or the URL is invalid",
        "for a home network, set allow_private_addresses = true under [fetch] in feeds.toml",
    )
    DNS = "dns", "the host name does not exist or cannot be looked up", "the site may be gone"
    CONNECTION = "connection", "no connection, or it broke", "it is retried automatically"
    TLS = "tls", "no TLS connection to the host", "the publisher can fix this"
    TOO_SLOW = "too-slow", "the server took too long", "it is retried automatically"
    TOO_LARGE = "too-large", "it is larger than the limit"
    EMPTY = "empty", "the server sent nothing", "it is retried automatically"
    SECRET = "secret", "a secret that feeds.toml refers to, or the proxy needs, is missing", "provide the secret"
    MASKED = "masked", "its URL has a secret, which is not stored", "open the article in a browser"
    OUT_OF_TIME = "out-of-time", "the time for this run is over", "the next run continues"

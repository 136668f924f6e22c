"""The reasons why a page or a file of an article could not be fetched."""

from __future__ import annotations

from feedarchive.kinds import Kind


class FetchProblem(Kind):
    """Why a request gave no usable response. Never change a value such as "robots": archived files contain it."""

    ROBOTS = (
        "robots",
        "the site's robots.txt does not allow Feedarchive to fetch the URL",
        "ask the publisher to allow Feedarchive",
    )
    ROBOTS_UNAVAILABLE = (
        "robots-unavailable",
        "the site's robots.txt cannot be fetched, so nothing else of the site is requested for now",
        "it is retried automatically",
    )
    LOGIN = (
        "login",
        "HTTP 401: a login is required",
        "if the URL is on the feed's own host, add your login to the feed in feeds.toml, under headers",
    )
    PAYWALL = (
        "paywall",
        "HTTP 402: payment is required",
        "if you pay, and the URL is on the feed's own host, add your login to the feed in feeds.toml, under headers",
    )
    FORBIDDEN = "forbidden", "HTTP 403 or 406: the server refuses access", "the server may block programs"
    CHALLENGE = "challenge", "a challenge page, which only a browser can pass", "the server admits only browsers"
    RATE_LIMITED = "too-often", "the server asks to send fewer requests", "it is retried automatically"
    GONE = (
        "gone",
        "HTTP 404 or 410, or a redirect to the site's front page: the page or file no longer exists",
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
    TOO_LARGE = "too-large", "the page or file is larger than the limit"
    EMPTY = "empty", "the server sent nothing", "it is retried automatically"
    SECRET = (
        "secret",
        "a secret that feeds.toml refers to is missing",
        "set the environment variable or SSM parameter that feeds.toml names",
    )
    MASKED = "masked", "the archived URL has *** in place of a secret", "open the article in a browser"
    OUT_OF_TIME = "out-of-time", "the time for this run is over", "the next run continues"

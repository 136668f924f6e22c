"""The kinds of problems in reports, ``status.json`` and logs: what each means, and what the user can do about it.

The tables in docs/archive-format.md are generated from these enums. The values are part of the format of reports and of
state files: never change one.
"""

from __future__ import annotations

from feedarchive.kinds import Kind

_POLLED_AGAIN = "the feed is polled again automatically"


class FeedError(Kind):
    """Why a feed could not be polled. ``feedarchive status`` shows the ``advice`` for a failing feed."""

    DNS = "dns", "the host name does not exist or cannot be looked up", "check the URL: the site may be gone"
    UNREACHABLE = "unreachable", "no connection to the host", "check the URL: the server may be down"
    TIMEOUT = "timeout", "the server took too long", f"the server is slow or down; {_POLLED_AGAIN}"
    CONNECTION = "connection", "the connection broke, or the response is not HTTP", _POLLED_AGAIN
    TLS = (
        "tls",
        "no TLS connection to the host",
        "check the URL, or tell the publisher; for a certificate of your own network, set ca in feeds.toml",
    )
    PROXY = "proxy", "no connection to the proxy", "check that the proxy under [fetch] in feeds.toml is running"
    SECRET = (
        "secret",
        "the feed's URL or headers refer to a missing secret",
        "provide the secret that feeds.toml refers to",
    )
    PRIVATE_ADDRESS = (
        "refused",
        "the host has no public IP address, or the URL is invalid",
        "check the URL; for a home network, set allow_private_addresses = true under [fetch] in feeds.toml",
    )
    REDIRECTS = (
        "redirects",
        "a redirect loop, too many redirects, or a redirect to a URL that is not http(s)",
        "check the URL in a browser",
    )
    LOGIN = (
        "login",
        "HTTP 401: a login is missing or was rejected",
        "add or correct the login in feeds.toml, in the URL or under headers",
    )
    FORBIDDEN = (
        "forbidden",
        "HTTP 403: the server refuses access",
        "the server may block data centers or programs: ask the publisher, or send other headers",
    )
    CHALLENGE = (
        "challenge",
        "a challenge page, which only a browser can pass",
        "the server admits only browsers: ask the publisher to admit feed readers",
    )
    NOT_FOUND = "not-found", "HTTP 404: there is no such page", "look for the feed's new URL on the site"
    GONE = (
        "gone",
        "HTTP 410: the feed is gone for good, so it is polled only once a month",
        "remove the feed from feeds.toml (its articles stay), set a new url, or poll now with feedarchive fetch --all",
    )
    RATE_LIMITED = (
        "too-often",
        "HTTP 429: the host limits how often it is polled",
        "set a longer interval in feeds.toml",
    )
    SERVER_ERROR = "server-error", "HTTP 5xx: the server failed", _POLLED_AGAIN
    HTTP = "http", "any other HTTP status", _POLLED_AGAIN
    EMPTY = "empty", "the response has no document, or an empty one", _POLLED_AGAIN
    TOO_LARGE = "too-large", "the document is larger than 10 MiB", "look for a smaller feed on the site"
    NOT_A_FEED = (
        "not-a-feed",
        "the document is not a feed",
        "open the URL in a browser: the feed may have moved, or require a login",
    )
    TOO_HARD = "too-hard", "parsing the document takes too much time or memory", _POLLED_AGAIN
    BUG = "bug", "this program failed because of a bug", "please report it"
    DEFERRED = "deferred", "not polled, because its host is rate limiting us", "the feed is polled when the limit ends"


class FeedWarning(Kind):
    """What may be wrong with a feed that was polled."""

    DAMAGED = "damaged", "the document had to be repaired"
    GAP = (
        "gap",
        "the document has none of the entries of the previous poll: entries published in between may have been missed",
    )
    SAME_FEED = "same-feed", "the feed has moved to the URL of another feed, so only the other feed is polled"
    NOISY = (
        "noisy",
        "words or numbers in most entries change at every poll: these changes are not archived as revisions",
    )
    HELD_BACK = "held-back", "an article was edited; the edit is not archived now, but a later poll may archive it"
    OUT_OF_TIME = "out-of-time", "the run reached its time limit: the next run archives the rest"


class EntryRejection(Kind):
    """Why an entry was not archived."""

    CUT_OFF = "cut-off", "the document ends inside the entry or right after it, so the entry may be incomplete"
    EMPTY = "empty", "the entry has no title, link, GUID or text"
    DROPPED = "dropped", "your rules in feeds.toml exclude the entry"
    SECOND_WORDING = "second-wording", "the document contains the same article twice, with different wordings"
    TOO_MANY = "too-many", "the entry comes after the first 5,000 entries of the document"
    TOO_HARD = "too-hard", "converting the entry takes too much time or memory"
    TOO_SLOW = "too-slow", "converting the document takes too much time: the next poll continues with it"
    BUG = "bug", "this program failed because of a bug: please report it"


ProblemKind = FeedError | FeedWarning | EntryRejection

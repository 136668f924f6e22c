"""Every kind of problem that reports, ``status.json`` and logs name: what it means, and what a person can do about it.

The tables of docs/archive-format.md are generated from these enums. The values are part of the format: reports and
state files hold them.
"""

from __future__ import annotations

from enum import StrEnum


class _Kind(StrEnum):
    meaning: str
    advice: str

    def __new__(cls, value: str, meaning: str, advice: str = "") -> _Kind:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning, member.advice = meaning, advice
        return member


class FeedError(_Kind):
    """Why a feed could not be polled. ``advice`` completes what ``feedarchive status`` says of a failing feed."""

    DNS = "dns", "the host name does not exist or cannot be looked up", "check the URL; the site may be gone"
    UNREACHABLE = "unreachable", "nothing accepts connections there", "check the URL; the server may be down"
    TIMEOUT = "timeout", "the server took too long", "the server is slow or down; it is retried automatically"
    CONNECTION = "connection", "the connection broke, or what was sent is not HTTP", "it is retried automatically"
    TLS = (
        "tls",
        "no secure connection could be made",
        "check the URL; if it is right, only the publisher can fix this",
    )
    PROXY = "proxy", "the proxy of feeds.toml is down", "check that the proxy under [fetch] in feeds.toml is running"
    SECRET = (
        "secret",
        "a secret that the feed's headers refer to is missing",
        "provide the secret that the feed's headers in feeds.toml refer to",
    )
    PRIVATE_ADDRESS = "refused", "the address is not public, or not an address", "check the URL in feeds.toml"
    REDIRECTS = (
        "redirects",
        "a redirect loop, too many redirects, or one to something other than http(s)",
        "check the URL in a browser",
    )
    LOGIN = "login", "HTTP 401", "add the login to feeds.toml, in the URL or under headers, or correct it"
    FORBIDDEN = (
        "forbidden",
        "HTTP 403",
        "the server may block data centers or programs: ask the publisher, or send other headers",
    )
    CHALLENGE = (
        "challenge",
        "a page that only a browser can pass",
        "the server admits only browsers: ask the publisher to let feed readers pass",
    )
    NOT_FOUND = "not-found", "HTTP 404", "the feed may have moved: look for its new URL on the site"
    GONE = (
        "gone",
        "HTTP 410: the feed is gone for good and no longer polled",
        "remove it from feeds.toml (archived articles stay) or give it a new url; feedarchive fetch --all retries once",
    )
    RATE_LIMITED = (
        "too-often",
        "HTTP 429: the host limits how often it is polled",
        "set a longer interval in feeds.toml",
    )
    SERVER_ERROR = "server-error", "HTTP 5xx", "the server has trouble; it is retried automatically"
    HTTP = "http", "any other HTTP status", "it is retried automatically"
    EMPTY = "empty", "the document is empty", "the server has trouble; it is retried automatically"
    TOO_LARGE = "too-large", "the document is larger than 10 MiB", "the site may offer a smaller feed"
    NOT_A_FEED = (
        "not-a-feed",
        "the document is not a feed",
        "open the URL in a browser: the feed may have moved, or need a login",
    )
    TOO_HARD = "too-hard", "the document takes too much time or memory to parse", "it is retried automatically"
    BUG = "bug", "this program failed on the feed", "please report it"
    DEFERRED = "deferred", "not polled: its host is rate limiting us"


class FeedWarning(_Kind):
    """What may be wrong with a feed that was read."""

    DAMAGED = "damaged", "the document had to be repaired"
    GAP = "gap", "no entry of the last poll is left: entries may have come and gone unseen"
    NOISY = "noisy", "most entries change at every poll: revisions are not kept"
    HELD_BACK = "held-back", "a revision that is not kept, or not yet"
    OUT_OF_TIME = "out-of-time", "the run had to stop: the next run continues there"


class EntryRejection(_Kind):
    """Why an entry was not archived."""

    CUT_OFF = "cut-off", "the document ends inside it or right after it, so it may be incomplete"
    EMPTY = "empty", "it has neither title, link, GUID nor text"
    DROPPED = "dropped", "your rules in feeds.toml exclude it"
    SECOND_WORDING = "second-wording", "the document has the same article twice, in different words"
    TOO_MANY = "too-many", "it is beyond the first 5,000 entries of the document"
    TOO_HARD = "too-hard", "it takes too much time or memory to convert"
    TOO_SLOW = "too-slow", "the document as a whole takes too much time: the next poll continues with it"
    BUG = "bug", "this program failed on it: please report it"


ProblemKind = FeedError | FeedWarning | EntryRejection

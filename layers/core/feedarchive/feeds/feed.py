"""A subscription: the feed's URL, its options, and the rules that keep or drop entries."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from feedarchive.url_secrets import MASK, has_secrets, public_url
from feedarchive.urls import without_credentials

DEFAULT_INTERVAL = timedelta(minutes=30)
DEFAULT_TIMEOUT = timedelta(seconds=30)
MAX_TIMEOUT = timedelta(seconds=120)
DEFAULT_LARGEST_ENCLOSURE = 100 * 10**6
"""In bytes. An hour of speech has about 60 MB."""
_MAX_READABLE_CHARS = 60


class FullText(StrEnum):
    """For which articles the text of the web page is archived too. ``SHORT``: for entries with few words."""

    OFF = "off"
    ALWAYS = "always"
    SHORT = "short"


@dataclass(frozen=True)
class Rule:
    """A regular expression on one field of an entry: title, link, author, tags or text."""

    field: str
    pattern: re.Pattern[str]

    def __str__(self) -> str:
        return f"{self.field} = {self.pattern.pattern!r}"


@dataclass(frozen=True, slots=True)  # slots save memory: an archive may have 20,000 feeds
class Feed:
    """One subscription.

    ``url``: may contain secrets. Show, log and store ``public_url`` instead.
    ``id``: must stay the same when ``url`` changes, because the ids of some articles are made from it.
    ``headers``: HTTP headers of requests, sent only to the scheme, host and port of ``url``. In their values,
    ``env:NAME`` and ``ssm:/name`` are replaced by secrets.
    ``user_agent``: sent as User-Agent; "" for the User-Agent of this program.
    ``ignore_validators``: True to make no conditional GET.
    ``timeout``: the time limit of a whole fetch; None for the default.
    ``fixed_interval``: True if feeds.toml has an interval for the feed. This interval is never adapted.
    ``home_page``: the URL of the site, for OPML only. It is never polled.
    ``has_references``: whether ``{env:NAME}`` and ``{ssm:name}`` in ``url`` are replaced by secrets in requests. Never
    True for the URL of a redirect, because the server that wrote it must not receive secrets.
    ``former_id``: the id of the feed in release 0.1.0; "" if it is the same as ``id``.
    ``slug_tags``: whether tags are written as single words: "New York" -> "new-york".
    ``ca``: a file with certificates to trust for the feed's host.
    ``full_text``: for which articles the text of the page is fetched.
    ``images``, ``enclosures``: whether the pictures and enclosures of articles are fetched.
    ``largest_enclosure``: in bytes. Larger enclosures are not fetched.
    ``keep_documents``: whether the feed's documents are archived as the server sent them.
    """

    url: str = field(repr=False)
    id: str
    title: str = ""
    tags: tuple[str, ...] = ()
    interval: timedelta = DEFAULT_INTERVAL
    site: str = ""
    html_body: bool = False
    revisions: bool = True
    keep: tuple[Rule, ...] = ()
    drop: tuple[Rule, ...] = ()
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    user_agent: str = ""
    ignore_validators: bool = False
    timeout: timedelta | None = None
    fixed_interval: bool = False
    home_page: str = ""
    has_references: bool = False
    former_id: str = field(default="", repr=False)
    slug_tags: bool = False
    ca: str = ""
    full_text: FullText = FullText.OFF
    images: bool = False
    enclosures: bool = False
    largest_enclosure: int = DEFAULT_LARGEST_ENCLOSURE
    keep_documents: bool = False

    @property
    def public_url(self) -> str:
        """The URL without its secrets."""
        return public_url(self.url)

    @property
    def has_secrets(self) -> bool:
        """Whether the feed has secrets, which may be sent only to the subscribed URL."""
        return bool(self.headers) or has_secrets(self.url)

    @property
    def fetches_more(self) -> bool:
        """Whether pages, pictures or enclosures are fetched after an article was archived."""
        return self.full_text is not FullText.OFF or self.images or self.enclosures

    @property
    def is_incomplete(self) -> bool:
        """Whether secrets of the feed are masked, as in a copy of feeds.toml. Such a feed cannot be polled."""
        return MASK in self.url or MASK in self.headers.values()

    def for_parser(self) -> Feed:
        """Return a copy without login and headers, for parser processes. These processes read untrusted documents."""
        return replace(self, url=without_credentials(self.url), headers={})

    @property
    def own_interval(self) -> timedelta | None:
        """The interval that feeds.toml sets for this feed; None if it sets none."""
        return self.interval if self.fixed_interval or self.interval != DEFAULT_INTERVAL else None

    @property
    def rules_hash(self) -> str:
        """A hash of the ``keep`` and ``drop`` rules; "" if there are no rules."""
        rules = "\n".join([*(f"keep {rule}" for rule in self.keep), *(f"drop {rule}" for rule in self.drop)])
        return hashlib.sha256(rules.encode()).hexdigest()[:16] if rules else ""

    def reason_to_drop(self, fields: dict[str, str]) -> str:
        """Return why the user's rules exclude an entry; "" if they keep it.

        An entry is excluded if a ``drop`` rule matches, or if there are ``keep`` rules and none of them matches.

        ``fields``: the texts of the entry by field name.
        """
        for rule in self.drop:
            if rule.pattern.search(fields[rule.field]):
                return f"drop: {rule}"
        if self.keep and not any(rule.pattern.search(fields[rule.field]) for rule in self.keep):
            return "no keep rule matches"
        return ""


def comparable_url(url: str) -> str:
    """Return a URL without scheme, fragment and final slash. URLs that differ only in these mean the same feed."""
    return url.partition("://")[2].partition("#")[0].rstrip("/")


def default_id(url: str) -> str:
    """Return the id of a feed that has no ``id`` in feeds.toml: words of its URL, and a hash that makes it unique.

    Secrets are removed from the URL first, so that the id does not reveal a password or change with it.
    """
    return _id_of(public_url(url))


def former_default_id(url: str) -> str:
    """Return the default id of release 0.1.0. Never show this id, because it may contain secrets."""
    return _id_of(without_credentials(url))


def _id_of(url: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^\w+://(www\.)?", "", url.lower())).strip("-")
    # A URL in another alphabet may have no letters from a to z: then the id starts with "feed".
    readable = words[:_MAX_READABLE_CHARS].strip("-") or "feed"
    return f"{readable}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"

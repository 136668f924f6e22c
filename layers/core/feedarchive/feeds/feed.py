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
"""Bytes. An hour of spoken audio has about 60 MB, an hour of video ten times as much."""
_MAX_ID = 60  # characters, without the hash


class FullText(StrEnum):
    """For which articles of a feed the text of their pages is kept, too. ``SHORT``: only for entries of few words."""

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


@dataclass(frozen=True, slots=True)  # slots, since an archive may have 20,000 feeds
class Feed:
    """One subscription.

    ``url``: may contain secrets. Show, log and store ``public_url`` instead.
    ``id``: must stay the same when ``url`` changes, because the identity of some articles depends on it.
    ``headers``: are sent only to the origin of ``url``, with ``env:NAME`` and ``ssm:/name`` replaced by secrets.
    ``user_agent``: replaces the one of this program.
    ``ignore_validators``: turns conditional GET off.
    ``timeout``: limits a whole fetch; None for the default.
    ``fixed_interval``: the user wrote the interval, so nothing adapts it.
    ``home_page``: the URL of the site, for OPML only. It is never polled.
    ``has_references``: in requests, the references in ``url`` (url_secrets.py) are replaced by secrets. Only the user's
    own feeds file may set this: in a URL from elsewhere, a reference would send a secret to a stranger.
    ``former_id``: the id that release 0.1.0 would have made from a URL with secrets; "" if it is the same as ``id``.
    ``slug_tags``: the tags of the articles are written as single words.
    ``ca``: a file with certificates to trust for the feed's host.
    ``full_text``: for which articles the text of the page is fetched.
    ``images``, ``enclosures``: whether the pictures and enclosures of articles are fetched.
    ``largest_enclosure``: larger enclosures are not fetched. In bytes.
    ``keep_documents``: the feed's documents are kept as they were served.
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
        """Does the feed have secrets, which may be sent to the subscribed URL only?"""
        return bool(self.headers) or has_secrets(self.url)

    @property
    def fetches_more(self) -> bool:
        """Are pages, pictures or enclosures fetched after an article was archived?"""
        return self.full_text is not FullText.OFF or self.images or self.enclosures

    @property
    def is_incomplete(self) -> bool:
        """Is this a copy in which secrets are masked?"""
        return MASK in self.url or MASK in self.headers.values()

    def for_parser(self) -> Feed:
        """A copy for parser processes.

        They work on hostile documents, so it lacks the secrets, which only requests need.
        """
        return replace(self, url=without_credentials(self.url), headers={})

    @property
    def own_interval(self) -> timedelta | None:
        """The interval that the user wrote; None if the user wrote none."""
        return self.interval if self.fixed_interval or self.interval != DEFAULT_INTERVAL else None

    @property
    def rules_hash(self) -> str:
        """A hash that changes with the rules; "" without any."""
        rules = "\n".join([*(f"keep {rule}" for rule in self.keep), *(f"drop {rule}" for rule in self.drop)])
        return hashlib.sha256(rules.encode()).hexdigest()[:16] if rules else ""

    def reason_to_drop(self, fields: dict[str, str]) -> str:
        """Why the user's rules exclude an entry; "" if they do not.

        ``fields`` are the entry's texts by field name. An entry is kept if no ``drop`` rule matches and, if there are
        ``keep`` rules, at least one of them matches.
        """
        for rule in self.drop:
            if rule.pattern.search(fields[rule.field]):
                return f"drop: {rule}"
        if self.keep and not any(rule.pattern.search(fields[rule.field]) for rule in self.keep):
            return "no keep rule matches"
        return ""


def comparable_url(url: str) -> str:
    """A URL in the form in which two subscriptions must differ: without scheme, fragment and slash at the end."""
    return url.partition("://")[2].partition("#")[0].rstrip("/")


def default_id(url: str) -> str:
    """The id of a feed without one in feeds.toml: readable, and unique by a hash of the URL.

    Secrets are removed first: ids are shown in reports, and a new password or token must not make a new feed.
    """
    return _id_of(public_url(url))


def former_default_id(url: str) -> str:
    """The default id of release 0.1.0, which removed only the login. It may contain secrets: never show it."""
    return _id_of(without_credentials(url))


def _id_of(url: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^\w+://(www\.)?", "", url.lower())).strip("-")
    # Nothing readable is left of a URL entirely in another alphabet.
    readable = words[:_MAX_ID].strip("-") or "feed"
    return f"{readable}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"

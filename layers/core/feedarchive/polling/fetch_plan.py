"""Plan the requests of one fetch: the first URL, the headers for each URL, and the secrets that must be masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from requests.structures import CaseInsensitiveDict

from feedarchive.feeds.feed import Feed
from feedarchive.polling.custom_headers import custom_headers, is_same_origin
from feedarchive.polling.secret_values import MissingSecret, Secrets
from feedarchive.polling.transport_errors import Timeouts
from feedarchive.polling.validators import Validators
from feedarchive.url_secrets import MASK, hide_secrets, public_url, secret_parts
from feedarchive.urls import without_credentials

MASKED_SECRET = f"feeds.toml has {MASK} instead of a secret: replace it with the secret, env:NAME or ssm:/name"
# Header values that are shorter than this are not masked, because they may be ordinary words.
_MIN_SECRET_CHARS = 6


@dataclass(frozen=True)
class FetchPlan:
    """The URLs, headers and time limits of a fetch.

    - ``start``: the first URL to request, with its secrets.
    - ``own``: the headers that are sent to every URL.
    - ``custom``: the headers that are sent only to the origin of the feed's URL. Their values may be secrets.
    - ``conditional``: the headers of a conditional GET. They are sent only to ``validators_url``.
    - ``validators_url``: the URL that sent the validators, without its secrets.
    - ``secrets``: the parts of ``start`` that are secret.
    """

    feed: Feed
    start: str = field(repr=False)
    own: Mapping[str, str]
    custom: Mapping[str, str] = field(repr=False)
    conditional: Mapping[str, bytes]
    validators_url: str
    timeouts: Timeouts
    secrets: tuple[str, ...] = field(repr=False)

    def headers(self, url: str) -> CaseInsensitiveDict[str | bytes]:
        """Return the headers of a request to ``url``. Call this for each redirect: its target may get fewer headers."""
        headers: CaseInsensitiveDict[str | bytes] = CaseInsensitiveDict(self.own)
        if self.shown(url) == self.validators_url:
            headers.update(self.conditional)
        if is_same_origin(self.feed.url, url):
            headers.update(self.custom)
        return headers

    def shown(self, url: str) -> str:
        """Hide the secrets of a requested URL, so that it may be shown and stored."""
        return hide_secrets(public_url(url), self.secrets)

    def without_secrets(self, message: str) -> str:
        """Mask the secrets in a message. A server may repeat them in a text that the message quotes."""
        for value in self.custom.values():
            for secret in secrets_in(value):
                message = message.replace(secret, MASK)
        return hide_secrets(message, self.secrets)


def secrets_in(header_value: str) -> list[str]:
    """Return the texts to mask: the value of a header, and its last word, such as "abc123" for "Bearer abc123"."""
    return [text for text in (header_value, header_value.rpartition(" ")[2]) if len(text) >= _MIN_SECRET_CHARS]


def plan_fetch(feed: Feed, at: str, validators: Validators, secrets: Secrets, timeouts: Timeouts) -> FetchPlan:
    """Plan a fetch of a feed. Raises MissingSecret if a secret that feeds.toml refers to is missing.

    ``at``: the URL to which the feed has moved; "" if it has not moved.
    """
    if feed.is_incomplete:
        raise MissingSecret(MASKED_SECRET)
    template = without_credentials(at or feed.url)
    # Resolve references only in the URL from feeds.toml. The URL to which a feed has moved was chosen by a server. The
    # server could put references into this URL to get secrets.
    has_references = feed.has_references and at in ("", feed.url)
    start = secrets.resolve_url(template) if has_references else template
    if feed.timeout:
        timeouts = replace(timeouts, total=feed.timeout.total_seconds(), read=feed.timeout.total_seconds())
    hidden = secret_parts(template if has_references else "", start)
    return FetchPlan(
        feed=feed,
        start=start,
        own={"User-Agent": feed.user_agent} if feed.user_agent else {},
        custom=custom_headers(feed, secrets),
        conditional={} if feed.ignore_validators else validators.headers(),
        validators_url=validators.url or hide_secrets(public_url(start), hidden),
        timeouts=timeouts,
        secrets=hidden,
    )

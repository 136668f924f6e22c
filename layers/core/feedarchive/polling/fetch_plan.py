"""Plan the requests of one fetch: the first URL, the headers that each URL may receive, and the secrets to mask."""

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

MASKED_SECRET = f"a secret is missing, {MASK} stands for it: write it in feeds.toml, or env:NAME or ssm:/name there"
_MIN_HIDDEN = 6  # characters; a shorter value of a header is not masked: it may be an ordinary word of a message


@dataclass(frozen=True)
class FetchPlan:
    """The URLs, headers and time limits of a fetch.

    - ``start``: the first URL to request, with its secrets.
    - ``own``: headers for every URL.
    - ``custom``: headers for the feed's origin only. Their values may be secrets.
    - ``conditional``: the headers of a conditional GET, for ``validators_url`` only.
    - ``validators_url``: a URL in its public form.
    - ``secrets``: the parts of ``start`` that must not be shown.
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
        """The headers for one URL. Call this for each redirect, because its target may not receive all headers."""
        headers: CaseInsensitiveDict[str | bytes] = CaseInsensitiveDict(self.own)
        if self.shown(url) == self.validators_url:
            headers.update(self.conditional)
        if is_same_origin(self.feed.url, url):
            headers.update(self.custom)
        return headers

    def shown(self, url: str) -> str:
        """The form of a requested URL that may be shown and stored."""
        return hide_secrets(public_url(url), self.secrets)

    def without_secrets(self, message: str) -> str:
        """Mask the secrets in a message. It may quote a response in which the server repeats what it received."""
        for value in self.custom.values():
            for secret in (value, value.rpartition(" ")[2]):  # the value, and the token after "Bearer"
                if len(secret) >= _MIN_HIDDEN:
                    message = message.replace(secret, MASK)
        return hide_secrets(message, self.secrets)


def plan_fetch(feed: Feed, at: str, validators: Validators, secrets: Secrets, timeouts: Timeouts) -> FetchPlan:
    """Plan a fetch of a feed. ``at`` is the URL that the feed has moved to, "" if it has not. Raises MissingSecret."""
    if feed.is_incomplete:
        raise MissingSecret(MASKED_SECRET)
    template = without_credentials(at or feed.url)
    # A server chose the URL that a feed has moved to, so a reference to a secret in that URL must not be resolved.
    is_own_url = feed.has_references and at in ("", feed.url)
    start = secrets.resolve_url(template) if is_own_url else template
    if feed.timeout:
        timeouts = replace(timeouts, total=feed.timeout.total_seconds(), read=feed.timeout.total_seconds())
    hidden = secret_parts(template if is_own_url else "", start)
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

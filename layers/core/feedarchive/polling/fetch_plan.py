"""Plan the requests of one fetch: where it starts, which headers each URL may receive, and what must not be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from requests.structures import CaseInsensitiveDict

from feedarchive.feeds.feed import Feed
from feedarchive.polling.custom_headers import custom_headers, is_same_origin
from feedarchive.polling.secret_values import MissingSecret, Secrets
from feedarchive.polling.transport_errors import Timeouts
from feedarchive.url_secrets import MASK, hide_secrets, public_url, secret_parts
from feedarchive.urls import without_credentials

_MAX_VALIDATOR = 2000  # characters; a longer one would cost more than it saves
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")
MASKED_SECRET = f"a secret is missing, {MASK} stands for it: write it in feeds.toml, or env:NAME or ssm:/name there"
_MIN_HIDDEN = 6  # characters; a shorter value of a header may be a word of a message


@dataclass(frozen=True)
class FetchPlan:
    """The headers and time limits of a fetch, and ``start``, the first URL, with the secrets that it needs.

    ``custom`` headers may be secrets; ``conditional`` are for one URL, ``validators_url``, in its public form.
    ``secrets`` are the parts of ``start`` that must not be shown.
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
        """The headers for one URL. Called for each redirect, since not all headers may be sent to all targets."""
        headers: CaseInsensitiveDict[str | bytes] = CaseInsensitiveDict(self.own)
        if self.shown(url) == self.validators_url:
            headers.update(self.conditional)
        if is_same_origin(self.feed.url, url):
            headers.update(self.custom)
        return headers

    def shown(self, url: str) -> str:
        """A requested URL as it may be shown and stored."""
        return hide_secrets(public_url(url), self.secrets)

    def without_secrets(self, message: str) -> str:
        """A message that may quote what the server sent, which may repeat what it received."""
        for value in self.custom.values():
            for secret in (value, value.rpartition(" ")[2]):  # the second is the token after "Bearer"
                if len(secret) >= _MIN_HIDDEN:
                    message = message.replace(secret, MASK)
        return hide_secrets(message, self.secrets)


@dataclass(frozen=True)
class Validators:
    """The ETag and Last-Modified of the last document. They are sent only to ``url``; "" means the plan's first URL."""

    etag: str = ""
    last_modified: str = ""
    url: str = ""


def plan_fetch(feed: Feed, at: str, validators: Validators, secrets: Secrets, timeouts: Timeouts) -> FetchPlan:
    """Plan a fetch of a feed at the URL that it has moved to ("" if it has not). Raises MissingSecret."""
    if feed.is_incomplete:
        raise MissingSecret(MASKED_SECRET)
    template = without_credentials(at or feed.url)
    # A URL that the feed has moved to was chosen by a server: a reference in it must not be resolved.
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
        conditional={} if feed.ignore_validators else _conditional(validators.etag, validators.last_modified),
        validators_url=validators.url or hide_secrets(public_url(start), hidden),
        timeouts=timeouts,
        secrets=hidden,
    )


def sendable(validator: str) -> str:
    """A validator as it was received; "" for one that is too long or that HTTP does not allow to send back."""
    return "" if len(validator) > _MAX_VALIDATOR or _UNSENDABLE.search(validator) else validator.rstrip(" \t")


def _conditional(etag: str, last_modified: str) -> dict[str, bytes]:
    """The headers of a conditional GET. As bytes, because requests rejects some valid values as text."""
    validators = {"If-None-Match": sendable(etag), "If-Modified-Since": sendable(last_modified)}
    return {name: value.encode("latin-1") for name, value in validators.items() if value}

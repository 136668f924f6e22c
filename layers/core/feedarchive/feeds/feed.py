"""A feed as its user wants it polled, and the rules by which entries are kept or dropped."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import timedelta

from feedarchive.urls import without_credentials

DEFAULT_INTERVAL = timedelta(minutes=30)
_MAX_ID = 60


@dataclass(frozen=True)
class Rule:
    """A regular expression on one field of an entry: title, link, author, tags or text."""

    field: str
    pattern: re.Pattern[str]

    def __str__(self) -> str:
        return f"{self.field} = {self.pattern.pattern!r}"


@dataclass(frozen=True, slots=True)  # there may be 20,000 of them
class Feed:
    """One subscription. ``id`` stays when ``url`` moves: it is part of some articles' identity.

    ``headers`` are sent to the origin of ``url`` only, a value ``env:NAME`` or ``ssm:/name`` filled in;
    ``user_agent`` stands in place of ours; ``ignore_validators`` asks for the whole document each time.
    ``home_page`` is the site's URL for people and for OPML; nothing is polled or identified by it.
    """

    url: str
    id: str
    title: str = ""
    tags: tuple[str, ...] = ()
    interval: timedelta = DEFAULT_INTERVAL
    site: str = ""
    html_body: bool = False
    revisions: bool = True
    keep: tuple[Rule, ...] = ()
    drop: tuple[Rule, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    user_agent: str = ""
    ignore_validators: bool = False
    home_page: str = ""

    @property
    def rules(self) -> str:
        """What tells these rules from others; "" where there are none."""
        written = "\n".join([*(f"keep {rule}" for rule in self.keep), *(f"drop {rule}" for rule in self.drop)])
        return hashlib.sha256(written.encode()).hexdigest()[:16] if written else ""

    def reason_to_drop(self, fields: dict[str, str]) -> str:
        """Why the user's rules keep an entry out, "" if they let it in.

        ``fields`` are the entry's texts by field name. An entry stays if no ``drop`` rule matches
        and, where there are ``keep`` rules, one of them does.
        """
        for rule in self.drop:
            if rule.pattern.search(fields[rule.field]):
                return f"drop: {rule}"
        if self.keep and not any(rule.pattern.search(fields[rule.field]) for rule in self.keep):
            return "no keep rule matches"
        return ""


def default_id(url: str) -> str:
    """A feed's id made of its URL as first written: readable, and unlike any other URL's.

    Without user name and password: ids are shown everywhere, and a new password makes no new feed.
    """
    address = without_credentials(url)
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"^\w+://(www\.)?", "", address.lower())).strip("-")
    # An address in another alphabet leaves no word; an id starts with a letter or digit all the same.
    readable = words[:_MAX_ID].strip("-") or "feed"
    return f"{readable}-{hashlib.sha256(address.encode()).hexdigest()[:8]}"

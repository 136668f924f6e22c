"""Which article an entry is, as far as its document tells. Identity version 1, pure.

The rules and their reasons are in docs/archive-format.md, "Identity".
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedarchive.document.model import Entry
from feedarchive.identity import IDENTITY_VERSION
from feedarchive.identity.canonical_url import canonical_guid, canonical_url, clean_url
from feedarchive.identity.fingerprint import fingerprint, letters_and_digits
from feedarchive.identity.site import is_own_site


@dataclass(frozen=True)
class FeedSite:
    """What identity needs to know of a feed: its id, its URL, and the home page it names."""

    feed_id: str
    feed_url: str
    home_page: str = ""

    def owns(self, link: str) -> bool:
        return is_own_site(link, self.feed_url, self.home_page)


@dataclass(frozen=True)
class Identity:
    """The names an entry goes by. All ids are 32 hex digits.

    ``id`` is the article's by the rules. ``guid_id`` is where its guid is claimed: equal to ``id`` when
    that is made of the guid, "" when there is no trusted guid or it is the address. ``guid_address_id``
    is the article that would live at the guid's own address, "" if there can be none. ``distrusted`` are
    ids that count only if claimed under the same title already. ``reused_id`` is the id if the address
    turns out to be used for the second time. ``names`` are its guid and its link, canonical, trusted or not.
    """

    id: str
    guid: str
    guid_id: str
    guid_address_id: str
    distrusted: tuple[str, ...]
    reused_id: str
    link: str
    title_fingerprint: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Named:
    """An entry's names before they are judged: canonical guid and link, the link as files show it."""

    entry: Entry
    guid: str
    link: str
    canonical_link: str
    title: str


def identify(
    entries: Sequence[Entry], titles: Sequence[str], site: FeedSite, text_of: Callable[[Entry], str]
) -> list[Identity]:
    """The identity of each entry of one document.

    ``titles`` are the entries' titles as plain text; ``text_of`` gives an entry's visible text and
    is asked only for entries that have nothing better.
    """
    named = [_named(entry, title, site.feed_url) for entry, title in zip(entries, titles, strict=True)]
    bad_guids = _distrusted_guids(named, site)
    bad_links = _distrusted_links(named, bad_guids, site)
    return [_identity(each, site, bad_guids, bad_links, text_of) for each in named]


def _named(entry: Entry, title: str, base: str) -> _Named:
    guid = canonical_guid(" ".join(entry.guid.split()))
    link = clean_url(entry.link, base) or (clean_url(entry.guid) if entry.guid_is_permalink else "")
    return _Named(entry, guid, link, canonical_url(link), title)


def _distrusted_guids(named: list[_Named], site: FeedSite) -> set[str]:
    """Guids that different entries share (by title or link), and the home page's address."""
    carriers = defaultdict(set)
    for each in named:
        carriers[each.guid].add((each.canonical_link, letters_and_digits(each.title)))
    shared = {guid for guid, entries in carriers.items() if len(entries) > 1}
    return shared | {"", canonical_url(site.home_page), canonical_url(site.feed_url)}


def _distrusted_links(named: list[_Named], bad_guids: set[str], site: FeedSite) -> set[str]:
    """The home page, and links shared by entries that something else tells apart.

    Entries without a trusted guid are told apart by their titles, the others by their guids.
    """
    carriers = defaultdict(set)
    for each in named:
        guid = "" if each.guid in bad_guids else each.guid
        carriers[each.canonical_link].add((guid, "" if guid else letters_and_digits(each.title)))
    shared = {link for link, entries in carriers.items() if len(entries) > 1}
    return shared | {"", canonical_url(site.home_page), canonical_url(site.feed_url)}


def _identity(
    each: _Named, site: FeedSite, bad_guids: set[str], bad_links: set[str], text_of: Callable[[Entry], str]
) -> Identity:
    guid = "" if each.guid in bad_guids else each.guid
    link = "" if each.canonical_link in bad_links else each.canonical_link
    by_guid = _id(site.feed_id, each.guid)
    guid_address = _own_address(each.entry.guid, site)
    if link and site.owns(each.link):
        found = _id(link)
    elif guid and guid_address:
        found = _id(guid_address)
    elif guid:
        found = by_guid
    elif link:
        found = _id(site.feed_id, link)
    else:
        found = _id(site.feed_id, each.title, letters_and_digits(text_of(each.entry)), each.entry.published)
    address_id = _id(guid_address) if guid and guid_address else ""
    distrusted = [] if guid or not each.guid else [by_guid, *([_id(guid_address)] if guid_address else [])]
    if not link and each.canonical_link and site.owns(each.link):
        distrusted.append(_id(each.canonical_link))
    return Identity(
        id=found,
        guid=guid,
        guid_id=by_guid if guid and found != address_id else "",
        guid_address_id="" if address_id == found else address_id,
        distrusted=tuple(d for d in dict.fromkeys(distrusted) if d != found),
        reused_id=_id(each.canonical_link or each.guid, letters_and_digits(each.title)),
        link=each.link,
        title_fingerprint=fingerprint(each.title),
        names=tuple(name for name in (each.guid, each.canonical_link) if name),
    )


def id_of_address(link: str) -> str:
    """The id of the article at an address, if it lies on its feed's own site (rule 1)."""
    return _id(canonical_url(link))


def _own_address(guid: str, site: FeedSite) -> str:
    address = clean_url(guid)
    return canonical_url(address) if address and site.owns(address) else ""


def _id(*parts: str) -> str:
    hashed = "\n".join((str(IDENTITY_VERSION), *parts)).encode("utf-8", "replace")
    return hashlib.sha256(hashed).digest()[:16].hex()


def entry_hash(entry: Entry) -> str:
    """A short hash of all an entry says: what state remembers to pass over it next time."""
    return hashlib.sha256(repr(entry).encode("utf-8", "replace")).hexdigest()[:20]

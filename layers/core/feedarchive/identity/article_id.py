"""Compute the ids of the entries in a feed document. Pure functions.

The four identity rules and their reasons are in docs/archive-format.md, "Identity, version 1".
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
    """The facts about a feed from which identities are made: its id, its URL, and the URL of its home page."""

    feed_id: str
    feed_url: str
    home_page: str = ""

    def owns(self, link: str) -> bool:
        return is_own_site(link, self.feed_url, self.home_page)


@dataclass(frozen=True)
class Identity:
    """The id of an entry's article, and other ids under which the archive may know the same article.

    Each id has 32 hex digits. A GUID or link is not trusted if different entries of the document share it.

    - ``id``: the id of the article by the identity rules.
    - ``guid``: the canonical GUID; "" if there is none or it is not trusted.
    - ``guid_id``: the id made from the feed's id and ``guid``; it may be the same as ``id``. It is "" if ``guid`` is
      "", or if ``id`` is made from the URL in the GUID.
    - ``guid_url_id``: the id made from the URL in the GUID. It is "" if ``guid`` is not a URL of the feed's own site,
      or if ``id`` is the same.
    - ``distrusted``: ids made from a GUID or link that is not trusted. Such an id is used only if the archive has an
      article with this id and the same title.
    - ``reused_id``: the id to use instead of ``id``, if ``id`` belongs to an older article with the same URL.
    - ``link``: the link in clean form (``clean_url``).
    - ``title_fingerprint``: the fingerprint of the title.
    - ``names``: the canonical GUID and the canonical link, even if they are not trusted.
    - ``former``: the identity that is made with the feed's former id (``Feed.former_id``) instead of its present id;
      None if the feed has no former id.
    """

    id: str
    guid: str
    guid_id: str
    guid_url_id: str
    distrusted: tuple[str, ...]
    reused_id: str
    link: str
    title_fingerprint: str
    names: tuple[str, ...] = ()
    former: Identity | None = None


@dataclass(frozen=True)
class _Named:
    """An entry, before it is known whether its GUID and link can be trusted.

    - ``guid``: the canonical GUID.
    - ``link``, ``canonical_link``: the link in clean form and in canonical form.
    - ``title``: the title as plain text.
    """

    entry: Entry
    guid: str
    link: str
    canonical_link: str
    title: str


def identify(
    entries: Sequence[Entry], titles: Sequence[str], site: FeedSite, text_of: Callable[[Entry], str]
) -> list[Identity]:
    """Compute the identity of each entry of one document, in the same order.

    - ``titles``: the titles of the entries, as plain text.
    - ``text_of``: returns the visible text of an entry. It is called only for entries that have neither a trusted GUID
      nor a trusted link.
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
    """Find the GUIDs that are not trusted.

    These are GUIDs that entries with different titles or links share, and GUIDs that are the URL of the home page or of
    the feed.
    """
    carriers = defaultdict(set)
    for each in named:
        carriers[each.guid].add((each.canonical_link, letters_and_digits(each.title)))
    shared = {guid for guid, entries in carriers.items() if len(entries) > 1}
    return shared | {"", canonical_url(site.home_page), canonical_url(site.feed_url)}


def _distrusted_links(named: list[_Named], bad_guids: set[str], site: FeedSite) -> set[str]:
    """Find the links that are not trusted: links that different entries share, and links to the home page or the feed.

    Two entries are different if their trusted GUIDs differ or, if they have none, if their titles differ.
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
    guid_url = _own_site_url(each.entry.guid, site)
    if link and site.owns(each.link):
        found = _id(link)
    elif guid and guid_url:
        found = _id(guid_url)
    elif guid:
        found = by_guid
    elif link:
        found = _id(site.feed_id, link)
    else:
        found = _id(site.feed_id, each.title, letters_and_digits(text_of(each.entry)), each.entry.published)
    guid_url_id = _id(guid_url) if guid and guid_url else ""
    distrusted = [] if guid or not each.guid else [by_guid, *([_id(guid_url)] if guid_url else [])]
    if not link and each.canonical_link and site.owns(each.link):
        distrusted.append(_id(each.canonical_link))
    return Identity(
        id=found,
        guid=guid,
        guid_id=by_guid if guid and found != guid_url_id else "",
        guid_url_id="" if guid_url_id == found else guid_url_id,
        distrusted=tuple(d for d in dict.fromkeys(distrusted) if d != found),
        reused_id=_id(each.canonical_link or each.guid, letters_and_digits(each.title)),
        link=each.link,
        title_fingerprint=fingerprint(each.title),
        names=tuple(name for name in (each.guid, each.canonical_link) if name),
    )


def id_of_url(link: str) -> str:
    """Return the id that is made from a URL of the feed's own site (identity rule 1)."""
    return _id(canonical_url(link))


def id_of_guid(feed_id: str, guid: str) -> str:
    """Return the id that is made from a feed's id and a canonical GUID (identity rule 2)."""
    return _id(feed_id, guid)


def id_of_canonical_url(url: str) -> str:
    """Return the id that is made from a URL in canonical form (identity rule 1)."""
    return _id(url)


def _own_site_url(guid: str, site: FeedSite) -> str:
    """Return the canonical form of a GUID if it is a URL of the feed's own site; "" for other GUIDs."""
    url = clean_url(guid)
    return canonical_url(url) if url and site.owns(url) else ""


def _id(*parts: str) -> str:
    hashed = "\n".join((str(IDENTITY_VERSION), *parts)).encode("utf-8", "replace")
    return hashlib.sha256(hashed).digest()[:16].hex()


def entry_hash(entry: Entry, text_version: int = 1) -> str:
    """Return a short hash of everything in an entry. The next poll skips an entry that has the same hash.

    ``text_version``: the format of the entry's wording. It is part of the hash, so that the next poll does not skip the
    entry if the format has changed.
    """
    version = f"{text_version}\n" if text_version != 1 else ""
    return hashlib.sha256(f"{version}{entry!r}".encode("utf-8", "replace")).hexdigest()[:20]

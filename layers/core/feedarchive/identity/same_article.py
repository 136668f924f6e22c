"""Decide whether an entry is an article that the archive knows under another id. Pure functions.

Entries with the same id (article_id.py) are always the same article. For an entry with a new id,
archive/article_lookup.py finds an article that may be the same, and these functions compare the two. The reasons for
the rules are in docs/archive-format.md, "Identity, version 1".
"""

from __future__ import annotations

import re

from feedarchive.identity.article_id import Identity
from feedarchive.identity.fingerprint import word_overlap, words_of

MIN_COMMON_WORDS = 0.25
"""Two texts are similar if at least this share of the shorter text's words is in both."""
MIN_GUID_IN_LINK = 5
"""Only GUIDs of at least this length are searched in links. A shorter one, such as "12", may be in a link by chance."""


def is_moved_by_names(known_title: str, identity: Identity) -> bool:
    """Check whether an entry with the GUID of a known article is this article at a new URL.

    Return True if the titles are the same, or if the new link contains the GUID.

    ``known_title``: the fingerprint of the known article's title.
    """
    return known_title == identity.title_fingerprint or link_contains_guid(identity.link, identity.guid)


def is_moved_by_words(known_title: str, known_body: str, title: str, body: str) -> bool:
    """Compare words to check whether an entry with the GUID of a known article is this article at a new URL.

    Return True if the titles, or the bodies, have at least a quarter of their words in common.
    """
    return _have_common_words(known_title, title) or _have_common_words(known_body, body)


def is_url_reused(known_guid: str, known_title: str, identity: Identity) -> bool:
    """Check whether an entry with the URL of a known article is another article.

    Return True if the GUIDs are trusted and differ, and the titles differ too.

    ``known_title``: the fingerprint of the known article's title.
    """
    has_other_guid = bool(known_guid and identity.guid) and known_guid != identity.guid
    return has_other_guid and known_title != identity.title_fingerprint


def link_contains_guid(link: str, guid: str) -> bool:
    """Check whether a link contains a GUID as a separate part, such as "12345" in "/news-12345.html".

    Return False for a GUID that has no digit or fewer than five characters: it may be in the link by chance.
    """
    if len(guid) < MIN_GUID_IN_LINK or not any(char.isdigit() for char in guid):
        return False
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(guid)}(?![A-Za-z0-9])", link) is not None


def _have_common_words(one: str, other: str) -> bool:
    return word_overlap(words_of(one), words_of(other)) >= MIN_COMMON_WORDS

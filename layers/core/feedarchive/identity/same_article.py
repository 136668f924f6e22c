"""Decide whether an entry is an article that the archive knows under another id (identity version 1). Pure functions.

Entries with the same id (article_id.py) are the same article. For other entries, archive/article_lookup.py finds the
known article in claims and files, and these functions decide. The reasons are in docs/archive-format.md, "Identity".
"""

from __future__ import annotations

import re

from feedarchive.identity.article_id import Identity
from feedarchive.identity.fingerprint import word_overlap, words_of

MIN_COMMON_WORDS = 0.25
"""The share of the shorter text's words that must be in both texts."""
MIN_GUID_IN_LINK = 5
"""The minimum length of a GUID that is searched in links. Shorter GUIDs, such as "12", occur in links by chance."""


def is_moved_by_names(known_title: str, identity: Identity) -> bool:
    """Is an entry with a known GUID the known article at a new URL? Decided by title and link.

    True if the title is the known one (``known_title`` is its fingerprint), or if the new link contains the GUID.
    """
    return known_title == identity.title_fingerprint or link_contains_guid(identity.link, identity.guid)


def is_moved_by_words(known_title: str, known_body: str, title: str, body: str) -> bool:
    """Is an entry with a known GUID the known article at a new URL? Decided by the words.

    True if at least a quarter of the words of the titles, or of the bodies, are the same.
    """
    return _have_common_words(known_title, title) or _have_common_words(known_body, body)


def is_url_reused(known_guid: str, known_title: str, identity: Identity) -> bool:
    """Has a known article's URL been given to another article? True if GUID and title (a fingerprint) both differ.

    An article without a trusted GUID keeps its URL, whatever its title.
    """
    has_other_guid = bool(known_guid and identity.guid) and known_guid != identity.guid
    return has_other_guid and known_title != identity.title_fingerprint


def link_contains_guid(link: str, guid: str) -> bool:
    """Does a link contain a GUID as a separate part? Only a long GUID with a digit counts; others may be words."""
    if len(guid) < MIN_GUID_IN_LINK or not any(char.isdigit() for char in guid):
        return False
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(guid)}(?![A-Za-z0-9])", link) is not None


def _have_common_words(one: str, other: str) -> bool:
    return word_overlap(words_of(one), words_of(other)) >= MIN_COMMON_WORDS

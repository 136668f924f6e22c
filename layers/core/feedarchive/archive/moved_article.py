"""Is an entry whose guid names another article that article at a new address?"""

from __future__ import annotations

import re

from feedarchive.archive.claim import ArticleClaim
from feedarchive.article.article import Article
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.identity.article_id import Identity
from feedarchive.identity.fingerprint import word_overlap, words_of
from feedarchive.store.interface import Store

_ENOUGH = 0.25
# "1" or "news" is in many links; a number or name this long, as a part of its own, is not by chance.
_MIN_GUID_IN_LINK = 5


def is_moved(store: Store, claim: ArticleClaim, identity: Identity, title: str, article: Article) -> bool:
    """The new link contains the guid, the title is the claimed one, or a quarter of the words agree.

    Reads the claimed article's file only when nothing cheaper decides.
    """
    if claim.title == identity.title_fingerprint or _contains(identity.link, identity.guid):
        return True
    stored = store.read(claim.key)
    if stored is None:
        return False
    text = stored.data.decode("utf-8", "replace")
    old_title = str(parse_front_matter(text).get("title", ""))
    if word_overlap(words_of(title), words_of(old_title)) >= _ENOUGH:
        return True
    words = words_of(article.body)
    return word_overlap(words, words_of(body_of(text))) >= _ENOUGH


def _contains(link: str, guid: str) -> bool:
    if len(guid) < _MIN_GUID_IN_LINK or not any(char.isdigit() for char in guid):
        return False
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(guid)}(?![A-Za-z0-9])", link) is not None

"""The rules by which a check finds wrong claims. A claim (``claims/<id>``) says which file contains an article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from feedarchive.archive.claim import ArticleClaim, GuidClaim, claim_key
from feedarchive.article.file_names import file_name_of, parse_claim_name
from feedarchive.identity.article_id import id_of_canonical_url, id_of_guid
from feedarchive.verification.findings import Fault, Finding
from feedarchive.verification.listed_claim import ListedClaim


@dataclass
class SeenClaims:
    """What a check collects while it reads all claims, in order to compare them afterwards.

    - ``findings``: what is wrong with each claim by itself.
    - ``keys``: the keys of the files that claims name.
    - ``others``: the claims whose file differs from the file in the digests, or is in no digest. Each item is the name
      of the claim and the key of its file.
    - ``pairs``: the number of versions of articles for each pair of feed URL and feed id.
    - ``doubtful``: the claims whose feed id may be wrong. Each item is the name of the claim, the feed URL and the feed
      id.
    - ``moved``: the claims for the new URLs of articles that have moved, by the name of the claim.
    - ``targets``: the ids of the articles to which claims of GUIDs refer.
    - ``not_articles``: the names of damaged claims and of the claims of GUIDs.
    - ``tombstones``: the short ids of the articles that have a tombstone (the claim of a forgotten article).
    """

    findings: list[Finding] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    others: list[tuple[str, str]] = field(default_factory=list)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubtful: list[tuple[str, str, str]] = field(default_factory=list)
    moved: dict[str, GuidClaim] = field(default_factory=dict)
    targets: set[str] = field(default_factory=set)
    not_articles: set[str] = field(default_factory=set)
    tombstones: set[str] = field(default_factory=set)


def claim_differs(name: str, wrong: str) -> Finding:
    return Finding(claim_key(name), Fault.CLAIM_DIFFERS, detail=wrong)


def no_claim(article_id: str) -> str:
    return f"the claim refers to article {article_id}, but the claim of this article is missing or damaged"


def claims_of_wrong_feeds(seen: SeenClaims) -> Iterator[Finding]:
    """Report the claims in ``seen.doubtful`` if the other articles from the same feed URL have other feed ids."""
    feeds_of_url: defaultdict[str, set[str]] = defaultdict(set)
    for url, feed in seen.pairs:
        feeds_of_url[url].add(feed)
    for name, url, feed in seen.doubtful:
        if seen.pairs[url, feed] <= 1 and feeds_of_url[url] - {"", feed}:
            yield claim_differs(name, "no other article from the same feed URL has this feed id")


def missing_guid_claim(name: str, claim: ArticleClaim, keys: Collection[str]) -> Iterator[Finding]:
    """Report an article whose GUID has no claim.

    - ``name``, ``claim``: the article's own claim.
    - ``keys``: the keys of all claims.
    """
    if not (claim.feed and claim.guid) or "." in name:
        return
    key = claim_key(id_of_guid(claim.feed, claim.guid))
    if name != id_of_canonical_url(claim.guid) and key not in keys:
        yield Finding(key, Fault.CLAIM_MISSING, detail=f"the GUID of {claim.key} has no claim")


def is_name(key: str) -> bool:
    prefix, _, name = key.rpartition("/")
    return parse_claim_name(name) is not None and prefix == f"claims/{name[:2]}"


def shape_differs(name: str, claim: ArticleClaim) -> str:
    """Compare the id, kind and number in a claim's name with the key of its file. Return what differs, or ""."""
    claimed, file = parse_claim_name(name), file_name_of(claim.key)
    if not (claimed and file and file.matches(claimed)):
        return "the name of the claim does not fit the file"
    return ""


def file_differs(claim: ArticleClaim, listed: ListedClaim) -> str:
    """Compare the key and time in a claim with a digest. Return what differs, or ""."""
    if claim.key != listed.key:
        return f"the claim names {claim.key}"
    return "" if listed.is_time(claim.time) else "the time differs"


def facts_differ(claim: ArticleClaim, listed: ListedClaim) -> str:
    """Compare the title, wording and GUID of a claim with a digest. Return what differs, or "".

    Digests in the first format have no wordings and no GUIDs.
    """
    if claim.title != listed.title:
        return "the title differs"
    if listed.wording and claim.wording != listed.wording and claim.wording[:2] == listed.wording[:2]:
        return "the wording differs"
    if claim.guid and listed.guid not in ("", claim.guid):
        return "the GUID differs"
    return ""

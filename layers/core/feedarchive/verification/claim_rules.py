"""Rules for claims: what a claim must say about its file, and the facts that are kept to compare claims later."""

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
    """The findings on the claims that were read, and the facts about these claims that are needed later.

    - ``keys``: the keys of the files that claims name.
    - ``others``: name and key of each claim whose file is not the one that the digests list for it.
    - ``pairs``: how many claims there are of each pair of feed URL and feed id.
    - ``doubtful``: name, feed URL and feed id of each claim whose feed id is not known to belong to the feed URL. Other
      claims with the same pair can explain it (see ``without_feed``).
    - ``moved``: the claims of URLs to which articles have moved, by name.
    - ``targets``: the ids of the articles that claims of GUIDs name.
    - ``not_articles``: the names of claims of GUIDs and of damaged claims.
    - ``tombstones``: the short ids of the articles that have a tombstone.
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
    return f"it names {article_id}, which has no claim"


def without_feed(seen: SeenClaims) -> Iterator[Finding]:
    """Report doubtful claims that are alone with their feed id, while other claims of the feed URL have another id."""
    feeds_of_url: defaultdict[str, set[str]] = defaultdict(set)
    for url, feed in seen.pairs:
        feeds_of_url[url].add(feed)
    for name, url, feed in seen.doubtful:
        if seen.pairs[url, feed] <= 1 and feeds_of_url[url] - {"", feed}:
            yield claim_differs(name, "no other claim has its feed")


def guid_of(name: str, claim: ArticleClaim, keys: Collection[str]) -> Iterator[Finding]:
    """Report an article whose GUID has no claim. ``keys`` are the keys of all claims.

    The name of a GUID's claim depends on the feed. So recovered claims are skipped, because they have no feed.
    """
    if not (claim.feed and claim.guid) or "." in name:
        return
    key = claim_key(id_of_guid(claim.feed, claim.guid))
    if name != id_of_canonical_url(claim.guid) and key not in keys:
        yield Finding(key, Fault.CLAIM_MISSING, detail=f"of the GUID of {claim.key}")


def is_name(key: str) -> bool:
    prefix, _, name = key.rpartition("/")
    return parse_claim_name(name) is not None and prefix == f"claims/{name[:2]}"


def shape_differs(name: str, claim: ArticleClaim) -> str:
    """What is wrong with a claim by itself. Returns "" if nothing is."""
    claimed, file = parse_claim_name(name), file_name_of(claim.key)
    if not (claimed and file and file.is_claimed_as(claimed)):
        return "its key is not that of its article"
    return ""


def file_differs(claim: ArticleClaim, listed: ListedClaim) -> str:
    """What in a claim does not fit the file that a digest lists for it. Returns "" if all fits."""
    if claim.key != listed.key:
        return f"it names {claim.key}"
    return "" if listed.is_time(claim.time) else "its time is not that of the article"


def facts_differ(claim: ArticleClaim, listed: ListedClaim) -> str:
    """What in a claim does not fit its article. Returns "" if all fits.

    GUID and wording may be missing in ``listed``, because digests of version 1 do not have them.
    """
    if claim.title != listed.title:
        return "its title is not that of the article"
    if listed.wording and claim.wording != listed.wording and claim.wording[:2] == listed.wording[:2]:
        return "its wording is not that of the article"
    if claim.guid and listed.guid not in ("", claim.guid):
        return "its GUID is not that of the article"
    return ""

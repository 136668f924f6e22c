"""Check claims against articles, and articles against claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from feedarchive.archive.claim import ArticleClaim, GuidClaim, claim_key, claim_to_json, parse_claim
from feedarchive.archive.recovery import claimed_facts
from feedarchive.article.file_names import file_name_of, parse_claim_name, short_id_of_key
from feedarchive.concurrency import in_parallel
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import ListedFile
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.feeds.feed import default_id
from feedarchive.hashes import sha256_of
from feedarchive.identity.article_id import id_of_canonical_url, id_of_guid
from feedarchive.identity.canonical_url import canonical_guid
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.rfc3339 import parse_rfc3339
from feedarchive.store.interface import Presence, Store, Stored
from feedarchive.verification.findings import Fault, Finding


@dataclass(frozen=True)
class CheckedClaims:
    """What was found, and the keys of the articles that claims name."""

    findings: list[Finding]
    keys: frozenset[str]


@dataclass(frozen=True)
class _Feeds:
    """``known``: the feed ids in feeds.toml. ``counts``: the number of claims by feed URL and feed id."""

    known: Collection[str]
    counts: Mapping[tuple[str, str], int]

    def is_possible(self, feed: str, source: str) -> bool:
        """Whether a claim may have this feed. A feed that was removed is known only by other claims."""
        if not feed or feed in self.known or feed == default_id(source) or self.counts[source, feed] > 1:
            return True
        return not any(url == source and other not in ("", feed) for url, other in self.counts)


@dataclass(frozen=True)
class ClaimsCheck:
    """Checks the claims of an archive. ``entries`` are the files of all digests, by the name of the claim. ``unlisted``
    are the keys of files that no digest lists. ``quick``: read no claim. ``feed_ids`` are those of feeds.toml,
    ``forgotten`` the keys of the articles that the chain records as forgotten.
    """

    store: Store
    entries: Mapping[str, ListedFile]
    unlisted: Mapping[str, date]
    quick: bool = False
    feed_ids: Collection[str] = ()
    forgotten: Collection[str] = ()

    def check(self) -> CheckedClaims:
        """Check all claims."""
        names = set(self.store.list("claims/"))
        findings = [Finding(key, Fault.FOREIGN) for key in sorted(names) if not _is_name(key)]
        if not names and self.entries:
            return CheckedClaims([Finding("claims/", Fault.CLAIMS_LOST)], frozenset())
        missing = {name for name in self.entries if claim_key(name) not in names}
        findings += [Finding(claim_key(n), Fault.CLAIM_MISSING, detail=self.entries[n].key) for n in sorted(missing)]
        if self.quick:
            return CheckedClaims(findings, frozenset())
        keys: set[str] = set()
        articles: dict[str, ArticleClaim] = {}
        guids: dict[str, GuidClaim] = {}
        for key, stored in self._read(sorted(filter(_is_name, names))):
            claim = parse_claim(stored.data) if stored else None
            name = key.rpartition("/")[2]
            if claim is None or stored is None or claim_to_json(claim) != stored.data:
                findings.append(Finding(key, Fault.CLAIM_DAMAGED))
            elif isinstance(claim, GuidClaim):
                guids[name] = claim
            else:
                articles[name] = claim
                keys.add(claim.key)
        feeds = _Feeds(self.feed_ids, Counter(self._sources(articles)))
        findings += self._lost_tombstones(articles)
        findings += self._doubled(articles)
        known = articles.keys() | guids.keys()
        for name, article in articles.items():
            findings += self._article(name, article, feeds)
            findings += _guid_of(name, article, known)
        for name, guid in guids.items():
            if guid.article_id in missing:
                continue  # the missing claim of the article is named already
            if wrong := _wrong_guid(name, guid, articles, guids):
                findings.append(Finding(claim_key(name), Fault.CLAIM_DIFFERS, detail=wrong))
        return CheckedClaims(findings, frozenset(keys))

    def _read(self, keys: Collection[str]) -> Iterator[tuple[str, Stored | None]]:
        return zip(keys, in_parallel(self.store.read, keys, self.store.threads), strict=True)

    def _sources(self, articles: Mapping[str, ArticleClaim]) -> Iterator[tuple[str, str]]:
        """For each article, the feed URL from its file and the feed id from its claim."""
        for name, claim in articles.items():
            if isinstance(entry := self.entries.get(name), DigestEntry):
                yield entry.source, claim.feed

    def _doubled(self, articles: Mapping[str, ArticleClaim]) -> Iterator[Finding]:
        """Claims that name the file of another article."""
        owners = {entry.key: name for name, entry in self.entries.items()}
        counts = Counter(claim.key for claim in articles.values())
        for name, claim in articles.items():
            if counts[claim.key] > 1 and owners.get(claim.key) != name:
                yield Finding(claim_key(name), Fault.CLAIM_DIFFERS, detail="another claim names the same file")

    def _lost_tombstones(self, articles: Mapping[str, ArticleClaim]) -> Iterator[Finding]:
        """Articles that the chain records as forgotten, and that have no tombstone."""
        tombstones = {name[:12] for name, claim in articles.items() if claim.deleted}
        for key in sorted(self.forgotten):
            if (short_id := short_id_of_key(key)) not in tombstones:
                yield Finding(claim_key(short_id), Fault.TOMBSTONE_MISSING, detail=key)

    def _article(self, name: str, claim: ArticleClaim, feeds: _Feeds) -> Iterator[Finding]:
        key, entry = claim_key(name), self.entries.get(name)
        wrong = _shape(name, claim) or (_file_differs(claim, entry) if entry else "")
        if not wrong and isinstance(entry, DigestEntry):
            wrong = _differs(claim, entry, feeds)
        elif not wrong and isinstance(entry, Companion):
            wrong = self._companion_differs(claim, entry, feeds)
        if wrong:
            yield Finding(key, Fault.CLAIM_DIFFERS, detail=wrong)
        elif not entry and not claim.deleted and claim.key not in self.unlisted and self._is_absent(claim.key):
            yield Finding(key, Fault.FILE_OF_CLAIM_MISSING, detail=claim.key)

    def _companion_differs(self, claim: ArticleClaim, companion: Companion, feeds: _Feeds) -> str:
        """What in a claim does not fit its companion, "" if nothing. Digests do not list title and wording, so the file
        is read; if it is damaged, that is reported with the files.
        """
        stored, version = self.store.read(companion.key), self.entries.get(companion.id)
        if stored is None or sha256_of(stored.data) != companion.sha256:
            return ""
        facts = claimed_facts(companion.key, stored.data)
        if (claim.guid, claim.title, claim.wording) != ("", facts.title, facts.wording):
            return "its GUID, title or wording is not that of the file"
        is_possible = not isinstance(version, DigestEntry) or feeds.is_possible(claim.feed, version.source)
        return "" if is_possible else "no other claim has its feed"

    def _is_absent(self, key: str) -> bool:
        return self.store.presence(key) in (Presence.ABSENT, Presence.TRUNCATED)


def _guid_of(name: str, claim: ArticleClaim, names: Collection[str]) -> Iterator[Finding]:
    """Report an article whose GUID has no claim.

    Recovered claims are skipped: the name of a GUID's claim depends on the feed, which they do not have.
    """
    if not (claim.feed and claim.guid) or "." in name:
        return
    guid_name = id_of_guid(claim.feed, claim.guid)
    if name != id_of_canonical_url(claim.guid) and guid_name not in names:
        yield Finding(claim_key(guid_name), Fault.CLAIM_MISSING, detail=f"of the GUID of {claim.key}")


def _wrong_guid(
    name: str, claim: GuidClaim, articles: Mapping[str, ArticleClaim], guids: Mapping[str, GuidClaim]
) -> str:
    """What is wrong with the claim of a GUID, or of a URL to which an article moved; "" if nothing."""
    named = articles.get(claim.article_id)
    if named is None:
        return f"it names {claim.article_id}, which has no claim"
    own_name = id_of_guid(claim.feed, claim.guid)
    if name == own_name:
        return ""
    if name == id_of_guid(named.feed, named.guid) or named.feed not in ("", claim.feed):
        return "its name is not that of its GUID"
    other = guids.get(own_name) if claim.guid else None
    return "the claim of its GUID names another article" if other and other.article_id != claim.article_id else ""


def _is_name(key: str) -> bool:
    prefix, _, name = key.rpartition("/")
    return parse_claim_name(name) is not None and prefix == f"claims/{name[:2]}"


def _shape(name: str, claim: ArticleClaim) -> str:
    """What is wrong with a claim by itself, "" if nothing."""
    claimed, file = parse_claim_name(name), file_name_of(claim.key)
    if not (claimed and file and file.is_claimed_as(claimed)):
        return "its key is not that of its article"
    return ""


def _file_differs(claim: ArticleClaim, file: ListedFile) -> str:
    """What in a claim does not fit the file that a digest lists, "" if nothing."""
    if claim.key != file.key:
        return f"it names {claim.key}"
    is_same_time = claim.time.replace(microsecond=0) == parse_rfc3339(file.archived)
    return "" if is_same_time else "its time is not that of the article"


def _differs(claim: ArticleClaim, entry: DigestEntry, feeds: _Feeds) -> str:
    """What in a claim does not fit its article, "" if nothing. Digests of version 1 have no GUID and no wording."""
    if claim.title != fingerprint(entry.title):
        return "its title is not that of the article"
    if entry.wording and claim.wording != entry.wording and claim.wording[:2] == entry.wording[:2]:
        return "its wording is not that of the article"
    guid = canonical_guid(" ".join(entry.guid.split()))
    if claim.guid and guid not in ("", claim.guid) and not entry.is_revision:
        return "its GUID is not that of the article"
    return "" if feeds.is_possible(claim.feed, entry.source) else "no other claim has its feed"

"""Check whether each claim fits its article, and whether each article has its claims."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from feedarchive.archive.claim import ArticleClaim, GuidClaim, claim_key, claim_to_json, parse_claim
from feedarchive.archive.recovery import claimed_facts
from feedarchive.article.file_names import short_id_of_key
from feedarchive.concurrency import in_parallel
from feedarchive.feeds.feed import default_id
from feedarchive.hashes import sha256_of
from feedarchive.identity.article_id import id_of_guid
from feedarchive.store.interface import Presence, Store
from feedarchive.verification.claim_rules import (
    SeenClaims,
    claim_differs,
    claims_of_wrong_feeds,
    facts_differ,
    file_differs,
    is_name,
    missing_guid_claim,
    no_claim,
    shape_differs,
)
from feedarchive.verification.findings import Fault, Finding
from feedarchive.verification.listed_claim import ListedClaim


@dataclass(frozen=True)
class CheckedClaims:
    """The result of comparing claims with files.

    - ``findings``: what is wrong.
    - ``keys``: the keys of the files that have a claim. Empty after a quick check, or if all claims are lost.
    """

    findings: list[Finding]
    keys: frozenset[str]


@dataclass(frozen=True)
class ClaimsCheck:
    """Checks the claims of an archive, without keeping all of them in memory.

    - ``listed``: what the digests say about each file, by the name of the file's claim.
    - ``unlisted``: the files that no digest lists: the key and the day of each file.
    - ``quick``: check only whether the claims exist, without reading them.
    - ``feed_ids``: the ids of the feeds in feeds.toml.
    - ``forgotten``: the keys of the articles that were forgotten according to the change records.
    """

    store: Store
    listed: Mapping[str, ListedClaim]
    unlisted: Mapping[str, date]
    quick: bool = False
    feed_ids: Collection[str] = ()
    forgotten: Collection[str] = ()

    def check(self) -> CheckedClaims:
        names = set(self.store.list("claims/"))
        seen = SeenClaims([Finding(key, Fault.FOREIGN) for key in sorted(names) if not is_name(key)])
        if not names and self.listed:
            return CheckedClaims([Finding("claims/", Fault.CLAIMS_LOST)], frozenset())
        missing = {name for name in self.listed if claim_key(name) not in names}
        seen.findings += [
            Finding(claim_key(n), Fault.CLAIM_MISSING, detail=self.listed[n].key) for n in sorted(missing)
        ]
        if self.quick:
            return CheckedClaims(seen.findings, frozenset())
        for key, claim in self._claims(names):
            name = key.rpartition("/")[2]
            if claim is None:
                seen.findings.append(Finding(key, Fault.CLAIM_DAMAGED))
                seen.not_articles.add(name)
            elif isinstance(claim, GuidClaim):
                self._guid(name, claim, names, missing, seen)
            else:
                self._article(name, claim, names, seen)
        seen.findings += self._doubled(names, seen)
        seen.findings += self._lost_tombstones(seen.tombstones)
        seen.findings += claims_of_wrong_feeds(seen)
        seen.findings += self._wrong_targets(names, seen)
        seen.findings += self._wrong_moves(names, seen)
        return CheckedClaims(seen.findings, frozenset(seen.keys))

    def _claims(self, names: Collection[str]) -> Iterator[tuple[str, ArticleClaim | GuidClaim | None]]:
        """The key and content of all claims, sorted by key. The content of a damaged claim is None."""
        keys = sorted(filter(is_name, names))
        for key, stored in zip(keys, in_parallel(self.store.read, keys, self.store.threads), strict=True):
            claim = parse_claim(stored.data) if stored else None
            yield key, claim if claim and stored and claim_to_json(claim) == stored.data else None

    def _guid(
        self, name: str, claim: GuidClaim, names: Collection[str], missing: Collection[str], seen: SeenClaims
    ) -> None:
        seen.not_articles.add(name)
        if claim.article_id in missing:
            return  # the missing claim of the article is reported already
        if claim_key(claim.article_id) not in names:
            seen.findings.append(claim_differs(name, no_claim(claim.article_id)))
            return
        seen.targets.add(claim.article_id)
        if name != id_of_guid(claim.feed, claim.guid):
            seen.moved[name] = claim

    def _article(self, name: str, claim: ArticleClaim, names: Collection[str], seen: SeenClaims) -> None:
        listed = self.listed.get(name)
        is_listed = listed is not None and listed.key == claim.key
        seen.keys.add(listed.key if listed and is_listed else claim.key)
        if not is_listed:
            seen.others.append((name, claim.key))
        if claim.deleted:
            seen.tombstones.add(name[:12])
        wrong = shape_differs(name, claim) or (file_differs(claim, listed) if listed else "")
        if not wrong and listed:
            wrong = self._companion_differs(claim, listed) if listed.is_companion else facts_differ(claim, listed)
        if wrong:
            seen.findings.append(claim_differs(name, wrong))
        elif not listed and not claim.deleted and claim.key not in self.unlisted and self._is_absent(claim.key):
            seen.findings.append(Finding(claim_key(name), Fault.FILE_OF_CLAIM_MISSING, detail=claim.key))
        self._note_feed(name, claim, listed, is_wrong=bool(wrong), seen=seen)
        seen.findings += missing_guid_claim(name, claim, names)

    def _note_feed(
        self, name: str, claim: ArticleClaim, listed: ListedClaim | None, is_wrong: bool, seen: SeenClaims
    ) -> None:
        """Count the pair of feed URL and feed id of a claim. Collect the claim if its feed id is doubtful.

        A feed id is doubtful if it is neither in feeds.toml nor the default id of the feed's URL.
        """
        version = self.listed.get(listed.article_id) if listed and listed.is_companion else listed
        if listed is None or version is None:
            return
        feed = sys.intern(claim.feed)
        if not listed.is_companion:
            seen.pairs[version.source, feed] += 1
        if feed and not is_wrong and feed not in self.feed_ids and feed != default_id(version.source):
            seen.doubtful.append((name, version.source, feed))

    def _doubled(self, names: Collection[str], seen: SeenClaims) -> Iterator[Finding]:
        """Report claims that name the same file as another claim."""
        counts = Counter(key for _, key in seen.others)
        owners = {listed.key: name for name, listed in self.listed.items() if listed.key in counts} if counts else {}
        others = {name for name, _ in seen.others}
        for name, key in seen.others:
            owner = owners.get(key, "")
            is_owned = claim_key(owner) in names and owner not in others and owner not in seen.not_articles
            if counts[key] + is_owned > 1:
                yield claim_differs(name, "another claim names the same file")

    def _lost_tombstones(self, tombstones: Collection[str]) -> Iterator[Finding]:
        """Report articles that have no tombstone although they were forgotten."""
        for key in sorted(self.forgotten):
            if (short_id := short_id_of_key(key)) not in tombstones:
                yield Finding(claim_key(short_id), Fault.TOMBSTONE_MISSING, detail=key)

    def _wrong_targets(self, names: Collection[str], seen: SeenClaims) -> Iterator[Finding]:
        """Report each claim of a GUID that leads to a damaged claim, or to the claim of another GUID."""
        if wrong := seen.targets & seen.not_articles:
            for key, claim in self._claims(names):
                if isinstance(claim, GuidClaim) and claim.article_id in wrong:
                    yield Finding(key, Fault.CLAIM_DIFFERS, detail=no_claim(claim.article_id))

    def _wrong_moves(self, names: Collection[str], seen: SeenClaims) -> Iterator[Finding]:
        """Report wrong claims among those that were created when an article moved to a new URL."""
        for name, claim in seen.moved.items():
            if claim.article_id not in seen.not_articles and (wrong := self._wrong_move(name, claim, names)):
                yield claim_differs(name, wrong)

    def _wrong_move(self, name: str, claim: GuidClaim, names: Collection[str]) -> str:
        """Return what is wrong with a claim that was created for an article's new URL; "" if it is correct."""
        named = self._claim(claim.article_id)
        if not isinstance(named, ArticleClaim):
            return no_claim(claim.article_id)
        if name == id_of_guid(named.feed, named.guid) or named.feed not in ("", claim.feed):
            return "its name does not fit its GUID"
        own_name = id_of_guid(claim.feed, claim.guid)
        other = self._claim(own_name) if claim.guid and claim_key(own_name) in names else None
        is_other = isinstance(other, GuidClaim) and other.article_id != claim.article_id
        return "the claim of its GUID names another article" if is_other else ""

    def _claim(self, name: str) -> ArticleClaim | GuidClaim | None:
        stored = self.store.read(claim_key(name))
        return parse_claim(stored.data) if stored else None

    def _companion_differs(self, claim: ArticleClaim, companion: ListedClaim) -> str:
        """Compare the claim of a companion with its file. Return what differs; "" if nothing does.

        The file (a full text or a list of media) is read, because digests do not list its title and wording. A damaged
        file is not compared, because another check reports it.
        """
        stored = self.store.read(companion.key)
        if stored is None or sha256_of(stored.data) != companion.sha256:
            return ""
        facts = claimed_facts(companion.key, stored.data)
        is_same = (claim.guid, claim.title, claim.wording) == ("", facts.title, facts.wording)
        return "" if is_same else "its GUID, title or wording differs from the file's"

    def _is_absent(self, key: str) -> bool:
        return self.store.presence(key) in (Presence.ABSENT, Presence.TRUNCATED)

"""Make lost and damaged claims again from the articles."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from feedarchive.archive.claim import ArticleClaim, GuidClaim, claim_key, claim_to_json, parse_claim
from feedarchive.archive.recovery import claimed_facts
from feedarchive.article.file_fields import fields_of_file
from feedarchive.article.file_names import companion_kind, is_archived_file
from feedarchive.concurrency import in_parallel
from feedarchive.digest.calendar import days_in_archive
from feedarchive.digest.companion import Companion, parse_companion_file
from feedarchive.digest.digest import ListedFile, day_folder
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.digest.digest_json import parse_current_digest
from feedarchive.feeds.feed import default_id
from feedarchive.identity.article_id import id_of_canonical_url, id_of_guid
from feedarchive.identity.canonical_url import canonical_guid
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.rfc3339 import parse_rfc3339
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class ClaimRepair:
    """Makes lost and damaged claims again.

    - ``feed_ids``: the ids of the subscribed feeds, by feed URL without login. Any other feed has the default id of its
      URL.
    - ``on_article``: called with the size of each file, to show progress.
    """

    store: Store
    time_zone: str
    feed_ids: Mapping[str, str]
    on_article: Callable[[int], None] = lambda size: None

    def repair(self) -> int:
        """Make missing and unreadable claims again from the articles. Returns how many claims were written.

        A tombstone (the claim of a forgotten article) cannot be made again, because its article is gone.
        """
        names = set(self.store.list("claims/"))
        written = 0
        for done in in_parallel(lambda file: self._write(file, names), self._files(), self.store.threads):
            written += done
        self.store.sync()
        return written

    def _files(self) -> Iterator[ListedFile]:
        """Find all versions and companions. Only files that are in no digest are read."""
        for day in days_in_archive(self.store):
            stored = self.store.read(f"{day_folder(day)}digest.json")
            listed = parse_current_digest(stored.data, day, self.time_zone).listed if stored else {}
            for key in self.store.list(day_folder(day)):
                if known := listed.get(key):
                    yield known
                elif is_archived_file(key) and (file := self.store.read(key)):
                    parse = parse_companion_file if companion_kind(key) else parse_article_file
                    if parsed := parse(key, file.data):
                        yield parsed

    def _write(self, file: ListedFile, names: Collection[str]) -> int:
        self.on_article(file.bytes)
        return self._of_companion(file, names) if isinstance(file, Companion) else self._of_version(file, names)

    def _of_companion(self, companion: Companion, names: Collection[str]) -> int:
        stored, version = self.store.read(companion.key), self.store.read(companion.of)
        if stored is None or not stored.is_complete:
            return 0
        source = str(fields_of_file(companion.of, version.data).get("source", "")) if version else ""
        facts = claimed_facts(companion.key, stored.data)
        time, feed = parse_rfc3339(companion.archived), self._feed_id(source)
        claim = ArticleClaim(companion.key, time, feed, guid="", title=facts.title, wording=facts.wording)
        return self._create(companion.claim_name, claim_to_json(claim), names)

    def _of_version(self, entry: DigestEntry, names: Collection[str]) -> int:
        feed = self._feed_id(entry.source)
        guid = canonical_guid(" ".join(entry.guid.split()))
        time = parse_rfc3339(entry.archived)
        claim = ArticleClaim(entry.key, time, feed, guid, fingerprint(entry.title), entry.wording)
        written = 0
        if guid and not entry.is_revision and id_of_canonical_url(guid) != entry.id:
            guid_name = id_of_guid(feed, guid)
            if guid_name != entry.id:
                written += self._create(guid_name, claim_to_json(GuidClaim(entry.id, time, feed, guid)), names)
        return written + self._create(entry.claim_name, claim_to_json(claim), names)

    def _feed_id(self, source: str) -> str:
        """The id of the feed with the URL ``source``; "" if ``source`` is ""."""
        return (self.feed_ids.get(source) or default_id(source)) if source else ""

    def _create(self, name: str, data: bytes, names: Collection[str]) -> int:
        key = claim_key(name)
        if key not in names:
            return int(self.store.create(key, data))
        stored = self.store.read(key)
        if stored is None or parse_claim(stored.data) is not None:
            return 0
        return int(self.store.replace(key, data, stored.version))

"""Announce a day, and write its record.

A record (``days/2025-12-25.json``) contains hashes of the day's files and the hash of the record before it. The
records form a chain: a change to an old day is noticed, because it no longer fits the later records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feedarchive.concurrency import in_parallel
from feedarchive.digest.digest import day_folder, make_digest
from feedarchive.digest.digest_json import parse_digest
from feedarchive.digest.index import ChainEnd, indexed_days, read_index, write_index
from feedarchive.hashes import sha256_of
from feedarchive.health.damage import DamagedFile
from feedarchive.mail.announcement import Announcer, Place, announcement_for
from feedarchive.mail.attention import Attention
from feedarchive.mail.mail import DayProof
from feedarchive.proof.chain_end import chain_end
from feedarchive.proof.file_list import file_hashes, list_hash
from feedarchive.proof.records import RECORDS, DayHashes
from feedarchive.proof.write_records import DayChange, RecordWriter
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class DayRecords:
    """Announces the days of an archive and writes their records.

    - ``now``: the time that announcements and records contain.
    - ``place``: where people can read the archive, for the text of announcements.
    """

    store: Store
    time_zone: str
    now: datetime
    place: Place

    def record_change(self, change: DayChange) -> None:
        """Write a record of a change to a day. Does nothing if the day was not announced yet."""
        self._writer().record_change(change)

    def announce(
        self, day: date, announcer: Announcer, attention: Sequence[Attention], damage: Sequence[DamagedFile]
    ) -> None:
        """Announce a day that was built, then write its record.

        If the build is interrupted before the record is written, the next build announces the day again.
        """
        stored = self.store.read(f"{day_folder(day)}digest.json")
        listed = parse_digest(stored.data, day, self.time_zone).listed if stored else {}
        digest = make_digest(day, self.time_zone, listed.values())
        hashes = DayHashes(sha256_of(stored.data if stored else b""), list_hash(file_hashes(listed.values())))
        newest = self._chain_end().newest
        previous = (newest.day.isoformat(), newest.sha256) if newest and newest.day < day else None
        announcement = announcement_for(
            digest, self.place, attention, self.now,
            damage=[each.line for each in damage],
            proof=DayProof(hashes.digest, hashes.files, previous),
        )  # fmt: skip
        announcer.announce(announcement)
        self._writer().record_announcement(day, digest.counts(), hashes)

    def save_chain_end(self) -> None:
        """Write to the index the hashes of the newest records, which no other record contains yet."""
        write_index(self.store, self.time_zone, {}, all_days=False, end=self._chain_end())

    def _chain_end(self) -> ChainEnd:
        return chain_end(self.store, list(self.store.list(RECORDS)), self._known_end())

    def _known_end(self) -> ChainEnd:
        return read_index(self.store, self.time_zone).end

    def _writer(self) -> RecordWriter:
        return RecordWriter(self.store, self.now, self._known_end, self._lists_of_other_days)

    def _lists_of_other_days(self, day: date) -> Mapping[date, str]:
        """For each day in the index except ``day``, return the hash of its list of files.

        This reads every digest. See ``RecordWriter.other_days`` for when this is necessary.
        """

        def hash_list(other: date) -> str:
            stored = self.store.read(f"{day_folder(other)}digest.json")
            listed = parse_digest(stored.data, other, self.time_zone).listed if stored else {}
            return list_hash(file_hashes(listed.values())) if listed else ""

        days = [other for other in indexed_days(self.store, self.time_zone) if other != day]
        hashes = in_parallel(hash_list, days, self.store.threads)
        return {other: found for other, found in zip(days, hashes, strict=True) if found}

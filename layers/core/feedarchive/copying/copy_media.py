"""Copy pictures and enclosures.

A list of media (``….media.json``) names the pictures and enclosures of an article. These files may be large,
so they are copied in parts and never completely in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from tempfile import TemporaryFile

from feedarchive.concurrency import in_parallel
from feedarchive.copying.report import CopyProblem, CopyReport, FileProblem, Progress
from feedarchive.copying.transfer import Pair, Transfer
from feedarchive.media.object_key import sha256_of_key
from feedarchive.media.remove_unused import remove_unused
from feedarchive.media.store_file import is_stored
from feedarchive.media.uses import objects_of_lists

_PROBLEMS = {Transfer.MISSING: CopyProblem.MISSING, Transfer.DAMAGED: CopyProblem.DAMAGED}


@dataclass(frozen=True)
class MediaCopier:
    """Copies pictures and enclosures, each only once.

    - ``tried``: the keys of the files that this copy has already handled.
    - ``forgotten``: the keys of the destination's files that belong to forgotten articles.
    """

    pair: Pair
    report: CopyReport
    progress: Progress
    tried: set[str] = field(default_factory=set)
    forgotten: set[str] = field(default_factory=set)

    def copy(self, list_keys: Iterable[str]) -> None:
        """Copy the pictures and enclosures in the lists of media with these keys.

        Call this before the digest of the day is copied: a day whose digest was copied counts as complete.
        """
        objects = objects_of_lists(self.pair.source, list_keys)
        new = {key: size for key, size in objects.items() if key not in self.tried}
        self.progress.expect(sum(new.values()))
        for key, done in in_parallel(self._copy, new, self.pair.threads):
            self.progress.advance(new[key])
            self.tried.add(key)
            if problem := _PROBLEMS.get(done):
                self.report.problems.append(FileProblem(key, problem))
            elif done is Transfer.COPIED:
                self.report.add(new[key])

    def note_forgotten(self, list_key: str) -> None:
        """Add the files of a list of media at the destination to ``forgotten``. Call this before deleting the list."""
        self.forgotten.update(objects_of_lists(self.pair.destination, [list_key]))

    def remove_forgotten(self) -> None:
        """Delete the files in ``forgotten``, except files that are still in a list of media at the destination."""
        if self.forgotten and not self.pair.dry_run:
            self.report.removed += remove_unused(self.pair.destination, self.forgotten)

    def _copy(self, key: str) -> tuple[str, Transfer]:
        if is_stored(self.pair.destination, key):
            return key, Transfer.PRESENT
        if self.pair.dry_run:
            return key, Transfer.COPIED
        parts = self.pair.source.stream(key)
        if parts is None:
            return key, Transfer.MISSING
        digest = hashlib.sha256()
        with TemporaryFile() as file:
            for part in parts:
                digest.update(part)
                file.write(part)
            if digest.hexdigest() != sha256_of_key(key):
                return key, Transfer.DAMAGED
            return key, Transfer.COPIED if self.pair.destination.create_from(key, file) else Transfer.PRESENT

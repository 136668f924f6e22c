"""Check the stored pictures and enclosures: the name of each object must be the hash of its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from feedarchive.copying.report import NoProgress, Progress
from feedarchive.media.object_key import MEDIA, sha256_of_key
from feedarchive.media.progress import PROGRESS
from feedarchive.media.uses import objects_of_lists
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault, Finding, Note
from feedarchive.verification.hash_files import hash_objects

_UNUSED = (
    "no article uses it, because a run was interrupted or a list of media is lost; "
    "feedarchive repair removes it when nothing else is wrong"
)


@dataclass(frozen=True)
class CheckedMedia:
    """What the check found.

    - ``unused``: the keys of the objects that no article uses.
    - ``objects``: how many objects are intact.
    - ``bytes``: the size of these objects together.
    """

    findings: tuple[Finding, ...] = ()
    unused: tuple[str, ...] = ()
    objects: int = 0
    bytes: int = 0

    @property
    def notes(self) -> list[Note]:
        return [Note(key, _UNUSED) for key in self.unused]


@dataclass(frozen=True)
class MediaCheck:
    """Checks the stored pictures and enclosures of an archive or a copy.

    ``quick``: compare only the sizes of the objects, without reading them.
    """

    store: Store
    quick: bool = False
    progress: Progress = field(default_factory=NoProgress)

    def check(self, list_keys: Iterable[str], is_whole: bool) -> CheckedMedia:
        """Check the objects that lists of media name. A list of media has the pictures and enclosures of an article.

        - ``list_keys``: the keys of the lists.
        - ``is_whole``: whether ``list_keys`` has all lists of the archive. Then unused objects are found too.
        """
        wanted = objects_of_lists(self.store, [*list_keys, *(self.store.list(PROGRESS) if is_whole else ())])
        sizes = self.store.sizes(MEDIA) if wanted or is_whole else {}
        unnamed = [key for key in sizes if key not in wanted] if is_whole else []
        present = {key: size for key, size in wanted.items() if key in sizes}
        wrong = self._wrong(present, sizes)
        findings = [
            *(Finding(key, Fault.MEDIA_MISSING) for key in sorted(wanted.keys() - sizes.keys())),
            *(Finding(key, Fault.MEDIA_CHANGED) for key in sorted(wrong)),
            *(Finding(key, Fault.FOREIGN) for key in unnamed if not sha256_of_key(key)),
        ]
        good = present.keys() - wrong
        unused = tuple(key for key in unnamed if sha256_of_key(key))
        return CheckedMedia(tuple(findings), unused, len(good), sum(present[key] for key in good))

    def _wrong(self, wanted: Mapping[str, int], sizes: Mapping[str, int]) -> set[str]:
        """The keys of the objects that have a wrong size or a wrong hash. With ``quick``, hashes are not checked."""
        wrong = {key for key, size in wanted.items() if sizes[key] != size}
        if self.quick:
            return wrong
        self.progress.expect(sum(size for key, size in wanted.items() if key not in wrong))
        for key, sha256 in hash_objects(self.store, [key for key in wanted if key not in wrong]):
            self.progress.advance(wanted[key])
            if sha256 != sha256_of_key(key):
                wrong.add(key)
        return wrong

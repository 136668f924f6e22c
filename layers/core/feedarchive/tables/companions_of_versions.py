"""Find the companions of article versions. A companion is a file beside an article: a full text, or a list of media."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from feedarchive.article.file_names import CompanionKind, file_name_of, short_id_of_key
from feedarchive.digest.companion import parse_companion_file
from feedarchive.pages.companion_files import CompanionFile
from feedarchive.store.interface import Store

# For each article (by short id) and each kind: the number and the key of each companion, the newest first.
_Files = Mapping[tuple[str, CompanionKind], list[tuple[int, str]]]


@dataclass(frozen=True)
class CompanionsOfVersions:
    """Finds the companions of a version."""

    store: Store
    _files: _Files = field(default_factory=dict)

    def of(self, version: str) -> dict[CompanionKind, CompanionFile]:
        """Return the newest companion of each kind that a version has. ``version`` is the key of the version."""
        found = ((kind, self._last(version, kind)) for kind in CompanionKind)
        return {kind: file for kind, file in found if file}

    def _last(self, version: str, kind: CompanionKind) -> CompanionFile | None:
        for _, key in self._files.get((short_id_of_key(version), kind), ()):
            stored = self.store.read(key)
            companion = parse_companion_file(key, stored.data) if stored else None
            if stored and companion and companion.of == version:
                return CompanionFile(key, stored.data)
        return None


def companions_of_versions(store: Store, keys: Iterable[str]) -> CompanionsOfVersions:
    """Return an object that finds companions among the files with these keys. Other files are ignored."""
    found: defaultdict[tuple[str, CompanionKind], list[tuple[int, str]]] = defaultdict(list)
    for key in keys:
        if (name := file_name_of(key)) and name.kind:
            found[name.id, name.kind].append((name.number, key))
    return CompanionsOfVersions(store, {each: sorted(files, reverse=True) for each, files in found.items()})

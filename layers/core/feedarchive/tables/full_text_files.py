"""Find the full texts of versions by the names of files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from feedarchive.article.file_names import file_name_of, is_full_text, short_id_of_key
from feedarchive.digest.companion import parse_companion_file
from feedarchive.pages.companion_files import CompanionFile
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class FullTextFiles:
    """Full texts by the short id of their article, each with its number, the last one first."""

    store: Store
    _files: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def of(self, version: str) -> CompanionFile | None:
        """The last full text of the version with a key; None if it has none."""
        for _, key in self._files.get(short_id_of_key(version), ()):
            stored = self.store.read(key)
            companion = parse_companion_file(key, stored.data) if stored else None
            if stored and companion and companion.of == version:
                return CompanionFile(key, stored.data)
        return None


def full_text_files(store: Store, keys: Iterable[str]) -> FullTextFiles:
    """The full texts among these keys."""
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for key in keys:
        if is_full_text(key) and (name := file_name_of(key)):
            found[name.id].append((name.number, key))
    return FullTextFiles(store, {short_id: sorted(each, reverse=True) for short_id, each in found.items()})

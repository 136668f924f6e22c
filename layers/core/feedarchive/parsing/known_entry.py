"""What is remembered of a parsed entry. If its XML is the same at the next poll, the entry is not parsed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class KnownEntry:
    """An entry whose XML has been parsed before.

    ``name_hashes`` are hashes of its GUID and its link (``Identity.names``). They show whether another entry has the
    same GUID or link.
    """

    entry_hash: str
    name_hashes: tuple[str, ...] = ()

    def pack(self) -> str:
        """Return the entry as a short string for a state file."""
        return " ".join((self.entry_hash, *self.name_hashes))

    @classmethod
    def unpack(cls, packed: str) -> KnownEntry:
        """Reverse ``pack``. Raises ValueError for a blank string."""
        entry_hash, *name_hashes = packed.split()
        return cls(entry_hash, tuple(name_hashes))


def pack_entries(entries: Mapping[str, KnownEntry]) -> dict[str, str]:
    """Pack entries for a state file. The keys of both mappings are the hashes of the entries' XML."""
    return {xml_hash: entry.pack() for xml_hash, entry in entries.items()}


def unpack_entries(packed: Mapping[str, str]) -> dict[str, KnownEntry]:
    """Reverse ``pack_entries``."""
    return {xml_hash: KnownEntry.unpack(text) for xml_hash, text in packed.items()}

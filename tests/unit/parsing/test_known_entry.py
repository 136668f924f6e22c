"""Known entries as strings in the state file, whose format must not change."""

from __future__ import annotations

import pytest

from feedarchive.parsing.known_entry import KnownEntry, pack_entries, unpack_entries


@pytest.mark.parametrize(
    ("entry", "packed"),
    [
        (KnownEntry("0ce", ("0ee1", "4cda")), "0ce 0ee1 4cda"),
        (KnownEntry("0ce", ("0ee1",)), "0ce 0ee1"),
        (KnownEntry("0ce"), "0ce"),
    ],
)
def test_an_entry_is_packed_and_unpacked(entry: KnownEntry, packed: str) -> None:
    assert entry.pack() == packed
    assert KnownEntry.unpack(packed) == entry
    assert pack_entries({"xml": entry}) == {"xml": packed}
    assert unpack_entries({"xml": packed}) == {"xml": entry}


def test_a_blank_string_is_not_an_entry() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        KnownEntry.unpack(" ")

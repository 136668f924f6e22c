"""Compare the index of the source with the index of the destination. Refuse a copy between different archives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from feedarchive.archive.manifest import MANIFEST, find_time_zone, require_time_zone
from feedarchive.copying.errors import CannotCopy
from feedarchive.digest.index import IndexedDay, parse_index
from feedarchive.digest.indexed_dates import INDEX
from feedarchive.json_values import DamagedJSON
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class Side:
    """The index (archive/index.json) of the source or of the destination.

    ``data`` are the bytes of the file; b"" if there is no index.
    """

    data: bytes = b""
    time_zone: str = ""
    days: Mapping[date, IndexedDay] = field(default_factory=dict)


def read_side(store: Store) -> Side:
    """Read the index of a store. Raises CannotCopy if the index is damaged."""
    stored = store.read(INDEX)
    if stored is None:
        return Side()
    try:
        index = parse_index(stored.data)
    except DamagedJSON as error:
        raise CannotCopy(
            f"cannot read {store.location}/{INDEX} ({error}): run feedarchive digest --all there"
        ) from None
    return Side(stored.data, index.time_zone, index.days)


def check_sides(source: Store, destination: Store, everything: bool) -> None:
    """Raise CannotCopy in these cases:

    - Source and destination are the same.
    - The source has no index.
    - The destination belongs to another archive: it has another time zone, or days that the source lacks.
    - ``everything`` is False, so no claims are copied, and the destination is an archive (it has a manifest). Its next
      run would archive the copied articles again.
    """
    if source.location == destination.location:
        raise CannotCopy(f"{source.location} is both source and destination; give two locations")
    ours, theirs = read_side(source), read_side(destination)
    if not ours.data:
        has_manifest = source.read(MANIFEST) is not None
        advice = "run feedarchive digest first" if has_manifest else "it is not an archive, or not a copy of one"
        raise CannotCopy(f"{source.location} has no {INDEX}: {advice}")
    if everything:
        require_time_zone(source)
    zone = find_time_zone(destination)
    for other in (theirs.time_zone, zone.key if zone else ""):
        if other and other != ours.time_zone:
            raise CannotCopy(
                f"{destination.location} has the time zone {other}, but {source.location} has {ours.time_zone}: these "
                "are different archives; copy to an empty folder or bucket"
            )
    if foreign := theirs.days.keys() - ours.days.keys():
        raise CannotCopy(
            f"{destination.location} has articles of {min(foreign)}, but {source.location} has none: the destination "
            "belongs to another archive or is newer than the source; copy to an empty folder or bucket"
        )
    if not everything and destination.read(MANIFEST) is not None:
        raise CannotCopy(
            f"{destination.location} is an archive (it has an {MANIFEST}), and its next run would archive the copied "
            f"articles again: use --everything if it is a copy of {source.location}; otherwise copy to an empty folder "
            "or bucket"
        )


def is_same_day(ours: IndexedDay, theirs: IndexedDay | None) -> bool:
    """Check whether the digest of a day is the same on both sides."""
    return theirs is not None and bool(ours.sha256) and ours.sha256 == theirs.sha256

"""Find damage in the archive: damaged files, lost days, and days whose files differ from those announced.

When files are lost, the next build lists only the files that are left. Without this check, nobody would notice the
loss.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.digest.digest import day_folder, make_digest
from feedarchive.health.damage import Damage, DamagedFile
from feedarchive.proof.write_records import DayChange, recorded_lists
from feedarchive.store.interface import Presence, Store


@dataclass(frozen=True)
class CheckedDay:
    """The files of a day that was built, and their damage.

    - ``files``: the SHA-256 of the day's list of files.
    - ``damage``: the day's damaged files.
    - ``is_recovered``: whether the previous digest was missing or damaged, so that files could not be compared with it.
    """

    files: str
    damage: tuple[DamagedFile, ...]
    is_recovered: bool


@dataclass(frozen=True)
class FoundDamage:
    """The damage in the archive.

    - ``damage``: all damaged files that are known.
    - ``lost_days``: the days in the index that have no files any more, except days that were removed on purpose.
    """

    damage: tuple[DamagedFile, ...]
    lost_days: frozenset[date]


@dataclass(frozen=True)
class DamageCheck:
    """Checks the days of a build for damage. If a person accepts that a day is lost, ``on_change`` is called."""

    store: Store
    time_zone: str
    removed: RemovedFiles
    on_change: Callable[[DayChange], None]

    def check(
        self,
        built: Mapping[date, CheckedDay],
        gone: Collection[date],
        before: Iterable[DamagedFile],
        accepted: Collection[date] = frozenset(),
    ) -> FoundDamage:
        """Return all damage of the archive.

        Only the days in ``built`` and ``gone`` are checked. Other days keep the damage that the last build reported.

        - ``gone``: the days in the index that have no files any more.
        - ``before``: the damage that the last build reported.
        - ``accepted``: the days whose damage a person has accepted.
        """
        for day in sorted(set(gone) & set(accepted)):
            self.on_change(DayChange(make_digest(day, self.time_zone, ()), {}, {}, accepted=True))
        lost = frozenset(day for day in gone if day not in accepted and not self._was_removed(day))
        checked = {day.isoformat() for day in (*built, *gone)}
        damage = [each for each in before if each.day not in checked]
        damage += [each for day in built.values() for each in day.damage]
        damage += [_damaged_day(day, Damage.DAY_LOST) for day in lost]
        suspects = {each.day for each in before if each.damage is Damage.NOT_AS_ANNOUNCED}
        for day, found in built.items():
            if (found.is_recovered or day.isoformat() in suspects) and not self._is_as_announced(day, found.files):
                damage.append(_damaged_day(day, Damage.NOT_AS_ANNOUNCED))
        return FoundDamage(tuple(sorted(damage, key=lambda each: each.key)), lost)

    def _was_removed(self, day: date) -> bool:
        """Check whether a day was removed on purpose: its retention is over, or its digest was deleted.

        Only a bucket with versions tells a deleted file from a lost one.
        """
        if self.removed.is_expired(day):
            return True
        return self.store.presence(f"{day_folder(day)}digest.json") is Presence.DELETED

    def _is_as_announced(self, day: date, files: str) -> bool:
        recorded = recorded_lists(self.store, day)
        return not recorded or files in recorded


def _damaged_day(day: date, damage: Damage) -> DamagedFile:
    return DamagedFile(f"{day_folder(day)}digest.json", day.isoformat(), damage)

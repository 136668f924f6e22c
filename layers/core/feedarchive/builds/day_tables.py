"""Write a table of the articles of each announced day. If the day changes later, its table is written again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedarchive.proof.records import record_key
from feedarchive.store.interface import Presence, Store


@dataclass(frozen=True)
class DayTables:
    """Writes the tables of one archive."""

    store: Store

    def write(self, day: date) -> None:
        # Imported here for a faster cold start on Lambda: most builds write no table.
        from feedarchive.tables.write_table import write_table

        write_table(self.store, day)

    def before_change(self, day: date) -> None:
        """Write the table of a day whose list of files changes. Does nothing if the day was not announced yet.

        Call this before the digest is written. If the build is interrupted here, the digest still lists the old files.
        So the next build finds the same change, and writes the table.
        """
        if self._was_announced(day):
            self.write(day)

    def after_build(self, day: date, is_recovered: bool) -> None:
        """Write the table of an announced day if the day has none, because release 0.1 wrote no tables.

        ``is_recovered``: the day's digest was lost or damaged. Then the table is written again in any case.
        """
        if self._was_announced(day) and (is_recovered or not self._has_table(day)):
            self.write(day)

    def _has_table(self, day: date) -> bool:
        from feedarchive.tables.write_table import has_table  # Imported here for a faster cold start on Lambda.

        return has_table(self.store, day)

    def _was_announced(self, day: date) -> bool:
        return self.store.presence(record_key(day)) is not Presence.ABSENT

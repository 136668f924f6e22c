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
        """Write the table of a day."""
        # Imported here, because most builds write no table, and their cold start on Lambda would be slower.
        from feedarchive.tables.write_table import write_table

        write_table(self.store, day)

    def before_change(self, day: date) -> None:
        """Write the table of a day whose list of files changes. Does nothing if the day was not announced yet.

        Call this before the digest is written. If the build is interrupted between the two, the old digest does not
        list the files of the folder, so the next build writes the table and the digest again.
        """
        if self._was_announced(day):
            self.write(day)

    def after_build(self, day: date, is_recovered: bool) -> None:
        """Write the table of an announced day if it has none, or if ``is_recovered``: its digest was lost or damaged.

        A day may have no table, because release 0.1 wrote none.
        """
        if self._was_announced(day) and (is_recovered or not self._has_table(day)):
            self.write(day)

    def _has_table(self, day: date) -> bool:
        from feedarchive.tables.write_table import has_table  # Imported here for the same reason as in ``write``.

        return has_table(self.store, day)

    def _was_announced(self, day: date) -> bool:
        return self.store.presence(record_key(day)) is not Presence.ABSENT

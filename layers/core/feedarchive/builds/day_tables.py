"""Which days have a table: those that were announced. A day that changes afterwards gets a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedarchive.proof.records import record_key
from feedarchive.store.interface import Presence, Store


@dataclass(frozen=True)
class DayTables:
    """The tables of one archive."""

    store: Store

    def write(self, day: date) -> None:
        """Write the table of a day, for instance before it is announced."""
        # Imported only when needed: most builds announce nothing, and each cold start would wait for it.
        from feedarchive.tables.write_table import write_table

        write_table(self.store, day)

    def before_change(self, day: date) -> None:
        """Write the table of a day whose list of files changes, before its digest.

        After an interruption, the digest still differs from the folder, so the next build does both again.
        """
        if self._was_announced(day):
            self.write(day)

    def after_build(self, day: date, is_recovered: bool) -> None:
        """Write the table of an announced day that has none, or whose digest was damaged and is another one now.

        Release 0.1 wrote no tables.
        """
        if self._was_announced(day) and (is_recovered or not self._has_table(day)):
            self.write(day)

    def _has_table(self, day: date) -> bool:
        from feedarchive.tables.write_table import has_table  # imported only when needed, as above

        return has_table(self.store, day)

    def _was_announced(self, day: date) -> bool:
        return self.store.presence(record_key(day)) is not Presence.ABSENT

"""Which days have a table: those that were announced. A day that changes afterwards gets a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedarchive.proof.records import record_key
from feedarchive.store.interface import Presence, Store
from feedarchive.tables.write_table import has_table, write_table


@dataclass(frozen=True)
class DayTables:
    """The tables of one archive."""

    store: Store

    def write(self, day: date) -> None:
        """Write the table of a day that is about to be announced."""
        write_table(self.store, day)

    def before_change(self, day: date) -> None:
        """Write the table of a day whose list of files changes, before its digest.

        After an interruption, the digest still differs from the folder, so the next build does both again.
        """
        if self._was_announced(day):
            write_table(self.store, day)

    def after_build(self, day: date, is_recovered: bool) -> None:
        """Write the table of an announced day that has none, or whose digest was damaged and is another one now.

        Release 0.1 wrote no tables.
        """
        if self._was_announced(day) and (is_recovered or not has_table(self.store, day)):
            write_table(self.store, day)

    def _was_announced(self, day: date) -> bool:
        return self.store.presence(record_key(day)) is not Presence.ABSENT

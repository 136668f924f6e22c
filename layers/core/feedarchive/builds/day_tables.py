"""Keep a table of articles for each announced day. A day that changes after its announcement gets a new table."""

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
        # Imported only when needed: most builds announce nothing, and each cold start would wait for the module.
        from feedarchive.tables.write_table import write_table

        write_table(self.store, day)

    def before_change(self, day: date) -> None:
        """Write the table of an announced day whose list of files changes. Call this before its digest is written.

        After an interruption, the digest still differs from the folder, so the next build writes both again.
        """
        if self._was_announced(day):
            self.write(day)

    def after_build(self, day: date, is_recovered: bool) -> None:
        """Write the table of an announced day that has none, or whose damaged digest was replaced (``is_recovered``).

        Release 0.1 wrote no tables.
        """
        if self._was_announced(day) and (is_recovered or not self._has_table(day)):
            self.write(day)

    def _has_table(self, day: date) -> bool:
        from feedarchive.tables.write_table import has_table  # imported only when needed, as above

        return has_table(self.store, day)

    def _was_announced(self, day: date) -> bool:
        return self.store.presence(record_key(day)) is not Presence.ABSENT

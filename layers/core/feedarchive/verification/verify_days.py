"""Check the days of an archive. A large archive in a folder is checked by several processes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.concurrency import cpu_count
from feedarchive.digest.index import IndexedDay
from feedarchive.proof.file_list import FileHashes, list_hash
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.verification.verify_day import CheckedDays, DayCheck

# With fewer files, starting processes takes longer than the check.
_MIN_FILES = 2_000


@dataclass(frozen=True)
class DaysCheck:
    """Checks days of one archive or copy.

    - ``quick``: compare only sizes and names from listings, and read no article.
    - ``on_hashed``: called with the number of bytes that were read, not counting companions. It is called after each
      file, or only after each day if worker processes check the days.
    - ``committed``: the hash of each day's list of files according to the chain (``ChainCheck.committed``).
    - ``on_day(day, files)``: called for each day that has a digest and a hash in ``committed``. ``files`` is None if
      the digest's list of files matches the hash. If not, it is the digest's list of files.
    - ``keep_claims``: whether the result contains ``CheckedDays.listed``, which needs memory for each file of the
      archive.
    """

    store: Store
    time_zone: str
    removed: RemovedFiles
    quick: bool = False
    on_hashed: Callable[[int], None] = lambda size: None
    committed: Mapping[date, str] = field(default_factory=dict)
    on_day: Callable[[date, FileHashes | None], None] = lambda day, files: None
    keep_claims: bool = True

    def check(
        self, days: Sequence[date], indexed: Mapping[date, IndexedDay], days_with_folder: Collection[date]
    ) -> CheckedDays:
        """Check these days against their digests and the index. Raises StoreError if a file cannot be read."""
        tasks = [_Task(day, indexed.get(day), day in days_with_folder, self.committed.get(day, "")) for day in days]
        result = CheckedDays()
        check = DayCheck(self.store, self.time_zone, self.removed, self.quick, self.keep_claims)
        files = sum(indexed[day].counts["files"] for day in days if day in indexed)
        if self.store.threads > 1 or files < _MIN_FILES or cpu_count() == 1:
            for task in tasks:
                self._add(result, task.day, _run(check, task, self.on_hashed))
            return result
        settings = (
            self.store.location, self.time_zone, self.removed.now, self.removed.retention, self.quick, self.keep_claims,
        )  # fmt: skip
        context = multiprocessing.get_context("forkserver")
        with ProcessPoolExecutor(cpu_count(), context, _start_worker, settings) as pool:
            try:
                for task, done in zip(tasks, pool.map(_run_in_worker, tasks), strict=True):
                    self.on_hashed(done.hashed)
                    self._add(result, task.day, done)
            finally:
                pool.shutdown(cancel_futures=True)
        return result

    def _add(self, result: CheckedDays, day: date, done: _Done) -> None:
        result.add(done.checked)
        if done.is_compared:
            self.on_day(day, done.files)


@dataclass(frozen=True)
class _Task:
    """A day to check. ``committed``: the hash of its list of files according to the chain; "" if there is none."""

    day: date
    indexed: IndexedDay | None
    has_folder: bool
    committed: str


@dataclass(frozen=True)
class _Done:
    """The result for a day.

    - ``hashed``: the number of bytes that were hashed.
    - ``is_compared``: whether the digest's list of files was compared with the chain.
    - ``files``: the digest's list of files if it differs from the chain; otherwise None.
    """

    checked: CheckedDays
    hashed: int
    is_compared: bool
    files: FileHashes | None


def _run(check: DayCheck, task: _Task, on_hashed: Callable[[int], None]) -> _Done:
    lists: list[FileHashes] = []
    sizes: list[int] = []

    def hashed(size: int) -> None:
        sizes.append(size)
        on_hashed(size)

    checked = check.check(task.day, task.indexed, task.has_folder, hashed, lists.append)
    is_compared = bool(lists and task.committed)
    differs = is_compared and list_hash(lists[0]) != task.committed
    return _Done(checked, sum(sizes), is_compared, lists[0] if differs else None)


# In a worker process, this list contains the DayCheck of the process.
_of_worker: list[DayCheck] = []


def _start_worker(
    root: str, time_zone: str, now: datetime | None, retention: timedelta | None, quick: bool, keep_claims: bool
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, and the parent ends its workers
    store = FolderStore(Path(root))
    _of_worker.append(DayCheck(store, time_zone, RemovedFiles(store, now, retention), quick, keep_claims))


def _run_in_worker(task: _Task) -> _Done:
    return _run(_of_worker[0], task, lambda size: None)

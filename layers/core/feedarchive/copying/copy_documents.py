"""Copy feed documents (the files in ``documents/``): missing files, and files that have grown since the last copy."""

from __future__ import annotations

from functools import partial
from io import BytesIO

from feedarchive.concurrency import in_parallel
from feedarchive.copying.report import CopyProblem, CopyReport, FileProblem
from feedarchive.copying.transfer import Pair, Transfer
from feedarchive.documents.document_keys import DOCUMENTS, parse_key


def copy_documents(pair: Pair, report: CopyReport) -> None:
    """Copy each file that has another size at the destination.

    A file changes only when a document is appended to it. So a file of the same size has not changed.
    """
    wanted, there = pair.source.sizes(DOCUMENTS), pair.destination.sizes(DOCUMENTS)
    keys = [key for key, size in wanted.items() if parse_key(key) and there.get(key) != size]
    for key, done in in_parallel(partial(_copy, pair), keys, pair.threads):
        if done is Transfer.DIFFERENT:
            report.problems.append(FileProblem(key, CopyProblem.DIFFERENT))
        elif done is Transfer.COPIED:
            report.add(wanted[key] - there.get(key, 0))


def _copy(pair: Pair, key: str) -> tuple[str, Transfer]:
    existing = pair.destination.read(key)
    if existing is None:
        return key, pair.copy_file(key, "")
    stored = pair.source.read(key)
    if stored is None:
        return key, Transfer.MISSING
    if not _is_earlier(existing.data, stored.data):
        return key, Transfer.DIFFERENT
    if not pair.dry_run:
        pair.write(key, stored.data)
    return key, Transfer.COPIED


def _is_earlier(copied: bytes, current: bytes) -> bool:
    """Check whether ``current`` begins with all complete documents of ``copied``.

    The last document of ``copied`` may be incomplete, because a run may have been writing it when the file was copied.
    """
    # Imported here to save time: most archives keep no documents.
    from feedarchive.documents.month_files import end_of

    found = end_of(BytesIO(copied), len(copied))
    return found is not None and current.startswith(copied[: found.end])

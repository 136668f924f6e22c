"""Copy claims: the files that tell a run which articles are archived.

Refuse a destination at which a run has archived articles since the last copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from feedarchive.archive.claim import ArticleClaim, parse_claim
from feedarchive.concurrency import in_parallel
from feedarchive.copying.errors import CannotCopy
from feedarchive.copying.report import CopyReport
from feedarchive.copying.transfer import Pair


@dataclass(frozen=True)
class ClaimDifferences:
    """Claims to copy.

    - ``new``: the keys of claims that the destination lacks.
    - ``changed``: the keys of claims that have different bytes at the destination.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]


def compare_claims(pair: Pair) -> Iterator[ClaimDifferences]:
    """Compare the claims at the source and at the destination.

    Yields the differences for each folder of claims, such as ``claims/00/``. Raises CannotCopy if the destination has a
    claim that the source lacks.
    """

    def compare(prefix: str) -> ClaimDifferences:
        wanted, there = pair.source.hashes(prefix), pair.destination.hashes(prefix)
        if foreign := min(there.keys() - wanted.keys(), default=""):
            raise CannotCopy(
                f"{pair.destination.location} has articles that {pair.source.location} does not have ({foreign}): the "
                "destination is another archive, or new articles were archived there after the last copy; a copy "
                "cannot merge two archives, so copy to an empty folder or bucket"
            )
        new = tuple(key for key in wanted if key not in there)
        return ClaimDifferences(new, tuple(k for k, md5 in wanted.items() if there.get(k, md5) != md5))

    folders = {*pair.source.folders("claims/"), *pair.destination.folders("claims/")}
    yield from in_parallel(compare, sorted(folders), _comparing_threads(pair))


def _comparing_threads(pair: Pair) -> int:
    """Return how many of the threads compare claims. The rest copy claims at the same time."""
    return max(1, pair.threads // 4)


@dataclass(frozen=True)
class CopiedClaim:
    """The result of copying one claim.

    - ``claim``: the claim at the destination after the copy; None if the claim has not changed, or if it belongs to a
      GUID and not to an article.
    - ``size``: how many bytes were written.
    """

    claim: ArticleClaim | None
    size: int


def copy_claims(pair: Pair, report: CopyReport) -> Iterator[ArticleClaim]:
    """Copy all new and changed claims.

    Yields the claims of articles, as they are at the destination after the copy. Claims of GUIDs are copied, but not
    yielded.
    """
    for differences in compare_claims(pair):
        keys = [*differences.new, *differences.changed]
        threads = max(1, pair.threads - _comparing_threads(pair))
        for copied in in_parallel(lambda key: _copy_claim(pair, key), keys, threads):
            if copied.size:
                report.add(copied.size)
            if copied.claim:
                yield copied.claim


def _copy_claim(pair: Pair, key: str) -> CopiedClaim:
    """Copy one claim. If the article was forgotten at the destination, keep the tombstone there."""
    stored = pair.source.read(key)
    existing = pair.destination.read(key)
    if stored is None or (existing and existing.data == stored.data):
        return CopiedClaim(None, 0)
    claim, there = parse_claim(stored.data), parse_claim(existing.data) if existing else None
    if isinstance(there, ArticleClaim) and there.deleted:
        return CopiedClaim(there, 0)
    written = pair.write(key, stored.data)
    return CopiedClaim(claim if isinstance(claim, ArticleClaim) else None, len(stored.data) if written else 0)

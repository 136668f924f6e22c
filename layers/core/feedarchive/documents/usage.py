"""How much storage the kept documents take, and which of them may contain an article. No document is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feedarchive.documents.document_keys import DOCUMENTS, parse_key
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class Usage:
    """The number of files and of bytes below ``documents/``."""

    files: int
    bytes: int

    def __bool__(self) -> bool:
        return bool(self.files)


def usage(store: Store) -> Usage:
    """How much storage the documents take. Makes one listing."""
    sizes = store.sizes(DOCUMENTS)
    return Usage(len(sizes), sum(sizes.values()))


def months_that_may_contain(store: Store, archived: Iterable[date]) -> str:
    """The first month of documents that may contain articles archived on these days; "" if there is none.

    A feed's document contains an article until newer ones replace it. So every document from that month on may contain
    it.
    """
    first = f"{min(archived, default=date.max):%Y-%m}"
    months = {found.month for key in store.list(DOCUMENTS) if (found := parse_key(key))}
    return min((month for month in months if month >= first), default="")

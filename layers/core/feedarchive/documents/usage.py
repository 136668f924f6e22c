"""How much storage the kept feed documents take, and the first month whose documents may contain an article."""

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
    """Returns how much storage the documents take. Reads no document."""
    sizes = store.sizes(DOCUMENTS)
    return Usage(len(sizes), sum(sizes.values()))


def first_month_that_may_contain(store: Store, archived: Iterable[date]) -> str:
    """Return the first month whose documents may contain one of the articles; "" if there is none.

    ``archived``: the days on which the articles were archived. Documents of all later months may contain them too.
    """
    first = f"{min(archived, default=date.max):%Y-%m}"
    months = {found.month for key in store.list(DOCUMENTS) if (found := parse_key(key))}
    return min((month for month in months if month >= first), default="")

"""``feedarchive forget``."""

from __future__ import annotations

import argparse
import logging

from feedarchive.archive.forget import forget
from feedarchive.archive.open import require_archive
from feedarchive.cli.fetch import now
from feedarchive.store.location import open_store

_log = logging.getLogger(__name__)


def forget_articles(arguments: argparse.Namespace) -> int:
    """Forget each key or link. 1 if one of them led to nothing, after all others are done."""
    store = open_store(arguments.archive)
    require_archive(store)
    status = 0
    for asked in arguments.articles:
        result = forget(store, asked, now())
        for key in result.removed:
            print(f"removed {key}")
        if not result.found:
            _log.error("%s: no article of %s has this key or link", asked, store.location)
            status = 1
        elif not result.removed:
            print(f"{asked}: was forgotten before; nothing left to remove")
    return status

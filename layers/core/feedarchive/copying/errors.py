"""Why a copy is refused."""

from __future__ import annotations

from feedarchive.archive.manifest import InvalidArchive


class CannotCopy(InvalidArchive):
    """These two locations cannot be copied. The message says why and what to do; nothing was overwritten."""

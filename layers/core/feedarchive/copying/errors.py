"""The exception for a copy that is refused."""

from __future__ import annotations

from feedarchive.archive.manifest import InvalidArchive


class CannotCopy(InvalidArchive):
    """The source cannot be copied to the destination. The message says why and what to do. Nothing was overwritten."""

"""The archive that a command uses if none is given."""

from __future__ import annotations

import os

DEFAULT_ARCHIVE = "./my-archive"
ARCHIVE_VARIABLE = "FEEDARCHIVE_ARCHIVE"


def default_archive() -> str:
    """The location in the environment variable FEEDARCHIVE_ARCHIVE; without it, the folder ``my-archive``."""
    return os.environ.get(ARCHIVE_VARIABLE) or DEFAULT_ARCHIVE

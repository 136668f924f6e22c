"""The archive that a command uses if none is given."""

from __future__ import annotations

import os

DEFAULT_ARCHIVE = "./my-archive"
ARCHIVE_VARIABLE = "FEEDARCHIVE_ARCHIVE"


def default_archive() -> str:
    """Returns the value of the environment variable FEEDARCHIVE_ARCHIVE; if that is not set, ``my-archive``."""
    return os.environ.get(ARCHIVE_VARIABLE) or DEFAULT_ARCHIVE

"""Open the store at a location that the user gives: a folder, or ``s3://bucket/prefix``."""

from __future__ import annotations

import re
from pathlib import Path

from feedarchive.store.interface import Store, checked_key

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class InvalidLocation(ValueError):
    """The location is neither a folder nor an S3 location. The message says what is expected."""


def open_store(location: str, connections: int = 16) -> Store:
    """Make the store at a location. Nothing is read or written yet. Raises InvalidLocation.

    ``connections``: how many connections to S3 may be open.
    """
    if not location.startswith("s3:"):
        if "://" in location or not location:
            raise InvalidLocation(f"{location!r} is not an archive location: give a folder or s3://bucket/prefix")
        # folder.py and s3.py are imported only when they are needed, because importing them takes long. A Lambda
        # function does not need folder.py, and an archive in a folder does not need s3.py with botocore.
        from feedarchive.store.folder import FolderStore

        return FolderStore(Path(location))
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    prefix = prefix.strip("/")
    try:
        if not location.startswith("s3://") or not _BUCKET.fullmatch(bucket):
            raise ValueError
        prefix = checked_key(prefix) + "/" if prefix else ""
    except ValueError:
        raise InvalidLocation(
            f"{location!r} is not an S3 location: give s3://bucket or s3://bucket/prefix; "
            "the prefix may contain only letters, digits, dots, hyphens, underscores and slashes"
        ) from None
    from feedarchive.store.s3 import S3Store, s3_client

    return S3Store(bucket, prefix, s3_client(connections), connections)

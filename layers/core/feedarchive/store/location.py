"""Open the store that a user names: a folder or ``s3://bucket/prefix``."""

from __future__ import annotations

import re
from pathlib import Path

from feedarchive.store.interface import Store, checked_key

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class InvalidLocation(ValueError):
    """A location that is neither a folder nor an S3 location; the message says what is expected."""


def open_store(location: str, connections: int = 16) -> Store:
    """The store at a location. Nothing is read or written yet. ``connections`` limits the open connections to S3."""
    if not location.startswith("s3:"):
        if "://" in location or not location:
            raise InvalidLocation(f"{location!r} is not an archive location: give a folder or s3://bucket/prefix")
        # Imported here, like s3.py below, because both imports take long: a Lambda function does not need this module,
        # and an archive in a folder does not need botocore.
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

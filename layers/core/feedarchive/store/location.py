"""From what a user writes, a folder or ``s3://bucket/prefix``, to the store that is there."""

from __future__ import annotations

import re
from pathlib import Path

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, checked_key

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class InvalidLocation(ValueError):
    """A location that is neither a folder nor an S3 address; the message says what was expected."""


def open_store(location: str, connections: int = 16) -> Store:
    """The store at a location. Nothing is written, nor (for S3) asked, yet."""
    if not location.startswith("s3:"):
        if "://" in location or not location:
            raise InvalidLocation(f"{location!r} is no archive location: give a folder or s3://bucket/prefix")
        return FolderStore(Path(location))
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    prefix = prefix.strip("/")
    try:
        if not location.startswith("s3://") or not _BUCKET.fullmatch(bucket):
            raise ValueError
        prefix = checked_key(prefix) + "/" if prefix else ""
    except ValueError:
        raise InvalidLocation(
            f"{location!r} is no S3 location: expected s3://bucket or s3://bucket/prefix, "
            "the prefix of letters, digits, dots, hyphens and slashes"
        ) from None
    # boto3 takes longer to import than a folder takes to archive: only those who need it pay.
    from feedarchive.store.s3 import S3Store, s3_client

    return S3Store(bucket, prefix, s3_client(connections))

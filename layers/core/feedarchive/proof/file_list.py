"""The list of a day's files with their hashes, in the form that ``sha256sum`` prints.

    <sha256>  archive/2025/12/25/example.org/a-title-0123456789ab.md

There is one line for each file, and each ends with a newline. The lines are sorted by the bytes of the key.

A day record contains the hash of this list, and not only the hash of digest.json. There are two reasons: anybody can
check the list with ``sha256sum`` alone, and the list stays the same if a later release writes digest.json in another
format.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feedarchive.digest.digest import ListedFile
from feedarchive.hashes import sha256_of

FileHashes = Mapping[str, str]
"""Maps the key of each file of a day (articles, revisions and companions) to its SHA-256 in hex."""


def file_hashes(files: Iterable[ListedFile]) -> dict[str, str]:
    """Return the SHA-256 of each file according to the digest, by key."""
    return {each.key: each.sha256 for each in files}


def file_list(files: FileHashes) -> bytes:
    """Return the lines that ``sha256sum`` would print for the files of a day, sorted by key."""
    return "".join(f"{files[key]}  {key}\n" for key in sorted(files)).encode()


def list_hash(files: FileHashes) -> str:
    """Return the SHA-256 (hex) of ``file_list(files)``."""
    return sha256_of(file_list(files))

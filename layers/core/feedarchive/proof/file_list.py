"""The list of a day's files with their hashes, in the form that ``sha256sum`` prints.

    <sha256>  archive/2025/12/25/example.org/a-title-0123456789ab.md

There is one line for each file, and each ends with a newline. The lines are sorted by the bytes of the key.

The chain commits to the hash of this list and not only to that of digest.json, for two reasons. Anybody can check a day
with ``sha256sum`` alone, and a later format of digest.json changes nothing to which the chain has committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feedarchive.digest.digest import ListedFile
from feedarchive.hashes import sha256_of

FileHashes = Mapping[str, str]
"""The SHA-256 (hex) of each file of a day (versions and companions), by key."""


def file_hashes(files: Iterable[ListedFile]) -> dict[str, str]:
    """The hashes that a digest lists for its files, by key."""
    return {each.key: each.sha256 for each in files}


def file_list(files: FileHashes) -> bytes:
    """The list as ``sha256sum`` prints it, sorted by key."""
    return "".join(f"{files[key]}  {key}\n" for key in sorted(files)).encode()


def list_hash(files: FileHashes) -> str:
    """The SHA-256 (hex) of the list."""
    return sha256_of(file_list(files))

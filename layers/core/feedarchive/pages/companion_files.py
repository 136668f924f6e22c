"""Read the companions (full text, list of media) of a version that is to be rendered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from feedarchive.article.file_names import CompanionKind, companion_kind


@dataclass(frozen=True)
class CompanionFile:
    """The key of a companion, and the bytes of its file."""

    key: str
    data: bytes


def read_companions(keys: Iterable[str], read: Callable[[str], bytes | None]) -> dict[CompanionKind, CompanionFile]:
    """Read the companions with these keys, and return them by their kind. Missing and truncated files are left out."""
    found: dict[CompanionKind, CompanionFile] = {}
    for key in keys:
        kind, data = companion_kind(key), read(key)
        if kind and data and data.endswith(b"\n"):
            found[kind] = CompanionFile(key, data)
    return found

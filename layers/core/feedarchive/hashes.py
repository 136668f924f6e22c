"""The hash by which files are compared."""

from __future__ import annotations

import hashlib


def sha256_of(data: bytes) -> str:
    """The SHA-256 (hex) of bytes."""
    return hashlib.sha256(data).hexdigest()

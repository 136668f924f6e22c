"""Format and parse times in the format of all files of an archive: RFC 3339, UTC, whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime


def format_rfc3339(moment: datetime) -> str:
    """Returns a time as text, such as ``2025-12-25T10:11:12Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_rfc3339(written: str) -> datetime:
    """Parse a time that this program wrote. Raises ValueError if it is malformed or has no offset from UTC."""
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(f"no time zone: {written!r}")
    return moment

"""Feedarchive: keeps every article that its feeds ever contained, once, as a Markdown file."""

from datetime import UTC, datetime

__version__ = "0.1.0"
RELEASED = datetime(2026, 11, 26, tzinfo=UTC)
"""When this version was released. A clock that shows an earlier time is wrong."""

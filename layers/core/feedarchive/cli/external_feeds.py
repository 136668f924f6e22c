"""The option ``--feeds``: a feeds file outside the archive."""

from __future__ import annotations

from pathlib import Path

from feedarchive.feeds.toml_values import InvalidFeedsFile


def read_external_feeds(feeds_file: str | None) -> tuple[str | None, str]:
    """The text and the name of the feeds file; None and "" without the option. Raises InvalidFeedsFile."""
    if feeds_file is None:
        return None, ""
    try:
        return Path(feeds_file).read_text(encoding="utf-8-sig"), feeds_file
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "expected UTF-8 text"
        raise InvalidFeedsFile(f"{feeds_file}: {reason}") from None

"""The option ``--feeds``: a feeds file outside the archive."""

from __future__ import annotations

from pathlib import Path

from feedarchive.feeds.toml_values import InvalidFeedsFile


def read_external_feeds(feeds_file: str | None) -> tuple[str | None, str]:
    """Returns the text and the name of a feeds file. If ``feeds_file`` is None, returns None and "".

    An OPML file is converted to a feeds file. Raises InvalidFeedsFile, InvalidOpml.

    ``feeds_file``: the value of the option ``--feeds``.
    """
    if feeds_file is None:
        return None, ""
    try:
        data = Path(feeds_file).read_bytes()
        # Imported here because importing is slow, and most runs do not use --feeds.
        from feedarchive.subscriptions.feeds_of_opml import feeds_file_of_opml
        from feedarchive.subscriptions.opml import looks_like_xml

        if looks_like_xml(data):
            return feeds_file_of_opml(data, feeds_file), feeds_file
        return data.decode("utf-8-sig"), feeds_file
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "expected UTF-8 text"
        raise InvalidFeedsFile(f"{feeds_file}: {reason}") from None

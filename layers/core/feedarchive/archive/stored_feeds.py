"""Read and write the archive's own feeds.toml, and feeds.last-good.toml, the copy of its last valid content."""

from __future__ import annotations

from feedarchive.feeds.feeds_file import FeedList, InvalidFeedsFile, parse_feeds_file
from feedarchive.feeds.masked_copy import masked_copy
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed

FEEDS_FILE = "feeds.toml"
LAST_VALID = "feeds.last-good.toml"


def read_feeds_file(store: Store) -> str:
    """Return the text of feeds.toml. Raises InvalidFeedsFile if the file is missing or not UTF-8."""
    stored = store.read(FEEDS_FILE)
    if stored is None:
        copy = f" ({LAST_VALID} is a copy of the last valid one)" if store.read(LAST_VALID) else ""
        raise InvalidFeedsFile(
            f"{store.location}/{FEEDS_FILE} is missing: create it{copy}, or give another file with --feeds"
        )
    return decode_feeds_file(stored.data, f"{store.location}/{FEEDS_FILE}")


def decode_feeds_file(data: bytes, name: str) -> str:
    """Decode a feeds file. Raises InvalidFeedsFile if it is not UTF-8; ``name`` is the file's name in the message."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidFeedsFile(f"{name}: line {line}: expected UTF-8 text") from None


def create_feeds_file(store: Store, text: str) -> None:
    """Write the feeds.toml of a new archive. If the file already exists, because a person put it there, keep it."""
    if store.read(FEEDS_FILE) is None:
        store.create(FEEDS_FILE, text.encode())


def keep_last_valid(store: Store, text: str, feeds: FeedList) -> None:
    """Store a copy of a valid feeds.toml, without its secrets. If feeds.toml is invalid later, runs use the copy."""
    text = masked_copy(text, feeds)
    data = text.encode() if text.endswith("\n") else text.encode() + b"\n"
    write_if_changed(store, LAST_VALID, data)


def read_last_valid(store: Store) -> FeedList:
    """Return the feeds in the copy of the last valid feeds.toml; no feeds if the copy is missing or damaged."""
    stored = store.read(LAST_VALID)
    try:
        return parse_feeds_file(stored.data.decode("utf-8-sig"), LAST_VALID) if stored else FeedList(())
    except (InvalidFeedsFile, UnicodeDecodeError):
        return FeedList(())

"""Edit the text of feeds.toml, and keep the user's comments and layout. Pure functions.

tomlkit is not used, because removing a feed with tomlkit also deletes the comment above the next feed.

Every new text is parsed before it is returned, to make sure that only the intended values have changed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from feedarchive.feeds.feeds_file import feed_ids
from feedarchive.feeds.secret_references import has_reference
from feedarchive.feeds.toml_text import toml_string
from feedarchive.subscriptions.errors import CannotEdit
from feedarchive.subscriptions.toml_layout import end_of_header, feed_tables
from feedarchive.text import safe_text
from feedarchive.url_secrets import public_url

_BLANK_LINE_BEFORE = re.compile(r"(?:^|\n)[ \t]*\r?\n\Z")
_BLANK_LINE_AFTER = re.compile(r"[ \t]*\r?\n")


@dataclass(frozen=True)
class NewFeed:
    """A feed to write into feeds.toml. Empty values are not written."""

    url: str
    id: str = ""
    title: str = ""
    home_page: str = ""
    tags: tuple[str, ...] = ()

    def fields(self) -> dict[str, str | list[str]]:
        """Return the keys and values to write, in this order. Empty values are left out."""
        fields: dict[str, str | list[str]] = {
            "url": safe_text(self.url),
            "id": self.id,
            "title": safe_text(self.title),
            "home_page": safe_text(self.home_page),
            "tags": [safe_text(tag) for tag in self.tags],
        }
        return {key: value for key, value in fields.items() if value}


def append_feeds(text: str, feeds: Sequence[NewFeed]) -> str:
    """Append feeds to the text of a feeds file, which must be valid. Returns the new text. Raises CannotEdit."""
    data = tomllib.loads(text)
    if not feeds:
        return text
    for feed in feeds:
        if has_reference(feed.url):
            raise CannotEdit(
                f"{public_url(feed.url)} refers to a secret (env: or ssm:): add this feed to the file by hand"
            )
    _require_tables(text, data)
    newline = _newline(text)
    start = text if not text or text.endswith("\n") else text + newline
    tables = [_table(feed, newline) for feed in feeds]
    edited = start + "".join((newline if start or number else "") + table for number, table in enumerate(tables))
    wanted = [*data.get("feeds", []), *(feed.fields() for feed in feeds)]
    return _verified(edited, {**data, "feeds": wanted})


def remove_feeds(text: str, ids: Collection[str]) -> str:
    """Remove the feeds with these ids from the text of a feeds file. Returns the new text. Raises CannotEdit.

    Comments outside the tables of these feeds are kept.
    """
    data = tomllib.loads(text)
    _require_tables(text, data)
    tables, removed = feed_tables(text), [each in ids for each in feed_ids(data.get("feeds", []))]
    parts = [part for table, remove in zip(tables, removed, strict=True) if remove for part in table.parts]
    for start, end in sorted(parts, reverse=True):
        text = _without(text, start, end)
    kept = [table for table, remove in zip(data.get("feeds", []), removed, strict=True) if not remove]
    wanted = {key: value for key, value in {**data, "feeds": kept}.items() if key != "feeds" or kept}
    # If nothing is left, write an empty table, because the next run would reject an empty file.
    if not wanted:
        text, wanted = f"{text}{_newline(text)}[archive]{_newline(text)}", {"archive": {}}
    return _verified(text, wanted)


def set_archive_value(text: str, key: str, value: str) -> str:
    """Insert ``key = "value"`` as the first line of ``[archive]``. Returns the new text. Raises CannotEdit."""
    data, newline = tomllib.loads(text), _newline(text)
    line = f"{key} = {toml_string(value)}{newline}"
    if (end := end_of_header(text, "archive")) is None:
        edited = f"[archive]{newline}{line}{newline}{text}"
    else:
        edited = text[:end] + ("" if text[:end].endswith("\n") else newline) + line + text[end:]
    return _verified(edited, {**data, "archive": {**data.get("archive", {}), key: value}})


def _table(feed: NewFeed, newline: str) -> str:
    lines = ["[[feeds]]"]
    for key, value in feed.fields().items():
        written = toml_string(value) if isinstance(value, str) else f"[{', '.join(map(toml_string, value))}]"
        lines.append(f"{key} = {written}")
    return newline.join(lines) + newline


def _require_tables(text: str, data: dict[str, Any]) -> None:
    if ("feeds" in data and len(feed_tables(text)) != len(data["feeds"])) or data.get("feeds") == []:
        raise CannotEdit("the feeds are in a list, feeds = […]: write a table [[feeds]] for each feed instead")


def _without(text: str, start: int, end: int) -> str:
    """Remove a part of the text. If this leaves two empty lines in a row, one of them is removed too."""
    before, after = text[:start], text[end:]
    blank_before = _BLANK_LINE_BEFORE.search(before)
    blank_after = _BLANK_LINE_AFTER.match(after)
    if blank_before and (blank_after or not after):
        before = before[: blank_before.start() + (blank_before.group()[0] == "\n")]
    elif not before and blank_after:
        after = after[blank_after.end() :]
    return before + after


def _verified(edited: str, wanted: dict[str, Any]) -> str:
    try:
        found = tomllib.loads(edited)
    except tomllib.TOMLDecodeError:
        found = {}
    if found != wanted:
        raise CannotEdit("the file has an unusual layout, so this program cannot edit it: edit it by hand")
    return edited


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n"

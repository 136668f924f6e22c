"""The columns of the tables. Columns are never removed or changed: queries and Athena's table depend on them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from feedarchive.kinds import Kind


class ColumnType(Kind):
    """The type of a column."""

    TEXT = "text", "a string"
    TEXTS = "texts", "a list of strings"
    NUMBER = "number", "a whole number"
    TIME = "time", "RFC 3339, UTC, such as `2025-12-25T10:00:00Z`"
    DAY = "day", "a date, such as `2025-12-25`"
    BOOLEAN = "boolean", "true or false"


@dataclass(frozen=True)
class Column:
    """A column of the tables.

    - ``required``: the value is never null.
    - ``sparse``: where the value is null, JSON Lines leave the column out. So adding the column did not change the
      tables of archives that do not use it.
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    sparse: bool = False

    @property
    def description(self) -> str:
        """The meaning of the column, and whether its value may be null."""
        if self.required:
            return self.meaning
        return f"{self.meaning}; {'left out of JSON if there is none' if self.sparse else 'may be null'}".lstrip("; ")


_T, _N, _TIME = ColumnType.TEXT, ColumnType.NUMBER, ColumnType.TIME

COLUMNS = (
    Column("key", _T, "the file, relative to the archive", required=True),
    Column("day", ColumnType.DAY, "the day of archiving, in the archive's time zone", required=True),
    Column("site", _T, "the folder of the file", required=True),
    Column("id", _T, "the article: the same for all of its versions", required=True),
    Column("revision", _N, "2 for the second version; null for the first"),
    Column("previous", _T, "the file of the version before"),
    Column("previous_title", _T, "the title of the version before, if it was another"),
    Column("words_added", _N, "compared with the version before"),
    Column("words_removed", _N, "compared with the version before"),
    Column("title", _T, ""),
    Column("description", _T, ""),
    Column("image", _T, "URL"),
    Column("link", _T, "URL of the article"),
    Column("source", _T, "URL of the feed"),
    Column("feed", _T, "title of the feed"),
    Column("author", _T, ""),
    Column("tags", ColumnType.TEXTS, "empty if there are none", required=True),
    Column("guid", _T, "as the feed has it"),
    Column("language", _T, "as the feed has it"),
    Column("date", ColumnType.DAY, "the day of publication in UTC; without it, of archiving"),
    Column("published", _TIME, ""),
    Column("published_claimed", _TIME, "a time of publication that was in the future"),
    Column("published_as_written", _T, "a time of publication that cannot be parsed"),
    Column("updated", _TIME, "by the publisher"),
    Column("archived", _TIME, "", required=True),
    Column("original_feed", _T, "title of the feed that an aggregator took it from"),
    Column("original_source", _T, "URL of that feed"),
    Column("duration", _N, "of an episode, in seconds"),
    Column("episode", _T, "as written"),
    Column("season", _T, "as written"),
    Column("transcript", _T, "URL"),
    Column("chapters", _T, "URL"),
    Column("draft", ColumnType.BOOLEAN, "always false"),
    Column("wording", _T, "fingerprint of title and text"),
    Column("words", _N, "of the body", required=True),
    Column("bytes", _N, "size of the file", required=True),
    Column("sha256", _T, "of the file", required=True),
    Column("body", _T, "the text in Markdown", required=True),
    Column("full_text", _T, "the text of the article's page in Markdown", sparse=True),
    Column("full_words", _N, "of the full text", sparse=True),
    Column("full_key", _T, "the file of the full text", sparse=True),
    Column("media", ColumnType.TEXTS, "the files of its stored pictures and enclosures", sparse=True),
)

"""The columns of the tables.

A column is never removed or changed, because the queries of users and the definition of the table in Athena name it.
"""

from __future__ import annotations

from dataclasses import dataclass

from feedarchive.kinds import Kind


class ColumnType(Kind):
    """The type of the values in a column."""

    TEXT = "text", "a string"
    TEXTS = "texts", "a list of strings"
    NUMBER = "number", "a whole number"
    TIME = "time", "RFC 3339, UTC, such as `2025-12-25T10:00:00Z`"
    DAY = "day", "a date, such as `2025-12-25`"
    BOOLEAN = "boolean", "true or false"


@dataclass(frozen=True)
class Column:
    """A column of the tables.

    - ``meaning``: what the value is; "" if the name of the column says it.
    - ``required``: the value is never null.
    - ``sparse``: null values are left out of JSON Lines. Columns that were added later are sparse, so that they do not
      change the tables of older days.
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    sparse: bool = False

    @property
    def description(self) -> str:
        """The meaning of the column, and how a missing value is written."""
        if self.required:
            return self.meaning
        return f"{self.meaning}; {'left out of JSON if there is none' if self.sparse else 'may be null'}".lstrip("; ")


_T, _N, _TIME = ColumnType.TEXT, ColumnType.NUMBER, ColumnType.TIME

COLUMNS = (
    Column("key", _T, "path of the article file in the archive", required=True),
    Column("day", ColumnType.DAY, "day of archiving, in the archive's time zone", required=True),
    Column("site", _T, "site of the article: the name of the folder of its file", required=True),
    Column("id", _T, "id of the article; all versions of an article have the same id", required=True),
    Column("revision", _N, "number of the version: 2 for the second version, null for the first"),
    Column("previous", _T, "path of the file of the previous version"),
    Column("previous_title", _T, "title of the previous version, if it was different"),
    Column("words_added", _N, "how many words were added to the previous version"),
    Column("words_removed", _N, "how many words were removed from the previous version"),
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
    Column("date", ColumnType.DAY, "day of publication; if unknown, day of the last change or of archiving (UTC)"),
    Column("published", _TIME, ""),
    Column("published_claimed", _TIME, "time of publication in the feed, if it was in the future"),
    Column("published_as_written", _T, "time of publication in the feed, if it cannot be parsed"),
    Column("updated", _TIME, "time of the last change, according to the feed"),
    Column("archived", _TIME, "", required=True),
    Column("original_feed", _T, "title of the feed from which an aggregator took the article"),
    Column("original_source", _T, "URL of the feed from which an aggregator took the article"),
    Column("duration", _N, "duration of the episode in seconds"),
    Column("episode", _T, "number of the episode, as the feed has it"),
    Column("season", _T, "number of the season, as the feed has it"),
    Column("transcript", _T, "URL of the transcript of the episode"),
    Column("chapters", _T, "URL of the list of chapters of the episode"),
    Column("draft", ColumnType.BOOLEAN, "always false; static site generators read this field"),
    Column("wording", _T, "fingerprint of title and text"),
    Column("words", _N, "number of words of the body", required=True),
    Column("bytes", _N, "size of the file", required=True),
    Column("sha256", _T, "SHA-256 of the file", required=True),
    Column("body", _T, "the text in Markdown", required=True),
    Column("full_text", _T, "the text of the article's page in Markdown", sparse=True),
    Column("full_words", _N, "number of words of the full text", sparse=True),
    Column("full_key", _T, "path of the file of the full text", sparse=True),
    Column("media", ColumnType.TEXTS, "paths of the stored pictures and enclosures of the article", sparse=True),
)

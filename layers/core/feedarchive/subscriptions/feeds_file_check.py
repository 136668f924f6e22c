"""Find all mistakes in a feeds file, with line numbers. The parser reports only the first mistake. Pure functions."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList, InvalidFeedsFile, parse_feeds_file
from feedarchive.subscriptions.feed_urls import spelling_key
from feedarchive.subscriptions.toml_layout import FeedTable, end_of_header, feed_tables, line_of

_MAX_PROBLEMS = 50


@dataclass(frozen=True)
class FeedsFileCheck:
    """The result of a check.

    - ``feeds``: the content of the file; None if it is not valid.
    - ``problems``: messages about the mistakes in a file that is not valid.
    - ``warnings``: messages about feeds in a valid file that may be the same feed.
    """

    feeds: FeedList | None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_feeds_file(text: str, name: str) -> FeedsFileCheck:
    """Check the text of a feeds file. Each message begins with ``name``, the name of the file."""
    try:
        feeds = parse_feeds_file(text, name)
    except InvalidFeedsFile as error:
        return FeedsFileCheck(None, tuple(_each_problem(text, name)) or (str(error),))
    return FeedsFileCheck(feeds, warnings=tuple(_possible_duplicates(text, name, feeds.feeds)))


def _each_problem(text: str, name: str) -> list[str]:
    """Return the errors of all tables. Returns [] if the file is not valid TOML, because it cannot be split then."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError):
        return []
    problems = []
    for number, table in enumerate(tables := feed_tables(text)):
        own = _text_of(text, table)
        if _problem_of(own, name):
            # Messages contain the number of the feed. So each feed before it is replaced with a valid feed.
            before = "".join(f'[[feeds]]\nurl = "https://{n}.invalid/"\n' for n in range(number))
            problems.append(_with_line(_problem_of(before + own, name), name, line_of(text, table.start)))
        if len(problems) >= _MAX_PROBLEMS:
            break
    if isinstance(data.get("feeds"), list) and len(tables) == len(data["feeds"]):
        problems += _problem_of_the_rest(text, name, tables)
    return problems


def _problem_of_the_rest(text: str, name: str, tables: list[FeedTable]) -> list[str]:
    parts = sorted((part for table in tables for part in table.parts), reverse=True)
    without_feeds = text
    for start, end in parts:
        without_feeds = without_feeds[:start] + without_feeds[end:]
    rest = f'{without_feeds}\n[[feeds]]\nurl = "https://example.invalid/"\n'
    problem = _problem_of(rest, name)
    for table in ("archive", "fetch"):
        header_end = end_of_header(text, table)
        if problem.startswith(f"{name}: {table}: ") and header_end is not None:
            return [_with_line(problem, name, line_of(text, header_end - 1))]
    return [problem] if problem else []


def _problem_of(text: str, name: str) -> str:
    try:
        parse_feeds_file(text, name)
    except InvalidFeedsFile as error:
        return str(error)
    return ""


def _with_line(problem: str, name: str, line: int) -> str:
    return problem.replace(f"{name}: ", f"{name}: line {line}: ", 1)


def _text_of(text: str, table: FeedTable) -> str:
    return "".join(text[start:end] + "\n" for start, end in table.parts)


def _possible_duplicates(text: str, name: str, feeds: tuple[Feed, ...]) -> list[str]:
    first: dict[str, Feed] = {}
    tables = feed_tables(text)
    warnings = []
    for number, feed in enumerate(feeds):
        other = first.setdefault(spelling_key(feed.url), feed)
        if other is not feed:
            line = f"line {line_of(text, tables[number].start)}: " if number < len(tables) else ""
            urls = f"{feed.public_url} may be the same feed as {other.public_url}"
            warnings.append(f"{name}: {line}{urls}")
    return warnings

"""What is wrong with a text that is no TOML, in the words of somebody who only wants to add a feed."""

from __future__ import annotations

import re

_PLACE = re.compile(r"^(.*?) ?\(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)
_BEGINNING = re.compile(r"\s*([A-Za-z_]+(?=\s*=)|\[\[?[a-z]+\]?\]?)")
_WORDS = {
    "archive", "fetch", "feeds", "time_zone", "contact", "retention_days", "allow_private_addresses", "proxy", "url",
    "id", "title", "tags", "interval", "site", "body", "revisions", "keep", "drop", "headers", "user_agent",
    "ignore_validators", "home_page",
}  # fmt: skip
# By the beginning of tomllib's message.
_CURES = {
    "Invalid value": 'a text stands in straight quotes, as in title = "Hello"; a switch is true or false',
    "Illegal character": "a text that begins with a quote ends with one, on the same line",
    "Unterminated string": "a text that begins with a quote ends with one, on the same line",
    'Expected "\'"': "a text that begins with a quote ends with one, on the same line",
    "Expected '=' after a key": 'a line is key = "value"',
    "Invalid statement": 'a line is key = "value", or [[feeds]] before each feed',
    "Cannot overwrite a value": "this key stands twice in the same feed or table: take one of them out",
    "Cannot declare": "this table stands twice; before each feed it is [[feeds]], with two brackets",
    "Expected ']]'": "before each feed stands [[feeds]], with two brackets on both sides",
    "Expected ']'": 'a list is ["one", "two"]; a table stands in brackets, as in [fetch]',
    "Unclosed array": 'a list is ["one", "two"]',
    "Unescaped '\\'": "a backslash in double quotes is written twice; in single quotes it stands for itself",
    "Expected newline or end of document after a statement": (
        'after a value, the line ends; a text stands in straight quotes, as in interval = "2 h"'
    ),
}


def syntax_error(text: str, message: str) -> str:
    """Line, what it begins with, and how it is written; tomllib's own words where there is nothing better."""
    match = _PLACE.match(message)
    what = match.group(1) if match else message
    number = int(match.group(2) or 0) if match else 0
    number = number or text.rstrip().count("\n") + 1
    cure = next((cure for start, cure in _CURES.items() if what.startswith(start)), what)
    return f"line {number}: {_shown(text, number)}{cure}"


def _shown(text: str, number: int) -> str:
    """What the line begins with, if that is a word of ours: all else may be a secret."""
    lines = text.split("\n")
    match = _BEGINNING.match(lines[number - 1]) if number <= len(lines) else None
    word = match.group(1).strip() if match else ""
    return f"{word}: " if word.strip("[] ") in _WORDS else ""

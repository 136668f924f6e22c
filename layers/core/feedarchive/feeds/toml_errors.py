"""Explain TOML syntax errors in simple words. No value is quoted in a message, because it may be a secret."""

from __future__ import annotations

import re

_POSITION = re.compile(r"^(.*?) ?\(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)
_KEY_OR_TABLE = re.compile(r"\s*([A-Za-z_]+(?=\s*=)|\[\[?[a-z]+\]?\]?)")
_KNOWN_WORDS = {
    "archive", "fetch", "feeds", "time_zone", "contact", "retention_days", "timestamp", "allow_private_addresses",
    "proxy", "url",
    "id", "title", "tags", "interval", "site", "body", "revisions", "keep", "drop", "headers", "user_agent",
    "ignore_validators", "timeout", "home_page", "tag_style", "ca",
    "pages", "images", "defaults", "full_text", "enclosures", "largest_enclosure", "keep_documents",
}  # fmt: skip
# Maps the start of a message of tomllib to advice for the user.
_EXPLANATIONS = {
    "Invalid value": 'write text in straight quotes, as in title = "Hello"; other values are numbers, true and false',
    "Illegal character": "text in quotes must end with a quote, on the same line",
    "Unterminated string": "text in quotes must end with a quote, on the same line",
    'Expected "\'"': "text in quotes must end with a quote, on the same line",
    "Expected '=' after a key": 'expected key = "value"',
    "Invalid statement": 'expected key = "value", or [[feeds]] above each feed',
    "Cannot overwrite a value": "this key is set twice in the same feed or table: remove one of the two",
    "Cannot declare": "this table is in the file already; above each feed, write [[feeds]], with two brackets",
    "Expected ']]'": "write [[feeds]], with two brackets on both sides, above each feed",
    "Expected ']'": 'write a list as ["one", "two"], and a table as [fetch]',
    "Unclosed array": 'write a list as ["one", "two"]',
    "Unescaped '\\'": "write a backslash in double quotes twice, or use single quotes",
    "Expected newline or end of document after a statement": (
        'nothing may follow a value on its line; write text in straight quotes, as in interval = "2 h"'
    ),
}


def syntax_error(text: str, message: str) -> str:
    """Return a message with the number of the wrong line, its key or table, and advice.

    ``message``: the message of tomllib. It is quoted if there is no advice for it.
    """
    match = _POSITION.match(message)
    problem = match.group(1) if match else message
    number = int(match.group(2) or 0) if match else 0
    number = number or text.rstrip().count("\n") + 1
    explanation = next((text for start, text in _EXPLANATIONS.items() if problem.startswith(start)), problem)
    return f"line {number}: {_key_or_table(text, number)}{explanation}"


def _key_or_table(text: str, number: int) -> str:
    """Return the key or table at the start of a line, such as "url: ".

    Returns "" for an unknown word, because it may be a secret.
    """
    lines = text.split("\n")
    match = _KEY_OR_TABLE.match(lines[number - 1]) if number <= len(lines) else None
    word = match.group(1).strip() if match else ""
    return f"{word}: " if word.strip("[] ") in _KNOWN_WORDS else ""

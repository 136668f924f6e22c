"""The messages between a parser process and its parent."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from feedarchive.document.model import NotAFeed
from feedarchive.parsing.model import Candidate, ParsedDocument, ParseRequest, RejectedEntry

PROGRESS = struct.Struct("<id")
"""The contents of the progress file:

- the number of the entry that is being converted
- the CPU seconds that the document had used before this entry
"""
NOT_STARTED, PARSING = -2, -1
"""Before the first entry, the progress file contains one of these in place of an entry's number."""
OUT_OF_MEMORY = 99
"""The exit status of a parser process that reached its memory limit."""


@dataclass(frozen=True)
class Call:
    """A request to call a function with one argument, under the same limits as parsing."""

    function: Callable[[Any], Any]
    argument: object


@dataclass(frozen=True)
class CallResult:
    """What the function of a ``Call`` returned."""

    value: object


Request = ParseRequest | Call
Part = ParsedDocument | NotAFeed | Candidate | RejectedEntry | CallResult


@dataclass(frozen=True)
class Limits:
    """The limits of a document.

    - ``document`` is the number of CPU seconds for the whole document.
    - ``entry`` is the number of CPU seconds for one entry.
    - ``memory`` is the number of bytes that the document may use, without the memory of the idle process.
    - ``send_interval`` is the number of CPU seconds between two messages with results.
    """

    document: float = 10.0
    entry: float = 3.0
    memory: int = 300 * 2**20
    send_interval: float = 0.25


@dataclass(frozen=True)
class PartialResult:
    """A message with some parts of a parsed document.

    - ``done``: no parts follow.
    - ``process_ends``: the process exits after this message.
    - ``bug`` is the text of an unexpected exception; "" if there was none.
    """

    parts: tuple[Part, ...]
    done: bool = False
    process_ends: bool = False
    bug: str = ""

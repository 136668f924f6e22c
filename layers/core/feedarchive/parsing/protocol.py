"""The messages between a parser process and its parent."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from feedarchive.document.model import NotAFeed
from feedarchive.parsing.model import Candidate, ParsedDocument, ParseRequest, RejectedEntry

PROGRESS = struct.Struct("<id")
"""The number of the entry being converted, and the CPU seconds used for the document before it."""
NOT_STARTED, PARSING = -2, -1
"""Instead of the number of an entry: before and while the document is parsed."""
OUT_OF_MEMORY = 99
"""The exit status of a parser process that reached its memory limit."""


@dataclass(frozen=True)
class Call:
    """A request to call a function with one argument: other work that needs the limits of a document.

    The function is sent as the name of its module and its own, so the parser process imports that module only for it.
    """

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
    """The limits of a document: CPU seconds for all of it and for one entry, and bytes of memory above those of the
    idle process.

    Results are sent every ``send_interval`` CPU seconds. Those not yet sent are lost if the process is killed.
    """

    document: float = 10.0
    entry: float = 3.0
    memory: int = 300 * 2**20
    send_interval: float = 0.25


@dataclass(frozen=True)
class PartialResult:
    """Some parts of a parsed document. ``done``: no parts follow. ``process_ends``: the process exits after these.

    ``bug`` is the text of an exception that must be a bug of this program, "" if there was none.
    """

    parts: tuple[Part, ...]
    done: bool = False
    process_ends: bool = False
    bug: str = ""

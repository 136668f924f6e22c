"""What passes between the process that reads documents and its parent."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from feedarchive.document.model import NotAFeed
from feedarchive.parsing.model import ParsedDocument, ParsedEntry, RejectedEntry

PROGRESS = struct.Struct("<id")
"""Which entry is being converted, and the CPU seconds used for the document until then."""
NOT_BEGUN, PARSING = -2, -1
"""In place of an entry's number."""
OUT_OF_MEMORY = 99
"""The exit status of a process whose document needed more memory than it may have."""

Part = ParsedDocument | NotAFeed | ParsedEntry | RejectedEntry


@dataclass(frozen=True)
class Limits:
    """What one document may take: CPU seconds in all and for one entry, and bytes of memory above what the idle
    process has. What is converted is handed over each ``hand_over`` CPU seconds: what is not handed over is lost
    with the process.
    """

    document: float = 10.0
    entry: float = 3.0
    memory: int = 300 * 2**20
    hand_over: float = 0.25


@dataclass(frozen=True)
class PartialResult:
    """Some parts of a reading. ``done``: nothing more comes; ``leaves``: the process ends now. ``bug`` is an
    exception's text, "" if there was none.
    """

    parts: tuple[Part, ...]
    done: bool = False
    leaves: bool = False
    bug: str = ""

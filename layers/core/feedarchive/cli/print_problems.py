"""Print the problems of a command on stderr, but not too many of them."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_MAX_PRINTED = 20


def print_problems(lines: Sequence[str]) -> None:
    """Print the first problems, one on a line. If there are more, print how many."""
    more = len(lines) - _MAX_PRINTED
    for line in lines[:_MAX_PRINTED]:
        print(f"feedarchive: {line}", file=sys.stderr)
    if more > 0:
        print(f"feedarchive: and {more} more problems: --json lists all", file=sys.stderr)

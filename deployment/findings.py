"""What `make smoke` found, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The result of a check."""

    GOOD = "good"
    BAD = "BAD"
    UNSEEN = "not seen"


@dataclass(frozen=True)
class Finding:
    """A line of the table: what was checked, and the result."""

    subject: str
    state: State
    detail: str


def as_table(findings: Sequence[Finding]) -> str:
    """Return the findings as text with aligned columns. The detail comes last, because it may be long."""
    subject, state = (max(len(getattr(each, name)) for each in findings) for name in ("subject", "state"))
    return "\n".join(f"{each.state:{state}}  {each.subject:{subject}}  {each.detail}" for each in findings)

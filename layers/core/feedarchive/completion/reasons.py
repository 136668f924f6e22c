"""Explain why jobs failed, and what to do. Pure functions."""

from __future__ import annotations

from feedarchive.fetching.problems import FetchProblem
from feedarchive.full_text.model import NoTextReason
from feedarchive.kinds import Kind
from feedarchive.problems import FeedError

_KINDS: tuple[Kind, ...] = (FeedError.BUG, *FetchProblem, *NoTextReason)
_BY_VALUE: dict[str, Kind] = {str(kind.value): kind for kind in _KINDS}


def meaning_of(reason: str) -> str:
    """Return what a reason means. A reason that this release does not know is returned unchanged."""
    return _BY_VALUE[reason].meaning if reason in _BY_VALUE else reason


def advice_for(reason: str) -> str:
    """Return what to do if a job fails for this reason; "" if this release does not know the reason."""
    return _BY_VALUE[reason].advice if reason in _BY_VALUE else ""

"""Every reason for which a job can fail, by its value. Pure."""

from __future__ import annotations

from feedarchive.fetching.problems import FetchProblem
from feedarchive.full_text.model import NoTextReason
from feedarchive.kinds import Kind
from feedarchive.problems import FeedError

_KINDS: tuple[Kind, ...] = (FeedError.BUG, *FetchProblem, *NoTextReason)
_BY_VALUE: dict[str, Kind] = {str(kind.value): kind for kind in _KINDS}


def meaning_of(reason: str) -> str:
    """What a reason means; the reason itself if another version of this program wrote it."""
    return _BY_VALUE[reason].meaning if reason in _BY_VALUE else reason


def advice_for(reason: str) -> str:
    """What a person can do about a reason; "" for one that another version of this program wrote."""
    return _BY_VALUE[reason].advice if reason in _BY_VALUE else ""

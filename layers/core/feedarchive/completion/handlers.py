"""Which handler runs each kind of job, and which kinds cannot run because a library is not installed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from feedarchive.completion.job import JobKind
from feedarchive.completion.media_job import MediaJobs
from feedarchive.completion.page_job import PageJobs
from feedarchive.completion.tools import MakeHandler
from feedarchive.feeds.feed import Feed, FullText
from feedarchive.full_text.extractor_library import MISSING, extractor_version

HANDLERS: Mapping[JobKind, MakeHandler] = {JobKind.PAGE: PageJobs, JobKind.MEDIA: MediaJobs}


def missing_libraries(handlers: Mapping[JobKind, MakeHandler], feeds: Iterable[Feed]) -> dict[JobKind, str]:
    """Return the kinds of jobs that these feeds need, but that cannot run because a library is not installed.

    The value of each kind is a message that says what to install. The jobs wait until the library is installed.
    """
    is_needed = JobKind.PAGE in handlers and any(feed.full_text is not FullText.OFF for feed in feeds)
    return {JobKind.PAGE: MISSING} if is_needed and not extractor_version() else {}

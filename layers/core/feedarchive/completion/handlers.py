"""What does the jobs of a kind, and what is missing to do them."""

from __future__ import annotations

from collections.abc import Mapping

from feedarchive.completion.job import JobKind
from feedarchive.completion.media_job import MediaJobs
from feedarchive.completion.page_job import PageJobs
from feedarchive.completion.tools import MakeHandler
from feedarchive.full_text.extractor_library import MISSING, extractor_version

HANDLERS: Mapping[JobKind, MakeHandler] = {JobKind.PAGE: PageJobs, JobKind.MEDIA: MediaJobs}


def missing_libraries(handlers: Mapping[JobKind, MakeHandler]) -> dict[JobKind, str]:
    """The kinds of jobs that cannot be done, and what to do about it. Their jobs wait."""
    return {JobKind.PAGE: MISSING} if JobKind.PAGE in handlers and not extractor_version() else {}

"""Check that this Lambda function works. `make smoke` runs the check."""

from __future__ import annotations

import time

from complete import store
from feedarchive.archive.manifest import is_archive
from feedarchive.completion.stored_jobs import read_jobs
from feedarchive.full_text.model import PageRequest, PageText
from feedarchive.full_text.page_text import read_page
from feedarchive.parsing.pool import shared_parser_pool

_WORDS = "This is the text of a test page. If it can be extracted, the layer is complete."
_TEXT = "".join(f"<p>{number}: {_WORDS}</p>" for number in range(20))
_PAGE = f"<html><body><article><h1>A check</h1>{_TEXT}</article></body></html>"


def check() -> dict[str, object]:
    """Extract the text of a page in a parser process, and count the jobs of the archive.

    Raises RuntimeError if no text is extracted.
    """
    began = time.perf_counter()
    found = read_page(shared_parser_pool(), PageRequest(_PAGE.encode(), "https://example.org/", "text/html"))
    if not isinstance(found, PageText):
        raise RuntimeError(f"the text of a page was not extracted: {found.detail}")
    jobs = sum(len(each.jobs) for each in read_jobs(store()).values()) if is_archive(store()) else 0
    return {"extractor": found.extractor, "jobs": jobs, "seconds": round(time.perf_counter() - began, 2)}

"""Find the article in a web page. Pure; it runs in the parser process, which has limits on time and memory."""

from __future__ import annotations

from feedarchive.full_text.extractor_library import article_html, extractor_version
from feedarchive.full_text.model import ExtractedPage, NoText, NoTextReason, PageRequest
from feedarchive.full_text.page_facts import canonical_of, page_language, page_title
from feedarchive.full_text.parse_page import is_html, parse_page


def extract_page(request: PageRequest) -> ExtractedPage | NoText:
    """Return the article in a page as HTML that is not yet sanitized."""
    page = parse_page(request.body, request.content_type) if is_html(request.body, request.content_type) else None
    if page is None:
        kind = request.content_type.partition(";")[0].strip() or "without a type"
        return NoText(NoTextReason.NOT_HTML, f"a document that is not a web page ({kind})")
    return ExtractedPage(
        html=article_html(page, request.url),
        extractor=extractor_version(),
        title=page_title(page),
        language=page_language(page),
        canonical=canonical_of(page, request.url),
    )

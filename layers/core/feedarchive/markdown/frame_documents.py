"""Move the HTML in the ``srcdoc`` attribute of an ``<iframe>`` into the element, so that it is converted."""

from __future__ import annotations

import html
import re

_OPENING = re.compile(r"<iframe(?=[\s/])", re.IGNORECASE)
# Attributes may contain ">" in quotation marks. The quantifiers are possessive, so no document can cause backtracking.
_TAG = re.compile(r"<iframe((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>", re.IGNORECASE)
_SRCDOC = re.compile(r"(?<=\s)srcdoc\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')", re.IGNORECASE)


def write_frame_documents(source: str) -> str:
    """Move the HTML of each ``srcdoc`` attribute into its frame."""
    parts: list[str] = []
    end = position = 0
    # A tag without ">" reaches to the end of the source, so the search ends there.
    while (opening := _OPENING.search(source, position)) and (tag := _TAG.match(source, opening.start())):
        position = tag.end()
        if found := _SRCDOC.search(source, tag.start(1), tag.end(1)):
            document = html.unescape(found.group(1) or found.group(2) or "")
            parts += [source[end : found.start()], source[found.end() : position], f"<div>{document}</div>"]
            end = position
    return "".join((*parts, source[end:])) if parts else source

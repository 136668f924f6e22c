"""Choose an entry's text as the first releases did. Ids depend on this choice (identity rule 4), so the rule is frozen.

choose_text.py decides which text becomes the text of the article.
"""

from __future__ import annotations

from feedarchive.document.model import Entry, Text
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.markdown.visible_text import visible_text


def richest_text(entry: Entry) -> Text | None:
    """Return the text with the most letters and digits; among equals the one that the feed calls content."""
    candidates = [*entry.contents, *([entry.summary] if entry.summary else [])]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    return max(candidates, key=lambda text: len(letters_and_digits(visible_text(text))))


def entry_text(entry: Entry) -> str:
    """Return the visible text of an entry by this rule; "" if the entry has none."""
    chosen = richest_text(entry)
    return visible_text(chosen) if chosen else ""

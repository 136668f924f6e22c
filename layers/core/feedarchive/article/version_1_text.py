"""Choose an entry's text by the rule of the first releases.

The ids of some articles are made from this text (identity rule 4 in docs/archive-format.md), so the rule must never
change. The text that an article shows is chosen by choose_text.py.
"""

from __future__ import annotations

from feedarchive.document.model import Entry, Text
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.markdown.visible_text import visible_text


def richest_text(entry: Entry) -> Text | None:
    """Return the text with the most letters and digits. If content and summary have equally many, the content wins.

    Returns None if the entry has no text.
    """
    candidates = [*entry.contents, *([entry.summary] if entry.summary else [])]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    return max(candidates, key=lambda text: len(letters_and_digits(visible_text(text))))


def entry_text(entry: Entry) -> str:
    """Return the text that ``richest_text`` chooses, without its markup; "" if the entry has no text."""
    chosen = richest_text(entry)
    return visible_text(chosen) if chosen else ""

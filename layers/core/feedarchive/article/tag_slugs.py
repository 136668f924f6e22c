"""Write each tag as one word: "Climate change" -> "climate-change". In Obsidian a tag ends at the first space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Obsidian allows letters, digits, underscores, hyphens and slashes in a tag; slashes separate nested tags. Unicode's
# marks (category M), such as accents and vowel signs, count as letters.
_SEPARATORS = re.compile(r"[-\s]+")
_SLASHES = re.compile(r"-*/[-/]*")


def slug_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in lower case, each once. A hyphen replaces spaces and characters that Obsidian does not allow."""
    return tuple(dict.fromkeys(slug for tag in tags if (slug := _slug(tag))))


def _slug(tag: str) -> str:
    folded = unicodedata.normalize("NFC", tag).lower()
    words = "".join(character if _is_allowed(character) else " " for character in folded)
    slug = _SLASHES.sub("/", _SEPARATORS.sub("-", words)).strip("-/")
    # Obsidian does not accept a tag that has only digits: "2025" -> "_2025".
    return f"_{slug}" if slug and not re.search(r"[^\d/-]", slug) else slug


def _is_allowed(character: str) -> bool:
    return character in "_-/" or unicodedata.category(character)[0] in "LMN"

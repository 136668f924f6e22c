"""Write each tag as one word, for programs such as Obsidian, in which a tag ends at the first space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Obsidian allows letters, digits, underscores, hyphens and slashes (nested tags). Marks are part of letters.
_SEPARATORS = re.compile(r"[-\s]+")
_SLASHES = re.compile(r"-*/[-/]*")


def slug_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in lower case, with hyphens in place of spaces and of characters that are not allowed, each once."""
    return tuple(dict.fromkeys(slug for tag in tags if (slug := _slug(tag))))


def _slug(tag: str) -> str:
    folded = unicodedata.normalize("NFC", tag).lower()
    words = "".join(character if _is_allowed(character) else " " for character in folded)
    slug = _SLASHES.sub("/", _SEPARATORS.sub("-", words)).strip("-/")
    # Obsidian does not accept a tag of digits only, so an underscore is added.
    return f"_{slug}" if slug and not re.search(r"[^\d/-]", slug) else slug


def _is_allowed(character: str) -> bool:
    return character in "_-/" or unicodedata.category(character)[0] in "LMN"

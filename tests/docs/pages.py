"""The documentation's pages, and the parts of Markdown that the tests look at."""

from __future__ import annotations

import itertools
import re
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")


def page_name(page: Path) -> str:
    """The path of a page in the repository."""
    return page.relative_to(ROOT).as_posix()


@cache
def _tokens(page: Path) -> list[Token]:
    return _MARKDOWN.parse(page.read_text(encoding="utf-8"))


def links(page: Path) -> list[str]:
    """The targets of a page's links and images."""
    found = []
    for token in _tokens(page):
        for child in token.children or []:
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                found.append(str(target))
    return found


@cache
def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to a page's headings."""
    tokens = _tokens(page)
    headings = [after for token, after in itertools.pairwise(tokens) if token.type == "heading_open"]
    return {_anchor("".join(c.content for c in heading.children or [])) for heading in headings}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def code_blocks(page: Path) -> list[str]:
    """The texts of a page's code blocks."""
    tokens = _tokens(page)
    return [token.content for token in tokens if token.type in ("code_block", "fence")]


def code_spans(page: Path) -> list[str]:
    """The texts of a page's inline code."""
    tokens = _tokens(page)
    return [c.content for token in tokens for c in token.children or [] if c.type == "code_inline"]


def command_lines(page: Path) -> list[str]:
    """The inline code of a page and the lines of its code blocks. Continued lines are joined, comments are removed."""
    lines = [line for block in code_blocks(page) for line in block.replace("\\\n", " ").splitlines()]
    return [re.sub(r"\s+# .*", "", line).strip() for line in [*lines, *code_spans(page)]]

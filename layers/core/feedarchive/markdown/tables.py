"""Keep tables of data, and unwrap tables that only lay out a page."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.markdown.blocks import BLOCKS
from feedarchive.markdown.tree import parent_of

# Blocks that a cell of a Markdown table cannot contain.
_NOT_IN_A_CELL = ("pre", "table", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "dl")
_TABLE_PARTS = ("caption", "thead", "tbody", "tfoot", "tr", "td", "th")


def unwrap_layout_table(table: HtmlElement) -> None:
    """If a table has a single column, or Markdown cannot represent it, turn its cells into blocks."""
    parts = [part for part in table.iterdescendants(*_TABLE_PARTS) if next(part.iterancestors("table")) is table]
    has_header = any(part.tag == "th" for part in parts)
    single_column = not has_header and all(len(part) < 2 for part in parts if part.tag == "tr")
    too_complex = next(table.iterdescendants(*_NOT_IN_A_CELL), None) is not None
    if single_column or too_complex or _breaks_list(table):
        for part in (table, *parts):
            part.tag = "div"


def _breaks_list(table: HtmlElement) -> bool:
    """Check whether a table is in a list, and the converter would indent it wrongly.

    Only a table that is a child of the list item and directly follows text is indented correctly.
    """
    item = parent_of(table)
    if item.tag == "li":
        return not (item.text or "").strip() or any(e.tag in BLOCKS for e in table.itersiblings(preceding=True))
    return any(ancestor.tag == "li" for ancestor in item.iterancestors())

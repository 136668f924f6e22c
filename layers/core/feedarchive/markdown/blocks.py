"""Names of block elements."""

from __future__ import annotations

UNINDENTED_BLOCKS = frozenset("div p section article aside header footer main center address body html".split())
"""Block elements whose text is not indented in Markdown."""
BLOCKS = UNINDENTED_BLOCKS | frozenset("ul ol pre table blockquote h1 h2 h3 h4 h5 h6 hr figure dl".split())

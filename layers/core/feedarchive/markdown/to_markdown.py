"""Sanitised HTML to CommonMark with GFM tables: every word, link and picture, nothing that runs."""

from __future__ import annotations

from collections.abc import Sequence

import lxml.html
from html_to_markdown import (
    CodeBlockStyle,
    ConversionOptions,
    HeadingStyle,
    HiddenContent,
    HighlightStyle,
    InlineDataMedia,
    LinkStyle,
    ListIndentType,
    NewlineStyle,
    OutputFormat,
    PreprocessingOptions,
    PreprocessingPreset,
    TierStrategy,
    UrlEscapeStyle,
    WhitespaceMode,
    convert,
)
from lxml.html import HtmlElement

from feedarchive.document.model import Enclosure
from feedarchive.markdown.element_rewriting import destination, prepare_elements
from feedarchive.markdown.escaping import arrived, prepare_texts
from feedarchive.markdown.inline_escaping import escape_inline

_OPTIONS = ConversionOptions(
    escape_asterisks=True, escape_underscores=True, escape_misc=True,
    extract_metadata=False, autolinks=False, expand_abbreviations=False, include_blockquote_citations=False,
    hidden_content=HiddenContent.ALL, highlight_style=HighlightStyle.NONE, newline_style=NewlineStyle.BACKSLASH,
    bullets="-", compact_tables=True, url_escape_style=UrlEscapeStyle.ANGLE, infer_dimensions=False, max_depth=1000,
    preprocessing=PreprocessingOptions(enabled=False, preset=PreprocessingPreset.STANDARD),
    # The defaults, not by their words: those are looked up at each call, which takes as long as converting.
    heading_style=HeadingStyle.ATX, list_indent_type=ListIndentType.SPACES, whitespace_mode=WhitespaceMode.NORMALIZED,
    code_block_style=CodeBlockStyle.BACKTICKS, inline_data_media=InlineDataMedia.KEEP, link_style=LinkStyle.INLINE,
    output_format=OutputFormat.MARKDOWN, tier_strategy=TierStrategy.AUTO,
    keep_inline_images_in=(
    "a div figure p picture h1 h2 h3 h4 h5 h6 li td th span blockquote strong em b i center section "
    "article aside header footer main dd dt summary details caption"
).split(),
)  # fmt: skip


def to_markdown(root: HtmlElement) -> str:
    """Convert a tree made by :func:`feedarchive.markdown.clean_html.sanitised`, which it changes.

    The result ends without a newline and is "" for a tree without content.
    """
    prepare_elements(root)
    prepare_texts(root)
    source = lxml.html.tostring(root, encoding="unicode", with_tail=False)
    markdown = arrived(convert(source, _OPTIONS).content or "")
    lines = [line.rstrip() if not line.endswith("\\") else line for line in markdown.split("\n")]
    return "\n".join(lines).strip("\n")


def enclosure_list(enclosures: Sequence[Enclosure]) -> str:
    """The files that come with an article, as a list of links: "* [audio/mpeg, 12.3 MB](https://…)"."""
    lines = []
    for enclosure in enclosures:
        size = f"{enclosure.length / 1e6:.1f} MB" if enclosure.length and enclosure.length >= 50_000 else ""
        label = ", ".join(part for part in (enclosure.title, enclosure.type, size) if part) or "attached file"
        # Another bullet than the text's own lists have: it begins a list of its own.
        lines.append(f"* [{escape_inline(label)}]({destination(enclosure.url)})")
    return "\n".join(lines)

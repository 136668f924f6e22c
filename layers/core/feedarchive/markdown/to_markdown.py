"""Convert sanitized HTML to CommonMark with GFM tables. Every word, link and image is kept."""

from __future__ import annotations

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

from feedarchive.markdown.escaping import escape_texts
from feedarchive.markdown.formulas import write_formulas
from feedarchive.markdown.placeholders import remove_placeholders_in, restore
from feedarchive.markdown.rewrite_elements import rewrite_elements

_OPTIONS = ConversionOptions(
    escape_asterisks=True, escape_underscores=True, escape_misc=True,
    extract_metadata=False, autolinks=False, expand_abbreviations=False, include_blockquote_citations=False,
    hidden_content=HiddenContent.ALL, highlight_style=HighlightStyle.NONE, newline_style=NewlineStyle.BACKSLASH,
    bullets="-", compact_tables=True, url_escape_style=UrlEscapeStyle.ANGLE, infer_dimensions=False, max_depth=1000,
    preprocessing=PreprocessingOptions(enabled=False, preset=PreprocessingPreset.STANDARD),
    # The default values, as enum members. With the library's own defaults, which are strings, converting an article
    # takes twice as long.
    heading_style=HeadingStyle.ATX, list_indent_type=ListIndentType.SPACES, whitespace_mode=WhitespaceMode.NORMALIZED,
    code_block_style=CodeBlockStyle.BACKTICKS, inline_data_media=InlineDataMedia.KEEP, link_style=LinkStyle.INLINE,
    output_format=OutputFormat.MARKDOWN, tier_strategy=TierStrategy.AUTO,
    keep_inline_images_in=(
        "a div figure p picture h1 h2 h3 h4 h5 h6 li td th span blockquote strong em b i center section "
        "article aside header footer main dd dt summary details caption"
    ).split(),
)  # fmt: skip


def to_markdown(root: HtmlElement) -> str:
    """Convert a tree made by :func:`feedarchive.markdown.clean_html.clean_html`. The tree is changed.

    The result has no newline at its end and is "" for a tree without content.
    """
    remove_placeholders_in(root)
    rewrite_elements(root)
    escape_texts(root)
    write_formulas(root)
    source = lxml.html.tostring(root, encoding="unicode", with_tail=False)
    markdown = restore(convert(source, _OPTIONS).content or "")
    lines = [line.rstrip() if not line.endswith("\\") else line for line in markdown.split("\n")]
    return "\n".join(lines).strip("\n")

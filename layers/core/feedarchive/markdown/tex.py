"""Write TeX as ``$…$`` and ``$$…$$``, which GitHub, Obsidian and Hugo's passthrough extension read as formulas.

Other Markdown parsers, and sometimes GitHub's, look for markup between the dollar signs. So a space is put beside each
character that would be markup. TeX ignores spaces in formulas.
"""

from __future__ import annotations

import re

from feedarchive.markdown.placeholders import WORD_JOINER, protect, remove_placeholders

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_MAX_TEX_CHARS = 5_000
# Each pair is a pattern of possible markup, and its replacement, which has a space.
_BREAKS = (
    (re.compile(r"<(?!\s)"), "< "),  # a tag
    (re.compile(r"&(?=#?\w+;)"), "& "),  # a character reference
    (re.compile(r"\](?=[(\[:])"), "] "),  # a link
    (re.compile(r"\[(?=[\[^])"), "[ "),  # a wiki link or a footnote
    (re.compile(r"!(?=\[)"), "! "),  # an image
    (re.compile(r"(?<=\S)\*"), " *"),  # emphasis
    (re.compile(r"\*(?=\S)"), "* "),
    (re.compile(r"(?<![A-Za-z0-9\s])_(?=\S)"), "_ "),
    (re.compile(r"([~={}])(?=\1)"), r"\1 "),  # strikethrough, highlighting or a template
)


def tex_to_markdown(tex: str, display: bool, in_table: bool) -> str:
    """Return the formula as placeholders, which the converter does not touch; "" if there is no TeX.

    TeX becomes inline code if it contains a dollar sign, ends with a backslash, or is too long.
    """
    tex = " ".join(_COMMENT.sub(r"\1", remove_placeholders(tex)).split())
    if not tex:
        return ""
    tex = tex.replace("`", "‘")
    if in_table:
        tex = tex.replace("\\|", "\\Vert ").replace("|", "\\vert ")
    if "$" in tex or len(tex) > _MAX_TEX_CHARS or tex.endswith("\\"):
        return protect(f"`{WORD_JOINER if tex.lstrip('$').startswith('=') else ''}{tex}`")
    for sign, broken in _BREAKS:
        tex = sign.sub(broken, tex)
    fence = "$$" if display else "$"
    return protect(f"{fence}{tex.strip()}{fence}")

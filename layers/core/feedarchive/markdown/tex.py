"""Write TeX as ``$…$`` and ``$$…$$``, which GitHub, Obsidian and Hugo's passthrough extension read as formulas.

Other Markdown parsers, and sometimes GitHub's, look for markup between the dollar signs. So a space is put beside each
character that would be markup. TeX ignores spaces in formulas.
"""

from __future__ import annotations

import re

from feedarchive.markdown.placeholders import WORD_JOINER, protect, remove_placeholders

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_MAX_TEX_CHARS = 5_000
# TeX that would be markup in Markdown, and its replacement, which contains a space.
_BREAKS = (
    (re.compile(r"<(?!\s)"), "< "),  # "<b" would be a tag
    (re.compile(r"&(?=#?\w+;)"), "& "),  # "&lt;" would be a character reference
    (re.compile(r"\](?=[(\[:])"), "] "),  # "](" or "][" would be a link
    (re.compile(r"\[(?=[\[^])"), "[ "),  # "[[" or "[^" would be a wiki link or a footnote
    (re.compile(r"!(?=\[)"), "! "),  # "![" would be an image
    (re.compile(r"(?<=\S)\*"), " *"),  # "a*" would be emphasis
    (re.compile(r"\*(?=\S)"), "* "),  # "*a" would be emphasis
    (re.compile(r"(?<![A-Za-z0-9\s])_(?=\S)"), "_ "),  # "(_a" would be emphasis
    (re.compile(r"([~={}])(?=\1)"), r"\1 "),  # "~~", "==" or "{{" would be strikethrough, highlighting or a template
)


def tex_to_markdown(tex: str, display: bool, in_table: bool) -> str:
    """Return a formula in Markdown, written as placeholders, so that the converter does not change it.

    The formula becomes inline code if it contains a dollar sign, ends with a backslash, or is too long. Returns "" if
    there is no TeX.
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

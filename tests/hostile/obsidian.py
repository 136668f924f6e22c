"""Find syntax in a note that has a meaning in Obsidian or one of its plug-ins, but not in CommonMark.

The source of the note is searched, because Obsidian cannot be run here. Escaped syntax is ignored. In code, only the
syntax of plug-ins that read code is found.
"""

from __future__ import annotations

import re

from feedarchive.markdown.code_languages import KNOWN_LANGUAGES

_FENCE = re.compile(
    r"^[ >]*(?:- |\d+[.)] )*[ >]*(?P<fence>`{3,}|~{3,})(?P<language>[^\n`]*)\n(?:.*\n)*?[ >]*(?P=fence)[`~]*[ ]*$", re.M
)
_CODE = re.compile(r"(?<!`)(`+)(?!`)(?P<code>(?:.|\n(?!\s*\n))+?)(?<!`)\1(?!`)")
_ESCAPED = re.compile(r"\\[!-/:-@\[-`{-~]")
_SYNTAX = {
    "link or embed": r"\[\[",
    "comment": r"%%",
    "highlight": r"==(?=\S).*?==",
    "formula": r"\$\$|\$(?=\S)[^$\n]*(?<=\S)\$(?!\d)",
    "footnote": r"\[\^|\^\[",
    "callout": r"^[ >]*>\s*\[!",
    "block ID": r"(?:^|\s)\^[A-Za-z0-9-]+\s*$",
    "task": r"^[ >]*(?:[-*+]|\d+[.)]) \[.\] ",
    "tag": r"(?:^|\s)#[A-Za-z]",
    "HTML": r"</?[A-Za-z!?]",
}


def obsidian_syntax_in(body: str) -> list[str]:
    """What in a body is more than text, headings, lists, tables, links, images and code."""
    found = ["Templater command"] if "<%" in body else []
    for fence in _FENCE.finditer(body):
        if (language := fence.group("language").strip()) and language.lower() not in KNOWN_LANGUAGES:
            found.append(f"block in {language}")
    prose = _FENCE.sub("", body)
    prose = _ESCAPED.sub("\u0001", prose.replace("\\`", "\u0001"))
    for code in _CODE.finditer(prose):
        if code.group("code").strip().startswith(("=", "$=")):
            found.append(f"query {code.group('code')!r}")
    prose = re.sub(r"\]\(<?[^()\n]*(?:\([^()\n]*\)[^()\n]*)*>?\)", "]", _CODE.sub("code", prose))
    return found + [name for name, form in _SYNTAX.items() if re.search(form, prose, re.MULTILINE)]

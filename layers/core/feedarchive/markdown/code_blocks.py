"""Code: what stands in it is shown as it is, so nothing that is no text may stay in it."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import etree
from lxml.html import HtmlElement

from feedarchive.markdown.code_languages import KNOWN_LANGUAGES
from feedarchive.markdown.element_edges import (
    first_text,
    last_text,
    move_end_out,
    move_start_out,
    put_behind,
    spaces_at_start,
)
from feedarchive.markdown.escaping import INLINE_CODE, JOINER
from feedarchive.markdown.tree import drop_tag, drop_tree

_LINES = ("br", "hr", "img", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre")
_IN_CODE = frozenset("a b strong i em var del s strike sup sub q br".split()) | set(INLINE_CODE)
# Where publishers name a language: class="language-js", class="lang-js", class="brush: js".
_LANGUAGE = re.compile(r"(?:\blang(?:uage)?-|\bbrush:\s*)([\w+#.-]+)")

# Obsidian's Dataview runs code within a line that begins so.
_QUERY = re.compile(r"\s*\$?=")


def prepare_code(root: HtmlElement) -> None:
    """Make every piece of code in a tree one that the converter writes as code."""
    for block in list(root.iter("pre")):
        if block.getparent() is not None:
            _code_block(block)
    for code in list(root.iter(*INLINE_CODE)):
        if code.getparent() is not None:
            _inline_code(code)


def _code_block(block: HtmlElement) -> None:
    """Text and line ends; its pictures follow it."""
    language = _language(block)
    block.attrib.clear()
    if language:
        block.set("class", f"language-{language}")
    for image in reversed(list(block.iter("img"))):
        put_behind(block, _paragraph_of(image))
    for line in block.iterdescendants(*_LINES):
        line.tail = "\n" + (line.tail or "")
    etree.strip_tags(block, "*")
    if not (block.text or "").strip():
        drop_tree(block)


def _language(block: HtmlElement) -> str:
    """The name of a code block's language: one that is coloured, and that nothing runs; "" for others."""
    classes = [block.get("class") or "", *(code.get("class") or "" for code in block.iter("code"))]
    named = [(block.get("lang") or "").strip(), *_LANGUAGE.findall(" ".join(classes))]
    return next((name for name in named if name.lower() in KNOWN_LANGUAGES), "")


def _paragraph_of(image: HtmlElement) -> HtmlElement:
    copied = deepcopy(image)
    copied.tail = None
    paragraph = image.makeelement("p")
    paragraph.append(copied)
    return paragraph


def _inline_code(code: HtmlElement) -> None:
    """Code within a line; around blocks or pictures it is no code."""
    if any(inner.tag not in _IN_CODE for inner in code.iterdescendants()):
        drop_tag(code)
        return
    etree.strip_tags(code, *(_IN_CODE - {"a", "br"}))
    code.tag = "code"  # of two beside each other the converter makes one, if they are of one kind
    for line in _lines_of(code):
        # Markdown takes a space off both ends of code, and words would run together.
        move_start_out(line, spaces_at_start(first_text(line)))
        move_end_out(line, spaces_at_start(last_text(line)[::-1]))
        if not line.text_content():
            drop_tag(line)
            continue
        if (following := line.getnext()) is not None and following.tag in INLINE_CODE and not line.tail:
            _part(line, following)
        if _QUERY.match(line.text_content()):
            line.text = JOINER + (line.text or "")


def _lines_of(code: HtmlElement) -> list[HtmlElement]:
    """Code of several lines as several pieces of code, with the line breaks between them."""
    lines = [code]
    for line_break in reversed(code.findall("br")):
        rest = code.makeelement(code.tag)
        rest.text, line_break.tail = line_break.tail, None
        rest.extend(list(line_break.itersiblings()))
        put_behind(code, rest)
        put_behind(code, line_break)
        lines.append(rest)
    return lines


def _part(code: HtmlElement, following: HtmlElement) -> None:
    """The backticks of two pieces of code, one beside the other, would be taken for one delimiter."""
    if "`" in code.text_content() + following.text_content():
        code.tail = JOINER

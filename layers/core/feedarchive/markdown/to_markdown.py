"""Sanitised HTML to CommonMark with GFM tables: every word, link and picture, nothing that runs.

The converter escapes every character that could mean something; ``well\\-known`` is right and hard
to read. Characters that mean nothing where they stand travel through it as private ones instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import lxml.html
from html_to_markdown import ConversionOptions, PreprocessingOptions, convert
from lxml.html import HtmlElement

from feedarchive.document.model import Enclosure

# Private characters (Unicode plane 15) stand for ASCII ones the converter must not touch.
_PRIVATE = 0xF0000
_TRAVELLING = re.compile("[\U000f0000-\U000f007f]")
_RULE = chr(_PRIVATE + 1)  # a thematic break
_PARAGRAPH = chr(_PRIVATE + 2)  # the end of a paragraph that is written as <br><br>
_JOINER = "\u2060"  # WORD JOINER: no width, no meaning, and no shortcode any more

_OPTIONS = ConversionOptions(
    escape_asterisks=True, escape_underscores=True, escape_misc=True,
    extract_metadata=False, autolinks=False, expand_abbreviations=False, include_blockquote_citations=False,
    hidden_content="all", highlight_style="none", newline_style="backslash", bullets="-", compact_tables=True,
    preprocessing=PreprocessingOptions(enabled=False), url_escape_style="angle", infer_dimensions=False,
    max_depth=1000,
    keep_inline_images_in=(
    "a div figure p picture h1 h2 h3 h4 h5 h6 li td th span blockquote strong em b i center section "
    "article aside header footer main dd dt summary details caption"
).split(),
)  # fmt: skip

# Safe where they stand: not at the start of a block (something precedes them in their text) …
_SAFE_INSIDE = re.compile(r"(?<=\S)(?P<gap>\s*)(?P<char>[-+>](?![-+])|(?<![=])=(?!=)|(?<=\w)#(?!\w))")
# … or behind a number that is not the first thing in its block, where it would begin a list, …
_SAFE_BEHIND_NUMBER = re.compile(r"(?<=[^\s\d])(?P<gap>\s*\d+)(?P<char>[.)])")
# … or inside a word, …
_SAFE_IN_WORD = re.compile(r"(?<=\w)[_.+=-](?=\w)")
# … or an ampersand that begins no entity, …
_SAFE_AMPERSAND = re.compile(r"&(?!#?\w+;)")
# … or in a web address, which renderers link as it stands.
_URL = re.compile(r"https?://[^\s<>\"'`\\]+")
_SPECIAL_IN_URL = re.compile(r"[-_.+=#~&!]")
# Text that begins a Hugo shortcode, an Obsidian comment, embed or formula, or a Goldmark attribute.
_OPENERS = re.compile(r"\{\{(?=[<%])|%%|\$\$|\{(?=[.#:%])")
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
# Blocks whose text stands at the left margin: an empty line in it is a new paragraph.
_PLAIN_BLOCKS = frozenset("div p section article aside header footer main center address body html".split())
_BLOCKS = _PLAIN_BLOCKS | frozenset("ul ol pre table blockquote h1 h2 h3 h4 h5 h6 hr figure dl".split())
_BALANCED = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def to_markdown(root: HtmlElement) -> str:
    """Convert a tree made by :func:`feedarchive.markdown.sanitised.sanitised`, which it changes.

    The result ends without a newline and is "" for a tree without content.
    """
    _prepare_elements(root)
    for element in root.iter():
        _prepare_texts(element)
    source = lxml.html.tostring(root, encoding="unicode", with_tail=False)
    markdown = convert(source, _OPTIONS).content or ""
    markdown = re.sub(rf"\s*{_PARAGRAPH}\s*", "\n\n", markdown)
    markdown = _TRAVELLING.sub(_arrived, markdown)
    lines = [line.rstrip() if not line.endswith("\\") else line for line in markdown.split("\n")]
    return "\n".join(lines).strip("\n")


def _prepare_elements(root: HtmlElement) -> None:
    for line_break in list(root.iter("br")):
        _line_break(line_break)
    for rule in list(root.iter("hr")):
        rule.tag, rule.text = "p", _RULE
    for caption in list(root.iter("figcaption", "dd", "address")):
        caption.tag = "p" if not _has_blocks(caption) else "div"
    for term in list(root.iter("dt")):
        term.tag = "p"
        _wrap_inside(term, "strong")
    for figure in list(root.iter("figure", "dl")):
        figure.tag = "div"
    for raised in list(root.iter("sup", "sub")):
        _raise_or_lower(raised)
    for image in root.iter("img"):
        for name in ("alt", "title"):
            if image.get(name):
                image.set(name, _description(image.get(name) or ""))
    for element in root.iter("img", "a"):
        for name in ("src", "href"):
            if element.get(name):
                element.set(name, _destination(element.get(name) or ""))


def _line_break(line_break: HtmlElement) -> None:
    """Two line breaks end a paragraph; one at the edge of a block does nothing."""
    before, parent = line_break.getprevious(), line_break.getparent()
    text_before = (parent.text if before is None else before.tail) or ""
    follows_break = before is not None and before.tag == "br" and not text_before.strip()
    at_start = not text_before.strip() and (before is None or before.tag in _BLOCKS)
    if at_start and parent.tag in _PLAIN_BLOCKS | {"li", "td", "th", "blockquote"}:
        line_break.drop_tree()
    elif follows_break or text_before.endswith(_PARAGRAPH):
        in_plain_block = parent.tag in _PLAIN_BLOCKS and all(a.tag in _PLAIN_BLOCKS for a in parent.iterancestors())
        if follows_break and in_plain_block:
            before.tail = _PARAGRAPH + (before.tail or "").lstrip()
            line_break.drop_tree()
            before.drop_tree()
        else:
            line_break.drop_tree()


def _has_blocks(element: HtmlElement) -> bool:
    return any(child.tag in _BLOCKS for child in element)


def _wrap_inside(element: HtmlElement, tag: str) -> None:
    if not element.text_content().strip():
        return
    inner = lxml.html.Element(tag)
    inner.text, element.text = element.text, None
    for child in list(element):
        inner.append(child)
    element.append(inner)


def _raise_or_lower(element: HtmlElement) -> None:
    """Markdown has no superscript: 10<sup>3</sup> must not become 103."""
    table = _RAISED if element.tag == "sup" else _LOWERED
    text = (element.text or "").strip()
    if not len(element) and text and all(ord(char) in table for char in text):
        element.text = text.translate(table)


def _prepare_texts(element: HtmlElement) -> None:
    in_code = element.tag in ("code", "pre", "kbd", "samp", "tt") or any(
        a.tag in ("code", "pre", "kbd", "samp", "tt") for a in element.iterancestors()
    )
    if element.text:
        element.text = (
            _code(element.text) if in_code else _prose(element.text, element.tag == "p" and _is_rule(element))
        )
    for child in element:
        if child.tail:
            child.tail = _code(child.tail) if in_code else _prose(child.tail, False)


def _is_rule(element: HtmlElement) -> bool:
    return bool(element.text == _RULE)


def _code(text: str) -> str:
    return _without_private(text).replace("{{<", f"{{{_JOINER}{{<").replace("{{%", f"{{{_JOINER}{{%")


def _prose(text: str, is_rule: bool) -> str:
    if is_rule:
        return text
    return _PARAGRAPH.join(_paragraph(part) for part in text.split(_PARAGRAPH))


def _paragraph(text: str) -> str:
    text = re.sub(r"[ \t\r\n\f]+", " ", _without_private(text))
    text = _URL.sub(lambda m: _SPECIAL_IN_URL.sub(_travelling, m.group()), text)
    text = _OPENERS.sub(_parted, text)
    for safe in (_SAFE_AMPERSAND, _SAFE_IN_WORD):
        text = safe.sub(_travelling, text)
    for safe in (_SAFE_BEHIND_NUMBER, _SAFE_INSIDE):
        text = safe.sub(lambda m: m.group("gap") + _travels(m.group("char")), text)
    return text


def _parted(match: re.Match[str]) -> str:
    """A backslash before the last character of an opener: it shows the same and opens nothing."""
    return match.group()[:-1] + _travels("\\") + match.group()[-1]


def _without_private(text: str) -> str:
    return _TRAVELLING.sub("", text)


def _travels(char: str) -> str:
    return chr(_PRIVATE + ord(char))


def _travelling(match: re.Match[str]) -> str:
    return "".join(_travels(char) for char in match.group())


def _arrived(match: re.Match[str]) -> str:
    return "* * *" if match.group() == _RULE else chr(ord(match.group()) - _PRIVATE)


def _description(text: str) -> str:
    """An image's description is no place for markup: what could be some is escaped."""
    escaped = re.sub(r"([\\\[\]<>`*_{}!&|])", lambda m: _travels("\\") + _travels(m.group(1)), _without_private(text))
    return escaped.replace('"', "”")


def _destination(address: str) -> str:
    """A URL that ends where it should, in Markdown and in Hugo."""
    for char, escaped in (("{", "%7B"), ("}", "%7D"), ("|", "%7C"), ("\\", "%5C"), ("<", "%3C"), (">", "%3E"),
                          (" ", "%20"), ("`", "%60"), ("\n", "")):  # fmt: skip
        address = address.replace(char, escaped)
    if not _BALANCED.fullmatch(address):
        address = address.replace("(", "%28").replace(")", "%29")
    return address


def enclosure_list(enclosures: Sequence[Enclosure]) -> str:
    """The files that come with an article, as a list of links: "- [audio/mpeg, 12.3 MB](https://…)"."""
    lines = []
    for enclosure in enclosures:
        size = f"{enclosure.length / 1e6:.1f} MB" if enclosure.length and enclosure.length >= 50_000 else ""
        label = ", ".join(part for part in (enclosure.title, enclosure.type, size) if part) or "attached file"
        lines.append(f"- [{_TRAVELLING.sub(_arrived, _description(label))}]({_destination(enclosure.url)})")
    return "\n".join(lines)

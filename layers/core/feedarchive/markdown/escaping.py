"""The texts of a tree on their way through the converter, which escapes whatever could mean something.

``well\\-known`` is right and hard to read. Characters that mean nothing where they stand travel through
the converter as private ones instead, and so does what it must not touch.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

# Private characters (Unicode plane 15) stand for ASCII ones the converter must not touch.
_PRIVATE = 0xF0000
_TRAVELLING = re.compile("[\U000f0000-\U000f007f]")
RULE = chr(_PRIVATE + 1)  # a thematic break
PARAGRAPH = chr(_PRIVATE + 2)  # the end of a paragraph that is written as <br><br>
GAP = chr(_PRIVATE + 3)  # a line that is to be empty
_LESS_THAN = chr(_PRIVATE + 0x80)  # one that is text
JOINER = "\u2060"  # WORD JOINER: no width, no meaning, and no shortcode any more

INLINE_CODE = ("code", "kbd", "samp", "tt")
_CODE = ("pre", *INLINE_CODE)
_INLINE = frozenset("a b strong i em var del s strike sup sub code kbd samp tt img q".split())

# All expressions begin with the characters they look for: so texts without any are passed over fast.
_SPACES = re.compile(r"[\t\r\n\f][ \t\r\n\f]*+| [ \t\r\n\f]++")
# A text with none of these goes through the converter as it is.
_MEANINGFUL = re.compile(r"[-+>=#.)_&{%$^\\</]")
# Safe where they stand: not at the start of a block (something precedes them in their text) …
_INSIDE = re.compile(r"[-+>=#]")
_SAFE_INSIDE = re.compile(r"(?<=\S)(?P<gap>\s*)(?P<char>[-+>](?![-+])|(?<![=])=(?!=)|(?<=\w)#(?!\w))")
# … or behind a number that is not the first thing in its block, where it would begin a list, …
_NUMBER = re.compile(r"\d[.)]")
_SAFE_BEHIND_NUMBER = re.compile(r"(?<=[^\s\d])(?P<gap>\s*\d+)(?P<char>[.)])")
# … or inside a word, …
_SAFE_IN_WORD = re.compile(r"[_.+=-](?<=[^\W_].)(?=[^\W_])")
# … or an ampersand that begins no entity (behind the end of a text there may be the rest of one), …
_SAFE_AMPERSAND = re.compile(r"&(?!#?\w+;|$)")
# … or in a web address, which renderers link as it stands.
_URL = re.compile(r"https?://[^\s<>\"'`\\]+")
_SPECIAL_IN_URL = re.compile(r"[-_.+=#~&!]")
# Text that begins a Hugo shortcode, an Obsidian comment, formula or name of a block, a Goldmark attribute or
# a command of Obsidian's Templater; or that ends a formula.
_OPENERS = re.compile(r"\{\{(?=[<%])|%%|\$(?<=\S\$)(?!\d)|\$\$|\^(?<!\S\^)(?=[A-Za-z0-9-]+\s*$)|\{(?=[.#:%])|<%")
# What GitHub links as it stands goes on to a space or a "<", and takes a backslash before that along.
_LINKED = re.compile(r"(?i:https?://|ftp://|www\.)[^\s<]*+")
# All that could be markup in a description.
_MARKUP = re.compile(r"[\\\[\]<>`*_{}!&|$~^]|%(?=%)|(?<=<)%|=(?==)")
_BRACKET = re.compile(r"[\[\]]")
# Before a link: an image, or a footnote in Obsidian.
_BEFORE_LINK = re.compile(r"[!^]$")
_SHORTCODE = re.compile(r"\{(?=\{[<%])|<(?=%)")
_DIVIDER = re.compile(r"<(?=!--\s*more\s*-->)", re.IGNORECASE)


def prepare_texts(root: HtmlElement) -> None:
    """Make all texts in a tree ready for the converter."""
    in_code = {element for code in root.iter(*_CODE) for element in code.iter()}
    for element in root.iter():
        prepared = _code if element in in_code else _prose
        text = element.text
        if text and text not in (RULE, GAP):
            ready = prepared(text, None, element[0] if len(element) else None)
            if ready != text:
                element.text = ready
        for child in element:
            if tail := child.tail:
                ready = prepared(tail, child, child.getnext())
                if ready != tail:
                    child.tail = ready


def arrived(markdown: str) -> str:
    """What the converter made of a tree, with the characters that travelled in their own form again."""
    if PARAGRAPH in markdown:
        markdown = re.sub(rf"(?:(?<!\s)\s+)?{PARAGRAPH}\s*", "\n\n", markdown)
    markdown = _TRAVELLING.sub(_arrived, _with_gaps(markdown))
    if _LESS_THAN in markdown:
        markdown = _LINKED.sub(lambda m: m.group().replace(_LESS_THAN, "&lt;"), markdown).replace(_LESS_THAN, "\\<")
    return _DIVIDER.sub(f"<{JOINER}", _SHORTCODE.sub(rf"\g<0>{JOINER}", markdown))


def _arrived(match: re.Match[str]) -> str:
    return "* * *" if match.group() == RULE else chr(ord(match.group()) - _PRIVATE)


def description(text: str) -> str:
    """A description of an image or a link is no place for markup: what could be some is escaped."""
    escaped = _MARKUP.sub(lambda m: _travels("\\") + _travels(m.group()), _without_private(text))
    return escaped.replace('"', "”")


def _with_gaps(markdown: str) -> str:
    """One empty line for each gap, however many the converter left around it."""
    if GAP not in markdown:
        return markdown
    lines: list[str] = []
    in_gap = False
    for line in markdown.split("\n"):
        in_gap = GAP in line or (in_gap and not line.strip(" >"))
        if not in_gap:
            lines.append(line)
        elif GAP in line and lines and lines[-1].strip(" >"):
            lines.append(line.replace(GAP, ""))
    return "\n".join(lines)


def _code(text: str, _before: HtmlElement | None, _behind: HtmlElement | None) -> str:
    # The converter escapes brackets in a link's text, in code too, where the backslash would be seen.
    return _BRACKET.sub(_travelling, _without_private(text))


def _prose(text: str, before: HtmlElement | None, behind: HtmlElement | None) -> str:
    if PARAGRAPH in text or _MEANINGFUL.search(text):
        # Behind a word in bold nothing is at the start of a block. The bracket says so, and goes again.
        continues = before is not None and _ends_in_line(before)
        first, *others = text.split(PARAGRAPH)
        first = _paragraph(f"){first}")[1:] if continues else _paragraph(first)
        text = PARAGRAPH.join((first, *(_paragraph(other) for other in others)))
    else:
        text = _SPACES.sub(" ", _without_private(text))
    if behind is not None and behind.tag == "a":
        text = _BEFORE_LINK.sub(lambda m: _travels("\\") + _travels(m.group()), text)
    return text


def _ends_in_line(element: HtmlElement) -> bool:
    return all(each.tag in _INLINE for each in element.iter())


def _paragraph(text: str) -> str:
    text = _SPACES.sub(" ", _without_private(text))
    if not _MEANINGFUL.search(text):
        return text
    if "://" in text:
        text = _URL.sub(lambda m: _SPECIAL_IN_URL.sub(_travelling, m.group()), text)
    text = _OPENERS.sub(_parted, text)
    text = text.replace("\\", 2 * _travels("\\"))  # the converter takes one at the end of an item for a line break
    text = _SAFE_AMPERSAND.sub(_travels("&"), text)
    text = _SAFE_IN_WORD.sub(lambda m: _travels(m.group()), text)
    for sign, safe in ((_NUMBER, _SAFE_BEHIND_NUMBER), (_INSIDE, _SAFE_INSIDE)):
        if sign.search(text):
            text = safe.sub(lambda m: m.group("gap") + _travels(m.group("char")), text)
    return text.replace("<", _LESS_THAN)


def _parted(match: re.Match[str]) -> str:
    """A backslash before the last character of an opener: it shows the same and opens nothing."""
    return match.group()[:-1] + _travels("\\") + match.group()[-1]


def _without_private(text: str) -> str:
    if text.isascii():
        return text
    return _TRAVELLING.sub("", text).replace(_LESS_THAN, "")


def _travels(char: str) -> str:
    return chr(_PRIVATE + ord(char))


def _travelling(match: re.Match[str]) -> str:
    return "".join(_travels(char) for char in match.group())

"""Close elements that are self-closed as in XML, such as ``<script src="x"/>`` and ``<i class="icon"/>``.

An HTML parser ignores the slash, so the element would contain everything that follows. The text would become italic or
a link, and after ``<script/>``, ``<style/>``, ``<textarea/>`` or ``<title/>`` it would disappear.
"""

from __future__ import annotations

import re

# In these elements, an HTML parser reads no markup, but only searches for the end tag.
_RAW_TEXT = "script|style|textarea|title|xmp|noembed|noframes"
_RAW_TAG = re.compile(rf"<({_RAW_TEXT})(?=[\s/>])([^>]{{0,2000}}+)>", re.IGNORECASE)
_RAW_NAMES = frozenset(_RAW_TEXT.split("|"))
# HTML requires no end tag for these elements.
_LEFT_OPEN = frozenset(
    (
        "area base br col embed hr img input link meta param source track wbr basefont bgsound frame keygen "
        "p li dt dd td th tr thead tbody tfoot colgroup caption option optgroup rb rp rt rtc"
    ).split()
)
_NOT_CLOSED = _LEFT_OPEN | _RAW_NAMES
# If one of these elements is not closed, a parser hides or moves the text after it.
_HIDING = _RAW_NAMES | {"template", "table", "frameset"}
_FREQUENT = ("br", "im", "hr")  # skip <br>, <img> and <hr> quickly: they are frequent, and need no end tag
_NAME = re.compile(r"<([A-Za-z][A-Za-z0-9:-]*+)")
# Matches the end of a tag with a URL that is not in quotation marks. In <a href=https://example.org/> the slash is a
# part of the URL, and does not close the element.
_UNQUOTED_URL = re.compile(
    r"\b(?:href|src|srcset|data|cite|action|poster|background|longdesc)\s*+=\s*+[^\s\"'<>`]++\Z", re.I
)
_MAX_TAG_CHARS = 4_000


def close_self_closed_tags(source: str, names: frozenset[str]) -> str:
    """Write an end tag after each self-closed tag that needs one. ``names`` are the names of all tags in the source."""
    if "/>" not in source or names <= _LEFT_OPEN:
        return source
    return _close_others(_remove_raw_text(source) if not names.isdisjoint(_RAW_NAMES) else source)


def may_hide_text(source: str, names: frozenset[str]) -> bool:
    """Check whether a self-closed tag may hide or move words."""
    return "/>" in source and not names.isdisjoint(_HIDING)


def _remove_raw_text(source: str) -> str:
    """Remove self-closed elements whose content is not markup, such as ``<script/>``."""
    parts: list[str] = []
    end = position = 0
    while tag := _RAW_TAG.search(source, position):
        name, attributes = tag.group(1), tag.group(2)
        if attributes.endswith("/") and _slash_closes(source, tag):
            parts.append(source[end : tag.start()])
            end = position = tag.end()
        elif closing := re.compile(rf"</{name}\b", re.IGNORECASE).search(source, tag.end()):
            position = closing.end()
        else:
            break
    parts.append(source[end:])
    return "".join(parts)


def _slash_closes(source: str, tag: re.Match[str]) -> bool:
    """Check whether the slash closes the element. It may also end a URL, as in <script src=https://example.org/>."""
    if not _UNQUOTED_URL.search(tag.group(2)):
        return True
    # If an end tag follows, the slash is a part of the URL.
    following = re.compile(rf"<(/?){tag.group(1)}\b", re.IGNORECASE).search(source, tag.end())
    is_end_tag = following is not None and following.group(1) == "/"
    return not is_end_tag


def _close_others(source: str) -> str:
    parts: list[str] = []
    end = 0
    slash = source.find("/>")
    while slash >= 0:
        start = source.rfind("<", max(end, slash - _MAX_TAG_CHARS), slash)
        frequent = source.startswith(_FREQUENT, start + 1)
        name = _NAME.match(source, start, slash) if start >= 0 and not frequent else None
        if name and name.group(1).lower() not in _NOT_CLOSED and not _UNQUOTED_URL.search(source, start, slash):
            parts += [source[end:slash], "></", name.group(1), ">"]
            end = slash + 2
        slash = source.find("/>", slash + 2)
    parts.append(source[end:])
    return "".join(parts)

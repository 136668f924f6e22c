"""Sanitize the HTML of an entry: remove scripts and trackers, make URLs absolute, and keep every visible word."""

from __future__ import annotations

import html
import re

import lxml.html
import nh3
from lxml import etree
from lxml.html import HtmlElement

from feedarchive.document.model import Text
from feedarchive.identity.canonical_url import clean_url
from feedarchive.markdown.code_blocks import prepare_code_blocks
from feedarchive.markdown.code_languages import LANGUAGE_ATTRIBUTES
from feedarchive.markdown.embeds import EMBED_ATTRIBUTES, EMBEDS, replace_embed_by_link
from feedarchive.markdown.formulas import FORMULA_ATTRIBUTES, mark_formulas, may_have_formulas, reduce_formulas
from feedarchive.markdown.frame_documents import write_frame_documents
from feedarchive.markdown.image_urls import LAZY_ATTRIBUTES, SRCSET_ATTRIBUTES, clean_image, drop_noscript_images
from feedarchive.markdown.links import OTHER_SCHEMES, clean_link
from feedarchive.markdown.lists import write_checkboxes
from feedarchive.markdown.long_texts import split_long_texts
from feedarchive.markdown.plain_text_to_html import plain_text_to_html, untagged_html_to_html
from feedarchive.markdown.preformatted_styles import write_preformatted_lines
from feedarchive.markdown.self_closed_tags import close_self_closed_tags
from feedarchive.markdown.svg_drawings import replace_drawings
from feedarchive.markdown.tree import UNWRAPPED
from feedarchive.markdown.unknown_elements import rename_unknown_elements, tag_names
from feedarchive.text import safe_text

# Elements that have a Markdown form or that this package rewrites. Other elements are removed, but their text stays.
_TAGS = set(
    (
        "a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr "
        "i img input ins kbd li ol p picture pre q rp rt ruby s samp small source span strike strong sub sup table "
        "tbody td tfoot th thead tr tt u ul var embed object audio video center section article aside "
        "header footer main nav address details summary"
    ).split()
)
_INVISIBLE = {"script", "style", "template"}
_ATTRIBUTES = {
    "*": {"dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height", "style", "class", "hidden", *LAZY_ATTRIBUTES, *SRCSET_ATTRIBUTES},
    "source": {"src", "data-src", "type", *SRCSET_ATTRIBUTES},
    **dict.fromkeys(EMBEDS, EMBED_ATTRIBUTES),
    "code": {"class"},
    "pre": {"class", "lang"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "input": {"type", "checked"},
    "span": {"data-noscript"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# These attributes are kept only in texts with code, formulas or preformatted lines. Other texts do not need them, and
# are parsed faster without them.
_MORE_ATTRIBUTES = {"class", "style", *LANGUAGE_ATTRIBUTES, *FORMULA_ATTRIBUTES}
_SCHEMES = {"http", "https", "data", *OTHER_SCHEMES}


def _cleaner(more: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS, clean_content_tags=_INVISIBLE, attributes={**_ATTRIBUTES, "*": _ATTRIBUTES["*"] | more},
        link_rel=None, url_schemes=_SCHEMES,
    )  # fmt: skip


# Created once: creating a cleaner takes as long as cleaning a short text.
_CLEANER = _cleaner(set())
_CLEANER_KEEPING_MORE = _cleaner(_MORE_ATTRIBUTES)
_TEXT_ONLY = nh3.Cleaner(tags=set())
_TEXT_AND_LINKS = nh3.Cleaner(tags={"p", "br", "a"}, attributes={"a": {"href"}}, link_rel=None)
_PARSER = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8")
# By default, lxml.html calls Python code to choose the class of every element, which takes time. This lookup always
# chooses HtmlElement.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
# libxml2 and the converter fail on very deep nesting. No author nests elements deeper than this.
_MAX_DEPTH = 200


def clean_html(text: Text, base: str, page: str = "") -> HtmlElement:
    """Return a ``<div>`` with the sanitized form of a text, which may be HTML or plain text.

    - ``base`` is the URL to which relative URLs refer, unless the text has its own base (``Text.base``).
    - ``page`` is the URL of the article. In-page links ("#note") become links to it. If it is "", in-page links are
      removed, and their text stays.
    """
    root = sanitize(text)
    base = clean_url(text.base, base) or base
    for element in list(root.iter("img")):
        clean_image(element, base)
    if "noscript" in text.value:
        drop_noscript_images(root)
    for element in list(root.iter(*EMBEDS)):
        replace_embed_by_link(element, base)
    for element in root.iter("source"):
        element.tag = UNWRAPPED
    for element in list(root.iter("a")):
        clean_link(element, base, page)
    etree.strip_tags(root, UNWRAPPED)  # called once at the end, because each call copies texts
    return root


def sanitize(text: Text) -> HtmlElement:
    """Return a ``<div>`` of harmless elements. URLs in it stay as they are in the source.

    Formulas, code blocks and checkboxes are rewritten for the converter.
    """
    source, names, formulas = _prepare(text)
    has_code, has_styles = "pre" in names, "white-space" in source
    keep_more = formulas or has_code or has_styles
    cleaner = _CLEANER_KEEPING_MORE if keep_more else _CLEANER
    # ``safe_text`` removes control characters, which lxml rejects. The sanitizer makes them from references such as
    # "&#11;".
    root = _parse(safe_text(cleaner.clean(split_long_texts(source))))
    if formulas:
        reduce_formulas(root)
    if has_code:
        prepare_code_blocks(root, source)
    if has_styles:
        write_preformatted_lines(root)
    if keep_more:
        _drop_attributes(root)
    if "input" in names:
        write_checkboxes(root)
    return root


def _prepare(text: Text) -> tuple[str, frozenset[str], bool]:
    """Prepare a text for the sanitizer. Returns three values:

    - HTML that the sanitizer can clean without removing a visible word
    - the names of the tags in it
    - True if it may contain formulas
    """
    plain = untagged_html_to_html(text.value) if text.html else plain_text_to_html(text.value)
    if plain is not None:
        return safe_text(plain), frozenset(), False
    source = write_frame_documents(text.value) if "srcdoc" in text.value else text.value
    names, formulas = tag_names(source), may_have_formulas(source)
    source = close_self_closed_tags(source, names)
    if "svg" in names:
        source = replace_drawings(source)
    if formulas:
        source = mark_formulas(source)
    return safe_text(rename_unknown_elements(source, names)), names, formulas


def _parse(cleaned: str) -> HtmlElement:
    document = lxml.html.document_fromstring(
        f"<html><body><div>{cleaned}</div></body></html>".encode("utf-8", "replace"), parser=_PARSER
    )
    root = document.find("body")
    assert root is not None
    root.tag = "div"
    # Counting tags is fast. Each level needs a tag, so a text with few tags cannot be nested deeply.
    is_flat = cleaned.count("<") <= _MAX_DEPTH or _depth(root) <= _MAX_DEPTH
    return root if is_flat else _parse_flattened(cleaned)


def _depth(root: HtmlElement) -> int:
    depth, level = 0, [root]
    while level and depth <= _MAX_DEPTH:
        depth, level = depth + 1, [child for element in level for child in element]
    return depth


def _parse_flattened(cleaned: str) -> HtmlElement:
    """Parse HTML that is nested too deeply. Only paragraphs of text and links are left."""
    spaced = re.sub(r"<(?=/?(?:p|div|li|td|tr|blockquote|h[1-6]|section|article)\b)", "\n\n<", cleaned)
    text = html.unescape(_TEXT_ONLY.clean(split_long_texts(spaced)))
    return _parse(_TEXT_AND_LINKS.clean(split_long_texts(plain_text_to_html(text))))


def _drop_attributes(root: HtmlElement) -> None:
    """Drop attributes that _MORE_ATTRIBUTES allows for an element, but _ATTRIBUTES does not."""
    kept = [
        (element, name, value)
        for element in root.iter("pre", "code", "img")
        for name, value in element.attrib.items()
        if name in _MORE_ATTRIBUTES and name in _ATTRIBUTES[str(element.tag)]
    ]
    etree.strip_attributes(root, *_MORE_ATTRIBUTES)
    for element, name, value in kept:
        element.set(name, value)

"""An entry's HTML made harmless and whole: absolute links, real images, no scripts or trackers."""

from __future__ import annotations

import html
import re

import lxml.html
import nh3
from lxml import etree
from lxml.html import HtmlElement

from feedarchive.document.model import Text
from feedarchive.identity.canonical_url import clean_url
from feedarchive.markdown.deep_nesting import with_texts_parted
from feedarchive.markdown.unknown_elements import with_known_elements
from feedarchive.text import safe_text
from feedarchive.urls import host_of

# Elements the converter gives a Markdown form. Others are unwrapped: their words stay.
_TAGS = set(
    (
        "a abbr b blockquote br caption cite code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr "
        "i img ins kbd li ol p picture pre q rp rt ruby s samp small source span strike strong sub sup table "
        "tbody td tfoot th thead tr tt u ul var embed object audio video center section article aside "
        "header footer main nav address details summary"
    ).split()
)
_INVISIBLE = {"script", "style", "template"}
_LAZY = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-original-src",
    "data-full-src",
    "data-orig-file",
    "data-url",
)
_LAZY_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_ATTRIBUTES = {
    "*": {"dir"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height", "style", *_LAZY, *_LAZY_SETS},
    "source": {"src", "type", *_LAZY_SETS},
    "embed": {"src", "title"},
    "object": {"src", "data-src", "data", "title"},
    "audio": {"src", "title"},
    "video": {"src", "title", "poster"},
    "code": {"class"},
    "pre": {"class", "lang"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
# Made once: to make one takes as long as to clean a short text.
_KEEPING_FORM = nh3.Cleaner(
    tags=_TAGS, clean_content_tags=_INVISIBLE, attributes=_ATTRIBUTES, link_rel=None,
    url_schemes={"http", "https", "mailto", "tel", "xmpp", "magnet", "geo", "data"},
)  # fmt: skip
_KEEPING_WORDS = nh3.Cleaner(tags=set())
_KEEPING_LINKS = nh3.Cleaner(tags={"p", "br", "a"}, attributes={"a": {"href"}}, link_rel=None)
_EMBEDS = ("embed", "object", "audio", "video")
# Images that count readers though they do not say they are 1x1.
_TRACKERS = re.compile(
    r"//(?:pixel\.wp\.com/|stats\.wordpress\.com/|feeds\.feedburner\.com/~r/|feedads\.|[^/]*doubleclick\.net/"
    r"|www\.google-analytics\.com/|b\.scorecardresearch\.com/|pi\.feedsportal\.com/|rss\.buysellads\.com/"
    r"|medium\.com/_/stat|[^/]*\.list-manage\.com/track/)"
)
_LINKED_SCHEMES = ("mailto:", "tel:", "xmpp:", "magnet:", "geo:")
_BARE_URL = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}]")
# A candidate of a srcset, its URL and what stands behind it; the comma that ends it may be the URL's last character.
_CANDIDATE = re.compile(r"([^\s,]\S*)(?:(?<=,)|\s*([^,]*))")
_PIXEL_STYLE = re.compile(r"(?<![-\w])(?:width|height)\s*:\s*[01](?:px)?\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE)
_UNWRAPPED = "unwrapped"
_PARSER = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8")
# lxml.html asks Python code for the class of every element; no form or field, which have classes of their own, is left.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
# Deeper than this no person nests; libxml2 and the converter give up somewhere beyond.
_MAX_DEPTH = 200


def sanitised(text: Text, base: str) -> HtmlElement:
    """A ``<div>`` with the harmless form of a text, HTML or plain. Every visible word is in it.

    ``base`` is the URL that relative links are relative to where the text has none of its own.
    """
    source = safe_text(with_known_elements(text.value) if text.html else plain_as_html(text.value))
    # Again, for what was written as a reference: "&#11;" is a control character only now, and no tree takes it.
    root = _tree(safe_text(_KEEPING_FORM.clean(with_texts_parted(source))))
    base = clean_url(text.base, base) or base
    for element in list(root.iter("img")):
        _image(element, base)
    for element in list(root.iter(*_EMBEDS)):
        _embed(element, base)
    for element in root.iter("source"):
        element.tag = _UNWRAPPED
    for element in list(root.iter("a")):
        _link(element, base)
    etree.strip_tags(root, _UNWRAPPED)  # all at once: one by one, texts are copied again and again
    return root


def as_html(root: HtmlElement) -> str:
    """The inside of a sanitised tree as HTML: the body of a feed with ``body = "html"``."""
    inner = html.escape(root.text or "", quote=False) + "".join(
        lxml.html.tostring(child, encoding="unicode") for child in root
    )
    # An empty line would end the block of HTML, and what follows it would be read as Markdown.
    inner = re.sub(r"\n(?=[ \t\r\f]*\n)", "&#10;", inner.strip())
    # Hugo runs shortcodes in HTML too.
    return inner.replace("{{<", "{&#123;<").replace("{{%", "{&#123;%").replace("{{&lt;", "{&#123;&lt;")


def _tree(cleaned: str) -> HtmlElement:
    document = lxml.html.document_fromstring(
        f"<html><body><div>{cleaned}</div></body></html>".encode("utf-8", "replace"), parser=_PARSER
    )
    root = document.find("body")
    assert root is not None
    root.tag = "div"
    return root if _depth(root) <= _MAX_DEPTH else _flat(cleaned)


def _depth(root: HtmlElement) -> int:
    deepest, level = 0, [root]
    while level and deepest <= _MAX_DEPTH:
        deepest, level = deepest + 1, [child for element in level for child in element]
    return deepest


def _flat(cleaned: str) -> HtmlElement:
    """All words of a document that is nested beyond reason, as paragraphs."""
    spaced = re.sub(r"<(?=/?(?:p|div|li|td|tr|blockquote|h[1-6]|section|article)\b)", "\n\n<", cleaned)
    words = html.unescape(_KEEPING_WORDS.clean(with_texts_parted(spaced)))
    return _tree(_KEEPING_LINKS.clean(with_texts_parted(plain_as_html(words))))


def plain_as_html(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs, line ends stay, bare URLs become links."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return "".join(f"<p>{'<br>'.join(_linked(line) for line in p.split(chr(10)))}</p>" for p in paragraphs)


def _linked(line: str) -> str:
    parts, end = [], 0
    for match in _BARE_URL.finditer(line):
        url = html.escape(match.group())
        parts += [html.escape(line[end : match.start()]), f'<a href="{url}">{url}</a>']
        end = match.end()
    return "".join(parts) + html.escape(line[end:])


def _image(image: HtmlElement, base: str) -> None:
    address = _image_address(image, base)
    alt = " ".join((image.get("alt") or "").split())
    if _is_pixel(image) or (address and _TRACKERS.search(address)):
        tail = image.tail
        image.clear()
        image.tag, image.tail = _UNWRAPPED, tail
        return
    title = " ".join((image.get("title") or "").split())
    image.attrib.clear()
    if not address:  # nothing to show, but its description is text of the entry
        image.tag, image.text = "span", alt
        return
    image.set("src", address)
    image.set("alt", alt)
    if title and title != alt:
        image.set("title", title)


def _image_address(image: HtmlElement, base: str) -> str:
    """Where the picture really is: lazy loaders put a placeholder in ``src``."""
    lazy = [image.get(name) for name in _LAZY]
    sets = [image.get(name) for name in _LAZY_SETS]
    picture = next(image.iterancestors("picture"), None)  # libxml2 puts an <img> inside the <source> before it
    if picture is not None:
        sets += [s.get(name) for s in picture.iter("source") for name in _LAZY_SETS]
    candidates = [*lazy, image.get("src"), *(_largest(s) for s in sets if s)]
    return next((a for c in candidates if c and (a := clean_url(c, base))), "")


def _largest(srcset: str) -> str:
    """The URL of a srcset with the largest width or density (HTML Living Standard, 4.8.4.2.1)."""
    best, best_size = "", -1.0
    for url, descriptor in _CANDIDATE.findall(srcset):
        size = re.match(r"(\d+(?:\.\d+)?)[wx]", descriptor)
        number = float(size.group(1)) if size else 1.0
        if number > best_size:
            best, best_size = url.rstrip(","), number
    return best


def _is_pixel(image: HtmlElement) -> bool:
    sizes = [(image.get(name) or "").strip().removesuffix("px") for name in ("width", "height")]
    return all(size in ("0", "1") for size in sizes) or len(_PIXEL_STYLE.findall(image.get("style") or "")) == 2


def _embed(element: HtmlElement, base: str) -> None:
    """A frame, player or plug-in as a link to what it would have shown."""
    sources = [element.get("src"), element.get("data-src"), element.get("data")]
    sources += [source.get("src") for source in element.iter("source")]
    address = next((a for s in sources if s and (a := clean_url(s, base))), "")
    label = " ".join((element.get("title") or "").split())
    kind = element.tag.title() if element.tag in ("audio", "video") else "Embedded"
    poster = clean_url(element.get("poster") or "", base)
    element.attrib.clear()
    element.tag = "div"
    if not address:
        return
    link = lxml.html.fragment_fromstring("<a></a>")
    link.set("href", address)
    link.text = f"{kind}: {label or host_of(address)}"
    _put_first(element, link)
    if poster:
        picture = lxml.html.fragment_fromstring("<img>")
        picture.set("src", poster)
        picture.set("alt", "")
        _put_first(element, picture)


def _put_first(element: HtmlElement, child: HtmlElement) -> None:
    """A paragraph of its own before all an element has, which is there for readers who cannot play it."""
    paragraph = lxml.html.fragment_fromstring("<p></p>")
    paragraph.append(child)
    paragraph.tail, element.text = element.text, None
    element.insert(0, paragraph)


def _link(link: HtmlElement, base: str) -> None:
    href = re.sub(r"[\t\r\n]", "", link.get("href") or "").strip()
    if href.startswith("#") or not href or link.find(".//a") is not None:  # Markdown has no link in a link
        link.tag = _UNWRAPPED
        return
    address = href if href.lower().startswith(_LINKED_SCHEMES) else clean_url(href, base)
    title = link.get("title")
    link.attrib.clear()
    if not address:
        link.tag = _UNWRAPPED
        return
    link.set("href", address)
    if title and title.strip():
        link.set("title", " ".join(title.split()))
    if not link.text_content().strip() and link.find(".//img") is None:
        link.text = "↗"  # it shows nothing, yet it leads somewhere

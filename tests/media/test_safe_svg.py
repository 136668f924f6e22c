"""What is left of an SVG runs nothing, loads nothing and links nowhere, and still is the picture."""

from __future__ import annotations

import pytest
from lxml import etree

from feedarchive.media.media_type import media_type
from feedarchive.media.safe_svg import MAX_SVG_BYTES, SvgFault, safe_svg
from tests.media.pictures import SVG

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'

_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
_ACTIVE = [
    "<script>alert(1)</script>", '<script href="https://e.example/x.js"/>', '<rect onclick="alert(1)"/>',
    '<a href="javascript:alert(1)"><text>x</text></a>', '<a xlink:href="https://e.example/"><text>x</text></a>',
    "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='https://e.example/'/></foreignObject>",
    '<image href="https://e.example/1.png"/>', '<image xlink:href="//e.example/1.png"/>',
    '<image href="data:image/svg+xml;base64,PHN2Zz4="/>', '<image href="data:text/html,x"/>',
    '<use href="https://e.example/x.svg#a"/>', '<set attributeName="href" to="javascript:alert(1)"/>',
    '<animate attributeName="x" values="0;1"/>', '<style>@import "https://e.example/x.css";</style>',
    "<style>@font-face { src: url(https://e.example/x.woff) }</style>", '<rect fill="url(https://e.example/x.svg#a)"/>',
    '<rect style="fill:url( \'https://e.example/\' )"/>', r'<rect style="fill:\75rl(https://e.example/)"/>',
    "<style>a { background: image-set('https://e.example/1.png' 1x) }</style>",
    '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>', '<handler>alert(1)</handler>',
    "<iframe src='https://e.example/'/>", '<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>',
    "<?xml-stylesheet href='https://e.example/x.css'?>", "<filter><feImage href='https://e.example/1.png'/></filter>",
    "<video src='https://e.example/x.mp4'/>", "<text><!-- https://e.example -->x</text>",
]  # fmt: skip


@pytest.mark.parametrize("active", _ACTIVE)
def test_what_runs_or_loads_is_removed(active: str) -> None:
    safe = safe_svg(f'{_HEAD}{active}<circle id="kept" r="3"/></svg>'.encode())
    assert isinstance(safe, bytes)
    assert b'<circle id="kept" r="3"/>' in safe
    for word in (b"e.example", b"alert", b"javascript", b"<a", b"script", b"text/html", b"image/svg", b"animate"):
        assert word not in safe


def test_a_drawing_keeps_its_shapes_styles_and_own_references() -> None:
    drawing = (
        f'{_HEAD}<title>Sales</title><style>.a {{ fill: red }}</style><defs><linearGradient id="g"><stop offset="0"/>'
        '</linearGradient><path id="p" d="M0 0h9"/></defs><g class="a" transform="scale(2)" fill="url(#g)">'
        '<use xlink:href="#p" x="3"/><text x="1">Ä &amp; B</text>'
        '<image href="data:image/png;base64,iVBORw0="/></g></svg>'
    )
    safe = safe_svg(drawing.encode())
    assert isinstance(safe, bytes)
    assert safe.decode() == f"<?xml version='1.0' encoding='UTF-8'?>\n{drawing}\n"
    assert safe_svg(safe) == safe
    assert media_type(safe) == media_type(SVG)


def test_entities_and_the_document_type_are_removed() -> None:
    source = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>{_HEAD}<text>a&x;b</text></svg>'
    safe = safe_svg(source.encode())
    assert isinstance(safe, bytes)
    assert etree.fromstring(safe).xpath("string()") == "ab"
    assert b"DOCTYPE" not in safe
    assert b"ENTITY" not in safe


def _repeated(levels: int) -> str:
    """Each level draws the one before ten times."""
    groups = "".join(f'<g id="a{n + 1}">{_use(n) * 10}</g>' for n in range(levels))
    return f'{_HEAD}<g id="a0"><rect/></g>{groups}</svg>'


def _use(number: int) -> str:
    return f'<use href="#a{number}"/>'


@pytest.mark.parametrize(
    "source",
    [_repeated(8), f'{_HEAD}<g id="a"><use href="#a"/></g></svg>',
     f'{_HEAD}<pattern id="a"><rect fill="url(#b)"/></pattern><pattern id="b"><rect fill="url(#a)"/></pattern></svg>',
     f"{_HEAD}{'<g>' * 60_000}{'</g>' * 60_000}</svg>", f"{_HEAD}{'<g/>' * 60_000}</svg>",
     f"{_HEAD}{' ' * MAX_SVG_BYTES}</svg>"],
    ids=["repeated", "itself", "each-other", "nested", "many", "large"],
)  # fmt: skip
def test_an_endless_drawing_is_refused(source: str) -> None:
    assert isinstance(safe_svg(source.encode()), SvgFault)


@pytest.mark.parametrize(
    "rule",
    [
        ".a{} {{mask:url(#m{})}}", "g, .a{}:hover {{clip-path:url(#m{})}}", "rect.a{} {{fill:url('#m{}')}}",
        "@media all {{ .a{} {{mask:url(#m{})}} }}", ".b {{ x:y; .a{} {{mask:url(#m{})}} }}",
        ".a{} {{ b {{c:d}} mask:url(#m{}) }}", ".a{}/*{{*/{{--x:url(#m{})}}",
    ],
)  # fmt: skip
def test_a_drawing_that_a_style_sheet_makes_endless_is_refused(rule: str) -> None:
    css = "".join(rule.format(number, number + 1) for number in range(20))
    masks = "".join(f'<mask id="m{n}">' + f'<rect class="a{n}"/>' * 3 + "</mask>" for n in range(21))
    source = f"<svg {NAMESPACE}><style>{css}</style>{masks}<rect class='a0'/></svg>"
    assert safe_svg(source.encode()) is SvgFault.TOO_HARD


@pytest.mark.parametrize(
    "drawing",
    [
        f'<marker id="m">{"<rect/>" * 500}</marker><path marker-mid="url(#m)" d="M0 0{"L1 1" * 1000}"/>',
        '<g fill="url(#p0)"><rect/></g>'
        + "".join(f'<pattern id="p{n}"><g fill="url(#p{n + 1})">{"<rect/>" * 5}</g></pattern>' for n in range(20)),
    ],
    ids=["markers", "patterns"],
)
def test_a_drawing_that_repeats_by_inheritance_is_refused(drawing: str) -> None:
    assert safe_svg(f"<svg {NAMESPACE}>{drawing}</svg>".encode()) is SvgFault.TOO_HARD


def test_a_drawing_whose_style_sheet_refers_to_its_parts_is_kept() -> None:
    source = (
        f"<svg {NAMESPACE}><style>.cls-1{{fill:none}} .cls-2{{clip-path:url(#clip-path)}} .cls-3{{fill:url(#paint)}}"
        '</style><clipPath id="clip-path"><rect class="cls-1"/></clipPath><linearGradient id="paint"><stop/>'
        "</linearGradient>" + '<g class="cls-2"><path class="cls-3"/></g>' * 1000 + "</svg>"
    )
    kept = safe_svg(source.encode())
    assert isinstance(kept, bytes)
    assert kept.count(b"cls-3") == 1001


def test_a_drawing_that_repeats_a_little_is_kept() -> None:
    assert isinstance(safe_svg(_repeated(3).encode()), bytes)


@pytest.mark.parametrize(
    "source", [b"", b"<svg>", b"<svg/>", b"<html><svg xmlns='http://www.w3.org/2000/svg'/></html>", b"\xff\xd8\xff",
               b"<?xml version='1.0' encoding='none'?><svg xmlns='http://www.w3.org/2000/svg'/>"]
)  # fmt: skip
def test_other_documents_are_no_svg(source: bytes) -> None:
    assert safe_svg(source) is SvgFault.NOT_SVG


def test_entities_that_grow_are_refused() -> None:
    grown = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    source = f'<!DOCTYPE svg [<!ENTITY a0 "xxxxxxxxxx">{grown}]><svg xmlns="http://www.w3.org/2000/svg" class="&a9;"/>'
    assert safe_svg(source.encode()) is SvgFault.NOT_SVG

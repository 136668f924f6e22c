"""Nothing from a feed runs when the archive is rendered, even with raw HTML allowed."""

from __future__ import annotations

import html

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from feedarchive.article.enclosures import enclosure_list
from feedarchive.document.model import Enclosure, Text
from feedarchive.markdown.clean_html import clean_html
from feedarchive.markdown.to_html import to_html
from feedarchive.markdown.to_markdown import to_markdown
from tests.hostile.active_content import as_github, dangers_of
from tests.hostile.snippets import SNIPPETS as HOSTILE

_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# Allow javascript: links, which markdown-it rejects but other renderers do not.
_RENDERER.validateLink = lambda url: True  # type: ignore[method-assign]


def markdown_of(source: str) -> str:
    return to_markdown(clean_html(Text(source, html=True), "https://example.com/"))


def test_a_hostile_body_is_harmless_as_markdown() -> None:
    for name, source in HOSTILE.items():
        assert dangers_of(_RENDERER.render(markdown_of(source))) == [], name


def test_a_hostile_body_is_harmless_as_html_in_a_markdown_file() -> None:
    for name, source in HOSTILE.items():
        body = to_html(clean_html(Text(source, html=True), "https://example.com/"))
        assert dangers_of(body) == [], name
        assert dangers_of(_RENDERER.render(body)) == [], name


def test_a_hostile_plain_text_is_harmless() -> None:
    for name, source in HOSTILE.items():
        tree = clean_html(Text(html.unescape(source)), "https://example.com/")
        assert dangers_of(_RENDERER.render(to_markdown(tree))) == [], name


@pytest.mark.parametrize(
    "around", ["<ul><li>{}</li></ul>", "<blockquote>{}</blockquote>", "<td>{}</td>", "<h2>{}</h2>"]
)
def test_a_hostile_body_is_harmless_inside_other_elements(around: str) -> None:
    around = f"<table><tr>{around}<td>x</td></tr></table>" if "td" in around else around
    for name, source in HOSTILE.items():
        assert dangers_of(_RENDERER.render(markdown_of(around.format(source)))) == [], name


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from([*HOSTILE.values(), "<p>", "</p>", "<br>", "`", "\\", "[", "]", "<b>", "</b>", "\n\n"]),
        max_size=5,
    )
)
def test_combined_hostile_bodies_are_harmless(sources: list[str]) -> None:
    assert dangers_of(_RENDERER.render(markdown_of("".join(sources)))) == []


def test_a_hostile_enclosure_is_harmless() -> None:
    for name, text in HOSTILE.items():
        enclosure = Enclosure("https://example.com/x) [y](javascript:alert(1)", " ".join(text.split()), 1, text)
        assert dangers_of(_RENDERER.render(enclosure_list([enclosure]).replace("\n", " "))) == [], name


_TEX = (
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "[[x]] [^1] a]: b",
    "<script>alert(1)</script>",
    "<b onclick=x>",
    "a<b>c",
    "x$ <script>alert(1)</script> $y",
    "`<b>`",
    "= x",
    "a\\",
    "{{< x >}} {{% y %}} <% z %>",
    "&lt;b&gt;",
    "% comment\n<b>",
    "\n\n# heading\n\n<script>x</script>",
)


@pytest.mark.parametrize("tex", _TEX)
@pytest.mark.parametrize(
    "form",
    [
        "<p>a <math><annotation encoding='tex'>{}</annotation></math> b</p>",
        "<p>a <span data-tex='{}'></span> b</p>",
        "<div data-formula='{}' data-display=''>x</div>",
        "<table><tr><td><img class='latex' src='/x.png' alt='{}'></td><td>b</td></tr></table>",
    ],
)
def test_a_hostile_formula_is_harmless(tex: str, form: str) -> None:
    markdown = markdown_of(form.format(html.escape(tex)))
    assert dangers_of(_RENDERER.render(markdown)) == []
    assert dangers_of(as_github(markdown)) == []
    assert "{{<" not in markdown
    assert "{{%" not in markdown
    assert "<%" not in markdown
    body = to_html(clean_html(Text(form.format(html.escape(tex)), html=True), "https://example.com/"))
    assert dangers_of(body) == []


@pytest.mark.parametrize(
    ("tex", "written"),
    [
        ("a_1^2", "$a_1^2$"),
        ("\\mathbf{x}_{1}", "$\\mathbf{x}_ {1}$"),
        ("a*b", "$a * b$"),
        ("a<b", "$a< b$"),
        ("x % note\n+ y", "$x + y$"),
        ("\\text{$5}", "`\\text{$5}`"),
    ],
)
def test_tex_is_kept_as_far_as_markdown_allows(tex: str, written: str) -> None:
    assert markdown_of(f"<p>f: <span data-tex='{html.escape(tex)}'></span></p>") == f"f: {written}"


def test_escaped_markup_stays_visible_text() -> None:
    for source in ("&lt;script&gt;alert(1)&lt;/script&gt;", "[x](javascript:alert(1))", "&lt;!-- x --&gt;"):
        rendered = _RENDERER.render(markdown_of(source))
        assert lxml.html.fromstring(rendered).text_content().strip() == html.unescape(source)


def test_an_html_body_is_one_block_that_markdown_does_not_parse() -> None:
    source = (
        "<p>a</p>\n\n# no heading\n \n*no emphasis*\n\n\n"
        "<pre>one\n\n\ntwo</pre>[a]: /b\n\n---\n\n{{&lt; x &gt;}} {{% y %}}"
    )
    body = to_html(clean_html(Text(source, html=True), "https://example.com/"))
    assert _RENDERER.render(body).strip() == body
    assert lxml.html.fromstring(body).findtext(".//pre") == "one\n\n\ntwo"
    assert "{{<" not in body
    assert "{{%" not in body
    assert "{{&lt;" not in body


def test_an_html_body_keeps_elements_without_a_markdown_form() -> None:
    source = '<p>10<sup>3</sup> <span dir="rtl">x</span></p><table><tr><td colspan="2">y</td></tr></table>'
    body = to_html(clean_html(Text(source, html=True), "https://example.com/"))
    assert "<sup>3</sup>" in body
    assert 'dir="rtl"' in body
    assert '<td colspan="2">y</td>' in body


def test_the_check_itself_detects_dangers() -> None:
    for dangerous in (
        "<script>x</script>",
        "<p onclick=x>",
        "<a href='java\nscript:x'>",
        "<img src='data:x'>",
        "<p style=x>",
    ):
        assert dangers_of(dangerous) != [], dangerous
    assert dangers_of(_RENDERER.render("[x](javascript:alert(1))")) != []
    assert dangers_of(_RENDERER.render("<b onclick=alert(1)>x</b>")) != []

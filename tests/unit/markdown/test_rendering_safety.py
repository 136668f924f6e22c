"""Nothing of a feed runs in whoever renders the archive, even with raw HTML allowed."""

from __future__ import annotations

import html

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from feedarchive.document.model import Enclosure, Text
from feedarchive.markdown.clean_html import as_html, sanitised
from feedarchive.markdown.to_markdown import enclosure_list, to_markdown
from hostile.dangers import dangers_of
from hostile.snippets import SNIPPETS as HOSTILE

_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# markdown-it itself refuses javascript: links; a renderer that does not must be safe as well.
_RENDERER.validateLink = lambda url: True  # type: ignore[method-assign]


def markdown_of(source: str) -> str:
    return to_markdown(sanitised(Text(source, html=True), "https://example.com/"))


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_harmless_as_markdown(source: str) -> None:
    assert dangers_of(_RENDERER.render(markdown_of(source))) == []


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_harmless_as_html_in_a_markdown_file(source: str) -> None:
    inside = as_html(sanitised(Text(source, html=True), "https://example.com/"))
    assert dangers_of(inside) == []
    assert dangers_of(_RENDERER.render(inside)) == []


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_plain_text_is_harmless(source: str) -> None:
    tree = sanitised(Text(html.unescape(source)), "https://example.com/")
    assert dangers_of(_RENDERER.render(to_markdown(tree))) == []


@pytest.mark.parametrize(
    "around", ["<ul><li>{}</li></ul>", "<blockquote>{}</blockquote>", "<td>{}</td>", "<h2>{}</h2>"]
)
def test_a_hostile_body_is_harmless_wherever_it_stands(around: str) -> None:
    around = f"<table><tr>{around}<td>x</td></tr></table>" if "td" in around else around
    for name, source in HOSTILE.items():
        assert dangers_of(_RENDERER.render(markdown_of(around.format(source)))) == [], name


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from([*HOSTILE.values(), "<p>", "</p>", "<br>", "`", "\\", "[", "]", "<b>", "</b>", "\n\n"]),
        max_size=5,
    )
)
def test_hostile_bodies_are_harmless_together(sources: list[str]) -> None:
    assert dangers_of(_RENDERER.render(markdown_of("".join(sources)))) == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_enclosure_is_harmless(text: str) -> None:
    listed = enclosure_list(
        [Enclosure("https://example.com/x) [y](javascript:alert(1)", " ".join(text.split()), 1, text)]
    )
    assert dangers_of(_RENDERER.render(listed.replace("\n", " "))) == []


def test_the_words_of_escaped_markup_stay_visible() -> None:
    for source in ("&lt;script&gt;alert(1)&lt;/script&gt;", "[x](javascript:alert(1))", "&lt;!-- x --&gt;"):
        rendered = _RENDERER.render(markdown_of(source))
        assert lxml.html.fromstring(rendered).text_content().strip() == html.unescape(source)


def test_html_bodies_are_one_block_that_markdown_does_not_look_into() -> None:
    source = (
        "<p>a</p>\n\n# no heading\n \n*no emphasis*\n\n\n"
        "<pre>one\n\n\ntwo</pre>[a]: /b\n\n---\n\n{{&lt; x &gt;}} {{% y %}}"
    )
    inside = as_html(sanitised(Text(source, html=True), "https://example.com/"))
    assert _RENDERER.render(inside).strip() == inside
    assert lxml.html.fromstring(inside).findtext(".//pre") == "one\n\n\ntwo"
    assert "{{<" not in inside
    assert "{{%" not in inside
    assert "{{&lt;" not in inside


def test_html_bodies_keep_what_markdown_has_no_form_for() -> None:
    source = '<p>10<sup>3</sup> <span dir="rtl">x</span></p><table><tr><td colspan="2">y</td></tr></table>'
    inside = as_html(sanitised(Text(source, html=True), "https://example.com/"))
    assert "<sup>3</sup>" in inside
    assert 'dir="rtl"' in inside
    assert '<td colspan="2">y</td>' in inside


def test_the_check_itself_sees_dangers() -> None:
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

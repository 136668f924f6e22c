"""HTML and plain text become Markdown: by example (fixtures/), and never without a word of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from random_html import random_html

from corpus.words_kept import words_kept
from feedarchive.document.model import Enclosure, Text
from feedarchive.markdown.clean_html import plain_as_html, sanitised
from feedarchive.markdown.to_markdown import enclosure_list, to_markdown

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".html", ".txt"))
PAGE = "https://example.com/blog/post/"
_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def markdown_of(html: str, base: str = "") -> str:
    return to_markdown(sanitised(Text(html, html=True, base=base), PAGE))


def markdown_of_plain(text: str) -> str:
    return to_markdown(sanitised(Text(text), PAGE))


def of_fixture(path: Path) -> str:
    return to_markdown(sanitised(Text(path.read_text(encoding="utf-8"), html=path.suffix == ".html"), PAGE))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_markdown_is_as_written_beside_the_source(case: Path) -> None:
    assert of_fixture(case) + "\n" == case.with_suffix(".md").read_text(encoding="utf-8")


def test_every_fixture_has_its_counterpart() -> None:
    assert {path.stem for path in CASES} == {path.stem for path in FIXTURES.glob("*.md")}


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_no_word_of_a_fixture_is_lost(case: Path) -> None:
    source = case.read_text(encoding="utf-8")
    kept = words_kept(source if case.suffix == ".html" else plain_as_html(source), of_fixture(case))
    assert kept.missing == ()
    assert kept.words > 0


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32 - 1).map(random_html))
def test_no_word_of_any_tree_is_lost(html: str) -> None:
    assert words_kept(html, markdown_of(html)).missing == ()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=200))
@example("\x00\x0b\ud800\u202e\ufffe")
@example("\U000f0001\U000f002a word \U000f0002\U000f0003")  # what stands for other characters on the way
def test_any_text_is_converted_without_an_error_and_shown_as_it_is(text: str) -> None:
    def letters(shown: str) -> str:
        return "".join(char for char in shown if char.isalnum())

    shown = sanitised(Text(_RENDERER.render(markdown_of_plain(text)), html=True), PAGE).text_content()
    assert letters(shown) == letters(text)


def test_deeply_nested_elements_keep_every_word() -> None:
    started = time.monotonic()
    for source in (
        "".join(f"<div>word{number} " for number in range(5_000)),
        "".join(f"<blockquote>word{number} " for number in range(300)),
        "".join(f"<ul><li>word{number} " for number in range(300)),
        "".join(f"<b><i>word{number} " for number in range(300)),
        "".join(f"<table><tr><td>word{number} " for number in range(300)),
    ):
        markdown = markdown_of(source)
        numbers = [int(word.removeprefix("word")) for word in markdown.split() if word.startswith("word")]
        assert numbers == list(range(source.count("word")))
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "source",
    [
        "<b></b>x" * 20_000,
        "<code>" + "a<br>" * 20_000 + "</code>",
        "a<br><br>" * 20_000,
        "<a href='#x'>y</a>" * 20_000,
        "&nbsp;" * 60_000 + "x",
        "<img srcset='" + "a" * 100_000 + " x'>",
        "<int x='" * 20_000,
        "<dl>" + "<dt>a<dd>b" * 5_000 + "</dl>",
    ],
    ids=lambda source: source[:12],
)
def test_no_kind_of_repetition_takes_long(source: str) -> None:
    started = time.process_time()
    markdown_of(source)
    assert time.process_time() - started < 5


def test_links_are_relative_to_the_texts_own_base_where_it_has_one() -> None:
    assert markdown_of('<a href="x">x</a>', base="https://example.org/a/") == "[x](https://example.org/a/x)"
    assert markdown_of('<a href="x">x</a>', base="sub/") == "[x](https://example.com/blog/post/sub/x)"


@pytest.mark.parametrize("base", ["http://[", "javascript:alert(1)", "data:text/html,", "//"])
def test_a_base_that_is_no_web_address_counts_for_nothing(base: str) -> None:
    assert markdown_of('<a href="x">x</a>', base=base) == "[x](https://example.com/blog/post/x)"


@pytest.mark.parametrize("source", ["", " \n ", "<p></p>", "<div><br><br></div>", "<script>x</script>", "<!-- x -->"])
def test_a_text_without_content_is_empty(source: str) -> None:
    assert markdown_of(source) == ""


@pytest.mark.parametrize(
    "frame",
    [
        '<iframe src="/x"><p>no <b>frames</b></p></iframe>',
        "<noscript><p>no <b>frames</b></p></noscript>",
        "<noframes><p>no <b>frames</b></p></noframes>",
        "<noembed><p>no <b>frames</b></p></noembed>",
    ],
)
def test_markup_for_readers_without_scripts_is_markup(frame: str) -> None:
    assert markdown_of(frame).endswith("no **frames**")


def test_elements_of_no_language_take_no_words_along() -> None:
    names = "int list set text line g tspan mi mrow in foo x-y o:p".split()
    for name in names:
        assert markdown_of(f"<p>before <{name}>inside</p><p>behind</p>") == "before inside\n\nbehind", name


def test_control_characters_and_overrides_of_the_reading_direction_are_gone() -> None:
    assert markdown_of("a\x00b\x08c\x1bd\u202ee\ufffef\ud800g") == "abcdefg"


def test_the_empty_lines_around_code_in_a_list_hold_its_item_together() -> None:
    html = _RENDERER.render(markdown_of("<ul><li>one<pre>a\n\n  b</pre>two</li><li>three</li></ul>"))
    assert html.count("<ul>") == 1
    assert html.count("<li>") == 2
    assert "a\n\n  b\n" in html


def test_two_quotations_are_not_one() -> None:
    html = _RENDERER.render(markdown_of("<p>x</p><blockquote>a</blockquote><blockquote>b</blockquote>"))
    assert html.count("<blockquote>") == 2


@pytest.mark.parametrize(
    ("html", "rendered"),
    [
        ("<b>Note:</b>text", "<strong>Note</strong>:text"),
        ("x<b>「a」</b>y", "x「<strong>a</strong>」y"),
        ("<i>a</i><b>b</b>", "<em>a</em><strong>b</strong>"),
        ("a<b><a href='/x'>b</a></b>c", 'a<a href="https://example.com/x">b</a>c'),
        ("<s>a.</s>b", "<s>a</s>.b"),
    ],
)
def test_emphasis_beside_a_word_shows_no_asterisks(html: str, rendered: str) -> None:
    assert _RENDERER.renderInline(markdown_of(html)) == rendered


def test_enclosures_are_a_list_of_links_with_what_is_known_of_them() -> None:
    enclosures = [
        Enclosure("https://example.com/a.mp3", "audio/mpeg", 12_345_678),
        Enclosure("https://example.com/b (1).pdf", "application/pdf", 49_999, "A [paper] {{< x >}}"),
        Enclosure("https://example.com/c(", length=None),
    ]
    assert enclosure_list(enclosures).split("\n") == [
        "* [audio/mpeg, 12.3 MB](https://example.com/a.mp3)",
        "* [A \\[paper\\] \\{\\{\\< x \\>}}, application/pdf](https://example.com/b%20(1).pdf)",
        "* [attached file](https://example.com/c%28)",
    ]
    assert enclosure_list([]) == ""


def test_a_mail_address_is_one_address_and_no_shortcode() -> None:
    assert markdown_of('<a href=" mailto:me@&#10;exa&#9;mple.org\t">x</a>') == "[x](mailto:me@example.org)"
    address = "mailto:me@example.org?subject={{%x}}"
    assert markdown_of(f'<a href="{address}">x</a>') == "[x](mailto:me@example.org?subject=%7B%7B%x%7D%7D)"

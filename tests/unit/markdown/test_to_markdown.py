"""HTML and plain text become the Markdown of the examples in fixtures/, and no word is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from feedarchive.document.model import Text
from feedarchive.markdown.clean_html import clean_html
from feedarchive.markdown.plain_text_to_html import plain_text_to_html
from feedarchive.markdown.to_markdown import to_markdown
from tests.harness.linear_time import assert_linear_time
from tests.harness.words_kept import words_kept
from tests.unit.markdown.random_html import random_html

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path for path in FIXTURES.iterdir() if path.suffix in (".html", ".txt"))
PAGE = "https://example.com/blog/post/"
# Fixtures with words that are not text of the article: line numbers, labels of drawings, several forms of a formula,
# characters in place of images. Their Markdown has other words, so the words are not compared.
WITH_OTHER_WORDS = frozenset(
    (
        "code_line_numbers drawings emoji_images formula_images katex late_players layout_tables math_and_svg mathjax "
        "mathml ruby_without_brackets"
    ).split()
)
_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def markdown_of(html: str, base: str = "") -> str:
    return to_markdown(clean_html(Text(html, html=True, base=base), PAGE))


def markdown_of_plain(text: str) -> str:
    return to_markdown(clean_html(Text(text), PAGE))


def markdown_of_fixture(path: Path) -> str:
    text = Text(path.read_text(encoding="utf-8"), html=path.suffix == ".html")
    return to_markdown(clean_html(text, PAGE, PAGE))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_fixture_becomes_the_markdown_beside_it(case: Path) -> None:
    assert markdown_of_fixture(case) + "\n" == case.with_suffix(".md").read_text(encoding="utf-8")


def test_every_fixture_has_its_markdown() -> None:
    assert {path.stem for path in CASES} == {path.stem for path in FIXTURES.glob("*.md")}


@pytest.mark.parametrize("case", [c for c in CASES if c.stem not in WITH_OTHER_WORDS], ids=lambda path: path.name)
def test_no_word_of_a_fixture_is_lost(case: Path) -> None:
    source = case.read_text(encoding="utf-8")
    kept = words_kept(source if case.suffix == ".html" else plain_text_to_html(source), markdown_of_fixture(case))
    assert kept.missing == ()
    assert kept.words > 0


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32 - 1).map(random_html))
def test_no_word_of_any_tree_is_lost(html: str) -> None:
    assert words_kept(html, markdown_of(html)).missing == ()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=200))
@example("\x00\x0b\ud800\u202e\ufffe")
@example("\U000f0001\U000f002a word \U000f0002\U000f0003")  # characters that the converter uses as placeholders
def test_any_plain_text_is_displayed_unchanged(text: str) -> None:
    def letters(displayed: str) -> str:
        return "".join(char for char in displayed if char.isalnum())

    displayed = clean_html(Text(_RENDERER.render(markdown_of_plain(text)), html=True), PAGE).text_content()
    assert letters(displayed) == letters(text)


@pytest.mark.parametrize(
    ("opening", "count"),
    [("<div>", 5_000), ("<blockquote>", 300), ("<ul><li>", 300), ("<b><i>", 300), ("<table><tr><td>", 300)],
)
def test_deeply_nested_elements_keep_every_word(opening: str, count: int) -> None:
    markdown = markdown_of("".join(f"{opening}word{number} " for number in range(count)))
    numbers = [int(word.removeprefix("word")) for word in markdown.split() if word.startswith("word")]
    assert numbers == list(range(count))


@pytest.mark.parametrize(
    ("before", "repeated", "after", "count"),
    [
        ("", "<b></b>x", "", 1_250),
        ("<code>", "a<br>", "</code>", 1_250),
        ("", "a<br><br>", "", 1_250),
        ("", "<a href='#x'>y</a>", "", 1_250),
        ("", "&nbsp;", "x", 15_000),
        ("<img srcset='", "a", " x'>", 25_000),
        ("", "<int x='", "", 5_000),
        ("<dl>", "<dt>a<dd>b", "</dl>", 1_250),
        ("", "<div>word ", "", 1_250),
        ("", "<math>", "", 5_000),
        ("", "<math><mfrac>", "</math>", 1_000),
        ("", "<math><mi>x</mi></math>", "", 500),
        ("", "<svg ", "", 5_000),
        ("", "<iframe srcdoc='&lt;b>'>", "", 1_250),
        ("", '<iframe srcdoc="', "", 5_000),
        ("", "<script/>", "", 5_000),
        ("", "<script src=x/>", "</script>", 5_000),
        ("", "<b/>", "", 5_000),
        ("", "<span class='katex'>", "", 200),
        ("", "<span class='katex'><math><mi>x</mi></math></span>", "", 500),
        ("", "http://a.example[ ", "", 600),
        ("<pre>", "<span class='ln'>1</span>x\n", "</pre>", 1_250),
        ("", "<pre>x</pre>", "", 750),
        ("<a href='/x'>", "<p>x</p>", "</a>", 1_250),
        ("<ul>", "<ul><li>x</li></ul>", "</ul>", 1_500),
        ("<div style='white-space:pre'>", "x\n", "</div>", 5_000),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else None,
)
def test_conversion_time_is_proportional_to_the_length(before: str, repeated: str, after: str, count: int) -> None:
    """With nested loops it would grow with the square of the length."""
    assert_linear_time(markdown_of, lambda times: before + repeated * times + after, count)


def test_text_declared_as_html_without_any_tag_keeps_its_lines_and_links_its_urls() -> None:
    source = "Of mills &amp; weirs:\n00:00 Wheel\r\n03:10 Weir\n\nMore: https://mill.example/a."
    expected = (
        "Of mills & weirs:\\\n00:00 Wheel\\\n03:10 Weir\n\nMore: [https://mill.example/a](https://mill.example/a)."
    )
    assert markdown_of(source) == expected
    assert markdown_of(source.replace("Wheel", "<b>Wheel</b>")).startswith("Of mills & weirs: 00:00 **Wheel** 03:10")


def test_relative_links_use_the_base_of_the_text() -> None:
    assert markdown_of('<a href="x">x</a>', base="https://example.org/a/") == "[x](https://example.org/a/x)"
    assert markdown_of('<a href="x">x</a>', base="sub/") == "[x](https://example.com/blog/post/sub/x)"


@pytest.mark.parametrize("base", ["http://[", "javascript:alert(1)", "data:text/html,", "//"])
def test_a_base_that_is_not_a_web_url_is_ignored(base: str) -> None:
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
def test_fallback_content_is_converted(frame: str) -> None:
    assert markdown_of(frame).endswith("no **frames**")


def test_unknown_elements_keep_their_text() -> None:
    names = "int list set text line g tspan mi mrow in foo x-y o:p".split()
    for name in names:
        assert markdown_of(f"<p>before <{name}>inside</p><p>behind</p>") == "before inside\n\nbehind", name


def test_control_characters_and_direction_overrides_are_removed() -> None:
    assert markdown_of("a\x00b\x08c\x1bd\u202ee\ufffef\ud800g") == "abcdefg"


def test_code_in_a_list_item_does_not_end_the_item() -> None:
    html = _RENDERER.render(markdown_of("<ul><li>one<pre>a\n\n  b</pre>two</li><li>three</li></ul>"))
    assert html.count("<ul>") == 1
    assert html.count("<li>") == 2
    assert "a\n\n  b\n" in html


def test_adjacent_quotations_stay_separate() -> None:
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
def test_emphasis_beside_a_word_is_recognized(html: str, rendered: str) -> None:
    assert _RENDERER.renderInline(markdown_of(html)) == rendered


def test_a_mail_address_is_cleaned_and_is_not_a_shortcode() -> None:
    assert markdown_of('<a href=" mailto:me@&#10;exa&#9;mple.org\t">x</a>') == "[x](mailto:me@example.org)"
    address = "mailto:me@example.org?subject={{%x}}"
    assert markdown_of(f'<a href="{address}">x</a>') == "[x](mailto:me@example.org?subject=%7B%7B%x%7D%7D)"

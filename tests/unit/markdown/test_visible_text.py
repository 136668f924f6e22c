"""Visible text: markup removed, entities decoded exactly once; plain lines for titles and descriptions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedarchive.document.model import Text
from feedarchive.markdown.visible_text import plain_line, visible_text
from feedarchive.text import shorten


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&T", "AT&T"),
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;", "&amp;"),
        ("&lt;b&gt;", "<b>"),
        ("&apos;&quot;&#8217;&#x2026;&nbsp;x", "'\"’… x"),
        ("&copy without semicolon", "© without semicolon"),
        ("<b>bold</b> and <i>italic</i>", "bold and italic"),
        ("in<b>si</b>de", "inside"),
        ("a<br>b<p>c</p><div>d</div>e", "a b c d e"),
        ("<ul><li>a</li><li>b</li></ul>c<h1>d</h1>", "a b c d"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<select><option>a<option>b</select>", "a b"),
        ("a<script>gone()</script><style>gone</style><!-- gone --><template>gone</template>b", "ab"),
        ("vector<int> and more", "vector and more"),
        ("E = <math><mi>m</mi></math> <svg><text>label</text></svg>", "E = m label"),
        ("<noscript><b>x</b></noscript>", "x"),
        ("a < b, 3 <4", "a < b, 3 <4"),
        ("<img src='x' alt='gone'>a picture", "a picture"),
    ],
)
def test_html_becomes_its_visible_text(html: str, line: str) -> None:
    assert plain_line(Text(html, html=True)) == line


@pytest.mark.parametrize("plain", ["AT&amp;T", "<b>x</b>", "a < b", "&#39;", "1 &lt; 2"])
def test_plain_text_is_not_decoded(plain: str) -> None:
    assert plain_line(Text(plain)) == plain


@pytest.mark.parametrize("is_html", [True, False])
def test_white_space_is_folded(is_html: bool) -> None:
    assert plain_line(Text("\n a\r\n\tb \u00a0\u3000 c\u2028d\u0085e\n", html=is_html)) == "a b c d e"


@pytest.mark.parametrize("is_html", [True, False])
def test_control_characters_and_direction_marks_are_removed(is_html: bool) -> None:
    line = plain_line(Text("a\x00\x07\x1b\x7fb\u202ec\u202dd\u2066e\u2069\ufffef\ud800g", html=is_html))
    assert not set(line) & set("\x00\x07\x1b\x7f\u202d\u202e\u2066\u2069\ufffe\ud800")
    assert line.replace(" ", "") == "abcdefg"


def test_joiners_and_combining_marks_are_kept() -> None:
    assert plain_line(Text("नमस्ते 👩‍👩‍👧 e\u0301 می‌خواهم", html=True)) == "नमस्ते 👩‍👩‍👧 e\u0301 می‌خواهم"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(), st.booleans())
def test_any_text_becomes_one_line(text: str, is_html: bool) -> None:
    line = plain_line(Text(text, html=is_html))
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    line.encode("utf-8")


def test_visible_text_keeps_lines() -> None:
    assert visible_text(Text("<p>a\nb</p>", html=True)).strip() == "a\nb"


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("exactly so", 10, "exactly so"),
        ("one two three", 10, "one two…"),
        ("one, two three", 6, "one…"),
        ("one – two three", 7, "one…"),
        ("x" * 20, 10, "x" * 9 + "…"),
        ("a " + "x" * 20, 10, "a " + "x" * 7 + "…"),  # cut inside a word rather than lose most of the text
        ("", 10, ""),
    ],
)
def test_a_long_text_is_shortened_between_words(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(), st.integers(2, 50))
def test_a_shortened_text_never_exceeds_the_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))

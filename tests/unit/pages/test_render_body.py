"""Bodies of articles as HTML: from Markdown or HTML, safe, accessible, the same each time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from feedarchive.pages.render_body import render_body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("# One\n\n~~two~~ *three*\n", "<h3>One</h3>\n<p><s>two</s> <em>three</em></p>\n"),
        ("1 \\< 2 &lt;b&gt; `<b>`\n", "<p>1 &lt; 2 &lt;b&gt; <code>&lt;b&gt;</code></p>\n"),
        ("Words.\n\n<script>alert(1)</script>\n", "<p>Words.</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("<p>One<script>alert(1)</script></p>\n\n* [file](https://e.org/f)\n",
         '<p>One</p>\n<ul>\n<li><a href="https://e.org/f" rel="noreferrer">file</a></li>\n</ul>\n'),
        ("Hello<br>world <b onclick=x>!</b>\n", "Hello<br>world <b>!</b>\n\n"),
        ("[a](javascript:alert(1))\n", "<p>[a](javascript:alert(1))</p>\n"),
    ],
)  # fmt: skip
def test_markdown_and_html_are_rendered(body: str, expected: str) -> None:
    assert render_body(body, images=True) == expected


def test_images_have_a_text_and_wait_until_they_are_visible() -> None:
    lazy = 'loading="lazy" referrerpolicy="no-referrer"'
    assert render_body("![A bridge](https://e.org/b.jpg)", images=True) == (
        f'<p><img src="https://e.org/b.jpg" alt="A bridge" {lazy}></p>\n'
    )
    linked = render_body("[![](https://e.org/b.jpg)](https://e.org/)", images=True)
    assert f'<img src="https://e.org/b.jpg" alt="image" {lazy}>' in linked
    assert "<img" not in render_body("![A bridge](https://e.org/b.jpg)", images=False)


def test_a_body_is_the_same_in_every_process() -> None:
    code = (
        "from feedarchive.pages.render_body import render_body\n"
        'print(render_body(\'<p dir="ltr"><img src="https://e.org/a" width="3" height="4" title="t">\', True))'
    )
    outputs = {subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(4)}
    assert len(outputs) == 1


def test_a_very_long_body_is_shown_as_it_is() -> None:
    assert render_body("a < b " * 400_000, images=True).startswith("<pre>a &lt; b ")

"""Random HTML: trees of the elements a body may have, with words of many scripts and all punctuation of Markdown."""

from __future__ import annotations

import html
from collections.abc import Callable
from random import Random

# Alphabets written left to right, right to left and without spaces; digits; combining marks; emoji.
WORDS = (
    "word Word well-known AT&T C# 1.5 50% foo_bar don't 2025. 12) 1. Übergröße naïve žluťoučký Привет мир ελληνικά "
    "日本語。 「東京」は 中文，字 한국어 שלום مرحبا नमस्ते ไทย 🎄 👩‍👩‍👧 e\u0301 x² ½ ﬁ"
).split()
# Text that may have a meaning in CommonMark, GFM, Hugo, Obsidian or HTML, alone or beside a word.
MARKUP = (
    "* ** _ __ ` `` ``` ~ ~~ ~~~ # ## - -- --- + +++ = == === > >> < << | || \\ \\\\ ! ![ [ ] [] ( ) ]( [x](y) [x]: "
    "[^1] [[x]] ![[x]] %% %%x%% $ $$ {{ }} {{< x >}} {{% x %}} {.x} {#x} : :: ::: ; &amp; &lt; &copy; & && &#60; <b> "
    "</p> <script> <!-- --> <!--more--> <?x?> <https://x.y> ^ ^x @x #x / // ' \" “x” … * - 1) a) *x* _x_ **x** `x` "
    "~~x~~ ==x== __x__ x\\ \\* https://example.org/a_b*c* www.example.org/_x_ me@example.org"
).split()
_INLINE = (
    "b strong i em u s del ins small span code kbd samp tt sub sup mark abbr cite var strike font time noscript mi"
).split()
_CONTAINERS = "div section article blockquote center header footer main aside address".split()
_LINE_BLOCKS = "p p p div h1 h2 h3 h4 h5 h6 pre".split()
_EMPTY = ("<br>", "<br><br>", "<br/> <br/>", '<img src="/p.png" alt="a [b] *c*">', "<wbr>", "<b></b>", "<i> </i>")
_HREFS = ("/x", "https://example.org/(a)?b=c_d_e", "javascript:alert(1)", "#fragment", "mailto:me@example.org")


def random_html(seed: int) -> str:
    """Return a tree, the same for the same seed."""
    random = Random(seed)
    return _several(random, lambda: _block(random, random.randint(0, 3)), 3)


def _several(random: Random, part: Callable[[], str], most: int) -> str:
    return "".join(part() for _ in range(random.randint(1, most)))


def _element(tag: str, inside: str, attributes: str = "") -> str:
    return f"<{tag}{attributes}>{inside}</{tag}>"


def _text(random: Random) -> str:
    words = " ".join(random.choice(random.choice((WORDS, WORDS, MARKUP))) for _ in range(random.randint(1, 3)))
    before, after = (random.choice(("", "", " ", " ", "\n", "\u00a0")) for _ in range(2))
    return before + html.escape(words, quote=False) + after


def _inline(random: Random, depth: int) -> str:
    kind = random.randrange(10)
    if kind < 5 or depth == 0:
        return _text(random)
    if kind < 6:
        return random.choice(_EMPTY)
    return _element(random.choice(_INLINE), _several(random, lambda: _inline(random, depth - 1), 3))


def _line(random: Random) -> str:
    def part() -> str:
        if random.randrange(6):
            return _inline(random, random.randint(0, 2))
        inside = random.choice(WORDS) + _several(random, lambda: _inline(random, 1), 2)
        return _element("a", inside, f' href="{random.choice(_HREFS)}"')

    return _several(random, part, 3)


def _block(random: Random, depth: int) -> str:
    kind = random.randrange(9) if depth else 0

    def flow() -> str:
        return _several(random, lambda: _block(random, depth - 1), 2)

    def item() -> str:
        return _element("li", random.choice((_line(random), flow())))

    def row() -> str:
        cell = flow if random.randrange(4) == 0 else lambda: _line(random)
        return _element("tr", _several(random, lambda: _element(random.choice(("td", "td", "th")), cell()), 3))

    if kind == 0:
        return random.choice(("<hr>", _line(random), *(_element(tag, _line(random)) for tag in _LINE_BLOCKS)))
    if kind == 1:
        return _element("ul", _several(random, item, 3))
    if kind == 2:
        return _element("ol", _several(random, item, 3), random.choice(("", ' start="7"', ' start="-3"')))
    if kind in (3, 4):
        return _element("table", _several(random, row, 3))
    if kind == 5:
        return _element("dl", _element("dt", _line(random)) + _element("dd", flow()))
    if kind == 6:
        return _element("figure", '<img src="/f.png">' + _element("figcaption", _line(random)))
    if kind == 7:
        return _element("details", _element("summary", _line(random)) + flow())
    return _element(random.choice(_CONTAINERS), flow())

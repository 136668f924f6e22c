"""Hypothesis strategies for random feed documents: fixtures that are damaged, spliced, repeated or relabeled."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from tests.hostile.snippets import DIALECTS, SNIPPETS

_TESTS = Path(__file__).parents[1]
_FEEDS = sorted(
    path
    for folder in (_TESTS / "unit/document/fixtures", _TESTS.parent / "seeds/demo")
    for path in folder.iterdir()
    if path.suffix in (".xml", ".rdf", ".json") and not path.name.endswith(".expected.json")
)
_SNIPPETS = [*SNIPPETS.values(), *DIALECTS.values()]
_TEXTS = sorted(p for p in (_TESTS / "unit/markdown/fixtures").iterdir() if p.suffix in (".html", ".txt"))
FEEDS = [path.read_bytes() for path in _FEEDS]
# Pieces of feeds in the wrong place find more bugs than random bytes.
PIECES = [
    *(b"<item>", b"</item>", b"<entry>", b"</entry>", b"<title>", b"</title>", b"</width>", b"</category>", b"</link>"),
    *(b"<link>", b"<image>", b"</image>", b"<source>", b"<author>", b"<content type='xhtml'>", b"</content>", b"<svg>"),
    *(b"<authors>x</authors>", b"<links a='b'/>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?", b"<!ENTITY x 'y'>"),
    *(b"&#xD800;", b"&#9a;", b"&#99999999999;", b"&nbsp;", b"&x;", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800"),
    *(b"http://[", b"xml:base='http://['", b'"', b"{", b"}", b"[", b"]", b"null", b"1e999", b"NaN", b"-1", b":", b","),
    *(b"<br>", b"<p>", b"<ul><li>", b"<table><tr><td>", b"<blockquote>", b"<pre>", b"<code>", b"<a href='/x'>", b"<b>"),
    *(
        b"&lt;br&gt;",
        b"&lt;p&gt;",
        b"&lt;ul&gt;&lt;li&gt;",
        b"&lt;table&gt;&lt;tr&gt;&lt;td&gt;",
        b"&lt;pre&gt;",
        b"\n",
    ),
    *(
        b"&lt;b&gt;",
        b"&lt;/b&gt;",
        b"&lt;code&gt;",
        b"&lt;a href='/x'&gt;",
        b"&amp;lt;",
        b"`",
        b"---\n",
        b"{{&lt;",
        b"\\",
    ),
    *(b"xml:base='/a/'", b"xml:lang='x'", b"type='html'", b"type='xhtml'", b"mode='base64'", b"isPermaLink='true'"),
    *("\u202e".encode(), "\u2028".encode(), "\ufeff".encode(), "\u0301".encode(), "\U000f005b".encode()),
]
_ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "iso-8859-15", "cp1251", "koi8-r"]
_ENCODINGS += ["shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "utf-7", "cp037", "hz"]
Mutation = Callable[[bytes], bytes]


def _at(body: bytes, share: float) -> int:
    return int(len(body) * share)


def _cut_before(share: float) -> Mutation:
    return lambda body: body[_at(body, share) :]


def _cut_behind(share: float) -> Mutation:
    return lambda body: body[: _at(body, share)]


def _without(share: float, count: int) -> Mutation:
    return lambda body: body[: _at(body, share)] + body[_at(body, share) + count :]


def _with_byte(share: float, byte: int) -> Mutation:
    return lambda body: body[: _at(body, share)] + bytes([byte]) + body[_at(body, share) + 1 :]


def _with_piece(share: float, piece: bytes) -> Mutation:
    return lambda body: body[: _at(body, share)] + piece + body[_at(body, share) :]


def _repeated(share: float, length: int, times: int) -> Mutation:
    def mutation(body: bytes) -> bytes:
        start = _at(body, share)
        return body[: start + length] + body[start : start + length] * times + body[start + length :]

    return mutation


def _spliced(share: float, other: bytes, other_share: float, length: int) -> Mutation:
    start = _at(other, other_share)
    return _with_piece(share, other[start : start + length])


def _element_repeated(number: int, times: int) -> Mutation:
    """An element, from its start tag to its end tag, several times."""

    def mutation(body: bytes) -> bytes:
        starts = [
            index for index, byte in enumerate(body) if byte == ord("<") and body[index + 1 : index + 2].isalpha()
        ]
        if not starts:
            return body
        start = starts[number % len(starts)]
        name = body[start + 1 :].split(b">")[0].split()[:1]
        end = body.find(b"</" + name[0] + b">", start) if name else -1
        if end < 0:
            return body
        end += len(name[0]) + 3
        return body[:end] + body[start:end] * times + body[end:]

    return mutation


def _recoded(to: str, declared: str) -> Mutation:
    def mutation(body: bytes) -> bytes:
        declaration = f'<?xml version="1.0" encoding="{declared}"?>' if b"<?xml" in body else ""
        text = body.decode("utf-8", "replace")
        text = declaration + (text.partition("?>")[2] if declaration else text)
        return text.encode(to, "xmlcharrefreplace" if to not in ("utf-7", "hz") else "replace")

    return mutation


def _text_as_body(text: str, escaping: int) -> Mutation:
    """A text in the place of an entry's text: escaped, as CDATA, or unchanged."""
    form = [html.escape(text), f"<![CDATA[{text}]]>", text][escaping]

    def mutation(body: bytes) -> bytes:
        if body.lstrip()[:1] == b"{":
            written = form.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").encode("utf-8", "replace")
            return body.replace(b'"content_html": "', b'"content_html": "' + written, 1)
        for end in (b"</description>\n</item>", b"</description>", b"</content>", b"</summary>", b"</content:encoded>"):
            if end in body:
                before, found, behind = body.rpartition(end)
                return before + form.encode("utf-8", "replace") + found + behind
        return body

    return mutation


_place = st.floats(0, 1)
texts = st.one_of(
    st.sampled_from([*_SNIPPETS, *(path.read_text(encoding="utf-8") for path in _TEXTS)]),
    st.text(max_size=40),
    st.lists(st.sampled_from([*_SNIPPETS, "<p>", "</p>", "<br>", "`", "\\", "[", "]", "\n\n"]), max_size=4).map(
        "".join
    ),
)
mutations = st.one_of(
    st.builds(_cut_behind, _place),
    st.builds(_cut_before, _place),
    st.builds(_without, _place, st.integers(1, 80)),
    st.builds(_with_byte, _place, st.integers(0, 255)),
    st.builds(_with_piece, _place, st.sampled_from(PIECES)),
    st.builds(_repeated, _place, st.integers(1, 200), st.integers(1, 300)),
    st.builds(_spliced, _place, st.sampled_from(FEEDS), _place, st.integers(1, 400)),
    st.builds(_element_repeated, st.integers(0, 200), st.integers(1, 50)),
    st.builds(_recoded, st.sampled_from(_ENCODINGS), st.sampled_from(_ENCODINGS)),
    st.builds(_text_as_body, texts, st.integers(0, 2)),
    st.builds(_text_as_body, texts, st.integers(0, 2)),
)


def _mutated(feed: bytes, several: list[Mutation]) -> bytes:
    for mutation in several:
        feed = mutation(feed)
    return feed


bodies = st.builds(_mutated, st.sampled_from(FEEDS), st.lists(mutations, min_size=1, max_size=6))
content_types = st.sampled_from(
    ["", "", "", "text/xml", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"]
    + ["application/json; charset=utf-16"]
    + [f"text/xml; charset={label}" for label in ("shift_jis", "utf-7", "idna", "undefined", "hz", "big5", "x")]
)

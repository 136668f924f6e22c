"""Hostile XML."""

from __future__ import annotations

from tests.hostile.inputs.forms import Input, atom, filled, item, numbered, rss

_ATTRIBUTE = ' a{}=""'
_NAMESPACE = ' xmlns:n{}="u{}"'
_LAUGHS = ['<!ENTITY l0 "haha">', *(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))]


def _with_doctype(before: str, declared: str, text: str) -> bytes:
    return f"{before}<!DOCTYPE rss [{declared}]>".encode() + rss(item(f"<description>{text}</description>"))


def _quadratic_blowup(size: int) -> bytes:
    return _with_doctype("", f'\n<!ENTITY a "{filled("a", size // 2)}">\n', filled("&a;", size // 2))


def _blowup_after_a_comment(size: int) -> bytes:
    return _with_doctype("<!-- <x -->", f'<!ENTITY a "{filled("a", size // 2)}">', filled("&a;", size // 2))


def _padded_laughs(size: int) -> bytes:
    """Entities after a long comment. expat lets entities expand to a hundred times the size of the document."""
    return _with_doctype(f"<!--{filled(' ', size)} <x -->", "\n".join(_LAUGHS), "&l6;")


def _namespaces_and_elements(size: int) -> bytes:
    declared = numbered(_NAMESPACE, size // 2)
    return rss(item(filled('<x xmlns="u0"/>', size // 2)), root=declared)


def _broken(inside: str) -> bytes:
    """Not well-formed, so that the tolerant parser is used."""
    return rss(inside).replace(b"</channel>", b"</oops></channel>")


def _base_of_all(size: int) -> bytes:
    base = filled("a", size // 2)
    return rss(filled(item("<guid>x</guid>"), size // 2), root=f' xml:base="https://example.org/{base}"')


def _spaces_in_xhtml(size: int) -> bytes:
    inside = f'<content type="xhtml">{filled("&#32;", size)}<div>x</div></content>'
    return atom(inside).replace(b"</entry>", b"</oops></entry>")


XML = {
    "attributes by the thousand": Input(lambda n: rss(item(f"<x{numbered(_ATTRIBUTE, n)}/>"))),
    "attributes by the thousand, broken": Input(lambda n: _broken(item(f"<x{numbered(_ATTRIBUTE, n)}/>"))),
    "attribute of all bytes": Input(lambda n: rss(item(f'<x a="{filled("a", n)}"/>'))),
    "attributes on every element": Input(lambda n: rss(item(filled('<x a="1" b="2" c="3" d="4"/>', n)))),
    "elements": Input(lambda n: rss(item(filled("<x/>", n)))),
    "elements, broken": Input(lambda n: _broken(item(filled("<x/>", n)))),
    "elements in elements": Input(lambda n: rss(item(filled("<x>", n // 2) + filled("</x>", n // 2)))),
    "elements in elements, broken": Input(lambda n: _broken(item(filled("<x>", n)))),
    "ends without starts": Input(lambda n: _broken(item(filled("</x>", n)))),
    "entries": Input(lambda n: rss(filled("<item/>", n))),
    "entries with a title": Input(lambda n: rss(numbered("<item><title>{}</title></item>", n))),
    "entries in entries": Input(lambda n: rss(filled("<item>", n // 2) + filled("</item>", n // 2))),
    "entries in entries, broken": Input(lambda n: _broken(filled("<item>", n))),
    "channels in channels": Input(lambda n: rss(filled("<channel>", n // 2) + filled("</channel>", n // 2))),
    "xhtml elements": Input(lambda n: atom(f'<content type="xhtml"><div>{filled("<b>x</b>", n)}</div></content>')),
    "xhtml in xhtml": Input(
        lambda n: atom(f'<content type="xhtml">{filled("<div>", n // 2)}{filled("</div>", n // 2)}</content>')
    ),
    "svg in svg": Input(
        lambda n: atom(f'<content type="xhtml">{filled("<svg>", n // 2)}{filled("</svg>", n // 2)}</content>')
    ),
    "spaces in xhtml": Input(_spaces_in_xhtml),
    "content in content": Input(
        lambda n: rss(item(filled("<description>", n // 2) + filled("</description>", n // 2)))
    ),
    "sources in sources": Input(lambda n: rss(item(filled("<source url='x'>", n // 2) + filled("</source>", n // 2)))),
    "images": Input(lambda n: rss(item(filled("<image><url>x</url></image>", n)))),
    "billion laughs": Input(lambda n: _with_doctype("", "\n" + "\n".join(_LAUGHS) + "\n", "&l11;")),
    "billion laughs on one line": Input(lambda n: _with_doctype("", "".join(_LAUGHS), "&l11;")),
    "billion laughs behind a comment": Input(lambda n: _with_doctype("<!-- <x -->", "".join(_LAUGHS), "&l11;")),
    "billion laughs, padded": Input(_padded_laughs),
    "billion laughs in UTF-16": Input(
        lambda n: _with_doctype("", "\n".join(_LAUGHS), "&l11;").decode().encode("utf-16")
    ),
    "billion laughs by parameters": Input(
        lambda n: _with_doctype(
            "", '<!ENTITY % a "haha"><!ENTITY % b "%a;%a;%a;"><!ENTITY c "%b;%b;">', filled("&c;", n)
        )
    ),
    "quadratic blowup": Input(_quadratic_blowup),
    "quadratic blowup behind a comment": Input(_blowup_after_a_comment),
    "entities by the thousand": Input(lambda n: _with_doctype("", numbered('\n<!ENTITY e{} "x">', n), "&e1;")),
    "external entity": Input(lambda n: _with_doctype("", '<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;")),
    "doctype without end": Input(lambda n: b"<!DOCTYPE rss [" + filled("<!ENTITY ", n).encode() + rss("")),
    "doctypes": Input(lambda n: filled("<!DOCTYPE x>\n", n).encode() + rss("")),
    "lines before the root": Input(lambda n: b"<?xml version='1.0'?>" + filled("\n", n).encode() + rss("")),
    "comments before the root": Input(lambda n: filled("<!---->", n).encode() + rss("")),
    "comments in an HTML page": Input(lambda n: filled("<!---->", n).encode()),
    "comments": Input(lambda n: rss(item(filled("<!-- -->", n)))),
    "comments in CDATA": Input(lambda n: rss(item(f"<description><![CDATA[{filled('<!--', n)}]]></description>"))),
    "instructions": Input(lambda n: rss(item(filled("<?x y?>", n)))),
    "instructions, broken": Input(lambda n: _broken(item(filled("<?x y", n)))),
    "CDATA in pieces": Input(lambda n: rss(item(f"<description>{filled('<![CDATA[x]]>', n)}</description>"))),
    "CDATA starts": Input(lambda n: rss(item(f"<description>{filled('<![CDATA[', n)}</description>"))),
    "ampersands": Input(lambda n: rss(item(f"<description>{filled('&', n)}</description>"))),
    "less-thans": Input(lambda n: rss(item(f"<description>{filled('<', n)}</description>"))),
    "starts of references": Input(lambda n: rss(item(f"<description>{filled('&#', n)}</description>"))),
    "references": Input(lambda n: rss(item(f"<description>{filled('&#65;', n)}</description>"))),
    "references, broken": Input(lambda n: _broken(item(f"<description>{filled('&#65;', n)}</description>"))),
    "reference of all digits": Input(lambda n: rss(item(f"<description>&#{filled('9', n)};</description>"))),
    "starts of tags": Input(lambda n: rss(item(f"<description>{filled('<a ', n)}</description>"))),
    "starts of ends": Input(lambda n: rss(item(f"<description>{filled('</', n)}</description>"))),
    "start of a tag, spaces": Input(lambda n: _broken(item(f"<description><a{filled(' ', n)}"))),
    "start of a tag, quotes": Input(lambda n: _broken(item(filled('<a b="', n)))),
    "declarations": Input(lambda n: _broken(item(filled("<!x", n)))),
    "namespaces": Input(lambda n: rss(item(f"<x{numbered(_NAMESPACE, n)}/>"))),
    "namespaces and elements": Input(_namespaces_and_elements),
    "namespaces on every element": Input(lambda n: rss(item(numbered('<x xmlns="u{}"/>', n)))),
    "base of all entries": Input(_base_of_all),
    "bases in bases": Input(
        lambda n: rss(item(filled('<x xml:base="aaaaaaaa/">', n * 4 // 5) + filled("</x>", n // 5)))
    ),
    "language of all texts": Input(lambda n: rss(filled(item(""), n // 2), root=f' xml:lang="{filled("a", n // 2)}"')),
    "name of all letters": Input(lambda n: rss(item(f"<{filled('a', n)}/>"))),
    "same name again and again": Input(lambda n: rss(item(filled("<description>x</description>", n)))),
}

"""Hostile HTML as the text of an entry."""

from __future__ import annotations

from tests.hostile.inputs.forms import Input, body, filled, numbered


def _filled(piece: str, after: str = "</p>") -> Input:
    """A body of one repeated piece. The end tag makes it HTML."""
    return Input(lambda n: body(filled(piece, n) + after))


def _numbered(piece: str) -> Input:
    return Input(lambda n: body(numbered(piece, n)))


def _nested(name: str) -> Input:
    return Input(lambda n: body(filled(f"<{name}>", n // 2) + "x" + filled(f"</{name}>", n // 2)))


BODIES = {
    **{f"{name} in {name}": _nested(name) for name in "div table blockquote ul b a span q sup code details".split()},
    "tables in cells": Input(lambda n: body(filled("<table><tr><td>", n) + "x</td>")),
    "lists in items": Input(lambda n: body(filled("<ul><li>", n) + "x</li>")),
    "alternating names": Input(lambda n: body(filled("<div><b><i><blockquote>", n) + "x</b>")),
    "fonts, then paragraphs": Input(lambda n: body(numbered("<i class={}>", n // 2) + filled("<p>x", n // 2) + "</p>")),
    "fonts in paragraphs": _filled("<p><i><b>x"),
    "paragraphs without end": _filled("<p>x"),
    "items without end": _filled("<li>x"),
    "cells without a table": _filled("<td>x"),
    "text in a table": Input(lambda n: body("<table>" + filled("x<b>", n) + "</b>")),
    "ends without starts": _filled("</p></div></b>"),
    "misnested": _filled("<a><b><div></a></b>"),
    "links in links": _filled("<a href=/x><div>"),
    "ampersands": _filled("&"),
    "ampersands with a letter": _filled("&a"),
    "starts of entities": _filled("&notit"),
    "starts of references": _filled("&#"),
    "less-thans": _filled("<"),
    "less-thans and bangs": _filled("<!"),
    "less-thans and questions": _filled("<?"),
    "starts of tags": _filled("<a ", ""),
    "starts of tags with a value": _filled('<a b="', ""),
    "starts of ends": _filled("</a "),
    "starts of comments": _filled("<!--"),
    "comments": _filled("<!-- -->"),
    "comment without end": _filled("<!-- --!", ""),
    "unclosed quotes": _filled('="'),
    "attributes": Input(lambda n: body(f"<p {numbered('a{}=1 ', n)}>x</p>")),
    "attribute without end": Input(lambda n: body(f"<p title='{filled('x', n)}")),
    "style": Input(lambda n: body(f"<img src=/x style='{filled('width:', n)}'></p>")),
    "style of spaces": Input(lambda n: body(f"<img src=/x style='width{filled(' ', n)}'></p>")),
    "style of zeros": Input(lambda n: body(f"<img src=/x style='{filled('width:0 ', n)}'></p>")),
    "styles": _filled("<p style='color:red;background:url(x)'>x</p>"),
    "table of a billion columns": Input(
        lambda n: body("<table><tr><td colspan=999999999>x</td><td>y</td></tr></table>")
    ),
    "table of a billion rows": Input(
        lambda n: body("<table><tr><td rowspan=999999999>x</td></tr><tr><td>y</td></tr></table>")
    ),
    "table of wide cells": Input(lambda n: body(f"<table>{filled('<tr><td colspan=1000>x</td></tr>', n)}</table>")),
    "rows": Input(lambda n: body(f"<table>{filled('<tr><th>x</th><td>y</td></tr>', n)}</table>")),
    "cells": Input(lambda n: body(f"<table><tr>{filled('<td>x</td>', n)}</tr><tr><td>y</td></tr></table>")),
    "tables": _filled("<table><tr><td>x</td><td>y</td></tr></table>"),
    "tables in an item": Input(lambda n: body(f"<ul><li>{filled('<table><tr><th>x</th></tr></table>', n)}</li></ul>")),
    "captions": Input(lambda n: body(f"<table>{filled('<caption>x</caption>', n)}</table>")),
    "links": _numbered("<a href='/{}'>x</a>"),
    "links and brackets": _numbered("[<a href='/{}'>]x[</a>]("),
    "links without text": _filled("<a href='/x'></a>"),
    "link of all bytes": Input(lambda n: body(f"<a href='https://example.org/{filled('(', n)}'>x</a>")),
    "link of spaces": Input(lambda n: body(f"<a href='{filled(' ', n)}'>x</a>")),
    "URLs in a text": _filled("http://a.b/c_d "),
    "URL of dots": _filled("http://" + "." * 1000 + " "),
    "URLs without a separator": _filled("http://"),
    "images": _numbered("<img src='/{}.png' alt='[x](y)'>"),
    "many sources of a picture": Input(
        lambda n: body(f"<picture>{filled('<source srcset=/x.png><img src=/y.png>', n)}</picture></p>")
    ),
    "srcset": Input(lambda n: body(f"<img srcset='{numbered('/x{}.png {}w, ', n)}'></p>")),
    "srcset of commas": Input(lambda n: body(f"<img srcset='{filled(',', n)}'></p>")),
    "srcset of one URL": Input(lambda n: body(f"<img srcset='{filled('x', n)} 1e{filled('9', 99)}x'></p>")),
    "srcset of digits": Input(lambda n: body(f"<img srcset='/x {filled('9', n)}w'></p>")),
    "srcset of spaces": Input(lambda n: body(f"<img srcset='/x{filled(' ', n)}'></p>")),
    "data URL": Input(lambda n: body(f"<img src='data:image/png;base64,{filled('A', n)}'></p>")),
    "data URLs": _filled("<img src='data:image/png;base64,AAAA'>"),
    "alt of all bytes": Input(lambda n: body(f"<img src=/x alt='{filled('[]()*_ ', n)}'></p>")),
    "frames": _filled("<iframe src='/x'></iframe>"),
    "videos with sources": Input(lambda n: body(f"<video>{filled('<source src=javascript:x>', n)}</video>")),
    "videos in videos": Input(lambda n: body(filled("<video><source src=x>", n) + "</video>")),
    "objects in objects": _filled("<object data=/x>"),
    "code": _filled("<code>`x</code>"),
    "code with breaks": Input(lambda n: body(f"<code>{filled('x<br>', n)}</code>")),
    "code with spaces": _filled("<code> </code>"),
    "blocks of code": _filled("<pre>```x\n</pre>"),
    "code block of images": Input(lambda n: body(f"<pre>{filled('<img src=/x>', n)}</pre>")),
    "languages": Input(lambda n: body(f"<pre class='{filled('lang-', n)}'>x</pre>")),
    "backticks": _filled("` `` ``` "),
    "breaks": _filled("<br>"),
    "breaks and spaces": _filled("<br> "),
    "breaks and words": _filled("x<br><br>"),
    "rules": _filled("<hr>"),
    "bold spaces": _filled("x<b> </b>"),
    "bold points": _filled("x<b>.</b>"),
    "bold words": _filled("x<b>y</b>"),
    "bold breaks": _filled("x<b><br></b>"),
    "bold beside bold": _filled("<b>x</b><i>y</i>"),
    "raised numbers": _filled("10<sup>3</sup>"),
    "quotations": _filled("<blockquote>x</blockquote>"),
    "terms": _filled("<dt>x<dd>y"),
    "headings": _filled("<h1>x</h1>"),
    "asterisks": _filled("*_~#[]\\"),
    "brackets": _filled("[![]("),
    "numbers": _filled("1. "),
    "digits": _filled("1"),
    "hyphens": _filled("-"),
    "entities": _filled("&lt;&amp;&nbsp;"),
    "escaped markup": _filled("&lt;script&gt;"),
    "shortcodes": _filled("{{&lt; x &gt;}} {{% y %}} %% $$ "),
    "spaces": _filled(" "),
    "no-break spaces": _filled("\u00a0"),
    "line ends": _filled("\n"),
    "lines of spaces": _filled("\n "),
    "one word": _filled("x"),
    "combining marks": _filled("\u0323\u0301"),
    "letters that grow eighteenfold": _filled("\ufdfa"),
    "right to left": _filled("\u202e\u2066א"),
    "unknown elements": _filled("<x-y>z</x-y>"),
    "unknown elements without end": _filled("<t>", "x</p>"),
    "svg": _filled("<svg><g>x</g></svg>"),
    "math": _filled("<math><mi>x</mi></math>"),
    "scripts": _filled("<script>x</script>"),
    "script without end": _filled("<script>", "</p>"),
    "text areas": _filled("<textarea>"),
    "plain text of lines": Input(lambda n: body(filled("x\n\n", n))),
    "plain text of URLs": Input(lambda n: body(filled("http://a.b/" + "." * 50, n))),
    "plain text of less-thans": Input(lambda n: body(filled("< > & ' \" ", n))),
    "HTML that stays HTML": Input(lambda n: body(filled("<p>x\n\n</p>{{&lt; ", n)), html_body=True),
    "HTML that stays HTML, nested": Input(
        lambda n: body(filled("<div>", n // 2) + filled("</div>", n // 2)), html_body=True
    ),
}

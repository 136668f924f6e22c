"""Hostile texts and links, which must not become markup or scripts of the page."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.rfc3339 import format_rfc3339
from tests.harness.clock import CHRISTMAS
from tests.harness.feed_documents import Item

TEXTS = (
    "<script>window.ran = 1; alert(1)</script>",
    '"><img src=x onerror="window.ran = 1; alert(1)">',
    "'><svg onload='window.ran = 1'><a href='javascript:window.ran=1'>click</a></svg>",
    "</title></style></bdi></a></li></ul><iframe src='https://evil.example/'></iframe>",
    "<style>* { display: none } @import url(https://evil.example/x.css)</style>",
    '<link rel="stylesheet" href="https://evil.example/x.css"><base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "<form action=https://evil.example/><input autofocus onfocus=window.ran=1><button>Log in</button></form>",
    "{{ 7*7 }} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    "&lt;script&gt;window.ran=1&lt;/script&gt; &amp;lt; &#60;img src=x&#62;",
    "<!-- --><![CDATA[ ]]> <?xml version='1.0'?> <!doctype html>",
    "\u202eevil\u202c \u2066hidden\u2069 \u200eleft \u200fright",
    "w" * 10_000,
    "漢" * 10_000,
    "שלום עולם, כותרת מימין לשמאל (2025)!",
    "👩‍👩‍👧‍👦 🏳️‍🌈 é e\u0301 Z\u0334\u0335\u0336\u0337a\u0334\u0335\u0336\u0337lgo",
    "nothing\x00 after a NUL? \x1b[31m \x07 \x85 \ufffe",
    "` onclick=window.ran=1 ` ' onclick='window.ran=1' \" onclick=\"window.ran=1\"",
)
LINKS = (
    "javascript:window.ran=1",
    " JaVaScRiPt:window.ran=1",
    "java\nscript:window.ran=1",
    "\x01javascript:window.ran=1",
    "javascript://example.org/%0Awindow.ran=1",
    "data:text/html,<script>window.ran=1</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "//evil.example/",
    "https:evil.example",
    'https://example.org/"onmouseover="window.ran=1',
    "https://example.org/'><img src=x onerror=window.ran=1>",
    "https://user:secret@example.org/",
    "https://exаmple.org/cyrillic",
    "https://example.org/\u202egpj.exe",
    "https://[not-an-address]/",
    "https://example.org/" + "a" * 10_000,
)


@dataclass(frozen=True)
class HostileItem(Item):
    """An item that also has an author, a tag and images."""

    other: str = ""
    url: str = ""

    def xml(self) -> str:
        other, url = escape(self.other), quoteattr(self.url)
        more = (
            f"<author>{other}</author><category>{other}</category><comments>{escape(self.url)}</comments>"
            f'<enclosure url={url} type="image/png" length="1"/>'
            f'<media:thumbnail xmlns:media="http://search.yahoo.com/mrss/" url={url}/>'
        )
        # Some of these characters are not allowed in XML, but feeds contain them.
        return super().xml().replace("</item>", f"{more}</item>")


def hostile_items() -> list[HostileItem]:
    """One item for each pair of a text and a link, which fill all of its fields. Every fourth item is old."""
    pairs = [(TEXTS[n % len(TEXTS)], LINKS[n % len(LINKS)]) for n in range(max(len(TEXTS), len(LINKS)))]
    return [
        HostileItem(
            title=text, link=link, guid=f"tag:{n}", text=f"{text} {'and so on ' * (n % 3)}",
            date="Mon, 01 Dec 2025 08:00:00 GMT" if n % 4 == 3 else "Thu, 25 Dec 2025 08:00:00 GMT",
            other=text, url=link,
        )
        for n, (text, link) in enumerate(pairs)
    ]  # fmt: skip


def hostile_entries() -> list[DigestEntry]:
    """Digest entries with the same texts and links, which no parser has cleaned."""
    now = format_rfc3339(CHRISTMAS)
    return [
        DigestEntry(
            key=f"archive/2025/12/25/example.org/article-{n:012x}{'.r2' if n % 3 == 2 else ''}.md",
            id=f"{n:032x}", title=text if n % 5 else "", link=link, description=text, image=link, site="example.org",
            feed=text, source=link, author=text, tags=(text,), published=now, archived=now, words=n, bytes=1,
            sha256="", revision=2 if n % 3 == 2 else 1, previous=link if n % 3 == 2 else "",
        )
        for n, (text, link) in enumerate(zip(TEXTS, LINKS, strict=True))
    ]  # fmt: skip

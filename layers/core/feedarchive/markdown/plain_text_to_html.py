"""Convert plain text to HTML that keeps its paragraphs and lines, and links its URLs."""

from __future__ import annotations

import html
import re

_BARE_URL = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}]")
_TAG = re.compile(r"<[A-Za-z/!?]")


def plain_text_to_html(text: str) -> str:
    """Convert plain text: blank lines separate paragraphs, line ends become ``<br>``, bare URLs become links."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return "".join(f"<p>{'<br>'.join(_link_urls(line) for line in p.split(chr(10)))}</p>" for p in paragraphs)


def untagged_html_to_html(source: str) -> str | None:
    """Convert a text that is declared as HTML but is probably plain text. Returns None for any other text.

    A text counts as plain text if it has no tag, and has several lines or a URL. RSS cannot declare plain text, but
    many feeds of podcasts and videos contain it.
    """
    if _TAG.search(source) or not ("\n" in source.strip() or "://" in source):
        return None
    return plain_text_to_html(html.unescape(source))


def _link_urls(line: str) -> str:
    parts, end = [], 0
    for match in _BARE_URL.finditer(line):
        url = html.escape(match.group())
        parts += [html.escape(line[end : match.start()]), f'<a href="{url}">{url}</a>']
        end = match.end()
    return "".join(parts) + html.escape(line[end:])

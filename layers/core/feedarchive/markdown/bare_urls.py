"""Write a bare URL as a Markdown link if GitHub would take the text after it for a part of the URL.

GitHub makes a link of a bare URL and of everything after it up to the next space or "<". So a backslash (from
escaping), a line break or markup directly after the URL would become part of the link.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedarchive.markdown.link_destinations import link_destination
from feedarchive.markdown.placeholders import protect

_URL = re.compile(
    r"(?i:(?<![\w/@.-])(?:https?://|ftp://|www\.(?=\w))[^\s<>\"'`\\\[\]{}|^*]*[^\s<>\"'`\\\[\]{}|^*.,;:!?)_~])"
)
# Matches what may follow a URL without becoming part of the automatic link: a space or the end of the text, perhaps
# after some punctuation.
_HARMLESS = re.compile(r"[.,;:!?)'\"]*(?=\s|$)")
_INLINE_AFTER = frozenset("br b strong i em var del s strike code kbd samp tt a img formula".split())
# Matches each "_" and "~" that may be markup. Between two letters or digits, they are text.
_EMPHASIS = re.compile(r"[_~](?<![A-Za-z0-9].(?=[A-Za-z0-9]))")


def link_joined_urls(text: str, after: HtmlElement | None) -> str:
    """Find the URLs in a text that GitHub would join with the text after them. Write them as Markdown links.

    ``after`` is the element after the whole text; None if there is none.
    """
    parts: list[str] = []
    end = 0
    for match in _URL.finditer(text):
        harmless = _HARMLESS.match(text, match.end())
        at_end = harmless is not None and harmless.end() == len(text)
        if harmless is None or (at_end and after is not None and after.tag in _INLINE_AFTER):
            url = match.group()
            destination = link_destination(url if "://" in url else f"http://{url}")
            label = _EMPHASIS.sub(r"\\\g<0>", url)
            parts += [text[end : match.start()], protect(f"[{label}]({destination})")]
            end = match.end()
    return "".join((*parts, text[end:])) if parts else text

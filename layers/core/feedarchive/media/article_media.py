"""Find the pictures and enclosures that the files of an article mention. Pure functions."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.identity.canonical_url import clean_url
from feedarchive.markdown.to_safe_html import to_safe_html

MAX_IMAGES, MAX_ENCLOSURES = 40, 10
"""The maximum number of pictures, and of enclosures, that are stored for one article."""
# Matches an <img> in sanitized HTML. The sanitizer writes all attributes in double quotes.
_IMAGE = re.compile(r'<img(?:\s[a-z-]+="[^"]*")*?\ssrc="([^"]*)"')
# Matches one line of the list of enclosures at the end of a body (article/enclosures.py), for example
# "* [audio/mpeg, 12.3 MB](https://…)".
_ITEM = re.compile(r"\* \[(?P<label>.*)\]\(<?(?P<url>https?://[^\s<>]+?)>?\)")
_TYPE = re.compile(r"(?:^|, )((?:audio|video|image|application)/[\w.+-]+)(?:, \d[\d.]* MB)?$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_IMAGE_EXTENSIONS = ("jpg", "jpeg", "png", "gif", "webp", "avif")
_ENCLOSURE_EXTENSIONS = (
    "mp3 m4a m4b aac ogg oga opus flac wav mp4 m4v mov webm mkv ogv pdf".split()
)  # fmt: skip


class Role(StrEnum):
    """Whether a file is a picture or an enclosure of an article."""

    IMAGE = "image"
    ENCLOSURE = "enclosure"


@dataclass(frozen=True)
class Reference:
    """A picture or an enclosure that an article mentions."""

    url: str
    role: Role


def references_in(files: Iterable[bytes], images: bool, enclosures: bool) -> list[Reference]:
    """The pictures (if ``images``) and enclosures (if ``enclosures``) that the files of an article mention.

    ``files`` are the contents of the article's file and its full text. Pictures are in the front matter and in the body
    of a file, enclosures in a list at the end of the body. Each URL is returned once.
    """
    found: dict[str, Reference] = {}
    for data in files:
        for reference in _in_file(data.decode("utf-8", "replace")):
            if images if reference.role is Role.IMAGE else enclosures:
                found.setdefault(reference.url, reference)
    return [*found.values()]


def _in_file(text: str) -> Iterator[Reference]:
    if url := clean_url(str(parse_front_matter(text).get("image") or "")):
        yield Reference(url, Role.IMAGE)
    body = body_of(text)
    for source in _IMAGE.findall(to_safe_html(body)):
        url = html.unescape(source)
        if url.startswith(("http://", "https://")):
            yield Reference(url, Role.IMAGE)
    yield from _listed(body)


def _listed(body: str) -> list[Reference]:
    """The pictures and enclosures in the list at the end of a body. Links to web pages in that list are left out."""
    found = []
    for line in reversed(body.rstrip("\n").split("\n")):
        item = _ITEM.fullmatch(line)
        if item is None:
            break
        if role := _role(_ESCAPE.sub(r"\1", item["label"]), item["url"]):
            found.append(Reference(item["url"], role))
    return found[::-1]


def _role(label: str, url: str) -> Role | None:
    """Return whether a file is a picture or an enclosure, from the MIME type in the label or the extension of the URL.

    Returns None if files of this type are not stored.
    """
    if kind := _TYPE.search(label):
        family = kind[1].partition("/")[0]
        is_stored = family != "application" or kind[1] == "application/pdf"
        return Role.IMAGE if family == "image" else Role.ENCLOSURE if is_stored else None
    extension = urlsplit(url).path.rpartition(".")[2].lower()
    if extension in _IMAGE_EXTENSIONS:
        return Role.IMAGE
    return Role.ENCLOSURE if extension in _ENCLOSURE_EXTENSIONS else None

"""References to secrets that are stored elsewhere: ``env:NAME`` (environment) and ``ssm:/name`` (AWS).

In a header, a reference is the complete value or its end. In a URL, it is the password or the complete value of a
parameter; in braces, it may be anywhere after the host.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from feedarchive.url_secrets import URL_REFERENCE

HEADER_REFERENCE = re.compile(r"((?:[A-Za-z]+ +)?)(env:(?=[A-Za-z_])|ssm:)([A-Za-z0-9_./-]+)")
"""A header's value that ends with a reference, which may follow a word such as Bearer."""
LIKE_A_HEADER_REFERENCE = re.compile(r"(?:[A-Za-z]+ +)?(?:env|ssm):")
_NAME = r"(?:env:[A-Za-z_][A-Za-z0-9_]*|ssm:[A-Za-z0-9_./-]+)"
_IN_BRACES = re.compile(rf"\{{({_NAME})\}}")
_PASSWORD = re.compile(rf"^([a-z]+://[^/?#@:]*:)({_NAME})(?=@)", re.IGNORECASE)
_VALUE = re.compile(rf"(?<==)({_NAME})(?=[&#]|$)")
_LIKE_A_REFERENCE = re.compile(r"\{(?:env|ssm)|[=:](?:env|ssm):")


def with_braces(url: str) -> str:
    """The URL with each of its references in braces and without slashes, so that it can be split like any other URL."""
    url = _IN_BRACES.sub(lambda match: _braced(match.group(1)), url)
    url = _PASSWORD.sub(lambda match: match.group(1) + _braced(match.group(2)), url)
    start = url.find("?") + 1 or len(url)
    return url[:start] + _VALUE.sub(lambda match: _braced(match.group(1)), url[start:])


def has_reference(url: str) -> bool:
    """Would this URL refer to a secret if it were in a feeds file?"""
    return URL_REFERENCE.search(with_braces(url)) is not None


def has_invalid_reference(url: str) -> bool:
    """Does a URL from ``with_braces`` contain an invalid reference, which is a text that looks like a reference?"""
    return _LIKE_A_REFERENCE.search(URL_REFERENCE.sub("", url)) is not None


def _braced(reference: str) -> str:
    return "{" + quote(reference, safe=":") + "}"

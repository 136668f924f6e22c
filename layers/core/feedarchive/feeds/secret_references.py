"""References to secrets that are stored elsewhere: ``env:NAME`` (environment) and ``ssm:/name`` (AWS).

A reference may be:

- in a header, the complete value or its end, as in ``Bearer env:TOKEN``;
- in a URL, the password or the complete value of a parameter, as in ``?token=env:TOKEN``;
- in a URL, anywhere after the host, if it is in braces, as in ``/{env:TOKEN}/feed``.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from feedarchive.url_secrets import URL_REFERENCE

HEADER_REFERENCE = re.compile(r"((?:[A-Za-z]+ +)?)(env:(?=[A-Za-z_])|ssm:)([A-Za-z0-9_./-]+)")
"""Matches a header value that is a reference, or a word and a reference such as "Bearer env:TOKEN"."""
LIKE_A_HEADER_REFERENCE = re.compile(r"(?:[A-Za-z]+ +)?(?:env|ssm):")
_NAME = r"(?:env:[A-Za-z_][A-Za-z0-9_]*|ssm:[A-Za-z0-9_./-]+)"
_IN_BRACES = re.compile(rf"\{{({_NAME})\}}")
_PASSWORD = re.compile(rf"^([a-z]+://[^/?#@:]*:)({_NAME})(?=@)", re.IGNORECASE)
_VALUE = re.compile(rf"(?<==)({_NAME})(?=[&#]|$)")
_LIKE_A_REFERENCE = re.compile(r"\{(?:env|ssm)|[=:](?:env|ssm):")


def with_braces(url: str) -> str:
    """Put each reference in a URL into braces, and encode its slashes: ``ssm:/name`` becomes ``{ssm:%2Fname}``."""
    url = _IN_BRACES.sub(lambda match: _braced(match.group(1)), url)
    url = _PASSWORD.sub(lambda match: match.group(1) + _braced(match.group(2)), url)
    start = url.find("?") + 1 or len(url)
    return url[:start] + _VALUE.sub(lambda match: _braced(match.group(1)), url[start:])


def has_reference(url: str) -> bool:
    """Check whether a URL from a feeds file contains a reference to a secret."""
    return URL_REFERENCE.search(with_braces(url)) is not None


def has_invalid_reference(url: str) -> bool:
    """Check whether a URL from ``with_braces`` contains a text that looks like a reference but is not valid."""
    return _LIKE_A_REFERENCE.search(URL_REFERENCE.sub("", url)) is not None


def _braced(reference: str) -> str:
    return "{" + quote(reference, safe=":") + "}"

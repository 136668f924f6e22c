"""The user's own headers for a feed, with secrets filled in, and the login from its URL.

They are sent only to the feed's own origin, and no message contains their values.
"""

from __future__ import annotations

import base64
import os
import re
import threading
from typing import Any
from urllib.parse import unquote, urlsplit

from requests.structures import CaseInsensitiveDict

from feedarchive.feeds.feed import Feed
from feedarchive.feeds.toml_values import SECRET_REFERENCE

_SENDABLE = re.compile(r"[\t\x20-\x7e]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class MissingSecret(Exception):
    """A secret that a header refers to is missing. The message says where it was expected."""


class Secrets:
    """Resolves ``env:NAME`` and ``ssm:/name`` references. Thread-safe; reads each SSM parameter once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parameters: dict[str, str | MissingSecret] = {}
        self._ssm: Any = None

    def resolve(self, value: str) -> str:
        """A header's value with a reference replaced by its secret. Raises MissingSecret."""
        reference = SECRET_REFERENCE.fullmatch(value)
        if not reference:
            return value
        prefix, source, name = reference.groups()
        secret = (_environment_variable(name) if source == "env:" else self._parameter(name)).strip()
        if not secret or not _SENDABLE.fullmatch(secret):
            raise MissingSecret(
                f"{source}{name} is empty or cannot be sent in a header: set it to one line of ASCII characters"
            )
        return prefix + secret

    def _parameter(self, name: str) -> str:
        with self._lock:
            if name not in self._parameters:
                self._parameters[name] = self._read_parameter(name)
            value = self._parameters[name]
        if isinstance(value, MissingSecret):
            raise value
        return value

    def _read_parameter(self, name: str) -> str | MissingSecret:
        import boto3  # here, because it takes 0.2 s to load and few archives need it
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._ssm = self._ssm or boto3.client("ssm")
            return str(self._ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            problems = {
                "ParameterNotFound": "does not exist",
                "AccessDeniedException": "cannot be read: this program has no permission (ssm:GetParameter)",
            }
            return MissingSecret(f"the SSM parameter {name} {problems.get(code, f'cannot be read ({code})')}")
        except BotoCoreError as error:
            return MissingSecret(f"the SSM parameter {name} cannot be read ({type(error).__name__})")


def custom_headers(feed: Feed, secrets: Secrets) -> CaseInsensitiveDict[str]:
    """The headers for the feed's own origin. Raises MissingSecret with the name of the header."""
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    if credentials := _credentials(feed.url):
        headers["Authorization"] = "Basic " + base64.b64encode(credentials).decode("ascii")
    for name, value in feed.headers.items():
        try:
            headers[name] = secrets.resolve(value)
        except MissingSecret as missing:
            raise MissingSecret(f"headers.{name}: {missing}") from None
    return headers


def may_receive_custom_headers(feed_url: str, url: str) -> bool:
    """May a feed's custom headers be sent to this URL? Yes for the feed's origin, and for the same host with https."""
    own, other = _origin(feed_url), _origin(url)
    upgraded = own is not None and own == ("http", own[1], 80) and other == ("https", own[1], 443)
    return own is not None and (own == other or upgraded)


def _environment_variable(name: str) -> str:
    if name not in os.environ:
        raise MissingSecret(f"the environment variable {name} is not set")
    return os.environ[name]


def _credentials(url: str) -> bytes:
    """User name and password of a URL for HTTP Basic authentication (RFC 7617), in UTF-8; b"" without any."""
    try:
        userinfo = urlsplit(url).netloc.rpartition("@")[0]
    except ValueError:
        return b""
    user, _, password = userinfo.partition(":")
    return f"{unquote(user)}:{unquote(password)}".encode() if userinfo else b""


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None

"""What a feed's user wants to be sent with its requests: headers, with secrets from elsewhere, and a login.

Neither goes to another origin than the feed's own, nor into any message.
"""

from __future__ import annotations

import base64
import os
import re
import threading
from typing import Any
from urllib.parse import unquote, urlsplit

from feedarchive.feeds.feed import Feed
from feedarchive.feeds.toml_values import SECRET_REFERENCE

_SENDABLE = re.compile(r"[\t\x20-\x7e]*")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class MissingSecret(Exception):
    """A secret that a feed's headers name cannot be had. The message names where it was looked for."""


class Secrets:
    """Where ``env:NAME`` and ``ssm:/name`` lead. Each parameter is asked for once; safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parameters: dict[str, str | MissingSecret] = {}
        self._ssm: Any = None

    def filled_in(self, value: str) -> str:
        """A header's value with the secret in the place of its reference. Raises NoSecret."""
        reference = SECRET_REFERENCE.fullmatch(value)
        if not reference:
            return value
        before, kind, name = reference.groups()
        secret = (self._of_environment(name) if kind == "env:" else self._of_parameter_store(name)).strip()
        if not secret or not _SENDABLE.fullmatch(secret):
            raise MissingSecret(
                f"{kind}{name} is empty or cannot be sent in a header (expected one line of plain ASCII)"
            )
        return before + secret

    def _of_environment(self, name: str) -> str:
        if name not in os.environ:
            raise MissingSecret(f"the environment variable {name} is not set")
        return os.environ[name]

    def _of_parameter_store(self, name: str) -> str:
        with self._lock:
            if name not in self._parameters:
                self._parameters[name] = self._asked_for(name)
            found = self._parameters[name]
        if isinstance(found, MissingSecret):
            raise found
        return found

    def _asked_for(self, name: str) -> str | MissingSecret:
        import boto3  # here, because most archives have no such secret, and it takes 0.2 s to load
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._ssm = self._ssm or boto3.client("ssm")
            return str(self._ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            told = {
                "ParameterNotFound": "does not exist",
                "AccessDeniedException": "may not be read by this program",
            }
            return MissingSecret(f"the SSM parameter {name} {told.get(code, f'cannot be read ({code})')}")
        except BotoCoreError as error:
            return MissingSecret(f"the SSM parameter {name} cannot be read ({type(error).__name__})")


def custom_headers(feed: Feed, secrets: Secrets) -> dict[str, str]:
    """The headers for the feed's own origin. Raises NoSecret, naming the header."""
    headers: dict[str, str] = {}
    if login := _login(feed.url):
        headers["Authorization"] = "Basic " + base64.b64encode(login).decode("ascii")
    for name, value in feed.headers.items():
        try:
            filled_in = secrets.filled_in(value)
        except MissingSecret as missing:
            raise MissingSecret(f"headers.{name}: {missing}") from None
        headers = merged(headers, {name: filled_in})
    return headers


def merged(headers: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    """Headers with a feed's own in place of those of the same name."""
    replaced = {name.lower() for name in own}
    return {name: value for name, value in headers.items() if name.lower() not in replaced} | own


def may_receive_custom_headers(own: str, url: str) -> bool:
    """Do a feed's own headers go to this URL? To its own origin, and to the same host when http became https."""
    home, other = _origin(own), _origin(url)
    upgraded = home is not None and home == ("http", home[1], 80) and other == ("https", home[1], 443)
    return home is not None and (home == other or upgraded)


def _login(url: str) -> bytes:
    """User name and password of a URL as RFC 7617 wants them, in UTF-8; b"" without any."""
    try:
        written = urlsplit(url).netloc.rpartition("@")[0]
    except ValueError:
        return b""
    user, _, password = written.partition(":")
    return f"{unquote(user)}:{unquote(password)}".encode() if written else b""


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None

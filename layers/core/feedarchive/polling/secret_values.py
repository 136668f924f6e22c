"""Read the secrets that feeds.toml refers to, from environment variables or AWS Systems Manager (SSM) parameters."""

from __future__ import annotations

import os
import re
import threading
from typing import Any
from urllib.parse import quote, unquote

from feedarchive.feeds.secret_references import HEADER_REFERENCE
from feedarchive.url_secrets import URL_REFERENCE

_SENDABLE = re.compile(r"[\t\x20-\x7e]*")


class MissingSecret(Exception):
    """A secret that feeds.toml refers to is missing. The message names the environment variable or SSM parameter."""


class Secrets:
    """Replaces references (``env:NAME``, ``ssm:/name``) by secrets. Each SSM parameter is read once. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parameters: dict[str, str | MissingSecret] = {}
        self._ssm: Any = None

    def resolve(self, value: str) -> str:
        """Replace ``env:NAME`` or ``ssm:/name`` in the value of a header by the secret. Raises MissingSecret.

        Returns other values unchanged.
        """
        reference = HEADER_REFERENCE.fullmatch(value)
        if not reference:
            return value
        prefix, source, name = reference.groups()
        return prefix + self._secret(source, name)

    def resolve_url(self, url: str) -> str:
        """Replace the references in a URL by percent-encoded secrets. Raises MissingSecret.

        Call this only for a URL that the user wrote into feeds.toml (``Feed.has_references``), never for the URL of a
        redirect, because the server that wrote it must not receive secrets.
        """

        def secret(match: re.Match[str]) -> str:
            source, _, name = unquote(match.group(1)).partition(":")
            return quote(self._secret(f"{source}:", name), safe="")

        return URL_REFERENCE.sub(secret, url)

    def _secret(self, source: str, name: str) -> str:
        secret = (_environment_variable(name) if source == "env:" else self._parameter(name)).strip()
        if not secret or not _SENDABLE.fullmatch(secret):
            raise MissingSecret(f"{source}{name} is empty or cannot be sent: set it to one line of ASCII characters")
        return secret

    def _parameter(self, name: str) -> str:
        with self._lock:
            if name not in self._parameters:
                self._parameters[name] = self._read_parameter(name)
            value = self._parameters[name]
        if isinstance(value, MissingSecret):
            raise value
        return value

    def _read_parameter(self, name: str) -> str | MissingSecret:
        import boto3  # not imported at the top, because the import takes 0.2 s and few archives need it
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
            reason = f"cannot be read ({type(error).__name__}): check the AWS credentials and the region"
            return MissingSecret(f"the SSM parameter {name} {reason}")


def _environment_variable(name: str) -> str:
    if name not in os.environ:
        raise MissingSecret(f"the environment variable {name} is not set")
    return os.environ[name]

"""Compare the password that a browser sends (HTTP Basic, RFC 7617) with the password in an SSM parameter."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from feedarchive.store.aws_client import aws_client

# A shorter password could be guessed: the URL is public, and the number of guesses is not limited.
_MIN_LENGTH = 12
_KEPT_FOR_SECONDS = 300.0


class Password:
    """The password in the SSM parameter ``name``. ``clock`` returns monotonic seconds."""

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._name, self._clock = name, clock
        self._client = aws_client("ssm")
        self._value, self._problem, self._until = "", "", float("-inf")

    def problem(self) -> str:
        """Why no password can be accepted now; "" if the parameter was read and the password is long enough."""
        self._load()
        return self._problem

    def is_right(self, authorization: str) -> bool:
        """Check the Authorization header of a request, in constant time. Any user name is accepted."""
        self._load()
        kind, _, encoded = authorization.partition(" ")
        try:
            given = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, ValueError):
            given = ""
        _, separator, guess = given.partition(":")
        is_basic = kind.lower() == "basic" and bool(separator) and not self._problem
        return hmac.compare_digest(_hash(guess), _hash(self._value)) and is_basic

    def _load(self) -> None:
        if self._clock() < self._until:
            return
        self._value, self._problem = "", ""
        try:
            found = self._client.get_parameter(Name=self._name, WithDecryption=True)
            self._value = found["Parameter"]["Value"].strip()
        except (ClientError, BotoCoreError) as error:
            self._problem = f"cannot read the password in the SSM parameter {self._name} ({type(error).__name__})"
        else:
            if len(self._value) < _MIN_LENGTH:
                self._problem = f"the password in {self._name} needs at least {_MIN_LENGTH} characters"
        self._until = self._clock() + (0 if self._problem else _KEPT_FOR_SECONDS)


def _hash(text: str) -> bytes:
    """A hash of the text. Hashes have the same length, so comparing them does not reveal the length of the password."""
    return hashlib.sha256(text.encode()).digest()

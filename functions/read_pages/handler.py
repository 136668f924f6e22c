"""Lambda function: serve the pages and articles of the archive over HTTPS to whoever has the password.

Requests to the function URL invoke the function, with events of format 2.0. The URL is public, so every file except
robots.txt needs the password.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from feedarchive.store.interface import Store, StoreError
from feedarchive.store.location import open_store
from files import find_file
from password import Password
from responses import Response, denied, file_response, plain, robots

logger = Logger()


@cache
def store() -> Store:
    return open_store(f"s3://{os.environ['BUCKET']}")


@cache
def password() -> Password:
    return Password(os.environ["PASSWORD_PARAMETER"])


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Respond to a request. Passwords are never logged or sent back, not even wrong passwords."""
    try:
        return respond(event).as_event()
    except StoreError as error:
        logger.error(str(error))
        return plain(502, "the archive cannot be read: see the log of this function").as_event()


def respond(event: dict[str, Any]) -> Response:
    """The response to a request. Raises StoreError."""
    method, path = event["requestContext"]["http"]["method"], event["rawPath"]
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    if method not in ("GET", "HEAD"):
        return plain(405, "only GET and HEAD are possible")
    if path == "/robots.txt":
        return robots()
    if problem := password().problem():
        logger.error(problem)
        return plain(503, problem)
    if not password().is_right(headers.get("authorization", "")):
        if headers.get("authorization"):
            logger.warning("wrong password", extra={"ip": event["requestContext"]["http"].get("sourceIp", "")})
        return denied()
    if path == "/":
        return Response(302, headers={"Location": "/pages/index.html"})
    found = find_file(store(), path)
    if found is None:
        return plain(404, "there is no such file")
    return file_response(found, headers, has_body=method == "GET")

"""Explain the errors of an archive in S3: what failed with which object, why, and what to do."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    HTTPClientError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from feedarchive.store.interface import StoreError

# All errors that a request to S3 may raise:
# - HTTPError, OSError: the connection broke while boto3 read a response. boto3 does not convert these errors.
# - KeyError: the response does not have a field that S3 always sends.
# - RecursionError: a redirect does not name a region, and boto3 follows it endlessly.
S3_FAILURES = (BotoCoreError, ClientError, HTTPError, OSError, ResponseParserError, KeyError, RecursionError)
_THROTTLED = "S3 is throttling requests; wait some minutes and run again"
_OTHER_REGION = "the bucket is in another region; set AWS_DEFAULT_REGION to that region"


def s3_error(path: str, operation: str, error: Exception) -> StoreError:
    """Make the StoreError for an operation that failed.

    - ``path``: the location of the object, such as ``s3://bucket/key``.
    - ``operation``: a verb for the message, such as "write".
    """
    reason = str(error)
    if isinstance(error, ClientError):
        advice = {
            "AccessDenied": "access denied; give this user or role the missing permission",
            # A response to HEAD has only an HTTP status. Without s3:ListBucket, S3 sends 403 for a missing object.
            "403": "access denied; give this user or role s3:GetObject, and s3:ListBucket on the bucket",
            "PermanentRedirect": _OTHER_REGION,
            "301": _OTHER_REGION,
            "NoSuchBucket": "the bucket does not exist; create it first",
            "InvalidAccessKeyId": "the access key does not exist; check AWS_ACCESS_KEY_ID or the profile",
            "SignatureDoesNotMatch": "the secret key does not match the access key; check the credentials",
            "NotImplemented": "the server does not support conditional writes; use a server that supports them",
            "ExpiredToken": "the credentials have expired; sign in again",
            "400": "bad request; if the credentials have expired, sign in again",
            "SlowDown": _THROTTLED,
            "503": _THROTTLED,
        }
        # Keep S3's message if it names a missing permission for an encryption key, such as kms:GenerateDataKey.
        reason = reason if "kms:" in reason else advice.get(error_code(error), reason)
    elif isinstance(error, KeyError | ResponseParserError):
        reason = "the server at the S3 endpoint does not respond like S3; check AWS_ENDPOINT_URL and the network"
    elif isinstance(error, HTTPError | ResponseStreamingError | ConnectionClosedError):
        reason = f"the connection broke: {reason}; run again"
    elif _is_recursion(error):
        reason = _OTHER_REGION
    return StoreError(f"cannot {operation} {path}: {' '.join(reason.split())}")


def error_code(error: ClientError) -> str:
    """Return the code of an S3 error, such as "AccessDenied", or the HTTP status of a response without a body."""
    return error.response.get("Error", {}).get("Code", "")


def _is_recursion(error: Exception) -> bool:
    cause = error.kwargs.get("error") if isinstance(error, HTTPClientError) else error
    return isinstance(cause, RecursionError)

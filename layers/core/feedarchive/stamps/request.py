"""Make the request for a time stamp, and check the response (RFC 3161, sections 2.4.1 and 2.4.2).

All requests are the same except for the hash and the nonce (a random number). So no ASN.1 library is needed to write
them, which keeps the Lambda function small. ``feedarchive verify`` checks the signature in the response.
"""

from __future__ import annotations

# The fields before the hash, in DER: the version 1, the algorithm SHA-256, and the start of a string of 32 bytes.
_HEAD = bytes.fromhex("0201013031300d060960864801650304020105000420")
_CERTIFICATE_REQUESTED = b"\x01\x01\xff"
NONCE_BYTES = 8
_GRANTED = (0, 1)  # The values of PKIStatus that mean success: granted, and granted with modifications.


class NotStamped(Exception):
    """The authority sent no time stamp, or one for another request. The message says which."""


def stamp_request(sha256: bytes, nonce: bytes) -> bytes:
    """Return the request in DER. ``sha256`` is the hash (32 bytes), and ``nonce`` has NONCE_BYTES random bytes."""
    body = _HEAD + sha256 + _integer(nonce) + _CERTIFICATE_REQUESTED
    return b"\x30" + bytes([len(body)]) + body


def check_response(response: bytes, sha256: bytes, nonce: bytes) -> None:
    """Raise NotStamped if the response does not contain a time stamp for this hash and nonce."""
    status = _status(response)
    if status not in _GRANTED:
        raise NotStamped(
            f"the authority refused the request (status {status})"
            if status >= 0
            else "the response is not a time stamp"
        )
    if sha256 not in response or _integer(nonce) not in response:
        raise NotStamped("the stamp is for another request")


def _integer(nonce: bytes) -> bytes:
    """Return the nonce as an INTEGER in DER.

    Two bits of its first byte are changed, so that the number is positive and has no leading zero byte.
    """
    value = bytes([nonce[0] & 0x7F | 0x40]) + nonce[1:]
    return b"\x02" + bytes([len(value)]) + value


def _status(response: bytes) -> int:
    """Return the PKIStatus in a response: the first integer in the inner SEQUENCE; -1 if the response has none."""
    rest = _contents(_contents(response))
    return rest[2] if len(rest) > 2 and rest[:2] == b"\x02\x01" else -1


def _contents(data: bytes) -> bytes:
    """Return the data after the tag and length of a DER SEQUENCE; b"" if ``data`` does not begin with a SEQUENCE."""
    if len(data) < 2 or data[0] != 0x30:
        return b""
    return data[2 + (data[1] & 0x7F) :] if data[1] & 0x80 else data[2:]

"""Make a time-stamp request, and check the response, except its signature (RFC 3161, sections 2.4.1 and 2.4.2).

A request for a SHA-256 has a fixed form with two values. So no library is needed, and the function on AWS that asks for
stamps stays small. ``feedarchive verify`` checks the signature with rfc3161-client.
"""

from __future__ import annotations

# version 1; messageImprint: the algorithm id-sha256 with NULL, then an OCTET STRING of 32 bytes
_HEAD = bytes.fromhex("0201013031300d060960864801650304020105000420")
_CERTIFICATE_REQUESTED = b"\x01\x01\xff"
NONCE_BYTES = 8
_GRANTED = (0, 1)  # granted; granted with modifications


class NotStamped(Exception):
    """The authority did not grant a stamp, or the stamp is for another request. The message says which."""


def stamp_request(sha256: bytes, nonce: bytes) -> bytes:
    """The request in DER, for a hash of 32 bytes. ``nonce`` has NONCE_BYTES random bytes."""
    body = _HEAD + sha256 + _integer(nonce) + _CERTIFICATE_REQUESTED
    return b"\x30" + bytes([len(body)]) + body


def check_response(response: bytes, sha256: bytes, nonce: bytes) -> None:
    """Check that a stamp was granted, and that it is for this request. Raises NotStamped."""
    status = _status(response)
    if status not in _GRANTED:
        raise NotStamped(f"the authority refused the request (status {status})" if status >= 0 else "not a time stamp")
    if sha256 not in response or _integer(nonce) not in response:
        raise NotStamped("the stamp is for another request")


def _integer(nonce: bytes) -> bytes:
    """The nonce as a positive INTEGER in DER, of exactly NONCE_BYTES bytes."""
    value = bytes([nonce[0] & 0x7F | 0x40]) + nonce[1:]
    return b"\x02" + bytes([len(value)]) + value


def _status(response: bytes) -> int:
    """The PKIStatus: the first INTEGER of the first SEQUENCE in a SEQUENCE; -1 if there is none."""
    rest = _contents(_contents(response))
    return rest[2] if len(rest) > 2 and rest[:2] == b"\x02\x01" else -1


def _contents(data: bytes) -> bytes:
    """The data after the tag and length of a SEQUENCE; b"" if ``data`` does not begin with one."""
    if len(data) < 2 or data[0] != 0x30:
        return b""
    return data[2 + (data[1] & 0x7F) :] if data[1] & 0x80 else data[2:]

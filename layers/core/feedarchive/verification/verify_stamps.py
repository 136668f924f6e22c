"""Check the time stamps of day records. A time stamp is signed by an authority and says when the record existed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault, Finding, Note

AUTHORITY = "proofs/authority.pem"
"""The certificate of the authority that signs time stamps. A user who trusts the authority adds this PEM file."""

_STAMP = re.compile(r"proofs/(\d{4}-\d{2}-\d{2})\.tsr")


@dataclass(frozen=True)
class CheckedStamps:
    """The result of the check: what is wrong, and a note on the newest time stamp."""

    findings: list[Finding]
    notes: list[Note]


def check_stamps(store: Store, record_hashes: Mapping[str, str]) -> CheckedStamps:
    """Check all time stamps.

    A stamp must contain the hash of its record. Its signature is checked too if rfc3161-client is installed and the
    file AUTHORITY exists.

    ``record_hashes``: the SHA-256 of each record, by key.
    """
    findings: list[Finding] = []
    stamped: list[tuple[str, datetime | None]] = []
    trusted = store.read(AUTHORITY)
    for key in store.list("proofs/"):
        match, stored = _STAMP.fullmatch(key), store.read(key)
        if not match or stored is None:
            continue
        hashed = record_hashes.get(f"days/{match[1]}.json", "")
        if not hashed or bytes.fromhex(hashed) not in stored.data:
            findings.append(Finding(key, Fault.STAMP_WRONG, match[1]))
            continue
        wrong, moment = _signature(stored.data, bytes.fromhex(hashed), trusted.data) if trusted else ("", None)
        if wrong:
            findings.append(Finding(key, Fault.STAMP_WRONG, match[1], wrong))
        else:
            stamped.append((key, moment))
    if not stamped:
        return CheckedStamps(findings, [])
    key, moment = stamped[-1]
    how = f"install rfc3161-client and add {AUTHORITY}, or use OpenSSL (docs/proof.md)"
    unchecked = f"the signature of this time stamp was not checked: to check it, {how}"
    text = f"time stamp of {moment:%Y-%m-%d %H:%M:%S} UTC, signed by the authority" if moment else unchecked
    return CheckedStamps(findings, [Note(key, text)])


def _signature(stamp: bytes, hashed: bytes, trusted: bytes) -> tuple[str, datetime | None]:
    """Check the signature of a time stamp. Returns what is wrong ("" if nothing is wrong), and the time of the stamp.

    The time is None if the signature is wrong or could not be checked.
    """
    try:
        from cryptography.x509 import load_pem_x509_certificates
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError:
        return "", None
    try:
        builder = VerifierBuilder()
        for certificate in load_pem_x509_certificates(trusted):
            builder = builder.add_root_certificate(certificate)
        response = decode_timestamp_response(stamp)
        builder.build().verify(response, hashed)
    except (ValueError, VerificationError) as error:
        # OpenSSL writes stamps whose certificates are not in the order that DER requires. rfc3161-client cannot read
        # them, so their signatures count as not checked, and not as wrong.
        wrong = "" if "InvalidSetOrdering" in str(error) else " ".join(str(error).split())[:200]
        return wrong, None
    return "", response.tst_info.gen_time

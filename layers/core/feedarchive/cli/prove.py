"""``feedarchive prove``: print or save the proof that a file was in the archive on the day it was archived."""

from __future__ import annotations

import argparse
from pathlib import Path

from feedarchive.archive.manifest import require_time_zone
from feedarchive.hashes import sha256_of
from feedarchive.proof.proof_text import proof_text
from feedarchive.proof.prove import prove as collect
from feedarchive.store.interface import StoreError
from feedarchive.store.location import open_store


def prove(arguments: argparse.Namespace) -> int:
    """Print the proof, or with ``--save`` write it to a file in the current folder."""
    store = open_store(arguments.archive)
    path = arguments.file.replace("\\", "/")
    key = path[max(path.rfind("archive/20"), 0) :]
    proof = collect(store, key, require_time_zone(store).key, arguments.until)
    text = proof_text(proof, {link.key: sha256_of(link.text.encode()) for link in proof.links})
    if not arguments.save:
        print(text, end="")
        return 0
    target = Path(f"{key.rpartition('/')[2]}.proof.txt")
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}") from None
    print(f"saved {target}; its value, the SHA-256 of the last record, is {proof.value}")
    return 0

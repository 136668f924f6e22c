"""Forget an article whose file is lost. The digest of its day must still list it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from feedarchive.archive.claim import ArticleClaim, claim_key, claim_to_json
from feedarchive.archive.forget import ForgetResult
from feedarchive.digest.calendar import day_of
from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.digest_json import salvage_digest_json
from feedarchive.identity.canonical_url import canonical_guid
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.rfc3339 import parse_rfc3339
from feedarchive.store.interface import Store


def forget_lost_file(store: Store, target: str, now: datetime) -> ForgetResult | None:
    """Write a tombstone for a lost file, so that no run archives its article again.

    ``target`` is the key of the file, or a path that ends in the key. Returns None and writes nothing if the file is
    not lost, or if the digest of its day does not list it.
    """
    path = target.replace("\\", "/")
    key = path[max(path.rfind("archive/20"), 0) :]
    day = day_of(key)
    stored = store.read(f"{day_folder(day)}digest.json") if day else None
    listed = salvage_digest_json(stored.data).get(key) if stored else None
    if listed is None or store.read(key):
        return None
    claim = ArticleClaim(key, parse_rfc3339(listed.archived), feed="", guid="", title="", wording="")
    if isinstance(listed, DigestEntry):
        guid, title = canonical_guid(listed.guid), fingerprint(listed.title)
        claim = replace(claim, guid=guid, title=title, wording=listed.wording)
    created = store.create(claim_key(listed.claim_name), claim_to_json(replace(claim, deleted=now)))
    store.sync()
    return ForgetResult((key,), (), was_forgotten=not created)

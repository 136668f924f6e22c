"""Write and parse the JSON of day records and change records. docs/archive-format.md describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from feedarchive.json_values import DamagedJSON, JSONObject, parse_json
from feedarchive.proof.records import (
    ChangeRecord,
    DayHashes,
    DayRecord,
    PreviousRecord,
    Removal,
    RemovalReason,
    RemovedFile,
)
from feedarchive.rfc3339 import format_rfc3339

_HASH = re.compile(r"[0-9a-f]{64}")


def record_to_json(record: DayRecord) -> bytes:
    """Return the JSON of a day record, one line."""
    document: dict[str, Any] = {
        "day": record.day.isoformat(),
        "announced": format_rfc3339(record.announced),
        "counts": dict(record.counts),
    }
    if record.hashes:
        document |= {"digest": record.hashes.digest, "files": record.hashes.files}
    if record.previous:
        document["previous"] = {"day": record.previous.day.isoformat(), "sha256": record.previous.sha256}
    if record.changes:
        document["changes"] = dict(sorted(record.changes.items()))
    if record.earlier:
        document["earlier"] = {day.isoformat(): record.earlier[day] for day in sorted(record.earlier)}
    return (json.dumps(document) + "\n").encode()


def parse_record(data: bytes) -> DayRecord:
    """Parse a day record. Raises DamagedJSON."""
    document = parse_json(data)
    counts = {name: count for name, count in document.object("counts").fields.items() if isinstance(count, int)}
    return DayRecord(
        day=document.day("day"),
        announced=document.time("announced"),
        counts=counts,
        hashes=_hashes(document) if "files" in document else None,
        previous=_previous(document.object("previous")) if "previous" in document else None,
        changes=document.text_by_name("changes") if "changes" in document else {},
        earlier=_earlier(document.text_by_name("earlier")) if "earlier" in document else {},
    )


def change_to_json(change: ChangeRecord) -> bytes:
    """Return the JSON of a change record, one line."""
    removed = {
        key: {
            "sha256": file.sha256,
            "reason": file.removal.reason.value,
            **({"time": format_rfc3339(file.removal.time)} if file.removal.time else {}),
        }
        for key, file in sorted(change.removed.items())
    }
    document = {
        "day": change.day.isoformat(),
        "recorded": format_rfc3339(change.recorded),
        "before": change.before,
        "digest": change.hashes.digest,
        "files": change.hashes.files,
        "added": list(change.added),
        "removed": removed,
        **({"accepted": True} if change.accepted else {}),
    }
    return (json.dumps(document) + "\n").encode()


def parse_change(data: bytes) -> ChangeRecord:
    """Parse a change record. Raises DamagedJSON."""
    document = parse_json(data)
    before = document.text("before")
    removed = document.object("removed")
    return ChangeRecord(
        day=document.day("day"),
        recorded=document.time("recorded"),
        before=_hash(before) if before else "",
        hashes=_hashes(document),
        added=document.texts("added"),
        removed={key: _removed_file(removed.object(key)) for key in removed.fields},
        accepted="accepted" in document and document.boolean("accepted"),
    )


def _removed_file(written: JSONObject) -> RemovedFile:
    reason = RemovalReason.of_value(written.text("reason"))
    if reason is None:
        raise DamagedJSON(f"unknown reason: {written.text('reason')!r:.80}")
    removal = Removal(reason, written.time("time") if "time" in written else None)
    return RemovedFile(_hash(written.text("sha256")), removal)


def _hashes(written: JSONObject) -> DayHashes:
    return DayHashes(_hash(written.text("digest")), _hash(written.text("files")))


def _previous(written: JSONObject) -> PreviousRecord:
    return PreviousRecord(written.day("day"), _hash(written.text("sha256")))


def _earlier(written: Mapping[str, str]) -> dict[date, str]:
    found = {}
    for name, files in written.items():
        try:
            day = date.fromisoformat(name)
        except ValueError:
            raise DamagedJSON(f"expected a day, got {name!r:.80}") from None
        found[day] = _hash(files)
    return found


def _hash(text: str) -> str:
    if not _HASH.fullmatch(text):
        raise DamagedJSON(f"expected a SHA-256 in hex, got {text!r:.80}")
    return text

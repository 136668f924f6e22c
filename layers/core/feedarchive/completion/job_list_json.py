"""Convert a job list to JSON (``state/jobs/<shard>.json``) and back.

The list is a cache, so damaged parts of the JSON are ignored.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from feedarchive.completion.job import Job, JobKind
from feedarchive.completion.job_list import Ended, GivenUp, JobList
from feedarchive.json_values import DamagedJSON, JSONObject, parse_json
from feedarchive.rfc3339 import format_rfc3339

_VERSION = 1


def to_bytes(jobs: JobList) -> bytes:
    """Encode a list as one line of JSON."""
    document: dict[str, Any] = {
        "version": _VERSION,
        "jobs": [_job_as_json(job) for _, job in sorted(jobs.jobs.items())],
        "given_up": [_given_up_as_json(each) for _, each in sorted(jobs.given_up.items())],
        "ended": [
            {"kind": kind, "id": article_id, "article": each.version, "at": format_rfc3339(each.at)}
            for (kind, article_id), each in sorted(jobs.ended.items())
        ],
    }
    return (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def from_bytes(data: bytes) -> JobList:
    """Decode a list. Returns an empty list if the data is damaged or has an unknown version."""
    try:
        document = parse_json(data)
        if document.integer("version") != _VERSION:
            return JobList()
        found_jobs, found_given_up = document.objects("jobs"), document.objects("given_up")
        found_ended = document.objects("ended")
    except DamagedJSON:
        return JobList()
    jobs, given_up, ended = {}, {}, {}
    for found in found_jobs:
        with suppress(DamagedJSON):
            job = _job(found)
            jobs[job.key] = job
    for found in found_given_up:
        with suppress(DamagedJSON):
            each = _given_up(found)
            given_up[each.key] = each
    for found in found_ended:
        with suppress(DamagedJSON):
            key = (_kind(found).value, found.text("id"))
            ended[key] = Ended(found.text("article"), found.time("at"))
    return JobList(jobs, given_up, ended)


def _job_as_json(job: Job) -> dict[str, Any]:
    fields = {"kind": job.kind.value, "id": job.id, "article": job.version, "link": job.link, "feed": job.feed}
    times = {"since": format_rfc3339(job.since), "not_before": format_rfc3339(job.not_before)}
    larger = {"larger_images": dict(job.larger_images)} if job.larger_images else {}
    return {**fields, **times, "attempts": job.attempts, **larger}


def _job(found: JSONObject) -> Job:
    return Job(
        _kind(found),
        found.text("id"),
        found.text("article"),
        found.text("link"),
        found.text("feed"),
        found.time("since"),
        found.time("not_before"),
        found.integer("attempts"),
        tuple(found.text_by_name("larger_images").items()) if "larger_images" in found else (),
    )


def _given_up_as_json(each: GivenUp) -> dict[str, Any]:
    fields = {"kind": each.kind.value, "id": each.id, "article": each.version, "feed": each.feed}
    return {**fields, "reason": each.reason, "detail": each.detail, "at": format_rfc3339(each.at)}


def _given_up(found: JSONObject) -> GivenUp:
    return GivenUp(
        _kind(found),
        found.text("id"),
        found.text("article"),
        found.text("feed"),
        found.text("reason"),
        found.text("detail"),
        found.time("at"),
    )


def _kind(found: JSONObject) -> JobKind:
    written = found.text("kind")
    if kind := JobKind.of_value(written):
        return kind
    raise DamagedJSON(f"unknown kind {written:.40}")

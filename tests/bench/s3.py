"""Counts the requests that an archive in S3 takes, at a real S3 API, and prices them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import boto3

from bench.generate import KINDS_WITH_OWN_GUID, kind_of
from bench.local_aws import LocalAws, Request, local_aws
from bench.prices import STORAGE_PRICE, Month, Polls, month, write_targets
from bench.report import table
from bench.rounds import POLLS
from bench.serve import serving
from bench.subscriptions import generated
from bench.systems.feedarchive import COMMAND, feeds_file
from bench.systems.system import plain_environment

# With 200 feeds a day's folder has the 1,000 articles that are priced: a digest costs by its day.
_ENTRIES = 5
_COLUMNS = [
    ("PUT articles", "PUT", "archive"), ("PUT claims", "PUT", "claims"), ("PUT state", "PUT", "state"),
    ("GET articles", "GET", "archive"), ("HEAD articles", "HEAD", "archive"), ("GET claims", "GET", "claims"),
    ("HEAD claims", "HEAD", "claims"), ("GET state", "GET", "state"), ("LIST", "LIST", ""),
]  # fmt: skip


def s3_requests(feeds: int) -> str:
    """Poll three times into a bucket, with a digest after each; the counts, the targets, the month's price."""
    with tempfile.TemporaryDirectory(prefix="feedarchive-bench-") as scratch:
        folder = Path(scratch)
        served = generated(folder / "www", feeds, _ENTRIES)
        with local_aws(folder, "bench") as aws, serving(folder / "www", folder / "server") as server:
            client = boto3.client("s3")
            client.put_object(Bucket="bench", Key="feeds.toml", Body=feeds_file(served.urls(server.port)).encode())
            fetched, digests = [], []
            for version in POLLS.values():
                served.show(version)
                fetched.append(_counted(aws, folder, "fetch", "--json", "--all"))
                digests.append(_counted(aws, folder, "digest"))
            sizes = _sizes()
    own_guid = sum(kind_of(number) in KINDS_WITH_OWN_GUID for number in range(feeds))
    polls = Polls(feeds, _ENTRIES, own_guid, sizes["state objects"], fetched, digests)
    parts = [
        _table(fetched, digests),
        write_targets(polls),
        _priced(month(polls)),
        _storage(sizes, feeds * (_ENTRIES + 1)),
    ]
    return "\n\n".join(parts)


def _counted(aws: LocalAws, folder: Path, *command: str) -> Counter[Request]:
    aws.requests()
    environment = {**plain_environment(folder), **aws.environment, "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    words = [str(COMMAND), *command, "--archive", "s3://bench"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: exit {done.returncode}: {done.stderr[-2000:]}")
    return aws.requests()


def _table(fetched: list[Counter[Request]], digests: list[Counter[Request]]) -> str:
    rows = []
    for poll, fetch, digest in zip(POLLS, fetched, digests, strict=True):
        for what, counted in ((poll, fetch), ("digest after it", digest)):
            named = [counted[Request(method, folder)] for _, method, folder in _COLUMNS]
            rows.append([what, *(f"{n:,}" for n in named), f"{counted.total() - sum(named):,}"])
    return table(rows, ["run", *(column for column, _, _ in _COLUMNS), "all other"])


def _priced(priced: Month) -> str:
    rows = [[what, f"{dollars:.2f}"] for what, dollars in priced.parts.items()]
    return table([*rows, ["requests to S3, all", f"{sum(priced.parts.values()):.2f}"]], [priced.title, "dollars"])


def _sizes() -> Mapping[str, int]:
    """Bytes and objects in the bucket, by folder."""
    sizes: Counter[str] = Counter()
    for page in boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="bench"):
        for found in page.get("Contents", ()):
            folder = found["Key"].partition("/")[0]
            sizes[f"{folder} bytes"] += found["Size"]
            sizes[f"{folder} objects"] += 1
    return sizes


def _storage(sizes: Mapping[str, int], articles: int) -> str:
    return (
        f"Not in it, storage: {sizes['archive bytes'] / articles:,.0f} bytes an article, digests included, and "
        f"{sizes['claims bytes'] / articles:,.0f} bytes of claims; state is {sizes['state bytes'] / 1000:,.0f} kB in "
        f"{sizes['state objects']} objects (with {_ENTRIES} entries a feed), and a version of each stays for every run "
        f"until a lifecycle rule removes it. At {STORAGE_PRICE} dollars a GB and month."
    )

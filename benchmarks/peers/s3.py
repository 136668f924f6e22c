"""Count the requests of an archive in S3, with a local S3 API, and calculate their price."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import boto3

from benchmarks.peers.generate import KINDS_WITH_OWN_GUID, kind_of
from benchmarks.peers.local_aws import LocalAws, Request, local_aws
from benchmarks.peers.prices import STORAGE_PRICE, Month, Polls, month, write_targets
from benchmarks.peers.report import table
from benchmarks.peers.rounds import POLLS
from benchmarks.peers.subscriptions import generated
from benchmarks.peers.systems.feedarchive import COMMAND, feeds_file
from benchmarks.peers.systems.system import plain_environment
from benchmarks.peers.web_server import serving

# The number of entries in a feed. With 200 feeds, a day then has 1,000 articles, which is what prices.py assumes. This
# matters because the cost of a digest depends on the number of articles of its day.
_ENTRIES = 5
_COLUMNS = [
    ("PUT articles", "PUT", "archive"), ("PUT claims", "PUT", "claims"), ("PUT state", "PUT", "state"),
    ("GET articles", "GET", "archive"), ("HEAD articles", "HEAD", "archive"), ("GET claims", "GET", "claims"),
    ("HEAD claims", "HEAD", "claims"), ("GET state", "GET", "state"), ("LIST", "LIST", ""),
]  # fmt: skip


def s3_requests(feeds: int) -> str:
    """Poll three times, and build after each poll. Return tables of the requests, their targets, prices and storage."""
    with tempfile.TemporaryDirectory(prefix="feedarchive-bench-") as scratch:
        folder = Path(scratch)
        served = generated(folder / "www", feeds, _ENTRIES)
        with local_aws(folder, "bench") as aws, serving(folder / "www", folder / "server") as server:
            client = boto3.client("s3")
            client.put_object(Bucket="bench", Key="feeds.toml", Body=feeds_file(served.urls(server.port)).encode())
            fetched, digests = [], []
            for version in POLLS.values():
                served.publish(version)
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
    environment = {**plain_environment(folder), **aws.environment}
    words = [str(COMMAND), *command, "--archive", "s3://bench"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: exit {done.returncode}: {done.stderr[-2000:]}")
    return aws.requests()


def _table(fetched: list[Counter[Request]], digests: list[Counter[Request]]) -> str:
    rows = []
    for poll, fetch, digest in zip(POLLS, fetched, digests, strict=True):
        for run, counted in ((poll, fetch), ("digest", digest)):
            named = [counted[Request(method, folder)] for _, method, folder in _COLUMNS]
            rows.append([run, *(f"{n:,}" for n in named), f"{counted.total() - sum(named):,}"])
    return table(rows, ["run", *(column for column, _, _ in _COLUMNS), "other"])


def _priced(priced: Month) -> str:
    rows = [[item, f"{dollars:.2f}"] for item, dollars in priced.parts.items()]
    return table([*rows, ["all requests to S3", f"{sum(priced.parts.values()):.2f}"]], [priced.title, "dollars"])


def _sizes() -> Mapping[str, int]:
    """The bytes and the number of objects in each folder of the bucket, such as "claims bytes" and "claims objects"."""
    sizes: Counter[str] = Counter()
    for page in boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="bench"):
        for found in page.get("Contents", ()):
            folder = found["Key"].partition("/")[0]
            sizes[f"{folder} bytes"] += found["Size"]
            sizes[f"{folder} objects"] += 1
    return sizes


def _storage(sizes: Mapping[str, int], articles: int) -> str:
    return (
        f"Not included is storage: {sizes['archive bytes'] / articles:,.0f} bytes per article including digests, and "
        f"{sizes['claims bytes'] / articles:,.0f} bytes of claims; state is {sizes['state bytes'] / 1000:,.0f} kB in "
        f"{sizes['state objects']} objects (with {_ENTRIES} entries per feed), and every run leaves a version of each "
        f"until a lifecycle rule removes it. At {STORAGE_PRICE} dollars per GB and month."
    )

"""Measure a cold start: import the program and open an archive in S3, compared with boto3 alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import boto3

from benchmarks.peers.local_aws import local_aws
from benchmarks.peers.report import table

_TIMES = 7
_MAX_RATIO = 2.0
# This program and the next one read the same two objects. The time to start Python is not measured.
_BOTO3 = """
import json, time
start = time.perf_counter()
import boto3
imported = time.perf_counter()
client = boto3.client("s3")
for key in ("archive.json", "feeds.toml"):
    client.get_object(Bucket="bench", Key=key)["Body"].read()
print(json.dumps([imported - start, time.perf_counter() - start]))
"""
# This program imports what the polling function imports: a run, and an archive in S3.
_FEEDARCHIVE = """
import json, time
start = time.perf_counter()
from feedarchive.archive.open_archive import open_archive
from feedarchive.run import Run
from feedarchive.store import location, s3
imported = time.perf_counter()
archive = open_archive(location.open_store("s3://bench"), "")
print(json.dumps([imported - start, time.perf_counter() - start]))
"""


def cold_start() -> str:
    """Measure both programs seven times in turn, each time in a new Python, and return a table of the medians."""
    with tempfile.TemporaryDirectory(prefix="feedarchive-bench-") as scratch, local_aws(Path(scratch), "bench") as aws:
        client = boto3.client("s3")
        client.put_object(Bucket="bench", Key="feeds.toml", Body=b'[[feeds]]\nurl = "https://example.org/feed.xml"\n')
        manifest = json.dumps({"format": 1, "identity": 1, "time_zone": "UTC"})
        client.put_object(Bucket="bench", Key="archive.json", Body=manifest.encode())
        environment = {**os.environ, **aws.environment}
        _times(_FEEDARCHIVE, environment)  # not measured: the first run writes the compiled bytecode
        both = [(_times(_BOTO3, environment), _times(_FEEDARCHIVE, environment)) for _ in range(_TIMES)]
    rows = []
    for index, name in enumerate(("import", "import, client and first two reads")):
        boto, own = median(b[index] for b, _ in both), median(o[index] for _, o in both)
        verdict = f"{own / boto:.2f}" + (
            f", at most {_MAX_RATIO:g}: {'met' if own <= _MAX_RATIO * boto else 'missed'}" * index
        )
        rows.append([name, f"{boto * 1000:.0f}", f"{own * 1000:.0f}", verdict])
    return table(rows, ["cold start, median of 7", "boto3 ms", "feedarchive ms", "ratio"])


def _times(code: str, environment: dict[str, str]) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    imported, used = json.loads(done.stdout)
    return imported, used

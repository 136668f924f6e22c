"""What a cold start takes: importing the program and opening an archive in S3, against boto3 alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import boto3

from bench.local_aws import local_aws
from bench.report import table

_TIMES = 7
_MOST = 2.0  # times boto3's own
# Both read the same two objects; what the interpreter itself takes to start is in neither.
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
# What the function that polls imports: a run over an archive in S3.
_OURS = """
import json, time
start = time.perf_counter()
from feedarchive.archive.open_archive import open_archive
from feedarchive.run import Run
from feedarchive.store import location, s3
imported = time.perf_counter()
archive = open_archive(location.open_store("s3://bench"), "")
print(json.dumps([imported - start, time.perf_counter() - start]))
"""


def imports() -> str:
    """Medians of seven new interpreters each, in turn."""
    with tempfile.TemporaryDirectory(prefix="feedarchive-bench-") as scratch, local_aws(Path(scratch), "bench") as aws:
        client = boto3.client("s3")
        client.put_object(Bucket="bench", Key="feeds.toml", Body=b'[[feeds]]\nurl = "https://example.org/feed.xml"\n')
        mark = json.dumps({"format": 1, "identity": 1, "time_zone": "UTC"})
        client.put_object(Bucket="bench", Key="archive.json", Body=mark.encode())
        environment = {**os.environ, **aws.environment}
        _times(_OURS, environment)  # the first one compiles
        both = [(_times(_BOTO3, environment), _times(_OURS, environment)) for _ in range(_TIMES)]
    rows = []
    for index, what in enumerate(("import", "import, client and first two reads")):
        boto, ours = median(b[index] for b, _ in both), median(o[index] for _, o in both)
        verdict = f"{ours / boto:.2f}" + (f", at most {_MOST:g}: {'met' if ours <= _MOST * boto else 'missed'}" * index)
        rows.append([what, f"{boto * 1000:.0f}", f"{ours * 1000:.0f}", verdict])
    return table(rows, ["cold start, median of 7", "boto3 ms", "feedarchive ms", "ratio"])


def _times(code: str, environment: dict[str, str]) -> tuple[float, float]:
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    imported, used = json.loads(done.stdout)
    return imported, used

"""Kill runs at random writes, and compare each archive with the archive of the same runs without a kill.

    python -m benchmarks.kills folder [KILLS]
    python -m benchmarks.kills s3 [KILLS] [SHARE]

- ``folder``: the archives are in a folder, and runs in child processes are killed by SIGKILL (1,000 kills by default).
- ``s3``: the archives are in a local S3 (300 kills by default). A proxy makes a part of the requests fail: the share
  SHARE (0.02 by default).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from feedarchive.store.interface import Store
from tests.harness.faulty_s3 import FaultyS3, faulty_s3
from tests.harness.ministack import ministack
from tests.harness.random_kills import Found, kill_over_a_folder, kill_over_s3

CREDENTIALS: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "111111111111",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
BUCKET = "feedarchive-kills"
_SEED = 12


def over_s3(endpoint: str, folder: Path, kills: int, share: float, workers: int = 8) -> tuple[Found, FaultyS3]:
    """Kill runs over the S3 at this endpoint, with faults. Needs credentials in the environment."""
    import boto3  # here, because kills over a folder do not need it
    from botocore.config import Config

    from feedarchive.store.s3 import S3Store

    plain = boto3.client("s3", endpoint_url=endpoint)
    plain.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    with faulty_s3(endpoint, _SEED, share) as proxy:
        # This client tries a request less often than the client that the store would make. So more faults reach the
        # program, and there is less waiting.
        config = Config(retries={"mode": "standard", "max_attempts": 2}, max_pool_connections=64)
        client = boto3.client("s3", endpoint_url=proxy.endpoint, config=config)

        def open_(prefix: str) -> Store:
            return S3Store(BUCKET, f"{prefix}/", client)

        def reliable(prefix: str) -> Store:
            return S3Store(BUCKET, f"{prefix}/", plain)

        def some(number: int) -> Found:
            return kill_over_s3(open_, reliable, folder, -(-kills // workers), _SEED + number)

        # Several threads are faster, because a run mostly waits for the server.
        with ThreadPoolExecutor(workers) as pool:
            return Found.merge(pool.map(some, range(workers))), proxy


def main(arguments: list[str]) -> None:
    kind, numbers, started = arguments[0], arguments[1:], time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if kind == "folder":
            found = kill_over_a_folder(folder, int(numbers[0]) if numbers else 1000, _SEED)
        else:
            os.environ.update(CREDENTIALS)
            share = float(numbers[1]) if len(numbers) > 1 else 0.02
            with ministack(folder, folder / "log") as endpoint:
                found, proxy = over_s3(endpoint, folder, int(numbers[0]) if numbers else 300, share)
            print(", ".join(f"{fault.name} {number}" for fault, number in sorted(proxy.faults.items(), key=str)))
    print(f"{found}; {time.monotonic() - started:.0f} s")
    for name in ("missing", "doubled", "different"):
        for each in getattr(found, name)[:10]:
            print(f"{name}: {each}")


if __name__ == "__main__":
    main(sys.argv[1:])

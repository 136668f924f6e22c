"""A copy whose destination fails: it is full, read-only, throttled or forbidden, or the credentials expire.

Each failure is reported in one plain line, and no file is half-written. No run may start in the incomplete copy.
Running the same command again completes the copy.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from feedarchive.store.location import open_store
from feedarchive.store.s3 import S3Store
from tests.copying.archives import copy, files, make_small_archive
from tests.harness.clock import Clock
from tests.harness.faulty_s3 import Fault, FaultyS3, RefusingS3, running
from tests.harness.small_disk import can_mount, run_on_disk


@pytest.fixture
def source(tmp_path: Path, clock: Clock) -> FolderStore:
    store = FolderStore(tmp_path / "source")
    make_small_archive(store, clock)
    return store


def through(proxy: FaultyS3, bucket: str, attempts: int) -> S3Store:
    """A store that sends its requests to the proxy. It tries each request at most ``attempts`` times."""
    config = Config(retries={"mode": "standard", "max_attempts": attempts}, max_pool_connections=16)
    return S3Store(bucket, "some/prefix/", boto3.client("s3", endpoint_url=proxy.endpoint, config=config))


@pytest.mark.parametrize(
    ("fault", "writes", "message"),
    [
        (Fault.SLOW_DOWN, 7, "S3 is throttling requests; wait some minutes and run again"),
        (Fault.ACCESS_DENIED, 0, "access denied; give this user or role the missing permission"),
        (Fault.EXPIRED_TOKEN, 20, r"(bad request; if )?the credentials have expired[;,] sign in again"),
    ],
    ids=["throttled", "no permission", "an expired token in the middle"],
)
def test_a_bucket_that_refuses_ends_the_copy_in_one_line(
    source: FolderStore, aws: str, bucket: str, fault: Fault, writes: int, message: str
) -> None:
    with running(RefusingS3(aws, fault, writes)) as proxy, pytest.raises(StoreError) as error:
        copy(source, through(proxy, bucket, attempts=1))
    assert proxy.faults[fault] > 0
    assert re.fullmatch(f"cannot (check|list|read|write) s3://[^ ]+: {message}", str(error.value))
    destination, wanted = open_store(f"s3://{bucket}/some/prefix"), files(source)
    half = files(destination)
    assert half.items() <= wanted.items()
    assert (len(half) > 0) is (writes > 0)
    assert "archive.json" not in half
    if writes > 7:  # only in the last case: running the copy again completes it
        copy(source, destination)
        assert files(destination) == wanted


def test_a_bucket_that_throttles_some_requests_gets_the_whole_copy(source: FolderStore, aws: str, bucket: str) -> None:
    with running(RefusingS3(aws, Fault.SLOW_DOWN, writes=10, times=3)) as proxy:
        copy(source, through(proxy, bucket, attempts=6))
    assert proxy.faults[Fault.SLOW_DOWN] == 3
    assert files(open_store(f"s3://{bucket}/some/prefix")) == files(source)


@pytest.mark.skipif(not can_mount(), reason="this user may not mount a file system")
def test_a_disk_that_is_really_full_ends_the_copy_in_one_line(source: FolderStore, tmp_path: Path) -> None:
    """The disk is full twice, at different files. With a larger disk, the copy completes."""
    command = [sys.executable, "-m", "feedarchive", "copy", "source", "disk", "--everything"]
    (tmp_path / "disk").mkdir()
    done = run_on_disk(
        tmp_path,
        "mount -t tmpfs -o size=60k tmpfs disk && $1 2>full-1; echo $?; cp -a disk half-1; "
        "mount -o remount,size=140k disk && $1 2>full-2; echo $?; cp -a disk half-2; "
        "mount -o remount,size=64m disk && $1 >last; echo $?; cp -a disk whole",
        command,
    )
    assert (done.stdout, done.stderr) == ("1\n1\n0\n", "")
    wanted, before = files(source), 0
    for number in (1, 2):
        (line,) = (tmp_path / f"full-{number}").read_text(encoding="utf-8").splitlines()
        assert line.startswith("feedarchive: cannot write disk/")
        assert line.endswith(": the disk is full; free some space and run again")
        half = files(FolderStore(tmp_path / f"half-{number}"))
        assert before < len(half) < len(wanted)
        assert half.items() <= wanted.items()
        assert "archive.json" not in half
        before = len(half)
    assert files(FolderStore(tmp_path / "whole")) == wanted


@pytest.mark.skipif(not can_mount(), reason="this user may not mount a file system")
def test_a_disk_that_is_read_only_ends_the_copy_in_one_line(source: FolderStore, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "feedarchive", "copy", "source", "disk", "--everything"]
    (tmp_path / "disk").mkdir()
    done = run_on_disk(tmp_path, "mount -t tmpfs -o ro tmpfs disk && $1; echo $?; ls -A disk", command)
    assert done.stdout == "1\n"
    (line,) = done.stderr.splitlines()
    assert line.startswith("feedarchive: cannot write disk/")
    assert line.endswith(": the file system is read-only; make it writable or choose another folder")

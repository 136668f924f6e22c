"""Large objects are streamed and never wholly in memory, in a folder and in S3."""

from __future__ import annotations

import io
import os
import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import PART_BYTES, Store
from feedarchive.store.s3 import S3Store, s3_client

KEY = f"media/ab/ab{'0' * 62}.mp3"
DATA = os.urandom(PART_BYTES * 2 + 17)


def test_a_file_is_stored_from_its_start_and_streamed_in_parts(store: Store) -> None:
    source = io.BytesIO(DATA)
    source.seek(100)
    assert store.create_from(KEY, source)
    parts = [*(store.stream(KEY) or ())]
    assert b"".join(parts) == DATA
    assert max(map(len, parts)) <= PART_BYTES


def test_a_stream_begins_where_it_should(store: Store) -> None:
    store.create_from(KEY, io.BytesIO(DATA))
    assert b"".join(store.stream(KEY, len(DATA) - 5) or ()) == DATA[-5:]
    assert b"".join(store.stream(KEY, len(DATA)) or ()) == b""


def test_a_file_never_overwrites(store: Store) -> None:
    assert store.create_from(KEY, io.BytesIO(b"one"))
    assert not store.create_from(KEY, io.BytesIO(b"two"))
    assert b"".join(store.stream(KEY) or ()) == b"one"


def test_an_object_that_is_missing_is_neither_streamed_nor_renewed(store: Store) -> None:
    assert store.stream(KEY) is None
    assert not store.renew(KEY, io.BytesIO(DATA))
    assert [*store.list("")] == []


def test_renewing_keeps_the_bytes(store: Store) -> None:
    store.create_from(KEY, io.BytesIO(b"one"))
    assert store.renew(KEY, io.BytesIO(b"one"))
    assert b"".join(store.stream(KEY) or ()) == b"one"


def test_renewing_a_file_of_a_folder_makes_it_new_for_a_rule_that_deletes_by_age(tmp_path: Path) -> None:
    store, path = FolderStore(tmp_path), tmp_path / KEY
    store.create_from(KEY, io.BytesIO(b"one"))
    os.utime(path, (1, 1))
    assert store.renew(KEY, io.BytesIO(b"one"))
    assert path.stat().st_mtime > 1


def test_renewing_an_object_of_an_earlier_day_writes_it_again(bucket: str) -> None:
    """S3 counts the age of an object from its last write. So ``renew`` writes an object again, at most once a day."""
    client = s3_client(1)
    store = S3Store(bucket, "", client)
    store.create_from(KEY, io.BytesIO(b"one"))
    assert store.renew(KEY, io.BytesIO(b"one"))
    assert _versions(bucket) == 1
    yesterday = datetime.now(UTC) - timedelta(days=1)
    client.meta.events.register(
        "after-call.s3.HeadObject", lambda parsed, **rest: parsed.update(LastModified=yesterday)
    )  # fmt: skip
    assert store.renew(KEY, io.BytesIO(b"one"))
    assert _versions(bucket) == 2


def _versions(bucket: str) -> int:
    return len(boto3.client("s3").list_object_versions(Bucket=bucket)["Versions"])


def test_a_file_larger_than_the_memory_that_is_left_is_copied(store: Store, tmp_path: Path) -> None:
    """The file has 60 MB. The process may use only 30 MB more memory than before."""
    large, size = tmp_path / "large", 60 * 1000 * 1000
    with large.open("wb") as file:
        file.truncate(size)
    store.create_from(f"media/cd/cd{'1' * 62}.mp3", io.BytesIO(b"what the first request needs is in memory"))
    streamed = 0
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    old = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + size // 2, old[1]))
    try:
        with large.open("rb") as file:
            assert store.create_from(KEY, file)
        streamed = sum(len(part) for part in store.stream(KEY) or ())
    finally:
        resource.setrlimit(resource.RLIMIT_AS, old)
    assert streamed == size

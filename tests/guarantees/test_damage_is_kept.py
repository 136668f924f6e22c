"""A digest never shrinks without a tombstone: a missing or changed file stays listed, and is reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import boto3
import pytest

from feedarchive.archive.forget import forget
from feedarchive.builds.builder import DigestBuilder
from feedarchive.builds.forget_lost_file import forget_lost_file
from feedarchive.builds.results import BuildResult
from feedarchive.health.damage import Damage
from feedarchive.health.status_json import read_status
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from tests.harness.clock import Clock
from tests.harness.digests import DAY, FOLDER, ITEMS, RecordingAnnouncer, build, digest_files
from tests.harness.feed_archiver import FeedArchiver, first_versions


def _archived(store: Store, clock: Clock) -> str:
    """Archive and build a day with three articles. Return the key of the first one."""
    FeedArchiver(store, clock).poll(*ITEMS[:3])
    build(store, clock())
    return sorted(first_versions(store))[0]


def _day(result: BuildResult) -> int:
    """How many files the digest of the day lists."""
    return next(built.counts["files"] for built in result.built if built.day == DAY)


def _entries(store: Store) -> dict[str, int]:
    """The keys and sizes in the digest of the day."""
    stored = store.read(f"{FOLDER}digest.json")
    assert stored is not None
    return {file["key"]: file["bytes"] for file in json.loads(stored.data)["files"]}


def _damage(store: Store) -> list[tuple[str, Damage]]:
    return [(each.key, each.damage) for each in read_status(store).damage]


def test_a_missing_file_stays_in_its_digest_and_is_named_until_it_is_back(store: Store, clock: Clock) -> None:
    key = _archived(store, clock)
    before, stored = digest_files(store), store.read(key)
    assert stored is not None
    if isinstance(store, FolderStore):
        store.delete(key)
    else:  # Delete all versions. A plain delete in a versioned bucket counts as a tombstone.
        _destroy(store.location, key)
    announcer = RecordingAnnouncer()
    result = build(store, clock() + timedelta(days=1), announcer)
    assert [(each.key, each.damage) for each in result.damage] == [(key, Damage.MISSING)] == _damage(store)
    digests = {k: data for k, data in digest_files(store).items() if k.startswith(FOLDER)}
    assert digests == {k: data for k, data in before.items() if k.startswith(FOLDER)}
    assert f"- {key}: the file is not there" in announcer.announced[0].text
    assert json.loads(announcer.announced[0].data)["damage"] == 1
    store.create(key, stored.data)
    assert build(store, clock() + timedelta(days=1)).damage == ()
    assert _damage(store) == []


def _destroy(location: str, key: str) -> None:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    client = boto3.client("s3")
    for version in client.list_object_versions(Bucket=bucket, Prefix=f"{prefix}/{key}")["Versions"]:
        client.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])


@pytest.mark.parametrize("change", [lambda data: b"", lambda data: data[:100], lambda data: data + b"more\n"])
def test_a_file_of_another_size_is_named_and_its_entry_stays(
    folder_store: FolderStore, clock: Clock, change: Callable[[bytes], bytes]
) -> None:
    key = _archived(folder_store, clock)
    before = digest_files(folder_store)
    path = Path(folder_store.location) / key
    path.write_bytes(change(path.read_bytes()))
    build(folder_store, clock())
    assert _damage(folder_store) == [(key, Damage.CHANGED)]
    assert digest_files(folder_store) == before


def test_damage_of_an_old_day_is_named_until_that_day_is_well(folder_store: FolderStore, clock: Clock) -> None:
    key = _archived(folder_store, clock)
    data = (Path(folder_store.location) / key).read_bytes()
    folder_store.delete(key)
    clock.move(days=40)
    builder = DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock())
    builder.build_all()
    build(folder_store, clock())  # this build covers the last days only
    assert _damage(folder_store) == [(key, Damage.MISSING)]
    folder_store.create(key, data)
    builder.build_days([DAY])
    assert _damage(folder_store) == []


def test_a_digest_that_was_changed_is_built_again_from_the_files(folder_store: FolderStore, clock: Clock) -> None:
    """A hash in digest.json is changed. Only the hash of digest.json in the index reveals this."""
    _archived(folder_store, clock)
    before = digest_files(folder_store)
    path = Path(folder_store.location) / FOLDER / "digest.json"
    sha256 = json.loads(path.read_bytes())["files"][1]["sha256"]
    path.write_bytes(path.read_bytes().replace(sha256.encode(), sha256[::-1].encode()))
    build(folder_store, clock())
    assert digest_files(folder_store) == before
    assert _damage(folder_store) == []


def test_a_file_that_a_damaged_digest_lists_is_not_dropped(folder_store: FolderStore, clock: Clock) -> None:
    key = _archived(folder_store, clock)
    path = Path(folder_store.location) / FOLDER / "digest.json"
    document = json.loads(path.read_bytes())
    document["files"][1]["title"] = 7
    path.write_text(json.dumps(document) + "\n")
    folder_store.delete(key)
    result = build(folder_store, clock())
    assert _day(result) == 3
    assert _damage(folder_store) == [(key, Damage.MISSING)]


def test_a_lost_digest_with_a_lost_file_is_named_once_the_day_was_announced(
    folder_store: FolderStore, clock: Clock
) -> None:
    key = _archived(folder_store, clock)
    clock.move(days=1)
    build(folder_store, clock())
    folder_store.delete(key)
    folder_store.delete(f"{FOLDER}digest.json")
    for _ in range(2):  # The second build finds the digest of the first one, and must still report it.
        build(folder_store, clock())
        assert _damage(folder_store) == [(f"{FOLDER}digest.json", Damage.NOT_AS_ANNOUNCED)]
    DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock()).build_days([DAY], accept=True)
    build(folder_store, clock())
    assert _damage(folder_store) == []


@pytest.mark.parametrize("build_all", [True, False])
def test_a_day_whose_folder_is_gone_is_named_and_stays_in_the_index(
    folder_store: FolderStore, clock: Clock, build_all: bool
) -> None:
    _archived(folder_store, clock)
    for key in list(folder_store.list(FOLDER)):
        folder_store.delete(key)
    builder = DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock())
    result = builder.build_all() if build_all else builder.build_due(RecordingAnnouncer())
    assert [each.damage for each in result.damage] == [Damage.DAY_LOST]
    stored = folder_store.read("archive/index.json")
    assert stored is not None
    assert [row["day"] for row in json.loads(stored.data)["days"]] == ["2025-12-25"]
    assert builder.build_days([DAY], accept=True).damage == ()
    assert _damage(folder_store) == []


def test_a_deleted_object_of_a_versioned_bucket_is_not_damage(bucket: str, clock: Clock) -> None:
    store = open_store(f"s3://{bucket}")
    key = _archived(store, clock)
    boto3.client("s3").delete_object(Bucket=bucket, Key=key)
    result = build(store, clock())
    assert result.damage == ()
    assert key not in _entries(store)


def test_what_the_retention_rule_removed_is_not_damage(folder_store: FolderStore, clock: Clock) -> None:
    key = _archived(folder_store, clock)
    folder_store.delete(key)
    clock.move(days=40)
    builder = DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock(), retention=timedelta(days=30))
    assert builder.build_days([DAY]).damage == ()
    for left in list(folder_store.list(FOLDER)):
        folder_store.delete(left)
    assert builder.build_all().damage == ()


@pytest.mark.parametrize("claim_is_lost", [True, False])
def test_a_lost_file_can_be_forgotten(folder_store: FolderStore, clock: Clock, claim_is_lost: bool) -> None:
    key = _archived(folder_store, clock)
    folder_store.delete(key)
    if claim_is_lost:
        for claim in list(folder_store.list("claims/")):
            folder_store.delete(claim)
        assert not forget(folder_store, key, clock()).found
        assert forget_lost_file(folder_store, f"my-archive/{key}", clock())
    else:
        assert forget(folder_store, key, clock()).found
    result = build(folder_store, clock())
    assert (_day(result), result.damage) == (2, ())


def test_a_changed_file_can_be_accepted(folder_store: FolderStore, clock: Clock) -> None:
    key = _archived(folder_store, clock)
    path = Path(folder_store.location) / key
    path.write_bytes(path.read_bytes() + b"more\n")
    builder = DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock())
    assert [each.damage for each in builder.build_days([DAY]).damage] == [Damage.CHANGED]
    assert builder.build_days([DAY], accept=True).damage == ()
    result = build(folder_store, clock())
    assert result.damage == ()
    assert _entries(folder_store)[key] == path.stat().st_size

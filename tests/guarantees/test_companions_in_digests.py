"""Digests list companions on their own day, and a lost companion stays listed. Day records include companions."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import jsonschema
import pytest

from feedarchive.archive.forget import forget
from feedarchive.builds.builder import DigestBuilder
from feedarchive.builds.forget_lost_file import forget_lost_file
from feedarchive.health.damage import Damage
from feedarchive.proof.prove import prove
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from tests.harness.clock import Clock
from tests.harness.digests import DAY, ITEMS, RecordingAnnouncer, build, digest_files
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.full_texts import add_media, complete, full_texts, version_keys

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "digest.schema.json").read_text(encoding="utf-8"))
TEXT = "Everything that the page says about it, in nine words."


def digest(store: Store, day: str = "2025/12/25") -> dict[str, Any]:
    stored = store.read(f"archive/{day}/digest.json")
    assert stored is not None
    document: dict[str, Any] = json.loads(stored.data)
    jsonschema.validate(document, SCHEMA)
    return document


def companions(store: Store, day: str = "2025/12/25") -> list[str]:
    return [each["key"] for each in digest(store, day).get("companions", [])]


def _archived(store: Store, clock: Clock) -> list[str]:
    """Archive three articles. Return their keys."""
    FeedArchiver(store, clock).poll(*ITEMS[:3])
    return sorted(version_keys(store))


def test_a_companion_is_listed_on_its_own_day_and_the_articles_day_stays_as_announced(
    store: Store, clock: Clock
) -> None:
    first, second, third = _archived(store, clock)
    complete(store, clock, first, TEXT)
    media = add_media(store, clock, second)
    build(store, clock())
    (full,) = full_texts(store)
    assert companions(store) == sorted([full, media])
    assert digest(store)["counts"]["files"] == digest(store)["counts"]["articles"] == 3
    clock.move(days=1)
    build(store, clock())
    before = {key: data for key, data in digest_files(store).items() if key.startswith("archive/2025/12/25/")}
    complete(store, clock, third, TEXT)
    announcer = RecordingAnnouncer()
    build(store, clock(), announcer)
    late = digest(store, "2025/12/26")
    assert [(each["of"], each["words"]) for each in late["companions"]] == [(third, 10)]
    assert (late["files"], late["counts"]["articles"]) == ([], 0)
    after = {key: data for key, data in digest_files(store).items() if key.startswith("archive/2025/12/25/")}
    assert after == before
    assert not [key for key in store.list("days/") if ".after-" in key]


def test_builds_at_the_same_time_and_later_write_the_same_bytes(store: Store, clock: Clock) -> None:
    first, second, _ = _archived(store, clock)
    complete(store, clock, first, TEXT)
    add_media(store, clock, second)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(build, store, clock()) for _ in range(2)]:
            done.result()
    before = digest_files(store)
    DigestBuilder(store, ZoneInfo("UTC"), (), clock()).build_all()
    assert digest_files(store) == before
    for key in ("archive/2025/12/25/digest.json", "archive/2025/12/25/digest.md", "pages/2025/12/25/index.html"):
        store.delete(key)
    DigestBuilder(store, ZoneInfo("UTC"), (), clock()).build_all()
    assert digest_files(store) == before


@pytest.mark.parametrize("kind", ["full text", "media"])
def test_a_companion_that_is_lost_stays_listed_and_is_named(folder_store: FolderStore, clock: Clock, kind: str) -> None:
    first, _, _ = _archived(folder_store, clock)
    complete(folder_store, clock, first, TEXT)
    media = add_media(folder_store, clock, first)
    build(folder_store, clock())
    (full,) = full_texts(folder_store)
    key = full if kind == "full text" else media
    path = Path(folder_store.location) / key
    data = path.read_bytes()
    path.unlink()
    assert [(each.key, each.damage) for each in build(folder_store, clock()).damage] == [(key, Damage.MISSING)]
    assert companions(folder_store) == [full, media]
    path.write_bytes(data + b"\n")
    assert [(each.key, each.damage) for each in build(folder_store, clock()).damage] == [(key, Damage.CHANGED)]
    path.write_bytes(data)
    assert build(folder_store, clock()).damage == ()
    path.unlink()
    DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock()).build_days([DAY], accept=True)
    assert key not in companions(folder_store)


def test_a_lost_companion_can_be_forgotten_alone(folder_store: FolderStore, clock: Clock) -> None:
    first, _, _ = _archived(folder_store, clock)
    complete(folder_store, clock, first, TEXT)
    build(folder_store, clock())
    (full,) = full_texts(folder_store)
    for key in (full, *(key for key in folder_store.list("claims/") if key.endswith(".full"))):
        folder_store.delete(key)
    result = forget_lost_file(folder_store, full, clock())
    assert result
    assert result.found
    assert build(folder_store, clock()).damage == ()
    assert companions(folder_store) == []
    assert digest(folder_store)["counts"]["articles"] == 3


def test_forgotten_companions_leave_the_digests_of_their_days(store: Store, clock: Clock) -> None:
    first, second, _ = _archived(store, clock)
    complete(store, clock, first, TEXT)
    complete(store, clock, second, TEXT)
    clock.move(days=1)
    build(store, clock())
    late = add_media(store, clock, first)
    clock.move(days=1)
    build(store, clock())
    assert companions(store, "2025/12/26") == [late]
    forget(store, first, clock())
    assert build(store, clock()).damage == ()
    (of_second,) = full_texts(store)
    assert companions(store) == [of_second]
    changes = [json.loads(_read(store, key)) for key in store.list("days/") if ".after-" in key]
    removed = {key: each["reason"] for change in changes for key, each in change["removed"].items()}
    assert removed.keys() >= {first, first.replace(".md", ".full.md"), late}
    assert set(removed.values()) == {"forgotten"}
    assert companions(store, "2025/12/26") == []


def test_a_companion_deleted_in_s3_leaves_its_digest(bucket: str, clock: Clock) -> None:
    store = open_store(f"s3://{bucket}")
    first, _, _ = _archived(store, clock)
    complete(store, clock, first, TEXT)
    media = add_media(store, clock, first)
    build(store, clock())
    boto3.client("s3").delete_object(Bucket=bucket, Key=media)
    assert build(store, clock()).damage == ()
    assert companions(store) == list(full_texts(store))


def test_a_companion_older_than_the_retention_leaves_its_digest(folder_store: FolderStore, clock: Clock) -> None:
    first, _, _ = _archived(folder_store, clock)
    complete(folder_store, clock, first, TEXT)
    build(folder_store, clock())
    folder_store.delete(first.replace(".md", ".full.md"))
    builder = DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock() + timedelta(days=9), retention=timedelta(days=8))
    assert builder.build_days([DAY]).damage == ()
    assert companions(folder_store) == []


def test_the_chain_commits_to_companions_as_sha256sum_prints_them(folder_store: FolderStore, clock: Clock) -> None:
    first, second, _ = _archived(folder_store, clock)
    complete(folder_store, clock, first, TEXT)
    media = add_media(folder_store, clock, second)
    clock.move(days=1)
    build(folder_store, clock())
    command = "LC_ALL=C; sha256sum archive/2025/12/25/*/*"
    printed = subprocess.run(["sh", "-c", command], cwd=folder_store.location, capture_output=True, check=True).stdout
    assert printed.count(b"\n") == 5
    hashed = subprocess.run(["sha256sum"], input=printed, capture_output=True, check=True).stdout.split()[0].decode()
    assert json.loads(_read(folder_store, "days/2025-12-25.json"))["files"] == hashed
    assert media in prove(folder_store, media, "UTC").files


def _read(store: Store, key: str) -> bytes:
    stored = store.read(key)
    assert stored is not None
    return stored.data

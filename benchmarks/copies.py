"""Measure how long it takes to copy a generated archive to and from a local S3, to verify it, and to repair it.

The copies from S3 are compared with ``aws s3 sync``.

    python -m benchmarks.copies --articles 365000

This needs the local AWS (``make setup``) and ``aws`` on the PATH. Each command runs in its own process. The
copies count their requests to S3.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from feedarchive.archive.claim import ArticleClaim, claim_key, claim_to_json
from feedarchive.archive.manifest import create_manifest
from feedarchive.article.article import Article
from feedarchive.article.front_matter import render
from feedarchive.digest.digest import day_folder, make_digest
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.digest.digest_json import to_json
from feedarchive.digest.index import INDEX, IndexedDay, index_to_json, parse_index
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.store.folder import FolderStore
from tests.harness.ministack import ministack

PER_DAY = 1_000
MAX_FIRST_DOWNLOAD = 50_000  # articles; with more, the first downloads would take an hour
NEW = 1_000
_FIRST = date(2025, 1, 1)
_BUCKET = "bench-bucket"
_WORDS = "the council met on Tuesday and decided to rebuild the old bridge over the river by spring "
_FEEDS = '[[feeds]]\nurl = "https://site0.example/feed.xml"\n'
_COPY = """
import json, resource, sys
from collections import Counter
from feedarchive.copying.copy_archive import ArchiveCopy
from feedarchive.store.location import open_store
source, destination = open_store(sys.argv[1], 64), open_store(sys.argv[2], 64)
requests = Counter()
for store in (source, destination):
    if hasattr(store, "_client"):
        def count(request, **more):
            requests[request.method + (" list" if "list-type" in request.url else "")] += 1
        store._client.meta.events.register("before-send.s3", count)
report = ArchiveCopy(source, destination).run()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
json.dump({"mib": peak, "requests": requests, "files": report.files}, sys.stdout)
"""


@dataclass(frozen=True)
class Measured:
    """The seconds that a process took, and the text that it printed."""

    seconds: float
    text: str


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies", description=__doc__)
    parser.add_argument("--articles", type=int, default=365_000, help="size of the archive (default 365000)")
    parser.add_argument("--no-s3", action="store_true", help="only verify and repair in a folder")
    arguments = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, `python -m benchmarks.copies {' '.join(sys.argv[1:])}`")
    print(f"{os.cpu_count()} cores; load {os.getloadavg()[0]:.2f} at the start\n")
    print("| what | seconds | |\n| --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        archive = folder / "archive"
        size = generate(archive, arguments.articles)
        _verify(archive, size)
        if not arguments.no_s3:
            with _local_s3(folder) as environment:
                _compare(folder, archive, environment, arguments.articles)


def generate(archive: Path, articles: int) -> int:
    """Write an archive without pages. Return the size of all its articles in bytes."""
    store = FolderStore(archive)
    (archive / "archive").mkdir(parents=True)
    (archive / "feeds.toml").write_text(_FEEDS)
    days = {}
    total = 0
    for start in range(0, articles, PER_DAY):
        day = _FIRST + timedelta(days=start // PER_DAY)
        days[day], size = _write_day(archive, day, range(start, min(start + PER_DAY, articles)))
        total += size
    (archive / INDEX).write_bytes(index_to_json(days, "UTC"))
    create_manifest(store, "UTC")
    return total


def _write_day(archive: Path, day: date, numbers: range) -> tuple[IndexedDay, int]:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    entries: list[DigestEntry] = []
    for number in numbers:
        identity = hashlib.sha256(str(number).encode()).hexdigest()[:32]
        site = f"site{number % 20}.example"
        article = Article(
            id=identity, title=f"Article number {number}", description=_WORDS, image="", link=f"https://{site}/{number}",
            source=f"https://{site}/feed.xml", feed=site, body=_WORDS * 50, wording="1:0123456789abcdef",
        )  # fmt: skip
        key = f"{day_folder(day)}{site}/article-number-{number}-{identity[:12]}.md"
        data = render(article, noon)
        _write(archive / key, data)
        claim = ArticleClaim(key, noon, site, "", fingerprint(article.title), article.wording)
        _write(archive / claim_key(identity), claim_to_json(claim))
        entry = parse_article_file(key, data)
        assert entry
        entries.append(entry)
    digest = make_digest(day, "UTC", entries)
    data = to_json(digest)
    _write(archive / f"{day_folder(day)}digest.json", data)
    return IndexedDay(digest.counts(), hashlib.sha256(data).hexdigest()), sum(e.bytes for e in entries)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _verify(archive: Path, size: int) -> None:
    content = archive.with_name("content")
    (content).mkdir()
    (content / "archive").symlink_to(archive / "archive")
    for name in ("once, to warm the cache", "warm"):
        found = _run([sys.executable, "-m", "feedarchive", "verify", str(content), "--json"], os.environ)
        assert not json.loads(found.text)["findings"]
        rate = size / found.seconds / 1e6
        print(f"| `verify` of a folder, {name} | {found.seconds:.1f} | {rate:.0f} MB/s |", flush=True)
    claims = archive / "claims"
    number = sum(1 for path in claims.rglob("*") if path.is_file())
    shutil.move(claims, archive.with_name("claims"))
    found = _run([sys.executable, "-m", "feedarchive", "repair", "--archive", str(archive)], os.environ, check=False)
    print(f"| `repair` of lost claims | {found.seconds:.1f} | {number:,} claims |", flush=True)


@contextmanager
def _local_s3(folder: Path) -> Iterator[dict[str, str]]:
    """Run a local S3 with a bucket. Yields the environment variables for its clients."""
    with ministack(folder, folder / "log") as endpoint:
        environment = {
            **os.environ, "AWS_ACCESS_KEY_ID": "111111111111", "AWS_SECRET_ACCESS_KEY": "not-a-secret",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": endpoint, "AWS_EC2_METADATA_DISABLED": "true",
        }  # fmt: skip
        _run(["aws", "s3", "mb", f"s3://{_BUCKET}"], environment)
        yield environment


def _compare(folder: Path, archive: Path, environment: Mapping[str, str], articles: int) -> None:
    bucket = f"s3://{_BUCKET}"
    _copy("first upload", str(archive), bucket, environment)
    if articles > MAX_FIRST_DOWNLOAD:
        _link(archive, folder / "ours" / "archive")
        _link(archive, folder / "theirs")
    else:
        _copy("first download", bucket, str(folder / "ours"), environment)
        _sync("first download", folder / "theirs", environment)
    day = _FIRST + timedelta(days=articles // PER_DAY + 1)
    _write_new(archive, day, articles)
    _copy(f"upload of {NEW:,} new articles", str(archive), bucket, environment)
    _copy(f"download of {NEW:,} new articles", bucket, str(folder / "ours"), environment)
    _sync(f"download of {NEW:,} new articles", folder / "theirs", environment)


def _link(archive: Path, copy: Path) -> None:
    """Make hard links to the articles and digests instead of downloading them.

    The index is a real copy, because ``_write_new`` changes it in place.
    """
    shutil.copytree(archive / "archive", copy, copy_function=os.link)
    (copy / "index.json").unlink()
    shutil.copy2(archive / INDEX, copy / "index.json")


def _write_new(archive: Path, day: date, start: int) -> None:
    index = parse_index((archive / INDEX).read_bytes())
    index.days[day], _ = _write_day(archive, day, range(start, start + NEW))
    (archive / INDEX).write_bytes(index_to_json(index.days, "UTC"))


def _copy(name: str, source: str, destination: str, environment: Mapping[str, str]) -> None:
    done = _run([sys.executable, "-c", _COPY, source, destination], environment)
    found = json.loads(done.text)
    requests = ", ".join(f"{number:,} {method}" for method, number in sorted(found["requests"].items()))
    print(f"| {name}, `feedarchive copy` | {done.seconds:.1f} | {requests}; {found['mib']:.0f} MiB |", flush=True)


def _sync(name: str, destination: Path, environment: Mapping[str, str]) -> None:
    found = _run(["aws", "s3", "sync", "--only-show-errors", f"s3://{_BUCKET}/archive", str(destination)], environment)
    print(f"| {name}, `aws s3 sync` | {found.seconds:.1f} | |", flush=True)


def _run(command: list[str], environment: Mapping[str, str], check: bool = True) -> Measured:
    began = time.perf_counter()
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise SystemExit(f"{command}: {done.stderr or done.stdout}")
    return Measured(time.perf_counter() - began, done.stdout)


if __name__ == "__main__":
    main()

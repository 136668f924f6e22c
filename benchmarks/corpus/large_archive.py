"""Measure an hourly build of a large archive on S3, with 30 ms added to each request.

    python -m benchmarks.corpus.large_archive [ARTICLES [FEEDS]]

The archive has one day with 10,000 articles (or ARTICLES) from 2,000 feeds (or FEEDS). Each feed has its own site. The
articles of the last hour are left out at first. Three builds are measured:

1. nothing is new
2. the state of every feed has changed
3. the state of every feed has changed, and the articles of the last hour are new

Prints requests, seconds, seconds of CPU, and peak memory. The last number is an estimate of the seconds on Lambda with
1,024 MB, which gets 0.58 of a core. The estimate assumes that only the CPU time is longer there.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.corpus.memory_store import MemoryStore
from benchmarks.corpus.slow_s3 import SlowS3
from feedarchive.article.article import Article
from feedarchive.article.front_matter import render
from feedarchive.builds.build_day import build_day
from feedarchive.builds.builder import DigestBuilder
from feedarchive.digest.digest import day_folder
from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import shards_of

SECONDS = 0.03
CORE = 0.58
DAY = date(2025, 12, 25)
_NOON = datetime(2025, 12, 25, 12, tzinfo=UTC)
_WORDS = [f"{a}{b}{c}" for a in ("ba", "du", "le", "mo") for b in ("ra", "ni", "to", "ke", "su") for c in range(500)]
_CLIENT = """
import json, re, sys, time
from datetime import datetime
from zoneinfo import ZoneInfo
from benchmarks.corpus.large_archive import LogAnnouncer, feeds
from feedarchive.builds.builder import DigestBuilder
from feedarchive.store.location import open_store
store = open_store("s3://bench-bucket")
builder = DigestBuilder(store, ZoneInfo("UTC"), feeds(int(sys.argv[1])), datetime.fromisoformat(sys.argv[2]))
began, cpu = time.perf_counter(), time.process_time()
builder.build_due(LogAnnouncer())
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
json.dump([time.perf_counter() - began, time.process_time() - cpu, peak / 1024], sys.stdout)
"""


class LogAnnouncer:
    """An announcer that is never called, because no day is due."""

    def announce(self, announcement: object) -> None:
        raise AssertionError(announcement)


def feeds(number: int) -> list[Feed]:
    return [Feed(f"https://site{n}.example/feed.xml", f"site{n}", title=f"Site {n}") for n in range(number)]


def add_articles(store: MemoryStore, numbers: range, number_of_feeds: int) -> None:
    for number in numbers:
        site = f"site{number % number_of_feeds}.example"
        # Each article has other words, as real articles have.
        words = random.Random(number).choices(_WORDS, k=360)
        article = Article(
            id=f"{number:032x}", title=" ".join(words[:9]), description=" ".join(words[9:49]), image="",
            link=f"https://{site}/{number}", source=f"https://{site}/feed.xml", feed=f"Site {number % number_of_feeds}",
            body=" ".join(words), wording="1:0", published=_NOON,
        )  # fmt: skip
        key = f"{day_folder(DAY)}{site}/article-{number:012x}.md"
        store.objects[key] = render(article, _NOON + timedelta(microseconds=number))


def _save_states(store: MemoryStore, number_of_feeds: int, at: datetime) -> None:
    for shard, some in shards_of(feeds(number_of_feeds)).items():
        states = {feed.id: FeedState(last_poll=at, last_success=at, last_new_entry=at) for feed in some}
        save_state(store, shard, load_state(store, shard), states, None)


def _measured(server: SlowS3, number_of_feeds: int, at: datetime) -> str:
    server.counts.clear()
    environment = {
        **os.environ, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-central-1",
    }  # fmt: skip
    command = [sys.executable, "-c", _CLIENT, str(number_of_feeds), at.isoformat()]
    wall, cpu, memory = json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)
    requests = ", ".join(f"{count:,} {method}" for method, count in sorted(server.counts.items()))
    estimate = cpu / CORE + max(0.0, wall - cpu)
    return f"{requests}; {wall:.1f} s, {cpu:.1f} s of CPU, {memory:.0f} MB; in Lambda {estimate:.0f} s"


def main(articles: int, number_of_feeds: int) -> None:
    """Make the archive, and measure a quiet and a busy build."""
    store = MemoryStore()
    before = articles - articles // 24
    add_articles(store, range(before), number_of_feeds)
    _save_states(store, number_of_feeds, _NOON)
    build_day(store, DAY, "UTC")
    DigestBuilder(store, ZoneInfo("UTC"), feeds(number_of_feeds), _NOON).build_due(LogAnnouncer())
    server = SlowS3(store.objects, SECONDS)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"{articles:,} articles a day, {number_of_feeds:,} feeds, load {os.getloadavg()[0]:.1f}")
    print("nothing new:", _measured(server, number_of_feeds, _NOON + timedelta(minutes=1)))
    _save_states(store, number_of_feeds, _NOON + timedelta(minutes=2))
    print("polled, nothing new:", _measured(server, number_of_feeds, _NOON + timedelta(minutes=3)))
    add_articles(store, range(before, articles), number_of_feeds)
    _save_states(store, number_of_feeds, _NOON + timedelta(hours=1))
    server.forget_keys()
    print(f"{articles - before:,} new articles:", _measured(server, number_of_feeds, _NOON + timedelta(hours=1)))


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    main(*given, *(10_000, 2_000)[len(given) :])

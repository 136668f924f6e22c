"""Kill runs at random, again and again, and compare the archive with one whose runs were not killed."""

from __future__ import annotations

import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from feedarchive.archive.claim import ArticleClaim
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.article.file_names import file_name_of
from feedarchive.documents.keep import store_document
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, StoreError
from tests.documents.documents import kept
from tests.harness.clock import Clock
from tests.harness.digests import build
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item, rss
from tests.harness.full_texts import complete
from tests.harness.killing_store import KillingStore, KillPoint

_MAX_KILLS_IN_A_ROW = 3
_BUILDS = 0.3  # the share of the killed runs that also build digests
_MAX_ATTEMPTS = 60  # of a run that fails because of the store


@dataclass
class Found:
    """The number of kills and articles, and the differences from an archive whose runs were not killed."""

    kills: int = 0
    store_errors: int = 0
    articles: int = 0
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.store_errors} runs ended by an error of the store, {self.articles} files; "
            f"missing {len(self.missing)}, doubled {len(self.doubled)}, different {len(self.different)}"
        )

    @classmethod
    def merge(cls, parts: Iterable[Found]) -> Found:
        merged = cls()
        for part in parts:
            for name, value in vars(part).items():
                setattr(merged, name, getattr(merged, name) + value)
        return merged

    def compare(self, found: Store, expected: Store) -> None:
        ours, theirs = articles(found), articles(expected)
        self.articles += len(ours)
        self.missing += sorted(theirs.keys() - ours.keys())
        self.different += [key for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]]
        names = Counter(name for key in ours if (name := file_name_of(key)))
        self.doubled += [str(name) for name, count in names.items() if count > 1]
        self.different += sorted(ours.keys() - theirs.keys())
        kept, expected_documents = _documents(found), _documents(expected)
        self.missing += [f"document {each}" for each in expected_documents if each not in kept]
        self.doubled += [f"document {each}" for each in kept if kept.count(each) > 1]


def _documents(store: Store) -> list[tuple[datetime, bytes]]:
    """All documents that a store has kept, with their times. A damaged one is missing."""
    with StoredDocuments(store) as stored:
        found = [stored.read(each) for keys in stored.months().values() for each in stored.documents_of(keys)]
    return [(record.time, record.body) for record in found if record]


def documents(random: Random) -> list[list[Item]]:
    """The feed at three polls: articles appear, are edited, and change their address."""
    items = [
        Item(
            f"News {n}", link=f"https://example.org/{n}", guid=f"tag:{n}" if n % 3 else None, text=f"Story {n}, first."
        )
        for n in range(14)
    ]
    second = [*items[4:8], *(replace(item, text=f"{item.text} And a correction.") for item in items[2:4]), *items[8:11]]
    moved = [replace(each, link=f"{each.link}/moved") if each.guid and n % 2 else each for n, each in enumerate(second)]
    third = [*items[9:14], *moved[:5]]
    return [random.sample(each, len(each)) for each in (items[:8], second, third)]


def undisturbed(polls: Sequence[Sequence[Item]], store: Store) -> None:
    clock = Clock()
    for items in polls:
        _run(store, clock(), items)
        clock.move(hours=1)


def kill_over_a_folder(folder: Path, kills: int, seed: int) -> Found:
    """Kill child processes with SIGKILL at random writes, at least ``kills`` times."""
    found, random, trial = Found(), Random(seed), 0
    while found.kills < kills:
        trial += 1
        polls = documents(random)
        expected = FolderStore(folder / str(trial) / "undisturbed")
        undisturbed(polls, expected)
        store, clock = FolderStore(folder / str(trial) / "killed"), Clock()
        for items in polls:
            for _ in range(random.randrange(1, _MAX_KILLS_IN_A_ROW + 1)):
                point, at = random.choice(list(KillPoint)), random.randrange(1, 80)
                killing, builds = KillingStore(store.location, point, at), random.random() < _BUILDS
                found.kills += _is_killed(partial(_run, killing, clock(), items, builds))
            _run(store, clock(), items)
            clock.move(hours=1)
        found.compare(store, expected)
    return found


def kill_over_s3(
    open_: Callable[[str], Store], reliable: Callable[[str], Store], folder: Path, kills: int, seed: int
) -> Found:
    """Stop runs at random writes, at least ``kills`` times.

    ``open_`` and ``reliable`` open the archive below a prefix. Requests of ``open_``'s store may fail. Each trial ends
    with a run over the reliable store, which completes digests that were built from an outdated listing.
    """
    found, random, trial = Found(), Random(seed), 0
    while found.kills < kills:
        trial += 1
        polls = documents(random)
        expected = FolderStore(folder / f"undisturbed-{seed}-{trial}")
        undisturbed(polls, expected)
        store, clock = open_(f"trial-{seed}-{trial}"), Clock()
        for items in polls:
            for _ in range(random.randrange(1, _MAX_KILLS_IN_A_ROW + 1)):
                failing = FailingStore(store, random.randrange(1, 80), Killed(), random.random() < 0.5)
                try:
                    _run(failing, clock(), items, random.random() < _BUILDS)
                except Killed:
                    found.kills += 1
                except StoreError:
                    found.store_errors += 1
            _run_until_it_succeeds(store, clock(), items, found)
            clock.move(hours=1)
        after = reliable(f"trial-{seed}-{trial}")
        _run(after, clock() - timedelta(hours=1), polls[-1])
        found.compare(after, expected)
    return found


def _run(store: Store, now: datetime, items: Sequence[Item], builds: bool = True) -> None:
    clock = Clock()
    clock.now = now
    store_document(store, kept(rss(*items), now))
    result = FeedArchiver(store, clock, stateless=True).poll(*items)
    _complete(store, clock, sorted(result.wordings))
    if builds:
        build(store, now)


def _complete(store: Store, clock: Clock, article_ids: Iterable[str]) -> None:
    """Write the missing full texts. It finds articles by their claims, because listings may be out of date."""
    claims = ClaimProtocol(store, clock)
    for article_id in article_ids:
        if isinstance(claim := claims.read(article_id), ArticleClaim):
            complete(store, clock, claim.key, f"All that the page of {article_id} says.")


def _run_until_it_succeeds(store: Store, now: datetime, items: Sequence[Item], found: Found) -> None:
    for _ in range(_MAX_ATTEMPTS):
        try:
            _run(store, now, items)
            return
        except StoreError:
            found.store_errors += 1
    raise AssertionError(f"{_MAX_ATTEMPTS} runs in a row ended with an error of the store")


def _is_killed(run: Callable[[], None]) -> bool:
    """Run in a child process. Return whether it was killed."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            run()
            status = 0
        except BaseException:  # noqa: BLE001 - the child must not continue as the parent
            traceback.print_exc()
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False

"""Simulate weeks with twelve feeds: poll every 15 minutes, build every hour, and count what happened.

At the end, the kept documents are replayed into a second archive, and the two archives are compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from feedarchive.article.file_names import version_of
from feedarchive.builds.builder import DigestBuilder
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.mail.announcement import Announcement
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.problems import EntryRejection
from feedarchive.replay.replay import Replay
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.digests import RecordingAnnouncer
from tests.harness.feed_archiver import articles, everything
from tests.harness.publishers import PUBLISHERS, Publisher, moved_after, steady, well
from tests.harness.simulation import HOURS, MINUTES, Simulation

_MARKER = re.compile(r"\bmarker[a-z]+q[a-z]+q\b")


@dataclass(frozen=True)
class FeedCounts:
    """Counts for the articles of one publisher.

    - ``shown``: articles that were in its feed.
    - ``archived``: how many of them are in the archive.
    - ``doubled``: how many of them are in the archive more than once.
    - ``edits``: changes of wording in its feed.
    - ``kept``: revisions in the archive.
    """

    name: str
    shown: int
    archived: int
    doubled: int
    edits: int
    kept: int


@dataclass
class Lived:
    """The outcome: counts by publisher, articles that are missing, warnings by day and kind, and the mails.

    ``replayed`` is the number of articles and claims that a replay of the kept documents writes. ``different`` has the
    keys of articles and claims that only the archive or only the replay has, or that differ in their bytes.
    """

    feeds: list[FeedCounts] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    warnings: list[Counter[str]] = field(default_factory=list)
    mails: list[Announcement] = field(default_factory=list)
    replayed: int = 0
    different: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"{'feed':10} {'shown':>6} {'archived':>8} {'doubled':>7} {'edits':>6} {'kept':>5}"
        for each in self.feeds:
            yield (f"{each.name:10} {each.shown:6} {each.archived:8} {each.doubled:7} {each.edits:6} {each.kept:5}")
        days, kinds = len(self.warnings), sum(self.warnings, Counter[str]())
        yield f"missing: {len(self.missing)} {self.missing[:5]}"
        most = max((day.total() for day in self.warnings), default=0)
        yield f"warnings: {kinds.total()} in {days} days, {kinds.total() / days:.1f} a day, at most {most} on one day"
        yield from (f"{number:6} {kind}" for kind, number in kinds.most_common())
        yield f"replayed: {self.replayed} files, different: {len(self.different)} {self.different[:5]}"
        yield f"mails: {len(self.mails)}"
        said = Counter(re.sub(r"\d+", "N", line) for mail in self.mails for line in _attention(mail))
        yield from (f"{number:6} {line}" for line, number in said.most_common(30))


def _attention(mail: Announcement) -> Iterator[str]:
    """What a mail says about feeds that need attention, and its subject."""
    yield mail.subject
    yield from (line for line in mail.text.splitlines() if re.match(r"- .*(: |; )", line) and "story" not in line)


def live(simulation: Simulation, days: float, every: timedelta = 15 * MINUTES) -> Lived:
    """Poll and build for some days, and count the results."""
    publishers = _publishers(simulation)
    lived, announcer, clock, start = Lived(), RecordingAnnouncer(), simulation.clock, simulation.clock()
    end, next_build = start + timedelta(days=days), start
    while clock() < end:
        reported = len(simulation.reports)
        simulation.run()
        day = (clock() - start).days
        lived.warnings += [Counter() for _ in range(day + 1 - len(lived.warnings))]
        problems = [problem for report in simulation.reports[reported:] for problem in report.problems]
        lived.warnings[day].update(
            each.kind.value for each in problems if each.kind is not EntryRejection.DROPPED and not each.repeated
        )
        if clock() >= next_build:
            DigestBuilder(simulation.store, ZoneInfo("UTC"), simulation.feeds, clock()).build_due(announcer)
            next_build = clock() + HOURS
        clock.now += every
    lived.mails = announcer.announced
    _count(lived, simulation, publishers)
    _replay(lived, simulation)
    return lived


def _replay(lived: Lived, simulation: Simulation) -> None:
    again = FolderStore(simulation.folder.parent / "replayed")
    feeds = FeedList(tuple(simulation.feeds))
    with StoredDocuments(simulation.store) as documents:
        Replay(documents, again, ZoneInfo("UTC"), feeds, shared_parser_pool()).run()
    ours, theirs = _articles_and_claims(simulation.store), _articles_and_claims(again)
    lived.replayed = len(theirs)
    lived.different = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))


def _articles_and_claims(store: Store) -> dict[str, bytes]:
    found = everything(store)
    return {key: data for key, data in found.items() if version_of(key) or key.startswith("claims/")}


def _publishers(simulation: Simulation) -> list[Publisher]:
    clock = simulation.clock
    publishers = [Publisher(name, simulation.server(), clock, show, answer) for name, show, answer in PUBLISHERS]
    new = Publisher("mover", simulation.server(), clock, steady("mover", 10, 10), well)
    old = Publisher("mover", simulation.server(), clock, new.show, moved_after(20, new.server.url("/feed")))
    news = publishers[0].server.url("/feed")
    twin = Publisher("twin", simulation.server(), clock, steady("twin", 9, 10), moved_after(30, news))
    subscribed = [*publishers, old, twin]
    for each in subscribed:
        simulation.subscribe(each.server.url("/feed"), each.name, keep_documents=True)
    return [*subscribed, new]


def _count(lived: Lived, simulation: Simulation, publishers: list[Publisher]) -> None:
    first: Counter[str] = Counter()
    revisions: Counter[str] = Counter()
    for key, data in articles(simulation.store).items():
        if found := _MARKER.search(data.decode()) if version_of(key) else None:
            (first if version_of(key) == 1 else revisions)[found[0]] += 1
    shown: dict[str, dict[str, set[tuple[str, str]]]] = {}
    for publisher in publishers:
        for article, wordings in publisher.shown.items():
            shown.setdefault(publisher.name, {}).setdefault(article, set()).update(wordings)
    for name, by_article in shown.items():
        archived = [each for each in by_article if first[each]]
        lived.missing += sorted(by_article.keys() - set(archived))
        lived.feeds.append(
            FeedCounts(
                name,
                len(by_article),
                len(archived),
                sum(first[each] > 1 for each in archived),
                sum(len(wordings) - 1 for wordings in by_article.values()),
                sum(revisions[each] for each in by_article),
            )
        )

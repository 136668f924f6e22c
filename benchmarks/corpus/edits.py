"""Measure how many edits of articles an archive keeps.

    python -m benchmarks.corpus.edits [FOLDER URL]

Without arguments, it measures simulated live blogs with 200 edits in two days. With arguments, it measures the recorded
polls of one feed. For FOLDER and URL see ``benchmarks.corpus.replay``. It counts the titles that a feed showed for at
least two hours, those of them that the archive lacks, and the versions of each article.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.corpus.replay import polls_in
from feedarchive.archive.archive_document import archive_document
from feedarchive.archive.archiver import Archiver
from feedarchive.archive.document_result import PreviousPoll
from feedarchive.article.file_names import short_id_of_key
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.feeds.feed import Feed, default_id
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from feedarchive.store.folder import FolderStore

KEPT_TITLE_AGE = timedelta(hours=2)
START = datetime(2025, 12, 25, 10, tzinfo=UTC)
URL = "https://example.org/feed.xml"


@dataclass
class Measured:
    """What was measured.

    - ``titles`` is the number of titles that were in the feed for at least two hours.
    - ``lost`` are those of these titles that are in no file of the archive.
    - ``versions`` maps the short id of each article to the number of its versions.
    """

    titles: int = 0
    lost: list[str] = field(default_factory=list)
    versions: Counter[str] = field(default_factory=Counter)
    in_first_week: Counter[str] = field(default_factory=Counter)
    longest_gap: timedelta = timedelta(0)
    problems: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        yield f"{self.titles:6} titles were in the feed for two hours, {len(self.lost)} of them are in no file"
        yield f"{len(self.versions):6} articles with {self.versions.total()} versions"
        yield f"{max(self.in_first_week.values(), default=0):6} versions of one article in its first week at most"
        yield f"{self.longest_gap.total_seconds() / 3600:6.1f} hours between two versions at most"
        yield from (f"{number:6} problems: {kind}" for kind, number in sorted(self.problems.items()))


def measure(polls: Iterable[tuple[datetime, bytes]], url: str, folder: Path) -> Measured:
    """Archive documents at the times when they were polled, and compare their titles with those in the archive."""
    feed, previous, store, found = Feed(url, default_id(url)), PreviousPoll(), FolderStore(folder), Measured()
    shown: dict[str, tuple[str, datetime]] = {}
    expected: dict[str, set[str]] = defaultdict(set)
    for now, body in polls:
        # Without known entries, every entry is parsed, and its title can be compared.
        parsed = parse_and_convert(ParseRequest(body, url, "", feed, frozenset(), {}))
        if not isinstance(parsed, ParsedDocument):
            continue
        result = archive_document(parsed, feed, previous, Archiver(store, ZoneInfo("UTC"), lambda now=now: now))  # type: ignore[misc]
        previous = result.for_next_poll()
        found.problems.update(problem.kind.value for problem in result.problems)
        # If an article has a new link, the archive keeps its old id.
        ids = {
            each.entry_hash: result.known_entries.get(each.entry_hash, each.identity.id) for each in parsed.candidates
        }
        titles = {ids[each.entry_hash][:12]: letters_and_digits(each.article.title) for each in parsed.candidates}
        for article, title in titles.items():
            since = shown[article][1] if shown.get(article, ("",))[0] == title else now
            shown[article] = (title, since)
            if now - since >= KEPT_TITLE_AGE:
                expected[article].add(title)
        for article in shown.keys() - titles.keys():
            del shown[article]
    _compare(found, store, expected)
    return found


def _compare(found: Measured, store: FolderStore, expected: dict[str, set[str]]) -> None:
    kept: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for key in store.list("archive/"):
        stored = store.read(key)
        fields = parse_front_matter(stored.data.decode()) if stored else {}
        archived = datetime.fromisoformat(str(fields["archived"]))
        kept[short_id_of_key(key)].append((archived, letters_and_digits(str(fields["title"]))))
    for article, versions in kept.items():
        times = sorted(time for time, _ in versions)
        found.versions[article] = len(times)
        found.in_first_week[article] = sum(time - times[0] < timedelta(days=7) for time in times)
        found.longest_gap = max(found.longest_gap, *(b - a for a, b in pairwise(times)), timedelta(0))
        lost = expected[article] - {title for _, title in versions}
        found.titles += len(expected[article])
        found.lost += sorted(lost)


def live_blog(
    seed: int, headline_changes: float, every: timedelta, edits: int = 200, days: float = 2
) -> Iterator[tuple[datetime, bytes]]:
    """Polls of a feed in which one article is edited at random times.

    ``headline_changes`` is the share of edits that change the headline too. ``every`` is the time between two polls.
    """
    chance = random.Random(seed)
    end = START + timedelta(days=days)
    times = sorted(START + (end - START) * chance.random() for _ in range(edits))
    headline, done, now = "The storm: start", 0, START + timedelta(minutes=chance.random() * 15)
    while now < end:
        while done < len(times) and times[done] <= now:
            done += 1
            headline = f"The storm: {_word(chance)}" if chance.random() < headline_changes else headline
        rest = "".join(
            f"<item><title>Other {chr(97 + n)}</title><link>https://example.org/{n}</link></item>" for n in range(9)
        )
        item = (
            f"<item><title>{headline}</title><link>https://example.org/live</link>"
            f"<description>{_words(seed, done)}</description></item>"
        )
        yield now, f'<rss version="2.0"><channel><link>https://example.org/</link>{item}{rest}</channel></rss>'.encode()
        now += every


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(12))


def _words(seed: int, edit: int) -> str:
    return " ".join(_word(random.Random(seed * 1000 + number)) for number in range(max(edit - 20, 0), edit + 1))


def measure_live_blogs() -> Iterator[str]:
    for minutes in (15, 30, 60):
        for share in (0.05, 0.1, 0.3, 1.0):
            titles = lost = most = 0
            gap = timedelta(0)
            for seed in range(5):
                with tempfile.TemporaryDirectory() as folder:
                    found = measure(live_blog(seed, share, timedelta(minutes=minutes)), URL, Path(folder))
                titles, lost = titles + found.titles, lost + len(found.lost)
                most, gap = max(most, *found.in_first_week.values()), max(gap, found.longest_gap)
            yield (
                f"polled each {minutes} min, {share:4.0%} of edits change the title: {titles} titles were in the feed "
                f"for two hours, {lost} of them lost; at most {most} versions, {gap.total_seconds() / 3600:.1f} h "
                "between two"
            )


def main(arguments: list[str]) -> None:
    if not arguments:
        for line in measure_live_blogs():
            print(line)
        return
    with tempfile.TemporaryDirectory() as folder:
        polls = ((time, path.read_bytes()) for time, path in polls_in(Path(arguments[0])))
        for line in measure(polls, arguments[1], Path(folder)).lines():
            print(line)


if __name__ == "__main__":
    main(sys.argv[1:])

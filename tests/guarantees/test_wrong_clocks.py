"""Runs with a wrong clock: a clock that is behind is refused, and a clock that was years ahead does no lasting harm."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedarchive import RELEASED, __version__
from feedarchive.cli.main import main
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import SITE, RecordingAnnouncer, build
from tests.harness.feed_archiver import FeedArchiver, everything, first_versions
from tests.harness.feed_documents import Item, rss
from tests.harness.simulation import Simulation

NOW = RELEASED + timedelta(days=400, hours=12)
CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def test_the_release_date_is_that_of_the_changelog() -> None:
    assert f"## [{__version__}] - {RELEASED:%Y-%m-%d}" in CHANGELOG.read_text(encoding="utf-8")


class Machine:
    """A machine whose ``feedarchive fetch`` sees the time that a test sets. Its feed has a new article at each poll."""

    def __init__(
        self, simulation: Simulation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.server = simulation.server()
        self.archive, self.clock, self.capsys, self.polls = simulation.folder, simulation.clock, capsys, 0
        monkeypatch.setattr("feedarchive.cli.fetch.now", self.clock)
        assert main(["init", "--archive", str(self.archive), "--allow-private-addresses", "--time-zone", "UTC"]) == 0
        feeds = self.archive / "feeds.toml"
        feeds.write_text(feeds.read_text() + f'\n[[feeds]]\nurl = "{self.server.url("/f")}"\nid = "f"\n')

    def fetch(self, now: datetime, *options: str) -> tuple[int, str]:
        """Run ``fetch`` at this time. Returns its exit status, and what it said."""
        self.clock.now = now
        self.polls += 1
        self.server.serve("/f", rss(Item(f"News {'x' * self.polls}", link=f"https://example.org/{self.polls}")))
        self.capsys.readouterr()
        status = main(["fetch", "--all", "--archive", str(self.archive), *options])
        return status, self.capsys.readouterr().err

    def days(self) -> list[str]:
        return sorted({"/".join(key.split("/")[1:4]) for key in first_versions(FolderStore(self.archive))})


@pytest.fixture
def machine(simulation: Simulation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Machine:
    return Machine(simulation, monkeypatch, capsys)


@pytest.mark.parametrize("now", [datetime(1970, 1, 1, tzinfo=UTC), RELEASED - timedelta(seconds=1)])
def test_a_clock_before_this_release_was_made_is_refused(machine: Machine, now: datetime) -> None:
    before = everything(FolderStore(machine.archive))
    status, said = machine.fetch(now)
    assert status == 1
    assert said == (
        f"feedarchive: the clock says {now:%Y-%m-%d %H:%M UTC}, but this release was made on {RELEASED:%Y-%m-%d}: "
        "set the clock and run again\n"
    )
    assert everything(FolderStore(machine.archive)) == before
    assert machine.server.requests == []


@pytest.mark.parametrize("known", ["state", "index"])
def test_a_clock_more_than_a_day_before_the_newest_known_time_is_refused(machine: Machine, known: str) -> None:
    assert machine.fetch(NOW)[0] == 0
    store = FolderStore(machine.archive)
    if known == "index":
        build(store, NOW)
        store.delete("state/all.json")
    newest = NOW if known == "state" else NOW.replace(hour=0, minute=0, second=0)
    requests, before = len(machine.server.requests), everything(store)
    status, said = machine.fetch(newest - timedelta(days=1, seconds=1))
    assert status == 1
    assert f"{machine.archive} was last written at {newest:%Y-%m-%d %H:%M UTC}: set the clock" in said
    assert everything(store) == before
    assert len(machine.server.requests) == requests
    assert machine.fetch(newest - timedelta(days=1))[0] == 0
    assert len(machine.days()) == 2


def test_a_clock_that_an_earlier_run_had_wrong_can_be_trusted_now(machine: Machine) -> None:
    assert machine.fetch(NOW + timedelta(days=700))[0] == 0
    assert machine.fetch(NOW)[0] == 1
    assert machine.fetch(NOW, "--trust-clock")[0] == 0
    assert f"{NOW:%Y/%m/%d}" in machine.days()


def test_after_a_run_in_2035_the_right_time_is_accepted(machine: Machine) -> None:
    """Times that are more than five years ahead are ignored, because only a wrong clock can have written them."""
    assert machine.fetch(datetime(2035, 6, 1, 12, tzinfo=UTC))[0] == 0
    build(FolderStore(machine.archive), machine.clock())
    for day in range(3):
        assert machine.fetch(NOW + timedelta(days=day))[0] == 0
    assert machine.days() == [*(f"{NOW + timedelta(days=day):%Y/%m/%d}" for day in range(3)), "2035/06/01"]


def test_after_a_run_in_2035_every_day_is_indexed_and_announced(folder_store: FolderStore, clock: Clock) -> None:
    """Builds run on only three of the thirty days."""
    archiver, announcer = FeedArchiver(folder_store, clock), RecordingAnnouncer()
    clock.now = datetime(2035, 6, 1, 12, tzinfo=UTC)
    archiver.poll(Item("Of another time", link=f"{SITE}/0"))
    build(folder_store, clock(), announcer)
    clock.now = CHRISTMAS
    for number in range(1, 31):
        archiver.poll(Item(f"Of day {number}", link=f"{SITE}/{number}"))
        if number in (2, 5, 30):
            build(folder_store, clock(), announcer)
        clock.move(days=1)
    stored = folder_store.read("archive/index.json")
    assert stored is not None
    days = [f"{CHRISTMAS + timedelta(days=number):%Y-%m-%d}" for number in range(30)]
    assert [row["day"] for row in json.loads(stored.data)["days"]] == ["2035-06-01", *reversed(days)]
    announced = [json.loads(each.data)["day"] for each in announcer.announced]
    assert announced == days[:-1]

"""Ctrl-C while pages are fetched: what was finished is saved, and the next run continues at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from feedarchive.clock import now
from feedarchive.completion.report import FinishedJob
from feedarchive.fetching.waiting import Waiting
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.completing import World, story
from tests.harness.feed_server import feed_server


def test_after_ctrl_c_the_next_run_continues_at_once(folder_store: FolderStore, clock: Clock) -> None:
    def interrupt(job: FinishedJob) -> None:
        raise KeyboardInterrupt

    with feed_server(clock=clock) as server:
        world = World(folder_store, clock, server)
        world.publish(*(story(number) for number in range(4)))
        world.poll()
        with pytest.raises(KeyboardInterrupt):
            world.complete(on_job=interrupt)
        assert world.interrupted
        stored = len(world.full_texts())
        assert 1 <= stored < 4
        report = world.complete()
        assert not report.busy_until
        assert len(world.full_texts()) == 4
        assert len(world.pages_requested()) == 4


def test_an_interrupt_ends_every_wait() -> None:
    wait, results = Waiting(), list[bool]()
    until = now() + timedelta(hours=1)
    threads = [threading.Thread(target=lambda: results.append(wait(until))) for _ in range(3)]
    for thread in threads:
        thread.start()
    wait.interrupt()
    for thread in threads:
        thread.join()
    assert results == [False] * 3
    assert wait(now() - timedelta(hours=1)) is False


def test_a_time_in_the_past_is_not_waited_for() -> None:
    assert Waiting()(now() - timedelta(seconds=1)) is True

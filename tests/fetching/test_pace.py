"""Turns at a host: one at a time, with a gap, and not after the deadline."""

from __future__ import annotations

import threading
from datetime import timedelta

from feedarchive.fetching.pace import GAP, Pace
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.polite import MovingWait


def pace_of(clock: Clock, minutes: float = 60) -> Pace:
    return Pace(clock, MovingWait(clock), CHRISTMAS + timedelta(minutes=minutes))


def test_the_gap_is_from_the_end_of_a_request_to_the_start_of_the_next() -> None:
    clock = Clock()
    pace = pace_of(clock)
    with pace.turn("a.example") as granted:
        assert granted
        clock.move(seconds=7)
    with pace.turn("a.example") as granted:
        assert (granted, clock()) == (True, CHRISTMAS + timedelta(seconds=7) + GAP)


def test_another_host_does_not_wait() -> None:
    clock = Clock()
    pace = pace_of(clock)
    for host in ("a.example", "b.example"):
        with pace.turn(host):
            pass
    assert clock() == CHRISTMAS


def test_a_longer_gap_counts_from_the_end_of_the_last_request() -> None:
    clock = Clock()
    pace = pace_of(clock)
    for _ in range(2):
        with pace.turn("a.example", timedelta(seconds=60)):
            pass
    assert clock() == CHRISTMAS + timedelta(seconds=60)


def test_a_turn_after_the_deadline_is_refused_at_once() -> None:
    clock = Clock()
    pace = pace_of(clock, minutes=0.05)
    granted = []
    for _ in range(2):
        with pace.turn("a.example") as turn:
            granted.append(turn)
    assert granted == [True, False]
    assert clock() == CHRISTMAS


def test_a_host_that_asks_to_wait_for_seconds_gets_its_turn_then() -> None:
    clock = Clock()
    pace = pace_of(clock)
    pace.hold("a.example", CHRISTMAS + timedelta(seconds=40))
    assert pace.held_hosts() == {"a.example": CHRISTMAS + timedelta(seconds=40)}
    with pace.turn("a.example") as granted:
        assert (granted, clock()) == (True, CHRISTMAS + timedelta(seconds=40))
    assert pace.held_hosts() == {}


def test_a_host_that_asks_to_wait_for_long_is_left_alone() -> None:
    clock = Clock()
    pace = pace_of(clock)
    pace.hold("a.example", CHRISTMAS + timedelta(minutes=10))
    with pace.turn("a.example") as granted:
        assert (granted, clock()) == (False, CHRISTMAS)


def test_requests_that_were_made_before_count() -> None:
    clock = Clock()
    pace = Pace(clock, MovingWait(clock), CHRISTMAS + timedelta(hours=1), before=CHRISTMAS - timedelta(seconds=2))
    for host in ("a.example", "b.example"):
        with pace.turn(host):
            assert clock() == CHRISTMAS + timedelta(seconds=3)


def test_a_request_in_the_future_of_a_wrong_clock_counts_as_one_of_now() -> None:
    clock = Clock()
    pace = Pace(clock, MovingWait(clock), CHRISTMAS + timedelta(hours=1), before=CHRISTMAS + timedelta(days=300))
    with pace.turn("a.example") as granted:
        assert (granted, clock()) == (True, CHRISTMAS + GAP)


def test_threads_take_turns_at_a_host() -> None:
    clock = Clock()
    pace = pace_of(clock)
    running, most = 0, 0
    start = threading.Barrier(4)

    def request() -> None:
        nonlocal running, most
        start.wait()
        with pace.turn("a.example"):
            running += 1
            most = max(most, running)
            running -= 1

    threads = [threading.Thread(target=request) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert clock() == CHRISTMAS + 3 * GAP

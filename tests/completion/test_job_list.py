"""Job lists: when jobs are tried again or given up, and what is left of a damaged list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedarchive.completion import known_hosts
from feedarchive.completion.due_jobs import DueJob, by_host, due_jobs, first_articles
from feedarchive.completion.job import Done, DoneKind, Job, JobKind, JobResult, NotDone
from feedarchive.completion.job_list import GIVEN_UP_KEPT, JobList
from feedarchive.completion.job_list_json import from_bytes, to_bytes
from feedarchive.fetching.robots_cache import CachedRobots
from feedarchive.fetching.robots_txt import RobotsTxt
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.completing import World, story
from tests.harness.feed_server import feed_server

KEY = "archive/2025/12/25/example.org/a-0123456789ab"
JOB = Job(JobKind.PAGE, "0" * 32, f"{KEY}.md", "https://example.org/a", "news", CHRISTMAS, CHRISTMAS)
FAILED = NotDone("gone", "HTTP 404 Not Found")
DAY = timedelta(days=1)


def after(*results: tuple[JobResult, timedelta], job: Job = JOB) -> JobList:
    """A list with a job, after attempts at these times since CHRISTMAS."""
    jobs = JobList().with_jobs([job])
    for result, at in results:
        (current,) = jobs.jobs.values()
        jobs = jobs.after(current, result, CHRISTMAS + at)
    return jobs


def test_a_done_job_is_gone() -> None:
    assert after((Done(DoneKind.STORED, requested=True), DAY)).jobs == {}


def test_a_failed_job_waits_longer_each_time_and_is_given_up_at_the_third_failure() -> None:
    once = after((FAILED, timedelta()))
    assert once.jobs[JOB.key].not_before == CHRISTMAS + timedelta(hours=6)
    twice = after((FAILED, timedelta()), (FAILED, timedelta(hours=6)))
    assert twice.jobs[JOB.key].not_before == CHRISTMAS + timedelta(hours=48)
    jobs = after((FAILED, timedelta()), (FAILED, timedelta(hours=6)), (FAILED, timedelta(hours=48)))
    assert (jobs.jobs, jobs.given_up[JOB.key].reason) == ({}, "gone")


def test_a_final_reason_is_given_up_at_once() -> None:
    assert after((replace(FAILED, final=True), DAY)).given_up[JOB.key].detail == "HTTP 404 Not Found"


def test_a_postponed_job_has_no_attempt_less_but_not_for_ever() -> None:
    postponed = NotDone("too-often", "HTTP 429", until=CHRISTMAS + 2 * DAY)
    (job,) = after((postponed, timedelta())).jobs.values()
    assert (job.attempts, job.not_before) == (0, CHRISTMAS + 2 * DAY)
    assert after((postponed, timedelta(days=31))).jobs == {}


def test_a_job_that_was_given_up_comes_back_for_a_later_version_only() -> None:
    given_up = after((replace(FAILED, final=True), timedelta()))
    assert given_up.with_jobs([JOB]).jobs == {}
    edited = replace(JOB, version=f"{KEY}.r2.md")
    # The page was just requested, so the next try is a day later.
    assert given_up.with_jobs([edited]).jobs[JOB.key].not_before == CHRISTMAS + DAY
    later = given_up.without_old(CHRISTMAS + GIVEN_UP_KEPT)
    assert later.with_jobs([JOB]).jobs == {JOB.key: JOB}


def test_a_job_that_was_done_is_not_added_again_for_the_same_version_within_a_day() -> None:
    done = after((Done(DoneKind.ALREADY_STORED), timedelta()))
    assert done.with_jobs([JOB]).jobs == {}
    assert done.with_jobs([replace(JOB, version=f"{KEY}.r2.md")]).jobs[JOB.key].not_before == CHRISTMAS + DAY
    assert done.without_old(CHRISTMAS + DAY).with_jobs([JOB]).jobs == {JOB.key: JOB}


def test_an_edit_while_the_page_is_fetched_keeps_the_job() -> None:
    jobs = JobList().with_jobs([JOB]).with_jobs([replace(JOB, version=f"{KEY}.r2.md")])
    jobs = jobs.after(JOB, Done(DoneKind.STORED, requested=True), CHRISTMAS)
    assert (jobs.jobs[JOB.key].version, jobs.jobs[JOB.key].not_before) == (f"{KEY}.r2.md", CHRISTMAS + DAY)


def test_a_list_is_the_same_after_it_was_stored() -> None:
    jobs = after((FAILED, timedelta())).with_jobs([replace(JOB, kind=JobKind.MEDIA)])
    jobs = jobs.after(replace(JOB, kind=JobKind.MEDIA), replace(FAILED, final=True), CHRISTMAS)
    other = replace(JOB, id="1" * 32)
    jobs = jobs.with_jobs([other]).after(other, Done(DoneKind.STORED), CHRISTMAS)
    assert (len(jobs.jobs), len(jobs.given_up), len(jobs.ended)) == (1, 1, 1)
    assert from_bytes(to_bytes(jobs)) == jobs


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"version": 2}\n', b'{"version": 1, "jobs": 1}', b'{"version": 1, "jobs": []}']
)
def test_what_is_not_a_list_is_an_empty_one(data: bytes) -> None:
    assert from_bytes(data) == JobList()


def test_a_damaged_job_is_dropped_and_the_others_stay() -> None:
    jobs = JobList().with_jobs([JOB, replace(JOB, id="1" * 32)])
    data = to_bytes(jobs).replace(b'"id": "00000000000000000000000000000000"', b'"id": 7')
    assert list(from_bytes(data).jobs) == [("page", "1" * 32)]
    assert list(from_bytes(to_bytes(jobs).replace(b'"kind": "page", "id": "0', b'"kind": "film", "id": "0')).jobs) == [
        ("page", "1" * 32)
    ]


def test_jobs_are_due_by_time_kind_and_feed_and_once_for_each_article() -> None:
    other, media = replace(JOB, id="1" * 32, feed="sport"), replace(JOB, kind=JobKind.MEDIA)
    later = replace(JOB, id="2" * 32, not_before=CHRISTMAS + DAY)
    lists = {"a": JobList().with_jobs([JOB, other, later, media]), "b": JobList().with_jobs([JOB])}
    due = due_jobs(lists, [JobKind.PAGE], None, CHRISTMAS)
    assert due == [DueJob("a", JOB), DueJob("a", other)]
    assert due_jobs(lists, [JobKind.PAGE], {"sport"}, CHRISTMAS) == [DueJob("a", other)]
    assert first_articles(due_jobs(lists, list(JobKind), {"news"}, CHRISTMAS), 1) == [
        DueJob("a", JOB),
        DueJob("a", media),
    ]


def test_the_jobs_of_a_host_are_in_the_order_of_age_and_pages_come_before_pictures() -> None:
    old, media = replace(JOB, since=CHRISTMAS - DAY, id="f" * 32), replace(JOB, kind=JobKind.MEDIA)
    second = replace(JOB, id="0" * 31 + "1")
    hosts = by_host([DueJob("a", job) for job in (media, second, JOB, old)])
    assert [[due.job for due in jobs] for jobs in hosts] == [[old, JOB, media, second]]


def test_hosts_with_few_jobs_come_first() -> None:
    wrapped = replace(JOB, id="3" * 32, link="https://www.google.com/url?url=https%3A%2F%2Fother.example%2Fa")
    hosts = by_host([DueJob("a", job) for job in (JOB, replace(JOB, id="4" * 32), wrapped)])
    assert [len(jobs) for jobs in hosts] == [1, 2]


def test_what_is_known_of_hosts_is_the_same_after_it_was_stored() -> None:
    robots = {"https://example.org/robots.txt": CachedRobots(RobotsTxt("User-agent: *\n"), CHRISTMAS)}
    known = known_hosts.KnownHosts(robots, {"example.org": CHRISTMAS + DAY})
    assert known_hosts.from_bytes(known_hosts.to_bytes(known), CHRISTMAS) == known
    long = {"https://example.org/robots.txt": CachedRobots(RobotsTxt("#" * 40_000), CHRISTMAS)}
    assert b"robots.txt" not in known_hosts.to_bytes(known_hosts.KnownHosts(long))
    assert known_hosts.from_bytes(b"{", CHRISTMAS) == known_hosts.KnownHosts()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"version": 99}\n', b'{"jobs": 7, "until": 7, "held": 7}\n'])
def test_damaged_files_of_jobs_cost_no_article_its_page(folder_store: FolderStore, clock: Clock, damage: bytes) -> None:
    with feed_server(clock=clock) as server:
        world = World(folder_store, clock, server)
        world.publish(story(1))
        world.poll()
        world.complete()
        for key in list(folder_store.list("state/jobs/")):
            folder_store.delete(key)
            folder_store.create(key, damage)
        world.publish(story(1), story(2))
        world.poll()
        world.complete()
        assert len(world.full_texts()) == 2
        assert len(world.pages_requested()) == 2

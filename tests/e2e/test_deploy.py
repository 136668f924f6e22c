"""The whole product on a local AWS: sam build and sam deploy of the real template, with IAM and TLS enforced.

The tests tell one story, in this order. docs/aws.md says what a local AWS cannot show.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clock import Clock
from e2e.gate import Gate
from e2e.local_aws import REGION, LocalAws, eventually
from e2e.stack import NAME, Stack
from feedarchive.store.s3 import S3Store
from loopback import Answer, FeedServer
from press import Item, Press, rss

EVERY_MINUTE = "cron(* * * * ? *)"
# Real clocks: the functions' own.
NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=2)


@pytest.fixture(scope="module")
def mailbox(stack: Stack) -> str:
    """A queue that is subscribed to the topic of digests, as docs/aws.md tells; its URL."""
    sqs, topic = stack.client("sqs"), stack.outputs["DigestTopic"]
    url = str(sqs.create_queue(QueueName="my-digests")["QueueUrl"])
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    stack.client("sns").subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"}
    )
    return url


def received(stack: Stack, mailbox: str) -> list[dict[str, Any]]:
    sqs = stack.client("sqs")
    messages = sqs.receive_message(QueueUrl=mailbox, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=mailbox, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


def test_a_digest_before_the_first_run_is_nothing_and_no_error(stack: Stack) -> None:
    assert stack.build_digest() == {"changed": [], "announced": [], "error": ""}
    assert stack.keys() == []


def test_the_schedule_fires_and_every_article_is_there_once(stack: Stack, press: FeedServer, mailbox: str) -> None:
    news = rss(Item("One", "https://example.org/1", "g1"), Item("Two", "https://example.org/2", "g2"))
    more = rss(Item("Three", "https://example.net/3", "g3"), home="https://example.net/")
    stack.put_feeds(press.serve("/news.xml", news, ETag='"1"'), press.serve("/more.xml", more))
    stack.deploy(FeedsSchedule=EVERY_MINUTE, DigestSchedule=EVERY_MINUTE)
    eventually(lambda: len(stack.titles()) == 3, 120, "three articles")
    assert stack.titles() == ["One", "Three", "Two"]
    mark = json.loads(stack.read("archive.json"))
    assert mark["time_zone"] == "Europe/Berlin"
    # As if somebody had run it two days ago: that day is over, and was never announced.
    Press(S3Store(stack.bucket, "", stack.s3), Clock(LONG_AGO), zone="Europe/Berlin").poll(
        Item("Older", "https://example.com/0", "g0"), url="https://example.com/feed", home="https://example.com/"
    )
    eventually(lambda: "state/all.json" in stack.keys("state/"), 20, "state")
    lines = stack.lines("polled")
    assert len({line["feed"] for line in lines}) == 2
    assert all(line["run"] and line["shard"] == "all" for line in lines)


def test_the_digest_is_there_and_its_announcement_is_received(stack: Stack, mailbox: str) -> None:
    eventually(lambda: len(stack.lines("built", "DigestFunction")) > 1, 60, "a build by the schedule")
    assert not stack.build_digest()["error"]
    messages = eventually(lambda: received(stack, mailbox), 30, "the announcement")
    day = messages[0]["day"]
    # At least once: the schedule may have fired at the same moment.
    assert all((message["bucket"], message["day"]) == (stack.bucket, day) for message in messages)
    assert stack.keys("days/") == [f"days/{day}.json"]
    digest = json.loads(stack.read(messages[0]["json"]))
    assert [entry["title"] for entry in digest["files"]] == ["Older"]
    assert stack.read(messages[0]["html"]).startswith(b"<!doctype html>")
    # Today's is there, too, and nothing is announced again.
    assert len([key for key in stack.keys("archive/") if key.endswith("digest.json")]) == 2
    assert stack.build_digest()["announced"] == []
    assert received(stack, mailbox) == []


def test_a_new_deploy_with_another_parameter_keeps_the_archive(stack: Stack) -> None:
    before = {key: stack.read(key) for key in stack.keys("archive/") + stack.keys("claims/")}
    # From here on nothing fires by itself: the tests plan. The time zone is for new archives only.
    stack.deploy(FeedsSchedule="rate(1 day)", DigestSchedule="rate(1 day)", LogRetentionDays="7", TimeZone="UTC")
    assert {key: stack.read(key) for key in before} == before
    assert not stack.plan()["error"]
    eventually(lambda: stack.waiting(stack.queue()) == 0, 30, "an empty queue")
    assert json.loads(stack.read("archive.json"))["time_zone"] == "Europe/Berlin"
    assert stack.titles() == ["Older", "One", "Three", "Two"]


def test_a_feed_that_is_added_to_the_feeds_file_is_picked_up(stack: Stack, press: FeedServer) -> None:
    fourth = rss(Item("Four", "https://example.info/4", "g4"), home="https://example.info/")
    stack.put_feeds(press.url("/news.xml"), press.url("/more.xml"), press.serve("/added.xml", fourth))
    assert stack.plan() == {"feeds": 3, "shards": 1, "error": ""}
    eventually(lambda: "Four" in stack.titles(), 30, "the new feed's article")


def test_a_broken_feeds_file_is_named_with_its_line_and_the_last_good_one_stays_in_use(stack: Stack) -> None:
    good = stack.read("feeds.toml")
    line = "line " + str(good.count(b"\n") + 1)
    stack.s3.put_object(Bucket=stack.bucket, Key="feeds.toml", Body=good + b'[[feeds]\nurl = "x"\n')
    planned = len(stack.lines("planned"))
    failed = stack.plan()
    assert failed["error"]
    assert "feeds.toml" in failed["errorMessage"]
    assert line in failed["errorMessage"]
    assert stack.lines("planned")[planned]["feeds"] == 3
    assert not stack.build_digest()["error"]
    assert line in json.loads(stack.read("status.json"))["feeds_file"]
    stack.s3.put_object(Bucket=stack.bucket, Key="feeds.toml", Body=good)
    assert not stack.plan()["error"]


def test_the_digest_function_may_not_write_claims_state_or_articles_and_neither_may_delete(stack: Stack) -> None:
    article = next(key for key in stack.keys("archive/") if key.endswith(".md") and "digest" not in key)
    key = stack.keys("claims/")[0]
    for function in ("FetchFunction", "DigestFunction"):
        role = stack.as_function(function)
        for target in (article, key, "state/all.json", "archive.json"):
            with pytest.raises(role.exceptions.ClientError, match="AccessDenied"):
                role.delete_object(Bucket=stack.bucket, Key=target)
    digest = stack.as_function("DigestFunction")
    for target in ("claims/00/00", "state/all.json", article, "archive.json", "feeds.toml"):
        with pytest.raises(digest.exceptions.ClientError, match="AccessDenied"):
            digest.put_object(Bucket=stack.bucket, Key=target, Body=b"x\n")


def test_a_permission_taken_away_is_a_clear_error_and_nothing_is_lost(stack: Stack, press: FeedServer) -> None:
    fifth = rss(Item("Five", "https://example.edu/5", "g5"), home="https://example.edu/")
    urls = [press.url(path) for path in ("/news.xml", "/more.xml", "/added.xml")]
    stack.put_feeds(*urls, press.serve("/denied.xml", fifth))
    stack.client("sqs").set_queue_attributes(QueueUrl=stack.queue(), Attributes={"VisibilityTimeout": "10"})
    iam, role = stack.client("iam"), stack.role("FetchFeedsRole")
    denied = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{stack.bucket}/archive/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    iam.put_role_policy(RoleName=role, PolicyName="taken-away", PolicyDocument=policy)
    stack.plan()
    errors = eventually(lambda: stack.lines("access denied"), 30, "the error")
    assert all(stack.bucket in line["message"] and "permission" in line["message"] for line in errors)
    assert "Five" not in stack.titles()
    assert b"denied.xml" not in stack.read("state/all.json")
    iam.delete_role_policy(RoleName=role, PolicyName="taken-away")
    # The same message comes again.
    eventually(lambda: "Five" in stack.titles(), 30, "the article")
    eventually(lambda: stack.waiting(stack.queue()) == 0, 30, "an empty queue")


def test_a_worker_killed_in_the_middle_is_healed_by_the_retry(
    stack: Stack, press: FeedServer, account: LocalAws
) -> None:
    urls = [press.url(path) for path in ("/news.xml", "/more.xml", "/added.xml", "/denied.xml")]
    sixth = rss(Item("Six", "https://example.gov/6", "g6"), home="https://example.gov/")
    seventh = rss(Item("Seven", "https://example.int/7", "g7"), home="https://example.int/")
    # Of the same host: the second is asked when the first is archived.
    stack.put_feeds(*urls, press.serve("/six.xml", sixth), press.url("/seven.xml"))
    press.answers["/seven.xml"] = gate = Gate(Answer(seventh, headers={"Content-Type": "application/xml"}))
    stack.plan()
    assert gate.reached.wait(30)
    assert account.kill_workers() > 0
    gate.opened.set()
    eventually(lambda: "Seven" in stack.titles(), 60, "the article")
    eventually(lambda: stack.waiting(stack.queue()) == 0, 60, "an empty queue")
    assert stack.titles() == ["Five", "Four", "Older", "One", "Seven", "Six", "Three", "Two"]
    assert stack.waiting(stack.outputs["DeadLetterQueue"]) == 0


def test_nothing_was_ever_overwritten(stack: Stack) -> None:
    versions = stack.versions()
    assert len(versions) == 8
    assert {key: len(ids) for key, ids in versions.items() if len(ids) > 1} == {}


def test_sam_delete_keeps_the_bucket_and_all_that_is_in_it(stack: Stack, account: LocalAws) -> None:
    bucket, before = stack.bucket, stack.keys()
    account.sam("delete", "--no-prompts", "--stack-name", NAME, "--region", REGION)
    assert stack.keys() == before
    assert stack.s3.head_bucket(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200

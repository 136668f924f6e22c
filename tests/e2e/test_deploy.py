"""The deployed stack on a local AWS that enforces IAM and TLS: from an empty bucket to `sam delete`.

The tests build on one another, in this order. docs/aws.md says what a local AWS cannot show.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from feedarchive.store.s3 import S3Store
from feedarchive.tables.columns import COLUMNS
from tests.e2e.gate import Gate
from tests.e2e.iam_decision import iam_decision
from tests.e2e.local_aws import PROJECT, REGION, LocalAws, eventually
from tests.e2e.stack import NAME, Stack
from tests.harness.clock import Clock
from tests.harness.completing import article_page
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response
from tests.media.pictures import png

EVERY_MINUTE = "cron(* * * * ? *)"
# The functions use the real clock.
NOW = datetime.now(UTC).replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=2)
MAIL_FROM, MAIL_TO = "archive@sender.example", "reader@reader.example"


@pytest.fixture(scope="module")
def mailbox(stack: Stack) -> str:
    """The URL of a queue that is subscribed to the topic of digests as described in docs/aws.md."""
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


def test_without_an_archive_a_digest_build_does_nothing(stack: Stack) -> None:
    assert stack.build_digest() == {"changed": [], "announced": [], "error": ""}
    assert stack.keys() == []


def test_the_schedule_archives_every_article_once(stack: Stack, server: FeedServer, mailbox: str) -> None:
    news = rss(Item("One", "https://example.org/1", "g1"), Item("Two", "https://example.org/2", "g2"))
    more = rss(Item("Three", "https://example.net/3", "g3"), home="https://example.net/")
    stack.put_feeds(server.serve("/news.xml", news, ETag='"1"'), server.serve("/more.xml", more))
    stack.deploy(FeedsSchedule=EVERY_MINUTE, DigestSchedule=EVERY_MINUTE)
    eventually(lambda: len(stack.titles()) == 3, "three articles")
    assert stack.titles() == ["One", "Three", "Two"]
    manifest = json.loads(stack.read("archive.json"))
    assert manifest["time_zone"] == "Europe/Berlin"
    # Archive an article as a run two days ago would have done. That day has ended and was never announced.
    FeedArchiver(S3Store(stack.bucket, "", stack.s3), Clock(LONG_AGO), zone="Europe/Berlin").poll(
        Item("Older", "https://example.com/0", "g0"), url="https://example.com/feed", home="https://example.com/"
    )
    eventually(lambda: "state/all.json" in stack.keys("state/"), "state")
    lines = eventually(lambda: lines if len(lines := stack.lines("polled")) >= 2 else [], "a log line for each feed")
    assert len({line["feed"] for line in lines}) == 2
    assert all(line["run"] and line["shard"] == "all" for line in lines)


def test_the_digest_is_built_and_its_announcement_received(stack: Stack, mailbox: str) -> None:
    eventually(lambda: len(stack.lines("built", "DigestFunction")) > 1, "a build by the schedule")
    assert not stack.build_digest()["error"]
    messages = eventually(lambda: received(stack, mailbox), "the announcement")
    day = messages[0]["day"]
    # An announcement can be sent twice: the schedule may have started a build at the same time.
    assert all((message["bucket"], message["day"]) == (stack.bucket, day) for message in messages)
    assert stack.keys("days/") == [f"days/{day}.json"]
    digest = json.loads(stack.read(messages[0]["json"]))
    assert [entry["title"] for entry in digest["files"]] == ["Older"]
    assert stack.read(messages[0]["html"]).startswith(b"<!doctype html>")
    # Today's digest exists, too, and nothing is announced again.
    assert len([key for key in stack.keys("archive/") if key.endswith("digest.json")]) == 2
    assert stack.build_digest()["announced"] == []
    assert all(message["day"] == day for message in received(stack, mailbox))


def test_the_announced_day_has_a_table_and_athena_knows_its_columns(stack: Stack) -> None:
    (record,) = stack.keys("days/")
    day = record.removeprefix("days/").removesuffix(".json")
    (key,) = stack.keys("tables/")
    assert key == f"tables/articles/day={day}/articles.jsonl.gz"
    (row,) = [json.loads(line) for line in gzip.decompress(stack.read(key)).splitlines()]
    assert row["title"] == "Older"
    glue = stack.client("glue")
    (database,) = [each["Name"] for each in glue.get_databases()["DatabaseList"] if each["Name"] != "default"]
    table = glue.get_table(DatabaseName=database, Name="articles")["Table"]
    columns = {column["Name"] for column in table["StorageDescriptor"]["Columns"]} | {"day"}
    assert columns == {column.name for column in COLUMNS}
    assert row.keys() == {column.name for column in COLUMNS if not column.sparse}
    assert table["Parameters"]["storage.location.template"] == f"s3://{stack.bucket}/tables/articles/day=${{day}}"


@pytest.mark.parametrize(("site", "found"), [("example.com", [["Older", "1"]]), ("example.org", [])])
def test_athena_answers_from_the_table(stack: Stack, site: str, found: list[list[str]]) -> None:
    """The local AWS asks DuckDB, which reads the files in the bucket with the columns and the days of the table."""
    athena, s3 = stack.client("athena"), stack.s3
    if "answers" not in [each["Name"] for each in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket="answers", CreateBucketConfiguration={"LocationConstraint": REGION})
    (record,) = stack.keys("days/")
    day = record.removeprefix("days/").removesuffix(".json")
    started = athena.start_query_execution(
        QueryString="SELECT max(title) AS title, count(*) AS versions FROM articles"
        f" WHERE day BETWEEN '{day}' AND '{day}' AND site = '{site}' GROUP BY id",
        QueryExecutionContext={"Database": f"feedarchive_{stack.name}".replace("-", "_")},
        WorkGroup=stack.name,
        ResultConfiguration={"OutputLocation": "s3://answers/"},
    )["QueryExecutionId"]

    def status() -> dict[str, str]:
        return dict(athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"])

    done = eventually(lambda: last if (last := status())["State"] in ("SUCCEEDED", "FAILED") else {}, "the answer")
    assert done["State"] == "SUCCEEDED", done
    rows = athena.get_query_results(QueryExecutionId=started)["ResultSet"]["Rows"]
    assert [[cell["VarCharValue"] for cell in row["Data"]] for row in rows] == [["title", "versions"], *found]


def test_deploying_with_another_parameter_keeps_the_archive(stack: Stack) -> None:
    before = {key: stack.read(key) for key in stack.keys("archive/") + stack.keys("claims/")}
    # From here on the schedules do not fire: the tests start each run. The time zone is only for new archives.
    stack.deploy(
        FeedsSchedule="rate(1 day)", DigestSchedule="rate(1 day)", LogRetentionDays="7", TimeZone="UTC",
        MailFrom=MAIL_FROM, MailTo=MAIL_TO,
    )  # fmt: skip
    assert {key: stack.read(key) for key in before} == before
    assert not stack.plan()["error"]
    eventually(lambda: stack.waiting(stack.queue()) == 0, "an empty queue")
    assert json.loads(stack.read("archive.json"))["time_zone"] == "Europe/Berlin"
    assert stack.titles() == ["Older", "One", "Three", "Two"]


def test_the_digest_is_sent_by_mail(stack: Stack) -> None:
    """The local AWS requires a permission for all identities, so the test adds one for a while.

    The next test evaluates the policy of the stack.
    """
    ses, iam, role = stack.client("sesv2"), stack.client("iam"), stack.role("BuildDigestRole")
    for address in ("sender.example", MAIL_TO):
        ses.create_email_identity(EmailIdentity=address)
    (record,) = stack.keys("days/")
    stack.s3.delete_object(Bucket=stack.bucket, Key=record)
    failed = stack.build_digest()
    assert f"from {MAIL_FROM} to {MAIL_TO}: " in failed["errorMessage"]
    assert "not authorized" in failed["errorMessage"]
    assert stack.keys("days/") == []
    allowed = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName=role, PolicyName="all-identities", PolicyDocument=policy)
    assert not stack.build_digest()["error"]
    iam.delete_role_policy(RoleName=role, PolicyName="all-identities")
    (mail,) = stack.mails()
    assert (mail["Source"], mail["To"]) == (MAIL_FROM, [MAIL_TO])
    assert ">Older<" in mail["BodyHtml"]
    assert stack.keys("days/") == [record]


@pytest.mark.parametrize(
    ("action", "identity", "sender", "expected"),
    [
        ("ses:SendRawEmail", MAIL_FROM, MAIL_FROM, "Allow"),
        ("ses:SendEmail", "sender.example", MAIL_FROM, "Allow"),
        ("ses:SendRawEmail", MAIL_TO, MAIL_FROM, "Allow"),
        ("ses:SendRawEmail", "sender.example", "other@sender.example", "ImplicitDeny"),
        ("ses:SendRawEmail", MAIL_TO, MAIL_TO, "ImplicitDeny"),
        ("ses:SendRawEmail", "other.example", MAIL_FROM, "ImplicitDeny"),
        ("ses:DeleteIdentity", MAIL_FROM, MAIL_FROM, "ImplicitDeny"),
    ],
)
def test_the_policy_allows_mails_from_the_sender_only(
    stack: Stack, action: str, identity: str, sender: str, expected: str
) -> None:
    """The test evaluates the policy, because the local AWS does not set the condition key ``ses:FromAddress``."""
    policy = stack.client("iam").get_role_policy(RoleName=stack.role("BuildDigestRole"), PolicyName="send-mail")
    account = stack.client("sts").get_caller_identity()["Account"]
    resource = f"arn:aws:ses:{REGION}:{account}:identity/{identity}"
    assert iam_decision(policy["PolicyDocument"], action, resource, {"ses:FromAddress": sender}) == expected


def test_a_feed_added_to_the_feeds_file_is_polled(stack: Stack, server: FeedServer) -> None:
    fourth = rss(Item("Four", "https://example.info/4", "g4"), home="https://example.info/")
    stack.put_feeds(server.url("/news.xml"), server.url("/more.xml"), server.serve("/added.xml", fourth))
    assert stack.plan() == {"feeds": 3, "shards": 1, "error": ""}
    eventually(lambda: "Four" in stack.titles(), "the new feed's article")


def test_an_invalid_feeds_file_is_reported_with_its_line_and_the_last_good_one_stays_in_use(stack: Stack) -> None:
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


def test_the_digest_function_cannot_write_claims_state_or_articles_and_no_function_can_delete(stack: Stack) -> None:
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


def test_a_missing_permission_is_a_clear_error_and_nothing_is_lost(stack: Stack, server: FeedServer) -> None:
    fifth = rss(Item("Five", "https://example.edu/5", "g5"), home="https://example.edu/")
    urls = [server.url(path) for path in ("/news.xml", "/more.xml", "/added.xml")]
    stack.put_feeds(*urls, server.url("/denied.xml"))
    server.responses["/denied.xml"] = gate = Gate(Response(fifth, headers={"Content-Type": "application/xml"}))
    gate.opened.set()
    stack.redeliver_after("10")
    iam, role = stack.client("iam"), stack.role("FetchFeedsRole")
    denied = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{stack.bucket}/archive/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    iam.put_role_policy(RoleName=role, PolicyName="taken-away", PolicyDocument=policy)
    stack.plan()
    errors = eventually(lambda: stack.lines("access denied"), "the error")
    # The next delivery waits at the gate until the permission is restored. For half an hour after it has started, the
    # queue does not deliver the message again.
    gate.opened.clear()
    stack.redeliver_after("1800")
    assert all(stack.bucket in line["message"] and "permission" in line["message"] for line in errors)
    assert "Five" not in stack.titles()
    assert b"denied.xml" not in stack.read("state/all.json")
    iam.delete_role_policy(RoleName=role, PolicyName="taken-away")
    gate.opened.set()
    # The same message is delivered again.
    eventually(lambda: "Five" in stack.titles(), "the article")
    eventually(lambda: stack.waiting(stack.queue()) == 0, "an empty queue")


def test_the_retry_completes_the_work_of_a_killed_worker(stack: Stack, server: FeedServer, account: LocalAws) -> None:
    urls = [server.url(path) for path in ("/news.xml", "/more.xml", "/added.xml", "/denied.xml")]
    sixth = rss(Item("Six", "https://example.gov/6", "g6"), home="https://example.gov/")
    seventh = rss(Item("Seven", "https://example.int/7", "g7"), home="https://example.int/")
    # Both feeds have the same host: the second is requested after the first is archived.
    stack.put_feeds(*urls, server.serve("/six.xml", sixth), server.url("/seven.xml"))
    server.responses["/seven.xml"] = gate = Gate(Response(seventh, headers={"Content-Type": "application/xml"}))
    stack.redeliver_after("10")
    stack.plan()
    assert gate.reached.wait(300)
    # For half an hour after the next delivery has started, the queue does not deliver the message again.
    stack.redeliver_after("1800")
    assert account.kill_workers() > 0
    gate.opened.set()
    eventually(lambda: "Seven" in stack.titles(), "the article")
    eventually(lambda: stack.waiting(stack.queue()) == 0, "an empty queue")
    assert stack.titles() == ["Five", "Four", "Older", "One", "Seven", "Six", "Three", "Two"]
    assert stack.waiting(stack.outputs["DeadLetterQueue"]) == 0


def test_no_article_was_overwritten(stack: Stack) -> None:
    versions = stack.versions()
    assert len(versions) == 8
    assert {key: len(ids) for key, ids in versions.items() if len(ids) > 1} == {}


def test_the_pages_are_served_to_whoever_has_the_password(stack: Stack) -> None:
    name, password = "/feedarchive/reading", "correct horse battery"
    stack.client("ssm").put_parameter(Name=name, Value=password, Type="SecureString")
    stack.deploy(ReadingPassword=name)
    assert "horse" not in json.dumps(stack.outputs)
    url_id = stack.outputs["Pages"].removeprefix("https://").partition(".")[0]
    page = f"{stack.aws.environment['AWS_ENDPOINT_URL']}/_aws/lambda-url/{url_id}/pages/index.html"
    certificate = stack.aws.environment["AWS_CA_BUNDLE"]
    assert requests.get(page, timeout=60, verify=certificate).status_code == 401
    response = requests.get(page, timeout=60, verify=certificate, auth=("me", password))
    assert response.status_code == 200
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.content == stack.read("pages/index.html")


def test_whole_articles_are_fetched_by_a_function_of_their_own(stack: Stack, server: FeedServer) -> None:
    """No worker that polls feeds requests a page. The first version of each article has no text from its page."""
    stack.deploy(WholeArticles="true")
    stack.wake_without_delay()
    home = server.url("/")
    server.serve("/page-9", article_page(9), "text/html; charset=utf-8")
    picture = server.serve("/nine.png", png(60, 40), "image/png")
    ninth = rss(Item("Nine", f"{home}page-9", "g9", f"A sentence. <img src='{picture}'>"), home=home)
    paths = ("/news.xml", "/more.xml", "/added.xml", "/denied.xml", "/six.xml", "/seven.xml")
    more = f'[[feeds]]\nurl = "{server.serve("/nine.xml", ninth)}"\nfull_text = true\nimages = true\n'
    stack.put_feeds(*(server.url(path) for path in paths), more=more)
    assert not stack.plan()["error"]
    # CompleteArticles may receive the message of this plan before the jobs are stored. So another plan follows, which
    # sends a second message.
    eventually(lambda: stack.keys("state/jobs/"), "the jobs")
    assert not stack.plan()["error"]
    (full_text,) = eventually(lambda: [key for key in stack.keys("archive/") if ".full." in key], "the full text")
    article = full_text.replace(".full.md", ".md")
    assert "Sentence 20 of story 9" in stack.read(full_text).decode()
    assert "Sentence 20" not in stack.read(article).decode()
    assert f'of: "{article}"' in stack.read(full_text).decode()
    lines = eventually(lambda: found if len(found := stack.lines("stored", "CompleteFunction")) >= 2 else [], "the log")
    assert {(line["job"], line["article"]) for line in lines} == {("page", article), ("media", article)}
    (stored,) = stack.keys("media/")
    assert stack.read(stored) == png(60, 40)
    assert stored in stack.read(article.replace(".md", ".media.json")).decode()
    assert stack.waiting(stack.queue("Completions")) == 0
    role = stack.as_function("CompleteFunction")
    for target in (article, "state/all.json", "archive.json", "feeds.toml"):
        with pytest.raises(role.exceptions.ClientError, match="AccessDenied"):
            role.put_object(Bucket=stack.bucket, Key=target, Body=b"x\n")
    with pytest.raises(role.exceptions.ClientError, match="AccessDenied"):
        role.delete_object(Bucket=stack.bucket, Key=full_text)


def test_smoke_looks_at_functions_alarms_and_subscriptions(stack: Stack, account: LocalAws) -> None:
    command = [sys.executable, "-m", "deployment.smoke", stack.name]
    environment = {**account.environment, "PYTHONPATH": os.pathsep.join([str(PROJECT), *sys.path])}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    rows = dict(re.findall(r"^(?:good|BAD|not seen) +(.+?)  +(.*)$", done.stdout, re.MULTILINE))
    assert rows["stack"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), done
    assert '"feeds"' in rows["FetchFeeds: result"]
    assert '"changed"' in rows["BuildDigest: result"]
    assert '"extractor": "trafilatura' in rows["CompleteArticles: result"]
    assert float(json.loads(rows["CPU time against the wall"].partition(" (")[0])["cores"]) > 0
    assert rows["DigestTopic: subscriptions"].startswith("1 confirmed")
    assert rows["AlarmTopic: subscriptions"].startswith("0 confirmed")
    assert rows["dead letters"] == "0"
    assert "test announcement" in rows
    assert "It could not see:" in done.stdout
    # The smoke test fails because nobody is subscribed to the alarms.
    assert done.returncode == 1


def test_a_second_stack_by_a_deployer_with_few_permissions_leaves_the_first_one_alone(
    stack: Stack, account: LocalAws
) -> None:
    """No run has written to the bucket of the second stack, so the bucket is empty and removed with its stack."""
    iam, before = stack.client("iam"), stack.schedules()
    policy = (PROJECT / "deployment" / "deployer-policy.json").read_text(encoding="utf-8")
    iam.create_user(UserName="deployer")
    iam.put_user_policy(UserName="deployer", PolicyName="deployer", PolicyDocument=policy)
    key = iam.create_access_key(UserName="deployer")["AccessKey"]
    secrets = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    deployer = replace(account, environment={**account.environment, **secrets})
    second = Stack(deployer, stack.built, dict(stack.parameters), name=f"{NAME}-two")
    second.deploy(ReadingPassword="")
    assert len(stack.schedules()) == len(before) + 2
    assert second.bucket != stack.bucket
    second.delete()
    assert stack.schedules() == before
    assert not stack.plan()["error"]
    assert stack.titles() == ["Five", "Four", "Nine", "Older", "One", "Seven", "Six", "Three", "Two"]


def test_the_template_can_be_packaged_for_the_serverless_application_repository(
    stack: Stack, account: LocalAws, tmp_path: Path
) -> None:
    stack.s3.create_bucket(Bucket="packages", CreateBucketConfiguration={"LocationConstraint": REGION})
    packaged = tmp_path / "packaged.yaml"
    account.sam(
        "package", "--template-file", str(stack.built / "template.yaml"), "--s3-bucket", "packages",
        "--output-template-file", str(packaged), "--region", REGION,
    )  # fmt: skip
    text = packaged.read_text(encoding="utf-8")
    for name in ("LicenseUrl", "ReadmeUrl"):
        assert re.search(rf"{name}: s3://packages/", text), text[:2000]


def test_sam_delete_keeps_the_bucket_and_its_objects(stack: Stack) -> None:
    bucket, before = stack.bucket, stack.keys()
    stack.delete()
    listed = [each["Key"] for each in stack.s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert listed == before
    assert stack.s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_a_new_stack_continues_the_archive_in_the_bucket_that_was_kept(stack: Stack, server: FeedServer) -> None:
    (bucket,) = [
        each["Name"] for each in stack.s3.list_buckets()["Buckets"] if each["Name"].startswith(f"{NAME}-archive")
    ]
    stack.deploy(ExistingBucket=bucket, ReadingPassword="", TimeZone="UTC")
    assert stack.bucket == bucket
    eighth = rss(Item("Eight", "https://example.aero/8", "g8"), home="https://example.aero/")
    urls = [
        server.url(path) for path in ("/news.xml", "/more.xml", "/added.xml", "/denied.xml", "/six.xml", "/seven.xml")
    ]
    stack.put_feeds(*urls, server.serve("/eight.xml", eighth))
    assert not stack.plan()["error"]
    eventually(lambda: "Eight" in stack.titles(), "the new feed's article")
    eventually(lambda: stack.waiting(stack.queue()) == 0, "an empty queue")
    assert stack.titles() == ["Eight", "Five", "Four", "Nine", "Older", "One", "Seven", "Six", "Three", "Two"]
    assert not stack.build_digest()["error"]
    assert json.loads(stack.read("archive.json"))["time_zone"] == "Europe/Berlin"

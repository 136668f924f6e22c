"""Move a local archive into a stack that `make deploy` has made, and upgrade a stack of release 0.1.0."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from feedarchive.article.file_names import version_of
from tests.cli.terminal import terminal
from tests.e2e.local_aws import PROJECT, LocalAws, eventually
from tests.e2e.stack import NAME, Stack
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer

ONCE_A_DAY = {"FeedsSchedule": "rate(1 day)", "DigestSchedule": "rate(1 day)"}
RELEASED = PROJECT / "tests" / "compatibility" / "archive_0_1_0"


@pytest.fixture
def old(account: LocalAws, built: Path, stack: Stack) -> Iterator[Stack]:
    """A second stack, which is deleted after the test."""
    made = Stack(account, built, {"Architecture": stack.parameters["Architecture"]}, name=f"{NAME}-old")
    yield made
    made.delete()


@dataclass(frozen=True)
class Asked:
    """The stack that `make deploy` made, the saved answers, and what the terminal showed at the end."""

    stack: Stack
    answers: str
    screen: str
    status: int


@pytest.fixture(scope="module")
def asked(account: LocalAws, built: Path, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Run `make deploy` and first give a wrong answer to each question. The stack is deleted after the tests."""
    made = Stack(account, built, name=f"{NAME}-asked")
    file = tmp_path_factory.mktemp("asked") / "answers.toml"
    environment = {**account.environment, "UV_OFFLINE": "1", "PYTHONPATH": ":".join([str(PROJECT), *sys.path])}
    command = [sys.executable, "-m", "deployment.deploy", "--stack", made.name, "--answers", str(file)]
    with terminal(["env", *(f"{name}={value}" for name, value in environment.items()), *command], PROJECT) as opened:
        for question, answer in (
            (b"E-mail address [none]: ", b"me at example.org"),
            (b"E-mail address [none]: ", b"me@example.org"),
            (b"Existing bucket [none]: ", b"no-such-bucket"),
            (b"Existing bucket [none]: ", b""),
            (b"Time zone [", b"Europe/Berln"),
            (b"Time zone [", b"Europe/Berlin"),
            (b"Password [none]: ", b"short"),
            (b"Password [none]: ", b"correct horse battery"),
        ):
            opened.wait_for(question)
            opened.screen = opened.screen.partition(question)[2]
            opened.press(answer + b"\n")
        opened.wait_for(b"Saved in answers.toml")
        status = opened.status()
    yield Asked(made, file.read_text(encoding="utf-8"), opened.screen.decode(errors="replace"), status)
    made.delete()


def run(*arguments: str, account: LocalAws) -> str:
    """Run feedarchive with the credentials of the account, and return its output."""
    environment = {**account.environment, "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "feedarchive", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_make_deploy_asks_on_a_terminal_and_deploys(asked: Asked) -> None:
    assert asked.status == 0, asked.screen[-3000:]
    assert "horse" not in asked.answers + asked.screen
    found = asked.stack.client("cloudformation").describe_stacks(StackName=asked.stack.name)["Stacks"][0]
    assert found["StackStatus"] == "CREATE_COMPLETE"
    given = {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}
    assert (given["Email"], given["TimeZone"]) == ("me@example.org", "Europe/Berlin")
    assert given["ReadingPassword"] == f"/feedarchive/{asked.stack.name}-reading"
    assert asked.stack.outputs["Pages"].startswith("https://")


def test_a_local_archive_is_moved_in_and_the_next_run_adds_nothing(
    asked: Asked, account: LocalAws, server: FeedServer, tmp_path: Path
) -> None:
    items = [Item(f"Local {n}", f"https://example.org/local/{n}", f"local {n}") for n in range(4)]
    url = server.serve("/local.xml", rss(*items))
    archive, feeds = tmp_path / "archive", tmp_path / "feeds.toml"
    feeds.write_text(f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nurl = "{url}"\n', encoding="utf-8")
    run("init", "--archive", str(archive), "--time-zone", "Europe/Paris", account=account)
    shutil.copy(feeds, archive / "feeds.toml")
    run("fetch", "--archive", str(archive), account=account)
    before = {path.relative_to(archive).as_posix(): path.read_bytes() for path in archive.glob("archive/**/*.md")}
    claims = {path.relative_to(archive).as_posix() for path in archive.glob("claims/*/*")}
    assert len(before) == len(items)

    another = asked.stack
    another.prepare()
    assert another.keys() == []
    run("digest", "--archive", str(archive), account=account)
    run("copy", str(archive), f"s3://{another.bucket}", "--everything", account=account)
    # The state is not copied, so the next poll compares all entries with the archive.
    assert not another.keys("state/all.json")
    assert another.plan() == {"feeds": 1, "shards": 1, "error": ""}
    eventually(lambda: another.keys("state/all.json"), "the state of the poll")
    (polled,) = another.lines("polled")
    assert (polled["new"], polled["known"], polled["revised"]) == (0, len(items), 0)
    assert {key: another.read(key) for key in another.keys("archive/") if key in before} == before
    assert {key for key in another.keys("archive/") if version_of(key)} == before.keys()
    assert set(another.keys("claims/")) == claims
    assert b"Europe/Paris" in another.read("archive.json")


def test_a_stack_of_release_0_1_0_is_upgraded_in_place(old: Stack, built: Path, tmp_path: Path) -> None:
    """First deploy the template of 0.1.0, so that the stack has the resources of that release. Its code is current."""
    template = (PROJECT / "tests" / "e2e" / "template_0_1_0.yaml").read_text(encoding="utf-8")
    template = re.sub(r"CodeUri: (\S+)", rf"CodeUri: {PROJECT}/\1", template)
    for layer in ("CoreArm64", "CoreX86"):
        template = template.replace("ContentUri: layers/core", f"ContentUri: {built / layer}", 1)
    (tmp_path / "template.yaml").write_text(re.sub(r"    Metadata: \{.*\}\n", "", template), encoding="utf-8")
    old.built = tmp_path
    old.deploy(**ONCE_A_DAY, Email="me@example.org")
    bucket, topic, schedules = old.bucket, old.outputs["DigestTopic"], old.schedules()
    for path in RELEASED.rglob("*"):
        if path.is_file():
            key = path.relative_to(RELEASED).as_posix()
            old.s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes(), IfNoneMatch="*")
    old.s3.put_object(Bucket=bucket, Key="feeds.toml", Body=b"[archive]\n")
    before = {key: old.read(key) for prefix in ("archive/", "claims/", "days/") for key in old.keys(prefix)}
    alarms = old.client("cloudwatch")
    assert len(alarms.describe_alarms(AlarmNamePrefix=old.name)["MetricAlarms"]) == 8

    old.built = built
    old.deploy()
    assert (old.bucket, old.outputs["DigestTopic"]) == (bucket, topic)
    assert not old.plan()["error"]
    assert not old.build_digest()["error"]
    kept = {key: old.read(key) for key in before if key.endswith(".md") or not key.startswith("archive/")}
    assert kept == {key: before[key] for key in kept}
    assert set(before) <= set(old.keys())
    assert len(alarms.describe_alarms(AlarmNamePrefix=old.name)["MetricAlarms"]) == 5
    assert len(old.schedules()) == len(schedules)
    subscribed = old.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [each["Endpoint"] for each in subscribed] == ["me@example.org"]


def test_the_archive_of_a_deleted_stack_can_be_taken_away_for_good(stack: Stack) -> None:
    """Delete the bucket that the upgraded stack left, with the same requests as the commands in docs/aws.md."""
    s3 = stack.s3
    (bucket,) = [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith(f"{NAME}-old-archive")]
    s3.delete_bucket_policy(Bucket=bucket)
    for kind in ("Versions", "DeleteMarkers"):
        while found := s3.list_object_versions(Bucket=bucket).get(kind):
            listed = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            s3.delete_objects(Bucket=bucket, Delete={"Objects": listed})
    s3.delete_bucket(Bucket=bucket)
    assert bucket not in [b["Name"] for b in s3.list_buckets()["Buckets"]]

"""Stacks that take over an archive: one from a folder, one of release 0.1.0; and one deployed by `make deploy`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.terminal import terminal
from tests.e2e.local_aws import PROJECT, LocalAws, eventually
from tests.e2e.stack import NAME, Stack
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer

ONCE_A_DAY = {"FeedsSchedule": "rate(1 day)", "DigestSchedule": "rate(1 day)"}
RELEASED = PROJECT / "tests" / "compatibility" / "archive_0_1_0"


@pytest.fixture
def another(account: LocalAws, built: Path, stack: Stack, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Another stack, which is deleted in the end."""
    made = Stack(account, built, {"Architecture": stack.parameters["Architecture"]}, name=f"{NAME}-{request.param}")
    yield made
    made.delete()


def run(*arguments: str, account: LocalAws) -> str:
    """Run feedarchive with the credentials of the account, and return its output."""
    environment = {**account.environment, "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "feedarchive", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("another", ["moved"], indirect=True)
def test_a_local_archive_is_moved_in_and_the_next_run_adds_nothing(
    another: Stack, account: LocalAws, server: FeedServer, tmp_path: Path
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

    another.deploy(**ONCE_A_DAY)
    assert another.keys() == []
    run("copy", str(archive), f"s3://{another.bucket}", "--everything", account=account)
    state = another.read("state/all.json")
    # The document is new, and has the same articles.
    server.serve("/local.xml", rss(*items, title="The same articles"))
    waiting = re.sub(rb'"tried": "[^"]*"', b'"tried": "2020-01-01T00:00:00+00:00"', state)
    another.s3.put_object(Bucket=another.bucket, Key="state/all.json", Body=waiting)
    assert another.plan() == {"feeds": 1, "shards": 1, "error": ""}
    eventually(lambda: another.read("state/all.json") != waiting, "the state of the poll")
    (polled,) = another.lines("polled")
    assert (polled["new"], polled["known"], polled["revised"]) == (0, len(items), 0)
    assert {key: another.read(key) for key in another.keys("archive/") if key in before} == before
    assert {key for key in another.keys("archive/") if key.endswith(".md")} == before.keys()
    assert set(another.keys("claims/")) == claims
    assert b"Europe/Paris" in another.read("archive.json")


@pytest.mark.parametrize("another", ["old"], indirect=True)
def test_a_stack_of_release_0_1_0_is_upgraded_in_place(another: Stack, built: Path, tmp_path: Path) -> None:
    """The template of that release, with the code of today: so its resources are the old ones."""
    old = (PROJECT / "tests" / "e2e" / "template_0_1_0.yaml").read_text(encoding="utf-8")
    old = re.sub(r"CodeUri: (\S+)", rf"CodeUri: {PROJECT}/\1", old)
    for layer in ("CoreArm64", "CoreX86"):
        old = old.replace("ContentUri: layers/core", f"ContentUri: {built / layer}", 1)
    (tmp_path / "template.yaml").write_text(re.sub(r"    Metadata: \{.*\}\n", "", old), encoding="utf-8")
    another.built = tmp_path
    another.deploy(**ONCE_A_DAY, Email="me@example.org")
    bucket, topic, schedules = another.bucket, another.outputs["DigestTopic"], another.schedules()
    for path in RELEASED.rglob("*"):
        if path.is_file():
            key = path.relative_to(RELEASED).as_posix()
            another.s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes(), IfNoneMatch="*")
    another.s3.put_object(Bucket=bucket, Key="feeds.toml", Body=b"[archive]\n")
    before = {key: another.read(key) for prefix in ("archive/", "claims/", "days/") for key in another.keys(prefix)}
    alarms = another.client("cloudwatch")
    assert len(alarms.describe_alarms(AlarmNamePrefix=another.name)["MetricAlarms"]) == 8

    another.built = built
    another.deploy()
    assert (another.bucket, another.outputs["DigestTopic"]) == (bucket, topic)
    assert not another.plan()["error"]
    assert not another.build_digest()["error"]
    kept = {key: another.read(key) for key in before if key.endswith(".md") or not key.startswith("archive/")}
    assert kept == {key: before[key] for key in kept}
    assert set(before) <= set(another.keys())
    assert len(alarms.describe_alarms(AlarmNamePrefix=another.name)["MetricAlarms"]) == 5
    assert len(another.schedules()) == len(schedules)
    subscribed = another.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [each["Endpoint"] for each in subscribed] == ["me@example.org"]


@pytest.mark.parametrize("another", ["asked"], indirect=True)
def test_make_deploy_asks_on_a_terminal_and_deploys(another: Stack, account: LocalAws, tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    environment = {**account.environment, "UV_OFFLINE": "1", "PYTHONPATH": ":".join([str(PROJECT), *sys.path])}
    command = [sys.executable, "-m", "deployment.deploy", "--stack", another.name, "--answers", str(answers)]
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
    screen = opened.screen.decode(errors="replace")
    assert status == 0, screen[-3000:]
    assert "horse" not in answers.read_text(encoding="utf-8") + screen
    found = another.client("cloudformation").describe_stacks(StackName=another.name)["Stacks"][0]
    assert found["StackStatus"] == "CREATE_COMPLETE"
    given = {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}
    assert (given["Email"], given["TimeZone"]) == ("me@example.org", "Europe/Berlin")
    assert given["ReadingPassword"] == f"/feedarchive/{another.name}-reading"
    assert another.outputs["Pages"].startswith("https://")

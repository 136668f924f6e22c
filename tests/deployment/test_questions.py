"""`make deploy` asks few questions, explains them, and asks again after a wrong answer."""

from __future__ import annotations

import re

import boto3
import pytest

from deployment.account import Account, NoAccount, find_account
from deployment.questions import Interview
from deployment.template import read_parameters

HERE = Account("000000000000", "arn:aws:iam::000000000000:root", "eu-central-1")


class Terminal:
    """Answers the prompts in order. Records the prompts and the printed lines."""

    def __init__(self, *lines: str) -> None:
        self.lines, self.prompts, self.printed = list(lines), list[str](), list[str]()

    def ask(self, prompt: str) -> str:
        self.prompts.append(prompt)
        return self.lines.pop(0)

    def run(self, stack: str = "feedarchive") -> dict[str, str]:
        interview = Interview(read_parameters(), HERE, self.ask, self.ask, self.printed.append)
        given = interview.run(stack, "Europe/Berlin")
        assert not self.lines
        return given


def test_the_defaults_need_four_times_enter() -> None:
    terminal = Terminal("", "", "", "")
    assert terminal.run() == {"TimeZone": "Europe/Berlin"}
    assert len(terminal.prompts) <= 5
    for prompt in terminal.prompts:
        meaning, question = prompt.strip().rsplit("\n", 1)
        assert len(meaning.split()) > 8
        assert question.rstrip().endswith("]:")


def test_a_wrong_answer_is_named_and_asked_again() -> None:
    terminal = Terminal("not an address", "me@example.org", "", "Europe/Berln", "Europe/Paris", "short", "")
    assert terminal.run() == {"Email": "me@example.org", "TimeZone": "Europe/Paris"}
    assert terminal.printed == [
        "Email must be an e-mail address, or empty.",
        "'Europe/Berln' is not a time zone: use a name such as Europe/Berlin, or UTC.",
        "the password needs at least 12 characters.",
    ]


def test_a_bucket_without_an_archive_is_refused_and_one_with_an_archive_keeps_its_time_zone(bucket: str) -> None:
    s3 = boto3.client("s3")
    assert "has no archive.json" in HERE.archive_problem(bucket)
    assert "does not exist" in HERE.archive_problem("no-such-bucket-here")
    s3.put_object(Bucket=bucket, Key="archive.json", Body=b"{}\n")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    assert "not versioned" in HERE.archive_problem(bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    terminal = Terminal("", "no-such-bucket-here", bucket, "")
    assert terminal.run() == {"ExistingBucket": bucket}
    assert "is not an archive" in terminal.printed[0]


def test_a_password_is_stored_encrypted_and_only_its_name_is_an_answer(bucket: str) -> None:
    terminal = Terminal("", "", "", "a long password")
    assert terminal.run(bucket)["ReadingPassword"] == f"/feedarchive/{bucket}-reading"
    stored = boto3.client("ssm").get_parameter(Name=f"/feedarchive/{bucket}-reading", WithDecryption=True)["Parameter"]
    assert (stored["Type"], stored["Value"]) == ("SecureString", "a long password")


def test_without_credentials_or_region_it_says_what_to_do(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_account().region
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/none")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/none")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(NoAccount, match=r"no AWS credentials .*aws configure"):
        find_account()
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(NoAccount, match="no AWS region"):
        find_account()


def test_every_default_of_the_template_is_valid() -> None:
    parameters = read_parameters()
    assert len(parameters) > 10
    for name, parameter in parameters.items():
        assert parameter.problem(parameter.default) == "", name
        assert not parameter.allowed or parameter.problem("something else"), name
        assert re.search(r"\w", parameter.description), name

"""The deployed stack, through the AWS API."""

from __future__ import annotations

import json
import ssl
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3

from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import parse_front_matter
from tests.e2e.local_aws import PROJECT, REGION, LocalAws
from tests.harness.ministack import sent_mails

NAME = "feedarchive"


@dataclass
class Stack:
    """``built`` is the output of sam build; ``parameters`` are those of the last deployment."""

    aws: LocalAws
    built: Path
    parameters: dict[str, str] = field(default_factory=dict)
    name: str = NAME

    def client(self, service: str) -> Any:
        return self._client(service, "test", "test")

    def _client(self, service: str, key: str, secret: str, token: str | None = None) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]
            region_name=self.aws.environment["AWS_DEFAULT_REGION"],
            endpoint_url=self.aws.environment["AWS_ENDPOINT_URL"],
            verify=self.aws.environment["AWS_CA_BUNDLE"],
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
        )

    def deploy(self, **changed: str) -> str:
        """Run ``sam deploy`` with these parameters changed, and return its output."""
        self.parameters |= changed
        overrides = [f"{name}='{value}'" for name, value in self.parameters.items()]
        printed = self.aws.sam(
            "deploy", "--config-file", str(PROJECT / "samconfig.toml"), "--no-progressbar", "--stack-name", self.name,
            "--template-file", str(self.built / "template.yaml"), "--parameter-overrides", " ".join(overrides),
        )  # fmt: skip
        self.prepare()
        return printed

    def prepare(self) -> None:
        """Work around two differences between this local AWS and AWS."""
        self._fix_concurrency()
        self._allow_batches()

    def _fix_concurrency(self) -> None:
        """Set the maximum concurrency as a number. This local AWS stores it as a string and then polls no queue."""
        function = self.outputs["FetchFunction"]
        mapping = self._lambda.list_event_source_mappings(FunctionName=function)["EventSourceMappings"][0]
        self._lambda.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": 4})

    def _allow_batches(self) -> None:
        """Allow sqs:SendMessageBatch, which only this local AWS requires. AWS has no such action."""
        statement = {"Effect": "Allow", "Action": "sqs:SendMessageBatch", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        role = self.role("FetchFeedsRole")
        self.client("iam").put_role_policy(RoleName=role, PolicyName="batches", PolicyDocument=policy)

    @property
    def outputs(self) -> dict[str, str]:
        found = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]["Outputs"]
        return {each["OutputKey"]: each["OutputValue"] for each in found}

    @cached_property
    def s3(self) -> Any:
        return self.client("s3")

    @cached_property
    def _lambda(self) -> Any:
        return self.client("lambda")

    @property
    def bucket(self) -> str:
        return self.outputs["Bucket"]

    def put_feeds(self, *urls: str, more: str = "") -> None:
        """Upload a feeds file with these URLs. ``more`` is added at its end."""
        head = '[archive]\ncontact = "https://example.org/me"\n[fetch]\nallow_private_addresses = true\n'
        feeds = "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls)
        self.s3.put_object(Bucket=self.bucket, Key="feeds.toml", Body=(head + feeds + more).encode())

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", ())]

    def read(self, key: str) -> bytes:
        return bytes(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def titles(self) -> list[str]:
        """The titles of all articles in the archive, sorted, with duplicates."""
        articles = [key for key in self.keys("archive/") if version_of(key)]
        return sorted(str(parse_front_matter(self.read(key).decode())["title"]) for key in articles)

    def versions(self) -> dict[str, list[str]]:
        """The S3 versions of every article file: one each, unless a file was overwritten."""
        found: dict[str, list[str]] = {}
        for page in self.s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix="archive/"):
            for version in page.get("Versions", ()):
                if version_of(version["Key"]):
                    found.setdefault(version["Key"], []).append(version["VersionId"])
        return found

    def plan(self) -> dict[str, Any]:
        """Plan a run now. Returns the function's result, with ``error`` if it failed."""
        return self._invoke(self.outputs["FetchFunction"])

    def build_digest(self) -> dict[str, Any]:
        return self._invoke(self.outputs["DigestFunction"])

    def wake_without_delay(self) -> None:
        """Let CompleteArticles start at once, instead of two minutes after the plan of a run."""
        self.client("sqs").set_queue_attributes(QueueUrl=self.queue("Completions"), Attributes={"DelaySeconds": "0"})

    def _invoke(self, function: str) -> dict[str, Any]:
        response = self._lambda.invoke(FunctionName=function, Payload=b"{}")
        loaded: dict[str, Any] = json.loads(response["Payload"].read())
        return {**loaded, "error": response.get("FunctionError", "")}

    def log(self, function: str) -> list[dict[str, Any]]:
        """All JSON lines in a function's log."""
        configuration = self._lambda.get_function_configuration(FunctionName=self.outputs[function])
        pages = self.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=configuration["LoggingConfig"]["LogGroup"]
        )  # fmt: skip
        lines = [line for page in pages for e in page["events"] for line in e["message"].splitlines()]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def lines(self, words: str, function: str = "FetchFunction") -> list[dict[str, Any]]:
        """The lines of a function's log whose message contains ``words``."""
        return [line for line in self.log(function) if words in str(line.get("message"))]

    def waiting(self, queue_url: str) -> int:
        """The number of messages in a queue, including those being processed."""
        wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=wanted)["Attributes"]
        return sum(int(found[name]) for name in wanted)

    def redeliver_after(self, seconds: str) -> None:
        """Set after how many seconds the queue delivers a shard again that was not finished."""
        self.client("sqs").set_queue_attributes(QueueUrl=self.queue(), Attributes={"VisibilityTimeout": seconds})

    def queue(self, name: str = "Shards") -> str:
        """The URL of a queue."""
        found = self.client("cloudformation").describe_stack_resource(StackName=self.name, LogicalResourceId=name)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def delete(self) -> None:
        """Run ``sam delete``."""
        self.aws.sam("delete", "--no-prompts", "--stack-name", self.name, "--region", REGION)

    def schedules(self) -> list[str]:
        """The names of the schedules of all stacks."""
        return [each["Name"] for each in self.client("scheduler").list_schedules()["Schedules"]]

    def role(self, logical_id: str) -> str:
        """The name of a role."""
        found = self.client("cloudformation").describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def mails(self) -> list[dict[str, Any]]:
        """All mails that the local SES accepted."""
        context = ssl.create_default_context(cafile=self.aws.environment["AWS_CA_BUNDLE"])
        url = f"{self.aws.environment['AWS_ENDPOINT_URL']}/_ministack/ses/messages"
        with urllib.request.urlopen(url, timeout=60, context=context) as response:
            return sent_mails(json.load(response))

    def as_function(self, function: str) -> Any:
        """An S3 client with the permissions of a function."""
        arn = self._lambda.get_function_configuration(FunctionName=self.outputs[function])["Role"]
        session = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return self._client("s3", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])

"""The deployed stack as its user sees it: through the AWS API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3

from e2e.local_aws import PROJECT, LocalAws
from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import parse_front_matter

NAME = "feedarchive"


@dataclass
class Stack:
    """``built`` is what sam build made. ``parameters`` are those of the last deploy."""

    aws: LocalAws
    built: Path
    parameters: dict[str, str] = field(default_factory=dict)

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
        """``sam deploy`` with these parameters changed; what it printed."""
        self.parameters |= changed
        overrides = [f"{name}='{value}'" for name, value in self.parameters.items()]
        printed = self.aws.sam(
            "deploy", "--config-file", str(PROJECT / "samconfig.toml"), "--no-progressbar",
            "--template-file", str(self.built / "template.yaml"), "--parameter-overrides", " ".join(overrides),
        )  # fmt: skip
        self._number_the_workers()
        return printed

    def _number_the_workers(self) -> None:
        """This local AWS keeps a parameter as text where CloudFormation makes it a number, and then polls no queue."""
        mapping = self._lambda.list_event_source_mappings()["EventSourceMappings"][0]
        self._lambda.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": 4})

    @cached_property
    def outputs(self) -> dict[str, str]:
        found = self.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]["Outputs"]
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
        """Put a feeds file in place, as the Output PutFeeds does."""
        head = '[archive]\ncontact = "https://example.org/me"\n[fetch]\nallow_private_addresses = true\n'
        feeds = "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls)
        self.s3.put_object(Bucket=self.bucket, Key="feeds.toml", Body=(head + feeds + more).encode())

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [found["Key"] for page in pages for found in page.get("Contents", ())]

    def read(self, key: str) -> bytes:
        return bytes(self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def titles(self) -> list[str]:
        """The titles of all articles in the archive; each as often as it is there."""
        articles = [key for key in self.keys("archive/") if version_of(key)]
        return sorted(str(parse_front_matter(self.read(key).decode())["title"]) for key in articles)

    def versions(self) -> dict[str, list[str]]:
        """Every article with all versions S3 has of it: one, if nothing was ever overwritten."""
        found: dict[str, list[str]] = {}
        for page in self.s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix="archive/"):
            for version in page.get("Versions", ()):
                if version_of(version["Key"]):
                    found.setdefault(version["Key"], []).append(version["VersionId"])
        return found

    def plan(self) -> dict[str, Any]:
        """Plan a run right now; what the function answered, with ``error`` where it failed."""
        return self._invoke(self.outputs["FetchFunction"])

    def build_digest(self) -> dict[str, Any]:
        return self._invoke(self.outputs["DigestFunction"])

    def _invoke(self, function: str) -> dict[str, Any]:
        answer = self._lambda.invoke(FunctionName=function, Payload=b"{}")
        loaded: dict[str, Any] = json.loads(answer["Payload"].read())
        return {**loaded, "error": answer.get("FunctionError", "")}

    def log(self, function: str) -> list[dict[str, Any]]:
        """All that a function has logged as JSON."""
        configuration = self._lambda.get_function_configuration(FunctionName=self.outputs[function])
        pages = self.client("logs").get_paginator("filter_log_events").paginate(
            logGroupName=configuration["LoggingConfig"]["LogGroup"]
        )  # fmt: skip
        lines = [line for page in pages for e in page["events"] for line in e["message"].splitlines()]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def lines(self, words: str, function: str = "FetchFunction") -> list[dict[str, Any]]:
        """The lines of a function's log whose message has these words."""
        return [line for line in self.log(function) if words in str(line.get("message"))]

    def waiting(self, queue_url: str) -> int:
        """Messages in a queue, those that are being worked on included."""
        wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=wanted)["Attributes"]
        return sum(int(found[name]) for name in wanted)

    def queue(self) -> str:
        """The URL of the queue of shards."""
        found = self.client("cloudformation").describe_stack_resource(StackName=NAME, LogicalResourceId="Shards")
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def role(self, logical_id: str) -> str:
        """The name of a role."""
        found = self.client("cloudformation").describe_stack_resource(StackName=NAME, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def as_function(self, function: str) -> Any:
        """An S3 client with the rights of a function."""
        arn = self._lambda.get_function_configuration(FunctionName=self.outputs[function])["Role"]
        session = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return self._client("s3", session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
